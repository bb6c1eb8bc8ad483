using Lianka.Kernel;
using Lianka.Modules.Catalog;
using Lianka.Modules.Catalog.Core;

namespace Lianka.Tests.Unit.Catalog;

public sealed class GoodsPlanExamples
{
    private static readonly Category _games = new() { Id = 1, Slug = "games", NameZh = "游戏", NameEn = "Games" };
    private static readonly Category _cards = new() { Id = 2, Slug = "cards", NameZh = "卡券", NameEn = "Cards" };
    private static readonly Category _alike = new() { Id = 3, Slug = "cards-2", NameZh = "卡券", NameEn = "Vouchers" };
    private static readonly Brand _valve = new() { Id = 5, Slug = "valve", NameZh = "维尔福", NameEn = "Valve" };

    private static readonly Product _steam = new()
    {
        Id = new(7), Slug = "steam", CategoryId = 1, NameZh = "蒸汽钱包", NameEn = "Steam wallet", Tint = "#112233", RedeemZh = "第一步\n第二步", BrandId = 5,
    };

    private static readonly Product _other = new() { Id = new(8), Slug = "other", CategoryId = 2, NameZh = "别的", NameEn = "Other", State = ListingState.Off };

    private static readonly Sku _sku = new()
    {
        Id = new(70), Code = "steam-50", ProductId = new(7), NameZh = "50 元", NameEn = "CNY 50", FaceValue = 500_000, QtyMax = 1,
        SuggestedRetail = new(495_000), RetailFloor = new(477_000), RetailCeiling = new(550_000),
    };

    private const string New = "product,category,product name in chinese,product name in english,SKU code,规格名称,sku_name_en,面值,建议零售价,最低价,Ceiling";

    private static GoodsBook Book(params (string, string)[] words) => new([_games, _cards, _alike], [_valve], new WordList(words),
        new() { ["steam"] = _steam, ["other"] = _other }, new() { ["steam-50"] = _sku });

    private static List<GoodsLine> Lines(string header, params string[] lines)
    {
        var read = new GoodsHeader(header.Split(','));
        read.Problems.ShouldBeEmpty();
        return [.. lines.Select((l, i) => read.Read(i + 2, l.Split(','), [])).OfType<GoodsLine>()];
    }

    private static List<GoodsRow> Plan(string header, params string[] lines) => GoodsPlan.Of(Lines(header, lines), Book(("外挂", "外挂")));

    private static string Said(GoodsRow row) => $"{row.Line} {row.Outcome} {row.Product}/{row.Sku}"
        + string.Concat(row.Changes.Where(c => c.Was is not null).Select(c => $" {c.Column}={c.Was}>{c.Becomes}")) + string.Concat(row.Problems.Select(p => $" {p.Field}:{p.Code}"));

    private static string[] Said(string header, params string[] lines) => [.. Plan(header, lines).Select(Said)];

    [Fact]
    public void Each_name_of_a_column_is_one_column_and_order_case_and_width_do_not_matter()
    {
        foreach (var column in GoodsSheet.Columns)
            foreach (var name in (string[])[column.Key, column.Zh, column.En, .. column.Others]) GoodsSheet.Named($" {name.ToUpperInvariant()} ").ShouldBe(column);
        GoodsSheet.Named("ＳＫＵ　ＣＯＤＥ")!.Key.ShouldBe("sku");
        var header = new GoodsHeader(["备注", "", "sku code", "cost"]);
        (string.Join(' ', header.Ignored), header.Problems.Count).ShouldBe(("备注 cost", 0));
        string.Join(' ', new GoodsHeader(["name", "category"]).Problems.Select(p => p.Code)).ShouldBe("no_key_column");
        string.Join(' ', new GoodsHeader(["sku", "SKU code"]).Problems.Select(p => p.Code)).ShouldBe("column_twice");
    }

