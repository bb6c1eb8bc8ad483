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

    /// <exception cref="ChannelException">It is not such a file, or not the whole of it.</exception>
    public static IReadOnlyList<StatementLine> Read(string text)
    {
        var lines = text.TrimStart('\uFEFF').Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Trim('\r', ' ')).ToList();
        var head = lines.FindIndex(l => l.StartsWith(FirstColumn + ",", StringComparison.Ordinal));
        var end = lines.FindIndex(Math.Max(head, 0), l => l.StartsWith('#') && l.Contains("列表结束", StringComparison.Ordinal));
        if (head < 0 || end < 0) throw new ChannelException("The file is not a whole bill.");
        var columns = lines[head].Split(',').Select((name, at) => (Name: Plain(name), at)).DistinctBy(c => c.Name).ToDictionary(c => c.Name, c => c.at);
        var read = lines[(head + 1)..end].Where(l => l.Length > 0).Select(l => Line(columns, Values(l, columns))).ToList();
        foreach (var (kind, isRefund) in (ReadOnlySpan<(string, bool)>)[("交易", false), ("退款", true)])
        {
            // A line that was lost on the way must not look like a day with fewer trades.
            if (lines[end..].Select(l => CountForm().Match(l)).FirstOrDefault(m => m.Success && m.Groups["kind"].Value == kind) is { } count
                && count.Groups["count"].Value != read.Count(l => l.RefundNo is not null == isRefund).ToString(CultureInfo.InvariantCulture))
                throw new ChannelException("The bill's counts are not those of its lines.");
        }

        return read;
    }

    private static StatementLine Line(Dictionary<string, int> columns, string[] values)
    {
        var kind = At("业务类型");
        if (kind is not ("交易" or "退款")) throw new ChannelException($"The bill has a line of an unknown kind: {kind}.");
        var amount = Amount("订单金额");
        if (kind == "退款") amount = -amount;
        if (!amount.IsPositive || !amount.IsWholeFen) throw new ChannelException("The bill has a line without an amount.");
        var time = AlipayJson.Time(At("完成时间")) ?? throw new ChannelException("The bill has a line without a time.");
        // Their fee is below zero where they keep it.
        return new StatementLine(At("商户订单号"), At(FirstColumn), kind == "退款" ? At("退款批次号/请求号") : null, amount, -Amount("服务费"), time);

        string At(string column) => columns.TryGetValue(column, out var at) ? values[at].Trim() : "";

        Money Amount(string column) => Money.TryParse(At(column), out var value) ? value : throw new ChannelException("The bill has a line with an unreadable amount.");
    }

    // Nothing is quoted: commas too many are in the name of the goods.
    private static string[] Values(string line, Dictionary<string, int> columns)
    {
        var values = line.Split(',');
        var more = values.Length - columns.Count;
        if (more == 0) return values;
        if (more < 0 || !columns.TryGetValue(GoodsColumn, out var goods)) throw new ChannelException("A line of the bill has another number of values than the first.");
        return [.. values[..goods], string.Join(',', values[goods..(goods + more + 1)]), .. values[(goods + more + 1)..]];
    }

    private static string Plain(string column) => column.Trim().Replace("（元）", "", StringComparison.Ordinal).Replace("(元)", "", StringComparison.Ordinal);

    [GeneratedRegex("^#(?<kind>交易|退款)合计：(?<count>[0-9]{1,9})笔", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex CountForm();
}
