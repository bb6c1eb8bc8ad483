using Lianka.Modules.Consoles.Core;
using Lianka.Modules.Consoles.Parts;

namespace Lianka.Tests.Unit.Consoles;

public sealed class SheetCellsExamples
{
    private static readonly Column[] _columns = [new("Order", ColumnKind.Text), new("Goods", ColumnKind.Text), new("Amount", ColumnKind.Money, "CNY"), new("Share", ColumnKind.Number, "%")];

    private static readonly Cell[] _row = [new("Q1", "/x", "2 minutes ago", Title: "2026-11-23 16:00:00"), new("Steam 50"), new("−1,234.5600"), new("—")];

    [Fact]
    public void What_is_read_in_a_list_stands_in_its_file()
    {
        var heads = SheetCells.Heads(_columns, null);
        var rows = new List<string?[]> { SheetCells.Texts(heads, _row) };
        heads = SheetCells.Doubled(heads, rows);
        SheetCells.Titles(heads).ShouldBe(["Order", "Order 2", "Goods", "Amount (CNY)", "Share (%)"]);
        SheetCells.Values(heads, rows[0]).ShouldBe(["Q1", "2026-11-23 16:00:00", "Steam 50", new SheetNumber("-1234.5600"), "—"]);
    }

    [Fact]
    public void A_moment_stands_there_in_full()
    {
        var heads = SheetCells.Heads([new("When", ColumnKind.Text)], null);
        SheetCells.Texts(heads, [new Cell("just now", Title: "2026-11-23 16:00:00")]).ShouldBe(["2026-11-23 16:00:00", null]);
        SheetCells.Texts(heads, [new Cell("li", Title: "Li, since long")]).ShouldBe(["li", null], "a title that is no moment is a hint");
    }

    [Fact]
    public void Columns_that_are_not_wanted_are_left_out_but_for_the_first()
    {
        var heads = SheetCells.Heads(_columns, ["Share", "what is not there"]);
        SheetCells.Titles(heads).ShouldBe(["Order", "Share (%)"]);
        SheetCells.Values(heads, SheetCells.Texts(heads, _row)).ShouldBe(["Q1", "—"]);
    }

    [Fact]
    public void Pages_are_alike_whose_cells_stand_below_the_same_titles()
    {
        var heads = SheetCells.Heads(_columns, ["Goods"]);
        SheetCells.AreAlike(SheetCells.Doubled(heads, [SheetCells.Texts(heads, _row)]), SheetCells.Heads(_columns[..2], ["Goods"])).ShouldBeTrue("what is not wanted, and a second line, change nothing");
        SheetCells.AreAlike(heads, SheetCells.Heads([_columns[0], _columns[2], _columns[1]], ["Goods"])).ShouldBeFalse("it has moved");
        SheetCells.AreAlike(heads, SheetCells.Heads([_columns[0]], ["Goods"])).ShouldBeFalse("it is gone");
    }

    [Theory]
    [InlineData("1,234.5600", "1234.5600")]
    [InlineData("−0.0001", "-0.0001")]
    [InlineData("+12", "12")]
    [InlineData("12.5%", "12.5")]
    [InlineData("—", null)]
    [InlineData("", null)]
    [InlineData("12 / 40", null)]
    [InlineData("12/40", null)]
    [InlineData("1.2.3", null)]
    [InlineData("1e5", null)]
    [InlineData("-", null)]
    [InlineData("12345678901234567", null)]
    public void A_number_is_a_number_and_nothing_else_is(string text, string? number) =>
        SheetCells.NumberOf(text).ShouldBe(number is null ? null : new SheetNumber(number));
}
