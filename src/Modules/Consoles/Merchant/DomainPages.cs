using Lianka.Modules.Agents;
using Lianka.Modules.Consoles.Parts;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Lianka.Modules.Consoles.Merchant;

/// <summary>The shop's own domain: naming it, the record that proves it, and whether the shop stands there.</summary>
internal sealed class DomainPage(StorefrontBook shops, ShopDomains domains) : ConsolePage
{
    public Storefront Shop { get; private set; } = null!;
    public ShopDomain? Domain => Shop.Domain;

    /// <summary>Where this node can be reached, for the record that leads the domain here.</summary>
    public string NodeHost => Request.Host.Host;

    private string Here => $"/console/merchant/storefront/{Shop.Id}/domain";

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        if (!StorefrontId.TryParse(RouteData.Values["id"] as string, out var id) || await shops.FindAsync(Merchant, id) is not { } shop)
        {
            context.Result = NotFound();
            return;
        }

        Shop = shop;
        Title = T("自己的域名", "Own domain");
        Up = ($"/console/merchant/storefront/{id}", Language.PickOr(shop.NameZh, shop.NameEn));
        Form = new Form(Language) { Back = Up.Value.Href }
            .Text("domain", "域名", "Domain", optional: true, max: 190).Hint("比如 shop.example.com；留空就是不用", "Such as shop.example.com; empty: none")
            .Fill("domain", shop.Domain?.Name ?? "");
        await next();
    }

    public void OnGet() { }

    public async Task<IActionResult> OnPostAsync()
    {
        if (!await Form!.ReadAsync(Request)) return Again();
        if (!Took(await domains.SetAsync(Merchant, Shop.Id, Form["domain"]), out var saved)) return Again();
        await RecordAsync("storefront.domain", $"{saved.Slug} {saved.Domain?.Name}".TrimEnd());
        return saved.Domain is null ? Done(Here, "不再用自己的域名", "The shop has no domain of its own any more") : Done(Here, "已保存，请按下面两步设置", "Saved; please follow the two steps below");
    }

    public async Task<IActionResult> OnPostProveAsync()
    {
        if (await domains.ProveAsync(Merchant, Shop.Id, HttpContext.RequestAborted) is not AgentsDecision<Storefront>.Saved { Value: { Domain: { } domain } saved }) return NotFound();
        await RecordAsync("storefront.domain.prove", $"{saved.Slug} {domain.Name} {domain.State}");
        return domain switch
        {
            { IsAnswered: false } => NotDone(Here, "域名解析服务没有回应，过一会儿再试", "The DNS service did not answer; try again later"),
            { State: DomainState.Proved } => Done(Here, "域名已验证，店铺已在这个域名上", "The domain is proved: the shop stands there"),
            _ => NotDone(Here, "还没有查到这条记录。解析生效可能要几分钟到几小时，稍后再按一次", "The record is not there yet. It may take minutes to hours to spread; press again later"),
        };
    }

    public (string Words, string Tone) StateOf(ShopDomain domain) => domain.State switch
    {
        DomainState.Proved => (T("已验证，店铺在这里", "Proved: the shop stands there"), "ok"),
        DomainState.Lost => (T("另一家店验证了这个域名", "Another shop has proved this domain"), "error"),
        _ => (T("等待验证", "Waiting for proof"), "warning"),
    };
}
