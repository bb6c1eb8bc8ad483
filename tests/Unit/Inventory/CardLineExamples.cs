using Lianka.Modules.Inventory;
using Lianka.Modules.Inventory.Core;

namespace Lianka.Tests.Unit.Inventory;

public sealed class CardLineExamples
{
    private static string Of(CardLine line) => line.Fault is { } fault ? $"!{fault}" : $"{line.Number ?? "-"}|{line.Secret}";

    [Theory] // line, number|secret or !fault
    [InlineData("ABCDE-12345-FGHIJ", "-|ABCDE-12345-FGHIJ")]
    [InlineData("  ABC  ", "-|ABC")]
    [InlineData("1001\t9876", "1001|9876")]
    [InlineData("1001\t\t9876", "1001|9876")]
    [InlineData("1001,9876", "1001|9876")]
    [InlineData("1001, 9876", "1001|9876")]
    [InlineData("1001，9876", "1001|9876")]
    [InlineData("1001 9876", "1001|9876")]
    [InlineData("1001   9876", "1001|9876")]
    [InlineData("1001\u30009876", "1001|9876")]
    [InlineData("1001----9876", "1001|9876")]
    [InlineData("me@x.example----p,w d\t1", "!bad_character")]
    [InlineData("me@x.example----p,w d", "me@x.example|p,w d")]
    [InlineData("acc----pw----mail", "!too_many_parts")]
    [InlineData("a b c", "!too_many_parts")]
    [InlineData("a,b,c", "!too_many_parts")]
    [InlineData("a\tb\tc", "!too_many_parts")]
    [InlineData("a,", "!no_secret")]
    [InlineData(",b", "!no_number")]
    [InlineData("a----", "!no_secret")]
    [InlineData("----b", "!no_number")]
    [InlineData("https://x.example/a,b?c=1", "-|https://x.example/a,b?c=1")]
    [InlineData("N7 https://x.example/a,b", "N7|https://x.example/a,b")]
    [InlineData("N7,https://x.example/a,b", "N7|https://x.example/a,b")]
    [InlineData("N7, HTTPS://x.example/a", "N7|HTTPS://x.example/a")]
    [InlineData(",https://x.example/a", "!no_number")]
    [InlineData("a b https://x.example/", "!too_many_parts")]
    [InlineData("https://x.example/ 1", "https://x.example/|1")]
    [InlineData("httpABC", "-|httpABC")]
    [InlineData("CODEhttps://x.example/", "-|CODEhttps://x.example/")]
    [InlineData("a----b----https://x.example/", "!too_many_parts")]
    [InlineData("N7----https://x.example/a,b", "N7|https://x.example/a,b")]
    [InlineData("1.23457E+15", "!mangled_number")]
    [InlineData("1001,4E+11", "!mangled_number")]
    [InlineData("ABCE+15", "-|ABCE+15")]
    [InlineData("AB\u0000C", "!bad_character")]
    [InlineData("AB\uFFFDC", "!bad_character")]
    [InlineData("AB\uD83DC", "!bad_character")]
    [InlineData("AB\uD83D\uDE00C", "-|AB\uD83D\uDE00C")]
    [InlineData("", "!empty")]
    public void A_line_is_a_secret_or_a_number_and_a_secret(string line, string expected) =>
        Of(CardLine.OfText(line)).ShouldBe(expected);

    [Fact]
    public void The_limits_are_500_and_200_characters()
    {
        CardLine.Of(null, new string('x', 500)).Fault.ShouldBeNull();
        CardLine.Of(null, new string('x', 501)).Fault.ShouldBe("too_long");
        CardLine.Of(new string('1', 200), "x").Fault.ShouldBeNull();
        CardLine.Of(new string('1', 201), "x").Fault.ShouldBe("too_long");
    }

    [Theory] // header, number column, secret column
    [InlineData("secret", -1, 0)]
    [InlineData(" Number ,SECRET", 0, 1)]
    [InlineData("卡密,卡号", 1, 0)]
    [InlineData("note,密码,x", -1, 1)]
    public void A_header_names_the_columns(string header, int number, int secret) =>
        CsvColumns.OfHeader(header.Split(',')).ShouldBe(new CsvColumns(number, secret));

    [Theory]
    [InlineData("number,pin")]
    [InlineData("ABC,DEF")]
    [InlineData("")]
    public void Without_the_name_of_the_secret_it_is_no_header(string record) => CsvColumns.OfHeader(record.Split(',')).ShouldBeNull();

    [Fact]
    public void What_is_sealed_comes_apart_as_it_was_put_together()
    {
        foreach (var (number, secret, kind) in new[] { (null, "S", "code"), ("N", "S", "pair"), (null, "https://x/", "link"), ("N", "https://x/", "pair") })
            CardText.Split(CardText.Join(number, secret)).ShouldBe((number, secret, kind));
    }

    [Fact]
    public void Full_width_forms_are_the_same_card_but_case_is_not()
    {
        CardText.Comparable("１２", "ＡＢ－３").ShouldBe(CardText.Comparable("12", "AB-3"));
        CardText.Comparable(null, "a\u3000b").ShouldBe(CardText.Comparable("", "a b"));
        CardText.Comparable(null, "abc").ShouldNotBe(CardText.Comparable(null, "ABC"));
        CardText.Comparable("1", "23").ShouldNotBe(CardText.Comparable("12", "3"));
    }

    [Fact]
    public void Every_failure_has_words_in_both_languages()
    {
        foreach (var code in ImportFailures.Codes)
        {
            ImportFailures.Text($"{code}:7", isChinese: false).ShouldNotContain("{0}");
            ImportFailures.Text($"{code}:7", isChinese: true).ShouldContain(c => c > '\u4e00');
        }

        ImportFailures.Text(new ImportProblem { RowNo = 9, Status = "duplicate_in_file", Detail = "3" }, isChinese: false)
            .ShouldBe("The same card stands in row 3 of this file.");
        ImportFailures.Text("someday:1", isChinese: false).ShouldBe("someday:1");
    }

    [Fact]
    public void Cards_valid_through_a_day_end_with_that_day_in_China() =>
        CardExpiry.EndOf(new DateOnly(2027, 12, 31)).ShouldBe(new DateTimeOffset(2027, 12, 31, 16, 0, 0, TimeSpan.Zero));
}
