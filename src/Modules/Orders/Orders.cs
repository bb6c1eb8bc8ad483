using Lianka.Kernel;

namespace Lianka.Modules.Orders;

public enum OrderSource : short { Api = 1, Console = 2, Retail = 3 }

public enum OrderStatus : short
{
    Placed = 1, Paid = 2, Fulfilling = 3, Delivered = 4, PartiallyDelivered = 5, Refunded = 6, Expired = 7, Cancelled = 8,
}

public enum SettlementState : short { None = 0, Escrowed = 1, Released = 2, Reversed = 3 }

public enum DisputeState : short { None = 0, Open = 1, Ruled = 2 }

/// <summary>Why a command was refused, in the order in which the reasons are checked (domain.md, "Orders").</summary>
public enum Refusal
{
    InvalidRequest,
    NotFound,
    RequestInProgress,
    IdempotencyConflict,
    QuantityOutOfRange,
    NotOffered,
    SaleNotStarted,
    SaleEnded,
    PriceMoved,
    RiskBlocked,
    InsufficientFunds,
    StockShort,
    SoldOut,
    NotCancellable,
    NotRefundable,
}

/// <summary>
/// How a fulfilment stands. Cards are held for an unpaid order, and returned to stock unseen; a purchase is held while the supplier
/// works on it, and returned when it failed. Void: given back after it was delivered and seen.
/// </summary>
public enum FulfilmentState : short { Held = 1, Delivered = 2, Returned = 3, Void = 4 }

/// <summary>A range of cards of one lot, drawn for one order; or a purchase at a supplier's, which has no lot.</summary>
/// <param name="FromSeq">The first card; of a purchase our own number for it.</param>
public sealed record Fulfilment(
    int No, SupplyId Supply, SupplierId Supplier, LotId Lot, long FromSeq, long Count, Money UnitCost, long HoldSeconds,
    FulfilmentState State)
{
    /// <summary>The cards are bound to this order: held for it, delivered, or spoilt for others because they were seen.</summary>
    public bool IsLive => State != FulfilmentState.Returned;

    /// <summary>Bought from the supplier for this order, and not (or not yet) delivered as cards.</summary>
    public bool IsPurchase => Lot == default;
}

/// <summary>An order as it stands. Codes and shares are explained at the table (0007-orders.sql).</summary>
public sealed record Order
{
    public required OrderId Id { get; init; }
    public required MerchantId Merchant { get; init; }
    public required OrderSource Source { get; init; }
    public string? ClientKey { get; init; }
    public required SkuId Sku { get; init; }
    public required long Quantity { get; init; }
    public required Money MaxTotal { get; init; }

    /// <summary>The caller's fields as canonical JSON; null when there are none.</summary>
    public string? Fields { get; init; }
    public string? CallbackUrl { get; init; }
    public StorefrontId? Storefront { get; init; }
    public long? Buyer { get; init; }
    public required OrderStatus Status { get; init; }
    public SettlementState Settlement { get; init; }
    public DisputeState Dispute { get; init; }
    public string? HoldReason { get; init; }
    public required Money UnitPrice { get; init; }
    public required Money Total { get; init; }
    public Money Refunded { get; init; }
    public long RefundedUnits { get; init; }
    public long Delivered { get; init; }
    public required AccountId PayerAccount { get; init; }
    public required AccountId EscrowAccount { get; init; }

    /// <summary>price(m): equals <see cref="UnitPrice"/> for wallet orders.</summary>
    public required Money MerchantUnit { get; init; }
    public IReadOnlyList<Agents.AncestorShare> Ancestors { get; init; } = [];
    public required Money TopUnit { get; init; }

    /// <summary>The channel's fee for the whole order, borne by the selling merchant.</summary>
    public Money Fee { get; init; }
    public long? Promotion { get; init; }
    public string? Failure { get; init; }

    /// <summary>Who placed an order that was delivered in the same moment; null for all others, whose timeline tells.</summary>
    public string? PlacedBy { get; init; }

    /// <summary>What the order's own transfer left in its payer's account, where the order tells of it; null: the ledger does.</summary>
    public Money? PayerAfter { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
    public DateTimeOffset? PaidAt { get; init; }
    public DateTimeOffset? DeliveredAt { get; init; }
    public DateTimeOffset? ReleaseAt { get; init; }
    public DateTimeOffset? RevealedAt { get; init; }
    public long Version { get; init; } = 1;
    public IReadOnlyList<Fulfilment> Fulfilments { get; init; } = [];

    /// <summary>The delivery of an order that has only one, of all of its units; null: there are several, or none.</summary>
    internal Fulfilment? OnlyPart => Fulfilments is [{ No: 1 } part] && part.Count == Quantity ? part : null;

    /// <summary>The flash sale this order was opened in; known to the engine only.</summary>
    public SaleClaim? Sale { get; init; }

    /// <summary>No further goods will come.</summary>
    public bool IsFinal => Status is OrderStatus.Delivered or OrderStatus.PartiallyDelivered or OrderStatus.Refunded
        or OrderStatus.Expired or OrderStatus.Cancelled;
}

/// <summary>Something asked of the order engine.</summary>
public abstract record OrderCommand
{
    private OrderCommand() { }