    [Fact]
    public void What_is_known_changes_where_a_cell_holds_something_and_what_is_not_is_new()
    {
        Said("sku,suggested_retail,qty_max,sku_state,region,product,category,kind",
            "steam-50,49.5,1,,,,,", "steam-50,,,,,,,").ShouldBe(["2 Same steam/steam-50", "3 Cannot steam/steam-50 sku:twice"]);
        Said("sku,suggested_retail,retail_floor,qty_max,sku_state,product,category,brand,kind",
            "steam-50,\u00a050.00 ,４8。00,,下架,steam,Games,维尔福,卡密").ShouldBe(["2 Change steam/steam-50 sku_state=listed>off suggested_retail=49.50>50.00 retail_floor=47.70>48.00"]);
        Said("sku,face_value", "steam-50,1").ShouldBe(["2 Change steam/steam-50 face_value=50.00>1.00"]);

        // A new product with two SKUs: what is said once is enough, and the first good line makes it.
        var rows = Plan(New, "new,游戏,新点卡,New card,new-10,10 元,CNY 10,10,9.9,9,12", "new,,,,new-20,20 元,CNY 20,20,x,18,24", "new,,,,new-30,30 元,CNY 30,30,29,28,33", "steam,,,,steam-100,100 元,CNY 100,100,99,98,110");
        rows.Select(Said).ShouldBe(["2 Add new/new-10", "3 Cannot new/new-20 suggested_retail:not_an_amount", "4 Add new/new-30", "5 Add steam/steam-100"]);
        rows[0].Changes.ToDictionary(c => c.Column, c => c.Becomes).ShouldBe(new Dictionary<string, string>
        {
            ["product"] = "new", ["category"] = "games", ["product_name_zh"] = "新点卡", ["product_name_en"] = "New card", ["region"] = "CN", ["product_state"] = "listed", ["tint"] = "#1f5f8b",
            ["sku"] = "new-10", ["sku_name_zh"] = "10 元", ["sku_name_en"] = "CNY 10", ["kind"] = "card", ["face_value"] = "10.00", ["face_currency"] = "CNY", ["qty_max"] = "10000", ["sku_state"] = "listed",
            ["suggested_retail"] = "9.90", ["retail_floor"] = "9.00", ["retail_ceiling"] = "12.00",
        }, ignoreOrder: true);
        rows[2].Changes.ShouldNotContain(c => c.Column == "product");

        // Where the first line cannot be, the next makes the product.
        Plan(New, "new,games,新点卡,New card,new-10,10 元,CNY 10,10,9.9,10,12", "new,,,,new-20,20 元,CNY 20,20,20,18,24")[1].Changes.ShouldContain(c => c.Column == "product");

        // A product alone, and one of which its first line says what changes.
        Said("product,sku,product_name_en,description_zh", "other,,Another,", "steam,steam-50,,两行", "steam,,,").ShouldBe(
            ["2 Change other/ product_name_en=Other>Another", "3 Change steam/steam-50 description_zh=>两行", "4 Same steam/"]);
    }

    [Theory]
    [InlineData("sku,product", "new-1,", "product:required")]
    [InlineData("sku,region", "steam-50,CN", "product:required")]
    [InlineData("sku,product,face_value", ",steam,1", "sku:required")]
    [InlineData("sku,product", "steam-50,other", "sku:other_product")]
    [InlineData("sku,qty_max", "steam-50,many", "qty_max:not_a_number")]
    [InlineData("sku,qty_max", "steam-50,10001", "qty_max:out_of_range")]
    [InlineData("sku,suggested_retail", "steam-50,-5", "suggested_retail:not_positive")]
    [InlineData("sku,retail_floor", "steam-50,60", "retail_floor:above_suggested")]
    [InlineData("sku,retail_ceiling", "steam-50,50.123", "retail_ceiling:not_whole_fen")]
    [InlineData("sku,kind", "steam-50,mail", "kind:unknown_value")]
    [InlineData("sku,fields", "steam-50,account | phone | 手机号 | Phone", "fields:card_has_fields")]
    [InlineData("sku,规格名称", "steam-50,外 挂", "sku_name_zh:forbidden_word")]
    [InlineData("product,中文介绍", "steam,带外挂", "description_zh:forbidden_word")]
    [InlineData("product,category", "steam,卡券", "category:ambiguous")]
    [InlineData("product,category", "steam,nowhere", "category:not_found")]
    [InlineData("product,brand", "steam,nobody", "brand:not_found")]
    [InlineData("product,region", "steam,cn", "region:bad_code")]
    [InlineData("product,redeem_url", "steam,http://a.example", "redeem_url:bad_url")]
    [InlineData("product,product_name_zh", "Steam,x", "product:bad_slug category:required product_name_en:required")]
    public void A_line_that_cannot_be_says_which_column_and_why(string header, string line, string problems)
    {
        var row = Plan(header, line).Single();
        (row.Outcome, string.Join(' ', row.Problems.Select(p => $"{p.Field}:{p.Code}").Order(StringComparer.Ordinal)), row.Changes.Count)
            .ShouldBe((BulkOutcome.Cannot, string.Join(' ', problems.Split(' ').Order(StringComparer.Ordinal)), 0));
    }

