namespace Lianka.Modules.Payments.Core;

/// <summary>What is done with a notice, in the order in which it is checked.</summary>
public enum NoticeVerdict
{
    BadSignature,
    WrongMerchant,
    UnknownPayment,
    WrongChannel,
    WrongAmount,
    WrongCurrency,
    NotPaid,
    WrongTrade,
    Repeated,
    /// <summary>Signed, but the channel itself says that it has no such money.</summary>
    UnpaidAtChannel,
    Accepted,
}

/// <summary>Whether a notice is news. Pure: the shell verified nothing but the signature.</summary>
public static class NoticeRule
{
    /// <param name="notice">Null: the channel did not sign it.</param>
    /// <param name="payment">The payment with the out number the notice names, of whatever channel; null: none.</param>
    public static NoticeVerdict Judge(string channel, string merchant, Notice? notice, Payment? payment)
    {
        if (notice is null) return NoticeVerdict.BadSignature;
        if (notice.Merchant != merchant) return NoticeVerdict.WrongMerchant;
        if (payment is null) return NoticeVerdict.UnknownPayment;
        // A channel speaks for its own payments only: its key must not complete another channel's order (F27).
        if (payment.Channel != channel) return NoticeVerdict.WrongChannel;
        if (notice.Amount.Units != payment.Amount.Units) return NoticeVerdict.WrongAmount;
        if (notice.Currency != payment.Currency) return NoticeVerdict.WrongCurrency;
        if (notice.State != TradeState.Paid) return NoticeVerdict.NotPaid;
        // The first trade number stays: a second one for the same payment would be other money (I6).
        if (payment.TradeNo is { } known && known != notice.TradeNo) return NoticeVerdict.WrongTrade;
        return payment.State == PaymentState.Paid ? NoticeVerdict.Repeated : NoticeVerdict.Accepted;
    }
}
