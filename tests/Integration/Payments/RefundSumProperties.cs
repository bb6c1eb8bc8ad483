using Lianka.Kernel;
using Lianka.Modules.Orders;
using Lianka.Modules.Payments;
using Lianka.Modules.Payments.Work;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Orders;

namespace Lianka.Tests.Integration.Payments;

/// <summary>
/// I7: whatever is asked back, whatever the channel does with it, and whoever presses what beside it, never more goes back than was paid, and each refund once.
/// Method: orders of several units, random partial refunds (some too many, some told twice), a channel that does, waits, refuses or is silent, persons who try again or pay by hand.
/// </summary>
public sealed class RefundSumProperties
{
    private const int Units = 6;

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task I7_The_sum_that_goes_back_is_never_above_what_was_paid(DatabaseKind kind)
    {
        await using var till = await AttemptTests.OpenAsync(kind);
        await till.Trade.World.Database.WriteAsync(s => s.ExecuteAsync("update channel set state = 'off' where code = 'b'"));
        for (var seed = 0; seed < 3; seed++)
        {
            var random = new Random(seed);
            var order = Trade.Done(await till.Trade.Desk.RunAsync(new OrderCommand.Reserve(
                new(60), Trade.Leaf, $"s{seed}", Trade.Sku, Units, Money.Parse("49.50"), Money.Parse("1.78"), PaymentBook.Clearing, null, "a@example.com", [1],
                till.Trade.Clock.Now().AddMinutes(15), "buyer")));
            var attempt = await till.StartAsync(order);
            till.A.Pay(attempt.OutNo, $"T{seed}");
            await till.FollowAsync(TimeSpan.FromSeconds(6));
            var asked = 0L;
            for (var step = 0; step < 24; step++)
            {
                var units = random.Next(1, 4);
                till.A.RefundsEnd = random.Next(4) == 0 ? RefundOutcome.Failed : random.Next(3) == 0 ? RefundOutcome.Pending : RefundOutcome.Done;
                till.A.OnRefund = random.Next(4) == 0 ? () => throw new ChannelException("silent") : null;
                var (key, press) = ($"r{random.Next(6)}", random.Next(3));
                await Task.WhenAll(
                    Task.Run(() => till.Trade.RefundAsync(order, units, key)), Task.Run(() => till.Trade.RefundAsync(order, units, key)), Task.Run(() => PressAsync(till, press, seed * 100 + step)),
                    Task.Run(() => till.Trade.World.Get<RefundWorker>().StepAsync(default)));
                // What was on its way is done, or fails.
                foreach (var (number, known) in till.A.Refunds)
                {
                    if (known.Outcome == RefundOutcome.Pending) till.A.Refunds[number] = (known.Refund, random.Next(2) == 0 ? RefundOutcome.Done : RefundOutcome.Failed);
                }

                till.Trade.Clock.Turn(TimeSpan.FromMinutes(11));
                var refunds = await till.Desk.RefundsAsync(order.Id);
                var sum = refunds.Aggregate(Money.Zero, (total, r) => total + r.Amount);
                (sum <= attempt.Amount).ShouldBeTrue($"seed {seed} step {step}: {sum} of {attempt.Amount}");
                asked = Math.Max(asked, refunds.Count);
            }

            asked.ShouldBeGreaterThan(1);
            // In the end the channel does what it is told, and persons try again what it had refused.
            (till.A.OnRefund, till.A.RefundsEnd) = (null, RefundOutcome.Done);
            for (var round = 0; round < 5; round++)
            {
                foreach (var (number, known) in till.A.Refunds)
                {
                    if (known.Outcome == RefundOutcome.Pending) till.A.Refunds[number] = (known.Refund, RefundOutcome.Done);
                }

                foreach (var open in await till.Trade.World.Get<PaymentCaseDesk>().ListAsync(isOpen: true)) await till.Trade.World.Get<RefundDesk>().RetryAsync(open.Id, "operator:one");
                till.Trade.Clock.Turn(TimeSpan.FromMinutes(11));
                await till.RefundAsync();
            }

            var ended = await till.Desk.RefundsAsync(order.Id);
            ended.ShouldAllBe(r => r.State == RefundState.Done);
            // What the channel gave back of the order is what our books say it gave back.
            var there = till.A.Refunds.Values.Where(r => r.Outcome == RefundOutcome.Done && r.Refund.Trade.OutNo == attempt.OutNo).Aggregate(Money.Zero, (total, r) => total + r.Refund.Amount);
            ended.Where(r => r.Way == RefundWay.Channel).Aggregate(Money.Zero, (total, r) => total + r.Amount).ShouldBe(there, $"seed {seed}");
            await till.Trade.ProveAsync();
        }
    }

    private static async Task PressAsync(AttemptTests.Till till, int which, int number)
    {
        var desk = till.Trade.World.Get<RefundDesk>();
        foreach (var open in await till.Trade.World.Get<PaymentCaseDesk>().ListAsync(isOpen: true))
        {
            if (which == 0) await desk.RetryAsync(open.Id, "operator:one");
            else await desk.ByHandAsync(open.Id, which == 1, $"B{number}-{open.Id}", "operator:one");
        }
    }
}
