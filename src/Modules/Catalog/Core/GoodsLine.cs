using Lianka.Kernel;

namespace Lianka.Modules.Catalog.Core;

/// <summary>What a line of a sheet says.</summary>
/// <param name="Given">The cells that hold something, by their column's key.</param>
/// <param name="Problems">Cells that cannot be read.</param>
internal sealed record GoodsLine(long No, Dictionary<string, string> Given, IReadOnlyList<FieldError> Problems)
{
    public string At(string key) => Given.GetValueOrDefault(key) ?? "";
}

/// <summary>Which column of a file holds what.</summary>
/// <remarks>Held by: tests/Unit/Catalog/GoodsPlanExamples.cs.</remarks>
internal sealed class GoodsHeader
{
    private readonly List<GoodsColumn?> _columns = [];

    /// <summary>Headers of columns that are not read.</summary>
    public List<string> Ignored { get; } = [];

    /// <summary>Why nothing of the file can be read.</summary>
    public List<FieldError> Problems { get; } = [];

    public GoodsHeader(IReadOnlyList<string> header)
    {
        foreach (var name in header)
        {
            var column = GoodsSheet.Named(name);
            _columns.Add(column);
            if (column is null && name.Trim().Length > 0) Ignored.Add(name.Trim());
        }

        foreach (var twice in _columns.OfType<GoodsColumn>().GroupBy(c => c).Where(c => c.Count() > 1))
            Problems.Add(new FieldError("file", "column_twice", $"Two columns are “{twice.Key.En}”.", $"有两列都是「{twice.Key.Zh}」。"));
        if (!_columns.Exists(c => c?.Key is GoodsSheet.ProductKey or GoodsSheet.SkuKey))
            Problems.Add(new FieldError("file", "no_key_column",
                "The first row has neither a column “SKU code” nor “Product slug”: at least one is needed to tell which goods a line means.",
                "第一行里没有「规格编号」，也没有「商品网址名」：至少要有一列，才知道每行说的是哪个商品。"));
    }

    /// <param name="faults">Cells that the file does not give as they were typed, with the words about them; before the first column: nothing of the line can be read.</param>
    /// <returns>Null: nothing that is read stands in the line.</returns>
    public GoodsLine? Read(long no, IReadOnlyList<string> cells, IReadOnlyList<(int Column, FieldError Fault)> faults)
    {
        var given = new Dictionary<string, string>();
        var problems = new List<FieldError>();
        foreach (var (at, fault) in faults)
        {
            if (at < 0) return new GoodsLine(no, given, [fault]);
            if (at < _columns.Count && _columns[at] is { } column) problems.Add(fault with { Field = column.Key });
        }

        for (var i = 0; i < Math.Min(cells.Count, _columns.Count); i++)
        {
            if (_columns[i] is not { } column || problems.Exists(p => p.Field == column.Key)) continue;
            if (!FieldCheck.IsText(cells[i]))
            {
                // Looked up, shown or kept, it would be refused by the database and not by its rule.
                problems.Add(FieldCheck.BadCharacter(column.Key));
                continue;
            }

            // Texts as people type them: numbers may have commas and full-width digits, as in the forms.
            var text = column.IsNumber ? TypedNumber.Plain(cells[i]) : cells[i].Trim().ReplaceLineEndings("\n");
            if (text.Length == 0) continue;
            if (column.Words.Count > 0)
            {
                if (WordOf(column, text) is { } word) text = word;
                else problems.Add(Unknown(column, text));
            }

            given[column.Key] = text;
        }

        return given.Count == 0 && problems.Count == 0 ? null : new GoodsLine(no, given, problems);
    }

    private static string? WordOf(GoodsColumn column, string text)
    {
        var folded = GoodsSheet.Folded(text);
        return column.Words.FirstOrDefault(w => ((string[])[w.Value, w.Zh, w.En, .. w.Others]).Any(name => GoodsSheet.Folded(name) == folded))?.Value;
    }

    private static FieldError Unknown(GoodsColumn column, string text) => new(column.Key, "unknown_value",
        $"“{Short(text)}” is none of: {string.Join(", ", column.Words.Select(w => w.En))}.", $"「{Short(text)}」不在可选值里：{string.Join("、", column.Words.Select(w => w.Zh))}。");

    internal static string Short(string text) => text.Length > 40 ? text[..40] + "…" : text;
}
