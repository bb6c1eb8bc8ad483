using Lianka.Modules.Catalog;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Orders;
using Lianka.Platform.Http;
using Lianka.Vault;
using Microsoft.AspNetCore.Mvc;

namespace Lianka.Modules.Consoles.Tenanted;

/// <summary>Orders, newest first; every filter stands in the address, so a view can be kept and sent on.</summary>
internal abstract class OrderListPage(OrderDesk orders, Catalog.Catalog catalog, Names names, CardVault vault) : ConsolePage
{
    protected abstract MerchantId? Tenant { get; }
    public abstract string Root { get; }

    [BindProperty(SupportsGet = true)] public string? Q { get; set; }
    [BindProperty(SupportsGet = true)] public string? Status { get; set; }
    [BindProperty(SupportsGet = true)] public string? Sku { get; set; }
    [BindProperty(SupportsGet = true)] public string? Who { get; set; }
    [BindProperty(SupportsGet = true)] public string? From { get; set; }
    [BindProperty(SupportsGet = true)] public string? To { get; set; }
    [BindProperty(SupportsGet = true)] public string? Before { get; set; }

    public bool IsOperator => Tenant is null;
    public List<Option> Statuses { get; private set; } = [];
    public List<(string Label, string Href)> Chips { get; } = [];

    public async Task OnGetAsync()
    {
        Title = T("订单", "Orders");
        Statuses = [.. Enum.GetValues<OrderStatus>().Select(s => new Option(s.ToString(), Words.Status(s, Language).Text))];
        var merchant = Tenant ?? (MerchantId.TryParse(Who, out var who) ? who : null);
        var sku = string.IsNullOrWhiteSpace(Sku) ? null : await catalog.FindSkuAsync(Sku.Trim());
        var page = await orders.ListAsync(new OrderFilter(
            merchant,
            Enum.TryParse<OrderStatus>(Status, out var status) ? status : null,
            // A code that nobody knows finds nothing, rather than everything.
            string.IsNullOrWhiteSpace(Sku) ? null : sku?.Id ?? default,
            From: Show.DayOf(From), To: Show.DayOf(To)?.AddDays(1),
            Text: string.IsNullOrWhiteSpace(Q) ? null : Q.Trim(),
            Before: OrderId.TryParse(Before, out var before) ? before : null,
            ContactKey: Contact.Read(Q) is { } reach ? vault.Fingerprint(reach.Value, OrderDesk.ContactScope) : null));
        AddChips();
        var skus = await names.SkusAsync(page.Orders.Select(o => o.Sku));
        var table = Parts.Table.Of(page.Orders, T("订单，新的在前", "Orders, newest first"))
            .Column(T("订单", "Order"), o => new Cell(o.Id.ToString(), $"{Root}/orders/{o.Id}", Show.Ago(o.CreatedAt, Now, Language), Title: Show.Exact(o.CreatedAt), IsMono: true))
            .Column(T("商品", "Goods"), o => new Cell(Parts.Names.Sku(skus.GetValueOrDefault(o.Sku), Language), Sub: skus.GetValueOrDefault(o.Sku)?.Code))
            .Number(T("数量", "Quantity"), o => o.Quantity);
        if (IsOperator) table.Column(T("代理", "Merchant"), o => new Cell(names.Merchant(o.Merchant, Language), With(("who", o.Merchant.ToString()), ("before", null)), Words.Source(o.Source, Language)));
        else table.Column(T("来源", "Source"), o => new Cell(Words.Source(o.Source, Language), Sub: o.Source == OrderSource.Retail ? null : o.ClientKey));
        Table = table.Money(T("金额", "Amount"), o => o.Total).Badge(T("状态", "State"), o => Words.Status(o.Status, Language)).Build();
        Table.Next = page.Next is { } next ? With(("before", next.ToString())) : null;
        Table.First = string.IsNullOrEmpty(Before) ? null : With(("before", null));
        Table.Empty = Table.Next is { } further
            ? new EmptyState(T("最近的订单里没有符合条件的", "No match among the latest orders"), T("更早的订单里可能有。", "There may be some among older ones."), further, T("继续往前找", "Look further back"), "search")
            : Chips.Count > 0
            ? new EmptyState(T("没有符合条件的订单", "No orders match"), T("去掉一个条件试试。", "Take a condition away."), $"{Root}/orders", T("看全部订单", "All orders"), "search")
            : NoOrders;
    }

    protected abstract EmptyState NoOrders { get; }

    private void AddChips()
    {
        Add("q", Q, T("关键词", "Search"), Q);
        Add("status", Status, T("状态", "State"), Statuses.Find(s => s.Value == Status)?.Label);
        Add("sku", Sku, T("规格", "SKU"), Sku);
        if (IsOperator) Add("who", Who, T("代理", "Merchant"), MerchantId.TryParse(Who, out var id) ? names.Merchant(id, Language) : Who);
        Add("from", From, T("从", "From"), From);
        Add("to", To, T("到", "To"), To);

        void Add(string name, string? value, string label, string? shown)
        {
            if (!string.IsNullOrWhiteSpace(value)) Chips.Add(($"{label}{T("：", ": ")}{shown ?? value}", With((name, null), ("before", null))));
        }
    }
}
