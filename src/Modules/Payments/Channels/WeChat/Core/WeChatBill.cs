using System.Globalization;
using Lianka.Kernel;

namespace Lianka.Modules.Payments.Channels.WeChat.Core;

/// <summary>Reads a trade bill: a line of column names, lines whose values each follow a back-quote, and two lines of totals.</summary>
/// <remarks>Held by: tests/Unit/Payments/WeChatBillExamples.cs.</remarks>
internal static class WeChatBill
{
    private static readonly TimeSpan _china = TimeSpan.FromHours(8);

    /// <exception cref="ChannelException">It is not a trade bill, or it is for another merchant, or its totals are not those of its lines.</exception>
    public static IReadOnlyList<StatementLine> Read(string text, string merchant)
    {
        var lines = text.TrimStart('\uFEFF').Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length < 3 || !lines[0].StartsWith("交易时间,", StringComparison.Ordinal)) throw new ChannelException("The file is not a trade bill.");
        var columns = Columns(lines[0]);
        var totals = Columns(lines[^2]);
        var sums = Values(lines[^1]);
        var read = new List<StatementLine>();
        foreach (var line in lines[1..^2])
        {
            var values = Values(line);
            if (values.Length != columns.Count) throw new ChannelException("A line of the trade bill has another number of values than the first.");
            if (At("商户号") != merchant) throw new ChannelException("The trade bill is for another merchant number.");
            if (Line(columns, At) is { } booked) read.Add(booked);

            string At(string column) => columns.TryGetValue(column, out var at) ? values[at] : "";
        }

        // A file that was cut off must not look like a day with fewer trades.
        if (!totals.TryGetValue("总交易单数", out var count) || count >= sums.Length || sums[count] != (lines.Length - 3).ToString(CultureInfo.InvariantCulture))
            throw new ChannelException("The trade bill's totals are not those of its lines.");
        return read;
    }

    /// <returns>Null for a line where no money moved.</returns>
    private static StatementLine? Line(Dictionary<string, int> columns, Func<string, string> at)
    {
        var currency = at("货币种类") is { Length: > 0 } code ? new Currency(code) : Currency.Cny;
        var (outNo, tradeNo, time) = (at("商户订单号"), at("微信订单号"), Time(at("交易时间")));
        switch (at("交易状态"))
        {
            case "SUCCESS":
                return new StatementLine(outNo, tradeNo, null, Amount(First("订单金额", "应结订单金额", "总金额")), Fee(at("手续费"), currency), time);
            case "REFUND" when at("退款状态") != "FAIL":
                return new StatementLine(outNo, tradeNo, at("商户退款单号"), Amount(First("申请退款金额", "退款金额")), Fee(at("手续费"), currency), time);
            case "REFUND":
                return null;
            case var other:
                throw new ChannelException($"The trade bill has a line of an unknown kind: {other}.");
        }

        // Older forms of the bill have other columns; a column that is there and empty is not skipped.
        string First(params ReadOnlySpan<string> names)
        {
            foreach (var name in names)
            {
                if (columns.ContainsKey(name)) return at(name);
            }

            return "";
        }

        Money Amount(string value) => Money.TryParse(value, out var amount) && amount.IsPositive && amount.IsWholeFen
            ? new Money(amount.Units, currency) : throw new ChannelException("The trade bill has a line without an amount.");
    }

    // Five places, of which Money has four: a fee of a whole fen loses nothing.
    private static Money Fee(string text, Currency currency)
    {
        if (text.IndexOf('.', StringComparison.Ordinal) is >= 0 and var dot && text.Length - dot > 5) text = text.TrimEnd('0').TrimEnd('.');
        return Money.TryParse(text, out var fee) ? new Money(fee.Units, currency) : throw new ChannelException("The trade bill has a line with an unreadable fee.");
    }

    private static DateTimeOffset Time(string text) =>
        DateTime.TryParseExact(text, "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? new DateTimeOffset(time, _china).ToUniversalTime() : throw new ChannelException("The trade bill has a line without a time.");

    private static Dictionary<string, int> Columns(string line) =>
        line.Split(',').Select((name, at) => (name.Trim(), at)).DistinctBy(c => c.Item1).ToDictionary(c => c.Item1, c => c.at);

    // Not split at commas: the name of the goods may have some.
    private static string[] Values(string line) => line.StartsWith('`') ? line[1..].Split(",`", StringSplitOptions.TrimEntries) : line.Split(',', StringSplitOptions.TrimEntries);
}
