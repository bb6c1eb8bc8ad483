using Lianka.Kernel;
using Lianka.Modules.Ledger;
using Lianka.Modules.Payments.Notices;
using Lianka.Platform.Data;
using Microsoft.Extensions.Logging;

namespace Lianka.Modules.Payments.Attempts;

/// <summary>A channel has confirmed the money of an attempt: it is booked once, and pays its payment or goes back.</summary>
/// <remarks>Held by: tests/Integration/Payments/AttemptTests.cs.</remarks>
internal sealed class TakeMoney(
    Database database, IdSource ids, Ledger.Ledger ledger, PaidNews news, ChannelRouter router, TimeProvider clock, ILogger<TakeMoney> logger)
{
    private enum Taken { Before, Wanted, TooMuch, OtherTrade }

    /// <summary>Safe to be told again, by a notice, a question and a statement at once.</summary>
    public async Task TakeAsync(Attempt attempt, Channel channel, string tradeNo, CancellationToken cancel)
    {
        var (now, refund) = (clock.Now(), await ids.NextAsync());
        var taken = await database.WriteAsync(s => TakeAsync(s, attempt, channel, tradeNo, refund, now), cancel);
        if (taken == Taken.Before) return;
        if (taken == Taken.OtherTrade)
        {
            logger.LogError("Trade {Trade} of channel {Channel} is told for {Attempt}, but pays another attempt", tradeNo, channel.Code, attempt.OutNo);
            return;
        }

        router.Paid(attempt, now);
        if (taken == Taken.TooMuch)
        {
            logger.LogWarning("{Payment} was paid twice; what channel {Channel} took goes back", attempt.PaymentId, channel.Code);
            return;
        }

        // What is not taken now is told again by PaymentTeller.
        await news.TellAsync(attempt.PaymentId, cancel);
    }

    private async Task<Taken> TakeAsync(Session session, Attempt attempt, Channel channel, string tradeNo, long refund, DateTimeOffset now)
    {
        await LedgerWrites.EnterAsync(session);
        // One trade is one sum of money: it pays one attempt and no other (I6), also when it is told for two at once.
        if (session.Kind == DatabaseKind.Postgres)
            await session.ExecuteAsync("select pg_advisory_xact_lock(hashtextextended(@about, 0))", new { about = $"trade:{channel.Id}:{tradeNo}" });
        if (await session.ScalarAsync<long?>(
            "select id from payment_attempt where channel_id = @Id and trade_no = @tradeNo and id <> @attempt", new { channel.Id, tradeNo, attempt = attempt.Id }) is not null)
        {
            await PaymentCases.OpenAsync(session, new NewCase("trade_reused", $"attempt:{attempt.Id}", channel.Id, attempt.PaymentId, attempt.Id, null, null, attempt.Amount, tradeNo), now);
            return Taken.OtherTrade;
        }

        if (await session.ExecuteAsync(
            """
            update payment_attempt set state = 'paid', paid_at = @now, trade_no = coalesce(trade_no, @tradeNo), asked_at = null, live = 0
            where id = @Id and state <> 'paid'
            """,
            new { attempt.Id, now, tradeNo }) == 0) return Taken.Before;

        if (attempt.Booked == 1)
        {
            var from = await ledger.OpenAsync(session, channel.Account, Parties.Platform);
            var to = await ledger.OpenAsync(session, AccountKinds.Clearing(PaymentBook.Clearing), Parties.Platform);
            await ledger.MustPostAsync(session, new Posting("channel_paid", $"channel:{channel.Code}", [new Leg(from, to, attempt.Amount, "channel_paid")], tradeNo, $"attempt:{attempt.Id}"));
        }

        if (await session.ExecuteAsync(
            "update payment set attempt_id = @Id, told_at = @now where id = @PaymentId and attempt_id is null", new { attempt.Id, attempt.PaymentId, now }) == 1)
            return Taken.Wanted;
        await PaymentBook.RequestAsync(session, refund, attempt.PaymentId, attempt.Id, attempt.Amount, "paid_twice", now);
        return Taken.TooMuch;
    }
}
