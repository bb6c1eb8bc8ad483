using Lianka.Kernel;
using Lianka.Modules.Catalog;
using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Inventory;
using Lianka.Modules.Suppliers;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Lianka.Modules.Consoles.Operator;

[Needs(Permissions.StockSee)]
internal sealed class SuppliesPage(Catalog.Catalog catalog, StockWatch watch) : ConsolePage
{
    public string Search { get; private set; } = "";

    public async Task OnGetAsync(string? q, string? after)
    {
        Title = T("货源", "Supplies");
        Search = q?.Trim() ?? "";
        Actions.Add(("/console/supplies/new", T("新建货源", "New supply")));
        ProductId? cursor = ProductId.TryParse(after, out var parsed) ? parsed : null;
        // Whole products at a time: what supplies one SKU stands together.
        var page = await catalog.ListProductsAsync(new ProductFilter(Search.Length > 0 ? Search : null, After: cursor, HasSupply: true));
        var lines = await catalog.ListSuppliesAsync(products: [.. page.Items.Select(p => p.Id)]);
        List<SkuId> skus = [.. lines.Select(l => l.SkuId).Distinct()];
        Table = TableOf(this, lines, await catalog.OfferedAsync(skus), await watch.OutlooksAsync(null, skus));
        Table.Next = page.Next is { } next ? With(("after", next.ToString())) : null;
        Table.First = cursor is null ? null : With(("after", null));
        Table.Empty = Search.Length > 0
            ? new EmptyState(T("没有找到", "Nothing found"), T("换个词试试。", "Try other words."), "/console/supplies", T("看全部货源", "All supplies"), "search")
            : new EmptyState(T("还没有货源", "No supplies yet"), T("货源说明哪个供应商、以什么进价供哪个规格。", "A supply says which supplier delivers which SKU at which cost."),
                "/console/supplies/new", T("新建货源", "New supply"), "supply");
    }

    internal static Table TableOf(ConsolePage page, List<SupplyLine> lines, IReadOnlySet<SupplyId> offered, List<SupplyOutlook> outlooks)
    {
        var bySupply = outlooks.ToDictionary(o => o.Supply);
        return Parts.Table.Of(lines, page.T("货源", "Supplies"))
            .Column(page.T("规格", "SKU"), s => new Cell(Words.Sku(s, page.Language), $"/console/supplies/{s.Id}", s.SkuCode))
            .Column(page.T("供应商", "Supplier"), s => new Cell(page.Language.PickOr(s.SupplierNameZh, s.SupplierNameEn), $"/console/suppliers/{s.SupplierId}"))
            .Money(page.T("进价", "Cost"), s => s.Cost)
            .Number(page.T("剩余", "Left"), s => bySupply.GetValueOrDefault(s.Id)?.Left ?? 0)
            .Column(page.T("还够卖", "Lasts"), s => StockWords.Lasts(bySupply.GetValueOrDefault(s.Id), page.Language))
            .Column(page.T("结算等待", "Hold time"), s => StockWords.Hold(s, page.Language))
            .Number(page.T("次序", "Rank"), s => s.Priority)
            .Badge(page.T("状态", "State"), s => s.State != SupplyState.Active ? (page.T("停用", "Off"), "")
                : s.Paused == 1 ? (page.T("供应商暂停了", "Paused by its supplier"), "warning")
                : s.Cost is null ? (page.T("没有进价", "No cost"), "warning")
                : offered.Contains(s.Id) ? (page.T("可用", "Active"), "ok") : (page.T("停售，看供应商", "Off: see the supplier"), "error"))
            .Column(page.T("操作", "Next"), s => s.ConnectionId is null && page.MayOpen("/console/imports/new") ? new Cell(page.T("导入卡密", "Import cards"), $"/console/imports/new?supply={s.Id}") : new Cell("—"))
            .Choose(s => s.Id.ToString(), RowDeeds.Of("supplies", page.Language))
            .Build();
    }
}

[Needs(Permissions.StockSee, Permissions.StockEdit)]
internal sealed class SupplyPage(Catalog.Catalog catalog, Upstreams upstreams) : ConsolePage
{
    private Supply? _supply;

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        Up = ("/console/supplies", T("货源", "Supplies"));
        var isNew = RouteData.Values["id"] as string == "new";
        _supply = SupplyId.TryParse(RouteData.Values["id"] as string, out var id) ? await catalog.FindSupplyAsync(id) : null;
        if (_supply is null && !isNew)
        {
            context.Result = NotFound();
            return;
        }

        Form = new Form(Language) { Back = "/console/supplies" };
        if (_supply is null)
        {
            // One page of products holds every SKU of a young shop; later ones come from the SKU's own page, which fills the choice.
            var given = SkuId.TryParse(Request.Query["sku"], out var sku) ? await catalog.FindSkuAsync(sku) : null;
            var (goods, suppliers) = (await SkuOptionsAsync(given), await catalog.ListSuppliersAsync());
            if (goods.Count == 0 || suppliers.Count == 0)
            {
                context.Result = goods.Count == 0 ? NotDone("/console/products", "货源供的是规格：先建商品，再给它加规格", "A supply is of a SKU: make a product first, and give it one")
                    : NotDone("/console/suppliers/new", "先建一个供应商，卖自己的货也要", "Make a supplier first, for your own goods too");
                return;
            }

            Form.Choice("sku_id", "规格", "SKU", goods)
                .Choice("supplier_id", "供应商", "Supplier", suppliers.Select(s => new Option(s.Id.ToString(), Language.PickOr(s.NameZh, s.NameEn))));
            if (given is not null) Form.Fill("sku_id", given.Id.ToString());
            if (SupplierId.TryParse(Request.Query["supplier"], out var supplier)) Form.Fill("supplier_id", supplier.ToString());
            Title = T("新建货源", "New supply");
        }

