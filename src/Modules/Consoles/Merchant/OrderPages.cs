using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Catalog;
using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Orders;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Mvc;

namespace Lianka.Modules.Consoles.Merchant;

/// <summary>One of the merchant's own orders. Costs and the shares of others are not its business.</summary>
[Needs(MerchantPermissions.OrdersSee, MerchantPermissions.OrdersHandle)]
internal sealed class OrderPage(OrderDesk orders, Names names) : ConsolePage
{
    public Order Order { get; private set; } = null!;
    public SkuName? Sku { get; private set; }
    public IReadOnlyList<TimelineEvent> Timeline { get; private set; } = [];
    public IReadOnlyList<OrderCard> Cards { get; private set; } = [];
    public long CodeCount => Order.Delivered - Order.RefundedUnits;

    /// <summary>The codes of a retail order are its buyer's: the shop sees the sale, never the secret.</summary>
    public bool CanReveal => Order.Source != OrderSource.Retail && CodeCount > 0;
    public bool Handles => Person.Rights.Has(MerchantPermissions.OrdersHandle);
    public bool SeesPrices => Person.Rights.Has(MerchantPermissions.PricesSee);
    public bool CanCancel => Order.Status == OrderStatus.Placed;

    private async Task<bool> LoadAsync(string id)
    {
        if (!OrderId.TryParse(id, out var number) || await orders.FindAsync(number, Merchant) is not { } order) return false;
        Order = order;
        Title = order.Id.ToString();
        Up = ("/console/merchant/orders", T("订单", "Orders"));
        Sku = (await names.SkusAsync([order.Sku])).GetValueOrDefault(order.Sku);
        Timeline = await orders.TimelineAsync(order.Id);
        return true;
    }

    public async Task<IActionResult> OnGetAsync(string id) => await LoadAsync(id) ? Page() : NotFound();

    /// <summary>Opens the codes into this answer only; who looked, and from where, is logged first.</summary>
    public async Task<IActionResult> OnPostRevealAsync(string id)
    {
        if (!await LoadAsync(id) || !CanReveal) return NotFound();
        if (await orders.RunAsync(new OrderCommand.Reveal(Order.Id, Merchant, Actor, Address)) is not OrderDecision.Done done) return NotFound();
        await LoadAsync(id);
        Cards = await orders.CardsAsync(done.Order);
        Response.Headers.CacheControl = "no-store";
        return Page();
    }

    public async Task<IActionResult> OnPostCancelAsync(string id)
    {
        if (!OrderId.TryParse(id, out var number)) return NotFound();
        var here = $"/console/merchant/orders/{number}";
        if (await orders.RunAsync(new OrderCommand.Cancel(number, Merchant, Actor)) is OrderDecision.Refused refused)
            return refused.Why == Refusal.NotFound ? NotFound() : NotDone(here, Words.Refusal(refused.Why, Language.Zh), Words.Refusal(refused.Why, Language.En));
        return Done(here, "订单已取消", "The order is cancelled");
    }
}

/// <summary>Buys from the wallet: choose and see the price, then confirm exactly that price.</summary>
[Needs(MerchantPermissions.OrdersBuy, MerchantPermissions.OrdersBuy)]
internal sealed class BuyPage(PriceBooks books, Inventory.Inventory inventory, OrderDesk orders, SoughtGoods goods) : ConsolePage
{
    public Form Ask { get; private set; } = null!;
    public SkuName? Chosen { get; private set; }
    public long Quantity { get; private set; }
    public Money Unit { get; private set; }
    public Money Total => Unit * Quantity;
    public long Stock { get; private set; }
    public string Once { get; private set; } = Guid.NewGuid().ToString("N");

    private async Task LoadAsync(string? sku, string? quantity)
    {
        Title = T("下单", "Place an order");
        Up = ("/console/merchant/orders", T("订单", "Orders"));
        var book = await books.RefreshAsync();
        var choice = await goods.SkusAsync(Request, book.SkuByCode(sku ?? "")?.Id, s => book.Terms(Merchant, s.Id, 1, Now) is not null);
        Ask = new Form(Language)
            .Choice("sku", "商品", "Goods", choice.Items.Select(s => new Option(s.Code, Names.Sku(s, Language)))).Among(choice.Words)
            .Whole("quantity", "数量", "Quantity").Fill("quantity", quantity ?? "1");
        if (string.IsNullOrEmpty(sku)) return;
        Ask.Fill("sku", sku);
        if (choice.Items.Find(s => s.Code == sku) is not { } chosen)
        {
            Ask.Fail("sku", "这个商品现在不卖", "This item is not offered now");
            return;
        }

        var max = book.Sku(chosen.Id)!.QuantityMax;
        if (!long.TryParse(quantity, out var count) || count < 1 || count > max)
        {
            Ask.Fail("quantity", $"要在 1 到 {max} 之间", $"From 1 to {max}");
            return;
        }

        (Chosen, Quantity, Unit) = (chosen, count, book.Terms(Merchant, chosen.Id, count, Now)!.Unit);
        Stock = (await inventory.StockOfAsync([chosen.Id])).GetValueOrDefault(chosen.Id);
    }

    public async Task OnGetAsync(string? sku, string? quantity) => await LoadAsync(sku, quantity);

    public async Task<IActionResult> OnPostAsync(string? sku, string? quantity, string? most, string? once)
    {
        await LoadAsync(sku, quantity);
        if (once is not { Length: > 0 and <= 40 } || !once.All(char.IsAsciiLetterOrDigit) || !Money.TryParse(most, out var max) || Chosen is null) return Again();
        Once = once;
        // The number of the form is the client's number: pressed twice, bought once.
        OrderDecision decision;
        try
        {
            decision = await orders.RunAsync(new OrderCommand.Place(OrderSource.Console, Merchant, $"console-{once}", Chosen.Id, Quantity, max, null, null, Actor));
        }
        catch (EngineBusyException)
        {
            Response.StatusCode = 503;
            Ask.Fail("现在下单的人太多，请过一会儿再按一次", "Too many orders at this moment: press again shortly");
            return Page();
        }

        if (decision is OrderDecision.Done done) return Done($"/console/merchant/orders/{done.Order.Id}", "下单成功，卡密已发", "Ordered and delivered");
        var why = ((OrderDecision.Refused)decision).Why;
        Ask.Fail(Words.Refusal(why, Language.Zh), Words.Refusal(why, Language.En));
        return Again();
    }
}
