using Lianka.Modules.Catalog;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Inventory;

namespace Lianka.Tests.Integration.Catalog;

public sealed class ForbiddenWordTests
{
    private static ProductDraft Product(long category, string slug = "card", string zh = "点卡", string description = "") =>
        new() { Slug = slug, CategoryId = category, NameZh = zh, NameEn = "Card", DescriptionEn = description };

    private static async Task<long> CategoryAsync(World world) => Goods.Saved(
        await world.Get<Modules.Catalog.Catalog>().CreateCategoryAsync(new CategoryDraft { Slug = "games", NameZh = "游戏", NameEn = "Games" })).Id;

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Goods_with_a_forbidden_word_cannot_be_listed_and_the_error_names_field_and_word(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var (catalog, words, category) = (world.Get<Modules.Catalog.Catalog>(), world.Get<ForbiddenWords>(), await CategoryAsync(world));
        Goods.Saved(await words.AddAsync("赌博", "zhou"));
        Goods.Saved(await words.AddAsync("Casino", "zhou"));

        var refused = (await catalog.CreateProductAsync(Product(category, zh: "ｘ赌\u200b 博卡", description: "best c a s i n o!"))).ShouldBeOfType<CatalogDecision<Product>.Refused>();
        refused.Errors.Select(e => (e.Field, e.Code)).ShouldBe([("name_zh", "forbidden_word"), ("description_en", "forbidden_word")]);
        refused.Errors[0].Zh.ShouldContain("赌博");
        refused.Errors[1].En.ShouldContain("Casino");
        (await catalog.ListProductsAsync(new ProductFilter())).Items.ShouldBeEmpty();

        var off = Goods.Saved(await catalog.CreateProductAsync(Product(category, zh: "赌博卡") with { State = ListingState.Off }));
        (await catalog.UpdateProductAsync(off.Id, Product(category, zh: "赌博卡"))).ShouldBeOfType<CatalogDecision<Product>.Refused>("what is off may not come on");
        var product = Goods.Saved(await catalog.UpdateProductAsync(off.Id, Product(category)));
        (await catalog.CreateSkuAsync(Goods.SkuDraft(product.Id, "c-1") with { NameEn = "CASINO 50" })).ShouldBeOfType<CatalogDecision<Sku>.Refused>()
            .Errors.ShouldHaveSingleItem().Field.ShouldBe("name_en");
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_new_word_takes_off_what_is_listed_with_it(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var (catalog, words, category) = (world.Get<Modules.Catalog.Catalog>(), world.Get<ForbiddenWords>(), await CategoryAsync(world));
        var bad = Goods.Saved(await catalog.CreateProductAsync(Product(category, "bad", "博彩 卡")));
        var good = Goods.Saved(await catalog.CreateProductAsync(Product(category, "good")));
        var sku = Goods.Saved(await catalog.CreateSkuAsync(Goods.SkuDraft(good.Id, "g-1") with { NameZh = "博\u200b彩 50 元" }));
        var version = await VersionAsync(world);
        var added = Goods.Saved(await words.AddAsync("博彩", "zhou"));
        added.TakenOff.ShouldBe(["bad", "g-1"]);
        (await catalog.FindProductAsync(bad.Id))!.State.ShouldBe(ListingState.Off);
        (await catalog.FindProductAsync(good.Id))!.State.ShouldBe(ListingState.Listed);
        (await catalog.FindSkuAsync(sku.Id))!.State.ShouldBe(ListingState.Off);
        (await VersionAsync(world)).ShouldBe(version + 1);

        (await words.AddAsync("博 彩", "zhou")).ShouldBeOfType<CatalogDecision<WordAdded>.Refused>().Errors[0].Code.ShouldBe("taken");
        (await words.AddAsync("\u200b", "zhou")).ShouldBeOfType<CatalogDecision<WordAdded>.Refused>().Errors[0].Code.ShouldBe("too_short");
        (await words.RemoveAsync(added.Word.Id)).ShouldBeTrue();
        (await words.ListAsync()).ShouldBeEmpty();
        Goods.Saved(await catalog.UpdateProductAsync(bad.Id, Product(category, "bad", "博彩 卡")));
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_word_and_a_text_that_are_saved_at_once_never_miss_each_other(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var (catalog, words, category) = (world.Get<Modules.Catalog.Catalog>(), world.Get<ForbiddenWords>(), await CategoryAsync(world));
        for (var i = 0; i < 10; i++)
        {
            var (slug, word) = ($"p-{i}", $"word{i}");
            await Task.WhenAll(Task.Run(() => words.AddAsync(word, "zhou")), Task.Run(() => catalog.CreateProductAsync(Product(category, slug, $"a {word} b"))));
            (await catalog.FindProductAsync(slug))?.State.ShouldBe(ListingState.Off, slug);
        }
    }

    private static Task<long> VersionAsync(World world) => world.Database.ReadAsync(s => s.ScalarAsync<long>("select value from version where name = 'prices'"));
}
