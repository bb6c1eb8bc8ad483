namespace Lianka.Platform.Sheets;

/// <summary>A row of a sheet that holds something.</summary>
/// <param name="No">The line of the file or the row of the sheet in which it begins, from 1.</param>
/// <param name="Faults">Cells that are not what was typed, by their column; their field is not empty. See <see cref="SheetFailures"/>.</param>
public sealed record SheetRow(long No, IReadOnlyList<string> Fields, IReadOnlyList<(int Column, string Fault)> Faults)
{
    /// <summary>The column of a fault that leaves nothing of the row.</summary>
    public const int Whole = -1;

    public bool IsBroken => Faults is [(Whole, _)];
}

/// <summary>The file cannot be read at all. The code is one of <see cref="SheetFailures"/>, with what it is about behind a colon.</summary>
public sealed class UnreadableSheetException(string failure) : Exception(failure)
{
    public string Failure => Message;
}

/// <summary>Which numbers of a spreadsheet are taken as they are.</summary>
public enum SheetNumbers
{
    /// <summary>Only whole ones that are shown as they were typed: everything else may be another than was meant.</summary>
    Whole,

    /// <summary>Amounts too: up to four decimals, in any format that shows the number itself.</summary>
    Amounts,
}

public enum SheetEncoding { Utf8, Gb18030 }

/// <summary>Rows of a spreadsheet (XLSX) or of a CSV file, one after the other: memory stays bounded for any number of them.</summary>
/// <remarks>Held by: tests/Unit/Platform/SheetExamples.cs, tests/Unit/Inventory/XlsxExamples.cs.</remarks>
public static class Sheet
{
    /// <summary>The name of a file as it is kept and shown: without folders, what would break a line, and what is no text for PostgreSQL.</summary>
    public static string NameOf(string told, int max = 200)
    {
        var name = string.Concat(told[(told.LastIndexOfAny(['/', '\\']) + 1)..].Where(c => !char.IsControl(c) && !char.IsSurrogate(c))).Trim();
        return name.Length > max ? name[..max] : name;
    }

    /// <summary>Reads what the content is, whatever its name says. A CSV may be UTF-8 or GB18030, and have commas, semicolons or tabs.</summary>
    /// <param name="content">Can be gone back in.</param>
    /// <param name="hasLines">A quoted field of a CSV may have several lines; then a forgotten quote spoils the rest of the file, and says so.</param>
    /// <exception cref="UnreadableSheetException">While rows are read, too.</exception>
    public static IEnumerable<SheetRow> Read(Stream content, SheetNumbers numbers, bool hasLines = false)
    {
        var head = (stackalloc byte[4]);
        content.Position = 0;
        var length = content.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        content.Position = 0;
        // A ZIP, or what an old or locked spreadsheet is, which is refused there by its name.
        if (head[..length].StartsWith("PK\u0003\u0004"u8) || head[..length].SequenceEqual((ReadOnlySpan<byte>)[0xD0, 0xCF, 0x11, 0xE0])) return ReadXlsx(content, numbers);
        // A mark says what it is.
        var encoding = head[..length].StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? SheetEncoding.Utf8 : SheetLines.Guess(content);
        content.Position = 0;
        var separator = SheetLines.SeparatorOf(content, encoding);
        content.Position = 0;
        return SheetLines.ReadCsv(content, encoding, separator, hasLines);
    }

    /// <summary>The first sheet that is shown.</summary>
    /// <param name="content">Can be gone back in.</param>
    /// <exception cref="UnreadableSheetException">It is no such file, or one that is not to be read.</exception>
    public static IEnumerable<SheetRow> ReadXlsx(Stream content, SheetNumbers numbers) => XlsxSheet.Read(content, numbers);

    /// <summary>Records with commas, strictly in the encoding that was named.</summary>
    /// <exception cref="UnreadableSheetException">The bytes are not text of this encoding, or a record has no end.</exception>
    public static IEnumerable<SheetRow> ReadCsv(Stream content, SheetEncoding encoding) => SheetLines.ReadCsv(content, encoding, ',', hasLines: false);
}
