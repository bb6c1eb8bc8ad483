using System.Globalization;
using System.Text;
using CsvHelper;
using Lianka.Kernel;
using Lianka.Modules.Consoles.Core;
using Lianka.Modules.Consoles.Files;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Orders;
using Lianka.Platform.Http;

namespace Lianka.Modules.Consoles.Tenanted;

/// <summary>A supplier's statement as a file: opening balance, lines, closing balance, with the running balance beside each.</summary>
internal static class StatementFile
{
    public static string Kind(string kind, Language language) => kind switch
    {
        "order" => language.Pick("订单货款", "Order"),
        "orders" => language.Pick("较早订单的货款（合计）", "Earlier orders, together"),
        "recovered" => language.Pick("扣还欠款", "Kept for what was owed"),
        "opening" => language.Pick("期初", "Opening balance"),
        "closing" => language.Pick("期末", "Closing balance"),
        _ => OrderWords.Transfer(kind, language),
    };

    public static byte[] Csv(SupplierStatement statement, Language language)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        using (var csv = CsvWriter.Create(text, new CsvWriterOptions(), leaveOpen: true))
        {
            foreach (var title in Titles(language)) csv.WriteField(title);
            csv.EndRecord();
            foreach (var row in Rows(statement, language))
            {
                foreach (var field in row.Texts) csv.WriteField(field);
                csv.WriteField(row.Amount?.ToString() ?? "");
                csv.WriteField(row.Balance.ToString());
                csv.EndRecord();
            }
        }

        // The mark lets Excel read Chinese.
        return [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(text.ToString())];
    }

    public static async Task<byte[]> XlsxAsync(SupplierStatement statement, Language language, CancellationToken cancel)
    {
        using var bytes = new MemoryStream();
        var rows = Rows(statement, language).Select(row => (object[])[.. row.Texts, row.Amount is { } amount ? new SheetNumber(amount.ToString()) : "", new SheetNumber(row.Balance.ToString())]);
        await XlsxWriter.WriteAsync(bytes, Titles(language), rows.ToAsyncEnumerable(), cancel);
        return bytes.ToArray();
    }

    private sealed record Row(string[] Texts, Money? Amount, Money Balance);

    private static string[] Titles(Language language) =>
    [
        language.Pick("时间（北京）", "Time (Beijing)"), language.Pick("用途", "For"), language.Pick("订单", "Order"), language.Pick("说明", "Reason"),
        language.Pick("金额 CNY", "Amount CNY"), language.Pick("余额 CNY", "Balance CNY"),
    ];

    private static IEnumerable<Row> Rows(SupplierStatement statement, Language language)
    {
        var balance = statement.Opening;
        yield return new([$"{statement.First:yyyy-MM-dd} 00:00:00", Kind("opening", language), "", ""], null, balance);
        foreach (var line in statement.Lines)
        {
            balance += line.Amount;
            yield return new([Show.Exact(line.At), Kind(line.Kind, language), line.Order?.ToString() ?? "", SheetText.Plain(line.Reason)], line.Amount, balance);
        }

        yield return new([$"{statement.Last:yyyy-MM-dd} 24:00:00", Kind("closing", language), "", ""], null, statement.Closing);
    }
}
