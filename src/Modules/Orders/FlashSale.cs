using Lianka.Kernel;

namespace Lianka.Modules.Orders;

/// <summary>One buyer's place in one flash sale.</summary>
/// <param name="Buyer">Who the ticket was issued to; the same number is the same buyer, on every node.</param>
public readonly record struct SaleClaim(SaleId Sale, long Buyer)
{
    /// <summary>One order a buyer and sale, for ever: it is unique in the database.</summary>
    public string ClientKey => $"flash:{Sale.Value}:{Buyer}";
}

/// <summary>So many units of a SKU at a price, for a time, to whoever holds a ticket and comes first.</summary>
public sealed record FlashSale
{
    public SaleId Id { get; init; }
    public StorefrontId StorefrontId { get; init; }
    public MerchantId MerchantId { get; init; }
    public SkuId SkuId { get; init; }
    public long Units { get; init; }

    /// <summary>Per unit, whole fen.</summary>
    public Money Price { get; init; }

    /// <summary>The storefront's fee of each payment in it, in basis points; it stays as it was when the sale was made.</summary>
    public long FeeBps { get; init; }

    /// <summary>The most units of one buyer.</summary>
    public long Quota { get; init; }

    /// <summary>How long a unit is held for who has not paid yet.</summary>
    public long PaySeconds { get; init; }
    public DateTimeOffset FromAt { get; init; }

    /// <summary>From here on nothing is reserved; what is reserved may still be paid.</summary>
    public DateTimeOffset ToAt { get; init; }
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Units reserved or paid for now.</summary>
    public long Taken { get; init; }

    /// <summary>Units paid for. Never falls: a refund brings nothing back into the sale.</summary>
    public long Sold { get; init; }

    /// <summary>Units that were reserved and came back, because nobody paid or the order was cancelled.</summary>
    public long Lapsed { get; init; }

    /// <summary>Orders ever opened in it.</summary>
    public long Opened { get; init; }

    public long Left => Units - Taken;

    /// <summary>Units that come back when nobody pays for them.</summary>
    public long Unpaid => Taken - Sold;

    public bool IsSoldOut => Sold == Units;

    internal static long TakenBy(Order? order) =>
        order is null or { Status: OrderStatus.Expired or OrderStatus.Cancelled } ? 0 : order.Quantity;

    internal static long SoldTo(Order? order) => order?.PaidAt is null ? 0 : order.Quantity;
}

/// <summary>What an operator or merchant writes to make a sale.</summary>
public sealed record FlashSaleDraft
{
    public StorefrontId Storefront { get; init; }
    public SkuId Sku { get; init; }
    public string Units { get; init; } = "";
    public string Price { get; init; } = "";
    public string Quota { get; init; } = "1";
    public string PaySeconds { get; init; } = "120";
    public DateTimeOffset From { get; init; }
    public DateTimeOffset To { get; init; }
}

/// <summary>An order of a sale as it was opened.</summary>
/// <param name="No">Counts up within the sale, in the order of the commits.</param>
public sealed record SaleOrder(long No, OrderId Order, long Buyer);

/// <summary>Units of a sale that come back at this moment if they are not paid for until then.</summary>
public readonly record struct UnpaidUnits(DateTimeOffset Until, long Units);

/// <summary>A sale as it stands, with what a node has not seen of it yet.</summary>
/// <param name="News">Orders opened since the number that was asked for.</param>
/// <param name="Unpaid">Reserved units by the second in which their time ends, the earliest first.</param>
public sealed record SaleNews(FlashSale Sale, IReadOnlyList<SaleOrder> News, IReadOnlyList<UnpaidUnits> Unpaid);
