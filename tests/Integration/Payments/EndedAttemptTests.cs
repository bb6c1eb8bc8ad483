using Lianka.Host.Proof;
using Lianka.Kernel;
using Lianka.Modules.Analytics;
using Lianka.Modules.Orders;
using Lianka.Modules.Payments;
using Lianka.Modules.Payments.Attempts;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Orders;

namespace Lianka.Tests.Integration.Payments;

/// <summary>What stands of a channel's day is what became of its attempts, also when money comes after one was closed.</summary>
public sealed class EndedAttemptTests
{
    private static readonly PayAsk _ask = new(Trade.Leaf, null, PayDevices.Phone, "goods", "http://shop.example/back");

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task I19_Each_attempt_counts_on_its_own_day_once_and_once_more_when_it_is_paid_late(DatabaseKind kind)
    {
        await using var till = await AttemptTests.OpenAsync(kind);
        var (trade, figures) = (till.Trade, till.Trade.World.Get<Modules.Analytics.Figures>());
        // Noon in China, so that the quarters of an hour below stay on one day.
        var now = trade.Clock.Now().ToOffset(TimeSpan.FromHours(8));
        trade.Clock.Turn(new DateTimeOffset(now.Date.AddDays(1).AddHours(12), now.Offset) - now);
        var day = ChinaDay.Of(trade.Clock.Now());
        var channels = (await trade.World.Get<PaymentChannels>().ListAsync()).ToDictionary(c => c.Code);
        var a = channels["a"];

        // One paid; one that gave no pay code, so that its buyer paid by the other channel; one that nobody paid; one to which nobody went; one that is still open.
        till.A.Pay((await till.StartAsync(await ReserveAsync("paid"))).OutNo, "T1");
        till.A.OnCreate = () => throw new ChannelException("no answer");
        var other = await till.StartAsync(await ReserveAsync("by the other"));
        till.A.OnCreate = null;
        till.B.Pay(other.OutNo, "T1");
        till.A.Trades[(await till.Desk.AttemptsAsync(other.PaymentId))[0].Attempt.OutNo] = new ChannelTrade(TradeState.Open, "", other.Amount);
        await trade.World.Database.WriteAsync(s => s.ExecuteAsync("update channel set state = 'off' where code = 'b'"));
        var late = await till.StartAsync(await ReserveAsync("late"));
        var unseen = (await till.Desk.StartAsync((await ReserveAsync("unseen")).Id, _ask with { GoesLater = true }))!.Attempt!;
        unseen.IsSeen.ShouldBeFalse();
        await FoldAsync();
        (await TriesAsync()).ShouldBeEmpty("none is over");
        await till.FollowAsync(TimeSpan.FromSeconds(20));
        await FoldAsync();
        (await TriesAsync()).ShouldBe([("a", 2, 1), ("b", 1, 1)]);
        var desk = trade.World.Get<ChannelDesk>();
        (await desk.FiguresAsync(a)).Recent.Tried.ShouldBe(0, "who paid shows at once, who did not does not yet: neither is judged by before its code has run out");
        await till.FollowAsync(TimeSpan.FromMinutes(16));
        (await desk.FiguresAsync(a)).Recent.ShouldBe(new ChannelHealth(3, 1, false));
        await till.FollowAsync(TimeSpan.FromMinutes(1));
        (await till.Desk.AttemptsAsync(late.PaymentId)).Single().Attempt.State.ShouldBe(AttemptState.Closed);
        await till.StartAsync(await ReserveAsync("still open"));
        // Two nodes at once, one step behind the other.
        await using var node = await trade.AnotherNodeAsync();
        await Task.WhenAll(FoldAsync(1), node.World.Get<FigureFold>().RunAsync(most: 2), FoldAsync(3));
        await FoldAsync();
        (await TriesAsync()).ShouldBe([("a", 3, 1), ("b", 1, 1)]);

        // Money comes for what was closed: for one that counted as tried, and for one to which nobody had gone. The next day counts nothing of it.
        trade.Clock.Turn(TimeSpan.FromDays(1));
        foreach (var (attempt, no) in new[] { (late, "T2"), (unseen, "T3") })
            await trade.World.Get<TakeMoney>().TakeAsync((await till.Desk.AttemptsAsync(attempt.PaymentId)).Single().Attempt, a, no, default);
        (await BrokenAsync()).ShouldBeEmpty("what is not folded yet is not missing");
        await FoldAsync(1);
        // The one that is still open, though its code ran out hours ago, is none that paid.
        (await TriesAsync()).ShouldBe([("a", 5, 3), ("b", 1, 1)]);
        (await figures.ChannelsAsync(new(day.AddDays(1), day.AddDays(1)))).ShouldBeEmpty();
        (await trade.CountAsync("select count(*) from payment_attempt where counted = 0")).ShouldBe(0);

        // Behind the numbers stand the same attempts, in pages.
        var (from, to) = (new DateTimeOffset(day, default, now.Offset), new DateTimeOffset(day.AddDays(1), default, now.Offset));
        var rows = await desk.AttemptsAsync(a.Id, from, to, null, 2);
        rows.AddRange(await desk.AttemptsAsync(a.Id, from, to, rows[^1].Attempt.Id, 10));
        rows.ConvertAll(r => r.Attempt.State).ShouldBe([AttemptState.Open, AttemptState.Paid, AttemptState.Paid, AttemptState.Closed, AttemptState.Paid]);
        rows.ShouldAllBe(r => r.Order != null && r.Purpose == PaymentPurposes.Order);
        (await desk.AttemptsAsync(a.Id, to, to.AddDays(1), null, 10)).ShouldBeEmpty();
        (await desk.AttemptsAsync(channels["b"].Id, null, null, null, 10)).Count.ShouldBe(1);

        foreach (var damage in new[] { "update day_channel set paid = paid - 1 where tried = 5", "delete from day_channel where tried = 1", "update payment_attempt set counted = 0 where counted = 1" })
        {
            await Should.ThrowAsync<NotSupportedException>(() => trade.World.Database.WriteAsync(async s =>
            {
                await s.ExecuteAsync(damage);
                (await Verification.RunAsync(s, trade.Clock.Now())).ShouldContain(f => f.Check.Text == "the days of each channel are its attempts that were counted", damage);
                throw new NotSupportedException("Undone again.");
            }));
        }

        // One that the channel cannot close is unpaid when its code has run out, and counts no second time when it is given up a day later.
        (day, till.A.CanClose) = (day.AddDays(1), false);
        var stuck = await till.StartAsync(await ReserveAsync("stuck"));
        await till.FollowAsync(TimeSpan.FromMinutes(14));
        await FoldAsync();
        (await TriesAsync()).ShouldBeEmpty();
        await till.FollowAsync(TimeSpan.FromMinutes(2));
        (await desk.FiguresAsync(a)).Recent.Tried.ShouldBe(6, "without one to go by in the hour, the last ones");
        foreach (var (after, state) in new[] { (TimeSpan.FromMinutes(1), AttemptState.Open), (TimeSpan.FromHours(26), AttemptState.Closed) })
        {
            await till.FollowAsync(after);
            (await till.Desk.AttemptsAsync(stuck.PaymentId)).Single().Attempt.State.ShouldBe(state);
            await FoldAsync();
            (await TriesAsync()).ShouldBe([("a", 1, 0)]);
        }

        (await BrokenAsync()).ShouldBeEmpty();

        // Each a buyer of its own: one may not hold many.
        async Task<Order> ReserveAsync(string buyer) => Trade.Done(await trade.Desk.RunAsync(new OrderCommand.Reserve(
            new(60), Trade.Leaf, buyer, Trade.Sku, 1, Money.Parse("49.50"), Money.Parse("0.30"), PaymentBook.Clearing, null, $"{buyer}@example.com", [(byte)buyer[0]],
            trade.Clock.Now().AddMinutes(15), "buyer")));
        Task FoldAsync(int most = FigureFold.StepMax) => trade.World.Get<FigureFold>().RunAsync(most: most);
        async Task<List<(string, long, long)>> TriesAsync() => [.. (await figures.ChannelsAsync(new(day, day))).Select(t => (channels.Values.Single(c => c.Id == t.ChannelId).Code, t.Tried, t.Paid)).Order()];
        async Task<List<string>> BrokenAsync() => [.. (await trade.World.Database.ReadAsync(s => Verification.RunAsync(s, trade.Clock.Now()))).Where(f => f.Check.Number == 19).Select(f => f.Check.Text)];
    }
}
