using Lianka.Kernel;
using Lianka.Modules.Ledger;
using Lianka.Modules.Orders;
using Lianka.Modules.Payments;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Orders;

namespace Lianka.Tests.Integration.Payments;

/// <summary>F30, I7: what a channel refuses to give back goes another way, once, and never silently stays.</summary>
public sealed class RefundWayTests
{
    /// <summary>A paid order whose refund the channel refuses.</summary>
    private static async Task<(AttemptTests.Till Till, Order Order, Refund Refund, PaymentCase Case)> RefusedAsync(DatabaseKind kind)
    {
        var till = await AttemptTests.OpenAsync(kind);
        var order = await till.ReserveAsync("k");
        var attempt = await till.StartAsync(order);
        till.A.Pay(attempt.OutNo, "T1");
        await till.FollowAsync(TimeSpan.FromSeconds(6));
        till.A.OnRefund = () => throw new ChannelRefusedException("TOO_LATE", "after a year");
        Trade.Done(await till.Trade.RefundAsync(order, 1));
        await till.RefundAsync();
        till.A.Refunds.Clear();
        till.A.OnRefund = null;
        return (till, order, (await till.Desk.RefundsAsync(order.Id)).ShouldHaveSingleItem(), (await CasesAsync(till)).ShouldHaveSingleItem());
    }

    private static Task<List<PaymentCase>> CasesAsync(AttemptTests.Till till, bool isOpen = true) => till.Trade.World.Get<PaymentCaseDesk>().ListAsync(isOpen);

    private static RefundDesk Desk(AttemptTests.Till till) => till.Trade.World.Get<RefundDesk>();

    private static string Code(ReconcileDecision decision) => decision.ShouldBeOfType<ReconcileDecision.Refused>().Error.Code;

