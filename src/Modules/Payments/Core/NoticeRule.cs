namespace Lianka.Modules.Payments.Core;

/// <summary>What is done with a notice, in the order in which it is checked.</summary>
public enum NoticeVerdict
{
    /// <summary>Not signed by the channel, too old, for another merchant number, or not in its form.</summary>
    BadSignature,
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

    /// <summary>It is about a refund, which is asked about at once.</summary>
    Refund,
}

/// <summary>Whether a notice is news. Pure: the channel's code verified signature, age and merchant number.</summary>
public static class NoticeRule
{
    /// <param name="notice">Null: the channel did not sign it.</param>
    /// <param name="attempt">The attempt with the out number that the notice names, of whatever channel; null: none.</param>
    public static NoticeVerdict Judge(long channel, ChannelNotice? notice, Attempt? attempt)
    {
        if (notice is null) return NoticeVerdict.BadSignature;
        if (attempt is null) return NoticeVerdict.UnknownPayment;
        // A channel speaks for its own attempts only: its key must not complete another channel's order (F27).
        if (attempt.ChannelId != channel) return NoticeVerdict.WrongChannel;
        if (notice.RefundNo is not null) return NoticeVerdict.Refund;
        if (notice.Amount.Currency != attempt.Amount.Currency) return NoticeVerdict.WrongCurrency;
        if (notice.Amount != attempt.Amount) return NoticeVerdict.WrongAmount;
        if (notice.State != TradeState.Paid) return NoticeVerdict.NotPaid;
        // The first trade number stays: a second one for the same attempt would be other money (I6).
        if (attempt.TradeNo is { } known && known != notice.TradeNo) return NoticeVerdict.WrongTrade;
        return attempt.State == AttemptState.Paid ? NoticeVerdict.Repeated : NoticeVerdict.Accepted;
    }
}
