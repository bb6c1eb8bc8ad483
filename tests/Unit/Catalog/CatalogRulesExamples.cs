using Lianka.Kernel;
using Lianka.Modules.Catalog;
using Lianka.Modules.Catalog.Core;

namespace Lianka.Tests.Unit.Catalog;

public sealed class CatalogRulesExamples
{
    private static readonly SkuDraft _sku = new()
    {
        Code = "steam-50", ProductId = new(7), NameZh = "50 元", NameEn = "CNY 50", FaceValue = "50.0000",
        SuggestedRetail = "49.50", RetailFloor = "47.70", RetailCeiling = "55.00",
    };

    private static string Of(IReadOnlyList<FieldError> errors) => string.Join(" ", errors.Select(e => $"{e.Field}:{e.Code}"));

    private static string Errors(SkuDraft draft) => Of(CatalogRules.Check(draft, new(1), DateTimeOffset.UnixEpoch).Errors);

    private static string CostErrors(string cost) => Of(CatalogRules.Check(new SupplyDraft { Cost = cost }, new(1)).Errors);

    [Fact]
    public void A_good_sku_is_read_to_the_unit()
    {
        var (sku, errors) = CatalogRules.Check(_sku, new(1), DateTimeOffset.UnixEpoch);
        errors.ShouldBeEmpty();
        (sku.FaceValue, sku.SuggestedRetail, sku.RetailFloor, sku.RetailCeiling, sku.QtyMax)
            .ShouldBe((500_000L, new Money(495_000), new Money(477_000), new Money(550_000), 10_000L));
    }

    [Theory] // F22: amounts
    [InlineData("9.9850", "")]
    [InlineData("0.0001", "")]
    [InlineData("0", "cost:not_positive")]
    [InlineData("-0", "cost:not_positive")]
    [InlineData("-1", "cost:not_positive")]
    [InlineData("0.00001", "cost:not_an_amount")]
    [InlineData("1e3", "cost:not_an_amount")]
    [InlineData("+1", "cost:not_an_amount")]
    [InlineData(" 1", "cost:not_an_amount")]
    [InlineData("1,000", "cost:not_an_amount")]
    [InlineData("９", "cost:not_an_amount")]
    [InlineData("9223372036854775808", "cost:not_an_amount")]
    [InlineData("NaN", "cost:not_an_amount")]
    public void F22_A_cost_is_an_exact_amount_above_zero(string cost, string errors) => CostErrors(cost).ShouldBe(errors);

    [Fact]
    public void An_empty_cost_is_unknown_never_zero()
    {
        var (supply, errors) = CatalogRules.Check(new SupplyDraft { Cost = "" }, new(1));
        errors.ShouldBeEmpty();
        supply.Cost.ShouldBeNull();
    }

    [Theory] // F22: whole numbers
    [InlineData("1", "")]
    [InlineData("10000", "")]
    [InlineData("0", "qty_max:out_of_range")]
    [InlineData("10001", "qty_max:out_of_range")]
    [InlineData("-1", "qty_max:not_a_number")]
    [InlineData("1.5", "qty_max:not_a_number")]
    [InlineData("1e3", "qty_max:not_a_number")]
    [InlineData("１００", "qty_max:not_a_number")]
    [InlineData("", "qty_max:required")]
    [InlineData("9999999999999999", "qty_max:not_a_number")]
    public void F22_The_largest_quantity_is_1_to_10000(string max, string errors) => Errors(_sku with { QtyMax = max }).ShouldBe(errors);

    [Theory] // floor, suggested, ceiling
    [InlineData("47.70", "49.50", "55.00", "")]
    [InlineData("49.50", "49.50", "49.50", "")]
    [InlineData("49.51", "49.50", "55.00", "retail_floor:above_suggested")]
    [InlineData("47.70", "49.50", "49.49", "retail_ceiling:below_suggested")]
    [InlineData("60.00", "49.50", "40.00", "retail_floor:above_suggested retail_ceiling:below_suggested")]
    [InlineData("47.705", "49.50", "55.00", "retail_floor:not_whole_fen")]
    [InlineData("47.70", "49.5050", "55.00", "suggested_retail:not_whole_fen")]
    [InlineData("47.70", "0.001", "55.00", "suggested_retail:not_whole_fen")]
    [InlineData("", "49.50", "0", "retail_floor:required retail_ceiling:not_positive")]
    public void Retail_prices_are_whole_fen_in_order(string floor, string suggested, string ceiling, string errors) =>
        Errors(_sku with { RetailFloor = floor, SuggestedRetail = suggested, RetailCeiling = ceiling }).ShouldBe(errors);

