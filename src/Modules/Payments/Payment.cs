using Lianka.Kernel;

namespace Lianka.Modules.Payments;

public enum PaymentState { Open, Paid, Closed }

/// <summary>One attempt to take money for one retail order through one channel.</summary>
public sealed record Payment
{
    /// <summary>Its public form is the number the channel knows the payment by (out_no).</summary>
    public PaymentId Id { get; init; }
    public OrderId OrderId { get; init; }

    /// <summary>The order this money pays for, because <see cref="OrderId"/> had lapsed when it came.</summary>
    public OrderId? MovedTo { get; init; }
    public string Channel { get; init; } = "";
    public Money Amount { get; init; }
    public string Currency { get; init; } = "CNY";
    public PaymentState State { get; init; }
    public string? TradeNo { get; init; }

    /// <summary>Where the buyer pays; null until the channel has answered.</summary>
    public string? PayUrl { get; init; }

    /// <summary>What was asked back from the channel, whether or not it has come through yet.</summary>
    public Money Refunded { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset ExpiresAt { get; init; }
    public DateTimeOffset? PaidAt { get; init; }

    /// <summary>When the channel is asked next how an open payment stands, and how often it was.</summary>
    public DateTimeOffset AskedAt { get; init; }
    public long Asked { get; init; }
}

public enum RefundState { Pending, Done, Failed }

/// <summary>Money on its way back to a buyer. <see cref="RefundState.Failed"/> waits for a person.</summary>
public sealed record Refund
{
    public long Id { get; init; }
    public PaymentId PaymentId { get; init; }
    public Money Amount { get; init; }
    public string Reason { get; init; } = "";
    public RefundState State { get; init; }
    public long Attempts { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? DoneAt { get; init; }
}

/// <summary>Orders' side of a payment: told when a channel has confirmed money. Told again after any fault, so it must be idempotent.</summary>
public interface IPaymentListener
{
    /// <exception cref="Exception">The news was not taken; Payments tells it again later.</exception>
    Task PaidAsync(OrderId order, Money amount, string channel, string tradeNo, CancellationToken cancel);
}
