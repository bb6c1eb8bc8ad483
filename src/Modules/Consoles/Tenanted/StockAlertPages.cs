using Lianka.Kernel;
using Lianka.Modules.Catalog;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Inventory;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Lianka.Modules.Consoles.Tenanted;

/// <summary>The supplies that ran low, and below how much that is told.</summary>
internal abstract class StockAlertListPage(StockWatch watch, Catalog.Catalog catalog, SoughtGoods goods) : ConsolePage
{
    private const int PageSize = 50;

    protected abstract SupplierId? Tenant { get; }
    protected abstract string Root { get; }

    /// <summary>The limits as they are set: for all others of each supplier, and for the supplies that can be chosen below.</summary>
    public List<(string Name, string Value)> Limits { get; } = [];

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        Title = T("库存预警", "Low stock");
        var cursor = StockAlertCursor.Read(Request.Query["after"].ToString());
        var alerts = await watch.AlertsAsync(Tenant, openOnly: false, PageSize + 1, cursor);
        var isMore = alerts.Count > PageSize;
        if (isMore) alerts.RemoveAt(PageSize);
        var named = await catalog.SuppliesAsync(alerts.Select(a => a.SupplyId));
        var outlooks = (await watch.OutlooksAsync(Tenant, [.. alerts.Select(a => a.SkuId)])).ToDictionary(o => o.Supply);
        Table = Parts.Table.Of(alerts, Title)
            .Column(T("规格", "SKU"), a => named.TryGetValue(a.SupplyId, out var s)
                ? new Cell(Words.Sku(s, Language), $"{Root}/imports/new?supply={s.Id}", Tenant is null ? Language.PickOr(s.SupplierNameZh, s.SupplierNameEn) : s.SkuCode) : "—")
            .Column(T("预警", "Alert"), a => StockWords.Reason(a, Language))
            .Column(T("时间", "When"), a => When(a.RaisedAt))
            .Number(T("现在剩余", "Left now"), a => outlooks.GetValueOrDefault(a.SupplyId)?.Left ?? 0)
            .Column(T("还够卖", "Lasts"), a => StockWords.Lasts(outlooks.GetValueOrDefault(a.SupplyId), Language))
            .Badge(T("状态", "State"), a => a.ClearedAt is null ? (T("还没补货", "Still low"), "warning") : (T("已恢复", "Recovered"), "ok"))
            .Build();
        Table.Next = isMore ? With(("after", StockAlertCursor.Of(alerts[^1]).ToString())) : null;
        Table.First = cursor is null ? null : With(("after", null));
        Table.Empty = new EmptyState(T("没有预警", "No alerts"), T("库存低于下面的数就会出现在这里，同一次只提醒一回。", "Supplies that fall below the limit stand here, once each time."), Icon: "supply");

        var owners = (await catalog.ListSupplyingAsync()).FindAll(s => Tenant is null || s.Id == Tenant);
        var choice = await goods.SuppliesAsync(Request, Tenant, SupplyId.TryParse(await GivenAsync("supply"), out var chosen) ? chosen : null);
        var set = (await watch.LimitsAsync(Tenant, choice.Items.Select(s => s.Id))).ToLookup(l => l.Supplier);
        foreach (var owner in owners)
        {
            Limits.Add((All(owner), StockWords.Limit(set[owner.Id].Where(l => l.Supply is null).Select(l => (StockLimit?)l.Limit).FirstOrDefault() ?? StockLimit.Default, Language)));
            var own = set[owner.Id].Where(l => l.Supply is not null).ToDictionary(l => l.Supply!.Value, l => l.Limit);
            Limits.AddRange(choice.Items.Where(s => own.ContainsKey(s.Id)).Select(s => (Name(s), StockWords.Limit(own[s.Id], Language))));
        }

        Form = new Form(Language) { Submit = T("保存预警线", "Save the limit") }
            .Section("预警线", "Limits")
            .Choice("supply", "对哪些", "For", [.. owners.Select(o => new Option(o.Id.ToString(), All(o))), .. choice.Items.Select(s => new Option(s.Id.ToString(), Name(s)))]).Among(choice.Words)
            .Whole("days", "少于几天", "Below days", unit: T("天", "days")).Hint("按现在的销量还够卖几天；0 不看天数", "At the present rate; 0: not by days").Fill("days", "3").Beside()
            .Whole("units", "少于几张", "Below units", unit: T("张", "units")).Hint("0 不看张数；卖完总会提醒", "0: not by units; sold out is always told").Fill("units", "0");
        await next();

        string Name(SupplyLine s) => Tenant is null ? $"{Words.Sku(s, Language)} · {Language.PickOr(s.SupplierNameZh, s.SupplierNameEn)}" : Words.Sku(s, Language);
        string All(Catalog.Supplier s) => Tenant is null ? T($"{Language.PickOr(s.NameZh, s.NameEn)}：其余规格", $"{Language.PickOr(s.NameZh, s.NameEn)}: all others") : T("其余规格", "All others");
    }

    public void OnGet() { }

    public async Task<IActionResult> OnPostAsync()
    {
        if (!await Form!.ReadAsync(Request)) return Again();
        // What names neither stays the empty id, which names nothing and is refused.
        SupplyId? supply = SupplierId.TryParse(Form["supply"], out var supplier) ? null : SupplyId.TryParse(Form["supply"], out var one) ? one : default(SupplyId);
        if (supply is { } id) supplier = Tenant ?? (await catalog.FindSupplyAsync(id))?.SupplierId ?? default;
        if (Tenant is { } tenant && supplier != tenant)
        {
            Form.Fail("supply", "没有这个货源", "There is no such supply");
            return Again();
        }

        switch (await watch.SetLimitAsync(supplier, supply, Form["days"], Form["units"]))
        {
            case LimitDecision.Refused refused:
                Form.Take(refused.Errors);
                return Again();
            default:
                await RecordAsync("stock.limit", $"{Form["supply"]} {Form["days"]} d {Form["units"]}");
                return Done($"{Root}/stock-alerts", "预警线已保存", "Limit saved");
        }
    }
}
