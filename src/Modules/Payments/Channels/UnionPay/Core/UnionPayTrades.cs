using Lianka.Kernel;
using Lianka.Modules.Payments.Channels.Wire;

namespace Lianka.Modules.Payments.Channels.UnionPay.Core;

/// <summary>UnionPay's answers as our records.</summary>
/// <remarks>Held by: tests/Unit/Payments/UnionPayExamples.cs.</remarks>
internal static class UnionPayTrades
{
    public const string TimeForm = "yyyyMMddHHmmss";
    public const string Yuan = "156";

    /// <summary>No trade of this number: of a page that the buyer has not sent yet as well.</summary>
    public const string NoTrade = "34";

    /// <summary>The number was used before.</summary>
    public const string Repeated = "12";

    /// <summary>No card can be charged on a page later than this after the order was made, whatever the reservation's length is.</summary>
    public static readonly TimeSpan LifeMax = TimeSpan.FromHours(2);

    /// <summary>Our clock, UnionPay's, and a payment that was begun at the last moment.</summary>
    public static readonly TimeSpan Margin = TimeSpan.FromMinutes(10);

    /// <summary>When UnionPay stops taking the money. It stands in the order's own field as well, which UnionPay repeats.</summary>
    public static string PayTimeout(ChannelOrder order)
    {
        var last = order.CreatedAt + LifeMax;
        return FenText.Time(order.ExpiresAt < last ? order.ExpiresAt : last, TimeForm);
    }

    /// <summary>UnionPay is still at it, or does not know itself.</summary>
    public static bool IsUnknown(string code) => code is "03" or "04" or "05";

    /// <summary>A6: done, with a flaw that is not the merchant's.</summary>
    public static bool IsDone(string code) => code is "00" or "A6";

    /// <summary>A payment as the answer to a query has it.</summary>
    /// <remarks>
    /// A failure is not the end: the buyer may try again with another card until the trade's time is over. UnionPay does not
    /// tell that time, so it is read from the field that we gave the order.
    /// </remarks>
    /// <returns>Null when it is not about this trade.</returns>
    public static ChannelTrade? Read(IReadOnlyDictionary<string, string> answer, string outNo, DateTimeOffset now)
    {
        if (answer.GetValueOrDefault("orderId") != outNo || answer.GetValueOrDefault("currencyCode", Yuan) != Yuan) return null;
        if (!FenText.TryFen(answer.GetValueOrDefault("txnAmt", ""), out var amount)) return null;
        var code = answer.GetValueOrDefault("origRespCode", "");
        if (code.Length == 0) return null;
        var queryId = answer.GetValueOrDefault("queryId", "");
        if (IsDone(code)) return queryId.Length > 0 ? new ChannelTrade(TradeState.Paid, queryId, amount, PaidAt(answer)) : null;
        var until = FenText.ReadTime(answer.GetValueOrDefault("reqReserved", ""), TimeForm);
        var isOver = !IsUnknown(code) && until is { } last && now > last + Margin;
        return new ChannelTrade(isOver ? TradeState.Closed : TradeState.Open, queryId, amount);
    }

    /// <returns>Null when it is not about this refund.</returns>
    public static RefundAnswer? ReadRefund(IReadOnlyDictionary<string, string> answer, ChannelRefund refund)
    {
        if (answer.GetValueOrDefault("orderId") != refund.RefundNo || answer.GetValueOrDefault("txnAmt") != FenText.Fen(refund.Amount)) return null;
        var code = answer.GetValueOrDefault("origRespCode", "");
        if (code.Length == 0) return null;
        var outcome = IsDone(code) ? RefundOutcome.Done : IsUnknown(code) ? RefundOutcome.Pending : RefundOutcome.Failed;
        var words = outcome == RefundOutcome.Failed ? $"{code} {answer.GetValueOrDefault("origRespMsg", "")}".TrimEnd() : "";
        return new RefundAnswer(outcome, answer.GetValueOrDefault("queryId", ""), words);
    }

    /// <returns>Null when it is for another merchant number, or neither a payment nor a refund.</returns>
    public static ChannelNotice? ReadNotice(IReadOnlyDictionary<string, string> fields, string merchant)
    {
        string Field(string name) => fields.GetValueOrDefault(name, "");
        if (merchant.Length == 0 || Field("merId") != merchant || Field("orderId").Length == 0) return null;
        if (!FenText.TryFen(Field("txnAmt"), out var fen)) return null;
        // Another currency than the yuan is told as it is, so that it is seen to be wrong.
        var amount = Field("currencyCode") is "" or Yuan ? fen : new Money(fen.Units, new Currency($"ISO {Field("currencyCode")}"));
        var code = Field("respCode");
        switch (Field("txnType"))
        {
            case "01":
                return new ChannelNotice(Field("orderId"), Field("queryId"), amount, IsDone(code) && Field("queryId").Length > 0 ? TradeState.Paid : TradeState.Open);
            case "04":
                var outcome = IsDone(code) ? RefundOutcome.Done : IsUnknown(code) ? RefundOutcome.Pending : RefundOutcome.Failed;
                return new ChannelNotice(Field("reqReserved"), Field("origQryId"), amount, TradeState.Paid, Field("orderId"), outcome);
            default:
                return null;
        }
    }

    // MMDDhhmmss of UnionPay's own clock, without a year: it is the one that lies nearest to the order's.
    private static DateTimeOffset? PaidAt(IReadOnlyDictionary<string, string> answer)
    {
        if (FenText.ReadTime(answer.GetValueOrDefault("txnTime", ""), TimeForm) is not { } ordered) return null;
        return NearestYear(answer.GetValueOrDefault("traceTime", ""), ordered);
    }

    /// <param name="text"><c>MMDDhhmmss</c> in China's time.</param>
    public static DateTimeOffset? NearestYear(string text, DateTimeOffset near)
    {
        var year = near.ToOffset(FenText.China).Year;
        return ((int[])[year - 1, year, year + 1])
            .Select(y => FenText.ReadTime($"{y:D4}{text}", TimeForm)).OfType<DateTimeOffset>()
            .OrderBy(t => (t - near).Duration()).Select(t => (DateTimeOffset?)t).FirstOrDefault();
    }
}
