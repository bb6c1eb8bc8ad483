using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Catalog;
using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Consoles.Tenanted;
using Lianka.Modules.Ledger;
using Lianka.Modules.Orders;
using Lianka.Modules.Payments;
using Lianka.Platform.Data;
using Lianka.Platform.Http;
using Lianka.Vault;
using Microsoft.AspNetCore.Mvc;

namespace Lianka.Modules.Consoles.Operator;

[Needs(Permissions.OrdersSee)]
internal sealed class OrdersPage(OrderDesk orders, Catalog.Catalog catalog, Names names, CardVault vault)
    : OrderListPage(orders, catalog, names, vault)
{
    protected override MerchantId? Tenant => null;
    public override string Root => "/console";

    protected override EmptyState NoOrders => new(T("还没有订单", "No orders yet"), T("按开店清单走完，就能卖出第一单。", "Finish the checklist to make the first sale."),
        "/console/home", T("看开店清单", "Open the checklist"), "orders");
}

/// <summary>One order with everything that happened to it. Codes are never shown to staff.</summary>
[Needs(Permissions.OrdersSee, Permissions.OrdersEdit)]
internal sealed class OrderPage(OrderDesk orders, Catalog.Catalog catalog, Names names, Database database, PaymentDesk payments, PaymentChannels channelBook, PaymentCaseDesk cases) : ConsolePage
{
    public Order Order { get; private set; } = null!;
    public SkuName? Sku { get; private set; }
    public string MerchantName { get; private set; } = "";
    public Table Fulfilments { get; private set; } = null!;
    public Table Shares { get; private set; } = null!;
    public Table Transfers { get; private set; } = null!;
    public IReadOnlyList<TimelineEvent> Timeline { get; private set; } = [];
    public Table? Purchases { get; private set; }

    /// <summary>What was tried to take the buyer's money, and what of it went back.</summary>
    public Table? Attempts { get; private set; }
    public Table? Refunds { get; private set; }

    /// <summary>Orders of the same cart, paid by the same money; null: it was paid by itself.</summary>
    public Table? Together { get; private set; }

    /// <summary>What of its payment waits or waited for a person.</summary>
    public Table? Cases { get; private set; }
    public bool CanRefund => Order.Status != OrderStatus.Fulfilling && Order.Settlement is SettlementState.Escrowed or SettlementState.Released && Order.RefundedUnits < Order.Quantity;
    public bool CanCancel => Order.Status == OrderStatus.Placed;

