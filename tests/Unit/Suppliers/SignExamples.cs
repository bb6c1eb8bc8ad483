using System.Text;
using System.Text.Json.Nodes;
using Lianka.Modules.Suppliers;
using Lianka.Modules.Suppliers.Upstream.Core;
using static Lianka.Tests.Unit.Suppliers.Wiring;

namespace Lianka.Tests.Unit.Suppliers;

/// <summary>Signatures recomputed by other programs, from the protocols' descriptions.</summary>
public sealed class SignExamples
{
    private const string KasushouKey = "H0YnuPpcVtx7rQdMTbjN6932s5oDOqFa";

    [Theory]
    [InlineData(1696645385740, """{"ordersn":"D100759082558859640832","external_orderno":"","day":{"$number":"10"}}""", "15b8f541eb10e3fbb33efd92c8d52d50ddca0784")]
    [InlineData(1696644296195, "{}", "421cb283b476a67aeeda02ad0da8b774cf3fa301")]
    public void Kasushou_signs_time_sorted_body_and_key(long ms, string body, string expected)
    {
        var rule = Config(Template("kasushou")).Buy.Sign!;
        var call = Config(Around(body, """{ "algorithm": "sha1", "text": "{timestamp_ms}{sorted_json}{secret:key}" }""")).Buy with { Sign = rule };
        SignatureOf(call, Values(Order, DateTimeOffset.FromUnixTimeMilliseconds(ms), ("api_key", KasushouKey), ("user_id", "1"), ("key", "k"))).ShouldBe(expected);
    }

    [Fact]
    public void Kayixin_signs_the_raw_body()
    {
        var rule = Config(Template("kayixin")).Query.Sign!;
        var call = Config(Around("""{"orderNumber":"20251016165825069","outerNumber":""}""", """{ "algorithm": "md5", "text": "{raw_body}{secret:key}" }""")).Buy with { Sign = rule };
        SignatureOf(call, Values(Order, DateTimeOffset.FromUnixTimeSeconds(1760767397), ("app_id", "10000"), ("secret", "652fbdd2f637606a2afbb2fe0ca72419"), ("key", "k")))
            .ShouldBe("6a414e658265ff3ca665cee3b161c4e9");
    }

    [Fact]
    public void Fulu_signs_the_sorted_characters_without_the_signature_itself()
    {
        var rule = Config(Template("fulu")).Buy.Sign!;
        var call = Config(Around("""{"app_key":"ak","method":"fulu.order.info.get","sign":"{sign}"}""", """{ "algorithm": "md5", "text": "{raw_body}{secret:key}" }""")).Buy with { Sign = rule };
        var values = Values(Order, DateTimeOffset.UnixEpoch, ("app_secret", "sec"), ("key", "k"));
        Make(call, values).Body.ShouldBe("""{"app_key":"ak","method":"fulu.order.info.get","sign":"34f41161ad0b3456d43a71112e80b1b3"}""");
    }

