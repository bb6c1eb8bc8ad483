using System.Text;
using System.Text.Json;
using Lianka.Kernel;
using Lianka.Modules.Payments.Channels.Wire;

namespace Lianka.Modules.Payments.Channels.Epay.Core;

/// <summary>What both versions say of a trade, in the same words.</summary>
internal static class EpayTrades
{
    public const string TimeForm = "yyyy-MM-dd HH:mm:ss";

    /// <summary>A site's names of the ways to pay behind it; which of them a merchant has, the channel's methods say.</summary>
    public static readonly IReadOnlyList<(string Type, string Way)> Ways =
        [("alipay", PayWays.Alipay), ("wxpay", PayWays.WeChat), ("qqpay", PayWays.Qq), ("bank", PayWays.UnionPay)];

    /// <param name="method"><c>alipay-qr</c>, <c>wxpay-page</c> …</param>
    public static (string Type, bool IsPage) Parts(string method) => (method.Split('-')[0], method.EndsWith("-page", StringComparison.Ordinal));

    private const int NameBytesMax = 127;

    /// <returns>Null when it is not a trade of this number, or has a state or an amount that cannot be read.</returns>
    public static ChannelTrade? Read(JsonElement trade, string outNo)
    {
        if (trade.Text("out_trade_no") != outNo || !FenText.TryYuan(trade.Text("money"), out var amount)) return null;
        TradeState? state = trade.Text("status") switch
        {
            "0" or "4" => TradeState.Open,
            // 2: given back later, 3: the site has frozen it; the buyer has paid in both.
            "1" or "2" or "3" => TradeState.Paid,
            _ => null,
        };
        if (state is not { } known) return null;
        var paidAt = known == TradeState.Paid ? FenText.ReadTime(trade.Text("endtime"), TimeForm) : null;
        return new ChannelTrade(known, trade.Text("trade_no"), amount, paidAt);
    }

    /// <summary>Sites are told either number, and go by their own when they are told both.</summary>
    public static (string Field, string Number) NameOf(ChannelRefund refund) =>
        refund.IsOfStatement ? ("trade_no", refund.Trade.TradeNo!) : ("out_trade_no", refund.Trade.OutNo);

    /// <summary>True when all of it went back: the only thing a site says of refunds in its answer about a trade.</summary>
    public static bool IsGivenBack(JsonElement trade) => trade.Text("status") == "2";

    /// <returns>Null when fields are missing, the trade is not paid, or it is for another merchant number.</returns>
    public static ChannelNotice? ReadNotice(IReadOnlyDictionary<string, string> fields, string pid)
    {
        string Field(string name) => fields.GetValueOrDefault(name, "");
        if (pid.Length == 0 || Field("pid") != pid || Field("trade_status") != "TRADE_SUCCESS") return null;
        if (Field("out_trade_no").Length == 0 || Field("trade_no").Length == 0 || !FenText.TryYuan(Field("money"), out var amount)) return null;
        return new ChannelNotice(Field("out_trade_no"), Field("trade_no"), amount, TradeState.Paid);
    }

    /// <summary>One line of a site's list of orders; null: not paid on that day of China's calendar.</summary>
    /// <remarks>Sites do not say what they kept, so the fee is zero; and they list trades only, no refunds.</remarks>
    public static StatementLine? ReadLine(JsonElement trade, DateOnly day)
    {
        if (Read(trade, trade.Text("out_trade_no")) is not { State: TradeState.Paid, PaidAt: { } at } paid) return null;
        return DateOnly.FromDateTime(at.ToOffset(FenText.China).DateTime) == day
            ? new StatementLine(trade.Text("out_trade_no"), paid.TradeNo, null, paid.Amount, Money.Zero, at) : null;
    }

    /// <summary>A site cuts a longer name itself, in the middle of a character, and then refuses its own signature.</summary>
    public static string Name(string subject)
    {
        var name = new StringBuilder();
        var bytes = 0;
        foreach (var rune in subject.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > NameBytesMax) break;
            name.Append(rune);
        }

        return name.ToString();
    }
}
