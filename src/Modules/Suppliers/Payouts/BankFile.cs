using System.Globalization;
using CsvHelper;
using Lianka.Kernel;

namespace Lianka.Modules.Suppliers.Payouts;

/// <summary>One line for the bank, opened.</summary>
internal sealed record BankLine(string No, BankDraft Account, Money Amount);

/// <summary>One row of the bank's results as it was read.</summary>
internal sealed record ResultRow(int Row, string No, string Result, string Reference, string Reason);

/// <summary>The files that go to the bank and come back; docs/payouts.md describes both.</summary>
internal static class BankFile
{
    public const int RowsMax = 10_000;

    public static string Write(IEnumerable<BankLine> lines)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        using (var csv = CsvWriter.Create(text, new CsvWriterOptions(), leaveOpen: true))
        {
            Record("payout_no", "account_holder", "account_number", "bank", "amount", "currency");
            foreach (var line in lines)
                Record(line.No, SheetText.Plain(line.Account.Holder), line.Account.Number, SheetText.Plain(line.Account.Bank), line.Amount.Text(2), line.Amount.Currency.Code);

            void Record(params ReadOnlySpan<string> fields)
            {
                foreach (var field in fields) csv.WriteField(field);
                csv.EndRecord();
            }
        }

        return text.ToString();
    }

    /// <returns>Null with an error when the file is none: no header, a column missing, too many rows.</returns>
    public static (IReadOnlyList<ResultRow>? Rows, FieldError? Error) Read(string content)
    {
        using var csv = CsvReader.Create(new StringReader(content.TrimStart('\uFEFF')), new CsvReaderOptions
        {
            HasHeader = false,
            AllowLineBreaksInQuotes = false,
            MalformedData = CsvMalformedDataHandling.Skip,
            MaxRecordSize = 65_536,
            TrackLineNumbers = true,
            IncludeValuesInExceptions = false,
        });
        if (!csv.Read() || Fields() is not { } header || !header.Contains("payout_no") || !header.Contains("result"))
            return (null, new("file", "bad_header", "The first line must name payout_no and result.", "第一行必须有 payout_no 和 result 两列。"));
        var rows = new List<ResultRow>();
        while (csv.Read())
        {
            if (rows.Count == RowsMax) return (null, new("file", "too_many_rows", $"At most {RowsMax} rows.", $"最多 {RowsMax} 行。"));
            var fields = Fields();
            if (fields.All(string.IsNullOrEmpty)) continue;
            rows.Add(new ResultRow((int)csv.LineNumber, Of("payout_no"), Of("result"), Cut(Of("bank_reference"), 64), Cut(Of("reason"), 200)));

            string Of(string name) => Array.IndexOf(header, name) is var at and >= 0 && at < fields.Length ? fields[at] : "";
        }

        return (rows, null);

        string[] Fields() => [.. Enumerable.Range(0, csv.FieldCount).Select(i => csv.GetString(i).Trim())];
        static string Cut(string text, int max) => text.Length <= max ? text : text[..max];
    }
}
