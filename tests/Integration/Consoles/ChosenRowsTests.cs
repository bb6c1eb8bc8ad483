using System.Net;
using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Catalog;
using Lianka.Modules.Consoles;
using Lianka.Modules.Consoles.Tenanted;
using Lianka.Modules.Inventory;
using Lianka.Modules.Suppliers;
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

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Owners_choose_among_their_own_rows_alone(DatabaseKind kind)
    {
        await using var shop = await ShopWorld.CreateAsync(kind, cards: 2);
        await shop.ImportAsync(2);
        var (people, keys) = (shop.Http.Get<People>(), shop.Http.Get<ApiKeys>());
        var other = ((AgentsDecision<MerchantEntry>.Saved)await shop.Http.Get<Merchants>().CreateAsync(new MerchantDraft { Slug = "other", NameZh = "别家", NameEn = "Other", Level = "1" })).Value.Id;
        await people.CreateAsync("operator", Visitor.Password, Roles.Operator, 0, "O");
        await people.CreateAsync("merchant", Visitor.Password, Roles.Merchant, shop.Merchant.Value, "M");
        await people.CreateAsync("supplier", Visitor.Password, Roles.Supplier, shop.Supply.SupplierId.Value, "S");
        var (mine, supplier) = (KeyOwner.Of(shop.Merchant), KeyOwner.Of(shop.Supply.SupplierId));
        foreach (var owner in new[] { mine, mine, mine, KeyOwner.Of(other), supplier }) await keys.CreateAsync(owner, new ApiKeyDraft { Name = "erp", Scopes = owner.Scopes, CallsPerSecond = "10" });
        var (own, foreign) = (await keys.ListAsync(mine), (await keys.ListAsync(KeyOwner.Of(other)))[0]);

        // The merchant's: three boxes and a button; another's key is as if it did not exist, whatever is said of whose it is.
        var merchant = await Visitor.LoggedInAsync(shop.Http, "merchant");
        var list = await merchant.GetAsync("/console/merchant/keys");
        own.ShouldAllBe(k => list.Html.Contains($"value=\"{TenantDeeds.KeyOf(mine, k)}\" form=\"choose-keys\"", StringComparison.Ordinal));
        list.Html.ShouldContain("formaction=\"/console/merchant/chosen/keys-revoke\"");
        var revoke = $"/console/merchant/chosen/keys-revoke?key={TenantDeeds.KeyOf(mine, own[0])}&key={TenantDeeds.KeyOf(mine, own[1])}&key={TenantDeeds.KeyOf(KeyOwner.Of(other), foreign)}&key={PublicId.Encode(foreign.Id)}";
        var preview = await merchant.GetAsync(revoke);
        foreach (var said in new[] { "2 rows are chosen; 2 will be changed; 2 are not there any more", "Revoke keys: these 2" }) preview.Html.ShouldContain(said);
        (await keys.ListAsync(mine)).ShouldAllBe(k => !k.IsRevoked, "looking does nothing");
        (await merchant.PostAsync(preview, revoke)).Html.ShouldContain("2 done, 0 refused, 0 were so already");
        (await merchant.PostAsync(preview, revoke)).Html.ShouldNotContain("done, ");
        (await keys.ListAsync(mine)).Count(k => k.IsRevoked).ShouldBe(2);
        (await keys.ListAsync(KeyOwner.Of(other)))[0].IsRevoked.ShouldBeFalse();
        (await shop.CountAsync("select count(*) from audit where action = 'key.revoke' and person = 'merchant'")).ShouldBe(2);
        (await merchant.GetAsync("/console/merchant/keys")).Html.Split("form=\"choose-keys\"").Length.ShouldBe(2);
        foreach (var path in new[] { "/console/merchant/chosen/lots-off?key=1", "/console/merchant/chosen/products-off?key=1" }) (await merchant.GetAsync(path)).Status.ShouldBe(HttpStatusCode.NotFound, path);
        (await merchant.GetAsync("/console/chosen/keys-revoke?key=1")).Status.ShouldBe(HttpStatusCode.Forbidden);

        // The operator's, of whichever merchant.
        var oper = await Visitor.LoggedInAsync(shop.Http, "operator");
        var both = $"/console/chosen/keys-revoke?key={TenantDeeds.KeyOf(mine, own[2])}&key={TenantDeeds.KeyOf(KeyOwner.Of(other), foreign)}&key={TenantDeeds.KeyOf(KeyOwner.Of(other), own[0])}";
        (await oper.GetAsync($"/console/merchants/{shop.Merchant}/keys")).Html.ShouldContain($"value=\"{TenantDeeds.KeyOf(mine, own[2])}\" form=\"choose-keys\"");
        preview = await oper.GetAsync(both);
        preview.Html.ShouldContain("2 rows are chosen; 2 will be changed; 1 are not there any more");
        (await oper.PostAsync(preview, both)).Html.ShouldContain("2 done");
        (await keys.ListAsync(mine)).ShouldAllBe(k => k.IsRevoked);

        // The supplier's lots and keys.
        var visitor = await Visitor.LoggedInAsync(shop.Http, "supplier");
        var lots = (await shop.Http.Get<Modules.Inventory.Inventory>().ListLotsAsync(new LotFilter())).Items;
        await shop.Database.WriteAsync(s => s.ExecuteAsync("update lot set supplier_id = 1 where id = @Id", new { lots[1].Id }));
        (await visitor.GetAsync("/console/supplier/lots")).Html.ShouldContain("formaction=\"/console/supplier/chosen/lots-off\"");
        var off = $"/console/supplier/chosen/lots-off?key={lots[0].Id}&key={lots[1].Id}";
        preview = await visitor.GetAsync(off);
        preview.Html.ShouldContain("1 rows are chosen; 1 will be changed; 1 are not there any more");
        (await visitor.PostAsync(preview, off)).Html.ShouldContain("1 done");
        (await shop.Http.Get<Modules.Inventory.Inventory>().ListLotsAsync(new LotFilter())).Items.Select(l => l.State).ShouldBe([LotState.Off, LotState.Active]);
        var key = $"/console/supplier/chosen/keys-revoke?key={TenantDeeds.KeyOf(supplier, (await keys.ListAsync(supplier))[0])}";
        (await visitor.PostAsync(await visitor.GetAsync(key), key)).Html.ShouldContain("1 done");
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Suppliers_pause_their_own_supplies_and_what_the_operator_switched_off_stays_off(DatabaseKind kind)
    {
        await using var shop = await ShopWorld.CreateAsync(kind, cards: 2);
        var catalog = shop.Http.Get<Modules.Catalog.Catalog>();
        await shop.Http.Get<People>().CreateAsync("supplier", Visitor.Password, Roles.Supplier, shop.Supply.SupplierId.Value, "S");
        var other = Goods.Saved(await shop.Http.Get<Suppliers>().OnboardAsync(new SupplierDraft { Slug = "other", NameZh = "别家", NameEn = "Other" }));
        var foreign = Goods.Saved(await catalog.CreateSupplyAsync(new SupplyDraft { SkuId = shop.Sku.Id, SupplierId = other.Id, Cost = "40", Priority = "1" }));
        var second = Goods.Saved(await catalog.CreateSkuAsync(new SkuDraft { Code = "second", ProductId = (await catalog.FindSkuAsync(shop.Sku.Id))!.ProductId, NameZh = "二", NameEn = "Two", FaceValue = "50", FaceCurrency = "CNY", SuggestedRetail = "52", RetailFloor = "50", RetailCeiling = "60" }));
        var off = Goods.Saved(await catalog.CreateSupplyAsync(new SupplyDraft { SkuId = second.Id, SupplierId = shop.Supply.SupplierId, Cost = "40", State = SupplyState.Off }));
        var mine = shop.Supply.Id;

        var visitor = await Visitor.LoggedInAsync(shop.Http, "supplier");
        (await visitor.GetAsync("/console/supplier/stock")).Html.ShouldContain($"value=\"{mine}\" form=\"choose-");
        var pause = $"/console/supplier/chosen/supplies-pause?key={mine}&key={off.Id}&key={foreign.Id}";
        var preview = await visitor.GetAsync(pause);
        foreach (var said in new[] { "2 rows are chosen; 2 will be changed; 1 are not there any more", "Off, by the platform" }) preview.Html.ShouldContain(said);
        (await OfferedAsync()).ShouldBe([mine, foreign.Id], ignoreOrder: true, "looking does nothing");
        var done = await visitor.PostAsync(preview, pause);
        foreach (var said in new[] { "1 done, 1 refused, 0 were so already", "The operator switched it off: ask the operator." }) done.Html.ShouldContain(said);
        (await OfferedAsync()).ShouldBe([foreign.Id]);
        // The book that orders are decided by knows it too, and the supplier's own pages and programs say why.
        (await shop.Http.Get<PriceBooks>().RefreshAsync()).Supplies(shop.Sku.Id).Where(s => s.CanSell).Select(s => s.Id).ShouldBe([foreign.Id]);
        (await visitor.GetAsync("/console/supplier/stock")).Html.ShouldContain("Paused");
        (await shop.Http.Get<OwnSupplies>().ListAsync(shop.Supply.SupplierId)).Single(s => s.Line.Id == mine).Why.ShouldContain(SupplyReasons.Paused);
        (await shop.CountAsync("select count(*) from audit where action = 'supply.pause' and person = 'supplier'")).ShouldBe(1);

        // What the operator saves leaves it paused; the supplier goes on with it, once.
        var supply = (await catalog.FindSupplyAsync(mine))!;
        Goods.Saved(await catalog.UpdateSupplyAsync(mine, SupplyDraft.Of(supply) with { Cost = "41" }));
        (await OfferedAsync()).ShouldBe([foreign.Id]);
        var resume = $"/console/supplier/chosen/supplies-resume?key={mine}&key={off.Id}";
        (await visitor.PostAsync(preview, resume)).Html.ShouldContain("1 done, 1 refused");
        (await visitor.PostAsync(preview, resume)).Html.ShouldContain("0 done, 1 refused, 1 were so already");
        (await OfferedAsync()).ShouldBe([mine, foreign.Id], ignoreOrder: true);
        (await catalog.FindSupplyAsync(off.Id))!.State.ShouldBe(SupplyState.Off);
        (await catalog.PauseSupplyAsync(shop.Supply.SupplierId, foreign.Id, isPaused: true)).ShouldBeOfType<CatalogDecision<Supply>.Missing>();

        async Task<List<SupplyId>> OfferedAsync() => [.. await catalog.OfferedAsync([shop.Sku.Id, second.Id])];
    }
}
