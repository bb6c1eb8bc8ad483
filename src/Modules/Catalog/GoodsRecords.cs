using Lianka.Kernel;

namespace Lianka.Modules.Catalog;

/// <summary>What one column of a line sets.</summary>
/// <param name="Column">A key of <see cref="GoodsSheet"/>.</param>
/// <param name="Was">At the preview; null: the product or SKU is new.</param>
public sealed record GoodsChange(string Column, string? Was, string Becomes);

/// <summary>What is to become of one line of a sheet, or what became of it.</summary>
/// <param name="Line">Its number in the file.</param>
/// <param name="Product">Slug; empty where the line names none.</param>
/// <param name="Sku">Code; empty for a line about a product alone.</param>
/// <param name="Problems">Why it cannot be, or was left alone; each field is a column's key.</param>
public sealed record GoodsRow(
    long Line, BulkOutcome Outcome, string Product, string Sku, string NameZh, string NameEn,
    IReadOnlyList<GoodsChange> Changes, IReadOnlyList<FieldError> Problems);

/// <summary>Which rows; null: of any outcome.</summary>
public sealed record GoodsRowFilter(BulkOutcome? Outcome = null, long After = 0, int Limit = 100);

/// <summary>A sheet of goods: previewed line by line, then done as it was shown.</summary>
public sealed record GoodsImport : BulkWork
{
    /// <summary>The file's name.</summary>
    public required string Source { get; init; }

    /// <summary>Headers of columns that are not read.</summary>
    public required IReadOnlyList<string> Ignored { get; init; }
}
