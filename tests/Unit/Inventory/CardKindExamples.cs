using Lianka.Modules.Inventory;
using Lianka.Modules.Inventory.Core;

namespace Lianka.Tests.Unit.Inventory;

public sealed class CardKindExamples
{
    private const string Png = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABAQAAAAA3bvkkAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==";

    private static string Of(CardLine line) => line.Fault is { } fault ? $"!{fault}" : $"{line.Number ?? "-"}|{line.Secret}{(line.IsBarcode ? "#" : "")}";

    [Theory] // kind, number, secret, expected
    [InlineData(CardKind.Told, null, "https://x.example/", "-|https://x.example/")]
    [InlineData(CardKind.Link, "N", "https://x.example/", "N|https://x.example/")]
    [InlineData(CardKind.Link, null, "x.example", "!not_a_link")]
    [InlineData(CardKind.Barcode, "N", "ABC 123", "N|ABC 123#")]
    [InlineData(CardKind.Barcode, null, "卡密", "!bad_barcode")]
    [InlineData(CardKind.Barcode, null, "1234567890123456789012345678901234567890123456789", "!bad_barcode")]
    [InlineData(CardKind.Barcode, null, Png, "!bad_barcode")]
    [InlineData(CardKind.Image, null, Png, "-|" + Png)]
    [InlineData(CardKind.Told, "N", Png, "N|" + Png)]
    [InlineData(CardKind.Image, null, "https://x.example/a.png", "!bad_image")]
    [InlineData(CardKind.Told, "data:image/png;base64", "iVBORw0KGgo=", "!bad_image")]
    [InlineData(CardKind.Told, null, "data:image/svg+xml;base64,PHN2Zz48L3N2Zz4=", "!bad_image")]
    [InlineData(CardKind.Told, null, "data:text/html;base64,PHN2Zz48L3N2Zz4=", "!bad_image")]
    [InlineData(CardKind.Told, null, "data:image/png;base64,PHN2Zz48L3N2Zz4=", "!bad_image")]
    [InlineData(CardKind.Told, null, "data:image/png;base64,not base64", "!bad_image")]
    public void A_secret_is_what_it_is_said_to_be_or_malformed(CardKind kind, string? number, string secret, string expected) =>
        Of(CardLine.Of(number, secret, kind)).ShouldBe(expected);

    [Theory]
    [InlineData(Png, "-|" + Png)]
    [InlineData("N7 " + Png, "N7|" + Png)]
    [InlineData("N7," + Png, "N7|" + Png)]
    [InlineData("N7----" + Png, "N7|" + Png)]
    [InlineData(Png + " x", "!bad_image")]
    public void A_picture_at_the_end_of_a_line_is_one_secret(string line, string expected) => Of(CardLine.OfText(line)).ShouldBe(expected);

    [Fact]
    public void A_picture_has_at_most_32000_characters()
    {
        var head = Png[..Png.IndexOf("iVBOR", StringComparison.Ordinal)];
        CardLine.Of(null, Picture(32_000 - head.Length)).Fault.ShouldBeNull();
        CardLine.Of(null, Picture(32_004 - head.Length)).Fault.ShouldBe("bad_image");

        // Whole groups of four characters.
        string Picture(int room) => head + "iVBORw0KGgoA" + new string('A', ((room / 4) - 3) * 4);
    }

    [Theory] // number, secret, is a barcode, kind
    [InlineData(null, "S", false, "code")]
    [InlineData("N", "S", false, "pair")]
    [InlineData(null, "https://x/", false, "link")]
    [InlineData("N", Png, false, "image")]
    [InlineData(null, "4006381333931", true, "barcode")]
    [InlineData("N", "4006381333931", true, "barcode")]
    public void The_kind_comes_out_of_what_was_sealed(string? number, string secret, bool isBarcode, string kind) =>
        CardText.Split(CardText.Join(number, secret, isBarcode)).ShouldBe((number, secret, kind));

    [Fact]
    public void A_header_may_have_a_column_that_says_the_kind()
    {
        var columns = CsvColumns.OfHeader(["类型", "Secret"])!.Value;
        columns.ShouldBe(new CsvColumns(-1, 1, 0));
        Of(columns.Read(["Barcode", "1"])).ShouldBe("-|1#");
        Of(columns.Read(["文本", "1"], CardKind.Barcode)).ShouldBe("-|1");
        Of(columns.Read([" ", "1"], CardKind.Barcode)).ShouldBe("-|1#");
        Of(columns.Read(["colour", "1"])).ShouldBe("!unknown_kind");
    }
}
