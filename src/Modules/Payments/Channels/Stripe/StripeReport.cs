using System.Globalization;
using CsvHelper;
using Lianka.Kernel;
using Lianka.Modules.Payments.Channels.Stripe.Core;

namespace Lianka.Modules.Payments.Channels.Stripe;

/// <summary>Reads the itemized report "Balance change from activity" as Stripe's Dashboard exports it, with our metadata among its columns.</summary>
/// <remarks>Held by: tests/Unit/Payments/StatementFileExamples.cs.</remarks>
internal static class StripeReport
{
    private const string OutNoColumn = $"payment_metadata[{StripeObjects.OutNo}]", RefundNoColumn = $"refund_metadata[{StripeObjects.RefundNo}]";
    private const int RecordMax = 65_536;

    private static readonly string[] _needed = ["created_utc", "currency", "gross", "fee", "reporting_category", "source_id", "payment_intent_id", OutNoColumn, RefundNoColumn];

    /// <param name="day">Of UTC.</param>
    /// <exception cref="StatementFileException">It is no such report, or of another day.</exception>
    public static IReadOnlyList<StatementLine> Read(string text, DateOnly day)
    {
        using var csv = CsvReader.Create(new StringReader(text.TrimStart('\uFEFF')), new CsvReaderOptions
        {
            HasHeader = false, MalformedData = CsvMalformedDataHandling.Throw, MaxRecordSize = RecordMax, TrackLineNumbers = true, IncludeValuesInExceptions = false,
        });
        var header = Next() ?? [];
        var missing = _needed.Except(header).ToList();
        if (missing.Count > 0) throw new StatementFileException($"Columns are missing: {string.Join(", ", missing)}.", $"缺少列：{string.Join("、", missing)}。", 1);
        var lines = new List<StatementLine>();
        while (Next() is { } fields)
        {
            var number = (int)csv.LineNumber;
            if (fields.Length != header.Length) throw new StatementFileException("It has another number of values than the first line.", "列数与表头不同。", number);
            if (StripeObjects.KindOf(fields[Array.IndexOf(header, "reporting_category")]) is { } kind)
                lines.Add(Line(kind, column => fields[Array.IndexOf(header, column)], day, number));
        }

        return lines;

        string[]? Next()
        {
            try
            {
                return csv.Read() ? [.. Enumerable.Range(0, csv.FieldCount).Select(i => csv.GetString(i).Trim())] : null;
            }
            catch (CsvFormatException)
            {
                throw new StatementFileException("It is not CSV.", "不是 CSV 格式。", (int)csv.LineNumber);
            }
        }
    }

    private static StatementLine Line(StripeBooked kind, Func<string, string> at, DateOnly day, int number)
    {
        var currency = new Currency(at("currency").ToUpperInvariant());
        if (!Money.TryParse(at("gross"), out var gross) || !Money.TryParse(at("fee"), out var fee) || gross.IsZero)
            throw new StatementFileException("Its gross or its fee cannot be read.", "gross 或 fee 无法识别。", number);
        if (!DateTimeOffset.TryParseExact(at("created_utc"), "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            throw new StatementFileException("Its created_utc cannot be read.", "created_utc 无法识别。", number);
        if (DateOnly.FromDateTime(time.UtcDateTime) != day) throw StatementFileException.OtherDay(number);
        return StripeObjects.Line(
            kind, at(OutNoColumn), at("payment_intent_id"), at(RefundNoColumn), at("source_id"), new Money(Math.Abs(gross.Units), currency), new Money(fee.Units, currency), time);
    }
}
