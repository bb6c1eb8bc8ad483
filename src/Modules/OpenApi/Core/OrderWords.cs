using Lianka.Modules.Orders;

namespace Lianka.Modules.OpenApi.Core;

/// <summary>The words of the API for the states and refusals of orders.</summary>
internal static class OrderWords
{
    public static readonly Dictionary<string, OrderStatus> Statuses = new(StringComparer.Ordinal)
    {
        ["placed"] = OrderStatus.Placed,
        ["paid"] = OrderStatus.Paid,
        ["fulfilling"] = OrderStatus.Fulfilling,
        ["delivered"] = OrderStatus.Delivered,
        ["partially_delivered"] = OrderStatus.PartiallyDelivered,
        ["refunded"] = OrderStatus.Refunded,
        ["expired"] = OrderStatus.Expired,
        ["cancelled"] = OrderStatus.Cancelled,
    };

    public static string Of(OrderStatus status) => status switch
    {
        OrderStatus.Placed => "placed",
        OrderStatus.Paid => "paid",
        OrderStatus.Fulfilling => "fulfilling",
        OrderStatus.Delivered => "delivered",
        OrderStatus.PartiallyDelivered => "partially_delivered",
        OrderStatus.Refunded => "refunded",
        OrderStatus.Expired => "expired",
        OrderStatus.Cancelled => "cancelled",
        _ => throw new ArgumentOutOfRangeException(nameof(status)),
    };

    public static string Of(SettlementState state) => state switch
    {
        SettlementState.None => "none",
        SettlementState.Escrowed => "escrowed",
        SettlementState.Released => "released",
        SettlementState.Reversed => "reversed",
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };

    public static string Of(DisputeState state) => state switch
    {
        DisputeState.None => "none",
        DisputeState.Open => "open",
        DisputeState.Ruled => "ruled",
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };

    public static string Of(Fulfilment part) => part.State switch
    {
        FulfilmentState.Held => part.IsPurchase ? "processing" : "held",
        FulfilmentState.Delivered => "delivered",
        FulfilmentState.Returned => part.IsPurchase ? "failed" : "returned",
        FulfilmentState.Void => "void",
        _ => throw new ArgumentOutOfRangeException(nameof(part)),
    };

    /// <summary>Why units were not delivered, as far as it is the caller's business: what is between us and suppliers is not.</summary>
    public static (string Code, string English, string Chinese) OfFailure(string fault) => fault switch
    {
        "account" => ("account_refused", "The account was refused: check the number and its region.", "充值账号被拒绝，请核对号码和区服。"),
        "partial" => ("supply_short", "Fewer units could be delivered than were ordered.", "实际可发数量少于下单数量。"),
        _ => ("supply_failed", "No supplier could deliver; the money is back.", "供应商未能发货，款项已退回。"),
    };

    /// <summary>The problem code of a refusal, and which field of an order it is about.</summary>
    /// <param name="quantityMax">Units that one order of the SKU may have.</param>
    public static (string Code, FieldProblem? Field) Of(Refusal why, long quantityMax) => why switch
    {
        Refusal.InvalidRequest => ("invalid_request", null),
        Refusal.NotFound => ("not_found", null),
        Refusal.RequestInProgress => ("request_in_progress", null),
        Refusal.IdempotencyConflict => ("idempotency_conflict", new("/client_order_no", FieldProblemTexts.Used)),
        Refusal.QuantityOutOfRange => ("quantity_out_of_range", new("/quantity", FieldProblemTexts.Range, $"1–{quantityMax}")),
        Refusal.NotOffered => ("not_offered", new("/sku", FieldProblemTexts.NotOffered)),
        Refusal.PriceMoved => ("price_moved", new("/max_total", FieldProblemTexts.TooLow)),
        Refusal.RiskBlocked => ("risk_blocked", null),
        Refusal.InsufficientFunds => ("insufficient_funds", null),
        Refusal.StockShort => ("stock_short", new("/quantity", FieldProblemTexts.StockShort)),
        Refusal.SaleNotStarted => ("sale_not_started", null),
        Refusal.SaleEnded => ("sale_ended", null),
        Refusal.SoldOut => ("sold_out", null),
        Refusal.NotCancellable => ("not_cancellable", null),
        Refusal.NotRefundable => ("not_refundable", null),
        _ => throw new ArgumentOutOfRangeException(nameof(why)),
    };
}
