using Lianka.Kernel;
using Lianka.Modules.Agents;

namespace Lianka.Modules.OpenApi.Edge;

/// <summary>SKUs by the code outsiders use, and back; from memory, and from the database only for what is not known there.</summary>
internal sealed class SkuCodes(PriceBooks books)
{
    public async ValueTask<SkuEntry?> FindAsync(string code) =>
        books.Current.SkuByCode(code) ?? (await books.RefreshAsync()).SkuByCode(code);

    public async ValueTask<string> CodeAsync(SkuId sku) =>
        (books.Current.Sku(sku) ?? (await books.RefreshAsync()).Sku(sku))?.Code
        ?? throw new InvalidOperationException($"{sku} stands in an order but not in the catalog.");
}
