using System.Globalization;
using System.Text.RegularExpressions;
using Lianka.Kernel;

namespace Lianka.Modules.Payments.Channels.Alipay.Core;

/// <summary>Reads the details of a bill: remarks behind <c>#</c>, a line of column names, lines whose numbers end with a tab, and the counts of what stands there.</summary>
/// <remarks>Held by: tests/Unit/Payments/AlipayExamples.cs.</remarks>
internal static partial class AlipayBill
{
    private const string FirstColumn = "支付宝交易号", GoodsColumn = "商品名称";

    /// <summary>True for the file with the details; the other one in the archive has sums.</summary>
    public static bool IsDetails(string text) => text.Contains(FirstColumn + ",", StringComparison.Ordinal);

    /// <param name="seller">The account that it must be of; null: whichever.</param>
    /// <param name="day">In China; null: whichever.</param>
    /// <exception cref="StatementFileException">It is not such a file, not the whole of it, or of another account or day.</exception>
    public static IReadOnlyList<StatementLine> Read(string text, string? seller = null, DateOnly? day = null)
    {
        var lines = text.TrimStart('\uFEFF').Split('\n').Select(l => l.Trim('\r', ' ')).ToList();
        var head = lines.FindIndex(l => l.StartsWith(FirstColumn + ",", StringComparison.Ordinal));
        var end = lines.FindIndex(Math.Max(head, 0), l => l.StartsWith('#') && l.Contains("列表结束", StringComparison.Ordinal));
        if (head < 0 || end < 0) throw new StatementFileException("The file is not the whole of a bill of trades.", "这不是完整的支付宝业务明细。");
        CheckHead(lines[..head], seller, day);
        var columns = lines[head].Split(',').Select((name, at) => (Name: Plain(name), at)).DistinctBy(c => c.Name).ToDictionary(c => c.Name, c => c.at);
        var read = new List<StatementLine>();
        for (var at = head + 1; at < end; at++)
        {
            if (lines[at].Length > 0) read.Add(Line(columns, Values(lines[at], columns, at + 1), at + 1));
        }

        foreach (var (kind, isRefund) in (ReadOnlySpan<(string, bool)>)[("交易", false), ("退款", true)])
        {
            // A line that was lost on the way must not look like a day with fewer trades.
            if (lines[end..].Select(l => CountForm().Match(l)).FirstOrDefault(m => m.Success && m.Groups["kind"].Value == kind) is { } count
                && count.Groups["count"].Value != read.Count(l => l.RefundNo is not null == isRefund).ToString(CultureInfo.InvariantCulture))
                throw new StatementFileException("The counts are not those of the lines: it is not the whole file.", "合计笔数与明细不符，文件不完整。", end + 1);
        }

        return read;
    }

    /// <summary>The remarks at the top say whose and of when it is; a file that a person brings has to have them.</summary>
    private static void CheckHead(List<string> top, string? seller, DateOnly? day)
    {
        if (seller is not null)
        {
            var at = top.FindIndex(l => l.StartsWith("#账号：", StringComparison.Ordinal));
            // The account is the seller's number and four digits more.
            if (at < 0 || !top[at].StartsWith($"#账号：[{seller}", StringComparison.Ordinal)) throw StatementFileException.OtherMerchant(at < 0 ? null : at + 1);
        }

        if (day is { } wanted)
        {
            var at = top.FindIndex(l => l.StartsWith("#起始日期：", StringComparison.Ordinal));
            if (at < 0 || !top[at].StartsWith($"#起始日期：[{Form(wanted)} 00:00:00]", StringComparison.Ordinal)
                || !(top[at].Contains($"终止日期：[{Form(wanted.AddDays(1))} 00:00:00]", StringComparison.Ordinal) || top[at].Contains($"终止日期：[{Form(wanted)} 23:59:59]", StringComparison.Ordinal)))
                throw StatementFileException.OtherDay(at < 0 ? null : at + 1);
        }

        static string Form(DateOnly date) => date.ToString("yyyy年MM月dd日", CultureInfo.InvariantCulture);
    }

    private static StatementLine Line(Dictionary<string, int> columns, string[] values, int number)
    {
        var kind = At("业务类型");
        if (kind is not ("交易" or "退款")) throw new StatementFileException($"It is of an unknown kind: {kind}.", $"业务类型无法识别：{kind}。", number);
        var amount = Amount("订单金额");
        if (kind == "退款") amount = -amount;
        if (!amount.IsPositive || !amount.IsWholeFen) throw new StatementFileException("It has no amount of whole fen.", "没有可读的金额。", number);
        var time = AlipayJson.Time(At("完成时间")) ?? throw new StatementFileException("It has no time.", "没有可读的完成时间。", number);
        // Their fee is below zero where they keep it.
        return new StatementLine(At("商户订单号"), At(FirstColumn), kind == "退款" ? At("退款批次号/请求号") : null, amount, -Amount("服务费"), time);

        string At(string column) => columns.TryGetValue(column, out var at) ? values[at].Trim() : "";

        Money Amount(string column) => Money.TryParse(At(column), out var value) ? value : throw new StatementFileException($"{column} cannot be read.", $"{column}无法识别。", number);
    }

    // Nothing is quoted: commas too many are in the name of the goods.
    private static string[] Values(string line, Dictionary<string, int> columns, int number)
    {
        var values = line.Split(',');
        var more = values.Length - columns.Count;
        if (more == 0) return values;
        if (more < 0 || !columns.TryGetValue(GoodsColumn, out var goods)) throw new StatementFileException("It has another number of values than the line of column names.", "列数与表头不同。", number);
        return [.. values[..goods], string.Join(',', values[goods..(goods + more + 1)]), .. values[(goods + more + 1)..]];
    }

    private static string Plain(string column) => column.Trim().Replace("（元）", "", StringComparison.Ordinal).Replace("(元)", "", StringComparison.Ordinal);

    [GeneratedRegex("^#(?<kind>交易|退款)合计：(?<count>[0-9]{1,9})笔", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex CountForm();
}
