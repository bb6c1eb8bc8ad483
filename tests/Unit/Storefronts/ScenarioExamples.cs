using Lianka.Kernel;
using Lianka.Modules.Catalog;
using Lianka.Modules.Storefronts.Browse;
using Lianka.Modules.Storefronts.Core;

namespace Lianka.Tests.Unit.Storefronts;

public sealed class ScenarioExamples
{
    private const string Mobile = "account | phone | 手机号 | Phone number | 移动", Unicom = "account | phone | 手机号 | Phone number | 联通",
        Any = "account | phone | 手机号 | Phone number", Email = "account | email | 邮箱 | E-mail";

    [Fact]
    public void Goods_that_ask_for_the_same_become_one_form_carriers_apart()
    {
        var form = TopUpForm.Of([Product(1, (100, Mobile), (30, Mobile)), Product(2, (50, Unicom)), Product(3, (10, Any), (20, Unicom))])!;
        form.Fields.Select(f => f.Key).ShouldBe(["account"]);
        form.Values.Select(v => $"{v.Product.Slug}: {string.Join(' ', v.Choices.Select(c => c.Sku.FaceValue))} for {string.Join(' ', v.Carriers)}")
            .ShouldBe(["p1: 30 100 for 移动", "p2: 50 for 联通", "p3: 10 20 for "]);
        form.Rest.ShouldBeEmpty();
    }

    [Fact]
    public void What_asks_for_something_else_or_is_a_code_has_its_own_page()
    {
        var form = TopUpForm.Of([Product(1, (30, Mobile), (50, "")), Product(2, (20, Email)), Product(3, (50, ""), (60, "")), Product(4, (60, Unicom))])!;
        form.Values.Select(v => v.Product.Slug).ShouldBe(["p1", "p4"]);
        form.Rest.Select(g => $"{g.Product.Slug}: {string.Join(' ', g.Choices.Select(c => c.Sku.FaceValue))}").ShouldBe(["p1: 50", "p2: 20", "p3: 50 60"]);
        TopUpForm.Of([Product(1, (50, ""))]).ShouldBeNull();
        TopUpForm.Of([]).ShouldBeNull();
    }

    [Fact]
    public void Goods_of_a_brand_stand_together_where_its_first_stand()
    {
        var brands = new Dictionary<long, Modules.Catalog.Brand> { [7] = new() { Id = 7, Slug = "steam", NameZh = "蒸汽", NameEn = "Steam" } };
        var groups = GoodsGroups.Of([Product(1, brand: 7, region: "CN"), Product(2), Product(3, brand: 7, region: "US"), Product(4)], brands);
        groups.Select(g => $"{g.Brand?.Slug}: {string.Join(' ', g.Goods.Select(x => x.Product.Slug))}").ShouldBe(["steam: p1 p3", ": p2", ": p4"]);
    }

    [Fact]
    public void One_offers_to_narrow_down_only_where_there_is_a_difference()
    {
        GoodsGroups.Regions([Product(1, region: "US"), Product(2, region: "CN"), Product(3, region: "US")]).ShouldBe(["CN", "US"]);
        GoodsGroups.Regions([Product(1, region: "CN")]).ShouldBeEmpty();
        GoodsGroups.AreOfBothKinds([Product(1, (10, "")), Product(2, (10, Email))]).ShouldBeTrue();
        GoodsGroups.AreOfBothKinds([Product(1, (10, "")), Product(2, (10, ""))]).ShouldBeFalse();
    }

    private static Goods Product(long id, params (long Face, string Fields)[] values) => Product(id, null, "CN", values);

    private static Goods Product(long id, long? brand = null, string region = "CN", params (long Face, string Fields)[] values) => new(
        new Product { Id = new(id), Slug = $"p{id}", CategoryId = 1, NameZh = "品", NameEn = "Goods", BrandId = brand, Region = region },
        [.. (values.Length > 0 ? values : [(10, "")]).Select(v => new Choice(new Sku
        {
            Id = new(id * 1000 + v.Face), Code = $"s{id}-{v.Face}", ProductId = new(id), NameZh = "值", NameEn = "Value", FaceValue = v.Face,
            Kind = v.Fields.Length > 0 ? SkuKind.Direct : SkuKind.Card, Fields = v.Fields,
        }, new Money(v.Face), 5))]);
}
