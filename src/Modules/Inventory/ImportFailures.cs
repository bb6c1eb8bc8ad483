using Lianka.Platform.Sheets;

namespace Lianka.Modules.Inventory;

/// <summary>Why an import or one of its rows failed: stable codes, and words for them in both languages. What any file may have stands in <see cref="SheetFailures"/>.</summary>
public static class ImportFailures
{
    private static readonly Dictionary<string, (string En, string Zh)> _words = new(StringComparer.Ordinal)
    {
        // Rows.
        ["duplicate_in_file"] = ("The same card stands in row {0} of this file.", "与本文件第 {0} 行重复。"),
        ["duplicate_in_stock"] = ("This card is or was in stock already.", "该卡已在库存中，或曾经入库。"),
        ["empty"] = ("The row is empty.", "该行为空。"),
        ["no_secret"] = ("There is no secret in this row.", "该行没有卡密。"),
        ["no_number"] = ("There is a separator, but no number before it.", "分隔符前没有卡号。"),
        ["too_many_parts"] = ("More than a number and a secret in this row.", "该行不止卡号和卡密两部分。"),
        ["too_long"] = ("Longer than a card can be (500 characters; number 200).", "超出长度限制（卡密 500 字符，卡号 200 字符）。"),
        ["bad_character"] = ("Contains characters that cannot belong to a card.", "含有卡密中不应出现的字符。"),
        ["bad_image"] = ("Not a picture: a PNG, JPEG, GIF or WebP as a data URI of at most 32,000 characters; in a CSV it stands in quotes.", "不是可用的图片：请使用 PNG、JPEG、GIF 或 WebP 的 data URI，最多 32,000 个字符；CSV 中须加引号。"),
        ["bad_barcode"] = ("Not a barcode: at most 48 letters, digits and signs without accents.", "无法做成条码：最多 48 个字母、数字或英文符号。"),
        ["not_a_link"] = ("Not a link: it begins with https:// or http://.", "不是链接：链接以 https:// 或 http:// 开头。"),
        ["unknown_kind"] = ("The column kind knows code, link, image and barcode.", "类型一列只能填 卡密、链接、图片、条码。"),
        ["formatted_number"] = ("This cell shows something else than it holds (a date, decimals, leading zeros); set the column to text and enter it anew.", "该单元格显示的与保存的不一致（日期、小数或前导零）。请将该列设为文本后重新录入。"),

        // Whole imports.
        ["empty_file"] = ("There is no card in the file.", "文件中没有卡密。"),
        ["stopped"] = ("The node was stopped before the import ended. Nothing was imported; start it again.", "导入结束前节点已停止。未导入任何卡密，请重新导入。"),
        ["interrupted"] = ("The import was interrupted. Nothing was imported; start it again.", "导入被中断。未导入任何卡密，请重新导入。"),
        ["crowded"] = ("Other imports of the same cards ran at the same time. Nothing was imported; start it again.", "有其他导入同时写入相同的卡。未导入任何卡密，请重新导入。"),
        ["fault"] = ("Something went wrong on our side. Nothing was imported; try again.", "系统出现问题。未导入任何卡密，请重试。"),
    };

    /// <summary>All codes, for the tests and the documents.</summary>
    public static IReadOnlyCollection<string> Codes => [.. _words.Keys.Union(SheetFailures.Codes)];

    /// <param name="failure">A code, or <c>code:what it is about</c>, as stored with the import.</param>
    public static string Text(string failure, bool isChinese) =>
        SheetFailures.Text(_words, failure, isChinese) ?? SheetFailures.Text(failure, isChinese);

    public static string Text(ImportProblem problem, bool isChinese) => Text(problem.Status switch
    {
        "malformed" => problem.Detail,
        "duplicate_in_file" => $"duplicate_in_file:{problem.Detail}",
        _ => problem.Status,
    }, isChinese);
}
