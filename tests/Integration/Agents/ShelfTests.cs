using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Payments;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Inventory;

namespace Lianka.Tests.Integration.Agents;

public sealed class ShelfTests
{
    private static Money Fee(Money retail) => ChannelFees.At(retail, StorefrontFees.BpsUnlessTold);

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_retail_price_covers_cost_and_fee_within_price_control(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var trade = await Trade.OpenAsync(world);
        var shelves = world.Get<Shelves>();
        var a3 = await trade.MerchantAsync("a", 3); // buys at 47.3050; control is 47.70 to 55.00
        (await SetAsync("47.60")).ShouldBe("price:below_floor");
        (await SetAsync("55.01")).ShouldBe("price:above_ceiling");
        (await SetAsync("49.505")).ShouldBe("price:not_whole_fen");
        (await SetAsync("0")).ShouldBe("price:not_positive");
        (await SetAsync("４９")).ShouldBe("price:not_an_amount");
        (await SetAsync("47.70")).ShouldBe("saved"); // fee 0.29, so 47.595 is enough
        Trade.Errors(await shelves.SetAsync(a3, trade.Sku, "47.70", _ => Money.Parse("0.40"))).ShouldBe("price:below_cost");
        Trade.Errors(await shelves.SetAsync(a3, new SkuId(5), "49.50", Fee)).ShouldBe("missing");
        Trade.Errors(await shelves.SetAsync(new MerchantId(5), trade.Sku, "49.50", Fee)).ShouldBe("missing");

        (await trade.Books.RefreshAsync()).Retail(a3, trade.Sku).ShouldBe(Money.Parse("47.70"));
        (await shelves.ListAsync(a3)).ShouldBe([new(trade.Sku, Money.Parse("47.70"), IsListed: true)]);
        Trade.Saved(await shelves.TakeOffAsync(a3, trade.Sku)).IsListed.ShouldBeFalse();
        (await trade.Books.RefreshAsync()).Retail(a3, trade.Sku).ShouldBeNull();
        (await shelves.ListAsync(a3)).ShouldBe([new(trade.Sku, Money.Parse("47.70"), IsListed: false)]);
        Trade.Errors(await shelves.TakeOffAsync(new MerchantId(5), trade.Sku)).ShouldBe("missing");

        async Task<string> SetAsync(string price) => Trade.Errors(await shelves.SetAsync(a3, trade.Sku, price, Fee));
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task One_click_lists_everything_that_can_be_sold_without_loss(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var trade = await Trade.OpenAsync(world);
        var other = await Goods.CreateAsync(world, "b");
        var dear = await Goods.CreateAsync(world, "c");
        var unpriced = await Goods.CreateAsync(world, "d");
        Trade.Saved(await trade.Prices.SetLevelPricesAsync([new(other.Sku.Id, 1, "46.0000"), new(dear.Sku.Id, 1, "54.9000")]));
        var shelves = world.Get<Shelves>();
        var a = await trade.MerchantAsync("a");
        var x = await trade.MerchantAsync("x");

        Trade.Saved(await shelves.SetAsync(a, other.Sku.Id, "50.00", Fee));
        var kept = Trade.Saved(await shelves.FillAsync(a, "480", Fee, keepsOwn: true));
        (kept.Listed, string.Join(' ', kept.Left)).ShouldBe((1, dear.Sku.Id.ToString()));
        var shelf = (await trade.Books.RefreshAsync()).Shelf(a);
        shelf.ShouldBe(new Dictionary<SkuId, Money> { [trade.Sku] = Money.Parse("48.32"), [other.Sku.Id] = Money.Parse("50.00") }, ignoreOrder: true);

        Trade.Saved(await shelves.FillAsync(a, "480", Fee, keepsOwn: false)).Listed.ShouldBe(2);
        (await trade.Books.RefreshAsync()).Retail(a, other.Sku.Id).ShouldBe(Money.Parse("48.21"));
        trade.Books.Current.Retail(a, unpriced.Sku.Id).ShouldBeNull();
        trade.Books.Current.Shelf(x).ShouldBeEmpty();
        Trade.Errors(await shelves.FillAsync(a, "-1", Fee, keepsOwn: false)).ShouldBe("margin_bps:not_a_number");
        Trade.Errors(await shelves.FillAsync(new MerchantId(5), "480", Fee, keepsOwn: false)).ShouldBe("missing");
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_book_made_from_changes_equals_one_read_anew(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var trade = await Trade.OpenAsync(world);
        var shelves = world.Get<Shelves>();
        var (a, x) = (await trade.MerchantAsync("a"), await trade.MerchantAsync("x"));
        Trade.Saved(await shelves.SetAsync(a, trade.Sku, "49.50", Fee));
        var first = await trade.Books.RefreshAsync();
        Trade.Saved(await shelves.SetAsync(x, trade.Sku, "49.00", Fee));
        Trade.Saved(await shelves.SetAsync(a, trade.Sku, "49.90", Fee));
        await EqualAsync();
        first.Retail(a, trade.Sku).ShouldBe(Money.Parse("49.50"));
        first.Retail(x, trade.Sku).ShouldBeNull();
        Trade.Saved(await shelves.TakeOffAsync(a, trade.Sku));
        await EqualAsync();

        async Task EqualAsync()
        {
            using var anew = new PriceBooks(world.Database);
            var (changed, read) = (await trade.Books.RefreshAsync(), await anew.RefreshAsync());
            foreach (var merchant in new[] { a, x })
                changed.Shelf(merchant).ShouldBe(read.Shelf(merchant), ignoreOrder: true);
        }
    }
}
