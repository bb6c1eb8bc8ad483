using System.IO.Compression;
using System.Text;
using System.Xml;

namespace Lianka.Platform.Sheets;

/// <summary>Reads the first visible sheet of an XLSX file, row by row.</summary>
/// <remarks>
/// Only what was typed is taken: text, and numbers that a spreadsheet shows as they are. What it may have changed (long
/// numbers, dates, formulas) is a fault of its cell, because the value would be another one.
/// Held by: tests/Unit/Platform/SheetExamples.cs, tests/Unit/Inventory/XlsxExamples.cs. Decision 0025.
/// </remarks>
internal sealed class XlsxSheet : IDisposable
{
    /// <summary>Columns that are looked at.</summary>
    private const int ColumnsMax = 64;

    /// <summary>Characters of a cell that are kept; a cell holds 32,767.</summary>
    private const int CellMax = 40_000;

    /// <summary>Elements within each other; a sheet has five.</summary>
    private const int DepthMax = 32;

    private const int SheetsMax = 1_000, StylesMax = 65_536, FormatsMax = 4_096;

    private readonly ZipArchive _zip;
    private readonly UnpackLimit _limit = new();
    private readonly SheetNumbers _numbers;
    private SharedStrings _strings = new();
    private List<bool> _isTrueStyle = [];

    private XlsxSheet(Stream content, SheetNumbers numbers) => (_zip, _numbers) = (new ZipArchive(content, ZipArchiveMode.Read, leaveOpen: true), numbers);

    /// <exception cref="UnreadableSheetException">It is no such file, or one that is not to be read.</exception>
    public static IEnumerable<SheetRow> Read(Stream content, SheetNumbers numbers)
    {
        RefuseOthers(content);
        using var file = Guarded(() => new XlsxSheet(content, numbers));
        using var rows = Guarded(file.Open);
        while (Guarded(rows.MoveNext)) yield return rows.Current;
    }

    /// <summary>An old .xls and a spreadsheet with a password are both another kind of file, which holds streams by name.</summary>
    private static void RefuseOthers(Stream content)
    {
        var head = (stackalloc byte[8]);
        var length = content.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        content.Position = 0;
        head = head[..length];
        if (head.StartsWith((ReadOnlySpan<byte>)[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]))
            throw new UnreadableSheetException(Contains(content, Encoding.Unicode.GetBytes("EncryptedPackage")) ? "is_encrypted" : "is_xls");
        if (!head.StartsWith("PK"u8)) throw new UnreadableSheetException("not_xlsx");
    }

    private static bool Contains(Stream content, byte[] sought)
    {
        var buffer = new byte[64 << 10];
        var kept = 0;
        int read;
        while ((read = content.Read(buffer, kept, buffer.Length - kept)) > 0)
        {
            var there = buffer.AsSpan(0, kept + read);
            if (there.IndexOf(sought) >= 0) return true;
            kept = Math.Min(there.Length, sought.Length - 1);
            there[^kept..].CopyTo(buffer);
        }

        return false;
    }

    /// <summary>Turns what the readers of ZIP and XML say into what is told to people.</summary>
    private static T Guarded<T>(Func<T> step)
    {
        try
        {
            return step();
        }
        catch (XmlException fault)
        {
            // The reader has no other way to tell: its texts are English on every machine.
            throw new UnreadableSheetException(fault.Message.Contains("DTD", StringComparison.Ordinal) ? "xlsx_dtd" : "broken_xlsx");
        }
        catch (Exception fault) when (fault is InvalidDataException or NotSupportedException or FormatException or OverflowException)
        {
            throw new UnreadableSheetException("broken_xlsx");
        }
    }

    private IEnumerator<SheetRow> Open()
    {
        var book = PartOf("_rels/.rels", "/officeDocument", null) ?? "xl/workbook.xml";
        if (_zip.GetEntry(book) is null) throw new UnreadableSheetException("not_xlsx");
        var folder = book[..(book.LastIndexOf('/') + 1)];
        var links = $"{folder}_rels/{book[folder.Length..]}.rels";
        var sheet = PartOf(links, "/worksheet", FirstSheet(book)) ?? throw new UnreadableSheetException("not_xlsx");
        if (PartOf(links, "/styles", null) is { } styles) _isTrueStyle = ReadStyles(styles);
        if (PartOf(links, "/sharedStrings", null) is { } strings) ReadStrings(strings);
        return ReadRows(sheet).GetEnumerator();
    }