        Form.Money("cost", "每张进价", "Cost per unit", optional: true).Hint("不填就不上架，不会当成 0", "Left empty it is not offered; it never counts as 0")
            .Whole("hold_seconds", "结算等待", "Hold time", optional: _supply is null, unit: T("秒", "s")).Hint("发货后等多久把货款结给供应商，0 是立即；新货源不填就按供应商的合同", "How long after delivery the supplier is paid; 0 is at once. A new supply left empty takes the supplier's contract").Beside()
            .Whole("priority", "次序", "Rank").Hint("小的先卖", "Smaller sells first").Fill("priority", "100")
            .Choice("state", "状态", "State", [new("Active", T("可用", "Active")), new("Off", T("停用", "Off"))]).Fill("state", "Active")
            .Section("从供应商的系统进货（直充）", "Bought at the supplier's system (direct top-up)")
            .Choice("connection_id", "系统对接", "Connection", (await upstreams.ListAsync(_supply?.SupplierId)).Select(c => new Option(c.Id.ToString(), c.Name)), optional: true)
            .Hint("不选就用库存，或由人手工发货", "Without one: from stock, or delivered by hand").Beside()
            .Text("upstream_code", "上游编码", "Code of the goods there", optional: true, max: 100)
            .Whole("weight", "权重", "Weight").Fill("weight", "100").Beside()
            .Whole("daily_cap", "每日上限", "Most in a day", optional: true)
            .Text("regions", "供应地区", "Regions", optional: true, max: 400).Hint("逗号分开，不填就是全部", "Separated by commas; empty is all").Beside()
            .Whole("batch_max", "一次最多合并几份", "Most units in one call").Fill("batch_max", "1").Hint("大于 1 时，几张小订单一起向供应商下单", "Above 1, several small orders go to the supplier as one");
        if (_supply is not null)
        {
            var line = (await catalog.ListSuppliesAsync(sku: _supply.SkuId)).First(l => l.Id == _supply.Id);
            Title = $"{Words.Sku(line, Language)} · {Language.PickOr(line.SupplierNameZh, line.SupplierNameEn)}";
            if (_supply.ConnectionId is null) Actions.Add(($"/console/imports/new?supply={_supply.Id}", T("导入卡密", "Import cards")));
            Form.Fill("cost", _supply.Cost?.ToString()).Fill("hold_seconds", _supply.HoldSeconds.ToString())
                .Fill("priority", _supply.Priority.ToString()).Fill("state", _supply.State.ToString())
                .Fill("connection_id", _supply.ConnectionId?.ToString()).Fill("upstream_code", _supply.UpstreamCode).Fill("weight", _supply.Weight.ToString())
                .Fill("daily_cap", _supply.DailyCap?.ToString()).Fill("regions", _supply.Regions).Fill("batch_max", _supply.BatchMax.ToString());
        }

        await next();
    }

    private async Task<List<Option>> SkuOptionsAsync(Sku? given)
    {
        var products = (await catalog.ListProductsAsync(new ProductFilter(Limit: 200))).Items.ToDictionary(p => p.Id);
        var skus = await catalog.ListSkusAsync(products.Keys);
        if (given is not null && skus.TrueForAll(s => s.Id != given.Id)) skus.Insert(0, given);
        return skus.ConvertAll(s => new Option(s.Id.ToString(), products.TryGetValue(s.ProductId, out var p)
            ? $"{Language.PickOr(p.NameZh, p.NameEn)} {Language.PickOr(s.NameZh, s.NameEn)}（{s.Code}）" : s.Code));
    }

    public void OnGet() { }

    public async Task<IActionResult> OnPostAsync()
    {
        if (!await Form!.ReadAsync(Request)) return Again();
        var draft = new SupplyDraft
        {
            SkuId = _supply?.SkuId ?? (SkuId.TryParse(Form["sku_id"], out var sku) ? sku : default),
            SupplierId = _supply?.SupplierId ?? (SupplierId.TryParse(Form["supplier_id"], out var supplier) ? supplier : default),
            Cost = Form["cost"], HoldSeconds = Form["hold_seconds"], Priority = Form["priority"], State = Enum.Parse<SupplyState>(Form["state"]),
            ConnectionId = Form["connection_id"], UpstreamCode = Form["upstream_code"], Weight = Form["weight"], DailyCap = Form["daily_cap"], Regions = Form["regions"],
            BatchMax = Form["batch_max"],
        };
        // A supply is bought at its own supplier's system, at nobody else's (F45).
        if (long.TryParse(draft.ConnectionId, out var connection) && (await upstreams.FindAsync(connection))?.SupplierId != draft.SupplierId)
        {
            Form.Fail("connection_id", "这个系统不是该供应商的", "Not a system of this supplier");
            return Again();
        }

        var decision = _supply is not null ? await catalog.UpdateSupplyAsync(_supply.Id, draft) : await catalog.CreateSupplyAsync(draft);
        if (!Took(decision, out var saved)) return Again();
        await RecordAsync("supply.save", $"{saved.Id} cost {saved.Cost?.ToString() ?? "none"}");
        return Done($"/console/supplies/{saved.Id}", "货源已保存", "Supply saved");
    }
}
