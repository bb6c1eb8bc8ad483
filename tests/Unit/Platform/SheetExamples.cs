using System.Text;
using Lianka.Modules.Inventory;
using Lianka.Platform.Sheets;

namespace Lianka.Tests.Unit.Platform;

/// <summary>Rows of files whatever they are called, and amounts as a spreadsheet stores them.</summary>
public sealed class SheetExamples
{
    private static string Read(byte[] content) => string.Join(" ", Sheet.Read(new MemoryStream(content), SheetNumbers.Amounts).Select(r =>
        $"{r.No}:" + (r.IsBroken ? "!" + r.Faults[0].Fault : string.Join('|', r.Fields.Select((f, i) => r.Faults.FirstOrDefault(x => x.Column == i) is { Fault: { } fault } ? "!" + fault : f)))));

    private static string Read(Workbook book) => Read(book.Build().ToArray());

    private static string FailureOf(byte[] content) => Should.Throw<UnreadableSheetException>(() => Read(content)).Failure;

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[] Gb18030(string text) => CodePagesEncodingProvider.Instance.GetEncoding("GB18030")!.GetBytes(text);

    [Fact]
    public void A_text_file_is_read_in_its_encoding_with_its_separator()
    {
        Read(Utf8("编码,价\nA-1,9.9\n")).ShouldBe("1:编码|价 2:A-1|9.9");
        Read([0xEF, 0xBB, 0xBF, .. Utf8("编码;价\r\n\r\nA-1;\"1;2\"\r\n")]).ShouldBe("1:编码|价 3:A-1|1;2");
        Read(Gb18030("编码\t价\r\n大卡\t9.9\r\n")).ShouldBe("1:编码|价 2:大卡|9.9");
        // What stands in quotes separates nothing, and blank lines before the first are none.
        Read(Utf8("\n\"a,b,c\";d\n1;2\n")).ShouldBe("2:a,b,c|d 3:1|2");
        Read(Utf8("only\none\n")).ShouldBe("1:only 2:one");
        Read(Utf8("a,b\n\"bro\"ken,1\nc,2\n")).ShouldBe("1:a|b 2:!bad_quotes 3:c|2");
        Read(Utf8("a,b\n,\n \nc,2\n")).ShouldBe("1:a|b 4:c|2");
        Read([]).ShouldBe("");
    }

    [Fact]
    public void A_file_is_what_its_content_is()
    {
        Read(new Workbook(Workbook.Row("编码", "价") + "<row><c t=\"inlineStr\"><is><t>A-1</t></is></c><c><v>9.9</v></c></row>")).ShouldBe("1:编码|价 2:A-1|9.9");
        FailureOf([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, .. new byte[100]]).ShouldBe("is_xls");
        FailureOf([0xFF, 0xFE, .. Encoding.Unicode.GetBytes("a,b")]).ShouldBe("is_utf16");
        FailureOf(Encoding.Unicode.GetBytes("a,b")).ShouldBe("not_text");
        FailureOf([.. Utf8("a,b\n"), 0xFF, 0x20, 0x0A]).ShouldStartWith("not_gb18030:");
        // A mark says what it is: what follows is no other encoding.
        FailureOf([0xEF, 0xBB, 0xBF, .. Gb18030("编码,价\n")]).ShouldBe("not_utf8:0");
        FailureOf(Utf8($"a,b\n\"{new string('x', 100_000)}\n")).ShouldBe("row_too_long:1");
    }

