using System.Globalization;
using CsvHelper;
using Lianka.Kernel;

namespace Lianka.Modules.Payouts;

/// <summary>One line for the bank, opened.</summary>
public sealed record BankLine(string No, BankDraft Account, Money Amount);

/// <summary>What the bank says of one payout.</summary>
public sealed record BankWord(long Payout, bool IsPaid, string Reference, string Reason);

/// <summary>What became of one row of the bank's results.</summary>
/// <param name="Row">As counted in the file; the header is row 1.</param>
/// <param name="Word">What the bank says, as it stands in the file.</param>
/// <param name="Error">Null when it was taken; the same result twice is taken once and is no error.</param>
public sealed record BankResult(int Row, string No, string Word, bool IsReplay, FieldError? Error);

/// <summary>The files that go to the bank and come back; docs/payouts.md describes both.</summary>
/// <remarks>Held by: tests/Integration/Payouts/PayoutTests.cs.</remarks>
public static class BankFile
{
    /// <summary>Of a file to the bank, and of one with its results.</summary>
    public const int RowsMax = 10_000;

    private sealed record ResultRow(int Row, string No, string Word, string Reference, string Reason);

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

    /// <summary>Hands what the bank says to whoever's payouts they are, row by row; a row that cannot be taken stops no other, and all may be sent again.</summary>
    /// <param name="take">Answers null for a payout that there is not.</param>
    /// <returns>The rows, or what is wrong with the file as a whole.</returns>
    public static async Task<(IReadOnlyList<BankResult> Rows, FieldError? Error)> TakeAsync(
        string content, Func<BankWord, Task<(bool IsReplay, FieldError? Error)?>> take)
    {
        var (rows, error) = Read(content);
        if (rows is null) return ([], error);
        var results = new List<BankResult>();
        foreach (var row in rows)
        {
            var (isReplay, problem) = row.Word.ToLowerInvariant() switch
            {
                "paid" or "成功" => await OfAsync(row, isPaid: true),
                "failed" or "失败" => await OfAsync(row, isPaid: false),
                _ => (false, new FieldError("result", "bad_result", "paid or failed.", "请填 paid 或 failed（成功 / 失败）。")),
            };
            results.Add(new BankResult(row.Row, row.No, row.Word, isReplay, problem));
        }

        return (results, null);

        async Task<(bool, FieldError?)> OfAsync(ResultRow row, bool isPaid) =>
            (PublicId.TryDecode(row.No, out var id) ? await take(new BankWord(id, isPaid, row.Reference, row.Reason)) : null)
            ?? (false, new FieldError("payout_no", "unknown", "No payout has this number.", "没有这个打款编号。"));
    }

    /// <returns>Null with an error when the file is none: no header, a column missing, too many rows.</returns>
    private static (IReadOnlyList<ResultRow>? Rows, FieldError? Error) Read(string content)
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