    [Theory] // What the closed list of rules can say of other systems: G, J, M and B of the survey.
    [InlineData("md5", "{sorted_pairs}{secret:key}", "hex", "9aa3034b6beba7cf5bfcf6089218a673", """{"userid":"10052","timestamp":"1735002156","goodsid":"720938","buynum":{"$number":"1"},"attach":"13088888888"}""", "921bfe2dcd4ecca574d8b8c76412ede5")]
    [InlineData("md5", "{sorted_pairs}{secret:key}", "hex", "9aa3034b6beba7cf5bfcf6089218a674", """{"userid":"10052","timestamp":"1735002156","goodsid":"720938","buynum":"1","attach":"13088888888"}""", "82a4da7502872e7a128b510d10cad6ab")]
    [InlineData("md5", "{sorted_pairs}{secret:key}", "hex", "9aa3034b6beba7cf5bfcf6089218a674", """{"push_type":"order","orderno":"P1","usorderno":"U1","money":"1.00","buynum":1,"status":5,"timestamp":1735002156,"cardlist":["AAA"],"empty":"","nothing":null}""", "002e0630e61d46901a3cf61013e39046")]
    [InlineData("md5", "{sorted_pairs}&key={secret:key}", "hex", "8F3A2C9D1E7B6A54", """{"sku_id":"17","quantity":1,"account":"a b+c@x","trade_no":"9efebb3d7d059bff092842bf"}""", "2f3078747abcffb750084230a4d60019")]
    [InlineData("sha1", "{sorted_pairs}&signKey={secret:key}", "HEX", "sk", """{"projectCode":"P1","skuCode":"9","num":"1","account":"13800138000","channelOrderNo":"A1","timestamp":"1767225600000"}""", "BC24B5E2BEB443396194222DBD1F28E0A7D4056C")]
    [InlineData("sha1", "{secret:app_id}{secret:key}/openapi/customer/Goods/Buy{timestamp_s}", "hex", "test_secret", "{}", "aab1719091622fde8a092873c471184c0cc2d11d")]
    [InlineData("sha1", "{secret:app_id}{secret:key}/api/client/goods/v2/order?orderSN=SN123{timestamp_s}", "hex", "test_secret", "{}", "f50d74596b58f5cf25fab0bd63b42554613cb321")]
    public void Other_systems_sign_within_the_same_rules(string algorithm, string text, string form, string key, string body, string expected)
    {
        var config = Config(Around(body, $$"""{ "algorithm": "{{algorithm}}", "text": "{{text}}", "form": "{{form}}" }"""));
        SignatureOf(config.Buy, Values(Order, DateTimeOffset.FromUnixTimeSeconds(1767225600), ("key", key), ("app_id", "10001"))).ShouldBe(expected);
    }

    [Fact] // C of the survey.
    public void Hmac_signs_method_path_time_and_digest_of_the_body()
    {
        var config = Config(Around(
            """{"sku_id":1,"quantity":1,"downstream_order_no":"A-20260301-001","callback_url":"https://a.example.com/api/v1/upstream/callback"}""",
            """{ "algorithm": "hmac_sha256", "key": "{secret:key}", "text": "{method}\n/api/v1/upstream/orders\n{timestamp_s}\n{md5_body}" }"""));
        SignatureOf(config.Buy, Values(Order, DateTimeOffset.FromUnixTimeSeconds(1767225600), ("key", "test_secret_0123456789abcdef"), ("app_id", "1")))
            .ShouldBe("ec3ccc574457a07d03e2a8ca9aba0b325e414232e7dea2963ab22bd6452170c2");
    }

    [Fact]
    public void Kasushou_notice_is_genuine_and_no_cards_are_signed()
    {
        var rule = Config(Template("kasushou")).Notice!;
        var secrets = new Dictionary<string, string> { ["api_key"] = KasushouKey, ["user_id"] = "1" };
        var told = new JsonObject
        {
            ["external_orderno"] = "U1", ["has_back_money"] = "0.00", ["ordersn"] = "D1", ["recharge_hints"] = "", ["status"] = 3, ["time"] = 1696645385, ["total_price"] = "1.00",
            ["sign"] = "92ed4b405644ae43e9ae8867ef9f5339b5c4b673", ["card_list"] = new JsonArray(new JsonObject { ["card_no"] = "1", ["card_password"] = "forged" }),
        };
        var news = NoticeReader.Read(rule, Notice(told.ToJsonString()), secrets).ShouldNotBeNull();
        (news.OwnNo, news.UpstreamNo).ShouldBe(("U1", "D1"));
        news.Answer.ShouldBeOfType<UpstreamAnswer.Unknown>();

        told["status"] = 4;
        NoticeReader.Read(rule, Notice(told.ToJsonString()), secrets).ShouldBeNull();
    }

    internal static UpstreamNotice Notice(string body, params (string Name, string Value)[] headers) =>
        new("POST", "", headers.ToDictionary(h => h.Name, h => h.Value), Encoding.UTF8.GetBytes(body));

    private static string SignatureOf(HttpCall call, CallValues values) =>
        Make(call with { Headers = Config(Around("{}", """{ "algorithm": "md5", "text": "{secret:key}" }""")).Buy.Headers }, values).Headers.Single(h => h.Name == "X-Sign").Value;
}