    /// <summary>Buys from the merchant's wallet, delivered in the same transaction.</summary>
    /// <param name="ClientKey">The caller's own number (client_order_no), unique per merchant for ever.</param>
    /// <param name="Fields">Canonical JSON or null.</param>
    /// <param name="Actor">Who asked, for the timeline, for example <c>key:lk_live_…</c> or a log-in.</param>
    /// <param name="RevealTo">The address to log when the answer shall contain the secrets; null otherwise.</param>
    public sealed record Place(
        OrderSource Source, MerchantId Merchant, string ClientKey, SkuId Sku, long Quantity, Money MaxTotal,
        string? Fields, string? CallbackUrl, string Actor, string? RevealTo = null) : OrderCommand;

    /// <summary>Opens a retail order: stock is held until it is paid or <paramref name="ExpiresAt"/> passes.</summary>
    /// <param name="Retail">R, per unit, whole fen, as the buyer saw it.</param>
    /// <param name="Fee">What the channel is expected to keep of the total.</param>
    /// <param name="ClientKey">One number per press of the button, so a double click is one order.</param>
    /// <param name="Channel">The channel whose clearing account will pay.</param>
    /// <param name="Contact">Empty: none is kept, and the order is found by other means (the ticket of a flash sale).</param>
    /// <param name="ContactKey">Keyed hash of the normalised contact.</param>
    /// <param name="Fields">What the buyer gave for a direct SKU, as canonical JSON; null: nothing.</param>
    /// <param name="Basket">The payment that pays the order together with others (<see cref="Baskets"/>); null: it is paid by itself.</param>
    /// <param name="OthersOfSku">So many other orders of the basket are of the same SKU: they are no reason to refuse it.</param>
    /// <param name="Sale">The order is one of this flash sale: its units, price, quota and time stand in place of the shelf's.</param>
    public sealed record Reserve(
        StorefrontId Storefront, MerchantId Merchant, string ClientKey, SkuId Sku, long Quantity, Money Retail, Money Fee,
        string Channel, long? Buyer, string Contact, byte[] ContactKey, DateTimeOffset ExpiresAt, string Actor,
        SaleClaim? Sale = null, string? Fields = null, PaymentId? Basket = null, int OthersOfSku = 0) : OrderCommand;

    /// <summary>A channel confirmed the money of a retail order. May arrive late, twice, or after a cancel.</summary>
    public sealed record Pay(OrderId Order, Money Amount, string Channel, string Actor) : OrderCommand;

    /// <summary>Ends an order nobody has paid. A paid one is refused (<see cref="Refusal.NotCancellable"/>).</summary>
    public sealed record Cancel(OrderId Order, MerchantId? Merchant, string Actor) : OrderCommand;

    /// <summary>Lets a reservation lapse when its time is over; does nothing before.</summary>
    public sealed record Expire(OrderId Order) : OrderCommand;

    /// <summary>Gives money back for units of a paid order, before or after settlement.</summary>
    /// <param name="Units">How many units, counted together over all refunds of the order; null: all that is left.</param>
    /// <param name="Key">Makes a repeated request the same refund.</param>
    public sealed record Refund(OrderId Order, long? Units, string Reason, string Key, string Actor) : OrderCommand;

    /// <summary>Marks the cards as seen and logs who saw them; the secrets are opened after commit.</summary>
    public sealed record Reveal(OrderId Order, MerchantId? Merchant, string Actor, string Address) : OrderCommand;

    /// <summary>The supplier delivered a purchase, or so much of it; told once or more, in time or after it was given up.</summary>
    /// <param name="Purchase">Our own number of the purchase.</param>
    /// <param name="Delivered">Units.</param>
    /// <param name="Receipt">Words for the buyer.</param>
    /// <param name="Charged">What the supplier took for it in all; null: it does not say.</param>
    /// <param name="Cards">The cards it delivered, sealed, one for each unit; null: it delivered something else.</param>
    public sealed record Deliver(
        OrderId Order, long Purchase, long Delivered, string? UpstreamNo, string? Receipt, Money? Charged, Inventory.BoughtLot? Cards, string Actor)
        : OrderCommand;

    /// <summary>A purchase failed for good: nothing was delivered and nothing will be. Another supply is tried, or the money goes back.</summary>
    /// <param name="IsBuyersFault">No other supply would do better: a wrong number, a closed account.</param>
    /// <param name="IsMerged">It was told together with others, and only their sum was refused: the same supply is asked for it alone.</param>
    public sealed record Fail(OrderId Order, long Purchase, string Fault, string Detail, bool IsBuyersFault, string Actor, bool IsMerged = false) : OrderCommand;

    /// <summary>Nobody knows what became of a purchase, or it takes too long: a person is asked.</summary>
    public sealed record Ask(OrderId Order, long Purchase, string Reason) : OrderCommand;
}

/// <summary>What became of a command.</summary>
public abstract record OrderDecision
{
    private OrderDecision() { }

    /// <param name="Order">As it stands after the command.</param>
    /// <param name="IsReplay">Nothing was done now: the same command had been accepted before.</param>
    /// <param name="RefundDue">Money the channel must give back for this command; the caller books it with the channel.</param>
    public sealed record Done(Order Order, bool IsReplay = false, Money RefundDue = default) : OrderDecision;

    public sealed record Refused(Refusal Why, string? Detail = null) : OrderDecision
    {
        /// <summary>The verdict behind <see cref="Refusal.RiskBlocked"/>, for the log; no caller is told.</summary>
        internal Risk.RiskVerdict? Risk { get; init; }
    }
}
