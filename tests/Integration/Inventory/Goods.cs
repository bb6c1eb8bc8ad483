using Lianka.Modules.Catalog;
using Lianka.Modules.Suppliers;

namespace Lianka.Tests.Integration.Inventory;

/// <summary>The least that can be sold: one category, product, SKU, supplier and supply, made through the front doors.</summary>
internal sealed record Goods(Category Category, Product Product, Sku Sku, Supplier Supplier, Supply Supply)
{
    public static async Task<Goods> CreateAsync(World world, string name = "a")
    {
        var catalog = world.Get<Modules.Catalog.Catalog>();
        var category = Saved(await catalog.CreateCategoryAsync(new CategoryDraft { Slug = $"cat-{name}", NameZh = "游戏", NameEn = "Games" }));
        var product = Saved(await catalog.CreateProductAsync(
            new ProductDraft { Slug = $"product-{name}", CategoryId = category.Id, NameZh = "点卡", NameEn = "Game card" }));
        var sku = Saved(await catalog.CreateSkuAsync(SkuDraft(product.Id, $"sku-{name}")));
        var supplier = Saved(await world.Get<Suppliers>().OnboardAsync(
            new SupplierDraft { Slug = $"supplier-{name}", NameZh = "寰宇", NameEn = "Huanyu" }));
        var supply = Saved(await catalog.CreateSupplyAsync(
            new SupplyDraft { SkuId = sku.Id, SupplierId = supplier.Id, Cost = "45.2500" }));
        return new Goods(category, product, sku, supplier, supply);
    }

    public static SkuDraft SkuDraft(ProductId product, string code) => new()
    {
        Code = code, ProductId = product, NameZh = "50 元", NameEn = "CNY 50", FaceValue = "50.0000",
        SuggestedRetail = "49.50", RetailFloor = "47.70", RetailCeiling = "55.00",
    };

    public static T Saved<T>(CatalogDecision<T> decision) => decision is CatalogDecision<T>.Saved saved
        ? saved.Value
        : throw new InvalidOperationException(decision is CatalogDecision<T>.Refused refused
            ? string.Join(", ", refused.Errors.Select(e => $"{e.Field} {e.Code}")) : "missing");
}
