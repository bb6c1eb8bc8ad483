using Lianka.Modules.Catalog;
using Lianka.Platform.Data;
using Microsoft.AspNetCore.Http;

namespace Lianka.Modules.Consoles.Parts;

/// <summary>What a choice offers.</summary>
/// <param name="Words">What was looked for, perhaps nothing yet; null: all there is stands in it.</param>
internal sealed record Sought<T>(string? Words, List<T> Items);

/// <summary>Choices among goods that may be too many for one list: then the first of them, or those called as the address says (<c>find</c>).</summary>
/// <remarks>What was chosen stands in the list whatever was looked for. Held by: tests/Integration/Consoles/SoughtGoodsTests.cs.</remarks>
internal sealed class SoughtGoods(Database database, Catalog.Catalog catalog, Catalog.Finder finder)
{
    /// <summary>So many stand in one list.</summary>
    public const int Most = 100;

    private const int LookedAt = 1_000;

    /// <param name="isOffered">Null: all are.</param>
    public async Task<Sought<SkuName>> SkusAsync(HttpRequest request, SkuId? chosen, Func<SkuName, bool>? isOffered = null)
    {
        var words = WordsOf(request);
        List<SkuName> read;
        if (words.Length > 0)
        {
            var products = (await finder.FindAsync(among: null, query: words)).Products;
            read = await database.ReadAsync(s => SkuNames.OfProductsAsync(s, [.. products.Take(Most)]));
        }
        else
        {
            read = await database.ReadAsync(s => SkuNames.AllAsync(s, LookedAt));
        }

        var items = isOffered is null ? read : read.FindAll(s => isOffered(s));
        var isPart = words.Length > 0 || read.Count == LookedAt || items.Count > Most;
        if (items.Count > Most) items.RemoveRange(Most, items.Count - Most);
        if (chosen is { } id && !items.Exists(s => s.Id == id)
            && (await database.ReadAsync(s => SkuNames.OfAsync(s, [id]))).GetValueOrDefault(id) is { } other && (isOffered?.Invoke(other) ?? true))
            items.Insert(0, other);
        return new(isPart ? words : null, items);
    }

    /// <param name="supplier">The tenant. Null: the operator.</param>
    public async Task<Sought<SupplyLine>> SuppliesAsync(HttpRequest request, SupplierId? supplier, SupplyId? chosen)
    {
        var words = WordsOf(request);
        List<ProductId>? products = null;
        if (words.Length > 0)
        {
            var own = supplier is { } tenant ? await catalog.SuppliedAsync(tenant) : null;
            products = [.. (await finder.FindAsync(own, query: words)).Products.Take(Most)];
        }

        var items = await catalog.ListSuppliesAsync(supplier: supplier, products: products, limit: Most + 1);
        var isPart = words.Length > 0 || items.Count > Most;
        if (items.Count > Most) items.RemoveAt(Most);
        if (chosen is { } id && !items.Exists(s => s.Id == id)
            && (await catalog.SuppliesAsync([id])).GetValueOrDefault(id) is { } other && (supplier is null || other.SupplierId == supplier))
            items.Insert(0, other);
        return new(isPart ? words : null, items);
    }

    private static string WordsOf(HttpRequest request)
    {
        var words = request.Query["find"].ToString().Trim();
        return words.Length > 80 ? words[..80] : words;
    }
}
