using Lianka.Modules.Agents;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Consoles.Tenanted;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Lianka.Modules.Consoles.Merchant;

internal sealed class StorefrontPage(StorefrontBook shops) : ConsolePage
{
    public async Task OnGetAsync()
    {
        Title = T("我的店铺", "My storefronts");
        Actions.Add(("/console/merchant/storefront/new", T("开店铺", "Open a shop")));
        Table = Parts.Table.Of(await shops.ListAsync(Merchant), Title)
            .Column(T("店名", "Name"), s => new Cell(Language.PickOr(s.NameZh, s.NameEn), $"/console/merchant/storefront/{s.Id}"))
            .Column(T("网址", "Address"), s => new Cell($"/s/{s.Slug}", $"/s/{s.Slug}", IsMono: true))
            .Column(T("域名", "Domain"), s => s.Domain is { State: DomainState.Proved } domain ? new Cell(domain.Name, $"https://{domain.Name}/", IsMono: true) : new Cell(s.Domain is { } named ? T($"{named.Name}，待验证", $"{named.Name}, not proved") : "—", $"/console/merchant/storefront/{s.Id}/domain"))
            .Badge(T("状态", "State"), s => s.IsOpen ? (T("营业", "Open"), "ok") : (T("打烊", "Closed"), ""))
            .Build();
        Table.Empty = new EmptyState(T("还没有店铺", "No shop yet"), T("开一个，把网址发给客户就能卖。", "Open one and send its address to your customers."), "/console/merchant/storefront/new", T("开店铺", "Open a shop"), "home");
    }
}

internal sealed class EditStorefrontPage(StorefrontBook shops) : ConsolePage
{
    private Storefront? _shop;

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        Up = ("/console/merchant/storefront", T("我的店铺", "My storefronts"));
        Title = T("开店铺", "Open a shop");
        Form = new Form(Language) { Back = Up.Value.Href }.Fields();
        if (RouteData.Values["id"] as string != "new")
        {
            _shop = StorefrontId.TryParse(RouteData.Values["id"] as string, out var id) ? await shops.FindAsync(Merchant, id) : null;
            if (_shop is null)
            {
                context.Result = NotFound();
                return;
            }

            Title = Language.PickOr(_shop.NameZh, _shop.NameEn);
            Form.Fill(_shop);
            Actions.Add(($"/console/merchant/storefront/{_shop.Id}/domain", T("自己的域名", "Own domain")));
            if (_shop.IsOpen) Actions.Add(($"/s/{_shop.Slug}", T("打开店铺", "Open the shop")));
        }

        await next();
    }

    public void OnGet() { }

    public async Task<IActionResult> OnPostAsync()
    {
        if (!await Form!.ReadAsync(Request)) return Again();
        var decision = _shop is null ? await shops.CreateAsync(Merchant, StorefrontForms.Draft(Form)) : await shops.UpdateAsync(Merchant, _shop.Id, StorefrontForms.Draft(Form));
        if (!Took(decision, out var saved)) return Again();
        await RecordAsync("storefront.save", saved.Slug);
        return Done("/console/merchant/storefront", $"店铺「{saved.NameZh}」已保存", $"Storefront {saved.NameEn} saved");
    }
}
