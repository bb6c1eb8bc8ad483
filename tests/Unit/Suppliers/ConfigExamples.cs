using Lianka.Modules.Suppliers;
using Lianka.Modules.Suppliers.Upstream.Core;
using static Lianka.Tests.Unit.Suppliers.Wiring;

namespace Lianka.Tests.Unit.Suppliers;

public sealed class ConfigExamples
{
    private const string Md5 = """{ "algorithm": "md5", "text": "{raw_body}{secret:key}" }""";

    [Fact]
    public void Every_template_that_comes_along_can_be_read()
    {
        foreach (var template in Upstreams.Templates)
        {
            if (template.Adapter == UpstreamAdapters.Http) ConfigReader.Read(template.Config).Problems.ShouldBeEmpty(template.Name);
            else ReloadlyConfig.Read(template.Config).Problems.ShouldBeEmpty(template.Name);
            Upstreams.SecretsOf(template.Adapter, template.Config).ShouldNotBeEmpty(template.Name);
        }
    }

    [Theory] // What is wrong, and where it says so.
    [InlineData("{}", "buy", "is missing")]
    [InlineData("[]", "", "must be an object")]
    [InlineData("{", "line 1", "is not JSON")]
    [InlineData("""{ "buy": {}, "buy": {} }""", "line 1", "is not JSON")]
    public void A_problem_names_its_place(string text, string where, string what) =>
        ConfigReader.Read(text).Problems.ShouldContain(p => p.Where == where && p.En.Contains(what) && p.Zh.Any(c => c > 0x4e00));

    [Theory]
    [InlineData("""{ "x": "{own_number}" }""", Md5, "", "buy.json.x")]
    [InlineData("""{ "x": "{secret:other}" }""", Md5, "", "buy.json.x")]
    [InlineData("""{ "x": [{ "y": "{" }] }""", Md5, "", "buy.json.x[0].y")]
    [InlineData("""{ "x": { "$numbr": "1" } }""", Md5, "", "buy.json.x")]
    [InlineData("{}", """{ "algorithm": "rot13", "text": "{secret:key}" }""", "", "sign.algorithm")]
    [InlineData("{}", """{ "algorithm": "md5", "text": "{raw_body}" }""", "", "sign.text")]
    [InlineData("{}", """{ "algorithm": "hmac_sha256", "text": "{raw_body}" }""", "", "sign.key")]
    [InlineData("{}", Md5, ""","buyy": {}""", "buyy")]
    [InlineData("{}", Md5, ""","time_limit_s": 0""", "time_limit_s")]
    [InlineData("{}", Md5, ""","notice": { "thanks": "ok", "answer": { "own_no": "$.a", "state": { "always": "accepted" } } }""", "notice.hint")]
    [InlineData("{}", Md5, ""","notice": { "hint": true, "thanks": "ok", "answer": { "own_no": "a", "state": { "always": "accepted" } } }""", "notice.answer.own_no")]
    [InlineData("{}", Md5, ""","notice": { "hint": true, "thanks": "ok", "answer": { "state": { "at": "$.s", "map": { "1": "fine" } } } }""", "notice.answer.state.map.1")]
    [InlineData("{}", Md5, ""","notice": { "hint": true, "thanks": "ok", "answer": { "state": { "at": "$.s", "map": {}, "else": "failed" } } }""", "notice.answer.state.else")]
    public void A_slip_is_found_before_anything_is_bought(string json, string sign, string more, string where) =>
        ConfigReader.Read(Around(json, sign, more)).Problems.Select(p => p.Where).ShouldBe([where]);

    [Fact]
    public void A_purchase_has_a_body() =>
        ConfigReader.Read("""
            {
              "buy": { "method": "GET", "path": "/buy", "query": { "no": "{own_no}" }, "answer": { "ok": ["200"], "state": { "always": "accepted" } } },
              "query": { "path": "/query", "answer": { "ok": ["200"], "state": { "always": "accepted" } } }
            }
            """).Problems.Select(p => p.Where).ShouldBe(["buy.body"]);

    [Fact]
    public void Addresses_forms_and_lists_are_filled()
    {
        var config = Config("""
            {
              "secrets": { "key": { "zh": "密钥", "en": "Key" } },
              "sign": { "algorithm": "md5", "text": "{sorted_pairs}{secret:key}" },
              "buy": { "path": "/o/{goods}", "query": { "v": "1 2" }, "form": { "no": "{own_no}", "to": "{field:account}", "area": "{field:area?}", "sign": "{sign}" },
                       "answer": { "code": "http", "ok": ["200"], "state": { "always": "accepted" } } },
              "query": { "method": "GET", "path": "/o", "query": { "no": "{own_no}", "sign": "{sign}" }, "answer": { "ok": ["200"], "state": { "always": "accepted" } } }
            }
            """);
        var order = Order with { Goods = "a/b?c", Fields = new Dictionary<string, string> { ["account"] = "a&b=中" } };
        var buy = Make(config.Buy, Values(order, DateTimeOffset.UnixEpoch, ("key", "k")));
        buy.Address.ShouldBe("/o/a%2Fb%3Fc?v=1%202");
        buy.Body.ShouldStartWith($"no={order.OwnNo}&to=a%26b%3D%E4%B8%AD&sign=");
        buy.ContentType.ShouldBe("application/x-www-form-urlencoded");
        Make(config.Query, Values(order, DateTimeOffset.UnixEpoch, ("key", "k"))).Address.ShouldStartWith($"/o?no={order.OwnNo}&sign=");
    }

    [Fact]
    public void Reloadly_names_what_is_wrong()
    {
        ReloadlyConfig.Read("""{ "kind": "water", "currency": "usd", "rate": 7.2, "x": 1 }""").Problems.Select(p => p.Where).ShouldBe(["kind", "currency", "rate", "rate", "x"], ignoreOrder: true);
        var config = ReloadlyConfig.Read(Upstreams.Templates.Single(t => t.Name == "reloadly-airtime").Config).Config!;
        config.InYuan("5.00")?.ToString().ShouldBe("36.2500");
        config.InYuan("0.0001")?.ToString().ShouldBe("0.0008");
        ReloadlyConfig.TryGoods("341:5.00", out var id, out var unit).ShouldBeTrue();
        (id, unit.ToString()).ShouldBe(("341", "5.0000"));
        foreach (var bad in new[] { "341", ":5", "x:5", "341:0", "341:-5", "0341:5" }) ReloadlyConfig.TryGoods(bad, out _, out _).ShouldBeFalse(bad);
    }
}
