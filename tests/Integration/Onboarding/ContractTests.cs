using System.Net;
using Lianka.Kernel;
using Lianka.Modules.Catalog;
using Lianka.Modules.Consoles;
using Lianka.Modules.Ledger;
using Lianka.Modules.Orders;
using Lianka.Modules.Suppliers;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Consoles;
using Lianka.Tests.Integration.Inventory;
using Lianka.Tests.Integration.Orders;
using Lianka.Tests.Integration.Shop;

namespace Lianka.Tests.Integration.Onboarding;

public sealed class ContractTests
{
    private static Contracts Contracts(Trade trade) => trade.World.Get<Contracts>();

    private static async Task<Contract> AgreedAsync(Trade trade, SupplierId supplier, ContractDraft draft)
    {
        var made = Goods.Saved(await Contracts(trade).ProposeAsync(supplier, draft, "operator:zhou"));
        return Goods.Saved(await Contracts(trade).AnswerAsync(supplier, made.Id, true, "supplier:li"));
    }

    private static async Task<Supplier> OtherAsync(Trade trade) =>
        Goods.Saved(await trade.World.Get<Suppliers>().OnboardAsync(new SupplierDraft { Slug = "other", NameZh = "别家", NameEn = "Other" }));

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Commission_is_kept_from_its_day_on_and_all_parts_sum_to_what_was_paid(DatabaseKind kind)
    {
        await using var trade = await Trade.OpenAsync(kind, cards: 10, settlesAtOnce: true);
        var day = trade.Clock.Now().AddDays(1);
        await AgreedAsync(trade, Trade.Supplier, new ContractDraft { From = day, CommissionBps = "500", HoldSeconds = "60" });
        Trade.Done(await trade.PlaceAsync("before")).Fulfilments[0].UnitCost.ToString().ShouldBe("45.0000");
        trade.Clock.Turn(TimeSpan.FromDays(1));
        await trade.World.Get<SupplierWatch>().RunAsync();
        Trade.Done(await trade.PlaceAsync("after", 2)).Fulfilments[0].UnitCost.ToString().ShouldBe("42.7500");
        while (await trade.SettleAsync() > 0) { }
        (await trade.BalanceAsync(AccountKinds.Payable, Trade.Supplier.Value)).ShouldBe("130.5000", "45.0000 + 2 x 42.7500");
        (await trade.BalanceAsync(AccountKinds.Revenue, 0)).ShouldBe("7.5000", "3 x 1.0000 and the commission, 2 x 2.2500");
        await trade.ProveAsync();

        // Put once, not with every look: nobody reads prices anew for nothing.
        var prices = await trade.CountAsync("select value from version where name = 'prices'");
        await trade.World.Get<SupplierWatch>().RunAsync();
        (await trade.CountAsync("select value from version where name = 'prices'")).ShouldBe(prices);
        var catalog = trade.World.Get<Modules.Catalog.Catalog>();
        var product = Goods.Saved(await catalog.CreateProductAsync(new ProductDraft { Slug = "more", CategoryId = 9, NameZh = "更多", NameEn = "More" }));
        var sku = Goods.Saved(await catalog.CreateSkuAsync(Goods.SkuDraft(product.Id, "more-50")));
        Goods.Saved(await catalog.CreateSupplyAsync(new SupplyDraft { SkuId = sku.Id, SupplierId = Trade.Supplier, HoldSeconds = "" })).HoldSeconds.ShouldBe(60);
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Goods_supplied_alone_are_refused_to_others_and_what_they_have_goes_off(DatabaseKind kind)
    {
        await using var trade = await Trade.OpenAsync(kind, cards: 5);
        var (catalog, other) = (trade.World.Get<Modules.Catalog.Catalog>(), await OtherAsync(trade));
        var draft = new SupplyDraft { SkuId = Trade.Sku, SupplierId = other.Id, Cost = "44" };
        var theirs = Goods.Saved(await catalog.CreateSupplyAsync(draft));
        (await catalog.OfferedAsync([Trade.Sku])).Count.ShouldBe(2);
        await AgreedAsync(trade, Trade.Supplier, new ContractDraft { From = trade.Clock.Now(), Products = "game" });
        (await catalog.OfferedAsync([Trade.Sku])).ShouldBe([new SupplyId(40)]);
        (await trade.World.Database.ReadAsync(s => Terms.ClosedAsync(s, other.Id))).ShouldHaveSingleItem().Slug.ShouldBe("game");
        (await trade.World.Database.ReadAsync(s => Terms.ClosedAsync(s, Trade.Supplier))).ShouldBeEmpty();

        var refused = (await catalog.UpdateSupplyAsync(theirs.Id, draft)).ShouldBeOfType<CatalogDecision<Supply>.Refused>().Errors.ShouldHaveSingleItem();
        (refused.Field, refused.Code, refused.En, refused.Zh).ShouldBe(
            ("supplier", "exclusive", "By contract these goods are supplied by Sup alone.", "按合同，这个商品由「供」独家供应。"));
        Goods.Saved(await catalog.UpdateSupplyAsync(theirs.Id, draft with { State = SupplyState.Off })).State.ShouldBe(SupplyState.Off, "it can be put away");
        Goods.Saved(await catalog.UpdateSupplyAsync(new SupplyId(40), draft)).State.ShouldBe(SupplyState.Active, "whose goods they are");
        (await Contracts(trade).ProposeAsync(other.Id, new ContractDraft { From = trade.Clock.Now(), Products = "game" }, "zhou"))
            .ShouldBeOfType<CatalogDecision<Contract>.Refused>().Errors.ShouldHaveSingleItem().Code.ShouldBe("promised");

        await AgreedAsync(trade, Trade.Supplier, new ContractDraft { From = trade.Clock.Now() });
        Goods.Saved(await catalog.UpdateSupplyAsync(theirs.Id, draft));
        (await catalog.OfferedAsync([Trade.Sku])).Count.ShouldBe(2, "the next version says nothing of it");
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Of_two_who_were_offered_the_same_goods_alone_the_second_cannot_accept(DatabaseKind kind)
    {
        await using var trade = await Trade.OpenAsync(kind, cards: 0);
        var other = await OtherAsync(trade);
        var draft = new ContractDraft { From = trade.Clock.Now(), Products = "game" };
        var (one, two) = (Goods.Saved(await Contracts(trade).ProposeAsync(Trade.Supplier, draft, "zhou")), Goods.Saved(await Contracts(trade).ProposeAsync(other.Id, draft, "zhou")));
        Goods.Saved(await Contracts(trade).AnswerAsync(other.Id, two.Id, true, "supplier:li"));
        (await Contracts(trade).AnswerAsync(Trade.Supplier, one.Id, true, "supplier:wu")).ShouldBeOfType<CatalogDecision<Contract>.Refused>()
            .Errors.ShouldHaveSingleItem().Code.ShouldBe("promised");
        (await Contracts(trade).ListAsync(Trade.Supplier)).ShouldHaveSingleItem().State.ShouldBe(ContractState.Waiting, "it can still decline");
        Goods.Saved(await Contracts(trade).AnswerAsync(Trade.Supplier, one.Id, false, "supplier:wu")).State.ShouldBe(ContractState.Declined);
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_supply_has_no_region_that_the_contract_does_not_have(DatabaseKind kind)
    {
        await using var trade = await Trade.OpenAsync(kind, cards: 0);
        var catalog = trade.World.Get<Modules.Catalog.Catalog>();
        await trade.World.Database.WriteAsync(s => s.ExecuteAsync("update sku set kind = 'direct' where id = 20; update supply set regions = 'GD,SH' where id = 40"));
        async Task<(string Regions, bool IsActive)> OfferedAsync()
        {
            var supply = (await trade.World.Database.ReadAsync(Offers.LoadAsync)).Supplies.ShouldHaveSingleItem();
            return (string.Join(' ', supply.Regions), supply.IsActive);
        }

        await AgreedAsync(trade, Trade.Supplier, new ContractDraft { From = trade.Clock.Now(), Regions = "GD,BJ" });
        (await OfferedAsync()).ShouldBe(("GD", true));
        var draft = new SupplyDraft { Cost = "45", Regions = "GD,SH" };
        var refused = (await catalog.UpdateSupplyAsync(new SupplyId(40), draft)).ShouldBeOfType<CatalogDecision<Supply>.Refused>().Errors.ShouldHaveSingleItem();
        (refused.Field, refused.Code).ShouldBe(("regions", "not_agreed"));
        Goods.Saved(await catalog.UpdateSupplyAsync(new SupplyId(40), draft with { Regions = "" }));
        (await OfferedAsync()).ShouldBe(("GD BJ", true));
        Goods.Saved(await catalog.UpdateSupplyAsync(new SupplyId(40), draft with { Regions = "GD" }));
        await AgreedAsync(trade, Trade.Supplier, new ContractDraft { From = trade.Clock.Now(), Regions = "XJ" });
        (await OfferedAsync()).ShouldBe(("", false), "nowhere, not anywhere");
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F45_A_version_is_answered_once_by_its_own_supplier(DatabaseKind kind)
    {
        await using var trade = await Trade.OpenAsync(kind, cards: 0);
        var other = await OtherAsync(trade);
        var draft = new ContractDraft { From = trade.Clock.Now(), CommissionBps = "100" };
        var made = Goods.Saved(await Contracts(trade).ProposeAsync(Trade.Supplier, draft, "zhou"));
        (await Contracts(trade).ProposeAsync(Trade.Supplier, draft, "zhou")).ShouldBeOfType<CatalogDecision<Contract>.Refused>().Errors.ShouldHaveSingleItem().Code.ShouldBe("waiting");
        (await Contracts(trade).AnswerAsync(other.Id, made.Id, true, "other")).ShouldBeOfType<CatalogDecision<Contract>.Missing>();
        (await Contracts(trade).WithdrawAsync(other.Id, made.Id, "zhou")).ShouldBeFalse();
        (await trade.World.Get<Modules.Catalog.Catalog>().FindTermsAsync(Trade.Supplier)).ShouldBeNull("nobody agreed to it");

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(() => Contracts(trade).AnswerAsync(Trade.Supplier, made.Id, i % 2 == 0, $"li{i}"))));
        answers.OfType<CatalogDecision<Contract>.Saved>().Count().ShouldBe(1);
        (await Contracts(trade).WithdrawAsync(Trade.Supplier, made.Id, "zhou")).ShouldBeFalse("it was answered");
        var next = Goods.Saved(await Contracts(trade).ProposeAsync(Trade.Supplier, draft, "zhou"));
        (await Contracts(trade).WithdrawAsync(Trade.Supplier, next.Id, "zhou")).ShouldBeTrue();
        (await Contracts(trade).ListAsync(other.Id)).ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_contract_is_proposed_read_and_accepted_through_the_pages(DatabaseKind kind)
    {
        await using var shop = await ShopWorld.CreateAsync(kind, cards: 0);
        var people = shop.Http.Get<People>();
        await people.CreateAsync("zhou", Visitor.Password, Roles.Operator, 0, "Zhou");
        await people.CreateAsync("li", Visitor.Password, Roles.Supplier, shop.Supply.SupplierId.Value, "Li");
        var (zhou, li) = (await Visitor.LoggedInAsync(shop.Http, "zhou"), await Visitor.LoggedInAsync(shop.Http, "li"));
        var (desk, own) = ($"/console/suppliers/{shop.Supply.SupplierId}/contract", "/console/supplier/contract");
        var form = await zhou.GetAsync(desk);
        (string, string)[] typed = [("from", form.Field("from")), ("commission_bps", "250"), ("hold_seconds", "600"), ("regions", "GD"), ("products", ""), ("note", "<b>first</b>")];
        var bad = await zhou.PostAsync(form, desk, [.. typed.Where(f => f.Item1 != "products"), ("products", "no-such-goods")]);
        bad.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        bad.Html.ShouldContain("no-such-goods");
        (await zhou.PostAsync(form, desk, typed)).Path.ShouldBe(desk);
        (await zhou.GetAsync(desk)).Html.ShouldContain("Waits for the supplier");

        var read = await li.GetAsync(own);
        read.Html.ShouldContain("2.5% of the cost of each unit");
        read.Html.ShouldNotContain("<b>first");
        (await li.PostAsync(read, own, ("version", "another"), ("answer", "accept"))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity, "the answer is to what was read");
        var version = PublicId.Encode((await shop.Http.Get<Contracts>().ListAsync(shop.Supply.SupplierId)).Single().Id);
        (await li.PostAsync(read, own, ("version", version), ("answer", "accept"))).Path.ShouldBe(own);
        (await zhou.GetAsync(desk)).Html.ShouldContain("In force");
        (await li.GetAsync("/console/supplier/stock")).Html.ShouldContain("Less commission");
        (await shop.CountAsync("select count(*) from audit where action in ('contract.propose', 'contract.accept')")).ShouldBe(2);
        (await li.GetAsync(desk)).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await li.GetAsync($"{own}?lang=zh")).Html.ShouldContain("生效中");
    }
}
