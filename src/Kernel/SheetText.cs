namespace Lianka.Kernel;

/// <summary>Text for a cell of a file that people open in a spreadsheet.</summary>
public static class SheetText
{
    /// <summary>Text that a spreadsheet would run as a formula gets an apostrophe before it; other text stays as it is.</summary>
    /// <remarks>Only for text that came from people. Amounts with a minus are numbers and go into their cells as such.</remarks>
    public static string Plain(string? text) => text is ['=' or '+' or '-' or '@' or '\t' or '\r' or '＝' or '＋' or '－' or '＠', ..] ? "'" + text : text ?? "";
}
