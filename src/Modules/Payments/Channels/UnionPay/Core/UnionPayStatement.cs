using System.Text;
using Lianka.Kernel;
using Lianka.Modules.Payments.Channels.Wire;

namespace Lianka.Modules.Payments.Channels.UnionPay.Core;

/// <summary>The ZM file of a merchant: a line per trade, columns of fixed width in bytes with a blank between them, GBK.</summary>
/// <remarks>
/// The widths are those of UnionPay's own example program (the specification, 全渠道平台接入接口规范 第3部分 文件接口, 6.1, is not public).
/// Not confirmed from a public source: that the letter before the fee and the settled amount is C or D, for whom it is. The
/// letters are therefore not read; on whose side a fee is follows from the amounts.
/// Held by: tests/Unit/Payments/UnionPayExamples.cs.
/// </remarks>
internal static class UnionPayStatement
{
    private const int TraceTime = 4, Amount = 6, QueryId = 9, OrderId = 11, Fee = 15, Settled = 16, TxnType = 19, OrigQueryId = 26, Merchant = 27;

    // Only as far as they are read; what comes after has changed with the years.
    private static readonly int[] _widths = [3, 11, 11, 6, 10, 19, 12, 4, 2, 21, 2, 32, 2, 6, 10, 13, 13, 4, 15, 2, 2, 6, 2, 4, 32, 1, 21, 15];

    /// <param name="file">Its columns that are read hold ASCII only.</param>
    /// <param name="day">Of settlement: UnionPay's day ends at 23:00.</param>
    /// <exception cref="StatementFileException">A line that is not in the format, or another merchant's.</exception>
    public static IReadOnlyList<StatementLine> Read(ReadOnlySpan<byte> file, DateOnly day, string merchant)
    {
        var rows = new List<(int Number, string[] Columns)>();
        var number = 0;
        foreach (var range in file.Split((byte)'\n'))
        {
            number++;
            var line = file[range].TrimEnd((byte)'\r');
            if (line.Trim((byte)' ').IsEmpty) continue;
            var row = Columns(line) ?? throw new StatementFileException("It is too short.", "长度不够。", number);
            if (row[Merchant] != merchant) throw StatementFileException.OtherMerchant(number);
            rows.Add((number, row));
        }

        // A refund's line names the trade's number only; most trades that go back were paid on the same day or are found by that number.
        var ownNumbers = rows.Where(r => r.Columns[TxnType] == "01").GroupBy(r => r.Columns[QueryId]).ToDictionary(g => g.Key, g => g.First().Columns[OrderId]);
        return [.. rows.Where(r => r.Columns[TxnType] is "01" or "04" or "31").Select(r => Line(r.Columns, r.Number, day, ownNumbers))];
    }

    private static StatementLine Line(string[] row, int number, DateOnly day, Dictionary<string, string> ownNumbers)
    {
        var noon = new DateTimeOffset(day.ToDateTime(new TimeOnly(12, 0)), FenText.China);
        if (!FenText.TryFen(row[Amount], out var amount) || !TryLettered(row[Fee], out var fee) || !TryLettered(row[Settled], out var settled)
            || UnionPayTrades.NearestYear(row[TraceTime], noon) is not { } at)
            throw new StatementFileException("Its amounts or its time cannot be read.", "金额或时间无法识别。", number);
        if (row[TxnType] == "01") return new StatementLine(row[OrderId], row[QueryId], null, amount, fee, at);
        // Less is taken back than was refunded: the fee of the payment came back with it.
        return new StatementLine(ownNumbers.GetValueOrDefault(row[OrigQueryId], ""), row[OrigQueryId], row[OrderId], amount, settled < amount ? -fee : fee, at);
    }

    private static bool TryLettered(string text, out Money amount) =>
        FenText.TryFen(text.Length > 0 && char.IsAsciiLetter(text[0]) ? text[1..] : text, out amount);

    private static string[]? Columns(ReadOnlySpan<byte> line)
    {
        var columns = new string[_widths.Length];
        var at = 0;
        for (var i = 0; i < _widths.Length; i++)
        {
            if (at + _widths[i] > line.Length) return null;
            columns[i] = Encoding.Latin1.GetString(line.Slice(at, _widths[i])).Trim();
            at += _widths[i] + 1;
        }

        return columns;
    }
}
