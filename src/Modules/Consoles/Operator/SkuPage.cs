using Lianka.Kernel;
using Lianka.Modules.Catalog;
using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Inventory;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Lianka.Modules.Consoles.Operator;

[Needs(Permissions.CatalogSee, Permissions.CatalogEdit)]
internal sealed class SkuPage(Catalog.Catalog catalog, StockWatch watch) : ConsolePage
{
    private SkuId? _id;
    private Product _product = null!;

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        var sku = SkuId.TryParse(RouteData.Values["id"] as string, out var id) ? await catalog.FindSkuAsync(id) : null;
        ProductId? productId = sku?.ProductId
            ?? (RouteData.Values["id"] as string == "new" && ProductId.TryParse(Request.Query["product"], out var given) ? given : null);
        var product = productId is { } known ? await catalog.FindProductAsync(known) : null;
        if (product is null)
        {
            // A SKU belongs to a product: without one there is nothing to fill in yet.
            context.Result = RouteData.Values["id"] as string == "new" && Request.Query["product"].Count == 0 ? Redirect("/console/products") : NotFound();
            return;
        }

        (_id, _product) = (sku?.Id, product);
        Up = ($"/console/products/{product.Id}", Language.PickOr(product.NameZh, product.NameEn));
        Form = new Form(Language) { Back = Up.Value.Href }
            .Section("基本", "Basics")
            .Text("name_zh", "中文名", "Name in Chinese", max: 80).Hint("例如 50 元", "Such as 50 元").Beside()
            .Text("name_en", "英文名", "Name in English", max: 80)
            .Text("code", "编号", "Code", max: 60).Hint("接口和订单里用的编号，例如 steam-50", "What the API and orders call it, such as steam-50").Beside()
            .Choice("kind", "发货方式", "Delivery", [new("Card", T("自动发卡密", "Cards from stock")), new("Direct", T("直充", "Direct top-up"))]).Fill("kind", "Card")
            .Text("face_value", "面值", "Face value", max: 24).Beside()
            .Text("face_currency", "面值币种", "Its currency", max: 3).Fill("face_currency", "CNY")
            .Whole("qty_max", "单次最多买", "Most per order").Fill("qty_max", "10000").Beside()
            .Choice("state", "状态", "State", Words.ListingOptions(Language)).Fill("state", "Listed")
            .Area("fields", "直充要买家填什么", "What a direct top-up asks for", max: 4000)
            .Hint("每行一项：键 | 类型 | 中文名 | 英文名 | 选项，例如 account | phone | 手机号 | Phone number | 移动。类型有 phone、email、account、digits、choice，后面加 ? 表示可不填；choice 的选项用逗号隔开，用 / 分层",
                "One a line: key | kind | Chinese name | English name | choices, such as account | phone | 手机号 | Phone number | 移动. Kinds are phone, email, account, digits, choice; with ? optional. Choices are separated by commas, a slash makes a tree")
            .Section("零售价控制", "Price control on retail")
            .Money("suggested_retail", "建议零售价", "Suggested retail price")
            .Money("retail_floor", "最低零售价", "Lowest retail price").Beside()
            .Money("retail_ceiling", "最高零售价", "Highest retail price");
        Title = sku is null ? T("新建规格", "New SKU") : Language.PickOr(sku.NameZh, sku.NameEn);
        if (sku is not null) await FillAsync(sku);
        await next();
    }

    private async Task FillAsync(Sku sku)
    {
        Form!.Fill("name_zh", sku.NameZh).Fill("name_en", sku.NameEn).Fill("code", sku.Code).Fill("kind", sku.Kind.ToString())
            .Fill("face_value", new Money(sku.FaceValue).Text(2)).Fill("face_currency", sku.FaceCurrency)
            .Fill("qty_max", sku.QtyMax.ToString()).Fill("fields", sku.Fields).Fill("state", sku.State.ToString())
            .Fill("suggested_retail", sku.SuggestedRetail.Text(2)).Fill("retail_floor", sku.RetailFloor.Text(2)).Fill("retail_ceiling", sku.RetailCeiling.Text(2));
        Actions.Add(($"/console/supplies/new?sku={sku.Id}", T("加货源", "Add a supply")));
        Actions.Add(($"/console/prices/{sku.ProductId}", T("各级价格", "Level prices")));
        var outlooks = await watch.OutlooksAsync(null, [sku.Id]);
        Table = SuppliesPage.TableOf(this, await catalog.ListSuppliesAsync(sku: sku.Id), await catalog.OfferedAsync([sku.Id]), outlooks);
        if (outlooks.Count > 1)
        {
            var all = StockWatch.Together(outlooks);
            Table.Total = [T("合计", "Together"), "", "", Show.Number(all.Left), StockWords.Lasts(all, Language), "", "", "", ""];
        }

        Table.Empty = new EmptyState(T("还没有货源", "No supply yet"), T("没有货源和进价的规格不会上架。", "A SKU without a supply and its cost is not offered."),
            $"/console/supplies/new?sku={sku.Id}", T("加货源", "Add a supply"), "supply");
    }

    public void OnGet() { }

    public async Task<IActionResult> OnPostAsync()
    {
        if (!await Form!.ReadAsync(Request)) return Again();
        var draft = new SkuDraft
        {
            Code = Form["code"], ProductId = _product.Id, Kind = Enum.Parse<SkuKind>(Form["kind"]), NameZh = Form["name_zh"], NameEn = Form["name_en"],
            FaceValue = Form["face_value"], FaceCurrency = Form["face_currency"], QtyMax = Form["qty_max"], Fields = Form["fields"],
            SuggestedRetail = Form["suggested_retail"], RetailFloor = Form["retail_floor"], RetailCeiling = Form["retail_ceiling"],
            State = Enum.Parse<ListingState>(Form["state"]),
        };
        var decision = _id is { } id ? await catalog.UpdateSkuAsync(id, draft) : await catalog.CreateSkuAsync(draft);
        if (!Took(decision, out var saved)) return Again();
        await RecordAsync("sku.save", saved.Code);
        return Done($"/console/skus/{saved.Id}", $"规格「{saved.NameZh}」已保存", $"SKU {saved.NameEn} saved");
    }
}
