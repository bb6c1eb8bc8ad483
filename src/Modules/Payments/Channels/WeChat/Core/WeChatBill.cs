using System.Globalization;
using Lianka.Kernel;

namespace Lianka.Modules.Payments.Channels.WeChat.Core;

/// <summary>Reads a trade bill: a line of column names, lines whose values each follow a back-quote, and two lines of totals.</summary>
/// <remarks>Held by: tests/Unit/Payments/WeChatBillExamples.cs.</remarks>
internal static class WeChatBill
{
    private static readonly TimeSpan _china = TimeSpan.FromHours(8);

    private const string FirstColumn = "交易时间,";

    public static bool IsBill(string text) => text.TrimStart('\uFEFF').StartsWith(FirstColumn, StringComparison.Ordinal);

    /// <param name="day">In China; null: whichever the bill is of.</param>
    /// <exception cref="StatementFileException">It is not a trade bill, or it is for another merchant or day, or its totals are not those of its lines.</exception>
    public static IReadOnlyList<StatementLine> Read(string text, string merchant, DateOnly? day = null)
    {
        var lines = text.TrimStart('\uFEFF').Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length < 3 || !IsBill(lines[0])) throw new StatementFileException("The file is not a trade bill of all trades.", "这不是微信支付的交易账单（全部订单）。");
        var columns = Columns(lines[0]);
        var totals = Columns(lines[^2]);
        var sums = Values(lines[^1]);
        var read = new List<StatementLine>();
        for (var number = 2; number <= lines.Length - 2; number++)
        {
            var values = Values(lines[number - 1]);
            if (values.Length != columns.Count) throw new StatementFileException("It has another number of values than the first line.", "列数与表头不同。", number);
            if (At("商户号") != merchant) throw StatementFileException.OtherMerchant(number);
            if (Line(columns, At, number) is not { } booked) continue;
            if (day is { } wanted && booked.RefundNo is null && DateOnly.FromDateTime(booked.At.ToOffset(_china).DateTime) != wanted) throw StatementFileException.OtherDay(number);
            read.Add(booked);

            string At(string column) => columns.TryGetValue(column, out var at) ? values[at] : "";
        }

        // A file that was cut off must not look like a day with fewer trades.
        if (!totals.TryGetValue("总交易单数", out var count) || count >= sums.Length || sums[count] != (lines.Length - 3).ToString(CultureInfo.InvariantCulture))
            throw new StatementFileException("The totals are not those of the lines: it is not the whole file.", "合计与明细不符，文件不完整。", lines.Length);
        return read;
    }

    /// <returns>Null for a line where no money moved.</returns>
    private static StatementLine? Line(Dictionary<string, int> columns, Func<string, string> at, int number)
    {
        var currency = at("货币种类") is { Length: > 0 } code ? new Currency(code) : Currency.Cny;
        var (outNo, tradeNo, time) = (at("商户订单号"), at("微信订单号"), Time(at("交易时间"), number));
        switch (at("交易状态"))
        {
            case "SUCCESS":
                return new StatementLine(outNo, tradeNo, null, Amount(First("订单金额", "应结订单金额", "总金额")), Fee(at("手续费"), currency, number), time);
            case "REFUND" when at("退款状态") != "FAIL":
                return new StatementLine(outNo, tradeNo, at("商户退款单号"), Amount(First("申请退款金额", "退款金额")), Fee(at("手续费"), currency, number), time);
            case "REFUND":
                return null;
            case var other:
                throw new StatementFileException($"It is of an unknown kind: {other}.", $"交易状态无法识别：{other}。", number);
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
            ? new Money(amount.Units, currency) : throw new StatementFileException("It has no amount of whole fen.", "没有可读的金额。", number);
    }

    // Five places, of which Money has four: a fee of a whole fen loses nothing.
    private static Money Fee(string text, Currency currency, int number)
    {
        if (text.IndexOf('.', StringComparison.Ordinal) is >= 0 and var dot && text.Length - dot > 5) text = text.TrimEnd('0').TrimEnd('.');
        return Money.TryParse(text, out var fee) ? new Money(fee.Units, currency) : throw new StatementFileException("Its fee cannot be read.", "手续费无法识别。", number);
    }

    private static DateTimeOffset Time(string text, int number) =>
        DateTime.TryParseExact(text, "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? new DateTimeOffset(time, _china).ToUniversalTime() : throw new StatementFileException("It has no time.", "没有可读的交易时间。", number);

    private static Dictionary<string, int> Columns(string line) =>
        line.Split(',').Select((name, at) => (name.Trim(), at)).DistinctBy(c => c.Item1).ToDictionary(c => c.Item1, c => c.at);

    // Not split at commas: the name of the goods may have some.
    private static string[] Values(string line) => line.StartsWith('`') ? line[1..].Split(",`", StringSplitOptions.TrimEntries) : line.Split(',', StringSplitOptions.TrimEntries);
}
