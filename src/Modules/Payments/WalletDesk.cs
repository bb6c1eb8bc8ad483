using Lianka.Kernel;
using Lianka.Modules.Ledger;
using Lianka.Modules.Payments.Core;
using Lianka.Platform.Data;

namespace Lianka.Modules.Payments;

/// <summary>The front door for merchants who pay a storefront's order out of their wallet.</summary>
/// <remarks>
/// One transaction takes the money from the wallet to the channel's account and writes that down in the channel's own book; the follower then takes it like any
/// channel's money (decision 0041). Whoever closes an attempt and whoever pays it meet at its row: one of them is first.
/// Held by: tests/Integration/Payments/WalletTests.cs.
/// </remarks>
public sealed class WalletDesk(Database database, Ledger.Ledger ledger, TimeProvider clock)
{
    /// <param name="code">Of the page's address.</param>
    public Task<WalletPayment?> FindAsync(string code, CancellationToken cancel = default) => database.ReadAsync(s => FindAsync(s, code), cancel);

    /// <summary>What a merchant's wallet can pay here: its own money that is not held.</summary>
    public Task<Money> AvailableAsync(MerchantId merchant, CancellationToken cancel = default) => database.ReadAsync(
        async s => (await Statements.BalancesAsync(s, merchant.Value)).Find(a => a.Kind == AccountKinds.Wallet) is { } wallet ? wallet.Balance - wallet.Held : Money.Zero, cancel);

    /// <summary>Pays, or refuses and moves nothing. Pressed again by the same merchant it is the same payment.</summary>
    public Task<WalletDecision> PayAsync(string code, MerchantId payer, string actor, CancellationToken cancel = default) => database.WriteAsync<WalletDecision>(async s =>
    {
        await LedgerWrites.EnterAsync(s);
        // Two who press come one after the other, and so do one who presses and one who closes.
        if (await s.ScalarAsync<long?>($"select attempt_id from wallet_payment where code = @code{s.ForUpdate}", new { code }) is null) return new WalletDecision.Missing();
        var payment = (await FindAsync(s, code))!;
        if (payment.State == WalletPaymentState.Paid && payment.MerchantId == payer) return new WalletDecision.Done(payment, IsReplay: true);
        var (wallet, clearing) = (
            await ledger.OpenAsync(s, AccountKinds.Wallet, payer.Value), await ledger.OpenAsync(s, AccountKinds.Clearing(payment.Channel), Parties.Platform));
        var account = (await ledger.LockAsync(s, [wallet, clearing]))[wallet];
        var now = clock.Now();
        if (WalletRule.Error(payment, account.Balance, account.Held, now) is { } error) return new WalletDecision.Refused(error);
        await ledger.MustPostAsync(s, new Posting(
            "wallet_payment", actor, [new Leg(wallet, clearing, payment.Amount, "wallet_payment")], payment.OrderId?.ToString() ?? payment.No, $"wallet_payment:{payment.AttemptId}"));
        await s.ExecuteAsync("update wallet_payment set state = 'paid', merchant_id = @payer, paid_by = @actor, paid_at = @now where attempt_id = @AttemptId",
            new { payer, actor, now, payment.AttemptId });
        // The follower asks at once, also about an attempt that was given up in this moment.
        await s.ExecuteAsync("update payment_attempt set asked_at = @now where id = @AttemptId and state <> 'paid'", new { now, payment.AttemptId });
        return new WalletDecision.Done((await FindAsync(s, code))!, IsReplay: false);
    }, cancel);

    private static Task<WalletPayment?> FindAsync(Session session, string code) => session.FirstAsync<WalletPayment>(
        $"""
        select w.attempt_id, w.code, c.code as channel, {PaymentBook.OrderOf} as order_id, w.amount, w.state, w.subject, w.return_path, w.merchant_id, w.paid_at, a.expires_at,
               case when a.state = 'open' and a.live = 1 and p.state = 'open' and p.attempt_id is null then 1 else 0 end as wanted
        from wallet_payment w join channel c on c.id = w.channel_id join payment_attempt a on a.id = w.attempt_id join payment p on p.id = a.payment_id
        where w.code = @code
        """, new { code });
}
