using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Agents.Core;
using Lianka.Modules.Catalog;

namespace Lianka.Tests.Unit.Agents;

/// <summary>What is taken from a file with prices, and what is named and left out.</summary>
public sealed class PriceSheetExamples
{
    private static readonly PriceColumn[] _levels = [new(1, ["总代", "general agent"]), new(2, ["一级", "first"]), new(3, ["2", "second"])];
    private static readonly PriceColumn[] _shelf = [new(0, ["零售价", "retail price"])];

    /// <summary>SKUs are called a, b and c and have the numbers 1, 2 and 3.</summary>
    private static (PriceSheet Sheet, string? Failure) Read(bool isRetail, params string[] rows)
    {
        var sheet = new PriceSheet(isRetail ? _shelf : _levels, isRetail, code => code is ['a' or 'b' or 'c'] ? new SkuId(code[0] - 'a' + 1) : null);
        string? failure = null;
        for (var i = 0; i < rows.Length && failure is null; i++)
        {
            var cells = rows[i].Split('|');
            failure = sheet.Take(i + 1, [.. cells.Select(c => c.TrimStart('!'))], [.. cells.Index().Where(c => c.Item.StartsWith('!')).Select(c => (c.Index, c.Item[1..]))]);
        }

        return (sheet, failure ?? sheet.End());
    }

    private static string Told(PriceSheet sheet) => string.Join(" ", sheet.Skus.Select(s => $"{s.Value}:" + string.Join(',', sheet.Of(s).Select(p => $"{p.Level}={p.Price?.ToString() ?? "off"}"))));

    private static string Problems(PriceSheet sheet) => string.Join(" ", sheet.Problems.Select(p => $"{p.RowNo}/{p.Title}/{p.Told}/{p.Fault}"));

    [Fact]
    public void Prices_are_taken_by_their_titles_and_an_empty_cell_says_nothing()
    {
        var (sheet, failure) = Read(false, "规格|编码|进价 (CNY)|总代 (CNY)| FIRST |l3", "x|a|9|46.1|—|47", "y|b|9|| 46.65000 |", "z|c|9|||—", "");
        failure.ShouldBeNull();
        Told(sheet).ShouldBe("1:1=46.1000,3=47.0000 2:2=46.6500");
        Problems(sheet).ShouldBe("");
        sheet.Ignored.ShouldBe(["规格", "进价 (CNY)"]);
        // A level may be called as the rank of another is: the name counts.
        Told(Read(false, "code|2|1", "a|5|4").Sheet).ShouldBe("1:3=5.0000,1=4.0000");
    }

    [Theory] // cell, fault
    [InlineData("9.12345", "too_many_decimals")]
    [InlineData("9.9.9", "not_an_amount")]
    [InlineData("1,234.50", "not_an_amount")]
    [InlineData("￥9", "not_an_amount")]
    [InlineData("９", "not_an_amount")]
    [InlineData("9.", "not_an_amount")]
    [InlineData("abc", "not_an_amount")]
    [InlineData("off", "not_an_amount")]
    [InlineData("0", "not_positive")]
    [InlineData("-1", "not_positive")]
    [InlineData("1000000.0001", "too_high")]
    [InlineData("!formula", "formula")]
    public void A_row_with_a_mistake_is_named_and_left_out_whole(string cell, string fault)
    {
        var (sheet, failure) = Read(false, "code|first|general agent", $"a|5|{cell}", "b|6|");
        failure.ShouldBeNull();
        Told(sheet).ShouldBe("2:2=6.0000");
        Problems(sheet).ShouldBe($"2/general agent/{cell.TrimStart('!')}/{fault}");
    }

    [Fact]
    public void A_row_that_names_no_goods_is_left_out()
    {
        var (sheet, _) = Read(false, "code|first|备注", "zz|5|", "|5|", "||x", "!formula|5|", "a|5|!formula", " a |5|");
        Told(sheet).ShouldBe("1:2=5.0000");
        Problems(sheet).ShouldBe("2/code/zz/unknown_sku 3/code//no_code 5/code//formula");
    }

    [Fact]
    public void Of_goods_that_stand_twice_with_different_prices_nothing_is_taken()
    {
        // The same twice, and different columns, say one thing.
        Told(Read(false, "code|first|general agent", "a|5|", "a|5|4", "b|1|").Sheet).ShouldBe("1:2=5.0000,1=4.0000 2:2=1.0000");
        var (sheet, _) = Read(false, "code|first|general agent", "a||4", "b|1|", "a|5|", "a|6|", "a|6|");
        Told(sheet).ShouldBe("2:2=1.0000");
        Problems(sheet).ShouldBe("2/code/a/other_price:5 4/code/a/other_price:5 5/code/a/other_price:4 6/code/a/other_price:2");
    }

    [Fact]
    public void A_retail_price_is_whole_fen_and_a_word_takes_off()
    {
        var (sheet, _) = Read(true, "编码|零售价 (CNY)|最低零售价 (CNY)", "a|49.5|1", "b|下架|1", "c|49.555|1");
        Told(sheet).ShouldBe("1:0=49.5000 2:0=off");
        Problems(sheet).ShouldBe("4/零售价 (CNY)/49.555/not_whole_fen");
        // Off and a price contradict each other too.
        Problems(Read(true, "code|retail price", "a|OFF", "a|3").Sheet).ShouldBe("2/code/a/other_price:3 3/code/a/other_price:2");
    }

    [Theory] // rows, failure
    [InlineData("", "empty_file")]
    [InlineData("code|first", "empty_file")]
    [InlineData("first|price\na|5", "no_code_column")]
    [InlineData("a|5", "no_code_column")]
    [InlineData("code|price\na|5", "no_price_column")]
    [InlineData("code|first|一级\na|5|6", "column_twice:一级")]
    [InlineData("code|编码|first\na|5|6", "column_twice:编码")]
    public void A_file_that_does_not_say_which_columns_are_meant_is_refused(string rows, string failure) =>
        Read(false, rows.Length == 0 ? [] : rows.Split('\n')).Failure.ShouldBe(failure);

    [Fact]
    public void Two_levels_of_one_name_cannot_be_told_apart() =>
        new PriceSheet([new(1, ["vip"]), new(2, ["vip"])], isRetail: false, _ => null).Take(1, ["code", "VIP"], []).ShouldBe("column_twice:VIP");

    [Fact]
    public void What_is_shown_again_is_short_and_breaks_no_line() =>
        Problems(Read(false, "code|first", $"a|x\n\u0007{new string('y', 100)}").Sheet).ShouldBe($"2/first/x  {new string('y', 57)}…/not_an_amount");

    [Fact]
    public void Every_failure_has_words_in_both_languages()
    {
        foreach (var code in PriceFileFailures.Codes)
        {
            PriceFileFailures.Text($"{code}:7", isChinese: false).ShouldNotContain("{0}");
            PriceFileFailures.Text($"{code}:7", isChinese: true).ShouldContain(c => c > '\u4e00');
        }
    }
}
