using Lianka.Kernel;
using Lianka.Modules.Suppliers;
using Lianka.Modules.Suppliers.Upstream;
using Lianka.Modules.Suppliers.Upstream.Core;

namespace Lianka.Tests.Unit.Suppliers;

/// <summary>Configurations and orders to try the reader and the maker of calls with.</summary>
internal static class Wiring
{
    public static readonly UpstreamOrder Order = new()
    {
        Number = 4_711, Goods = "1001", Count = 3, Fields = new Dictionary<string, string> { ["account"] = "13800138100" }, Cap = Money.Parse("29.9999"), At = DateTimeOffset.UnixEpoch,
    };

    public static string Template(string name) => UpstreamTemplates.All.Single(t => t.Name == name).Config;

    public static HttpConfig Config(string text)
    {
        var (config, problems) = ConfigReader.Read(text);
        problems.ShouldBeEmpty();
        return config.ShouldNotBeNull();
    }

    public static CallValues Values(UpstreamOrder? order, DateTimeOffset at, params (string Name, string Value)[] secrets) =>
        new(order, secrets.ToDictionary(s => s.Name, s => s.Value), at, "0123456789abcdef", "https://shop.example/upstream/k1");

    public static PlannedCall Make(HttpCall call, CallValues values)
    {
        var (planned, problem) = CallMaker.Make(call, values);
        problem.ShouldBe("");
        return planned.ShouldNotBeNull();
    }

    /// <summary>A whole configuration around one buy call, for what stands in it.</summary>
    public static string Around(string json, string sign, string more = "") => $$"""
        {
          "secrets": { "key": { "zh": "密钥", "en": "Key" }, "app_id": { "zh": "编号", "en": "Id" } },
          "sign": {{sign}},
          "buy": { "path": "/buy", "headers": { "X-Sign": "{sign}" }, "json": {{json}}, "answer": { "ok": ["200"], "state": { "always": "accepted" } } },
          "query": { "path": "/query", "json": {}, "answer": { "ok": ["200"], "state": { "always": "accepted" } } }{{more}}
        }
        """;
}
