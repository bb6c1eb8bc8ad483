using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Catalog;
using Lianka.Modules.Payments;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Inventory;

namespace Lianka.Tests.Integration.Agents;

public sealed class ListingTests
{
    private static readonly RetailRuleDraft _rule = new() { MarginBps = "480" };

    private static Money Fee(Money retail) => ChannelFees.At(retail, StorefrontFees.BpsUnlessTold);

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_listing_does_what_its_preview_showed_and_nothing_else(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var trade = await Trade.OpenAsync(world);
        var (cheap, dear, unpriced) = (await Goods.CreateAsync(world, "b"), await Goods.CreateAsync(world, "c"), await Goods.CreateAsync(world, "d"));
        Trade.Saved(await trade.Prices.SetLevelPricesAsync([new(cheap.Sku.Id, 1, "46.0000"), new(dear.Sku.Id, 1, "54.9000")]));
        var (listings, shelves) = (world.Get<Listings>(), world.Get<Shelves>());
        var (a, x) = (await trade.MerchantAsync("a"), await trade.MerchantAsync("x"));

        // Price control is 47.70 to 55.00, own prices are 46.10, 46.00 and 54.90.
        var id = await PreviewAsync(a, new GoodsChoice());
        (await RowsAsync(id)).ShouldBe([$"{trade.Sku} Add - 48.32 +1.9300 None", $"{cheap.Sku.Id} Add - 48.21 +1.9200 None", $"{dear.Sku.Id} Cannot - - NoPrice"], ignoreOrder: true);
        (await trade.Books.RefreshAsync()).Shelf(a).ShouldBeEmpty();
        var ready = (await listings.FindAsync(a, id))!;
        (ready.State, ready.Changes, ready.Cannot, ready.Total).ShouldBe((BulkStage.Ready, 2, 1, 4));

        // Another merchant's is as if it did not exist.
        (await listings.FindAsync(x, id)).ShouldBeNull();
        Trade.Errors(await listings.ApplyAsync(x, id)).ShouldBe("missing");
        Trade.Errors(await listings.PreviewAgainAsync(x, id, "test")).ShouldBe("missing");

        // The own price of one rises before the press: it is left alone, the other is listed.
        Trade.Saved(await trade.Prices.SetLevelPricesAsync([new(cheap.Sku.Id, 1, "46.0100")]));
        await ApplyAsync(a, id);
        (await RowsAsync(id, BulkOutcome.Moved)).Single().ShouldStartWith($"{cheap.Sku.Id} Moved");
        (await trade.Books.RefreshAsync()).Shelf(a).ShouldBe(new Dictionary<SkuId, Money> { [trade.Sku] = Money.Parse("48.32") });
        trade.Books.Current.Shelf(x).ShouldBeEmpty();
        (await listings.FindAsync(a, id))!.Moved.ShouldBe(1);
        var version = await trade.VersionAsync("prices");
        await ApplyAsync(a, id); // Pressed again: nothing is left to do.
        (await trade.VersionAsync("prices")).ShouldBe(version);

        // The same rule with the prices of now; what stands already is not written again.
        var again = Trade.Saved(await listings.PreviewAgainAsync(a, id, "test"));
        await listings.AdvanceAsync(again, Fee);
        (await RowsAsync(again)).ShouldBe([$"{trade.Sku} Same 48.32 48.32 +1.9300 None", $"{cheap.Sku.Id} Add - 48.22 +1.9200 None", $"{dear.Sku.Id} Cannot - - NoPrice"], ignoreOrder: true);
        await ApplyAsync(a, again);
        (await trade.Books.RefreshAsync()).Retail(a, cheap.Sku.Id).ShouldBe(Money.Parse("48.22"));

        // Own prices are kept where wished; marked goods that are not offered say so; words and categories narrow.
        Trade.Saved(await shelves.SetAsync(a, cheap.Sku.Id, "50.00", Fee));
        (await RowsAsync(await PreviewAsync(a, new GoodsChoice { KeepsOwn = true }))).Single().ShouldStartWith($"{dear.Sku.Id} Cannot");
        (await RowsAsync(await PreviewAsync(a, new GoodsChoice { Skus = [unpriced.Sku.Id, cheap.Sku.Id] })))
            .ShouldBe([$"{cheap.Sku.Id} Change 50.00 48.22 +1.9200 None", $"{unpriced.Sku.Id} Cannot - - NotOffered"], ignoreOrder: true);
        (await RowsAsync(await PreviewAsync(a, new GoodsChoice { Words = cheap.Sku.Code }))).ShouldContain(r => r.StartsWith(cheap.Sku.Id.ToString(), StringComparison.Ordinal));
        (await RowsAsync(await PreviewAsync(a, new GoodsChoice { Categories = ["nowhere"] }))).ShouldBeEmpty();

        // Off the shelf together; the price is kept for the day they come back.
        var off = Trade.Saved(await listings.PreviewTakingOffAsync(a, new GoodsChoice { Skus = [cheap.Sku.Id, dear.Sku.Id] }, "test"));
        await listings.AdvanceAsync(off, Fee);
        (await RowsAsync(off)).Single().ShouldStartWith($"{cheap.Sku.Id} Off 50.00");
        await ApplyAsync(a, off);
        (await shelves.ListAsync(a)).ShouldContain(new RetailLine(cheap.Sku.Id, Money.Parse("50.00"), IsListed: false));

        (await listings.ListAsync(a)).Count.ShouldBe(Listings.KeptMax);
        Trade.Errors(await listings.PreviewAsync(a, new GoodsChoice(), new RetailRuleDraft { MarginBps = "100001", Added = "-1", AddedMax = "x" }, "test"))
            .ShouldBe("margin_bps:out_of_range added:not_an_amount added_max:not_an_amount");

        async Task<long> PreviewAsync(MerchantId merchant, GoodsChoice choice)
        {
            var opened = Trade.Saved(await listings.PreviewAsync(merchant, choice, _rule, "test"));
            (await listings.WaitingAsync()).ShouldContain(opened);
            Trade.Errors(await listings.ApplyAsync(merchant, opened)).ShouldBe("state:not_ready");
            await listings.AdvanceAsync(opened, Fee);
            return opened;
        }

        async Task ApplyAsync(MerchantId merchant, long listing)
        {
            Trade.Saved(await listings.ApplyAsync(merchant, listing));
            await listings.AdvanceAsync(listing, Fee);
            (await listings.FindAsync(merchant, listing))!.State.ShouldBe(BulkStage.Done);
            (await listings.WaitingAsync()).ShouldNotContain(listing);
        }

        async Task<List<string>> RowsAsync(long listing, BulkOutcome? only = null) =>
            (await listings.RowsAsync(listing, only, null)).ConvertAll(r =>
                $"{r.Sku} {r.Outcome} {r.Was?.Text(2) ?? "-"} {r.Retail?.Text(2) ?? "-"} {(r.Margin is { } m ? $"+{m} " : "")}{r.Note}");
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_large_listing_goes_on_step_by_step_from_where_it_stands_on_whatever_node(DatabaseKind kind)
    {
        const int Many = 12_000;
        await using var world = await World.CreateAsync(kind);
        var trade = await Trade.OpenAsync(world);
        var a = await trade.MerchantAsync("a");
        await trade.ManyAsync(Many);
        var listings = world.Get<Listings>();
        var id = Trade.Saved(await listings.PreviewAsync(a, new GoodsChoice(), _rule, "test"));

        // A node that dies in the middle of a step leaves what was finished before; another goes on.
        var asked = 0;
        await Should.ThrowAsync<InvalidOperationException>(() => listings.AdvanceAsync(id, r => ++asked > 12_000 ? throw new InvalidOperationException("dies") : Fee(r)));
        var half = (await listings.FindAsync(a, id))!;
        (half.State, half.Done, half.Total).ShouldBe((BulkStage.Previewing, 5_000, Many + 1));
        await using var beside = await world.BesideAsync();
        await beside.Get<Listings>().AdvanceAsync(id, Fee);
        (await listings.FindAsync(a, id))!.Changes.ShouldBe(Many + 1);

        // Two nodes at once: no row is done twice, none is left.
        Trade.Saved(await listings.ApplyAsync(a, id));
        await Task.WhenAll(listings.AdvanceAsync(id, Fee), beside.Get<Listings>().AdvanceAsync(id, Fee));
        await listings.AdvanceAsync(id, Fee);
        var done = (await listings.FindAsync(a, id))!;
        (done.State, done.Done, done.Moved).ShouldBe((BulkStage.Done, Many + 1, 0));
        (await trade.Books.RefreshAsync()).Shelf(a).Count.ShouldBe(Many + 1);
        var page = await listings.RowsAsync(id, BulkOutcome.Add, after: null, limit: 1_000);
        (await listings.RowsAsync(id, BulkOutcome.Add, page[^1].Sku, limit: 1))[0].Sku.ShouldBeGreaterThan(page[^1].Sku);
    }
}
