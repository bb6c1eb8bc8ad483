using Lianka.Modules.Agents;
using Lianka.Modules.Consoles.Parts;
using Lianka.Platform.Http;

namespace Lianka.Modules.Consoles.Tenanted;

/// <summary>The fields of a storefront, for the operator and for its merchant.</summary>
internal static class StorefrontForms
{
    /// <param name="isOwn">Its merchant's form: it names the shop's domain, too.</param>
    public static Form Fields(this Form form, bool isOwn = false)
    {
        form.Section("名字和网址", "Name and address")
        .Text("name_zh", "中文店名", "Name in Chinese", max: 60).Beside()
        .Text("name_en", "英文店名", "Name in English", max: 60)
        .Text("slug", "网址名", "Address", max: 60).Hint("店铺网址是 /s/网址名；小写字母、数字和短横线", "The shop is at /s/address; small letters, digits and hyphens").Beside()
        .Choice("state", "状态", "State", [new("open", form.Language.Pick("营业", "Open")), new("closed", form.Language.Pick("打烊", "Closed"))]).Fill("state", "open");
        if (isOwn)
            form.Text("domain", "自己的域名", "Own domain", optional: true, max: 190)
                .Hint("比如 shop.example.com；保存后会告诉你怎么验证", "Such as shop.example.com; once saved you are told how to prove it");
        return form.Section("样子", "Look").Colour("brand", "主色", "Colour").Hint("按钮和标题用；文字颜色会自动保证看得清", "For buttons and headings; the text on it is kept readable").Fill("brand", "#1f5fbf")
        .Choice("theme", "风格", "Theme",
        [
            new(StorefrontThemes.Calm, form.Language.Pick("清爽：安静的卡片", "Calm: quiet cards"), "theme-calm"),
            new(StorefrontThemes.Bold, form.Language.Pick("醒目：大图和主色页头", "Bold: large tiles, a head in your colour"), "theme-bold"),
            new(StorefrontThemes.Dense, form.Language.Pick("紧凑：一行一件，货多时好找", "Dense: one line each, for many goods"), "theme-dense"),
        ]).Hint("每种都有浅色和深色，主色照旧", "Each has a light and a dark face and keeps your colour").Fill("theme", StorefrontThemes.Calm)
        .Section("对买家说的话", "What buyers are told")
        .Area("notice_zh", "中文公告", "Notice in Chinese", max: 500)
        .Area("notice_en", "英文公告", "Notice in English", max: 500)
        .Text("contact", "联系方式", "How to reach you", optional: true, max: 200).Hint("写在每页底部，比如：微信 xinghe888，9:00–22:00", "At the foot of every page, such as: WeChat xinghe888, 9:00–22:00");
    }

    public static Form Fill(this Form form, Storefront shop) => (form.Has("domain") ? form.Fill("domain", shop.Domain?.Name) : form)
        .Fill("name_zh", shop.NameZh).Fill("name_en", shop.NameEn).Fill("slug", shop.Slug).Fill("brand", shop.Brand).Fill("theme", shop.Theme)
        .Fill("notice_zh", shop.NoticeZh).Fill("notice_en", shop.NoticeEn).Fill("contact", shop.Contact).Fill("state", shop.IsOpen ? "open" : "closed");

    public static StorefrontDraft Draft(Form form) => StorefrontDraft.Read(name => form.Has(name) ? form[name] : null);
}