    [Theory] // style in the file below, stored, read
    [InlineData(0, "9.9", "9.9")]
    [InlineData(0, "9.9000000000000004", "9.9")]
    [InlineData(0, "9.8999999999999986", "9.9")]
    [InlineData(0, "0.30000000000000004", "0.3")]
    [InlineData(0, "5.0000000000000001E-3", "0.005")]
    [InlineData(0, "1E-4", "0.0001")]
    [InlineData(0, "999999.9999", "999999.9999")]
    [InlineData(0, "999999.99990000005", "999999.9999")]
    [InlineData(0, "1234567890123.1234", "1234567890123.1234")]
    [InlineData(0, "12345", "12345")]
    [InlineData(0, "-3.50", "-3.5")]
    [InlineData(0, "0", "0")]
    [InlineData(0, "-0", "0")]
    [InlineData(0, "1.2E+3", "1200")]
    [InlineData(0, "9.87654", "!too_many_decimals")]
    [InlineData(0, "9.90001", "!too_many_decimals")]
    [InlineData(0, "9.90000000000001", "!too_many_decimals")]
    [InlineData(0, "3.3333333333333335", "!too_many_decimals")]
    [InlineData(0, "1E-5", "!too_many_decimals")]
    [InlineData(0, "12345678901234.12341", "!too_many_decimals")]
    [InlineData(0, "1E+15", "!long_number")]
    [InlineData(0, "1E+99999", "!bad_cell")]
    [InlineData(0, "1.2.3", "!bad_cell")]
    [InlineData(0, "x", "!bad_cell")]
    [InlineData(1, "9.5", "9.5")] // 0.00
    [InlineData(2, "45728", "!formatted_number")] // a date
    [InlineData(3, "0.05", "!formatted_number")] // 5%
    [InlineData(4, "1234.5", "1234.5")] // ￥1,234.50
    [InlineData(5, "45728.5", "!formatted_number")] // a date of its own
    [InlineData(6, "12", "!formatted_number")] // 00012
    [InlineData(7, "12000", "!formatted_number")] // 12 (thousands)
    [InlineData(8, "9.9", "9.9")] // General of its own
    [InlineData(9, "9.9", "!formatted_number")] // 9.9 ten-thousands
    [InlineData(10, "9.9", "9.9")] // accounting
    [InlineData(99, "9.9", "!formatted_number")]
    public void An_amount_is_what_the_spreadsheet_shows_and_never_another(int style, string stored, string read) =>
        Read(new Workbook($"<row><c s=\"{style}\"><v>{stored}</v></c></row>").With("xl/styles.xml",
            "<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"[$￥-804]#,##0.00;[Red]\\-#,##0.00\"/><numFmt numFmtId=\"165\" formatCode=\"yyyy-mm-dd\"/>"
            + "<numFmt numFmtId=\"166\" formatCode=\"00000\"/><numFmt numFmtId=\"167\" formatCode=\"#,##0,\"/><numFmt numFmtId=\"168\" formatCode=\"General\"/>"
            + "<numFmt numFmtId=\"169\" formatCode=\"0.00&quot;万&quot;\"/><numFmt numFmtId=\"170\" formatCode=\"_ &quot;¥&quot;* #,##0.00_ ;_ &quot;¥&quot;* \\-#,##0.00_ ;_ @_ \"/></numFmts>"
            + "<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"2\"/><xf numFmtId=\"14\"/><xf numFmtId=\"10\"/><xf numFmtId=\"164\"/><xf numFmtId=\"165\"/><xf numFmtId=\"166\"/><xf numFmtId=\"167\"/>"
            + "<xf numFmtId=\"168\"/><xf numFmtId=\"169\"/><xf numFmtId=\"170\"/></cellXfs></styleSheet>")).ShouldBe($"1:{read}");

    [Fact]
    public void A_formula_and_a_date_are_faults_of_their_cell() =>
        Read(new Workbook("<row><c t=\"inlineStr\"><is><t>A-1</t></is></c><c><f>1+1</f><v>2</v></c><c t=\"d\"><v>2026-11-22</v></c><c t=\"b\"><v>1</v></c></row>"))
            .ShouldBe("1:A-1|!formula|!formatted_number|!bad_cell");

    [Fact]
    public void Every_failure_has_words_in_both_languages()
    {
        foreach (var code in SheetFailures.Codes)
        {
            SheetFailures.Text($"{code}:7", isChinese: false).ShouldNotContain("{0}");
            SheetFailures.Text($"{code}:7", isChinese: true).ShouldContain(c => c > '\u4e00');
            ImportFailures.Codes.ShouldContain(code);
        }

        SheetFailures.Text("someday:1", isChinese: true).ShouldBe("someday:1");
    }
}
