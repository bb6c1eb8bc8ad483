using Lianka.Platform.Sheets;

namespace Lianka.Modules.Agents;

/// <summary>A row of a file that is left out.</summary>
/// <param name="RowNo">As the file counts, from 1.</param>
/// <param name="Title">Of its column; empty: the row as a whole.</param>
/// <param name="Told">What stood there.</param>
/// <param name="Fault">See <see cref="PriceFileFailures"/>.</param>
public sealed record PriceFileProblem(long RowNo, string Title, string Told, string Fault);

/// <summary>Why a file with prices, or one of its rows, is not taken: stable codes, and words for them in both languages. What any file may have stands in <see cref="SheetFailures"/>.</summary>
public static class PriceFileFailures
{
    private static readonly Dictionary<string, (string En, string Zh)> _words = new(StringComparer.Ordinal)
    {
        // Rows.
        ["no_code"] = ("There is a price, but no SKU code.", "有价格，但没有规格编码。"),
        ["unknown_sku"] = ("There is no such SKU.", "没有这个规格。"),
        ["other_price"] = ("Row {0} has another price for this SKU: neither is taken.", "第 {0} 行对同一规格写了另一个价格，两行都不采用。"),
        ["not_an_amount"] = ("Not an amount: plain digits with at most 4 decimals, for example 9.85.", "不是金额：请用半角数字，最多四位小数，例如 9.85。"),
        ["not_positive"] = ("A price is more than zero.", "价格须大于零。"),
        ["too_high"] = ("Above the limit of one unit.", "超过单价上限。"),
        ["not_whole_fen"] = ("Retail prices have at most 2 decimals.", "零售价最多两位小数。"),

        // Whole files.
        ["empty_file"] = ("There is no price in the file.", "文件中没有价格。"),
        ["no_code_column"] = ("The first row has no title \"Code\" (编码): the column with the SKU codes is not known.", "第一行没有“编码”这个列名，不知道哪一列是规格编码。"),
        ["no_price_column"] = ("The first row names no column with prices.", "第一行没有价格列的列名。"),
        ["column_twice"] = ("More than one column could be meant by \"{0}\".", "“{0}”对应不止一列，无法确定。"),
        ["fault"] = ("Something went wrong on our side. Nothing was changed; try again.", "系统出现问题。没有改动任何价格，请重试。"),
    };

    /// <summary>All codes, for the tests.</summary>
    public static IReadOnlyCollection<string> Codes => [.. _words.Keys.Union(SheetFailures.Codes)];

    /// <param name="failure">A code, or <c>code:what it is about</c>.</param>
    public static string Text(string failure, bool isChinese) => SheetFailures.Text(_words, failure, isChinese) ?? SheetFailures.Text(failure, isChinese);
}
