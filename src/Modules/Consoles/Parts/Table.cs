using Lianka.Kernel;
using Lianka.Platform.Http;

namespace Lianka.Modules.Consoles.Parts;

public enum ColumnKind { Text, Number, Money, Badge }

/// <summary>How a column's numbers are drawn, over the first column of their rows. Drawn on a common scale: give columns of one unit.</summary>
public enum DrawnAs
{
    None,
    Bar,
    Line,

    /// <summary>Bars that lie, the first row at the top.</summary>
    Lying,
    Slice,
}

/// <summary>What stands in one cell.</summary>
/// <param name="Sub">A second, quieter line.</param>
/// <param name="Tone">ok, waiting, warning, error or empty: the badge's look; null: no badge.</param>
/// <param name="Title">Shown on hover, for example the exact moment.</param>
public sealed record Cell(string Text, string? Href = null, string? Sub = null, string? Tone = null, string? Title = null, bool IsMono = false, string? Word = null)
{
    public static implicit operator Cell(string text) => new(text);

    public static Cell Of(Money money) => new(Show.Money(money));

    /// <summary>Money that came or went: sign and word, the colour only helps.</summary>
    public static Cell Flow(Money money, string wordIn, string wordOut) =>
        new(Show.Signed(money), Tone: money.IsNegative ? "debit" : "credit", Word: money.IsNegative ? wordOut : wordIn);
}

/// <summary>What can be done to rows that are chosen in a list: the address of the page that shows it first (<c>?key=…&amp;key=…</c>).</summary>
public sealed record RowAction(string Href, string Label);

/// <summary>The form that the boxes of a list belong to.</summary>
public sealed record RowChoices(string Id, IReadOnlyList<RowAction> Actions, Language Language);

public sealed record Column(string Title, ColumnKind Kind, string? Unit = null, DrawnAs Draw = DrawnAs.None);

/// <summary>A list as every console page shows it: numbers to the right, rows that become cards on phones.</summary>
public sealed class Table(string caption)
{
    public string Caption => caption;
    public List<Column> Columns { get; } = [];
    public List<Cell[]> Rows { get; } = [];
    public Cell[]? Total { get; set; }

    /// <summary>What names each row to <see cref="Actions"/>; null where rows cannot be chosen.</summary>
    public List<string>? Keys { get; set; }
    public List<RowAction>? Actions { get; set; }

    /// <summary>Address of the next page; null on the last.</summary>
    public string? Next { get; set; }
    public string? First { get; set; }

    /// <summary>What to say when there is nothing, and what to do about it.</summary>
    public EmptyState? Empty { get; set; }

    /// <summary>Links and actions that lead elsewhere are taken away; rows of which nothing can be done are not chosen.</summary>
    public void KeepLinks(Func<string, bool> keeps)
    {
        foreach (var row in Rows)
            for (var at = 0; at < row.Length; at++)
                if (row[at].Href is { } href && !keeps(href)) row[at] = row[at] with { Href = null };
        if (Empty?.Href is { } next && !keeps(next)) Empty = Empty with { Href = null, Label = null };
        if (Actions?.RemoveAll(a => !keeps(a.Href)) > 0 && Actions.Count == 0) (Keys, Actions) = (null, null);
    }

    /// <param name="caption">Read out to those who do not see the table.</param>
    public static TableOf<T> Of<T>(IEnumerable<T> rows, string caption) => new(rows, new Table(caption));
}

public sealed record EmptyState(string Title, string Words, string? Href = null, string? Label = null, string Icon = "info");

/// <summary>Builds a <see cref="Table"/> column by column.</summary>
public sealed class TableOf<T>(IEnumerable<T> rows, Table table)
{
    private readonly List<Func<T, Cell>> _cells = [];

    public TableOf<T> Column(string title, Func<T, Cell> cell) => Add(title, ColumnKind.Text, cell);

    public TableOf<T> Number(string title, Func<T, long?> number) => Add(title, ColumnKind.Number, r => number(r) is { } n ? Show.Number(n) : "—");

    /// <summary>Basis points as a percentage; null: there is none.</summary>
    /// <param name="href">Where one leads.</param>
    public TableOf<T> Percent(string title, Func<T, long?> bps, Func<T, string>? href = null) =>
        Add(title, ColumnKind.Number, r => bps(r) is { } b ? new Cell(Show.Percent(b), href?.Invoke(r)) : "—", "%");

    public TableOf<T> Money(string title, Func<T, Money?> money, string unit = "CNY") =>
        Add(title, ColumnKind.Money, r => money(r) is { } m ? Cell.Of(m) : new Cell("—"), unit);

    public TableOf<T> Flow(string title, Func<T, Cell> cell, string unit = "CNY") => Add(title, ColumnKind.Money, cell, unit);

    public TableOf<T> Badge(string title, Func<T, (string Text, string Tone)> badge) =>
        Add(title, ColumnKind.Badge, r => badge(r) is var (text, tone) ? new Cell(text, Tone: tone) : "");

    /// <summary>Rows can be chosen, for these actions.</summary>
    public TableOf<T> Choose(Func<T, string> key, IEnumerable<RowAction> actions)
    {
        (table.Keys, table.Actions) = ([.. rows.Select(key)], [.. actions]);
        return this;
    }

    public Table Build()
    {
        table.Rows.AddRange(rows.Select(r => _cells.ConvertAll(c => c(r)).ToArray()));
        return table;
    }

    /// <summary>Draws the last column: shown as <c>_Chart</c>, the table is a chart, of which a point leads where its row's first link does.</summary>
    public TableOf<T> Drawn(DrawnAs draw)
    {
        table.Columns[^1] = table.Columns[^1] with { Draw = draw };
        return this;
    }

    private TableOf<T> Add(string title, ColumnKind kind, Func<T, Cell> cell, string? unit = null)
    {
        table.Columns.Add(new Column(title, kind, unit));
        _cells.Add(cell);
        return this;
    }
}
