using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Lianka.Bench.Import;

/// <summary>Files of cards as suppliers send them: a number of 16 digits and a secret of 18 characters each.</summary>
internal static class CardFiles
{
    private const string Letters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    public static void WriteCsv(string file, int rows, int seed)
    {
        using var text = new StreamWriter(file, append: false, new UTF8Encoding(false), 1 << 16);
        text.Write("number,secret\n");
        foreach (var (number, secret) in Cards(rows, seed)) text.Write($"{number},{secret}\n");
    }

    /// <summary>As spreadsheet programs write it: every text once in a part of its own, the cells refer to it.</summary>
    public static void WriteXlsx(string file, int rows, int seed)
    {
        using var zip = new ZipArchive(File.Create(file), ZipArchiveMode.Create);
        Part(zip, "[Content_Types].xml", w => w.Write(
            "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/></Types>"));
        const string Types = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        Part(zip, "_rels/.rels", w => w.Write(
            $"<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" Type=\"{Types}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"));
        Part(zip, "xl/_rels/workbook.xml.rels", w => w.Write(
            $"<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" Type=\"{Types}/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"r2\" Type=\"{Types}/sharedStrings\" Target=\"sharedStrings.xml\"/></Relationships>"));
        Part(zip, "xl/workbook.xml", w => w.Write(
            $"<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"{Types}\"><sheets><sheet name=\"Sheet1\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"));
        Part(zip, "xl/worksheets/sheet1.xml", w =>
        {
            w.Write("<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>");
            for (var i = 0; i < rows; i++)
                w.Write(string.Create(CultureInfo.InvariantCulture, $"<row r=\"{i + 1}\" spans=\"1:2\"><c r=\"A{i + 1}\" t=\"s\"><v>{2 * i}</v></c><c r=\"B{i + 1}\" t=\"s\"><v>{(2 * i) + 1}</v></c></row>"));
            w.Write("</sheetData></worksheet>");
        });
        Part(zip, "xl/sharedStrings.xml", w =>
        {
            w.Write("<sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">");
            foreach (var (number, secret) in Cards(rows, seed)) w.Write($"<si><t>{number}</t></si><si><t>{secret}</t></si>");
            w.Write("</sst>");
        });
    }

    private static void Part(ZipArchive zip, string name, Action<StreamWriter> write)
    {
        using var text = new StreamWriter(zip.CreateEntry(name, CompressionLevel.Optimal).Open(), new UTF8Encoding(false), 1 << 16);
        write(text);
    }

    private static IEnumerable<(string Number, string Secret)> Cards(int rows, int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < rows; i++)
            yield return ($"88{seed:D2}{i:D12}", new string(random.GetItems<char>(Letters, 18)));
    }
}
