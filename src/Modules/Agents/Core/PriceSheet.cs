using Lianka.Kernel;

namespace Lianka.Modules.Agents.Core;

/// <summary>A column with prices: of a level by its rank, or of a shelf.</summary>
/// <param name="Names">What its title may be, in lower case.</param>
internal sealed record PriceColumn(int Level, IReadOnlyList<string> Names);

/// <summary>What one row says of a SKU in one column.</summary>
/// <param name="Price">Null: off the shelf.</param>
internal readonly record struct ToldPrice(int Level, Money? Price);

/// <summary>What a file says about prices, row by row: a column with the codes of SKUs, and columns with prices.</summary>
/// <remarks>
/// A row with a mistake is left out whole, and so is each row of a SKU that has different prices in one column: nobody can tell which is meant.
/// An empty cell says nothing. Held by: tests/Unit/Agents/PriceSheetExamples.cs.
/// </remarks>
internal sealed class PriceSheet(IReadOnlyList<PriceColumn> wanted, bool isRetail, Func<string, SkuId?> find)
{
    /// <summary>Far more than there are goods; the prices of so many stand in memory at once.</summary>
    public const int RowsMax = 300_000;

    private const int ToldMax = 60, IgnoredMax = 20;

    private static readonly string[] _codeNames = ["编码", "规格编码", "sku编码", "sku 编码", "商品编码", "code", "sku code", "sku_code"];
    private static readonly string[] _units = ["(cny)", "（cny）", "(元)", "（元）"];
    private static readonly string[] _offWords = ["下架", "off"];

    private sealed class Entry
    {
        public List<(long No, string Code)> Rows { get; } = new(1);
        public List<(ToldPrice Told, long No)> Prices { get; } = new(1);
        public bool IsTorn { get; set; }
    }

    private readonly Dictionary<SkuId, Entry> _entries = [];
    private readonly List<PriceFileProblem> _problems = [];
    private List<(int At, int Level, string Title)>? _columns;
    private int _codeAt;
    private string _codeTitle = "";

    /// <summary>Titles that name nothing here.</summary>
    public IReadOnlyList<string> Ignored { get; private set; } = [];

    /// <summary>In the order of rows.</summary>
    public IReadOnlyList<PriceFileProblem> Problems => [.. _problems.OrderBy(p => p.RowNo).DistinctBy(p => p.RowNo)];

    /// <summary>In the order of ids.</summary>
    public SkuId[] Skus => [.. _entries.Where(e => !e.Value.IsTorn && e.Value.Prices.Count > 0).Select(e => e.Key).Order()];

    public IEnumerable<ToldPrice> Of(SkuId sku) => _entries.TryGetValue(sku, out var entry) ? entry.Prices.Select(p => p.Told) : [];

    /// <summary>Takes the next row; the first has the titles.</summary>
    /// <param name="faults">Of cells, by their column; -1: of the whole row.</param>
    /// <returns>Null; or why nothing of the file can be taken.</returns>
    public string? Take(long no, IReadOnlyList<string> fields, IReadOnlyList<(int Column, string Fault)> faults)
    {
        if (_columns is null) return Titles(fields);
        if (Read(no, fields, faults) is { } problem) _problems.Add(problem with { Told = Short(problem.Told, ToldMax) });
        return null;
    }

    /// <returns>Null; or why the file says nothing.</returns>
    public string? End() => _columns is null || (_entries.Count == 0 && _problems.Count == 0) ? "empty_file" : null;

    private string? Titles(IReadOnlyList<string> fields)
    {
        var columns = new List<(int At, int Level, string Title)>();
        var (code, ignored) = (-1, new List<string>());
        for (var at = 0; at < fields.Count; at++)
        {
            var title = Short(fields[at].Trim(), ToldMax);
            if (title.Length == 0) continue;
            var name = Name(title);
            if (_codeNames.Contains(name))
            {
                if (code >= 0) return $"column_twice:{title}";
                (code, _codeTitle) = (at, title);
                continue;
            }

            // The number of a level is looked at after the names: a level may be called "2".
            var named = wanted.Where(w => w.Names.Contains(name)).ToList();
            if (named.Count == 0) named = [.. wanted.Where(w => !isRetail && (name == $"{w.Level}" || name == $"l{w.Level}"))];
            if (named.Count > 1 || (named.Count == 1 && columns.Exists(c => c.Level == named[0].Level))) return $"column_twice:{title}";
            if (named.Count == 1) columns.Add((at, named[0].Level, title));
            else ignored.Add(title);
        }

        if (code < 0) return "no_code_column";
        if (columns.Count == 0) return "no_price_column";
        (_codeAt, _columns, Ignored) = (code, columns, [.. ignored.Take(IgnoredMax)]);
        return null;
    }