    public async Task<IActionResult> OnGetAsync(string id)
    {
        if (!OrderId.TryParse(id, out var number) || await orders.FindAsync(number) is not { } order) return NotFound();
        Order = order;
        Title = order.Id.ToString();
        Up = ("/console/orders", T("订单", "Orders"));
        if (CanRefund) Actions.Add(($"/console/orders/{order.Id}/refund", T("退款…", "Refund…")));
        Sku = (await names.SkusAsync([order.Sku])).GetValueOrDefault(order.Sku);
        MerchantName = names.Merchant(order.Merchant, Language);
        Timeline = await orders.TimelineAsync(order.Id);
        var party = await names.PartiesAsync(Language);
        Fulfilments = Parts.Table.Of(order.Fulfilments, T("明细与履约", "Fulfilments"))
            .Column(T("货源", "Supply"), f => new Cell(party(f.Supplier.Value), $"/console/supplies/{f.Supply}", f.IsPurchase ? null : f.Lot.ToString()))
            .Number(T("数量", "Quantity"), f => f.Count)
            .Money(T("进价", "Cost"), f => f.UnitCost)
            .Money(T("成本", "Cost in all"), f => f.UnitCost * f.Count)
            .Badge(T("结果", "Result"), f => OrderWords.Fulfilment(f, Language))
            .Build();
        Shares = Parts.Table.Of(OrderDesk.SharesOf(order), T("谁得多少", "Who gets how much"))
            .Column(T("谁", "Who"), s => s.Role == SplitRole.Fees ? T("通道", "Channel") : party(s.PartyId))
            .Column(T("凭什么", "For what"), s => OrderWords.Role(s.Role, Language))
            .Money(T("金额", "Amount"), s => s.Amount)
            .Build();
        if (await orders.PurchasesAsync(order.Id) is { Count: > 0 } purchases)
        {
            var supplies = (await catalog.ListSuppliesAsync(sku: order.Sku)).ToDictionary(s => s.Id.Value, s => Language.PickOr(s.SupplierNameZh, s.SupplierNameEn));
            Purchases = Parts.Table.Of(purchases, T("向供应商下的单", "Bought from suppliers"))
                .Column(T("供应商", "Supplier"), p => new Cell(party(p.SupplierId.Value), $"/console/purchases/{PublicId.Encode(p.Id)}", p.UpstreamNo))
                .Badge(T("状态", "State"), p => PurchaseWords.State(p, Language))
                .Column(T("为什么选它", "Why this one"), p => PurchaseWords.Route(p.Route, id => supplies.GetValueOrDefault(id, "?"), Language))
                .Column(T("说明", "Detail"), p => PurchaseWords.Detail(p, Language))
                .Build();
        }

        await PaymentAsync();
        var transfers = await database.ReadAsync(s => Statements.OfOrderAsync(s, order.Id));
        Transfers = Parts.Table.Of(transfers, T("这笔钱去哪了", "Where the money went"))
            .Column(T("时间", "When"), t => new Cell(Show.Exact(t.At)[5..], Title: Show.Exact(t.At)))
            .Column(T("从", "From"), t => new Cell(party(t.DebitParty), Sub: Words.Account(t.DebitKind, Language)))
            .Column(T("到", "To"), t => new Cell(party(t.CreditParty), Sub: Words.Account(t.CreditKind, Language)))
            .Column(T("用途", "For"), t => OrderWords.Transfer(t.Kind, Language))
            .Money(T("金额", "Amount"), t => t.Amount)
            .Build();
        return Page();
    }

    private async Task PaymentAsync()
    {
        if (await payments.FindAsync(Order.Id) is not { } payment) return;
        var all = await channelBook.ListAsync();
        var attempts = await payments.AttemptsAsync(payment.PaidBy);
        Attempts = PaymentTables.Attempts(this, attempts, all);
        // What was paid twice for a basket goes back to the basket's payment.
        Refunds = PaymentTables.Refunds(this, [.. await payments.RefundsAsync(Order.Id), .. payment.BasketId is { } basket ? await payments.RefundsAsync(basket) : []], attempts);
        if (payment.BasketId is not null)
        {
            Together = Parts.Table.Of((await payments.TogetherAsync(payment)).Where(p => p.Id != payment.Id).ToList(), T("同一笔付款的其他订单", "Other orders of the same payment"))
                .Column(T("订单", "Order"), p => new Cell($"{p.MovedTo ?? p.OrderId}", $"/console/orders/{p.MovedTo ?? p.OrderId}"))
                .Money(T("金额", "Amount"), p => p.Amount)
                .Money(T("已退", "Refunded"), p => p.Refunded)
                .Build();
        }

        var known = new List<PaymentCase>();
        foreach (var about in new[] { payment.Id, payment.PaidBy }.Distinct())
            known.AddRange([.. await cases.ListAsync(isOpen: true, payment: about), .. await cases.ListAsync(isOpen: false, payment: about)]);
        Cases = PaymentTables.Cases(this, known, all);
        Timeline = OrderWords.With(Timeline, known, Language);
    }

    public async Task<IActionResult> OnPostCancelAsync(string id)
    {
        if (!OrderId.TryParse(id, out var number)) return NotFound();
        var here = $"/console/orders/{number}";
        if (await orders.RunAsync(new OrderCommand.Cancel(number, null, Actor)) is OrderDecision.Refused refused)
            return refused.Why == Refusal.NotFound ? NotFound() : NotDone(here, Words.Refusal(refused.Why, Language.Zh), Words.Refusal(refused.Why, Language.En));
        await RecordAsync("order.cancel", number.ToString());
        return Done(here, "订单已取消", "The order is cancelled");
    }
}

