using System.Net;
using Lianka.Modules.Agents;
using Lianka.Modules.Consoles;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Shop;

namespace Lianka.Tests.Integration.Consoles;

/// <summary>Pricing many goods at one press, as a browser without scripts does it.</summary>
public sealed class ListingPageTests
{
    [Fact]
    public async Task A_merchant_previews_a_rule_lists_by_it_and_takes_marked_rows_off()
    {
        await using var shop = await ShopWorld.CreateAsync(DatabaseKind.Sqlite, cards: 1);
        await shop.Http.Get<People>().CreateAsync("xiaolu", Visitor.Password, Roles.Merchant, shop.Merchant.Value, "X");
        var merchant = await Visitor.LoggedInAsync(shop.Http, "xiaolu");
        var books = shop.Http.Get<PriceBooks>();

        // What is looked for in the price list is what is chosen here.
        var prices = await merchant.GetAsync("/console/merchant/prices?q=steam&category=games");
        prices.Html.ShouldContain("/console/merchant/listing/new?words=steam&amp;category=games");
        var form = await merchant.GetAsync("/console/merchant/listing/new?words=steam&category=games");
        form.Html.ShouldContain("name=\"c_games\" checked");
        (string, string)[] typed = [("words", "steam"), ("c_games", "on"), ("margin_bps", "300"), ("added", ""), ("added_max", ""), ("ending", "Nine")];
        (await merchant.PostAsync(form, "/console/merchant/listing/new", [.. typed[..2], ("margin_bps", "100001"), ("added", ""), ("added_max", ""), ("ending", "Nine")])).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var sent = await merchant.PostAsync(form, "/console/merchant/listing/new", typed);
        sent.Status.ShouldBe(HttpStatusCode.Redirect, sent.Html);

        // 46.1550 with 3 % is 47.53965; the floor is 47.70, and 47.79 the next that ends in 9; the fee of it is 0.29.
        var preview = await merchant.GetAsync(sent.Path);
        foreach (var said in new[] { "47.7900", "0.2900", "1.3450", "49.5000", "raised to the floor", "Price to change", "List these 1" }) preview.Html.ShouldContain(said);
        (await merchant.GetAsync(sent.Path + "?only=cannot")).Html.ShouldContain("No such goods");
        (await books.RefreshAsync()).Retail(shop.Merchant, shop.Sku.Id).ShouldBe(Kernel.Money.Parse("49.50"));
        (await merchant.PostAsync(preview, sent.Path + "?handler=apply")).Status.ShouldBe(HttpStatusCode.Redirect);
        (await merchant.GetAsync(sent.Path)).Html.ShouldContain("Price changed");
        (await books.RefreshAsync()).Retail(shop.Merchant, shop.Sku.Id).ShouldBe(Kernel.Money.Parse("47.79"));

        // Marked rows: a rule for them, or off the shelf.
        var marked = "/console/merchant/prices?handler=marked";
        (await merchant.PostAsync(prices, marked, ("act", "off"))).Path.ShouldBe("/console/merchant/prices");
        (await merchant.PostAsync(prices, marked, ("act", "list"), ("sku", shop.Sku.Id.ToString()))).Path.ShouldBe("/console/merchant/listing/new");
        (await merchant.GetAsync($"/console/merchant/listing/new?skus={shop.Sku.Id}")).Html.ShouldContain("1 marked SKUs");
        var off = await merchant.PostAsync(prices, marked, ("act", "off"), ("sku", shop.Sku.Id.ToString()));
        (await merchant.PostAsync(await merchant.GetAsync(off.Path), off.Path + "?handler=apply")).Status.ShouldBe(HttpStatusCode.Redirect);
        (await books.RefreshAsync()).Retail(shop.Merchant, shop.Sku.Id).ShouldBeNull();
        (await merchant.GetAsync("/console/merchant/prices?on=on")).Html.ShouldContain("No goods match");
        (await merchant.GetAsync("/console/merchant/listing")).Html.ShouldContain("3%, x.x9");
    }
}
