using Lianka.Kernel;
using Lianka.Modules.Catalog;
using Lianka.Modules.Inventory;
using Lianka.Modules.Suppliers;

namespace Lianka.Host.Scenarios;

/// <summary>The demo's suppliers, categories, products, SKUs, supplies and cards.</summary>
internal sealed class DemoGoods(
    Catalog catalog, Suppliers suppliers, DemoConnections connections, Inventory inventory, ImportDesk imports, TimeProvider clock)
{
    /// <returns>The SKUs by code.</returns>
    public async Task<Dictionary<string, SkuId>> SeedAsync(ScenarioFile file, CancellationToken cancel)
    {
        var parties = new Dictionary<string, SupplierId>(StringComparer.Ordinal);
        foreach (var part in file.Suppliers)
            parties[part.Slug] = (await catalog.FindSupplierAsync(part.Slug, cancel))?.Id
                ?? Saved(part.Slug, await suppliers.OnboardAsync(
                    new SupplierDraft { Slug = part.Slug, NameZh = part.NameZh, NameEn = part.NameEn }, cancel)).Id;

        var systems = await connections.SeedAsync(file, parties, cancel);
        var categories = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (sort, part) in file.Categories.Index())
            categories[part.Slug] = (await catalog.FindCategoryAsync(part.Slug, cancel))?.Id
                ?? Saved(part.Slug, await catalog.CreateCategoryAsync(new CategoryDraft
                {
                    Slug = part.Slug, NameZh = part.NameZh, NameEn = part.NameEn, Tint = part.Tint, Sort = $"{sort}", Scenario = part.Scenario,
                }, cancel)).Id;

        var skus = new Dictionary<string, SkuId>(StringComparer.Ordinal);
        foreach (var part in file.Products)
        {
            var product = (await catalog.FindProductAsync(part.Slug, cancel))?.Id
                ?? Saved(part.Slug, await catalog.CreateProductAsync(Draft(part, categories[part.Category]), cancel)).Id;
            foreach (var sku in part.Skus) skus[sku.Code] = await SeedSkuAsync(product, sku, parties, systems, cancel);
        }

        return skus;
    }

    private async Task<SkuId> SeedSkuAsync(
        ProductId product, SkuPart part, Dictionary<string, SupplierId> parties, Dictionary<string, long> systems, CancellationToken cancel)
    {
        var sku = (await catalog.FindSkuAsync(part.Code, cancel))?.Id ?? Saved(part.Code, await catalog.CreateSkuAsync(new SkuDraft
        {
            Code = part.Code, ProductId = product, Kind = part.Fields.Count > 0 ? SkuKind.Direct : SkuKind.Card, Fields = string.Join('\n', part.Fields), NameZh = part.NameZh, NameEn = part.NameEn,
            FaceValue = part.FaceValue, FaceCurrency = part.FaceCurrency, QtyMax = $"{part.QtyMax}",
            SuggestedRetail = part.SuggestedRetail, RetailFloor = part.RetailFloor, RetailCeiling = part.RetailCeiling,
        }, cancel)).Id;
        foreach (var supply in part.Supplies)
        {
            var supplier = parties[supply.Supplier];
            var id = (await catalog.FindSupplyAsync(sku, supplier, cancel))?.Id ?? Saved(part.Code, await catalog.CreateSupplyAsync(new SupplyDraft
            {
                SkuId = sku, SupplierId = supplier, Cost = supply.Cost, HoldSeconds = $"{supply.HoldSeconds}", Priority = $"{supply.Priority}",
                ConnectionId = supply.Connection is { } system ? $"{systems[system]}" : "", UpstreamCode = supply.UpstreamCode,
            }, cancel)).Id;
            if (supply.Cards > 0) await ImportAsync(id, supplier, part.Code, supply, cancel);
        }

        return sku;
    }

    /// <summary>One lot a supply. An import is one transaction, so there is either a whole lot or none.</summary>
    private async Task ImportAsync(SupplyId supply, SupplierId supplier, string code, SupplyPart part, CancellationToken cancel)
    {
        if ((await inventory.StockOfSupplierAsync(supplier, cancel)).GetValueOrDefault(supply) > 0) return;
        using var cards = DemoCards.File(part);
        var request = new ImportRequest(
            supply, CardFormat.Text, CardEncoding.Utf8, $"{code}.txt", "demo", clock.Now().AddDays(part.ExpiresDays));
        switch (await imports.RunAsync(request, cards, cancel: cancel))
        {
            case ImportStart.Accepted started when await imports.FindAsync(started.Id, null, cancel) is { } job && job.Imported == part.Cards:
                return;
            case ImportStart.Refused refused:
                throw new DemoRefusedException(code, refused.Errors);
            default:
                throw new InvalidOperationException($"{code}: the demo cards were not imported.");
        }
    }

    private static ProductDraft Draft(ProductPart part, long category) => new()
    {
        Slug = part.Slug, CategoryId = category, NameZh = part.NameZh, NameEn = part.NameEn, Region = part.Region,
        Initial = part.Initial, Tint = part.Tint, DescriptionZh = part.DescriptionZh, DescriptionEn = part.DescriptionEn,
        RedeemZh = part.RedeemZh, RedeemEn = part.RedeemEn, RedeemUrl = part.RedeemUrl,
    };

    private static T Saved<T>(string what, CatalogDecision<T> decision) => decision switch
    {
        CatalogDecision<T>.Saved saved => saved.Value,
        CatalogDecision<T>.Refused refused => throw new DemoRefusedException(what, refused.Errors),
        _ => throw new DemoRefusedException(what, []),
    };
}
