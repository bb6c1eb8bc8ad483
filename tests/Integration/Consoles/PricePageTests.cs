using System.Net;
using Lianka.Modules.Agents;
using Lianka.Modules.Consoles;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Inventory;
using Lianka.Tests.Integration.Shop;

namespace Lianka.Tests.Integration.Consoles;

/// <summary>The level list and rules over it, as a browser without scripts does it.</summary>
public sealed class PricePageTests
{
    [Fact]
    public async Task The_operator_types_prices_in_the_grid_and_sets_many_by_a_rule_after_a_preview()
    {
        await using var shop = await ShopWorld.CreateAsync(DatabaseKind.Sqlite, cards: 1);
        await shop.Http.Get<People>().CreateAsync("zhou", Visitor.Password, Roles.Operator, 0, "Zhou");
        await shop.Http.Get<Merchants>().SaveLevelAsync(new LevelDraft { Rank = "2", NameZh = "一级", NameEn = "First" });
        // Another SKU of the product, that nobody supplies.
        var catalog = shop.Http.Get<Modules.Catalog.Catalog>();
        Goods.Saved(await catalog.CreateSkuAsync(Goods.SkuDraft((await catalog.FindSkuAsync(shop.Sku.Id))!.ProductId, "steam-100")));
        var visitor = await Visitor.LoggedInAsync(shop.Http, "zhou");
        var (sku, books) = (shop.Sku.Id, shop.Http.Get<PriceBooks>());

        // 46.1550 over a cost of 45.2500 is 2 %.
        var grid = await visitor.GetAsync("/console/prices?q=steam&category=games");
        foreach (var said in new[] { "45.2500", "value=\"46.1550\"", "&#x2B;2%", "steam-50" }) grid.Html.ShouldContain(said);
        (await visitor.GetAsync("/console/prices?q=nothing-is-called-so")).Html.ShouldContain("No goods match");
        var rest = (await visitor.GetAsync($"/console/prices?q=steam&after={sku}")).Html;
        (rest.Contains("steam-100"), rest.Contains("steam-50"), rest.Contains("First page")).ShouldBe((true, false, true));
        (await visitor.GetAsync($"/console/prices?after={sku}")).Html.ShouldNotContain("steam-50");
        (await visitor.GetAsync($"/console/prices/{shop.Sku.ProductId}")).Html.ShouldContain($"rules/new?skus={sku}");
        (string, string)[] Cells(string one, string two) => [("shown", $"{sku}_1=46.1550 {sku}_2="), ($"p_{sku}_1", one), ($"p_{sku}_2", two)];
        (await visitor.PostAsync(grid, "/console/prices", Cells("46.1550", "-1"))).Html.ShouldContain("Must be more than zero");
        (await visitor.PostAsync(grid, "/console/prices", Cells("46.155", "45.0000"))).Status.ShouldBe(HttpStatusCode.Redirect);
        (await books.RefreshAsync()).LevelPrice(sku, 2).ShouldBe(Kernel.Money.Parse("45"));
        (await visitor.GetAsync("/console/prices")).Html.ShouldContain("below cost, levels upside down");

        // What somebody else set meanwhile is not undone by an older page: here level 2 stood empty.
        var late = await visitor.PostAsync(grid, "/console/prices", Cells("46.1550", "44.0000"));
        (late.Status, late.Html.Contains("Somebody has just set 45.0000 here")).ShouldBe((HttpStatusCode.UnprocessableEntity, true));
        (await books.RefreshAsync()).LevelPrice(sku, 2).ShouldBe(Kernel.Money.Parse("45"));

        // A rule for marked rows: 3 % over the cost up to the fen, and at least 2 yuan for the second level's one percent.
        (await visitor.PostAsync(grid, "/console/prices?handler=marked")).Path.ShouldBe("/console/prices");
        var marked = await visitor.PostAsync(grid, "/console/prices?handler=marked", ("sku", sku.ToString()));
        var form = await visitor.GetAsync("/console/prices/rules/new?skus=" + sku);
        form.Html.ShouldContain("1 marked SKUs");
        (string, string)[] rule = [("base", "Cost"), ("step", "Fen"), ("added_min", "1.3"), ("percent_1", "3"), ("added_1", ""), ("percent_2", "1"), ("added_2", "")];
        (await visitor.PostAsync(form, "/console/prices/rules/new?skus=" + sku, [.. rule[..3], ("percent_1", ""), ("added_1", ""), ("percent_2", ""), ("added_2", "")])).Html.ShouldContain("at least one level");
        var sent = await visitor.PostAsync(form, "/console/prices/rules/new?skus=" + sku, rule);
        sent.Status.ShouldBe(HttpStatusCode.Redirect, sent.Html);
        var preview = await visitor.GetAsync(sent.Path);
        foreach (var said in new[] { "46.6100", "&#x2B;3.01%", "46.5500", "1.3000", "levels upside down", "Set these 2 prices", "at least 1.3000" }) preview.Html.ShouldContain(said);
        (await visitor.GetAsync(sent.Path + "?only=cannot")).Html.ShouldContain("No such prices");
        (await visitor.GetAsync(sent.Path + $"?only=warned&after={sku}-1")).Html.ShouldContain("46.5500");

        // Pressed twice, it is done once and told once.
        for (var press = 0; press < 2; press++) (await visitor.PostAsync(preview, sent.Path + "?handler=apply")).Status.ShouldBe(HttpStatusCode.Redirect);
        (await visitor.GetAsync(sent.Path)).Html.ShouldContain("Price changed");
        (await books.RefreshAsync()).LevelPrice(sku, 1).ShouldBe(Kernel.Money.Parse("46.61"));
        (await shop.CountAsync("select count(*) from audit where action = 'prices.rule'")).ShouldBe(1);
        (await visitor.GetAsync("/console/prices/rules")).Html.ShouldContain("General agent: cost &#x2B;3%");
        (await visitor.GetAsync(preview.Html.Contains("?from=") ? $"/console/prices/rules/new?from={sent.Path.Split('/')[^1]}" : "/")).Html.ShouldContain("value=\"3.00\"");
        var again = await visitor.PostAsync(preview, sent.Path + "?handler=again");
        (await visitor.GetAsync(again.Path)).Html.ShouldContain("As it is");
        marked.Path.ShouldBe("/console/prices/rules/new");
    }
}
