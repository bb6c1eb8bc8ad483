using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Orders;
using Lianka.Modules.Orders.Settle;
using Lianka.Platform.Data;

namespace Lianka.Tests.Integration.Orders;

public sealed class FlashEngineTests
{
    public static TheoryData<DatabaseKind> Both => World.Both;

    [Theory, MemberData(nameof(Both))]
    public async Task F18_A_thousand_buyers_on_two_nodes_get_exactly_the_units_there_are(DatabaseKind kind)
    {
        await using var trade = await Trade.OpenAsync(kind, cards: 300);
        var sale = await SaleAsync(trade, units: 100);
        // SQLite has one node.
        var second = kind == DatabaseKind.Postgres ? await trade.AnotherNodeAsync() : trade;
        // Every buyer asks on both nodes at once.
        var decisions = await Task.WhenAll(Enumerable.Range(1, 1_000).SelectMany(buyer => new[]
            { AttemptAsync(trade, sale, buyer), AttemptAsync(second, sale, buyer) }));
        var orders = decisions.OfType<OrderDecision.Done>().Select(d => d.Order).DistinctBy(o => o.Id).ToList();
        orders.Count.ShouldBe(100);
        decisions.OfType<OrderDecision.Refused>().ShouldAllBe(r => r == new OrderDecision.Refused(Refusal.StockShort, "all_reserved"));
        (await trade.CountAsync("select count(*) from flash_order")).ShouldBe(100);
        (await trade.CountAsync("select count(distinct buyer) from flash_order")).ShouldBe(100);

        await Task.WhenAll(orders.Take(90).Select(o => trade.PayAsync(o)));
        trade.Clock.Turn(TimeSpan.FromSeconds(61));
        await trade.World.Get<OrderClock>().LapseAsync();
        var book = trade.World.Get<SaleBook>();
        var after = (await book.FindAsync(sale.Id))!;
        (after.Taken, after.Sold, after.Opened).ShouldBe((90, 90, 100));

        var rest = await Task.WhenAll(Enumerable.Range(2_000, 20).Select(buyer => AttemptAsync(second, sale, buyer)));
        rest.OfType<OrderDecision.Done>().Count().ShouldBe(10);
        await Task.WhenAll(rest.OfType<OrderDecision.Done>().Select(d => trade.PayAsync(d.Order)));
        (await AttemptAsync(trade, sale, 3_000)).ShouldBe(new OrderDecision.Refused(Refusal.SoldOut));
        if (second != trade) await second.DisposeAsync();
        await trade.ProveAsync();
    }

    [Theory, MemberData(nameof(Both))]
    public async Task News_of_a_sale_tells_each_order_once_and_when_units_may_come_back(DatabaseKind kind)
    {
        await using var trade = await Trade.OpenAsync(kind, cards: 30);
        var sale = await SaleAsync(trade, units: 10);
        var book = trade.World.Get<SaleBook>();
        for (var buyer = 1; buyer <= 3; buyer++) Trade.Done(await AttemptAsync(trade, sale, buyer));
        var first = (await book.NewsAsync(trade.Clock.Now(), new Dictionary<SaleId, long>())).ShouldHaveSingleItem();
        first.News.Select(o => o.Buyer).ShouldBe([1, 2, 3]);
        first.Unpaid.Sum(u => u.Units).ShouldBe(3);
        first.Unpaid.ShouldAllBe(u => u.Until > trade.Clock.Now());
        await trade.PayAsync(Trade.Done(await AttemptAsync(trade, sale, 4)));
        var next = (await book.NewsAsync(trade.Clock.Now(), new Dictionary<SaleId, long> { [sale.Id] = 3 })).ShouldHaveSingleItem();
        next.News.ShouldHaveSingleItem().Buyer.ShouldBe(4);
        (next.Sale.Taken, next.Sale.Sold).ShouldBe((4, 1));
    }

    [Theory, MemberData(nameof(Both))]
    public async Task A_sale_is_made_within_price_control_and_ended_by_its_owner_only(DatabaseKind kind)
    {
        await using var trade = await Trade.OpenAsync(kind, cards: 5);
        var book = trade.World.Get<SaleBook>();
        var draft = Draft(trade, 5);
        Errors(await book.CreateAsync(Trade.Leaf, draft with { Price = "47.00" })).ShouldBe(["price below_floor"]);
        Errors(await book.CreateAsync(Trade.Leaf, draft with { Price = "48.10" })).ShouldBe(["price below_cost"]);
        Errors(await book.CreateAsync(Trade.Leaf, draft with { Units = "0", Quota = "x", PaySeconds = "5", Price = "49.001", To = draft.From }))
            .ShouldBe(["units out_of_range", "price not_whole_fen", "quota not_a_number", "pay_seconds out_of_range", "to ends_before_start"]);
        Errors(await book.CreateAsync(Trade.Top, draft)).ShouldBe(["storefront not_found"]);
        var sale = Saved(await book.CreateAsync(null, draft));
        (await book.ListAsync(Trade.Leaf)).ShouldHaveSingleItem().ShouldBe(sale);
        (await book.ListAsync(Trade.Top)).ShouldBeEmpty();
        (await book.EndAsync(sale.Id, Trade.Top)).ShouldBeOfType<AgentsDecision<FlashSale>.Missing>();
        Saved(await book.EndAsync(sale.Id, Trade.Leaf));
        (await AttemptAsync(trade, sale, 1)).ShouldBe(new OrderDecision.Refused(Refusal.SaleEnded));
    }

    private static FlashSaleDraft Draft(Trade trade, int units) => new()
    {
        Storefront = new StorefrontId(60), Sku = Trade.Sku, Units = $"{units}", Price = "49.00", Quota = "1", PaySeconds = "60",
        From = trade.Clock.Now().AddMinutes(-1), To = trade.Clock.Now().AddHours(1),
    };

    private static async Task<FlashSale> SaleAsync(Trade trade, int units) =>
        Saved(await trade.World.Get<SaleBook>().CreateAsync(Trade.Leaf, Draft(trade, units)));

    private static Task<OrderDecision> AttemptAsync(Trade trade, FlashSale sale, long buyer)
    {
        var claim = new SaleClaim(sale.Id, buyer);
        return trade.Desk.RunAsync(new OrderCommand.Reserve(
            sale.StorefrontId, sale.MerchantId, claim.ClientKey, sale.SkuId, 1, sale.Price, Money.Parse("0.30"), "test", null, "", [],
            trade.Clock.Now().AddSeconds(sale.PaySeconds), "ticket", claim));
    }

    private static FlashSale Saved(AgentsDecision<FlashSale> decision) => decision.ShouldBeOfType<AgentsDecision<FlashSale>.Saved>().Value;

    private static List<string> Errors(AgentsDecision<FlashSale> decision) =>
        [.. decision.ShouldBeOfType<AgentsDecision<FlashSale>.Refused>().Errors.Select(e => $"{e.Field} {e.Code}")];
}
