using System.IO.Compression;
using System.Text;

namespace Lianka.Tests;

/// <summary>Builds an XLSX file part by part, so that a test can say exactly what stands in it.</summary>
internal sealed class Workbook
{
    public const string Types = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private const string Relations = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">";
    private const string Main = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"";

    private readonly Dictionary<string, string> _parts = new(StringComparer.Ordinal)
    {
        ["_rels/.rels"] = $"{Relations}<Relationship Id=\"r1\" Type=\"{Types}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>",
        ["xl/workbook.xml"] = $"<workbook {Main} xmlns:r=\"{Types}\"><sheets><sheet name=\"Sheet1\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>",
        ["xl/_rels/workbook.xml.rels"] =
            $"{Relations}<Relationship Id=\"r1\" Type=\"{Types}/worksheet\" Target=\"worksheets/sheet1.xml\"/>"
            + $"<Relationship Id=\"r2\" Type=\"{Types}/sharedStrings\" Target=\"sharedStrings.xml\"/>"
            + $"<Relationship Id=\"r3\" Type=\"{Types}/styles\" Target=\"/xl/styles.xml\"/></Relationships>",
        ["xl/styles.xml"] =
            $"<styleSheet {Main}><cellStyleXfs><xf numFmtId=\"9\"/></cellStyleXfs><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"49\"/><xf numFmtId=\"164\"/></cellXfs></styleSheet>",
        ["xl/sharedStrings.xml"] = $"<sst {Main}/>",
    };

    /// <param name="rows">What stands within <c>sheetData</c>.</param>
    public Workbook(string rows) => _parts["xl/worksheets/sheet1.xml"] = $"<worksheet {Main}><sheetData>{rows}</sheetData></worksheet>";

    public Workbook With(string part, string content)
    {
        _parts[part] = content;
        return this;
    }

    /// <param name="items">What stands within <c>sst</c>: <c>si</c> elements.</param>
    public Workbook Strings(string items) => With("xl/sharedStrings.xml", $"<sst {Main}>{items}</sst>");

    public MemoryStream Build()
    {
        var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in _parts)
            {
                using var part = new StreamWriter(zip.CreateEntry(name, CompressionLevel.Optimal).Open(), new UTF8Encoding(false));
                part.Write(content);
            }
        }

        file.Position = 0;
        return file;
    }

    /// <summary>A row of cells that hold text themselves.</summary>
    public static string Row(params string[] texts) =>
        $"<row>{string.Concat(texts.Select(t => $"<c t=\"inlineStr\"><is><t>{t}</t></is></c>"))}</row>";
}