/// <summary>Says what a refund will do to money, then asks.</summary>
[Needs(Permissions.OrdersRefund, Permissions.OrdersRefund)]
internal sealed class RefundPage(OrderDesk orders, Names names) : ConsolePage
{
    public Order Order { get; private set; } = null!;
    public long Units { get; private set; }
    public long Left => Order.Quantity - Order.RefundedUnits;
    public Money Amount => Order.UnitPrice * Units;
    public bool IsReleased => Order.Settlement == SettlementState.Released;
    public string Payer { get; private set; } = "";
    public List<(string Who, Money Amount)> Taken { get; } = [];

    private async Task<bool> LoadAsync(string id, string? units)
    {
        if (!OrderId.TryParse(id, out var number) || await orders.FindAsync(number) is not { } order) return false;
        Order = order;
        Title = T("退款", "Refund");
        Up = ($"/console/orders/{order.Id}", order.Id.ToString());
        if (order.Settlement is not (SettlementState.Escrowed or SettlementState.Released) || Left == 0) return false;
        Units = long.TryParse(units, out var asked) && asked >= 1 && asked <= Left ? asked : Left;
        Payer = order.Source == OrderSource.Retail ? T("买家（原路退回）", "The buyer (back through the channel)") : names.Merchant(order.Merchant, Language);
        var party = await names.PartiesAsync(Language);
        foreach (var share in OrderDesk.SharesTaken(order, Units))
            Taken.Add(($"{(share.Role == SplitRole.Fees ? T("通道", "Channel") : party(share.PartyId))} · {OrderWords.Role(share.Role, Language)}", -share.Amount));
        Form = new Form(Language) { Submit = T($"退 {Units} 份，共 {Show.Money(Amount)}", $"Refund {Units}, {Show.Money(Amount)} in all"), Back = Up.Value.Href, IsDanger = true }
            .Text("reason", "退款原因", "Reason", max: 200).Hint("会写进订单的经过", "It will stand in the order's timeline").OnlyOnce();
        return true;
    }

    public async Task<IActionResult> OnGetAsync(string id, string? units) => await LoadAsync(id, units) ? Page() : NotFound();

    public async Task<IActionResult> OnPostAsync(string id, string? units)
    {
        if (!OrderId.TryParse(id, out var number)) return NotFound();
        var here = $"/console/orders/{number}";
        var isOpen = await LoadAsync(id, units);
        var press = await Request.ReadFormAsync();
        // A press whose answer was lost finds itself again by its own number and count, although it may have taken the last units.
        if (!isOpen || (long.TryParse(units, out var count) && count > Left))
        {
            var earlier = new OrderCommand.Refund(number, long.TryParse(units, out count) ? count : null, press["reason"].ToString().Trim(), $"console-{press["once"]}", Actor);
            if (await orders.RunAsync(earlier) is OrderDecision.Done) return Done(here, "已退款", "Refunded");
        }

        if (!isOpen) return NotDone(here, "没有可退的份数了", "There is nothing left to refund");
        if (!await Form!.ReadAsync(Request)) return Again();
        var decision = await orders.RunAsync(new OrderCommand.Refund(number, Units, Form["reason"], $"console-{Form.Once}", Actor));
        if (decision is OrderDecision.Refused refused)
        {
            Form.Fail(Words.Refusal(refused.Why, Language.Zh), Words.Refusal(refused.Why, Language.En));
            return Again();
        }

        await RecordAsync("order.refund", $"{number} {Units} × {Order.UnitPrice}");
        return Done(here, $"已退款 {Show.Money(Amount)}", $"Refunded {Show.Money(Amount)}");
    }
}
