using Lianka.Kernel;

namespace Lianka.Modules.Payments.Core;

/// <summary>Whether a wallet may pay. Pure.</summary>
/// <remarks>Held by: tests/Unit/Payments/WalletExamples.cs.</remarks>
public static class WalletRule
{
    /// <param name="balance">Of the payer's wallet, without its credit line: a shop's takings can be withdrawn, and a credit line must not become cash.</param>
    /// <param name="held">Of the balance, set aside for something else.</param>
    /// <returns>Why not; null: it pays.</returns>
    public static FieldError? Error(WalletPayment payment, Money balance, Money held, DateTimeOffset now)
    {
        if (payment.State == WalletPaymentState.Paid) return new("payment", "settled", "It is paid already.", "已经付过了。");
        if (!payment.IsWaiting(now))
            return new("payment", "over", "It is not waited for any more: the time is over, or the buyer chose another way.", "已经不能付了：过了付款时间，或买家换了支付方式。");
        return balance - held >= payment.Amount ? null
            : new("payment", "too_little", "Too little money of your own is available in the wallet; a credit line does not pay here.", "钱包里可用的自有余额不够；信用额度在这里不能用。");
    }
}
