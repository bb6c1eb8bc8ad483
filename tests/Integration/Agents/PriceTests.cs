using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Catalog;
using Lianka.Modules.Ledger;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Inventory;

namespace Lianka.Tests.Integration.Agents;

public sealed class PriceTests
{
    private static readonly TimeProvider _clock = TimeProvider.System;

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F12_A_changed_price_is_seen_by_another_node_in_its_next_transaction(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var trade = await Trade.OpenAsync(world);
        var a = await trade.MerchantAsync("a");
        using var other = new PriceBooks(world.Database);
        var before = await other.RefreshAsync();
        before.Terms(a, trade.Sku, 1, _clock.GetUtcNow())!.Unit.ToString().ShouldBe("46.1000");
        (await other.RefreshAsync()).ShouldBeSameAs(before);

        Trade.Saved(await trade.Prices.SetLevelPricesAsync([new(trade.Sku, 1, "46.2000")]));
        other.Current.ShouldBeSameAs(before);
        (await world.Database.WriteAsync(other.LoadAsync)).Terms(a, trade.Sku, 1, _clock.GetUtcNow())!.Unit.ToString().ShouldBe("46.2000");
        other.Current.Version.ShouldBe(await trade.VersionAsync("prices"));
        before.Terms(a, trade.Sku, 1, _clock.GetUtcNow())!.Unit.ToString().ShouldBe("46.1000");
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Every_change_raises_the_version_and_a_refusal_of_prices_sets_none_of_them(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var trade = await Trade.OpenAsync(world);
        var a = await trade.MerchantAsync("a");
        var a2 = await trade.MerchantAsync("a2", 2, a);
        var shelves = world.Get<Shelves>();
        var promotions = world.Get<Promotions>();
        SpecialPrice? special = null;
        Markup? markup = null;
        Promotion? promotion = null;
        await RaisesAsync(async () => Trade.Saved(await trade.Prices.SetLevelPricesAsync([new(trade.Sku, 1, "46.1000")])));
        await RaisesAsync(async () => special = Trade.Saved(await trade.Prices.AddSpecialAsync(new() { Merchant = a, Sku = trade.Sku, Price = "46.0500" })));
        await RaisesAsync(async () => Trade.Saved(await trade.Prices.EndSpecialAsync(special!.Id)));
        await RaisesAsync(async () => markup = Trade.Saved(await trade.Prices.SetMarkupAsync(a, new() { Child = a2, Mode = "bps", Value = "40" })));
        await RaisesAsync(async () => Trade.Saved(await trade.Prices.RemoveMarkupAsync(a, markup!.Id)));
        await RaisesAsync(async () => Trade.Saved(await trade.Prices.SetTiersAsync(trade.Sku, [new("100", "20")])));
        await RaisesAsync(async () => promotion = Trade.Saved(await promotions.CreateAsync(Sale(trade.Sku))));
        await RaisesAsync(async () => Trade.Saved(await promotions.EndAsync(promotion!.Id)));
        await RaisesAsync(async () => Trade.Saved(await shelves.SetAsync(a, trade.Sku, "49.50", NoFee)));
        await RaisesAsync(async () => Trade.Saved(await shelves.TakeOffAsync(a, trade.Sku)));
        await RaisesAsync(async () => Trade.Saved(await trade.Merchants.MoveAsync(a2, null)));
        await RaisesAsync(async () => Trade.Saved(await trade.Merchants.SuspendAsync(a2)));

        Trade.Errors(await trade.Prices.SetLevelPricesAsync(
            [new(trade.Sku, 1, "1.0000"), new(new SkuId(5), 1, "1"), new(trade.Sku, 9, "1"), new(trade.Sku, 2, "-1"), new(trade.Sku, 2, "1")]))
            .ShouldBe("prices/3/price:not_positive prices/4:repeated");
        Trade.Errors(await trade.Prices.SetLevelPricesAsync([new(trade.Sku, 1, "1.0000"), new(new SkuId(5), 1, "1"), new(trade.Sku, 9, "1")]))
            .ShouldBe("prices/1/sku:not_found prices/2/level:not_found");
        (await trade.UnitAsync(a)).ShouldBe("46.1000");
        Trade.Saved(await trade.Prices.SetLevelPricesAsync([new(trade.Sku, 1, "")]));
        (await trade.UnitAsync(a)).ShouldBe("not offered");
        (await trade.Prices.LevelPricesAsync([trade.Sku])).Select(p => p.Level).ShouldBe([2, 3]);

        async Task RaisesAsync(Func<Task> change)
        {
            var before = await trade.VersionAsync("prices");
            await change();
            (await trade.VersionAsync("prices")).ShouldBe(before + 1);
        }
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Peer_bug_A_good_without_cost_is_not_offered(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var trade = await Trade.OpenAsync(world);
        var a = await trade.MerchantAsync("a");
        (await trade.UnitAsync(a)).ShouldBe("46.1000");
        Goods.Saved(await world.Get<Modules.Catalog.Catalog>().UpdateSupplyAsync(trade.Goods.Supply.Id, new SupplyDraft { Cost = "" }));
        (await trade.UnitAsync(a)).ShouldBe("not offered");
        trade.Books.Current.Supplies(trade.Sku).Single().Cost.ShouldBeNull();
        Trade.Errors(await world.Get<Shelves>().SetAsync(a, trade.Sku, "49.50", NoFee)).ShouldBe("sku:not_offered");
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F45_A_merchant_sets_markups_for_its_own_children_only(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var trade = await Trade.OpenAsync(world);
        var (a, x) = (await trade.MerchantAsync("a"), await trade.MerchantAsync("x"));
        var a2 = await trade.MerchantAsync("a2", 2, a);
        var a3 = await trade.MerchantAsync("a3", 3, a2);

        Trade.Errors(await trade.Prices.SetMarkupAsync(x, new() { Child = a2, Mode = "bps", Value = "40" })).ShouldBe("missing");
        Trade.Errors(await trade.Prices.SetMarkupAsync(a, new() { Child = a3, Mode = "bps", Value = "40" })).ShouldBe("missing");
        Trade.Errors(await trade.Prices.SetMarkupAsync(a2, new() { Child = a2, Mode = "bps", Value = "40" })).ShouldBe("missing");
        var markup = Trade.Saved(await trade.Prices.SetMarkupAsync(a, new() { Child = a2, Mode = "bps", Value = "40" }));
        (await trade.UnitAsync(a2)).ShouldBe("46.2844");
        Trade.Errors(await trade.Prices.RemoveMarkupAsync(x, markup.Id)).ShouldBe("missing");
        (await trade.Prices.MarkupsAsync(x)).ShouldBeEmpty();
        (await trade.Prices.MarkupsAsync(a)).ShouldBe([markup]);

        // Set again: one policy for each child and SKU.
        Trade.Saved(await trade.Prices.SetMarkupAsync(a, new() { Child = a2, Mode = "fixed", Value = "0.1000" }));
        Trade.Saved(await trade.Prices.SetMarkupAsync(a, new() { Child = a2, Sku = trade.Sku, Mode = "fixed", Value = "0.0500" }));
        (await trade.UnitAsync(a2)).ShouldBe("46.1500");
        (await trade.Prices.MarkupsAsync(a)).Count.ShouldBe(2);
        Trade.Errors(await trade.Prices.SetMarkupAsync(a, new() { Child = a2, Sku = new SkuId(5), Mode = "fixed", Value = "1" })).ShouldBe("sku:not_found");

        // A move ends them, and coming back does not revive them.
        Trade.Saved(await trade.Merchants.MoveAsync(a2, x));
        (await trade.UnitAsync(a2)).ShouldBe("46.6500");
        Trade.Saved(await trade.Merchants.MoveAsync(a2, a));
        (await trade.UnitAsync(a2)).ShouldBe("46.6500");
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Special_prices_tiers_and_promotions_come_into_the_price(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var trade = await Trade.OpenAsync(world);
        var a = await trade.MerchantAsync("a");
        Trade.Errors(await trade.Prices.AddSpecialAsync(new() { Merchant = new(5), Sku = new(5), Price = "1" })).ShouldBe("sku:not_found merchant:not_found");
        Trade.Errors(await trade.Prices.AddSpecialAsync(
            new() { Merchant = a, Sku = trade.Sku, Price = "1", To = _clock.GetUtcNow() })).ShouldBe("to:ends_before_start");
        var special = Trade.Saved(await trade.Prices.AddSpecialAsync(new() { Merchant = a, Sku = trade.Sku, Price = "46.0500" }));
        Trade.Errors(await trade.Prices.AddSpecialAsync(new() { Merchant = a, Sku = trade.Sku, Price = "1", From = special.From })).ShouldBe("from:taken");
        (await trade.UnitAsync(a)).ShouldBe("46.0500");
        (await trade.Prices.SpecialsAsync(a)).ShouldBe([special]);
        Trade.Saved(await trade.Prices.EndSpecialAsync(special.Id)).To.ShouldBeLessThan(special.To);
        (await trade.UnitAsync(a)).ShouldBe("46.1000");
        (await trade.Prices.SpecialsAsync(a)).ShouldBeEmpty();
        Trade.Errors(await trade.Prices.EndSpecialAsync(5)).ShouldBe("missing");

        Trade.Saved(await trade.Prices.SetTiersAsync(trade.Sku, [new("100", "20"), new("1000", "35")]));
        Trade.Saved(await trade.Prices.SetTiersAsync(trade.Sku, [new("100", "20")]));
        (await trade.Prices.TiersAsync([trade.Sku])).Select(t => (t.QuantityMin, t.OffBps)).ShouldBe([(100L, 20L)]);
        (await trade.UnitAsync(a, 1_000)).ShouldBe("46.0078");
        Trade.Errors(await trade.Prices.SetTiersAsync(new SkuId(5), [new("100", "20")])).ShouldBe("missing");

        var promotion = Trade.Saved(await world.Get<Promotions>().CreateAsync(Sale(trade.Sku)));
        var terms = (await trade.TermsAsync(a))!;
        (terms.Unit.ToString(), terms.Promotion).ShouldBe(("41.4900", promotion.Id));
        Trade.Saved(await world.Get<Promotions>().EndAsync(promotion.Id));
        (await trade.UnitAsync(a)).ShouldBe("46.1000");
        var quote = (await world.Get<Quotes>().QuoteAsync(a, trade.Sku, 100))!;
        (quote.UnitPrice.ToString(), quote.Total.ToString()).ShouldBe(("46.0078", "4600.7800"));
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_promotion_is_funded_from_marketing_once_for_each_key(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var trade = await Trade.OpenAsync(world);
        var promotions = world.Get<Promotions>();
        var sale = Trade.Saved(await promotions.CreateAsync(Sale(trade.Sku)));
        (await promotions.ListAsync()).Single().ShouldBe(new FundedPromotion(sale, Money.Zero));
        Trade.Saved(await promotions.FundAsync(sale.Id, "100.0000", "operator", "k1")).Budget.ShouldBe(Money.Parse("100"));
        Trade.Saved(await promotions.FundAsync(sale.Id, "100.0000", "operator", "k1")).Budget.ShouldBe(Money.Parse("100"));
        Trade.Errors(await promotions.FundAsync(sale.Id, "50.0000", "operator", "k1")).ShouldBe("key:idempotency_conflict");
        Trade.Errors(await promotions.FundAsync(sale.Id, "-1", "operator", "k2")).ShouldBe("amount:not_positive");
        Trade.Errors(await promotions.FundAsync(5, "1", "operator", "k3")).ShouldBe("missing");
        (await promotions.ListAsync(trade.Sku)).Single().Budget.ShouldBe(Money.Parse("100"));
        (await promotions.ListAsync(new SkuId(5))).ShouldBeEmpty();
        var marketing = await world.Database.ReadAsync(s => Statements.BalancesAsync(s, Parties.Platform));
        marketing.Single(b => b.Kind == AccountKinds.Marketing).Balance.ShouldBe(Money.Parse("-100"));

        Trade.Errors(await promotions.CreateAsync(Sale(trade.Sku) with { To = _clock.GetUtcNow().AddDays(-1), OffBps = "0", NameEn = "" }))
            .ShouldBe("off_bps:out_of_range name_en:required to:ends_before_start");
        Trade.Errors(await promotions.CreateAsync(Sale(new SkuId(5)))).ShouldBe("sku:not_found");
        var later = Trade.Saved(await promotions.CreateAsync(Sale(trade.Sku) with { From = _clock.GetUtcNow().AddDays(2), To = _clock.GetUtcNow().AddDays(3) }));
        Trade.Saved(await promotions.EndAsync(later.Id)).To.ShouldBeLessThan(_clock.GetUtcNow());
        Trade.Errors(await promotions.EndAsync(5)).ShouldBe("missing");
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Upside_down_lists_are_reported(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var trade = await Trade.OpenAsync(world);
        var a = await trade.MerchantAsync("a");
        var a2 = await trade.MerchantAsync("a2", 2, a);
        (await trade.Prices.InversionsAsync()).ShouldBeEmpty();
        Trade.Saved(await trade.Prices.AddSpecialAsync(new() { Merchant = a2, Sku = trade.Sku, Price = "46.0000" }));
        (await trade.Prices.InversionsAsync()).ShouldBe([new(a2, a, trade.Sku, Money.Parse("46.0000"), Money.Parse("46.1000"))]);
    }

    private static PromotionDraft Sale(SkuId sku) => new()
    {
        Sku = sku, OffBps = "1000", From = _clock.GetUtcNow().AddHours(-1), To = _clock.GetUtcNow().AddDays(1), NameZh = "大促", NameEn = "Sale",
    };

    private static Money NoFee(Money retail) => Money.Zero;
}