    [Fact]
    public void Lines_of_one_product_have_to_agree_and_goods_that_are_off_may_hold_any_word()
    {
        Said("product,sku,region,sku_name_en", "steam,,CN,", "steam,steam-50,US,CNY 50").ShouldBe(["2 Same steam/", "3 Cannot steam/steam-50 region:differs"]);
        Said("product,description_zh", "other,外挂").ShouldBe(["2 Change other/ description_zh=>外挂"]);
        // One that is wrong is not made by any of its lines.
        Said("product,sku,region", "steam,,cn", "steam,steam-50,").ShouldBe(["2 Cannot steam/ region:bad_code", "3 Cannot steam/steam-50 region:bad_code"]);
    }

    [Fact]
    public void What_goods_are_downloaded_as_changes_nothing()
    {
        var columns = GoodsSheet.Line(_steam, _sku, new Dictionary<long, string> { [1] = "games" }, new Dictionary<long, string> { [5] = "valve" }, isZh: true).ToList();
        var header = new GoodsHeader([.. columns.Select(c => c.Column.Zh)]);
        header.Ignored.ShouldBeEmpty();
        var line = header.Read(2, [.. columns.Select(c => c.Text)], [])!;
        line.At("kind").ShouldBe("card");
        Said(GoodsPlan.Of([line], Book()).Single()).ShouldBe("2 Same steam/steam-50");
    }

    [Fact]
    public void A_line_is_left_alone_when_what_it_changes_is_no_longer_as_it_was()
    {
        var row = Plan("sku,suggested_retail,retail_ceiling", "steam-50,50,60").Single();
        var step = GoodsPlan.Step(row, Book(), DateTimeOffset.UnixEpoch);
        (step.Sku, step.Product, step.IsNewSku).ShouldBe((_sku with { SuggestedRetail = new(500_000), RetailCeiling = new(600_000), UpdatedAt = DateTimeOffset.UnixEpoch }, null, false));
        Problems(row, skus: _sku with { SuggestedRetail = new(490_000) }).ShouldBe("suggested_retail:moved");
        // Other columns may have changed: they stay as they are now.
        GoodsPlan.Step(row, With(_sku with { QtyMax = 9 }), DateTimeOffset.UnixEpoch).Sku!.QtyMax.ShouldBe(9);
        // The rules are asked again: here the floor was raised meanwhile, there a word was forbidden.
        Problems(row, skus: _sku with { RetailFloor = new(510_000) }).ShouldBe("retail_floor:above_suggested");
        Step(row, Book(("CNY 50", "cny50"))).ShouldBe("sku_name_en:forbidden_word");
        Step(row, Book() with { Skus = [] }).ShouldBe("sku:moved");
        Problems(row, skus: _sku with { ProductId = new(8) }).ShouldBe("sku:other_product");

        var added = Plan(New, "new,游戏,新点卡,New card,new-10,10 元,CNY 10,10,9.9,9,12", "new,,,,new-30,30 元,CNY 30,30,29,28,33");
        var made = GoodsPlan.Step(added[0], Book(), DateTimeOffset.UnixEpoch);
        (made.IsNewProduct, made.IsNewSku, made.Product!.Tint, made.Product.CategoryId, made.Sku!.Code, made.Sku.QtyMax).ShouldBe((true, true, "#1f5f8b", 1L, "new-10", 10_000L));
        Step(added[1], Book()).ShouldBe("product:moved");
        Step(added[0], With(_sku with { Code = "new-10" })).ShouldBe("sku:moved");
        var there = Book();
        there.Products["new"] = made.Product with { Id = new(9) };
        Step(added[0], there).ShouldBe("product:moved");
        GoodsPlan.Step(added[1], there, DateTimeOffset.UnixEpoch).Sku!.ProductId.ShouldBe(new ProductId(9));

        static GoodsBook With(Sku sku) => Book() with { Skus = new() { [sku.Code] = sku } };
        static string Problems(GoodsRow row, Sku skus) => Step(row, With(skus));
        static string Step(GoodsRow row, GoodsBook book)
        {
            var step = GoodsPlan.Step(row, book, DateTimeOffset.UnixEpoch);
            (step.Product, step.Sku).ShouldBe((null, null));
            return string.Join(' ', step.Problems.Select(p => $"{p.Field}:{p.Code}"));
        }
    }
}
