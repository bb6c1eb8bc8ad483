using Lianka.Modules.Agents;
using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Consoles.Tenanted;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Lianka.Modules.Consoles.Operator;

[Needs(Permissions.MerchantsSee)]
internal sealed class StorefrontsPage(StorefrontBook shops, Names names) : ConsolePage
{
    public async Task OnGetAsync()
    {
        Title = T("店铺", "Storefronts");
        Actions.Add(("/console/storefronts/new", T("开店铺", "Open a shop")));
        Table = Parts.Table.Of(await shops.ListAsync(), Title)
            .Column(T("店名", "Name"), s => new Cell(Language.PickOr(s.NameZh, s.NameEn), $"/console/storefronts/{s.Id}"))
            .Column(T("代理", "Merchant"), s => new Cell(names.Merchant(s.Merchant, Language), $"/console/merchants/{s.Merchant}"))
            .Column(T("网址", "Address"), s => new Cell($"/s/{s.Slug}", $"/s/{s.Slug}", IsMono: true))
            .Badge(T("状态", "State"), s => s.IsOpen ? (T("营业", "Open"), "ok") : (T("打烊", "Closed"), ""))
            .Build();
        Table.Empty = new EmptyState(T("还没有店铺", "No storefronts yet"), T("店铺属于一个代理，买家在里面看货、付款、拿卡密。", "A storefront belongs to a merchant; buyers browse, pay and get their codes there."),
            "/console/storefronts/new", T("开店铺", "Open a shop"), "agents");
    }
}

[Needs(Permissions.MerchantsSee, Permissions.MerchantsManage)]
internal sealed class StorefrontPage(StorefrontBook shops, Merchants merchants) : ConsolePage
{
    private Storefront? _shop;

    public string? ShopUrl => _shop is { IsOpen: true } ? $"/s/{_shop.Slug}" : null;

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        Up = ("/console/storefronts", T("店铺", "Storefronts"));
        Form = new Form(Language) { Back = "/console/storefronts" };
        if (RouteData.Values["id"] as string == "new")
        {
            Title = T("开店铺", "Open a shop");
            var some = (await merchants.ListAsync(new MerchantFilter(Limit: 200))).Merchants.ToList();
            if (some.Count == 0)
            {
                context.Result = NotDone("/console/merchants/new", "店铺属于代理：先建一个代理", "A shop belongs to a merchant: make one first");
                return;
            }

            // One that is named by the address may be beyond those that are listed.
            var given = MerchantId.TryParse(Request.Query["merchant"], out var id) ? await merchants.FindAsync(id) : null;
            if (given is not null && some.TrueForAll(m => m.Id != given.Id)) some.Insert(0, given);
            Form.Choice("merchant", "哪个代理的店", "Whose shop", some.Select(m => new Option(m.Id.ToString(), Language.PickOr(m.NameZh, m.NameEn)))).Fields();
            if (given is not null) Form.Fill("merchant", given.Id.ToString());
        }
        else
        {
            _shop = StorefrontId.TryParse(RouteData.Values["id"] as string, out var number) ? await shops.FindAsync(null, number) : null;
            if (_shop is null)
            {
                context.Result = NotFound();
                return;
            }

            Title = Language.PickOr(_shop.NameZh, _shop.NameEn);
            Form.Fields().Fill(_shop);
        }

        await next();
    }

    public void OnGet() { }

    public async Task<IActionResult> OnPostAsync()
    {
        if (!await Form!.ReadAsync(Request)) return Again();
        var decision = _shop is not null ? await shops.UpdateAsync(null, _shop.Id, StorefrontForms.Draft(Form))
            : await shops.CreateAsync(MerchantId.TryParse(Form["merchant"], out var merchant) ? merchant : default, StorefrontForms.Draft(Form));
        if (!Took(decision, out var saved)) return Again();
        await RecordAsync("storefront.save", saved.Slug);
        return Done($"/console/storefronts/{saved.Id}", $"店铺「{saved.NameZh}」已保存", $"Storefront {saved.NameEn} saved");
    }
}

[Needs(Permissions.MerchantsManage, Permissions.MerchantsManage)]
internal sealed class KeysPage(ApiKeys keys, Merchants merchants) : KeyListPage(keys)
{
    protected override string Root => "/console";

    protected override async Task<KeyOwner?> OwnerAsync()
    {
        if (!MerchantId.TryParse(RouteData.Values["id"] as string, out var id) || await merchants.FindAsync(id) is not { } merchant) return null;
        Up = ($"/console/merchants/{id}", Language.PickOr(merchant.NameZh, merchant.NameEn));
        return KeyOwner.Of(id);
    }
}