    private PriceFileProblem? Read(long no, IReadOnlyList<string> fields, IReadOnlyList<(int Column, string Fault)> faults)
    {
        foreach (var (column, fault) in faults)
        {
            if (column < 0) return new PriceFileProblem(no, "", "", fault);
            if (column == _codeAt) return new PriceFileProblem(no, _codeTitle, "", fault);
            if (_columns!.Find(c => c.At == column) is { Title: { } faulty }) return new PriceFileProblem(no, faulty, At(column), fault);
        }

        var told = new List<ToldPrice>(_columns!.Count);
        foreach (var (at, level, title) in _columns)
        {
            var text = At(at);
            // A dash is how lists write that there is none.
            if (text.Length == 0 || text == "—") continue;
            if (isRetail && _offWords.Contains(text.ToLowerInvariant())) told.Add(new ToldPrice(level, null));
            else if (Price(text, out var price) is { } fault) return new PriceFileProblem(no, title, text, fault);
            else told.Add(new ToldPrice(level, price));
        }

        var code = At(_codeAt);
        if (code.Length == 0) return told.Count == 0 ? null : new PriceFileProblem(no, _codeTitle, "", "no_code");
        if (find(code) is not { } sku) return new PriceFileProblem(no, _codeTitle, code, "unknown_sku");
        return Put(no, code, sku, told);

        string At(int column) => column < fields.Count ? fields[column].Trim() : "";
    }

    private PriceFileProblem? Put(long no, string code, SkuId sku, List<ToldPrice> told)
    {
        if (!_entries.TryGetValue(sku, out var entry)) _entries.Add(sku, entry = new Entry());
        entry.Rows.Add((no, code));
        if (entry.IsTorn) return Torn(no, code, entry.Rows[0].No);
        foreach (var price in told)
        {
            var at = entry.Prices.FindIndex(p => p.Told.Level == price.Level);
            if (at >= 0 && entry.Prices[at].Told != price)
            {
                entry.IsTorn = true;
                foreach (var (earlier, name) in entry.Rows.SkipLast(1)) _problems.Add(Torn(earlier, name, no));
                return Torn(no, code, entry.Prices[at].No);
            }

            if (at < 0) entry.Prices.Add((price, no));
        }

        return null;

        PriceFileProblem Torn(long row, string name, long other) => new(row, _codeTitle, Short(name, ToldMax), $"other_price:{other}");
    }

    private string? Price(string text, out Money price)
    {
        // Zeros at the end say nothing: 9.90000 is 9.9.
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var plain = point > 0 && text.Length - point > 5 ? text[..(point + 5)] + text[(point + 5)..].TrimEnd('0') : text;
        if (!Money.TryParse(plain, out price))
            return point > 0 && plain.Length - point > 5 && Money.TryParse(plain[..(point + 5)], out _) && !plain.AsSpan(point + 1).ContainsAnyExceptInRange('0', '9') ? "too_many_decimals" : "not_an_amount";
        return !price.IsPositive ? "not_positive" : price > PriceChecks.PriceMax ? "too_high" : isRetail && !price.IsWholeFen ? "not_whole_fen" : null;
    }

    private static string Name(string title)
    {
        var name = title.ToLowerInvariant();
        foreach (var unit in _units)
            if (name.EndsWith(unit, StringComparison.Ordinal)) return name[..^unit.Length].Trim();
        return name;
    }

    /// <summary>What came from a file is shown again: without what would break a line.</summary>
    private static string Short(string text, int max)
    {
        if (text.Length > max) text = text[..max] + "…";
        return string.Concat(text.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? ' ' : c));
    }
}
