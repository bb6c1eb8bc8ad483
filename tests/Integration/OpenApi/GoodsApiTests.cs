using System.Net;
using System.Text.Json;
using Lianka.Kernel;
using Lianka.Modules.OpenApi.Docs;
using Lianka.Platform.Data;
using Microsoft.AspNetCore.Routing;

namespace Lianka.Tests.Integration.OpenApi;

public sealed class GoodsApiTests
{
    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Products_show_own_prices_stock_and_limits(DatabaseKind kind)
    {
        await using var world = await ApiWorld.CreateAsync(kind, cards: 7);
        var list = await world.Caller.GetAsync("/api/v1/products");
        list.Status.ShouldBe(HttpStatusCode.OK, list.Text);
        var product = list.Json.GetProperty("data").EnumerateArray().ShouldHaveSingleItem();
        product.GetProperty("name").GetProperty("zh").GetString().ShouldBe("钱包充值码");
        var skus = product.GetProperty("skus").EnumerateArray().ToDictionary(s => s.GetProperty("sku").GetString()!);
        var sku = skus["sku-a"];
        (Text(sku, "unit_price"), Text(sku, "stock"), Text(sku, "quantity_max"), Text(sku, "kind"), Text(sku, "face_value"))
            .ShouldBe(("46.7500", "7", "100", "card", "50.0000"));
        Text(skus["sku-empty"], "stock").ShouldBe("0");
        list.Text.ShouldNotContain("45.2500", customMessage: "what the platform pays is nobody's business");

        var one = await world.Caller.GetAsync($"/api/v1/products/{product.GetProperty("id").GetString()}");
        one.Text.ShouldBe(product.GetRawText());
        (await world.Caller.GetAsync("/api/v1/products/prd_0000000000000")).Code.ShouldBe("not_found");
        (await world.Caller.GetAsync("/api/v1/products/x'--")).Code.ShouldBe("not_found");

        var future = Uri.EscapeDataString(DateTimeOffset.UtcNow.AddHours(1).ToString("O"));
        (await world.Caller.GetAsync($"/api/v1/products?updated_since={future}")).Json.GetProperty("data").GetArrayLength().ShouldBe(0);

        // The next version says that prices moved, and the new price is shown.
        var version = list.Json.GetProperty("prices_version").GetInt64();
        await world.PriceAsync("sku-a", "47.0000");
        var later = await world.Caller.GetAsync("/api/v1/products");
        later.Json.GetProperty("prices_version").GetInt64().ShouldBeGreaterThan(version);
        later.Text.ShouldContain("\"unit_price\":\"47.0000\"");

        static string Text(JsonElement json, string name) => json.GetProperty(name).ToString();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_quote_is_what_the_order_costs(DatabaseKind kind)
    {
        await using var world = await ApiWorld.CreateAsync(kind, cards: 7);
        var quote = await world.Caller.PostAsync("/api/v1/quotes", new { sku = "sku-a", quantity = 3 });
        quote.Status.ShouldBe(HttpStatusCode.OK, quote.Text);
        (quote["unit_price"], quote["total"], quote["currency"], quote["stock"]).ShouldBe(("46.7500", "140.2500", "CNY", "7"));
        DateTimeOffset.Parse(quote["valid_until"]).ShouldBeGreaterThan(DateTimeOffset.UtcNow.AddSeconds(-1));
        (await world.Caller.BuyAsync("A-001", quantity: 3, maxTotal: quote["total"])).Status.ShouldBe(HttpStatusCode.Created);

        (await world.Caller.PostAsync("/api/v1/quotes", new { sku = "no-such", quantity = 1 })).Code.ShouldBe("not_offered");
        (await world.Caller.PostAsync("/api/v1/quotes", new { sku = "sku-a", quantity = 101 })).Code.ShouldBe("quantity_out_of_range");
        (await world.Caller.PostAsync("/api/v1/quotes", new { sku = "no-such", quantity = 0 })).Code.ShouldBe("quantity_out_of_range");
        (await world.Caller.PostAsync("/api/v1/quotes", new { sku = "sku-a", quantity = "1" })).Code.ShouldBe("invalid_request");
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task The_account_and_its_entries_agree(DatabaseKind kind)
    {
        await using var world = await ApiWorld.CreateAsync(kind, cards: 7);
        var order = await world.Caller.BuyAsync("A-001");
        var account = await world.Caller.GetAsync("/api/v1/account");
        account.Status.ShouldBe(HttpStatusCode.OK, account.Text);
        (account["id"], account["level"], account["balance"], account["held"], account["credit"], account["currency"], account["mode"])
            .ShouldBe(($"{world.First}", "1", "9953.2500", "0.0000", "0.0000", "CNY", "live"));
        account.Json.GetProperty("parent").ValueKind.ShouldBe(JsonValueKind.Null);

        var entries = (await world.Caller.GetAsync("/api/v1/account/entries")).Json.GetProperty("data").EnumerateArray().ToList();
        entries.Count.ShouldBe(2);
        (Text("amount"), Text("balance_after"), Text("order_no"), Text("account"), Text("kind"))
            .ShouldBe(("-46.7500", "9953.2500", order["order_no"], "wallet", "order"));
        entries.Sum(e => Money.Parse(e.GetProperty("amount").GetString()!).Units).ShouldBe(Money.Parse(account["balance"]).Units);

        var first = await world.Caller.GetAsync("/api/v1/account/entries?limit=1");
        var second = await world.Caller.GetAsync(
            $"/api/v1/account/entries?limit=1&cursor={first.Json.GetProperty("page").GetProperty("next").GetString()}");
        second.Json.GetProperty("data")[0].GetProperty("amount").GetString().ShouldBe("10000.0000");
        second.Json.GetProperty("page").GetProperty("next").ValueKind.ShouldBe(JsonValueKind.Null);
        (await world.Caller.GetAsync("/api/v1/account/entries?cursor=x")).Code.ShouldBe("invalid_request");
        (await world.Caller.GetAsync("/api/v1/account/entries?to=2020-01-01T00:00:00Z")).Json.GetProperty("data").GetArrayLength().ShouldBe(0);
        (await world.Other.GetAsync("/api/v1/account"))["balance"].ShouldBe("10000.0000");

        string Text(string name) => entries[0].GetProperty(name).ToString();
    }

    [Fact]
    public async Task The_document_lists_exactly_the_routes_there_are()
    {
        await using var world = await HttpWorld.CreateAsync(DatabaseKind.Sqlite);
        var routes = world.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.RoutePattern.RawText!.StartsWith("/api/", StringComparison.Ordinal))
            .SelectMany(e => e.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(m => $"{m} {e.RoutePattern.RawText}"));
        var documented = ApiDocument.Root.GetProperty("paths").EnumerateObject()
            .SelectMany(p => p.Value.EnumerateObject().Select(m => $"{m.Name.ToUpperInvariant()} {p.Name}"));
        routes.ShouldBe(documented, ignoreOrder: true);
    }

    [Theory]
    [InlineData("/docs", "Lianka API v1", "Lianka 接口 v1")]
    [InlineData("/docs/errors/price_moved", "What happened.", "发生了什么")]
    public async Task The_documentation_is_there_in_both_languages(string path, string english, string chinese)
    {
        await using var world = await HttpWorld.CreateAsync(DatabaseKind.Sqlite);
        (await world.Client.GetStringAsync($"{path}?lang=en")).ShouldContain(english);
        (await world.Client.GetStringAsync($"{path}?lang=zh-CN")).ShouldContain(chinese);
        (await world.Client.GetAsync("/docs/errors/no_such_code")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await world.Client.GetAsync("/docs/errors/..%2Fproblems")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }
}
