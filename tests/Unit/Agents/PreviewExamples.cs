using Lianka.Kernel;
using Lianka.Modules.Agents;

namespace Lianka.Tests.Unit.Agents;

/// <summary>A preview shows what saving would take, and no more.</summary>
public sealed class PreviewExamples
{
    private static readonly StorefrontDraft _typed = new()
    {
        Slug = "xinghe", NameZh = "星河", NameEn = "Galaxy", NoticeZh = "公告", NoticeEn = "Notice", Brand = "#0F6B5C", Theme = StorefrontThemes.Bold, Contact = "微信 xinghe888", IsOpen = false,
    };

    private static Storefront Preview(StorefrontDraft draft, Storefront? now = null) => StorefrontBook.Preview(new MerchantId(7), now, draft);

    [Fact]
    public void What_can_be_saved_is_shown_as_it_would_be_saved() =>
        Preview(_typed).ShouldSatisfyAllConditions(
            s => (s.Merchant, s.Slug, s.NameZh, s.NameEn).ShouldBe((new MerchantId(7), "xinghe", "星河", "Galaxy")),
            s => (s.NoticeZh, s.NoticeEn, s.Brand, s.Theme, s.Contact, s.IsOpen).ShouldBe(("公告", "Notice", "#0f6b5c", StorefrontThemes.Bold, "微信 xinghe888", false)));

    [Fact]
    public void A_new_shop_without_a_name_has_one_to_look_at() =>
        Preview(new StorefrontDraft()).ShouldSatisfyAllConditions(s => s.NameZh.ShouldBe("店名"), s => s.NameEn.ShouldBe("Shop name"), s => s.Theme.ShouldBe(StorefrontThemes.Calm));

    public static TheoryData<StorefrontDraft> Refused =>
    [
        _typed with { Slug = "Not A Slug" }, _typed with { NameZh = " " }, _typed with { NameEn = new string('x', 81) }, _typed with { NoticeZh = new string('公', 501) },
        _typed with { NoticeEn = "a\0b" }, _typed with { Brand = "red;}body{display:none" }, _typed with { Theme = "../x" }, _typed with { Contact = "two\nlines" },
    ];

    [Theory, MemberData(nameof(Refused))]
    public void What_would_be_refused_stays_as_it_is_now(StorefrontDraft bad)
    {
        var now = Preview(_typed);
        Preview(bad, now).ShouldBe(now);
    }
}