    [Theory]
    [InlineData("a", true)]
    [InlineData("steam-50", true)]
    [InlineData("", false)]
    [InlineData("Steam", false)]
    [InlineData("steam 50", false)]
    [InlineData("steam_50", false)]
    [InlineData("５０", false)]
    [InlineData("../x", false)]
    public void A_code_is_lower_case_letters_digits_and_hyphens(string code, bool isGood) =>
        Errors(_sku with { Code = code }).ShouldBe(isGood ? "" : "code:bad_slug");

    [Fact]
    public void A_code_has_at_most_64_characters()
    {
        Errors(_sku with { Code = new string('a', 64) }).ShouldBe("");
        Errors(_sku with { Code = new string('a', 65) }).ShouldBe("code:bad_slug");
    }

    [Fact]
    public void Names_are_trimmed_needed_and_bounded()
    {
        CatalogRules.Check(_sku with { NameZh = "  五十 " }, new(1), default).Value.NameZh.ShouldBe("五十");
        Errors(_sku with { NameZh = "   " }).ShouldBe("name_zh:required");
        Errors(_sku with { NameEn = new string('x', 80) }).ShouldBe("");
        Errors(_sku with { NameEn = new string('x', 81) }).ShouldBe("name_en:too_long");
        Errors(_sku with { NameEn = "a\u0000b" }).ShouldBe("name_en:bad_character");
        Errors(_sku with { NameEn = "a\nb" }).ShouldBe("name_en:bad_character");
        Errors(_sku with { NameEn = "a\ud800b" }).ShouldBe("name_en:bad_character");
        Errors(_sku with { NameEn = "a😀b" }).ShouldBe("");
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("https://store.example/redeem?x=1", "")]
    [InlineData("http://store.example/", "redeem_url:bad_url")]
    [InlineData("javascript:alert(1)", "redeem_url:bad_url")]
    [InlineData("https://user:pass@store.example/", "redeem_url:bad_url")]
    [InlineData("/relative", "redeem_url:bad_url")]
    public void A_link_is_a_whole_https_address(string url, string errors) =>
        Of(CatalogRules.Check(Product with { RedeemUrl = url }, new(1), default).Errors).ShouldBe(errors);

    [Theory]
    [InlineData("", "", "")]
    [InlineData("#1f5f8b", "CN", "")]
    [InlineData("#1f5f8", "CN", "tint:bad_colour")]
    [InlineData("red;}", "CN", "tint:bad_colour")]
    [InlineData("#1f5f8b", "cn", "region:bad_code")]
    public void Colours_and_regions_have_one_form(string tint, string region, string errors) =>
        Of(CatalogRules.Check(Product with { Tint = tint, Region = region.Length == 0 ? "CN" : region }, new(1), default).Errors).ShouldBe(errors);

    [Fact]
    public void Values_no_form_offers_are_refused()
    {
        Errors(_sku with { Kind = (SkuKind)9 }).ShouldBe("kind:unknown_value");
        Of(CatalogRules.Check(new SupplyDraft { State = (SupplyState)5, HoldSeconds = "31536001", Priority = "10001" }, new(1)).Errors)
            .ShouldBe("state:unknown_value hold_seconds:out_of_range priority:out_of_range");
    }

    [Fact]
    public void Every_error_is_there_in_both_languages_at_once()
    {
        var errors = CatalogRules.Check(new SkuDraft { QtyMax = "x" }, new(1), default).Errors;
        errors.Select(e => e.Field).ShouldBe(
            ["code", "name_zh", "name_en", "face_value", "qty_max", "suggested_retail", "retail_floor", "retail_ceiling"]);
        errors.ShouldAllBe(e => e.En.Length > 0 && e.Zh.Any(c => c > '\u4e00'));
    }

    private static ProductDraft Product => new() { Slug = "steam", NameZh = "点卡", NameEn = "Card", CategoryId = 1 };
}
