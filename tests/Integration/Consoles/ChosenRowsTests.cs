using System.Net;
using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Catalog;
using Lianka.Modules.Consoles;
using Lianka.Modules.Inventory;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Inventory;
using Lianka.Tests.Integration.Shop;

namespace Lianka.Tests.Integration.Consoles;

/// <summary>Things done to many rows of a list, as a browser without scripts does them.</summary>
public sealed class ChosenRowsTests
{
    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Chosen_rows_are_shown_first_and_each_is_done_or_refused_by_itself(DatabaseKind kind)
    {
        await using var shop = await ShopWorld.CreateAsync(kind, cards: 3);
        await shop.Http.Get<People>().CreateAsync("zhou", Visitor.Password, Roles.Operator, 0, "Zhou");
        await shop.Http.Get<People>().CreateAsync("m", Visitor.Password, Roles.Merchant, shop.Merchant.Value, "M");
        var (catalog, merchants) = (shop.Http.Get<Modules.Catalog.Catalog>(), shop.Http.Get<Merchants>());
        var visitor = await Visitor.LoggedInAsync(shop.Http, "zhou");
        var other = Goods.Saved(await catalog.CreateCategoryAsync(new CategoryDraft { Slug = "other", NameZh = "其他", NameEn = "Other" }));
        var wrong = Goods.Saved(await catalog.CreateProductAsync(new ProductDraft { Slug = "wrong", CategoryId = other.Id, NameZh = "坏词商品", NameEn = "Goods with a bad word", State = ListingState.Off }));
        var product = (await catalog.FindSkuAsync(shop.Sku.Id))!.ProductId;
        await shop.Http.Get<ForbiddenWords>().AddAsync("坏词", "test");

        // The list has a box for each row, and buttons.
        var list = await visitor.GetAsync("/console/products");
        foreach (var said in new[] { $"value=\"{product}\" form=\"choose-0\"", "id=\"choose-0\"", "/console/chosen/products-off" }) list.Html.ShouldContain(said);
        (await visitor.GetAsync("/console/chosen/products-off")).Path.ShouldBe("/console/products");
        (await visitor.GetAsync("/console/chosen/nothing?key=1")).Status.ShouldBe(HttpStatusCode.NotFound);

        // First what would become of them: one is off already. Nothing is done by looking.
        var off = $"/console/chosen/products-off?key={product}&key={wrong.Id}&key={product}&key=prd_nonsense";
        var preview = await visitor.GetAsync(off);
        foreach (var said in new[] { "2 rows are chosen; 1 will be changed; 1 are not there any more", "It is so already", "Take off: these 1" }) preview.Html.ShouldContain(said);
        (await catalog.FindProductAsync(product))!.State.ShouldBe(ListingState.Listed);
        (await visitor.PostAsync(preview, off)).Html.ShouldContain("1 done, 0 refused, 1 were so already");
        (await catalog.FindProductAsync(product))!.State.ShouldBe(ListingState.Off);

        // Listed again: the one with the forbidden word is refused with its reason, the other is done; and pressed twice is done once.
        var on = $"/console/chosen/products-list?key={product}&key={wrong.Id}";
        var done = await visitor.PostAsync(preview, on);
        foreach (var said in new[] { "1 done, 1 refused", "badge error" }) done.Html.ShouldContain(said);
        ((await catalog.FindProductAsync(product))!.State, (await catalog.FindProductAsync(wrong.Id))!.State).ShouldBe((ListingState.Listed, ListingState.Off));
        (await visitor.PostAsync(preview, on)).Html.ShouldContain("0 done, 1 refused, 1 were so already");
        (await shop.CountAsync("select count(*) from audit where action = 'product.save'")).ShouldBe(2);

        // What has to be told is asked for; all else of the row stays.
        var move = $"/console/chosen/products-category?key={product}";
        (await visitor.PostAsync(preview, move, ("category", ""))).Html.ShouldContain("Choose one");
        (await visitor.PostAsync(preview, move, ("category", PublicId.Encode(other.Id)))).Html.ShouldContain("1 done");
        var moved = (await catalog.FindProductAsync(product))!;
        (moved.CategoryId, moved.Slug, moved.NameEn, moved.RedeemZh).ShouldBe((other.Id, "steam-wallet", "Steam wallet code", "第一步\n第二步"));

        // Supplies keep cost and all else; merchants, lots.
        var before = (await catalog.FindSupplyAsync(shop.Supply.Id))!;
        (await visitor.PostAsync(preview, $"/console/chosen/supplies-off?key={before.Id}")).Html.ShouldContain("1 done");
        (await catalog.FindSupplyAsync(before.Id)).ShouldBe(before with { State = SupplyState.Off });
        await merchants.SaveLevelAsync(new LevelDraft { Rank = "2", NameZh = "一级", NameEn = "First" });
        (await visitor.PostAsync(preview, $"/console/chosen/merchants-level?key={shop.Merchant}", ("level", "2"))).Html.ShouldContain("1 done");
        (await visitor.PostAsync(preview, $"/console/chosen/merchants-suspend?key={shop.Merchant}")).Html.ShouldContain("1 done");
        var suspended = (await merchants.FindAsync(shop.Merchant))!;
        (suspended.Level, suspended.IsActive, suspended.Slug).ShouldBe((2, false, "xiaolu"));
        (await visitor.GetAsync($"/console/chosen/merchants-suspend?key={shop.Merchant}")).Html.ShouldContain("0 will be changed");
        var lot = (await shop.Http.Get<Modules.Inventory.Inventory>().ListLotsAsync(new LotFilter())).Items[0].Id;
        (await visitor.GetAsync("/console/lots")).Html.ShouldContain($"value=\"{lot}\" form=\"choose-lots\"");
        (await visitor.PostAsync(preview, $"/console/chosen/lots-off?key={lot}&key=lot_nonsense")).Html.ShouldContain("1 done");
        (await shop.Http.Get<Modules.Inventory.Inventory>().ListLotsAsync(new LotFilter(Lots: [lot]))).Items.Single().State.ShouldBe(LotState.Off);

        // Nobody else's page, and no form without its token.
        var merchant = await Visitor.LoggedInAsync(shop.Http, "m");
        (await merchant.GetAsync(off)).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await visitor.PostWithoutTokenAsync(off)).Status.ShouldBe(HttpStatusCode.BadRequest);
    }
}
