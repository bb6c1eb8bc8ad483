using Lianka.Modules.Ledger;
using Lianka.Modules.Orders;
using Lianka.Modules.Orders.Settle;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Orders;

namespace Lianka.Tests.Integration.Faults;

/// <summary>F14: the machine's clock is set, forward or back, in the middle of trade.</summary>
public sealed class ClockStepTests
{
    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F14_A_clock_set_back_between_any_two_steps_of_an_order_leaves_its_moments_in_order(DatabaseKind kind)
    {
        await using var trade = await Trade.OpenAsync(kind, cards: 30);
        var bought = Trade.Done(await trade.PlaceAsync("bought", 2));
        var reserved = Trade.Done(await trade.ReserveAsync("reserved", 2));
        trade.Clock.Turn(TimeSpan.FromHours(-2));
        Trade.Done(await trade.PayAsync(reserved));
        trade.Clock.Turn(TimeSpan.FromHours(-2));
        foreach (var order in new[] { bought, reserved })
        {
            Trade.Done(await trade.Desk.RunAsync(new OrderCommand.Reveal(order.Id, null, "test", "10.0.0.1")));
            Trade.Done(await trade.RefundAsync(order, 1));
        }

        // The same numbers are the same orders, whatever the time is.
        (await trade.PlaceAsync("bought", 2)).ShouldBeOfType<OrderDecision.Done>().IsReplay.ShouldBeTrue();
        await trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F14_A_clock_set_far_forward_and_back_lapses_what_was_due_once_and_settles_once(DatabaseKind kind)
    {
        await using var trade = await Trade.OpenAsync(kind, cards: 30);
        Trade.Done(await trade.PlaceAsync("bought", 2));
        var reserved = Trade.Done(await trade.ReserveAsync("reserved"));
        trade.Clock.Turn(TimeSpan.FromDays(3));
        await trade.World.Get<OrderClock>().LapseAsync();
        (await trade.SettleAsync()).ShouldBe(1);
        await trade.ProveAsync();

        trade.Clock.Turn(TimeSpan.FromDays(-3));
        (await trade.SettleAsync()).ShouldBe(0);
        (await trade.Desk.FindAsync(reserved.Id))!.Status.ShouldBe(OrderStatus.Expired, "a final state stays");
        var again = (await trade.PayAsync(reserved)).ShouldBeOfType<OrderDecision.Done>();
        again.Order.Id.ShouldNotBe(reserved.Id, "late money buys again");
        Trade.Done(await trade.PlaceAsync("later"));
        (await trade.BalanceAsync(AccountKinds.Settling, Parties.Platform)).ShouldBe("0.0000");

        // Once the clock is right again, everything goes on where it stood.
        trade.Clock.Turn(TimeSpan.FromDays(3.1));
        (await trade.SettleAsync()).ShouldBe(2);
        await trade.ProveAsync();
    }
}
