using System.Data.Common;
using Lianka.Kernel;
using Lianka.Modules.Catalog.Core;
using Lianka.Modules.Catalog.Store;
using Lianka.Platform.Data;

namespace Lianka.Modules.Catalog;

/// <summary>The front door of the catalog: what is listed, and who can supply it at which cost.</summary>
/// <remarks>
/// Every change is checked by Core, runs in its own transaction (unless a session is given), raises the version
/// 'prices' and moves updated_at of the product and SKU it touches.
/// </remarks>
public sealed class Catalog(Database database, IdSource ids, TimeProvider clock)
{
    public async Task<CatalogDecision<Category>> CreateCategoryAsync(CategoryDraft draft, CancellationToken cancel = default)
    {
        var (value, errors) = CatalogRules.Check(draft, await ids.NextAsync());
        return await SaveAsync(value, errors, "slug", async s =>
        {
            await CatalogWrites.InsertAsync(s, value);
            return true;
        }, cancel);
    }

    public async Task<CatalogDecision<Category>> UpdateCategoryAsync(long id, CategoryDraft draft, CancellationToken cancel = default)
    {
        var (value, errors) = CatalogRules.Check(draft, id);
        return await SaveAsync(value, errors, "slug", async s => await CatalogWrites.UpdateAsync(s, value) > 0, cancel);
    }

    public Task<List<Category>> ListCategoriesAsync(CancellationToken cancel = default) =>
        database.ReadAsync(CatalogReads.CategoriesAsync, cancel);

    public Task<Category?> FindCategoryAsync(long id, CancellationToken cancel = default) =>
        database.ReadAsync(s => s.FirstAsync<Category>($"{CatalogReads.Category} where id = @id", new { id }), cancel);

    public Task<Category?> FindCategoryAsync(string slug, CancellationToken cancel = default) =>
        database.ReadAsync(s => s.FirstAsync<Category>($"{CatalogReads.Category} where slug = @slug", new { slug }), cancel);

    /// <summary>Writes the supplier only; the use case with its accounts is <c>Suppliers.OnboardAsync</c>.</summary>
    /// <param name="id">Taken before the transaction.</param>
    /// <remarks>Refuses before it writes; a slug that another transaction takes meanwhile is a fault of the caller's commit.</remarks>
    public async Task<CatalogDecision<Supplier>> CreateSupplierAsync(Session session, SupplierId id, SupplierDraft draft)
    {
        var (value, errors) = CatalogRules.Check(draft, id, clock.Now());
        if (errors.Count > 0) return new CatalogDecision<Supplier>.Refused(errors);
        if (await session.ScalarAsync<long?>("select id from supplier where slug = @Slug", new { value.Slug }) is not null)
            return new CatalogDecision<Supplier>.Refused([CatalogRules.Taken("slug")]);
        await CatalogWrites.InsertAsync(session, value);
        await CatalogWrites.BumpAsync(session);
        return new CatalogDecision<Supplier>.Saved(value);
    }

    public async Task<CatalogDecision<Supplier>> UpdateSupplierAsync(SupplierId id, SupplierDraft draft, CancellationToken cancel = default)
    {
        if (await FindSupplierAsync(id, cancel) is not { } before) return new CatalogDecision<Supplier>.Missing();
        var (value, errors) = CatalogRules.Check(draft, id, before.CreatedAt);
        return await SaveAsync(value, errors, "slug", async s => await CatalogWrites.UpdateAsync(s, value) > 0, cancel);
    }

    /// <summary>What the supplier's contract in force says; null: there is none.</summary>
    public Task<SupplierTerms?> FindTermsAsync(SupplierId supplier, CancellationToken cancel = default) =>
        database.ReadAsync(s => Terms.FindAsync(s, supplier), cancel);

    /// <summary>Those of which there is a supply, in the order they were made.</summary>
    public Task<List<Supplier>> ListSupplyingAsync(CancellationToken cancel = default) => database.ReadAsync(s => s.QueryAsync<Supplier>(
        $"{CatalogReads.Supplier} where exists (select 1 from supply u where u.supplier_id = supplier.id) order by id"), cancel);

