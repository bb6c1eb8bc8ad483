namespace Lianka.Platform.Sheets;

/// <summary>Why a file or one of its cells cannot be read: stable codes, and words for them in both languages.</summary>
public static class SheetFailures
{
    private static readonly Dictionary<string, (string En, string Zh)> _words = new(StringComparer.Ordinal)
    {
        // Cells and rows.
        ["formula"] = ("A formula stands in this row; paste its values into the file instead.", "该行含有公式，请粘贴为数值后再导入。"),
        ["mangled_number"] = ("A spreadsheet shortened this number (1.23E+15); export the column as text.", "数字被表格软件缩写（如 1.23E+15），请将该列设为文本后重新导出。"),
        ["long_number"] = ("A number of more than 15 digits, of which a spreadsheet keeps 15; set the column to text and enter it anew.", "超过 15 位的数字，表格软件只保留 15 位。请将该列设为文本后重新录入。"),
        ["formatted_number"] = ("This cell shows something else than it holds (a date, a percentage, leading zeros); set the column to text and enter it anew.", "该单元格显示的与保存的不一致（日期、百分比或前导零）。请将该列设为文本后重新录入。"),
        ["too_many_decimals"] = ("More than 4 decimals; round the value itself, not only how it is shown.", "超过四位小数。请对数值本身取整，而不只是设置显示格式。"),
        ["bad_cell"] = ("This cell holds an error or true/false.", "该单元格是错误值或真假值。"),
        ["bad_quotes"] = ("The quotation marks of this row are broken.", "该行的引号不完整。"),

        // Whole files.
        ["too_many_rows"] = ("More than {0} rows; split the file.", "超过 {0} 行，请拆分文件。"),
        ["too_large"] = ("The file is larger than {0} MiB; split it.", "文件超过 {0} MiB，请拆分。"),
        ["not_utf8"] = ("Not UTF-8 after row {0}. Save the file as UTF-8, or choose GB18030 if it is that.", "第 {0} 行之后不是 UTF-8 编码。请另存为 UTF-8；若文件为 GB18030/GBK，请选择该编码。"),
        ["not_gb18030"] = ("Neither UTF-8 nor GB18030 after row {0}.", "第 {0} 行之后既不是 UTF-8，也不是 GB18030 编码。"),
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
        ["given_up"] = ("Reading the file broke off several times, so it was given up. Save it anew, or split it, and try again.", "读取该文件多次中断，已放弃。请重新另存或拆分后再试。"),
        ["row_too_long"] = ("A row near row {0} is far too long.", "第 {0} 行附近有一行过长。"),
    };

    /// <summary>All codes, for the tests and the documents.</summary>
    public static IReadOnlyCollection<string> Codes => _words.Keys;

    /// <param name="failure">A code, or <c>code:what it is about</c>.</param>
    public static string Text(string failure, bool isChinese) => Text(_words, failure, isChinese) ?? failure;

    /// <summary>The words of a code among further ones, which an import has of its own; null when it is none of them.</summary>
    public static string? Text(IReadOnlyDictionary<string, (string En, string Zh)> words, string failure, bool isChinese)
    {
        var at = failure.IndexOf(':', StringComparison.Ordinal);
        return !words.TryGetValue(at < 0 ? failure : failure[..at], out var found) ? null
            : (isChinese ? found.Zh : found.En).Replace("{0}", at < 0 ? "?" : failure[(at + 1)..], StringComparison.Ordinal);
    }
}
