using System.Text;
using Lianka.Kernel;
using Lianka.Modules.Suppliers;
using Lianka.Modules.Suppliers.Upstream.Core;
using static Lianka.Tests.Unit.Suppliers.Wiring;

namespace Lianka.Tests.Unit.Suppliers;

public sealed class AnswerExamples
{
    private static readonly HttpConfig _kasushou = Config(Template("kasushou")), _fulu = Config(Template("fulu"));

    private static string Buy(int status, string body) => Text(AnswerReader.Read(_kasushou.Buy.Answer, status, Encoding.UTF8.GetBytes(body), Order, isQuery: false));

    private static string Query(int status, string body) => Text(AnswerReader.Read(_kasushou.Query.Answer, status, Encoding.UTF8.GetBytes(body), Order, isQuery: true));

    private static string Text(UpstreamAnswer answer) => answer switch
    {
        UpstreamAnswer.Accepted a => $"accepted {a.UpstreamNo}",
        UpstreamAnswer.Succeeded s => $"succeeded {s.UpstreamNo} charged {s.Charged?.ToString() ?? "?"} receipt {s.Receipt} cards {string.Join(' ', s.Cards.Select(c => $"{c.Number}/{c.Secret}"))} delivered {s.Delivered?.ToString() ?? "all"}",
        UpstreamAnswer.Failed f => $"failed {f.Fault}: {f.Detail}",
        _ => answer.GetType().Name.ToLowerInvariant(),
    };

    private static string Info(string status, string more = "") =>
        $$"""{"code":200,"data":[{"external_orderno":"{{Order.OwnNo}}","ordersn":"D1","status":{{status}},"total_price":"29.7000","has_back_money":"0.00"{{more}}}]}""";

    [Theory]
    [InlineData(200, """{"code":200,"data":{"ordersn":"D1"}}""", "accepted D1")]
    [InlineData(200, """{"code":400,"message":"账户余额不足"}""", "failed Balance: 400: 账户余额不足")]
    [InlineData(200, """{"code":400,"message":"库存不足"}""", "failed Goods: 400: 库存不足")]
    [InlineData(200, """{"code":400,"message":"充值账号错误"}""", "failed Account: 400: 充值账号错误")]
    [InlineData(200, """{"code":400,"message":"外部订单号已存在，余额 5"}""", "unknown")] // Earlier rules go first: a repeated number may be a purchase.
    [InlineData(200, """{"code":400,"message":"别的"}""", "unknown")]
    [InlineData(200, """{"code":500,"message":"余额"}""", "unknown")]
    [InlineData(502, """{"code":400,"message":"账户余额不足"}""", "unknown")]
    [InlineData(404, """{"code":200,"data":{"ordersn":"D1"}}""", "unknown")]
    [InlineData(200, "<html>维护</html>", "unknown")]
    [InlineData(200, "", "unknown")]
    [InlineData(200, "\"200\"", "unknown")]
    [InlineData(200, """{"code":200,"data":{"ordersn":"D1"}}{"code":200}""", "unknown")]
    [InlineData(200, """{"code":200,"code":400,"message":"库存不足"}""", "unknown")]
    [InlineData(200, """{"code":200,"data":{"ordersn":"\ud800"}}""", "unknown")]
    [InlineData(200, """{"code":200,"data":{"ordersn":"D1","external_orderno":"another"}}""", "unknown")]
    public void What_is_not_understood_is_unknown_and_never_failed(int status, string body, string expected) => Buy(status, body).ShouldBe(expected);

    [Fact]
    public void An_order_is_followed_through_its_states()
    {
        Query(200, """{"code":200,"data":[]}""").ShouldBe("absent");
        Query(200, Info("2")).ShouldBe("accepted D1");
        Query(200, Info("3", ""","recharge_hints":"SN1" """)).ShouldBe("succeeded D1 charged 29.7000 receipt SN1 cards  delivered all");
        Query(200, Info("4", ""","recharge_hints":"号码不对" """)).ShouldBe("failed Account: 4: 号码不对");
        Query(200, Info("7")).ShouldBe("unknown");
        Query(200, Info("\"3\"")).ShouldBe("succeeded D1 charged 29.7000 receipt  cards  delivered all");
        // An error of the question says nothing about the purchase.
        Query(200, """{"code":400,"message":"账户余额不足"}""").ShouldBe("unknown");
        Query(200, Info("4").Replace(Order.OwnNo, "another", StringComparison.Ordinal)).ShouldBe("unknown");
    }

    [Fact]
    public void An_error_of_a_question_never_ends_a_purchase()
    {
        var refused = Encoding.UTF8.GetBytes("""{"code":400,"message":"签名错误"}""");
        AnswerReader.Read(_kasushou.Buy.Answer, 200, refused, Order, isQuery: false).ShouldBeOfType<UpstreamAnswer.Failed>().Fault.ShouldBe(UpstreamFault.Access);
        AnswerReader.Read(_kasushou.Buy.Answer, 200, refused, Order, isQuery: true).ShouldBeOfType<UpstreamAnswer.Unknown>();
        var reloadly = ReloadlyConfig.Read(Template("reloadly-airtime")).Config!;
        refused = Encoding.UTF8.GetBytes("""{"errorCode":"INACTIVE_ACCOUNT","message":"Not active"}""");
        ReloadlyAnswers.Read(reloadly, 400, refused, Order, isQuery: false).ShouldBeOfType<UpstreamAnswer.Failed>().Fault.ShouldBe(UpstreamFault.Access);
        ReloadlyAnswers.Read(reloadly, 400, refused, Order, isQuery: true).ShouldBeOfType<UpstreamAnswer.Unknown>();
    }