    public Task<List<Supplier>> ListSuppliersAsync(CancellationToken cancel = default) =>
        database.ReadAsync(s => s.QueryAsync<Supplier>($"{CatalogReads.Supplier} order by id"), cancel);

    public Task<Supplier?> FindSupplierAsync(SupplierId id, CancellationToken cancel = default) =>
        database.ReadAsync(s => s.FirstAsync<Supplier>($"{CatalogReads.Supplier} where id = @id", new { id }), cancel);

    public Task<Supplier?> FindSupplierAsync(string slug, CancellationToken cancel = default) =>
        database.ReadAsync(s => s.FirstAsync<Supplier>($"{CatalogReads.Supplier} where slug = @slug", new { slug }), cancel);

    public async Task<CatalogDecision<Product>> CreateProductAsync(ProductDraft draft, CancellationToken cancel = default)
    {
        var (value, errors) = CatalogRules.Check(draft, await ids.NextAsync<OfProduct>(), clock.Now());
        return await SaveAsync(value, await WithCategoryAsync(value, errors, cancel), "slug", async s =>
        {
            await CatalogWrites.InsertAsync(s, value);
            return true;
        }, cancel, CatalogRules.ListedTextsOf(value));
    }

    public async Task<CatalogDecision<Product>> UpdateProductAsync(ProductId id, ProductDraft draft, CancellationToken cancel = default)
    {
        var (value, errors) = CatalogRules.Check(draft, id, clock.Now());
        return await SaveAsync(value, await WithCategoryAsync(value, errors, cancel), "slug",
            async s => await CatalogWrites.UpdateAsync(s, value) > 0, cancel, CatalogRules.ListedTextsOf(value));
    }

    /// <summary>Makes or changes a product in the caller's transaction: what a person passed (Suppliers' proposals).</summary>
    /// <param name="id">Taken before the transaction, or of the product to change.</param>
    /// <remarks>Refuses before it writes; a slug that another transaction takes meanwhile is a fault of the caller's commit.</remarks>
    public async Task<CatalogDecision<Product>> SaveProductAsync(Session session, ProductId id, ProductDraft draft)
    {
        var (value, errors) = CatalogRules.Check(draft, id, clock.Now());
        List<FieldError> all = [.. errors];
        if (await session.ScalarAsync<long?>("select id from category where id = @CategoryId", new { value.CategoryId }) is null)
            all.Add(CatalogRules.Unknown("category"));
        if (await session.ScalarAsync<long?>("select id from product where slug = @Slug and id <> @Id", new { value.Slug, value.Id }) is not null)
            all.Add(CatalogRules.Taken("slug"));
        if (all.Count == 0) all.AddRange(await ForbiddenWords.FindAsync(session, CatalogRules.TextsOf(value)));
        if (all.Count > 0) return new CatalogDecision<Product>.Refused(all);
        if (await CatalogWrites.UpdateAsync(session, value) == 0) await CatalogWrites.InsertAsync(session, value);
        await CatalogWrites.BumpAsync(session);
        return new CatalogDecision<Product>.Saved(value);
    }

    /// <summary>What would stand in the way of a product that buyers read, without saving it: its shape, and forbidden words.</summary>
    public async Task<IReadOnlyList<FieldError>> CheckProductAsync(ProductDraft draft, CancellationToken cancel = default)
    {
        var (value, errors) = CatalogRules.Check(draft, default, clock.Now());
        return errors.Count > 0 ? errors : await database.ReadAsync(s => ForbiddenWords.LookAsync(s, CatalogRules.TextsOf(value)), cancel);
    }

    /// <summary>Products in the order they were made.</summary>
    public Task<ProductPage> ListProductsAsync(ProductFilter filter, CancellationToken cancel = default) =>
        database.ReadAsync(s => CatalogReads.ProductsAsync(s, filter), cancel);

