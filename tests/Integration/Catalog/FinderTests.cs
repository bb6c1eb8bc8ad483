using Lianka.Kernel;
using Lianka.Modules.Catalog;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Inventory;

namespace Lianka.Tests.Integration.Catalog;

public sealed class FinderTests
{
    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_changed_name_is_found_by_every_node_at_once_and_the_former_no_longer(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        await using var other = await world.BesideAsync();
        var catalog = world.Get<Modules.Catalog.Catalog>();
        var goods = await Goods.CreateAsync(world);
        var draft = new ProductDraft { Slug = "wz", CategoryId = goods.Category.Id, NameZh = "王者荣耀", NameEn = "Honor of Kings" };
        var product = Goods.Saved(await catalog.CreateProductAsync(draft));
        ProductId[] both = [goods.Product.Id, product.Id];

        foreach (var node in new[] { world, other })
        {
            (await FindAsync(node, "wzry")).ShouldBe([product.Id]);
            (await FindAsync(node, "王者容耀")).ShouldBe([product.Id]);
            (await FindAsync(node, null)).ShouldBe(both);
            (await FindAsync(node, " ")).ShouldBe(both);
            (await FindAsync(node, "%")).ShouldBeEmpty();
        }

        Goods.Saved(await catalog.UpdateProductAsync(product.Id, draft with { NameZh = "原神", NameEn = "Genshin" }));
        var sku = Goods.Saved(await catalog.CreateSkuAsync(Goods.SkuDraft(product.Id, "moon-card")));
        foreach (var node in new[] { world, other })
        {
            (await FindAsync(node, "wzry")).ShouldBeEmpty();
            (await FindAsync(node, "yuanshen")).ShouldBe([product.Id]);
            (await FindAsync(node, "moon")).ShouldBe([product.Id]);
        }

        // A SKU that moves is found with its new product only.
        Goods.Saved(await catalog.UpdateSkuAsync(sku.Id, Goods.SkuDraft(goods.Product.Id, "moon-card")));
        (await FindAsync(other, "moon")).ShouldBe([goods.Product.Id]);

        // In the caller's transaction too: what a person passed.
        await world.Database.WriteAsync(s => catalog.SaveProductAsync(s, product.Id, draft with { NameZh = "光遇", NameEn = "Sky" }));
        (await FindAsync(other, "guangyu")).ShouldBe([product.Id]);
        (await world.Database.ReadAsync(s => s.ScalarAsync<long>("select count(*) from product where changed is null"))).ShouldBe(0);

        async Task<List<ProductId>> FindAsync(World node, string? query) => (await node.Get<Finder>().FindAsync(both, query: query)).Products;
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Only_what_was_asked_for_is_found_in_its_category(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var catalog = world.Get<Modules.Catalog.Catalog>();
        var goods = await Goods.CreateAsync(world);
        var games = Goods.Saved(await catalog.CreateCategoryAsync(new CategoryDraft { Slug = "games", NameZh = "游戏", NameEn = "Games" }));
        List<ProductId> made = [];
        foreach (var (slug, category) in new[] { ("steam-a", games.Id), ("steam-b", goods.Category.Id), ("steam-c", games.Id) })
            made.Add(Goods.Saved(await catalog.CreateProductAsync(new ProductDraft { Slug = slug, CategoryId = category, NameZh = "蒸汽", NameEn = "Steam" })).Id);
        var finder = world.Get<Finder>();

        (await finder.FindAsync(made[..2], query: "steem")).ShouldBe(made[..2], isNear: true);
        (await finder.FindAsync(made, "games", "steam")).ShouldBe([made[0], made[2]]);
        (await finder.FindAsync(made, "games")).ShouldBe([made[0], made[2]]);
        (await finder.FindAsync(made, "nowhere")).ShouldBe([]);
        (await finder.FindAsync([], query: "steam")).ShouldBe([]);
    }
}

file static class Found
{
    public static void ShouldBe(this FoundProducts found, IReadOnlyList<ProductId> products, bool isNear = false)
    {
        found.Products.ShouldBe(products);
        found.IsNear.ShouldBe(isNear);
    }
}
