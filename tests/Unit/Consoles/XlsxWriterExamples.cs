using System.IO.Compression;
using System.Xml.Linq;
using Lianka.Modules.Consoles.Core;
using Lianka.Modules.Consoles.Files;

namespace Lianka.Tests.Unit.Consoles;

public sealed class XlsxWriterExamples
{
    private static async Task<ZipArchive> WriteAsync(int sheetRows, params object[][] rows)
    {
        var bytes = new MemoryStream();
        await XlsxWriter.WriteAsync(bytes, ["Name", "=Amount"], rows.ToAsyncEnumerable(), CancellationToken.None, sheetRows);
        return new ZipArchive(new MemoryStream(bytes.ToArray()));
    }

    /// <summary>Rows of a sheet: texts in quotes, numbers bare, emptiness a dash.</summary>
    private static string Told(ZipArchive book, int sheet) => string.Join(" | ", Part(book, $"xl/worksheets/sheet{sheet}.xml").Descendants().Where(e => e.Name.LocalName == "row")
        .Select(row => string.Join(' ', row.Elements().Select(c => c.Attribute("t") is not null ? $"'{c.Value}'" : c.Value.Length > 0 ? c.Value : "-"))));

    private static XDocument Part(ZipArchive book, string name)
    {
        using var part = book.GetEntry(name)!.Open();
        return XDocument.Load(part);
    }

    [Fact]
    public async Task Texts_are_texts_and_numbers_numbers()
    {
        using var book = await WriteAsync(XlsxWriter.SheetRows, ["=1+1", new SheetNumber("-12.5")], ["<联卡> & \u0001", ""]);
        Told(book, 1).ShouldBe("'Name' '=Amount' | '=1+1' -12.5 | '<联卡> & \uFFFD' -");
        Part(book, "xl/worksheets/sheet1.xml").Descendants().ShouldNotContain(e => e.Name.LocalName == "f");
        book.Entries.ShouldNotContain(e => e.FullName == "xl/worksheets/sheet2.xml");
    }

    [Fact]
    public async Task What_is_more_than_a_sheet_holds_goes_on_on_the_next()
    {
        using var book = await WriteAsync(3, ["a", new SheetNumber("1")], ["b", new SheetNumber("2")], ["c", new SheetNumber("3")], ["d", new SheetNumber("4")], ["e", new SheetNumber("5")]);
        (Told(book, 1), Told(book, 2), Told(book, 3)).ShouldBe(("'Name' '=Amount' | 'a' 1 | 'b' 2", "'Name' '=Amount' | 'c' 3 | 'd' 4", "'Name' '=Amount' | 'e' 5"));
        Part(book, "xl/workbook.xml").Descendants().Count(e => e.Name.LocalName == "sheet").ShouldBe(3);
        // Whatever is named is there.
        foreach (var rels in Part(book, "xl/_rels/workbook.xml.rels").Root!.Elements()) book.GetEntry($"xl/{rels.Attribute("Target")!.Value}").ShouldNotBeNull();
        foreach (var type in Part(book, "[Content_Types].xml").Root!.Elements().Where(e => e.Name.LocalName == "Override")) book.GetEntry(type.Attribute("PartName")!.Value[1..]).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_book_without_rows_has_its_titles()
    {
        using var book = await WriteAsync(XlsxWriter.SheetRows);
        Told(book, 1).ShouldBe("'Name' '=Amount'");
    }
}
