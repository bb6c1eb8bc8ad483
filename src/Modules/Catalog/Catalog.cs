using System.Diagnostics;
#pragma warning disable CS9113
using Lianka.Kernel;
using Lianka.Platform.Data;

namespace Lianka.Modules.Catalog;

/// <summary>The front door of the catalog: what is listed, and who can supply it at which cost.</summary>
/// <remarks>
/// Every change is checked by Core, runs in its own transaction (unless a session is given), raises the version
/// 'prices' and moves updated_at of the product and SKU it touches.
/// </remarks>
public sealed class Catalog(Database database, IdSource ids, TimeProvider clock)
{
    public Task<CatalogDecision<Category>> CreateCategoryAsync(CategoryDraft draft, CancellationToken cancel = default) => throw new UnreachableException();
    public Task<CatalogDecision<Category>> UpdateCategoryAsync(long id, CategoryDraft draft, CancellationToken cancel = default) => throw new UnreachableException();
    public Task<List<Category>> ListCategoriesAsync(CancellationToken cancel = default) => throw new UnreachableException();
    public Task<Category?> FindCategoryAsync(long id, CancellationToken cancel = default) => throw new UnreachableException();
    public Task<Category?> FindCategoryAsync(string slug, CancellationToken cancel = default) => throw new UnreachableException();

    /// <summary>Writes the supplier only; the use case with its accounts is <c>Suppliers.OnboardAsync</c>.</summary>
    /// <param name="id">Taken before the transaction.</param>
    public Task<CatalogDecision<Supplier>> CreateSupplierAsync(Session session, SupplierId id, SupplierDraft draft) => throw new UnreachableException();
    public Task<CatalogDecision<Supplier>> UpdateSupplierAsync(SupplierId id, SupplierDraft draft, CancellationToken cancel = default) => throw new UnreachableException();
    public Task<List<Supplier>> ListSuppliersAsync(CancellationToken cancel = default) => throw new UnreachableException();
    public Task<Supplier?> FindSupplierAsync(SupplierId id, CancellationToken cancel = default) => throw new UnreachableException();
    public Task<Supplier?> FindSupplierAsync(string slug, CancellationToken cancel = default) => throw new UnreachableException();

    public Task<CatalogDecision<Product>> CreateProductAsync(ProductDraft draft, CancellationToken cancel = default) => throw new UnreachableException();
    public Task<CatalogDecision<Product>> UpdateProductAsync(ProductId id, ProductDraft draft, CancellationToken cancel = default) => throw new UnreachableException();

    /// <summary>Products in the order they were made.</summary>
    public Task<ProductPage> ListProductsAsync(ProductFilter filter, CancellationToken cancel = default) => throw new UnreachableException();
    public Task<Product?> FindProductAsync(ProductId id, CancellationToken cancel = default) => throw new UnreachableException();
    public Task<Product?> FindProductAsync(string slug, CancellationToken cancel = default) => throw new UnreachableException();

    public Task<CatalogDecision<Sku>> CreateSkuAsync(SkuDraft draft, CancellationToken cancel = default) => throw new UnreachableException();
    public Task<CatalogDecision<Sku>> UpdateSkuAsync(SkuId id, SkuDraft draft, CancellationToken cancel = default) => throw new UnreachableException();

    /// <summary>The SKUs of some products (at most 500), by product, then face value.</summary>
    public Task<List<Sku>> ListSkusAsync(IReadOnlyCollection<ProductId> products, CancellationToken cancel = default) => throw new UnreachableException();
    public Task<Sku?> FindSkuAsync(SkuId id, CancellationToken cancel = default) => throw new UnreachableException();
    public Task<Sku?> FindSkuAsync(string code, CancellationToken cancel = default) => throw new UnreachableException();

    public Task<CatalogDecision<Supply>> CreateSupplyAsync(SupplyDraft draft, CancellationToken cancel = default) => throw new UnreachableException();
    public Task<CatalogDecision<Supply>> UpdateSupplyAsync(SupplyId id, SupplyDraft draft, CancellationToken cancel = default) => throw new UnreachableException();
    public Task<Supply?> FindSupplyAsync(SupplyId id, CancellationToken cancel = default) => throw new UnreachableException();
    public Task<Supply?> FindSupplyAsync(SkuId sku, SupplierId supplier, CancellationToken cancel = default) => throw new UnreachableException();

    /// <summary>Supplies with their names; of one SKU, of one supplier (the tenant of a supplier's pages), or all.</summary>
    public Task<List<SupplyLine>> ListSuppliesAsync(SkuId? sku = null, SupplierId? supplier = null, CancellationToken cancel = default) => throw new UnreachableException();
}