    private static async Task<(RefundState, RefundWay)> StateAsync(AttemptTests.Till till, Order order)
    {
        var refund = (await till.Desk.RefundsAsync(order.Id)).ShouldHaveSingleItem();
        return (refund.State, refund.Way);
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F30_A_refund_that_the_channel_refuses_waits_for_a_person_and_cannot_be_ended_by_words(DatabaseKind kind)
    {
        var (till, order, refund, open) = await RefusedAsync(kind);
        await using var _ = till;
        (refund.State, open.Kind, open.RefundId, open.OrderId, open.Detail).ShouldBe((RefundState.Failed, "refund_failed", refund.Id, order.Id, "TOO_LATE"));
        Code(await till.Trade.World.Get<PaymentCaseDesk>().EndAsync(open.Id, "operator:one", "never mind")).ShouldBe("refund");
        (await till.Trade.BalanceAsync("clearing:orders", 0)).ShouldBe("49.5000");
        await till.Trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F30_Tried_again_it_is_told_under_the_same_number_or_under_a_new_one_when_the_first_failed_there(DatabaseKind kind)
    {
        var (till, order, refund, open) = await RefusedAsync(kind);
        await using var _ = till;
        // Their console says that they have it, and that it failed.
        till.A.Refunds[PublicId.Encode(refund.Id)] = (null!, RefundOutcome.Failed);
        (await Desk(till).RetryAsync(open.Id, "operator:one")).ShouldBeOfType<ReconcileDecision.Done>();
        Code(await Desk(till).RetryAsync(open.Id, "operator:one")).ShouldBe("under_way");
        Code(await Desk(till).ByHandAsync(open.Id, false, "B1", "operator:one")).ShouldBe("under_way");
        await till.RefundAsync();
        (await StateAsync(till, order)).ShouldBe((RefundState.Done, RefundWay.Channel));
        till.A.Refunds.Count.ShouldBe(2);
        till.A.Refunds.Keys.ShouldContain(PublicId.Encode(refund.Id));
        (await CasesAsync(till)).ShouldBeEmpty();
        (await CasesAsync(till, isOpen: false)).ShouldHaveSingleItem().Resolution.ShouldBe("back_by_channel");
        (await till.Trade.BalanceAsync("clearing:orders", 0), await till.Trade.BalanceAsync("clearing:a", 0)).ShouldBe(("0.0000", "0.0000"));
        await till.Trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F30_What_the_channel_has_done_meanwhile_is_not_told_again(DatabaseKind kind)
    {
        var (till, order, refund, open) = await RefusedAsync(kind);
        await using var _ = till;
        till.A.OnQuery = () => throw new InvalidOperationException("only the refund is asked about");
        till.A.Refunds[PublicId.Encode(refund.Id)] = (null!, RefundOutcome.Done);
        till.A.OnRefund = () => throw new InvalidOperationException("told twice");
        (await Desk(till).RetryAsync(open.Id, "operator:one")).ShouldBeOfType<ReconcileDecision.Done>();
        (await StateAsync(till, order)).ShouldBe((RefundState.Done, RefundWay.Channel));
        await till.RefundAsync();
        await till.Trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F30_Paid_by_hand_takes_one_person_below_the_limit_and_its_reference_once(DatabaseKind kind)
    {
        var (till, order, refund, open) = await RefusedAsync(kind);
        await using var _ = till;
        Code(await Desk(till).ByHandAsync(open.Id, false, " ", "operator:one")).ShouldBe("bad_reference");
        (await Desk(till).ByHandAsync(open.Id, false, "B1", "operator:one")).ShouldBe(new ReconcileDecision.Done());
        (await StateAsync(till, order)).ShouldBe((RefundState.Done, RefundWay.Bank));
        (await till.Trade.BalanceAsync("clearing:orders", 0), await till.Trade.BalanceAsync("clearing:a", 0), await till.Trade.BalanceAsync("clearing:bank", 0)).ShouldBe(("0.0000", "-49.5000", "-299950.5000"), "The wallets of the start came from the bank.");
        Code(await Desk(till).ByHandAsync(open.Id, false, "B2", "operator:two")).ShouldBe("settled");
        Code(await Desk(till).RetryAsync(open.Id, "operator:two")).ShouldBe("under_way");
        // The channel's worker has nothing to do any more: never both ways (F30).
        till.A.OnRefund = () => throw new InvalidOperationException("told though it is back");
        await till.RefundAsync();
        await till.Trade.ProveAsync();
        // A hand in the database that pays it to the channel as well is seen (I7).
        await till.Trade.World.Database.WriteAsync(s => s.ExecuteAsync("update channel_refund set way = 'channel' where id = @Id", new { refund.Id }));
        var output = new StringWriter();
        (await Host.Proof.Verification.RunAsync(till.Trade.World.Database, till.Trade.Clock, output)).ShouldBeFalse();
        output.ToString().ShouldContain("each refund that is back is posted once");
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F30_From_the_limit_on_two_persons_agree_and_eight_who_press_at_once_pay_once(DatabaseKind kind)
    {
        var (till, order, _, open) = await RefusedAsync(kind);
        await using var _ = till;
        await till.Trade.World.Database.WriteAsync(s => s.ExecuteAsync("insert into setting (name, value) values (@name, '49.50')", new { name = RefundDesk.LimitSetting }));
        (await Desk(till).ByHandAsync(open.Id, false, "B1", "operator:one")).ShouldBe(new ReconcileDecision.Done(IsAsked: true));
        (await Desk(till).ByHandAsync(open.Id, false, "B2", "operator:one")).ShouldBe(new ReconcileDecision.Done(IsAsked: true));
        (await StateAsync(till, order)).Item1.ShouldBe(RefundState.Failed);
        var pressed = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => Desk(till).ByHandAsync(open.Id, true, "X", $"operator:{i}"))));
        pressed.Count(p => p is ReconcileDecision.Done { IsAsked: false }).ShouldBe(1);
        (await StateAsync(till, order)).ShouldBe((RefundState.Done, RefundWay.Bank));
        (await till.Trade.CountAsync("select count(*) from posting where key like 'refund:%' and kind = 'refund_bank' and reason = 'B2'")).ShouldBe(1);
        await till.Trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F30_The_source_and_a_person_at_once_give_it_back_once(DatabaseKind kind)
    {
        var (till, order, _, open) = await RefusedAsync(kind);
        await using var _ = till;
        var told = await Task.WhenAll(
            Task.Run(() => Desk(till).RetryAsync(open.Id, "operator:one")), Task.Run(() => Desk(till).ByHandAsync(open.Id, false, "B1", "operator:two")),
            Task.Run(() => Desk(till).RetryAsync(open.Id, "operator:three")), Task.Run(() => Desk(till).ByHandAsync(open.Id, true, "C1", "operator:four")));
        told.Count(t => t is ReconcileDecision.Done).ShouldBe(1);
        await till.RefundAsync();
        (await StateAsync(till, order)).Item1.ShouldBe(RefundState.Done);
        (await till.Trade.BalanceAsync("clearing:orders", 0)).ShouldBe("0.0000");
        (await till.Trade.CountAsync("select count(*) from posting where key like 'refund:%' and kind in ('channel_back', 'refund_bank')")).ShouldBe(1);
        await till.Trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F30_Refused_again_it_waits_again(DatabaseKind kind)
    {
        var (till, order, _, open) = await RefusedAsync(kind);
        await using var _ = till;
        (await Desk(till).RetryAsync(open.Id, "operator:one")).ShouldBeOfType<ReconcileDecision.Done>();
        till.A.OnRefund = () => throw new ChannelRefusedException("STILL_TOO_LATE", "after a year");
        await till.RefundAsync();
        (await StateAsync(till, order)).Item1.ShouldBe(RefundState.Failed);
        (await CasesAsync(till)).ShouldHaveSingleItem().Detail.ShouldBe("STILL_TOO_LATE");
        await till.Trade.ProveAsync();
    }
}