    /// <summary>Some products (at most 500), in the order in which they are asked for.</summary>
    public async Task<List<Product>> ListProductsAsync(IReadOnlyCollection<ProductId> ids, CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ids.Count, 500);
        if (ids.Count == 0) return [];
        var found = (await database.ReadAsync(s => CatalogReads.ProductsAsync(s, ids), cancel)).ToDictionary(p => p.Id);
        return [.. ids.Where(found.ContainsKey).Select(id => found[id])];
    }

    public Task<Product?> FindProductAsync(ProductId id, CancellationToken cancel = default) =>
        database.ReadAsync(s => FindProductAsync(s, id), cancel);

    public Task<Product?> FindProductAsync(Session session, ProductId id) =>
        session.FirstAsync<Product>($"{CatalogReads.Product} where id = @id", new { id });

    public Task<Product?> FindProductAsync(string slug, CancellationToken cancel = default) =>
        database.ReadAsync(s => s.FirstAsync<Product>($"{CatalogReads.Product} where slug = @slug", new { slug }), cancel);

    public async Task<CatalogDecision<Sku>> CreateSkuAsync(SkuDraft draft, CancellationToken cancel = default)
    {
        var (value, errors) = CatalogRules.Check(draft, await ids.NextAsync<OfSku>(), clock.Now());
        return await SaveAsync(value, await WithProductAsync(value, errors, cancel), "code", async s =>
        {
            await CatalogWrites.InsertAsync(s, value);
            await CatalogWrites.TouchProductAsync(s, value.ProductId, value.UpdatedAt);
            return true;
        }, cancel, CatalogRules.ListedTextsOf(value));
    }

    public async Task<CatalogDecision<Sku>> UpdateSkuAsync(SkuId id, SkuDraft draft, CancellationToken cancel = default)
    {
        var (value, errors) = CatalogRules.Check(draft, id, clock.Now());
        return await SaveAsync(value, await WithProductAsync(value, errors, cancel), "code", async s =>
        {
            // Before and after the update: a SKU that moves changes both products.
            await CatalogWrites.TouchSkuAsync(s, id, value.UpdatedAt);
            var isThere = await CatalogWrites.UpdateAsync(s, value) > 0;
            await CatalogWrites.TouchSkuAsync(s, id, value.UpdatedAt);
            return isThere;
        }, cancel, CatalogRules.ListedTextsOf(value));
    }

    /// <summary>The SKUs of some products (at most 500), by product, then face value.</summary>
    public Task<List<Sku>> ListSkusAsync(IReadOnlyCollection<ProductId> products, CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(products.Count, 500);
        return database.ReadAsync(s => CatalogReads.SkusAsync(s, products), cancel);
    }

    public Task<Sku?> FindSkuAsync(SkuId id, CancellationToken cancel = default) =>
        database.ReadAsync(s => s.FirstAsync<Sku>($"{CatalogReads.Sku} where id = @id", new { id }), cancel);

    public Task<Sku?> FindSkuAsync(string code, CancellationToken cancel = default) =>
        database.ReadAsync(s => s.FirstAsync<Sku>($"{CatalogReads.Sku} where code = @code", new { code }), cancel);

    public async Task<CatalogDecision<Supply>> CreateSupplyAsync(SupplyDraft draft, CancellationToken cancel = default)
    {
        var supplier = await FindSupplierAsync(draft.SupplierId, cancel);
        if (draft.HoldSeconds.Length == 0)
            draft = draft with { HoldSeconds = $"{(await FindTermsAsync(draft.SupplierId, cancel))?.HoldSeconds ?? supplier?.HoldSeconds ?? 0}" };
        var (value, errors) = CatalogRules.Check(draft, await ids.NextAsync<OfSupply>());
        List<FieldError> all = [.. errors];
        if (await FindSkuAsync(draft.SkuId, cancel) is null) all.Add(CatalogRules.Unknown("sku"));
        if (supplier is null) all.Add(CatalogRules.Unknown("supplier"));
        return await SaveAsync(value, all, "supplier", async s =>
        {
            await CatalogWrites.InsertAsync(s, value);
            await CatalogWrites.TouchSkuAsync(s, value.SkuId, clock.Now());
            return true;
        }, cancel, against: s => Terms.CheckAsync(s, value));
    }

    /// <summary>Changes cost, hold time, priority and state; the draft's SKU and supplier are not looked at.</summary>
    public async Task<CatalogDecision<Supply>> UpdateSupplyAsync(SupplyId id, SupplyDraft draft, CancellationToken cancel = default)
    {
        if (await FindSupplyAsync(id, cancel) is not { } before) return new CatalogDecision<Supply>.Missing();
        var (value, errors) = CatalogRules.Check(draft with { SkuId = before.SkuId, SupplierId = before.SupplierId }, id);
        return await SaveAsync(value, errors, "supplier", async s =>
        {
            await CatalogWrites.TouchSkuAsync(s, value.SkuId, clock.Now());
            return await CatalogWrites.UpdateAsync(s, value) > 0;
        }, cancel, against: s => Terms.CheckAsync(s, value));
    }

    /// <summary>Sets what a supply costs, in the caller's transaction: what was agreed with its supplier (Suppliers' cost changes).</summary>
    public async Task SetCostAsync(Session session, Supply supply, Money cost)
    {
        await session.ExecuteAsync("update supply set cost = @cost where id = @Id", new { supply.Id, cost });
        await CatalogWrites.TouchSkuAsync(session, supply.SkuId, clock.Now());
        await CatalogWrites.BumpAsync(session);
    }

    /// <summary>A supplier stops a supply of its own for now, or goes on with it. One that the operator switched off stays the operator's matter.</summary>
    /// <param name="supplier">The tenant.</param>
    public Task<CatalogDecision<Supply>> PauseSupplyAsync(SupplierId supplier, SupplyId id, bool isPaused, CancellationToken cancel = default) =>
        database.WriteAsync<CatalogDecision<Supply>>(async s =>
        {
            if (await LockSupplyAsync(s, id) is not { } supply || supply.SupplierId != supplier) return new CatalogDecision<Supply>.Missing();
            if (supply.State != SupplyState.Active)
                return new CatalogDecision<Supply>.Refused([new FieldError("supply", "operator_off", "The operator switched it off: ask the operator.", "平台停用了它，请联系平台。")]);
            if (await s.ExecuteAsync("update supply set paused = @paused where id = @id and paused <> @paused", new { id, paused = isPaused ? 1 : 0 }) == 1)
            {
                await CatalogWrites.TouchSkuAsync(s, supply.SkuId, clock.Now());
                await CatalogWrites.BumpAsync(s);
            }

            return new CatalogDecision<Supply>.Saved(supply);
        }, cancel);

    /// <summary>A supply as it stands in the caller's transaction, locked until its end.</summary>
    public Task<Supply?> LockSupplyAsync(Session session, SupplyId id) =>
        session.FirstAsync<Supply>($"{CatalogReads.Supply} where id = @id{session.ForUpdate}", new { id });

    public Task<Supply?> FindSupplyAsync(SupplyId id, CancellationToken cancel = default) =>
        database.ReadAsync(s => s.FirstAsync<Supply>($"{CatalogReads.Supply} where id = @id", new { id }), cancel);

    public Task<Supply?> FindSupplyAsync(SkuId sku, SupplierId supplier, CancellationToken cancel = default) =>
        database.ReadAsync(s => s.FirstAsync<Supply>(
            $"{CatalogReads.Supply} where sku_id = @sku and supplier_id = @supplier", new { sku, supplier }), cancel);

    /// <summary>Supplies with their names; of one SKU, of one supplier (the tenant of a supplier's pages), of some products, or all.</summary>
    public Task<List<SupplyLine>> ListSuppliesAsync(
        SkuId? sku = null, SupplierId? supplier = null, IReadOnlyCollection<ProductId>? products = null, int? limit = null, CancellationToken cancel = default) =>
        database.ReadAsync(s => CatalogReads.SuppliesAsync(s, sku, supplier, products, null, limit), cancel);

    /// <summary>The products of which a supplier supplies something.</summary>
    public Task<List<ProductId>> SuppliedAsync(SupplierId supplier, CancellationToken cancel = default) => database.ReadAsync(
        s => s.QueryAsync<ProductId>("select distinct k.product_id from supply u join sku k on k.id = u.sku_id where u.supplier_id = @supplier", new { supplier }), cancel);

    /// <summary>These supplies with their names.</summary>
    public async Task<Dictionary<SupplyId, SupplyLine>> SuppliesAsync(IEnumerable<SupplyId> supplies, CancellationToken cancel = default) =>
        (await database.ReadAsync(s => CatalogReads.SuppliesAsync(s, null, null, null, [.. supplies], null), cancel)).ToDictionary(s => s.Id);

    public Task<HashSet<SupplyId>> OfferedAsync(IReadOnlyCollection<SkuId> skus, CancellationToken cancel = default) =>
        database.ReadAsync(s => OfferedAsync(s, skus), cancel);

    /// <summary>Which supplies of the SKUs are offered: active, with a known cost, of an active supplier whom nothing stops and who may sell the brand.</summary>
    public Task<HashSet<SupplyId>> OfferedAsync(Session session, IReadOnlyCollection<SkuId> skus) =>
        CatalogReads.OfferedAsync(session, skus);

    /// <summary>Of the SKUs those that are bought from suppliers and can be delivered now, with the most that one order may ask for.</summary>
    public Task<Dictionary<SkuId, long>> DirectAsync(Session session, IReadOnlyCollection<SkuId> skus) => CatalogReads.DirectAsync(session, skus);

    private async Task<CatalogDecision<T>> SaveAsync<T>(
        T value, IReadOnlyList<FieldError> errors, string uniqueField, Func<Session, Task<bool>> write, CancellationToken cancel,
        IReadOnlyList<(string Field, string Text)>? listed = null, Func<Session, Task<List<FieldError>>>? against = null)
    {
        if (errors.Count > 0) return new CatalogDecision<T>.Refused(errors);
        try
        {
            return await database.WriteAsync<CatalogDecision<T>>(async s =>
            {
                // Asked before anything is written, so that a refusal leaves no trace.
                if (await ForbiddenWords.FindAsync(s, listed ?? []) is { Count: > 0 } forbidden) return new CatalogDecision<T>.Refused(forbidden);
                if (against is not null && await against(s) is { Count: > 0 } problems) return new CatalogDecision<T>.Refused(problems);
                if (!await write(s)) return new CatalogDecision<T>.Missing();
                await CatalogWrites.BumpAsync(s);
                return new CatalogDecision<T>.Saved(value);
            }, cancel);
        }
        catch (DbException fault) when (Database.IsDuplicate(fault))
        {
            // Each of these tables has one unique rule beside its id.
            return new CatalogDecision<T>.Refused([CatalogRules.Taken(uniqueField)]);
        }
    }

    private async Task<IReadOnlyList<FieldError>> WithCategoryAsync(Product value, IReadOnlyList<FieldError> errors, CancellationToken cancel)
    {
        List<FieldError> all = [.. errors];
        if (await FindCategoryAsync(value.CategoryId, cancel) is null) all.Add(CatalogRules.Unknown("category"));
        if (value.BrandId is { } brand
            && await database.ReadAsync(s => s.ScalarAsync<long?>("select id from brand where id = @brand", new { brand }), cancel) is null)
            all.Add(CatalogRules.Unknown("brand"));
        return all;
    }

    private async Task<IReadOnlyList<FieldError>> WithProductAsync(Sku value, IReadOnlyList<FieldError> errors, CancellationToken cancel) =>
        await FindProductAsync(value.ProductId, cancel) is null ? [.. errors, CatalogRules.Unknown("product")] : errors;
}
