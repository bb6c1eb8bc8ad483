using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Orders;
using Lianka.Platform.Http;
using Lianka.Vault;
using Microsoft.AspNetCore.Mvc;

namespace Lianka.Modules.Consoles.Merchant;

/// <summary>Who bought in the merchant's shops, the latest first. Contacts are shown masked; who knows a whole one finds its owner.</summary>
[Needs(MerchantPermissions.OrdersSee)]
internal sealed class CustomersPage(Customers customers, CardVault vault) : ConsolePage
{
    [BindProperty(SupportsGet = true)] public string? Q { get; set; }
    [BindProperty(SupportsGet = true)] public string? Before { get; set; }

    public async Task OnGetAsync()
    {
        Title = T("客户", "Customers");
        var isSearch = !string.IsNullOrWhiteSpace(Q);
        var page = isSearch ? new CustomerList([.. await FoundAsync()], null)
            : await customers.ListAsync(Merchant, OrderId.TryParse(Before, out var before) ? before : null);
        Table = CustomerWords.List(this, page.Customers, Title);
        Table.Next = page.Next is { } next ? With(("before", next.ToString())) : null;
        Table.First = string.IsNullOrEmpty(Before) || isSearch ? null : With(("before", null));
        Table.Empty = isSearch
            ? new EmptyState(T("没有这个联系方式的客户", "No customer with this contact"), T("要填完整的手机号或邮箱。", "Give the whole phone number or e-mail address."), Request.Path, T("看全部客户", "All customers"), "search")
            : new EmptyState(T("还没有客户", "No customers yet"), T("店铺里下过单的人都会在这里，发个海报试试。", "Whoever orders in your shop is here. Try a poster."), "/console/merchant/posters", T("链接与海报", "Links and posters"), "agents");
    }

    private async Task<IEnumerable<Customer>> FoundAsync() =>
        Contact.Read(Q) is { } contact && await customers.FindAsync(Merchant, vault.Fingerprint(contact.Value, OrderDesk.ContactScope)) is { } found ? [found] : [];
}

/// <summary>One customer, and what was ordered.</summary>
[Needs(MerchantPermissions.OrdersSee)]
internal sealed class CustomerPage(Customers customers, OrderDesk orders, Names names) : ConsolePage
{
    public List<(string Label, string Value, string Note)> Figures { get; } = [];

    public async Task<IActionResult> OnGetAsync(string id, string? before)
    {
        if (!OrderId.TryParse(id, out var first) || await customers.FindAsync(Merchant, first) is not { } customer) return NotFound();
        Title = customer.Contact.Masked;
        Up = ("/console/merchant/customers", T("客户", "Customers"));
        var older = customer.IsMore ? T($"最近 {Customers.CountMax} 单里", $"of the latest {Customers.CountMax}") : "";
        Figures.Add((T("付过款的订单", "Orders paid"), Show.Number(customer.Orders), older));
        Figures.Add((T("金额", "Amount") + " CNY", Show.Money(customer.Amount, 2), older));
        Figures.Add((T("已退", "Refunded") + " CNY", Show.Money(customer.Refunded, 2), older));
        Figures.Add((T("第一次下单", "First order"), Show.Day(customer.FirstAt), ""));
        var page = await orders.ListAsync(new OrderFilter(Merchant, Text: customer.Contact.Value, ContactKey: customer.ContactKey,
            Before: OrderId.TryParse(before, out var last) ? last : null));
        var skus = await names.SkusAsync(page.Orders.Select(o => o.Sku));
        Table = Parts.Table.Of(page.Orders, T("订单，新的在前", "Orders, newest first"))
            .Column(T("订单", "Order"), o => new Cell(o.Id.ToString(), $"/console/merchant/orders/{o.Id}", Show.Ago(o.CreatedAt, Now, Language), Title: Show.Exact(o.CreatedAt), IsMono: true))
            .Column(T("商品", "Goods"), o => Names.Sku(skus.GetValueOrDefault(o.Sku), Language))
            .Number(T("数量", "Quantity"), o => o.Quantity)
            .Money(T("金额", "Amount"), o => o.Total)
            .Money(T("已退", "Refunded"), o => o.Refunded)
            .Badge(T("状态", "State"), o => Words.Status(o.Status, Language))
            .Build();
        Table.Next = page.Next is { } next ? With(("before", next.ToString())) : null;
        Table.First = string.IsNullOrEmpty(before) ? null : With(("before", null));
        return Page();
    }
}

internal static class CustomerWords
{
    public static Table List(ConsolePage page, IEnumerable<Customer> customers, string caption) => Parts.Table.Of(customers, caption)
        .Column(page.T("联系方式", "Contact"), c => new Cell(c.Contact.Masked, $"/console/merchant/customers/{c.First}", IsMono: true))
        .Column(page.T("第一次下单", "First order"), c => page.When(c.FirstAt))
        .Column(page.T("最近下单", "Last order"), c => page.When(c.LastAt))
        .Column(page.T("付过款的订单", "Orders paid"), c => new Cell(Show.Number(c.Orders) + (c.IsMore ? "+" : "")))
        .Money(page.T("金额", "Amount"), c => c.Amount)
        .Money(page.T("已退", "Refunded"), c => c.Refunded)
        .Build();
}
