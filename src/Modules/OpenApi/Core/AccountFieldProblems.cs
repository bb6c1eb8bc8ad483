using System.Text.Json;
using Lianka.Modules.Agents;
using Lianka.Modules.Catalog;

namespace Lianka.Modules.OpenApi.Core;

/// <summary>Whether an order for a direct SKU gives what the goods ask for. Whatever else stands in an order for cards is the caller's own.</summary>
internal static class AccountFieldProblems
{
    /// <param name="fields">Canonical JSON of texts; null: none.</param>
    public static IReadOnlyList<FieldProblem> Of(SkuEntry sku, string? fields)
    {
        if (!sku.IsDirect) return [];
        var given = fields is null ? [] : JsonSerializer.Deserialize<Dictionary<string, string>>(fields)!;
        return [.. AccountFields.Check(sku.Fields, given).Errors.Select(e => new FieldProblem($"/fields/{e.Field}", e.Code) { Own = e })];
    }
}
