using System.Text;
using Lianka.Modules.Inventory;
using Lianka.Modules.Inventory.Import;
using Lianka.Platform.Sheets;

namespace Lianka.Tests.Unit.Inventory;

public sealed class XlsxExamples
{
    private static string Read(Workbook book, CardKind kind = CardKind.Told) => Read(book.Build(), kind);

    private static string Read(Stream content, CardKind kind = CardKind.Told) => string.Join(" ", CardFile.Read(content, Request(kind)).Select(r =>
        r.Card.Fault is { } fault ? $"{r.RowNo}!{fault}" : $"{r.RowNo}:{r.Card.Number}/{r.Card.Secret}{(r.Card.IsBarcode ? "#" : "")}"));

    private static ImportRequest Request(CardKind kind) => new(default, CardFormat.Xlsx, CardEncoding.Utf8, "cards.xlsx", "test", Kind: kind);

    private static string FailureOf(Stream content) => Should.Throw<UnreadableSheetException>(() => Read(content)).Failure;

    [Fact]
    public void Cells_of_text_are_number_and_secret_whatever_way_they_are_written() =>
        Read(new Workbook(
            "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>1</v></c><c r=\"B1\" t=\"s\"><v>0</v></c></row>"
            + "<row r=\"2\"/>"
            + "<row r=\"5\"><c r=\"A5\" t=\"inlineStr\"><is><t>N2</t></is></c><c r=\"B5\" t=\"str\"><v>S2</v></c></row>"
            + "<row><c/><c t=\"s\"><v>2</v></c></row>"
            + "<row r=\"9\"><c r=\"A9\" s=\"1\"/><c r=\"B9\" t=\"inlineStr\"><is><t>S4</t></is></c><c r=\"C9\"><v></v></c></row>")
            .Strings("<si><t xml:space=\"preserve\"> S1 </t></si><si><r><t>N</t></r><r><rPr><b/></rPr><t>1</t></r><rPh sb=\"0\" eb=\"1\"><t>x</t></rPh></si><si><t>S3_x0041_</t></si>"))
            .ShouldBe("1:N1/S1 5:N2/S2 6:/S3A 9:/S4");

    [Fact]
    public void A_header_names_the_columns_and_the_others_are_not_looked_at() =>
        Read(new Workbook(
            Workbook.Row("备注", "卡密", "卡号", "类型") + Workbook.Row("x", "S1", "N1", "") + Workbook.Row("x", "4006381333931", "N2", "条码")
            + "<row><c><f>A1</f><v>1</v></c><c t=\"inlineStr\"><is><t>S3</t></is></c></row>"
            + Workbook.Row("x", "S4", "", "voucher") + Workbook.Row("x", "S5", "", "link") + Workbook.Row("x", "", "N6")))
            .ShouldBe("2:N1/S1 3:N2/4006381333931# 4:/S3 5!unknown_kind 6!not_a_link 7!no_secret");

    [Theory] // type, style, stored, expected
    [InlineData("n", 0, "123456789012345", ":/123456789012345")]
    [InlineData("n", 2, "42", ":/42")]
    [InlineData("n", 0, "1234567890123450", "!long_number")]
    [InlineData("n", 0, "1.23456789012345E+18", "!mangled_number")]
    [InlineData("n", 0, "1E-05", "!mangled_number")]
    [InlineData("n", 0, "12.5", "!formatted_number")]
    [InlineData("n", 0, "-3", "!formatted_number")]
    [InlineData("n", 1, "45728", "!formatted_number")]
    [InlineData("n", 3, "123", "!formatted_number")]
    [InlineData("n", 99, "123", "!formatted_number")]
    [InlineData("d", 0, "2026-11-22", "!formatted_number")]
    [InlineData("b", 0, "1", "!bad_cell")]
    [InlineData("e", 0, "#N/A", "!bad_cell")]
    public void A_number_that_a_spreadsheet_may_have_changed_is_malformed(string type, int style, string stored, string expected) =>
        Read(new Workbook($"<row><c t=\"{type}\" s=\"{style}\"><v>{stored}</v></c></row>")).ShouldBe($"1{expected}");

    [Theory]
    [InlineData("<c><f>CONCAT(A1,1)</f><v>5</v></c>")]
    [InlineData("<c t=\"str\"><f>A1</f><v>ABC</v></c>")]
    [InlineData("<c><f>A1</f></c>")]
    [InlineData("<c><v>5</v><f t=\"shared\" si=\"0\"/></c>")]
    public void A_formula_is_no_card(string cell) =>
        Read(new Workbook($"<row>{cell}</row>{Workbook.Row("OK")}")).ShouldBe("1!formula 2:/OK");

    [Fact]
    public void Columns_far_to_the_right_do_no_harm() =>
        Read(new Workbook("<row><c r=\"A1\"><v>1</v></c><c r=\"ZZ1\"><v>2</v></c><c r=\"AAA1\"><v>3</v></c></row>")).ShouldBe("1:/1");

    [Fact]
    public void Only_the_first_sheet_that_is_shown_is_read() =>
        Read(new Workbook("")
            .With("xl/workbook.xml", $"<workbook xmlns:r=\"{Workbook.Types}\"><sheets><sheet state=\"hidden\" r:id=\"r1\"/><sheet r:id=\"r9\"/></sheets></workbook>")
            .With("xl/_rels/workbook.xml.rels", $"<Relationships><Relationship Id=\"r1\" Type=\"{Workbook.Types}/worksheet\" Target=\"worksheets/sheet1.xml\"/>"
                + $"<Relationship Id=\"r9\" Type=\"{Workbook.Types}/worksheet\" Target=\"worksheets/second.xml\"/></Relationships>")
            .With("xl/worksheets/second.xml", $"<worksheet><sheetData>{Workbook.Row("SHOWN")}</sheetData></worksheet>"))
            .ShouldBe("1:/SHOWN");

    [Fact]
    public void A_document_type_is_refused_wherever_it_stands()
    {
        const string Bomb = "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;\">]>";
        foreach (var part in new[] { "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml", "xl/sharedStrings.xml", "xl/worksheets/sheet1.xml" })
            FailureOf(new Workbook(Workbook.Row("A")).With(part, $"{Bomb}<sst>&b;</sst>").Build()).ShouldBe("xlsx_dtd", part);
    }

    [Fact]
    public void A_file_that_unpacks_to_far_more_than_it_should_is_refused()
    {
        // A thousand times: 6 MiB of one character, in a text, in an attribute, among the shared texts.
        var much = new string('A', 6 << 20);
        FailureOf(new Workbook(Workbook.Row(much)).Build()).ShouldBe("xlsx_bomb");
        FailureOf(new Workbook($"<row r=\"{much}\"/>").Build()).ShouldBe("xlsx_bomb");
        FailureOf(new Workbook("").Strings($"<si><t>{much}</t></si>").Build()).ShouldBe("xlsx_bomb");
        FailureOf(new Workbook(string.Concat(Enumerable.Repeat("<a>", 1_000))).Build()).ShouldBe("broken_xlsx");
    }

    /// <summary>What has to be whole in memory before it can be looked at is bounded by itself, however little it was packed.</summary>
    [Fact]
    public void A_tag_without_end_is_refused_and_long_rows_are_not()
    {
        var random = new Random(1);
        var mixed = string.Concat(Enumerable.Range(0, 200_000).Select(_ => $"{random.NextInt64():x16}"));
        FailureOf(new Workbook($"<row r=\"{mixed}\"/>{Workbook.Row("A")}").Build()).ShouldBe("xlsx_bomb");
        FailureOf(new Workbook($"<row>{Workbook.Row("A")}</row>").Strings($"<si x=\"{mixed}\"/>").Build()).ShouldBe("xlsx_bomb");
        FailureOf(new Workbook($"<!--{mixed}-->").Build()).ShouldBe("xlsx_bomb");
        // Small ones by the thousand, in one tag; and names that no two tags share.
        FailureOf(new Workbook($"<row{string.Concat(Enumerable.Range(0, 5_000).Select(i => $" a{i}=\"{mixed.AsSpan(i * 300, 300)}\""))}/>").Build()).ShouldBe("xlsx_bomb");
        FailureOf(new Workbook(string.Concat(Enumerable.Range(0, 5_000).Select(i => $"<a{mixed.AsSpan(i * 100, 100)}/>"))).Build()).ShouldBe("xlsx_bomb");

        // What spreadsheets write: texts to their end, tags with many places, and as many rows as one likes.
        var places = string.Join(' ', Enumerable.Range(1, 90_000).Select(i => $"A{i * 2}"));
        var text = mixed[..32_767];
        var lines = string.Concat(Enumerable.Range(0, 100_000).Select(i => $"<row r=\"{i + 2}\" spans=\"1:2\"><c r=\"A{i + 2}\"><v>{i}</v></c><c r=\"B{i + 2}\"><v>{mixed.AsSpan(i, 9)}</v></c></row>"));
        var book = new Workbook($"{Workbook.Row(text)}{lines}</sheetData><ignoredErrors><ignoredError sqref=\"{places}\"/></ignoredErrors><sheetData>")
            .Strings(string.Concat(Enumerable.Range(0, 100).Select(_ => $"<si><t>{text}</t></si>")));
        Sheet.ReadXlsx(book.Build(), SheetNumbers.Whole).Count().ShouldBe(100_001);
    }

    [Fact]
    public void What_is_no_spreadsheet_is_refused_with_what_it_is()
    {
        FailureOf(new MemoryStream("number,secret\n"u8.ToArray())).ShouldBe("not_xlsx");
        FailureOf(new MemoryStream([])).ShouldBe("not_xlsx");
        byte[] old = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, .. new byte[1_000]];
        FailureOf(new MemoryStream(old)).ShouldBe("is_xls");
        // Across the border of two reads.
        FailureOf(new MemoryStream([.. old, .. new byte[(64 << 10) - old.Length - 5], .. Encoding.Unicode.GetBytes("EncryptedPackage")])).ShouldBe("is_encrypted");
        FailureOf(new MemoryStream([.. "PK"u8, 3, 4, .. new byte[100]])).ShouldBe("broken_xlsx");
        FailureOf(new Workbook("").With("xl/workbook.xml", "<workbook/>").Build()).ShouldBe("not_xlsx");
        FailureOf(new Workbook("<row><c t=\"s\"><v>7</v></c></row>").Build()).ShouldBe("broken_xlsx");
        FailureOf(new Workbook("<row>").Build()).ShouldBe("broken_xlsx");
        FailureOf(new Workbook("<row><c r=\"B1\"><v>1</v></c><c r=\"A1\"><v>2</v></c></row>").Build()).ShouldBe("broken_xlsx");
        var cut = new Workbook(string.Concat(Enumerable.Repeat(Workbook.Row("A", "B"), 1_000))).Build().ToArray();
        FailureOf(new MemoryStream(cut[..(cut.Length / 2)])).ShouldBe("broken_xlsx");
    }

    /// <summary>Any damage to a file gives cards or a reason, never another exception, and never takes long.</summary>
    [Fact]
    public void A_damaged_file_is_read_or_refused()
    {
        var rows = string.Concat(Enumerable.Range(0, 50).Select(i => Workbook.Row($"N{i}", $"S{i}")));
        var whole = new Workbook(rows + "<row><c t=\"s\"><v>0</v></c></row>").Strings("<si><t>x</t></si>").Build().ToArray();
        for (var seed = 0; seed < 2_000; seed++)
        {
            var random = new Random(seed);
            var damaged = whole.ToArray();
            for (var i = 0; i < 1 + (seed % 4); i++) damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            try
            {
                Read(new MemoryStream(damaged));
            }
            catch (UnreadableSheetException fault)
            {
                ImportFailures.Codes.ShouldContain(fault.Failure, $"seed {seed}");
            }
            catch (Exception fault)
            {
                throw new InvalidOperationException($"seed {seed}", fault);
            }
        }
    }
}
