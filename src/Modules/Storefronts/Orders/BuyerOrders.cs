using Lianka.Kernel;
using Lianka.Modules.Catalog;
using Lianka.Modules.Orders;
using Lianka.Modules.Payments;
using Lianka.Modules.Storefronts.Core;
using Lianka.Modules.Storefronts.Frame;
using Lianka.Platform.Http;

namespace Lianka.Modules.Storefronts.Orders;

/// <summary>An order of a shop with everything its page says.</summary>
public sealed record BuyerOrder(Order Order, Product Product, Sku Sku, Payment? Payment, IReadOnlyList<Refund> Refunds, OrderView View)
{
    /// <summary>The goods and how many.</summary>
    public string Name(Language language) =>
        $"{language.PickOr(Product.NameZh, Product.NameEn)} {language.PickOr(Sku.NameZh, Sku.NameEn)}\u00a0×\u00a0{Order.Quantity}";

    /// <summary>What was bought with it, by the same payment.</summary>
    public IReadOnlyList<BuyerOrder> Others { get; init; } = [];

    /// <summary>It came out of a cart, alone or with others.</summary>
    public bool IsOfBasket => Payment?.BasketId is not null;

    /// <summary>It waits for money, and so does all that would be paid with it: of what is over, the money would only come back.</summary>
    public bool IsPayable => View.Stage == OrderStage.Unpaid && Others.All(o => o.View.Stage == OrderStage.Unpaid);

    /// <summary>What the payment is of: this order, and the others.</summary>
    public Money Amount => Others.Aggregate(Order.Total, (sum, other) => sum + other.Order.Total);

    /// <summary>Nothing of it or of the others will change by itself.</summary>
    public bool IsFinal => View.IsFinal && Others.All(o => o.IsFinal);

    /// <summary>Changes whenever the page would.</summary>
    public string Version =>
        string.Join(' ', Others.Select(o => o.Version).Prepend($"{Order.Version}.{View.Stage}.{View.Back.Units}.{View.IsBackDone}.{View.IsFinal}"));
}

/// <summary>Reads orders for the pages of buyers; always within one shop.</summary>
internal sealed class BuyerOrders(OrderDesk orders, PaymentDesk payments, Catalog.Catalog catalog, TimeProvider clock)
{
    /// <returns>Null when this shop has no such order.</returns>
    public async Task<BuyerOrder?> FindAsync(Shop shop, OrderId id, CancellationToken cancel)
    {
        if (await orders.FindAsync(id, shop.MerchantId) is not { } order || order.Storefront != shop.Id) return null;
        var sku = await catalog.FindSkuAsync(order.Sku, cancel) ?? throw new InvalidOperationException($"{order.Sku} is gone.");
        var product = await catalog.FindProductAsync(sku.ProductId, cancel) ?? throw new InvalidOperationException($"{sku.ProductId} is gone.");
        var payment = await payments.FindAsync(id, cancel);
        var refunds = payment is { State: PaymentState.Paid } ? await payments.RefundsAsync(id, cancel) : [];
        return new BuyerOrder(order, product, sku, payment, refunds, OrderView.Of(order, payment, refunds, clock.Now()));
    }

    /// <summary>The same, with the orders that are paid together with it.</summary>
    public async Task<BuyerOrder?> FindAllAsync(Shop shop, OrderId id, CancellationToken cancel)
    {
        if (await FindAsync(shop, id, cancel) is not { } found) return null;
        if (found.Payment is not { BasketId: not null } payment) return found;
        var others = new List<BuyerOrder>();
        foreach (var other in await payments.TogetherAsync(payment, cancel))
        {
            if (other.Id != payment.Id && await FindAsync(shop, other.MovedTo ?? other.OrderId!.Value, cancel) is { } its) others.Add(its);
        }

        return found with { Others = others };
    }

    /// <summary>The order that took the place of one whose money came too late; null when there is none.</summary>
    public async Task<OrderId?> SuccessorAsync(Shop shop, BuyerOrder order, CancellationToken cancel) =>
        order.Payment?.MovedTo is { } moved && moved != order.Order.Id && await orders.FindAsync(moved, shop.MerchantId) is { } next
            ? next.Id
            : null;
}
