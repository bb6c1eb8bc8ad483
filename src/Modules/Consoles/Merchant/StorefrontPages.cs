using Lianka.Modules.Agents;
using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Consoles.Tenanted;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Lianka.Modules.Consoles.Merchant;

[Needs(MerchantPermissions.ShopSee)]
internal sealed class StorefrontPage(StorefrontBook shops) : ConsolePage
{
    public async Task OnGetAsync()
    {
        Title = T("我的店铺", "My storefronts");
        Actions.Add(("/console/merchant/storefront/new", T("开店铺", "Open a shop")));
        Table = Parts.Table.Of(await shops.ListAsync(Merchant), Title)
            .Column(T("店名", "Name"), s => new Cell(Language.PickOr(s.NameZh, s.NameEn), $"/console/merchant/storefront/{s.Id}"))
            .Column(T("网址", "Address"), s => new Cell($"/s/{s.Slug}", $"/s/{s.Slug}", IsMono: true))
            .Column(T("域名", "Domain"), s => s.Domain is { State: DomainState.Proved } domain ? new Cell(domain.Name, $"https://{domain.Name}/", IsMono: true) : new Cell(s.Domain is { } named ? T($"{named.Name}，待验证", $"{named.Name}, not proved") : "—", $"/console/merchant/storefront/{s.Id}"))
            .Badge(T("状态", "State"), s => s.IsOpen ? (T("营业", "Open"), "ok") : (T("打烊", "Closed"), ""))
            .Build();
        Table.Empty = new EmptyState(T("还没有店铺", "No shop yet"), T("开一个，把网址发给客户就能卖。", "Open one and send its address to your customers."), "/console/merchant/storefront/new", T("开店铺", "Open a shop"), "home");
    }
}

/// <summary>A shop in one page: name, address, domain, look, notice, contact, what it will look like, and what comes next.</summary>
[Needs(MerchantPermissions.ShopSee, MerchantPermissions.ShopEdit)]
internal sealed class EditStorefrontPage(StorefrontBook shops, ShopDomains domains, PriceBooks books) : ConsolePage
{
    /// <summary>Null: it is to be made.</summary>
    public Storefront? Shop { get; private set; }
    public ShopDomain? Domain => Shop?.Domain;

    /// <summary>Where this node can be reached, for the record that leads the domain here.</summary>
    public string NodeHost => Request.Host.Host;

    /// <summary>From an open shop to the first buyer; empty while there is no shop.</summary>
    public List<(string Href, string Title, string Words, bool IsDone)> Steps { get; } = [];

    private string Here => $"/console/merchant/storefront/{Shop!.Id}";

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        Up = ("/console/merchant/storefront", T("我的店铺", "My storefronts"));
        Title = T("开店铺", "Open a shop");
        Form = new Form(Language) { Back = Up.Value.Href }.Fields(isOwn: true);
        if (RouteData.Values["id"] as string != "new")
        {
            Shop = StorefrontId.TryParse(RouteData.Values["id"] as string, out var id) ? await shops.FindAsync(Merchant, id) : null;
            if (Shop is null)
            {
                context.Result = NotFound();
                return;
            }

            Title = Language.PickOr(Shop.NameZh, Shop.NameEn);
            Form.Fill(Shop);
            if (Shop.IsOpen) Actions.Add(($"/s/{Shop.Slug}", T("打开店铺", "Open the shop")));
            AddSteps();
        }

        await next();
    }

    private void AddSteps()
    {
        Steps.Add(("/console/merchant/listing/new", T("上架商品", "List goods"), T("选一批商品，定一个加价，一次上架。", "Choose goods and a mark-up, and list them at one press."), books.Current.Shelf(Merchant).Count > 0));
        Steps.Add(($"/console/merchant/posters?shop={Shop!.Id}", T("发出链接和海报", "Send links and posters"), T("店铺和每件商品都有链接和带二维码的海报。", "The shop and all its goods have a link and posters with a QR code."), false));
        if (Domain is { State: not DomainState.Proved })
            Steps.Add(("#domain", T("验证域名", "Prove the domain"), T("在下面，两步。", "Below, in two steps."), false));
    }

    public void OnGet() { }

    public async Task<IActionResult> OnPostAsync()
    {
        if (!await Form!.ReadAsync(Request)) return Again();
        var decision = Shop is null ? await shops.CreateAsync(Merchant, StorefrontForms.Draft(Form)) : await shops.UpdateAsync(Merchant, Shop.Id, StorefrontForms.Draft(Form));
        if (!Took(decision, out var saved)) return Again();
        await RecordAsync("storefront.save", saved.Slug);
        if (saved.Domain?.Name != Domain?.Name) await RecordAsync("storefront.domain", $"{saved.Slug} {saved.Domain?.Name}".TrimEnd());
        Shop = saved;
        return Done(Here, $"店铺「{saved.NameZh}」已保存", $"Storefront {saved.NameEn} saved");
    }

    public async Task<IActionResult> OnPostProveAsync()
    {
        if (Shop is null || await domains.ProveAsync(Merchant, Shop.Id, HttpContext.RequestAborted) is not AgentsDecision<Storefront>.Saved { Value: { Domain: { } domain } saved }) return NotFound();
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
