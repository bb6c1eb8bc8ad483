using Lianka.Kernel;
using Lianka.Modules.Ledger;
using Lianka.Modules.Payments.Attempts;
using Lianka.Platform.Data;
using Microsoft.Extensions.Logging;

namespace Lianka.Modules.Payments.Refunds;

/// <summary>The end of a refund: by its channel, or another way when the channel does not do it. Whichever way it is, money moves once.</summary>
/// <remarks>The state in its row and the posting's key say so, whoever comes second. Held by: tests/Integration/Payments/RefundWayTests.cs.</remarks>
internal sealed class GiveBack(Database database, Ledger.Ledger ledger, IEnumerable<IPaymentListener> listeners, TimeProvider clock, ILogger<GiveBack> logger)
{
    /// <summary>The channel has given it back.</summary>
    public Task<bool> ByChannelAsync(Refund refund, Channel channel, string refundNo, CancellationToken cancel) =>
        database.WriteAsync(async s =>
        {
            await LedgerWrites.EnterAsync(s);
            return await EndAsync(s, refund.Id, RefundWay.Channel, refundNo, $"channel:{channel.Code}");
        }, cancel);

    /// <summary>The channel refuses for good: it goes to the wallet of who paid where there is one, otherwise a person has to look.</summary>
    public Task FailAsync(Refund refund, Channel channel, string detail, CancellationToken cancel) => database.WriteAsync(async s =>
    {
        await LedgerWrites.EnterAsync(s);
        if (await s.ExecuteAsync("update channel_refund set state = 'failed', detail = @detail where id = @Id and state = 'pending'", new { detail, refund.Id }) == 0) return;
        if (await WalletOwnerAsync(s, refund.PaymentId) is not null)
        {
            logger.LogWarning("Refund {Refund} of {Payment} was refused by channel {Channel} and goes to the wallet", refund.Id, refund.PaymentId, channel.Code);
            await EndAsync(s, refund.Id, RefundWay.Wallet, "", "system");
            return;
        }

        logger.LogError("Refund {Refund} of {Payment} was refused by channel {Channel} and waits for a person", refund.Id, refund.PaymentId, channel.Code);
        await PaymentCases.OpenAsync(s, new NewCase(
            PaymentCase.RefundFailed, $"refund:{refund.Id}", channel.Id, refund.PaymentId, refund.AttemptId, refund.Id, refund.Amount, null, detail), clock.Now());
        // It had one before, and was tried again.
        await s.ExecuteAsync(
            "update payment_case set closed_at = null, closed_by = null, asked_by = null, resolution = '', detail = @detail where kind = @kind and refund_id = @Id",
            new { detail, kind = PaymentCase.RefundFailed, refund.Id });
    }, cancel);

    /// <summary>The caller has called <see cref="LedgerWrites.EnterAsync"/> before any lock.</summary>
    /// <param name="number">The channel's number of it, or the reference of a transfer.</param>
    /// <returns>False: it was back before, or is under way again.</returns>
    public async Task<bool> EndAsync(Session session, long id, RefundWay way, string number, string actor)
    {
        var now = clock.Now();
        // Another way than the channel's only where that has failed, and nobody tries it again meanwhile.
        var ends = way == RefundWay.Channel ? "state <> 'done'" : "state = 'failed'";
        if (await session.ExecuteAsync(
            $"update channel_refund set state = 'done', way = @way, done_at = @now, accepted_at = coalesce(accepted_at, @now), refund_no = @number where id = @id and {ends}",
            new { id, way = way.ToString().ToLowerInvariant(), now, number }) == 0) return false;
        var refund = (await session.FirstAsync<Refund>("select * from channel_refund where id = @id", new { id }))!;
        var channel = (await session.FirstAsync<Channel>("select id, code from channel where id = @ChannelId", new { refund.ChannelId }))!;
        var to = way switch
        {
            RefundWay.Wallet => await ledger.OpenAsync(session, AccountKinds.Wallet, (await WalletOwnerAsync(session, refund.PaymentId))!.Value),
            RefundWay.Bank => await ledger.OpenAsync(session, AccountKinds.Clearing("bank"), Parties.Platform),
            _ => await ledger.OpenAsync(session, channel.Account, Parties.Platform),
        };
        var from = await ledger.OpenAsync(session, await StandsOnAsync(session, refund, channel), Parties.Platform);
        if (from != to)
        {
            var kind = way is RefundWay.Channel or RefundWay.Console ? "channel_back" : $"refund_{way.ToString().ToLowerInvariant()}";
            await ledger.MustPostAsync(session, new Posting(kind, actor, [new Leg(from, to, refund.Amount, kind)], number, $"refund:{id}"));
        }

        await session.ExecuteAsync(
            "update payment_case set closed_at = @now, closed_by = @actor, resolution = @resolution where refund_id = @id and kind = @kind and closed_at is null",
            new { now, actor, resolution = $"back_by_{way.ToString().ToLowerInvariant()}", id, kind = PaymentCase.RefundFailed });
        return true;
    }

    /// <summary>Where the money stands until it is back.</summary>
    private static async Task<string> StandsOnAsync(Session session, Refund refund, Channel channel)
    {
        if (refund.LineId is not null) return AccountKinds.Suspense;
        // Of a payment from before there were attempts the order itself has booked it on the channel's account.
        var isBooked = await session.ScalarAsync<long>("select booked from payment_attempt where id = @AttemptId", new { refund.AttemptId }) == 1;
        return isBooked ? AccountKinds.Clearing(PaymentBook.Clearing) : channel.Account;
    }

    private async Task<long?> WalletOwnerAsync(Session session, PaymentId? id)
    {
        // Whose money it is that only a statement knows of, nobody knows here.
        if (id is null) return null;
        var payment = (await PaymentBook.FindAsync(session, id.Value))!;
        return await listeners.First(l => l.Purpose == payment.Purpose).WalletOwnerAsync(session, payment);
    }
}
