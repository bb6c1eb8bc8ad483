namespace Lianka.Modules.Inventory;

/// <summary>Why an import or one of its rows failed: stable codes, and words for them in both languages.</summary>
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
        ["mangled_number"] = ("A spreadsheet shortened this number (1.23E+15); export the column as text.", "数字被表格软件缩写（如 1.23E+15），请将该列设为文本后重新导出。"),
        ["bad_image"] = ("Not a picture: a PNG, JPEG, GIF or WebP as a data URI of at most 32,000 characters; in a CSV it stands in quotes.", "不是可用的图片：请使用 PNG、JPEG、GIF 或 WebP 的 data URI，最多 32,000 个字符；CSV 中须加引号。"),
        ["bad_barcode"] = ("Not a barcode: at most 48 letters, digits and signs without accents.", "无法做成条码：最多 48 个字母、数字或英文符号。"),
        ["not_a_link"] = ("Not a link: it begins with https:// or http://.", "不是链接：链接以 https:// 或 http:// 开头。"),
        ["unknown_kind"] = ("The column kind knows code, link, image and barcode.", "类型一列只能填 卡密、链接、图片、条码。"),
        ["formula"] = ("A formula stands in this row; paste its values into the file instead.", "该行含有公式，请粘贴为数值后再导入。"),
        ["long_number"] = ("A number of more than 15 digits, of which a spreadsheet keeps 15; set the column to text and enter it anew.", "超过 15 位的数字，表格软件只保留 15 位。请将该列设为文本后重新录入。"),
        ["formatted_number"] = ("This cell shows something else than it holds (a date, decimals, leading zeros); set the column to text and enter it anew.", "该单元格显示的与保存的不一致（日期、小数或前导零）。请将该列设为文本后重新录入。"),
        ["bad_cell"] = ("This cell holds an error or true/false, not a card.", "该单元格是错误值或真假值，不是卡密。"),
        ["bad_quotes"] = ("The quotation marks of this row are broken.", "该行的引号不完整。"),

        // Whole imports.
        ["empty_file"] = ("There is no card in the file.", "文件中没有卡密。"),
        ["too_many_rows"] = ("More than {0} rows; split the file.", "超过 {0} 行，请拆分文件。"),
        ["too_large"] = ("The file is larger than {0} MiB; split it.", "文件超过 {0} MiB，请拆分。"),
        ["not_utf8"] = ("Not UTF-8 after row {0}. Save the file as UTF-8, or choose GB18030 if it is that.", "第 {0} 行之后不是 UTF-8 编码。请另存为 UTF-8；若文件为 GB18030/GBK，请选择该编码。"),
        ["not_gb18030"] = ("Not GB18030 after row {0}.", "第 {0} 行之后不是 GB18030 编码。"),
        ["is_utf16"] = ("The file is UTF-16 or UTF-32 (\"Unicode text\"). Save it as UTF-8.", "文件为 UTF-16 或 UTF-32（“Unicode 文本”）编码，请另存为 UTF-8。"),
        ["is_utf8"] = ("The file is marked as UTF-8; choose UTF-8.", "文件带有 UTF-8 标记，请选择 UTF-8。"),
        ["is_xlsx"] = ("This is a spreadsheet; choose XLSX as the format.", "这是 Excel 表格文件，请将格式选为 XLSX。"),
        ["not_xlsx"] = ("This is not an XLSX spreadsheet.", "这不是 XLSX 表格文件。"),
        ["is_xls"] = ("This is an old Excel file (.xls). Save it as XLSX.", "这是旧版 Excel 文件（.xls），请另存为 XLSX。"),
        ["is_encrypted"] = ("The spreadsheet has a password. Save it without one.", "该表格设有密码，请去掉密码后再导入。"),
        ["broken_xlsx"] = ("The spreadsheet is damaged. Open it, save it anew as XLSX, and try again.", "表格文件已损坏，请打开后重新另存为 XLSX。"),
        ["xlsx_dtd"] = ("The spreadsheet contains a DTD, which no spreadsheet program writes. It was not read.", "表格文件中含有 DTD，正常的表格软件不会写入。已拒绝读取。"),
        ["xlsx_bomb"] = ("The spreadsheet unpacks to far more than it should. It was not read.", "表格文件解压后大得异常。已拒绝读取。"),
        ["not_text"] = ("This is not a text file.", "这不是文本文件。"),
        ["row_too_long"] = ("A row near row {0} is far too long to be a card.", "第 {0} 行附近有一行过长，不可能是卡密。"),
        ["stopped"] = ("The node was stopped before the import ended. Nothing was imported; start it again.", "导入结束前节点已停止。未导入任何卡密，请重新导入。"),
        ["interrupted"] = ("The import was interrupted. Nothing was imported; start it again.", "导入被中断。未导入任何卡密，请重新导入。"),
        ["crowded"] = ("Other imports of the same cards ran at the same time. Nothing was imported; start it again.", "有其他导入同时写入相同的卡。未导入任何卡密，请重新导入。"),
        ["fault"] = ("Something went wrong on our side. Nothing was imported; try again.", "系统出现问题。未导入任何卡密，请重试。"),
    };

    /// <summary>All codes, for the tests and the documents.</summary>
    public static IReadOnlyCollection<string> Codes => _words.Keys;

    /// <param name="failure">A code, or <c>code:what it is about</c>, as stored with the import.</param>
    public static string Text(string failure, bool isChinese)
    {
        var at = failure.IndexOf(':', StringComparison.Ordinal);
        var code = at < 0 ? failure : failure[..at];
        if (!_words.TryGetValue(code, out var words)) return failure;
        return (isChinese ? words.Zh : words.En).Replace("{0}", at < 0 ? "?" : failure[(at + 1)..], StringComparison.Ordinal);
    }

    public static string Text(ImportProblem problem, bool isChinese) => Text(problem.Status switch
    {
        "malformed" => problem.Detail,
        "duplicate_in_file" => $"duplicate_in_file:{problem.Detail}",
        _ => problem.Status,
    }, isChinese);
}
