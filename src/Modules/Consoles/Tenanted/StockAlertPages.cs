using Lianka.Kernel;
using Lianka.Modules.Catalog;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Inventory;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Lianka.Modules.Consoles.Tenanted;

/// <summary>The supplies that ran low, and below how much that is told.</summary>
internal abstract class StockAlertListPage(StockWatch watch, Catalog.Catalog catalog) : ConsolePage
{
    protected abstract SupplierId? Tenant { get; }
    protected abstract string Root { get; }

    /// <summary>The limits as they are set.</summary>
    public List<(string Name, string Value)> Limits { get; } = [];

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        Title = T("库存预警", "Low stock");
        var supplies = await catalog.ListSuppliesAsync(supplier: Tenant);
        var named = supplies.ToDictionary(s => s.Id);
        var outlooks = (await watch.OutlooksAsync(Tenant)).ToDictionary(o => o.Supply);
        var table = Parts.Table.Of(await watch.AlertsAsync(Tenant, openOnly: false), Title)
            .Column(T("规格", "SKU"), a => named.TryGetValue(a.SupplyId, out var s)
                ? new Cell(Words.Sku(s, Language), $"{Root}/imports/new?supply={s.Id}", Tenant is null ? Supplier(s) : s.SkuCode) : "—")
            .Column(T("预警", "Alert"), a => StockWords.Reason(a, Language))
            .Column(T("时间", "When"), a => When(a.RaisedAt))
            .Number(T("现在剩余", "Left now"), a => outlooks.GetValueOrDefault(a.SupplyId)?.Left ?? 0)
            .Column(T("还够卖", "Lasts"), a => StockWords.Lasts(outlooks.GetValueOrDefault(a.SupplyId), Language))
            .Badge(T("状态", "State"), a => a.ClearedAt is null ? (T("还没补货", "Still low"), "warning") : (T("已恢复", "Recovered"), "ok"));
        Table = table.Build();
        Table.Empty = new EmptyState(T("没有预警", "No alerts"), T("库存低于下面的数就会出现在这里，同一次只提醒一回。", "Supplies that fall below the limit stand here, once each time."), Icon: "supply");

        var owners = supplies.DistinctBy(s => s.SupplierId).ToList();
        foreach (var owner in owners)
        {
            var set = (await watch.LimitsAsync(owner.SupplierId)).ToDictionary(l => l.Supply ?? default, l => l.Limit);
            Limits.Add((All(owner), StockWords.Limit(set.GetValueOrDefault(default, StockLimit.Default), Language)));
            Limits.AddRange(set.Where(l => named.ContainsKey(l.Key)).Select(l => (Name(named[l.Key]), StockWords.Limit(l.Value, Language))));
        }

        Form = new Form(Language) { Submit = T("保存预警线", "Save the limit") }
            .Section("预警线", "Limits")
            .Choice("supply", "对哪些", "For", [.. owners.Select(o => new Option(o.SupplierId.ToString(), All(o))), .. supplies.Select(s => new Option(s.Id.ToString(), Name(s)))])
            .Whole("days", "少于几天", "Below days", unit: T("天", "days")).Hint("按现在的销量还够卖几天；0 不看天数", "At the present rate; 0: not by days").Fill("days", "3").Beside()
            .Whole("units", "少于几张", "Below units", unit: T("张", "units")).Hint("0 不看张数；卖完总会提醒", "0: not by units; sold out is always told").Fill("units", "0");
        await next();

        string Supplier(SupplyLine s) => Language.PickOr(s.SupplierNameZh, s.SupplierNameEn);
        string Name(SupplyLine s) => Tenant is null ? $"{Words.Sku(s, Language)} · {Supplier(s)}" : Words.Sku(s, Language);
        string All(SupplyLine s) => Tenant is null ? T($"{Supplier(s)}：其余规格", $"{Supplier(s)}: all others") : T("其余规格", "All others");
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
