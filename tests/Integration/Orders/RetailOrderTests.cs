using Lianka.Modules.Ledger;
using Lianka.Modules.Orders;
using Lianka.Modules.Orders.Settle;
using Lianka.Platform.Data;

namespace Lianka.Tests.Integration.Orders;

public sealed class RetailOrderTests
{
    public static TheoryData<DatabaseKind> Both => World.Both;

    [Theory, MemberData(nameof(Both))]
    public async Task F23_A_notice_repeated_at_once_and_a_day_later_delivers_once(DatabaseKind kind)
    {
        await using var trade = await Trade.OpenAsync(kind, cards: 5);
        var placed = Trade.Done(await trade.ReserveAsync("K"));
        var paid = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => trade.PayAsync(placed)));
        paid.Cast<OrderDecision.Done>().Count(d => !d.IsReplay).ShouldBe(1);
        trade.Clock.Turn(TimeSpan.FromDays(1));
        (await trade.PayAsync(placed)).ShouldBeOfType<OrderDecision.Done>().IsReplay.ShouldBeTrue();
        (await trade.BalanceAsync(AccountKinds.Escrow, 3)).ShouldBe("49.5000");
        (await trade.BalanceAsync("clearing:test", 0)).ShouldBe("-49.5000");
        await trade.ProveAsync();
    }

    [Theory, MemberData(nameof(Both))]
    public async Task A_double_click_on_pay_is_one_order(DatabaseKind kind)
    {
        await using var trade = await Trade.OpenAsync(kind, cards: 5);
        var placed = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => trade.ReserveAsync("one-press")));
        placed.Select(d => Trade.Done(d).Id).Distinct().ShouldHaveSingleItem();
        (await trade.CountAsync("select count(*) from orders")).ShouldBe(1);
        await trade.ProveAsync();
    }

    [Theory, MemberData(nameof(Both))]
    public async Task I17_A_lapsed_reservation_returns_to_sale_and_late_money_buys_again(DatabaseKind kind)
    {
        await using var trade = await Trade.OpenAsync(kind, cards: 1);
        var placed = Trade.Done(await trade.ReserveAsync("K"));
        (await trade.PlaceAsync("A-1")).ShouldBe(new OrderDecision.Refused(Refusal.StockShort));
        trade.Clock.Turn(TimeSpan.FromMinutes(16));
        await trade.World.Get<OrderClock>().LapseAsync();
        (await trade.Desk.FindAsync(placed.Id))!.Status.ShouldBe(OrderStatus.Expired);

        var again = Trade.Done(await trade.PayAsync(placed));
        again.Id.ShouldNotBe(placed.Id);
        again.Status.ShouldBe(OrderStatus.Delivered);
        (await trade.Desk.FindByContactAsync(again.Id, System.Security.Cryptography.SHA256.HashData([1]))).ShouldNotBeNull();
        await trade.ProveAsync();
    }

    [Theory, MemberData(nameof(Both))]
    public async Task F25_Late_money_without_stock_goes_back_and_is_never_kept(DatabaseKind kind)
    {
        await using var trade = await Trade.OpenAsync(kind, cards: 1);
        var placed = Trade.Done(await trade.ReserveAsync("K"));
        trade.Clock.Turn(TimeSpan.FromMinutes(16));
        await trade.World.Get<OrderClock>().LapseAsync();
        Trade.Done(await trade.PlaceAsync("A-1"));
        (await trade.PayAsync(placed)).ShouldBeOfType<OrderDecision.Done>().RefundDue.ShouldBe(placed.Total);
        (await trade.PayAsync(placed)).ShouldBeOfType<OrderDecision.Done>().RefundDue.IsZero.ShouldBeTrue();
        (await trade.CountAsync("select count(*) from channel_refund where amount = 495000 and state = 'pending'")).ShouldBe(1);
        (await trade.BalanceAsync("clearing:test", 0)).ShouldBe("0.0000");
        await trade.ProveAsync();
    }

    [Theory, MemberData(nameof(Both))]
    public async Task F19_Pay_cancel_expire_and_refund_at_once_end_in_one_state(DatabaseKind kind)
    {
        await using var trade = await Trade.OpenAsync(kind, cards: 60);
        for (byte i = 0; i < 12; i++)
        {
            var placed = Trade.Done(await trade.ReserveAsync($"K{i}", contact: i));
            await Task.WhenAll(
                trade.PayAsync(placed), trade.PayAsync(placed),
                trade.Desk.RunAsync(new OrderCommand.Cancel(placed.Id, null, "buyer")),
                trade.Desk.RunAsync(new OrderCommand.Cancel(placed.Id, null, "operator")),
                trade.Desk.RunAsync(new OrderCommand.Expire(placed.Id)),
                trade.RefundAsync(placed, null), trade.RefundAsync(placed, null));
        }

        await trade.ProveAsync();
    }

    [Theory, MemberData(nameof(Both))]
    public async Task A_concurrent_cancel_never_refunds_twice(DatabaseKind kind)
    {
        await using var trade = await Trade.OpenAsync(kind, cards: 5);
        var placed = Trade.Done(await trade.ReserveAsync("K"));
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => trade.Desk.RunAsync(new OrderCommand.Cancel(placed.Id, null, "buyer"))));
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => trade.PayAsync(placed)));
        (await trade.CountAsync("select count(*) from channel_refund")).ShouldBe(1);
        (await trade.BalanceAsync("clearing:test", 0)).ShouldBe("0.0000");
        await trade.ProveAsync();
    }

    [Theory, MemberData(nameof(Both))]
    public async Task One_bad_command_does_not_take_the_rest_of_its_batch_with_it(DatabaseKind kind)
    {
        await using var trade = await Trade.OpenAsync(kind, cards: 50);
        var placed = Trade.Done(await trade.ReserveAsync("K"));
        await trade.Desk.RunAsync(new OrderCommand.Cancel(placed.Id, null, "buyer"));
        // Its payment row is gone, so giving the money back cannot be booked: a fault, not a refusal.
        await trade.World.Database.WriteAsync(s => s.ExecuteAsync("delete from payment"));
        var bad = trade.PayAsync(placed);
        var good = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => trade.PlaceAsync($"A-{i}")));
        good.ShouldAllBe(d => d is OrderDecision.Done);
        await Should.ThrowAsync<InvalidOperationException>(() => bad);
        (await trade.BalanceAsync("clearing:test", 0)).ShouldBe("0.0000");
        await trade.ProveAsync();
    }
}
