using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using CsvHelper;
using Lianka.Kernel;
using Lianka.Modules.Consoles.Core;

namespace Lianka.Modules.Consoles.Files;

/// <summary>Writes a list that is done as the file that was asked for.</summary>
/// <remarks>Held by: tests/Integration/Consoles/ExportTests.cs.</remarks>
internal static class ListFile
{
    public static string MediaType(ExportFile file) => file.Format == "csv" ? "text/csv; charset=utf-8" : XlsxWriter.MediaType;

    public static Task WriteAsync(Exports exports, ExportFile file, Stream output, CancellationToken cancel)
    {
        var heads = file.ToHeads();
        List<string> titles = [.. SheetCells.Titles(heads)];
        var parts = exports.ReadAsync(file, cancel);
        return file.Format == "csv" ? CsvAsync(heads, titles, parts, output, cancel) : XlsxWriter.WriteAsync(output, titles, RowsAsync(heads, parts, cancel), cancel);
    }

    private static async IAsyncEnumerable<object[]> RowsAsync(List<SheetHead> heads, IAsyncEnumerable<List<string?[]>> parts, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var part in parts.WithCancellation(cancel))
            foreach (var row in part) yield return SheetCells.Values(heads, row);
    }

    private static async Task CsvAsync(List<SheetHead> heads, List<string> titles, IAsyncEnumerable<List<string?[]>> parts, Stream output, CancellationToken cancel)
    {
        // The mark lets Excel read Chinese.
        await using var writer = new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), 64 << 10, leaveOpen: true);
        await writer.WriteAsync(Lines([[.. titles]]).AsMemory(), cancel);
        await foreach (var part in parts.WithCancellation(cancel)) await writer.WriteAsync(Lines(part.Select(r => SheetCells.Values(heads, r))).AsMemory(), cancel);
    }

    private static string Lines(IEnumerable<object[]> rows)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        using (var csv = CsvWriter.Create(text, new CsvWriterOptions(), leaveOpen: true))
        {
            foreach (var row in rows)
            {
                foreach (var value in row) csv.WriteField(value is SheetNumber number ? number.Digits : SheetText.Plain((string)value));
                csv.EndRecord();
            }
        }

        return text.ToString();
    }
}
