using Lianka.Modules.Catalog;
using Lianka.Modules.Suppliers;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Inventory;

namespace Lianka.Tests.Integration.Onboarding;

public sealed class ProposalTests
{
    private static readonly ProposalDraft _texts = new() { NameZh = "新点卡", NameEn = "New card", DescriptionZh = "说明", RedeemEn = "one\ntwo" };

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task New_goods_wait_for_a_person_and_come_in_off(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var goods = await Goods.CreateAsync(world);
        var (proposals, catalog) = (world.Get<Proposals>(), world.Get<Modules.Catalog.Catalog>());
        var made = Goods.Saved(await proposals.ProposeAsync(goods.Supplier.Id, _texts with { CategoryId = goods.Category.Id }, "supplier:li"));
        (await catalog.ListProductsAsync(new ProductFilter())).Items.Count.ShouldBe(1);

        var verdicts = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => proposals.PassAsync(made.Id, "new-card", "sound", "zhou"))));
        var product = verdicts.OfType<CatalogDecision<Product>.Saved>().ShouldHaveSingleItem().Value;
        (product.State, product.NameZh, product.RedeemEn).ShouldBe((ListingState.Off, "新点卡", "one\ntwo"));
        var after = (await proposals.ListAsync(goods.Supplier.Id)).ShouldHaveSingleItem();
        (after.State, after.Reason, after.DecidedBy, after.ProductId).ShouldBe((ProposalState.Passed, "sound", "zhou", product.Id));
        (await proposals.RefuseAsync(made.Id, "no", "zhou")).ShouldBeFalse("decided once");
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task New_texts_of_listed_goods_change_nothing_else(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var goods = await Goods.CreateAsync(world);
        var (proposals, catalog) = (world.Get<Proposals>(), world.Get<Modules.Catalog.Catalog>());
        var made = Goods.Saved(await proposals.ProposeAsync(goods.Supplier.Id, _texts with { Product = goods.Product.Id }, "supplier:li"));
        (await catalog.FindProductAsync(goods.Product.Id))!.NameZh.ShouldBe("点卡", "not before it is passed");
        Goods.Saved(await world.Get<ForbiddenWords>().AddAsync("说明", "zhou"));
        (await proposals.PassAsync(made.Id, "", "sound", "zhou")).ShouldBeOfType<CatalogDecision<Product>.Refused>("a word that came since counts")
            .Errors.ShouldHaveSingleItem().Field.ShouldBe("description_zh");
        await world.Get<ForbiddenWords>().RemoveAsync((await world.Get<ForbiddenWords>().ListAsync())[0].Id);
        Goods.Saved(await proposals.PassAsync(made.Id, "", "sound", "zhou"));
        var product = (await catalog.FindProductAsync(goods.Product.Id))!;
        (product.NameZh, product.Slug, product.CategoryId, product.State).ShouldBe(("新点卡", goods.Product.Slug, goods.Category.Id, ListingState.Listed));
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F45_A_supplier_proposes_for_its_own_goods_and_without_forbidden_words(DatabaseKind kind)
    {
        await using var world = await World.CreateAsync(kind);
        var (goods, other) = (await Goods.CreateAsync(world), await Goods.CreateAsync(world, "b"));
        var proposals = world.Get<Proposals>();
        (await proposals.ProposeAsync(other.Supplier.Id, _texts with { Product = goods.Product.Id }, "supplier:li")).ShouldBeOfType<CatalogDecision<Proposal>.Missing>();
        Goods.Saved(await world.Get<ForbiddenWords>().AddAsync("点卡", "zhou"));
        (await proposals.ProposeAsync(goods.Supplier.Id, _texts with { CategoryId = goods.Category.Id }, "supplier:li")).ShouldBeOfType<CatalogDecision<Proposal>.Refused>()
            .Errors.ShouldHaveSingleItem().Field.ShouldBe("name_zh");
        (await proposals.ProposeAsync(goods.Supplier.Id, _texts with { CategoryId = 1, NameZh = "新", DescriptionZh = "" }, "supplier:li")).ShouldBeOfType<CatalogDecision<Proposal>.Refused>()
            .Errors.ShouldHaveSingleItem().Field.ShouldBe("category_id");
        (await proposals.ListAsync(other.Supplier.Id)).ShouldBeEmpty();
    }
}