    [Fact]
    public void Money_given_back_tells_how_many_were_delivered()
    {
        string Back(string status, string back) => Query(200, Info(status).Replace("0.00\"", back + "\"", StringComparison.Ordinal));
        Back("3", "9.9000").ShouldBe("succeeded D1 charged 19.8000 receipt  cards  delivered 2");
        Back("5", "19.80").ShouldBe("succeeded D1 charged 9.9000 receipt  cards  delivered 1");
        Back("5", "29.70").ShouldBe("failed Other: 5");
        Back("5", "10.00").ShouldBe("unknown");
        Back("5", "30.00").ShouldBe("unknown");
        Back("5", "0.000").ShouldBe("unknown");
    }

    [Fact]
    public void Cards_are_read_whole_or_not_at_all()
    {
        string Cards(string list) => Query(200, Info("3", $",\"card_list\":{list}"));
        Cards("""[{"card_no":"1","card_password":"A"},{"card_password":"B"},{"card_no":"3","card_password":"C"}]""").ShouldEndWith("cards 1/A /B 3/C delivered all");
        Cards("""[{"card_no":"1","card_password":"A"}]""").ShouldEndWith("cards 1/A delivered 1");
        Cards("""[{"card_no":"1","card_password":""}]""").ShouldBe("unknown");
        Cards("""[{"card_password":"A"},{"card_password":"B"},{"card_password":"C"},{"card_password":"D"}]""").ShouldBe("unknown");
        Cards("{}").ShouldBe("unknown");
    }

    [Theory]
    [InlineData("lines", "\n", " ", "1 A\r\n2 B\n", "1/A 2/B")]
    [InlineData("commas", ",", null, "A, B,C", "/A /B /C")]
    public void Cards_may_be_one_text(string name, string separator, string? between, string text, string expected)
    {
        var rule = new CardsRule(JsonPath.Parse("$.t")!, null, null, separator, between);
        var cards = AnswerReader.CardsIn(rule, WireJson.Read($"{{\"t\":{System.Text.Json.JsonSerializer.Serialize(text)}}}")!).ShouldNotBeNull(name);
        string.Join(' ', cards.Select(c => $"{c.Number}/{c.Secret}")).ShouldBe(expected);
    }

    [Fact]
    public void A_result_inside_a_text_is_read()
    {
        var body = $$"""{"code":0,"message":"接口调用成功","result":"{\"order_id\":\"2211\",\"customer_order_no\":\"{{Order.OwnNo}}\",\"order_state\":\"success\",\"order_price\":46.3,\"operator_serial_number\":\"asix1\"}"}""";
        Text(AnswerReader.Read(_fulu.Query.Answer, 200, Encoding.UTF8.GetBytes(body), Order, isQuery: true)).ShouldBe("succeeded 2211 charged 46.3000 receipt asix1 cards  delivered all");
        Text(AnswerReader.Read(_fulu.Query.Answer, 200, Encoding.UTF8.GetBytes("""{"code":4001,"message":"订单不存在"}"""), Order, isQuery: true)).ShouldBe("absent");
        Text(AnswerReader.Read(_fulu.Buy.Answer, 200, Encoding.UTF8.GetBytes("""{"code":4001,"message":"订单不存在"}"""), Order, isQuery: false)).ShouldBe("unknown");
    }

    [Theory]
    [InlineData("46.3", false, "46.3000")]
    [InlineData("46.30000000", false, "46.3000")]
    [InlineData("46.30001", false, "46.3001")]
    [InlineData("0.00001", false, "0.0001")]
    [InlineData("4630", true, "46.3000")]
    [InlineData("46.5", true, null)]
    [InlineData("1e3", false, null)]
    [InlineData("９", false, null)]
    [InlineData("", false, null)]
    public void Amounts_are_never_less_than_they_took(string text, bool isInFen, string? expected) => UpstreamMoney.Read(text, isInFen)?.ToString().ShouldBe(expected);

    [Fact]
    public void A_call_is_made_from_the_order_and_its_cap_only_shrinks()
    {
        var call = Make(_kasushou.Buy, Values(Order, DateTimeOffset.UnixEpoch, ("user_id", "u"), ("api_key", "k")));
        call.Body.ShouldBe($$"""{"attach":{"recharge_account":"13800138100"},"external_orderno":"{{Order.OwnNo}}","id":1001,"quantity":3,"safe_price":"9.99","url":"https://shop.example/upstream/k1"}""");
        call.Address.ShouldBe("/api/v1/order/buy");
        CallMaker.Make(_kasushou.Buy, Values(Order with { Goods = "x" }, DateTimeOffset.UnixEpoch, ("user_id", "u"), ("api_key", "k"))).Problem.ShouldContain("goods");
        CallMaker.Make(_kasushou.Buy, Values(Order, DateTimeOffset.UnixEpoch, ("user_id", "u"))).Problem.ShouldBe("secret:api_key is missing");
        CallMaker.Make(_fulu.Buy, Values(Order with { Fields = new Dictionary<string, string>() }, DateTimeOffset.UnixEpoch, ("app_key", "u"), ("app_secret", "s"))).Problem.ShouldBe("field:account is missing");
    }
}
