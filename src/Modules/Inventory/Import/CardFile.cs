using System.Text;
using Lianka.Modules.Inventory.Core;
using Lianka.Platform.Sheets;

namespace Lianka.Modules.Inventory.Import;

/// <summary>The whole import cannot be done; nothing of it was. The code is one of <see cref="ImportFailures"/>.</summary>
internal sealed class ImportFailedException(string failure) : Exception(failure)
{
    public string Failure => Message;
}

/// <summary>Reads the cards of a file row by row, text strictly in the encoding that was named.</summary>
internal static class CardFile
{
    /// <summary>A longer line is not looked at further; far above what a card may have.</summary>
    private const int LineMax = 40_000;

    /// <param name="RowNo">The line of the file in which the row begins, from 1.</param>
    public readonly record struct Row(long RowNo, CardLine Card);

    /// <summary>The rows that hold something; empty lines and a header are passed over.</summary>
    /// <param name="content">Can be gone back in.</param>
    /// <exception cref="UnreadableSheetException">
    /// The bytes are not text of this encoding, a CSV row has no end, or a spreadsheet is not one or not to be read.
    /// </exception>
    public static IEnumerable<Row> Read(Stream content, ImportRequest request)
    {
        var encoding = request.Encoding == CardEncoding.Utf8 ? SheetEncoding.Utf8 : SheetEncoding.Gb18030;
        return request.Format switch
        {
            CardFormat.Xlsx => Cards(Sheet.ReadXlsx(content, SheetNumbers.Whole), request.Kind),
            CardFormat.Csv => Cards(Sheet.ReadCsv(content, encoding), request.Kind),
            _ => SheetLines.Guarded(Text(content, encoding, request.Kind), encoding, row => row.RowNo),
        };
    }

    private static IEnumerable<Row> Cards(IEnumerable<SheetRow> rows, CardKind kind)
    {
        CsvColumns? columns = null;
        var isFirst = true;
        foreach (var row in rows)
        {
            var mayBeHeader = isFirst && row.Faults.Count == 0;
            isFirst &= row.IsBroken;
            if (mayBeHeader && (columns = CsvColumns.OfHeader(row.Fields)) is not null) continue;
            yield return new Row(row.No, CardOf(row, columns, kind));
        }
    }

    /// <summary>What a spreadsheet may have changed makes the row malformed, because the card would be another one.</summary>
    private static CardLine CardOf(SheetRow row, CsvColumns? columns, CardKind kind)
    {
        foreach (var (column, fault) in row.Faults)
            if (column == SheetRow.Whole || columns is not { } named || named.Uses(column)) return CardLine.Bad(fault);
        return columns?.Read(row.Fields, kind) ?? CsvColumns.ReadPlain(row.Fields, kind);
    }

    private static IEnumerable<Row> Text(Stream content, SheetEncoding encoding, CardKind kind)
    {
        using var reader = SheetLines.Open(content, encoding);
        var line = new StringBuilder();
        var buffer = new char[32_768];
        var number = 1L;
        var wasReturn = false;
        int read;
        while ((read = reader.Read(buffer, 0, buffer.Length)) > 0)
        {
            var start = 0;
            for (var i = 0; i < read; i++)
            {
                var c = buffer[i];
                if (c is not ('\n' or '\r'))
                {
                    wasReturn = false;
                    continue;
                }

                // CR LF is one end of line, also when the two stand in different buffers.
                var isSecond = c == '\n' && wasReturn;
                wasReturn = c == '\r';
                if (!isSecond)
                {
                    Append(line, buffer, start, i);
                    if (Take(line, kind) is { } card) yield return new Row(number, card);
                    number++;
                }

                start = i + 1;
            }

            Append(line, buffer, start, read);
        }

        if (Take(line, kind) is { } last) yield return new Row(number, last);
    }

    private static void Append(StringBuilder line, char[] buffer, int start, int end) =>
        line.Append(buffer, start, Math.Max(0, Math.Min(end - start, LineMax - line.Length)));

    private static CardLine? Take(StringBuilder line, CardKind kind)
    {
        if (line.Length == 0) return null;
        var text = line.ToString();
        line.Clear();
        if (string.IsNullOrWhiteSpace(text)) return null;
        return text.Length >= LineMax ? CardLine.Bad("too_long") : CardLine.OfText(text, kind);
    }
}
