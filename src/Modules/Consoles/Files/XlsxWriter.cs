using System.Buffers;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using Lianka.Modules.Consoles.Core;

namespace Lianka.Modules.Consoles.Files;

/// <summary>Writes a spreadsheet (Office Open XML) as its rows come: memory stays the same for any number of them.</summary>
/// <remarks>Texts are texts, whatever they begin with: a cell is no formula unless it says so. Held by: tests/Integration/Consoles/ExportTests.cs, tests/Unit/Consoles/XlsxWriterExamples.cs.</remarks>
public static class XlsxWriter
{
    public const string MediaType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    /// <summary>Of one sheet, its titles included; more rows go on on the next.</summary>
    public const int SheetRows = 1_048_576;

    /// <summary>Of one cell.</summary>
    private const int TextMax = 32_767;

    private const int FullAt = 32 << 10;
    private const string Declared = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
    private const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private const string Relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private const string Package = "http://schemas.openxmlformats.org/package/2006/";

    private static readonly UTF8Encoding _utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <param name="rows">Texts, and numbers as <see cref="SheetNumber"/>.</param>
    public static async Task WriteAsync(Stream output, IReadOnlyList<string> titles, IAsyncEnumerable<object[]> rows, CancellationToken cancel, int sheetRows = SheetRows)
    {
        var bytes = new Outlet();
        var sheets = 0;
        await using (var each = rows.GetAsyncEnumerator(cancel))
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            var isMore = await each.MoveNextAsync();
            do
            {
                using var text = Open(zip, $"xl/worksheets/sheet{++sheets}.xml");
                var part = new StringBuilder(FullAt * 2);
                part.Append($"<worksheet xmlns=\"{Main}\"><sheetViews><sheetView workbookViewId=\"0\"><pane ySplit=\"1\" topLeftCell=\"A2\" activePane=\"bottomLeft\" state=\"frozen\"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight=\"15\"/>");
                if (titles.Count > 0) part.Append(CultureInfo.InvariantCulture, $"<cols><col min=\"1\" max=\"{titles.Count}\" width=\"18\" customWidth=\"1\"/></cols>");
                part.Append("<sheetData>");
                Row(part, titles, " s=\"1\"");
                for (var row = 1; isMore && row < sheetRows; row++)
                {
                    Row(part, each.Current, "");
                    if (part.Length > FullAt)
                    {
                        text.Write(part);
                        part.Clear();
                        await bytes.MoveAsync(output, cancel);
                    }

                    isMore = await each.MoveNextAsync();
                }

                text.Write(part.Append("</sheetData></worksheet>"));
            }
            while (isMore);

            foreach (var (name, content) in Rest(sheets))
            {
                using var text = Open(zip, name);
                text.Write(content);
            }
        }

        await bytes.MoveAsync(output, cancel);
    }

    private static StreamWriter Open(ZipArchive zip, string name)
    {
        var text = new StreamWriter(zip.CreateEntry(name, CompressionLevel.Fastest).Open(), _utf8, FullAt);
        text.Write(Declared);
        return text;
    }

    private static void Row(StringBuilder part, IReadOnlyList<object> cells, string style)
    {
        part.Append("<row>");
        foreach (var cell in cells)
        {
            if (cell is SheetNumber number)
            {
                part.Append(CultureInfo.InvariantCulture, $"<c{style}><v>{number.Digits}</v></c>");
                continue;
            }

            var text = (string)cell;
            if (text.Length == 0)
            {
                part.Append("<c/>");
                continue;
            }

            part.Append("<c t=\"inlineStr\"").Append(style).Append("><is><t xml:space=\"preserve\">");
            foreach (var letter in text.AsSpan(0, Math.Min(text.Length, TextMax)))
            {
                _ = letter switch
                {
                    '&' => part.Append("&amp;"),
                    '<' => part.Append("&lt;"),
                    '>' => part.Append("&gt;"),
                    // No XML may hold these.
                    (< ' ' and not ('\t' or '\n' or '\r')) or '\uFFFE' or '\uFFFF' => part.Append('\uFFFD'),
                    _ => part.Append(letter),
                };
            }

            part.Append("</t></is></c>");
        }

        part.Append("</row>");
    }

    private static IEnumerable<(string Name, string Content)> Rest(int sheets)
    {
        var numbers = Enumerable.Range(1, sheets).ToList();
        yield return ("xl/workbook.xml", $"<workbook xmlns=\"{Main}\" xmlns:r=\"{Relations}\"><sheets>{All(i => $"<sheet name=\"{i}\" sheetId=\"{i}\" r:id=\"rId{i}\"/>")}</sheets></workbook>");
        yield return ("xl/_rels/workbook.xml.rels", $"<Relationships xmlns=\"{Package}relationships\">{All(i => $"<Relationship Id=\"rId{i}\" Type=\"{Relations}/worksheet\" Target=\"worksheets/sheet{i}.xml\"/>")}<Relationship Id=\"rId{sheets + 1}\" Type=\"{Relations}/styles\" Target=\"styles.xml\"/></Relationships>");
        // The second style is for titles: bold.
        yield return ("xl/styles.xml", $"<styleSheet xmlns=\"{Main}\"><fonts count=\"2\"><font><sz val=\"11\"/><name val=\"Calibri\"/></font><font><b/><sz val=\"11\"/><name val=\"Calibri\"/></font></fonts>"
            + "<fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/></fill></fills><borders count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders>"
            + "<cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs><cellXfs count=\"2\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/>"
            + "<xf numFmtId=\"0\" fontId=\"1\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyFont=\"1\"/></cellXfs></styleSheet>");
        yield return ("_rels/.rels", $"<Relationships xmlns=\"{Package}relationships\"><Relationship Id=\"rId1\" Type=\"{Relations}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>");
        yield return ("[Content_Types].xml", $"<Types xmlns=\"{Package}content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/>"
            + "<Override PartName=\"/xl/workbook.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/><Override PartName=\"/xl/styles.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml\"/>"
            + $"{All(i => $"<Override PartName=\"/xl/worksheets/sheet{i}.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/>")}</Types>");

        string All(Func<int, string> text) => string.Concat(numbers.Select(text));
    }

    /// <summary>What the archive writes, which it cannot do without blocking, until it is moved on.</summary>
    private sealed class Outlet : Stream
    {
        private readonly ArrayBufferWriter<byte> _bytes = new(FullAt * 2);

        public async Task MoveAsync(Stream output, CancellationToken cancel)
        {
            await output.WriteAsync(_bytes.WrittenMemory, cancel);
            _bytes.ResetWrittenCount();
        }

        public override void Write(ReadOnlySpan<byte> buffer) => _bytes.Write(buffer);
        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));
        public override void Flush() { }
        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
