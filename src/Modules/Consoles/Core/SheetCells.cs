using Lianka.Modules.Consoles.Parts;

namespace Lianka.Modules.Consoles.Core;

/// <summary>A column of a file that is made of a list.</summary>
/// <param name="Title">As the list names it, with its unit.</param>
/// <param name="At">Its place in the list.</param>
/// <param name="IsNumber">What reads as a number is one.</param>
/// <param name="IsDouble">Some cell has a second line: the file has a second column for them.</param>
public sealed record SheetHead(string Title, int At, bool IsNumber, bool IsDouble = false);

/// <summary>A number of a sheet, as its digits.</summary>
public readonly record struct SheetNumber(string Digits);

/// <summary>What of a list's cells stands in a file: what is read on the page, moments in full, numbers as numbers.</summary>
/// <remarks>Held by: tests/Unit/Consoles/SheetCellsExamples.cs.</remarks>
public static class SheetCells
{
    // A sheet keeps fifteen.
    private const int DigitsMax = 15;

    /// <param name="wanted">Titles; null: all columns. The first says which row it is and always stands there.</param>
    public static List<SheetHead> Heads(IReadOnlyList<Column> columns, IReadOnlyCollection<string>? wanted) =>
    [
        .. columns.Index().Where(c => c.Index == 0 || wanted?.Contains(c.Item.Title) != false)
            .Select(c => new SheetHead(c.Item.Unit is null ? c.Item.Title : $"{c.Item.Title} ({c.Item.Unit})", c.Index, c.Item.Kind is ColumnKind.Money or ColumnKind.Number)),
    ];

    /// <summary>Whether the cells of both stand below the same titles.</summary>
    public static bool AreAlike(IReadOnlyList<SheetHead> heads, IReadOnlyList<SheetHead> others) =>
        heads.Select(h => h with { IsDouble = false }).SequenceEqual(others.Select(h => h with { IsDouble = false }));

    /// <summary>Two texts for each column: its line, and the quieter one below it or null.</summary>
    public static string?[] Texts(IReadOnlyList<SheetHead> heads, IReadOnlyList<Cell> cells)
    {
        var texts = new string?[heads.Count * 2];
        for (var i = 0; i < heads.Count; i++)
        {
            var cell = cells[heads[i].At];
            var moment = IsMoment(cell.Title) ? cell.Title : null;
            // "3 minutes ago" says nothing in a file; where it is the second line, the moment stands for that.
            texts[i * 2] = cell.Sub is null ? moment ?? cell.Text : cell.Text;
            texts[(i * 2) + 1] = cell.Sub is null ? null : moment ?? cell.Sub;
        }

        return texts;
    }

    /// <summary>Marks the columns that have a second line in one of these rows.</summary>
    public static List<SheetHead> Doubled(IReadOnlyList<SheetHead> heads, IReadOnlyCollection<string?[]> rows) =>
        [.. heads.Select((h, i) => h.IsDouble || rows.All(r => r[(i * 2) + 1] is null) ? h : h with { IsDouble = true })];

    public static IEnumerable<string> Titles(IReadOnlyList<SheetHead> heads) =>
        heads.SelectMany(h => h.IsDouble ? (string[])[h.Title, $"{h.Title} 2"] : [h.Title]);

    /// <summary>Texts, and <see cref="SheetNumber"/> where a column has numbers.</summary>
    public static object[] Values(IReadOnlyList<SheetHead> heads, string?[] texts)
    {
        var values = new List<object>(texts.Length);
        for (var i = 0; i < heads.Count; i++)
        {
            var text = texts[i * 2] ?? "";
            values.Add(heads[i].IsNumber && NumberOf(text) is { } number ? number : text);
            if (heads[i].IsDouble) values.Add(texts[(i * 2) + 1] ?? "");
        }

        return [.. values];
    }

    /// <summary>The number that a text is: grouping, the signs of money and of percentages apart; null when it is more or less than one, or longer than a sheet can count.</summary>
    public static SheetNumber? NumberOf(string text)
    {
        var digits = text.Replace('−', '-').Replace(",", "", StringComparison.Ordinal).TrimStart('+').TrimEnd('%');
        var plain = digits.AsSpan(digits.StartsWith('-') ? 1 : 0);
        var point = plain.IndexOf('.');
        var isNumber = plain.Length is > 0 and <= DigitsMax && plain.IndexOfAnyExceptInRange('.', '9') < 0 && !plain.Contains('/') && point == plain.LastIndexOf('.') && point != 0 && point != plain.Length - 1;
        return isNumber ? new SheetNumber(digits) : null;
    }

    private static bool IsMoment(string? text) => text?.Length >= 10 && text[4] == '-' && text[7] == '-' && text.AsSpan(0, 4).IndexOfAnyExceptInRange('0', '9') < 0;
}