    /// <summary>The path of a part that a part of relations names, by the end of its type and its id (null: any).</summary>
    private string? PartOf(string relations, string type, string? id)
    {
        if (_zip.GetEntry(relations) is null) return null;
        using var xml = Xml(relations);
        var folder = relations[..relations.IndexOf("_rels/", StringComparison.Ordinal)];
        while (Next(xml))
        {
            if (xml.LocalName != "Relationship" || xml.GetAttribute("TargetMode") == "External") continue;
            if (xml.GetAttribute("Type")?.EndsWith(type, StringComparison.Ordinal) != true) continue;
            if (id is not null && xml.GetAttribute("Id") != id) continue;
            var target = xml.GetAttribute("Target") ?? "";
            return target.StartsWith('/') ? target[1..] : folder + target;
        }

        return null;
    }

    /// <returns>The relation's id of the first sheet that is not hidden.</returns>
    private string? FirstSheet(string book)
    {
        using var xml = Xml(book);
        var seen = 0;
        while (Next(xml))
        {
            if (xml.LocalName != "sheet" || ++seen > SheetsMax) continue;
            if (xml.GetAttribute("state") is "hidden" or "veryHidden") continue;
            for (var i = 0; i < xml.AttributeCount; i++)
            {
                xml.MoveToAttribute(i);
                if (xml is { LocalName: "id", Prefix.Length: > 0 }) return xml.Value;
            }
        }

        throw new UnreadableSheetException("not_xlsx");
    }

    /// <summary>Whether a number under each style is shown as it is taken.</summary>
    private List<bool> ReadStyles(string part)
    {
        using var xml = Xml(part);
        var isTrue = new List<bool>();
        var codes = new Dictionary<string, string>(StringComparer.Ordinal);
        var isIn = false;
        while (Next(xml))
        {
            if (xml.LocalName == "cellXfs") isIn = true;
            else if (xml.LocalName == "cellStyles") isIn = false;
            else if (xml.LocalName == "numFmt" && codes.Count < FormatsMax) codes[xml.GetAttribute("numFmtId") ?? ""] = xml.GetAttribute("formatCode") ?? "?";
            else if (isIn && xml.LocalName == "xf" && isTrue.Count < StylesMax)
                isTrue.Add(_numbers == SheetNumbers.Whole ? NumberFormats.IsPlain(xml.GetAttribute("numFmtId")) : NumberFormats.ShowsAmount(xml.GetAttribute("numFmtId"), codes));
        }

        return isTrue;
    }

    private void ReadStrings(string part)
    {
        using var xml = Xml(part);
        _strings = new SharedStrings();
        var text = new StringBuilder();
        var isMore = Next(xml);
        while (isMore)
        {
            if (xml.LocalName != "si")
            {
                isMore = Next(xml);
                continue;
            }

            text.Clear();
            ReadText(xml, text);
            if (!_strings.TryAdd(text)) throw new UnreadableSheetException("xlsx_bomb");
            isMore = Next(xml);
        }
    }

    private IEnumerable<SheetRow> ReadRows(string part)
    {
        using var xml = Xml(part);
        var row = 0L;
        var text = new StringBuilder();
        var isMore = Next(xml);
        while (isMore)
        {
            if (xml.LocalName != "row")
            {
                isMore = Next(xml);
                continue;
            }

            row = long.TryParse(xml.GetAttribute("r"), out var given) && given > row ? given : row + 1;
            var fields = new List<string>(4);
            var faults = new List<(int, string)>();
            var next = 0;
            var depth = xml.Depth;
            var isEmpty = xml.IsEmptyElement;
            isMore = Next(xml);
            while (!isEmpty && isMore && xml.Depth > depth)
            {
                if (xml.LocalName == "c") isMore = ReadCell(xml, text, ref next, fields, faults);
                else isMore = Next(xml);
            }

            if (faults.Count > 0 || !fields.TrueForAll(string.IsNullOrWhiteSpace)) yield return new SheetRow(row, fields, faults);
        }
    }

    /// <summary>Reads the cell on which the reader stands, and goes on to the next element.</summary>
    /// <param name="next">The column of a cell that does not say where it stands.</param>
    private bool ReadCell(XmlReader xml, StringBuilder text, ref int next, List<string> fields, List<(int, string)> faults)
    {
        var column = ColumnOf(xml.GetAttribute("r")) ?? next;
        if (column < next && column < ColumnsMax) throw new InvalidDataException("Cells stand out of order.");
        next = column + 1;
        var type = xml.GetAttribute("t");
        var style = int.TryParse(xml.GetAttribute("s"), out var given) ? given : 0;
        var depth = xml.Depth;
        var isEmpty = xml.IsEmptyElement;
        var hasFormula = false;
        text.Clear();
        var isMore = Next(xml);
        while (!isEmpty && isMore && xml.Depth > depth)
        {
            if (xml.LocalName == "f") hasFormula = true;
            if (xml.LocalName is "v" or "is") ReadText(xml, text);
            isMore = Next(xml);
        }

        if (column >= ColumnsMax || (text.Length == 0 && !hasFormula)) return isMore;
        while (fields.Count < column) fields.Add("");
        var (value, fault) = hasFormula ? ("?", "formula") : ValueOf(type, text, style);
        fields.Add(value);
        if (fault is not null) faults.Add((column, fault));
        return isMore;
    }

