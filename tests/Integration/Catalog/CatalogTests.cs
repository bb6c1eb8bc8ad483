using Lianka.Kernel;
using Lianka.Modules.Catalog;
using Lianka.Modules.Suppliers;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Inventory;

namespace Lianka.Tests.Integration.Catalog;

public sealed class CatalogTests
{
    private static string Errors<T>(CatalogDecision<T> decision) =>
        string.Join(" ", decision.ShouldBeOfType<CatalogDecision<T>.Refused>().Errors.Select(e => $"{e.Field}:{e.Code}"));

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task What_is_made_is_found_again_exactly(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var catalog = world.Get<Modules.Catalog.Catalog>();
        var goods = await Goods.CreateAsync(world);
        (await catalog.FindCategoryAsync("cat-a")).ShouldBe(goods.Category);
        (await catalog.FindCategoryAsync(goods.Category.Id)).ShouldBe(goods.Category);
        var sku = (await catalog.FindSkuAsync("sku-a"))!;
        (sku with { UpdatedAt = goods.Sku.UpdatedAt }).ShouldBe(goods.Sku);
        (await catalog.FindSkuAsync(goods.Sku.Id)).ShouldBe(sku);
        (await catalog.FindSupplierAsync("supplier-a")).ShouldBe(goods.Supplier);
        (await catalog.FindSupplyAsync(goods.Supply.Id)).ShouldBe(goods.Supply);
        (await catalog.FindSupplyAsync(goods.Sku.Id, goods.Supplier.Id)).ShouldBe(goods.Supply);
        var product = (await catalog.FindProductAsync("product-a"))!;
        (product with { UpdatedAt = goods.Product.UpdatedAt }).ShouldBe(goods.Product);
        (await catalog.ListSkusAsync([product.Id])).ShouldBe([sku]);
        var line = (await catalog.ListSuppliesAsync(supplier: goods.Supplier.Id)).Single();
        (line.SkuCode, line.SupplierSlug, line.Cost).ShouldBe(("sku-a", "supplier-a", new Money(452_500)));
        (await catalog.ListSuppliesAsync(sku: new SkuId(1))).ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Every_change_raises_the_version_of_prices_and_moves_the_product(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var catalog = world.Get<Modules.Catalog.Catalog>();
        var goods = await Goods.CreateAsync(world);
        var version = await VersionAsync(world);
        var moved = (await catalog.FindProductAsync(goods.Product.Id))!.UpdatedAt;

        var supply = new SupplyDraft { Cost = "44.0000", Priority = "7" };
        Goods.Saved(await catalog.UpdateSupplyAsync(goods.Supply.Id, supply)).SkuId.ShouldBe(goods.Sku.Id);
        (await VersionAsync(world)).ShouldBe(version + 1);
        var after = (await catalog.FindProductAsync(goods.Product.Id))!.UpdatedAt;
        after.ShouldBeGreaterThan(moved);
        (await catalog.FindSkuAsync(goods.Sku.Id))!.UpdatedAt.ShouldBe(after);
        (await catalog.ListProductsAsync(new ProductFilter(UpdatedSince: after))).Items.Count.ShouldBe(1);
        (await catalog.ListProductsAsync(new ProductFilter(UpdatedSince: after.AddMilliseconds(1)))).Items.ShouldBeEmpty();

        Goods.Saved(await catalog.UpdateSkuAsync(goods.Sku.Id, Goods.SkuDraft(goods.Product.Id, "sku-a2"))).Code.ShouldBe("sku-a2");
        Goods.Saved(await catalog.UpdateSupplierAsync(goods.Supplier.Id,
            new SupplierDraft { Slug = "supplier-a", NameZh = "寰宇", NameEn = "Huanyu", State = SupplierState.Suspended }));
        (await VersionAsync(world)).ShouldBe(version + 3);

        // A refusal changes nothing.
        Errors(await catalog.UpdateSupplyAsync(goods.Supply.Id, supply with { Cost = "-1" })).ShouldBe("cost:not_positive");
        (await VersionAsync(world)).ShouldBe(version + 3);
        (await catalog.FindSupplyAsync(goods.Supply.Id))!.Cost.ShouldBe(new Money(440_000));
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_name_in_use_and_an_unknown_reference_are_refused_by_field(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var catalog = world.Get<Modules.Catalog.Catalog>();
        var goods = await Goods.CreateAsync(world);
        Errors(await catalog.CreateCategoryAsync(new CategoryDraft { Slug = "cat-a", NameZh = "一", NameEn = "x" })).ShouldBe("slug:taken");
        Errors(await catalog.CreateProductAsync(new ProductDraft { Slug = "product-a", CategoryId = goods.Category.Id, NameZh = "一", NameEn = "x" }))
            .ShouldBe("slug:taken");
        Errors(await catalog.CreateProductAsync(new ProductDraft { Slug = "p", CategoryId = 1, NameZh = "一", NameEn = "x" })).ShouldBe("category:not_found");
        Errors(await catalog.CreateSkuAsync(Goods.SkuDraft(goods.Product.Id, "sku-a"))).ShouldBe("code:taken");
        Errors(await catalog.CreateSkuAsync(Goods.SkuDraft(new(1), "sku-b"))).ShouldBe("product:not_found");
        Errors(await catalog.CreateSupplyAsync(new SupplyDraft { SkuId = goods.Sku.Id, SupplierId = goods.Supplier.Id })).ShouldBe("supplier:taken");
        Errors(await catalog.CreateSupplyAsync(new SupplyDraft { SkuId = new(1), SupplierId = new(1) })).ShouldBe("sku:not_found supplier:not_found");
        (await catalog.UpdateSkuAsync(new(1), Goods.SkuDraft(goods.Product.Id, "sku-c"))).ShouldBeOfType<CatalogDecision<Sku>.Missing>();
        (await catalog.UpdateSupplyAsync(new(1), new SupplyDraft())).ShouldBeOfType<CatalogDecision<Supply>.Missing>();
        (await catalog.UpdateCategoryAsync(1, new CategoryDraft { Slug = "x", NameZh = "一", NameEn = "x" })).ShouldBeOfType<CatalogDecision<Category>.Missing>();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Search_finds_both_languages_and_takes_wildcards_as_they_are(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var catalog = world.Get<Modules.Catalog.Catalog>();
        var goods = await Goods.CreateAsync(world);
        foreach (var (slug, zh, en) in new[] { ("steam", "蒸汽钱包 100%", "Steam Wallet"), ("tea", "茶_券", "Tea voucher") })
            Goods.Saved(await catalog.CreateProductAsync(
                new ProductDraft { Slug = slug, CategoryId = goods.Category.Id, NameZh = zh, NameEn = en, State = ListingState.Off }));

        async Task<string> FindAsync(string? words, string? category = null, ListingState? state = null) => string.Join(" ",
            (await catalog.ListProductsAsync(new ProductFilter(words, category, state))).Items.Select(p => p.Slug));

        (await FindAsync("蒸汽")).ShouldBe("steam");
        (await FindAsync(" WALLET ")).ShouldBe("steam");
        (await FindAsync("sku-a")).ShouldBe("product-a");
        (await FindAsync("%")).ShouldBe("steam");
        (await FindAsync("_")).ShouldBe("tea");
        (await FindAsync("\\")).ShouldBe("");
        (await FindAsync("' or 1=1 --")).ShouldBe("");
        (await FindAsync(null, "cat-a")).ShouldBe("product-a steam tea");
        (await FindAsync(null, "nowhere")).ShouldBe("");
        (await FindAsync(null, state: ListingState.Listed)).ShouldBe("product-a");
        (await catalog.ListProductsAsync(new ProductFilter(HasSupply: true))).Items.Select(p => p.Slug).ShouldBe(["product-a"]);
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Pages_follow_the_cursor_without_gap_or_repeat(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var catalog = world.Get<Modules.Catalog.Catalog>();
        var goods = await Goods.CreateAsync(world);
        for (var i = 0; i < 6; i++)
            Goods.Saved(await catalog.CreateProductAsync(new ProductDraft { Slug = $"p{i}", CategoryId = goods.Category.Id, NameZh = "一", NameEn = "x" }));
        var seen = new List<string>();
        var sizes = new List<int>();
        for (ProductId? after = null; ;)
        {
            var page = await catalog.ListProductsAsync(new ProductFilter(After: after, Limit: 3));
            seen.AddRange(page.Items.Select(p => p.Slug));
            sizes.Add(page.Items.Count);
            if ((after = page.Next) is null) break;
        }

        seen.ShouldBe(["product-a", "p0", "p1", "p2", "p3", "p4", "p5"]);
        sizes.ShouldBe([3, 3, 1]);
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_supplier_comes_with_its_accounts_or_not_at_all(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var suppliers = world.Get<Suppliers>();
        var draft = new SupplierDraft { Slug = "huanyu", NameZh = "寰宇", NameEn = "Huanyu" };
        var supplier = Goods.Saved(await suppliers.OnboardAsync(draft));
        Errors(await suppliers.OnboardAsync(draft)).ShouldBe("slug:taken");
        Errors(await suppliers.OnboardAsync(draft with { Slug = "Ｘ", NameZh = " " })).ShouldBe("slug:bad_slug name_zh:required");
        var kinds = await world.Database.ReadAsync(s => s.QueryAsync<string>(
            "select kind from account where party_id = @Id order by kind", new { supplier.Id }));
        kinds.ShouldBe(["deposit", "payable", "receivable"]);
        (await world.Database.ReadAsync(s => s.ScalarAsync<long>("select count(*) from supplier"))).ShouldBe(1);
        (await world.Database.ReadAsync(s => s.ScalarAsync<long>("select count(*) from account where kind = 'payable'"))).ShouldBe(1);
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Suppliers_onboarded_beside_each_other_under_one_name_are_one(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var draft = new SupplierDraft { Slug = "huanyu", NameZh = "寰宇", NameEn = "Huanyu" };
        var decisions = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => world.Get<Suppliers>().OnboardAsync(draft)));
        decisions.OfType<CatalogDecision<Supplier>.Saved>().Count().ShouldBe(1);
        decisions.OfType<CatalogDecision<Supplier>.Refused>().Count().ShouldBe(7);
    }

    private static Task<long> VersionAsync(World world) =>
        world.Database.ReadAsync(s => s.ScalarAsync<long>("select value from version where name = 'prices'"));
}