    private (string Value, string? Fault) ValueOf(string? type, StringBuilder text, int style)
    {
        switch (type)
        {
            case "s":
                return int.TryParse(text.ToString(), out var at) && _strings.TryGet(at, out var shared)
                    ? (Decoded(shared), null)
                    : throw new InvalidDataException("A cell names a shared text that is not there.");
            case "inlineStr" or "str":
                return (Decoded(text.ToString()), null);
            case null or "n":
                var number = text.ToString();
                if (!(style >= _isTrueStyle.Count ? style == 0 : _isTrueStyle[style])) return (number, "formatted_number");
                return _numbers == SheetNumbers.Whole ? (number, CellNumber.FaultOfWhole(number)) : CellNumber.Amount(number);
            case "d":
                return ("?", "formatted_number");
            default:
                return ("?", "bad_cell");
        }
    }

    /// <summary>Undoes <c>_x000D_</c>, by which a spreadsheet writes what XML cannot hold.</summary>
    private static string Decoded(string text) => text.Contains("_x", StringComparison.Ordinal) ? XmlConvert.DecodeName(text) : text;

    /// <returns>From 0; null when the cell does not say.</returns>
    private static int? ColumnOf(string? reference)
    {
        if (string.IsNullOrEmpty(reference)) return null;
        var column = 0;
        foreach (var c in reference)
        {
            if (!char.IsAsciiLetterUpper(c)) break;
            column = Math.Min((column * 26) + (c - 'A' + 1), ColumnsMax + 1);
        }

        return column == 0 ? null : column - 1;
    }

    /// <summary>
    /// Appends the text within the element on which the reader stands, but for how it is pronounced, up to what a cell may
    /// have; then the reader stands on its end.
    /// </summary>
    private void ReadText(XmlReader xml, StringBuilder text)
    {
        if (xml.IsEmptyElement) return;
        var depth = xml.Depth;
        var silent = int.MaxValue;
        var chunk = new char[256];
        while (Read(xml) && xml.Depth > depth)
        {
            if (xml.Depth > DepthMax) throw new InvalidDataException("Too many elements within each other.");
            if (xml.NodeType == XmlNodeType.Element && xml.LocalName == "rPh" && xml.Depth < silent) silent = xml.Depth;
            else if (xml.NodeType == XmlNodeType.EndElement && xml.Depth == silent) silent = int.MaxValue;
            if (xml.NodeType is not (XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace)) continue;
            int read;
            while ((read = xml.ReadValueChunk(chunk, 0, chunk.Length)) > 0)
                if (silent == int.MaxValue && text.Length < CellMax) text.Append(chunk, 0, read);
        }
    }

    /// <summary>Goes on to the next element.</summary>
    private bool Next(XmlReader xml)
    {
        while (Read(xml))
        {
            if (xml.Depth > DepthMax) throw new InvalidDataException("Too many elements within each other.");
            if (xml.NodeType == XmlNodeType.Element) return true;
        }

        return false;
    }

    private bool Read(XmlReader xml)
    {
        var isMore = xml.Read();
        _limit.Given();
        return isMore;
    }

    private XmlReader Xml(string part)
    {
        var entry = _zip.GetEntry(part) ?? throw new InvalidDataException("A part of the file is missing.");
        return XmlReader.Create(new UnpackedStream(entry.Open(), entry.CompressedLength, _limit), new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            CloseInput = true,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
            CheckCharacters = true,
            NameTable = new Names(),
        });
    }

    public void Dispose() => _zip.Dispose();

    /// <summary>Names of elements and attributes, of which the reader keeps each that it ever met.</summary>
    private sealed class Names : NameTable
    {
        /// <summary>Characters of all of them; a spreadsheet has some hundred names.</summary>
        private const int Max = 1 << 18;

        private int _sum;

        public override string Add(char[] key, int start, int len) => Get(key, start, len) ?? Counted(base.Add(key, start, len));

        public override string Add(string key) => Get(key) ?? Counted(base.Add(key));

        private string Counted(string name) => (_sum += name.Length) <= Max ? name : throw new UnreadableSheetException("xlsx_bomb");
    }
}
