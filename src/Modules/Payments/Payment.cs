using Lianka.Kernel;
using Lianka.Platform.Data;

namespace Lianka.Modules.Payments;

public enum PaymentState { Open, Paid, Closed }

/// <summary>One thing to be paid from outside. It is paid by one <see cref="Attempt"/>; whatever else comes goes back.</summary>
public sealed record Payment
{
    public PaymentId Id { get; init; }
    public string Purpose { get; init; } = PaymentPurposes.Order;

    /// <summary>Null: it pays no order; its purpose knows it by its number.</summary>
    public OrderId? OrderId { get; init; }

    /// <summary>The order this money pays for, because <see cref="OrderId"/> had lapsed when it came.</summary>
    public OrderId? MovedTo { get; init; }

    /// <summary>The payment of the basket that pays this order with others: this one has no attempt of its own. Null: it is paid by itself.</summary>
    public PaymentId? BasketId { get; init; }

    /// <summary>The payment whose attempts bring the money: this one, or the basket's.</summary>
    public PaymentId PaidBy => BasketId ?? Id;
    public Money Amount { get; init; }
    public string Currency { get; init; } = "CNY";
    public PaymentState State { get; init; }

    /// <summary>The attempt whose money pays it.</summary>
    public long? AttemptId { get; init; }

    /// <summary>What was asked back of that money, whether or not it has come through yet.</summary>
    public Money Refunded { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset ExpiresAt { get; init; }
    public DateTimeOffset? PaidAt { get; init; }
}

/// <summary>What payments are for; each has its <see cref="IPaymentListener"/>.</summary>
public static class PaymentPurposes
{
    public const string Order = "order";

    /// <summary>Several orders of one buyer, each with its own payment; this one's money pays them all.</summary>
    public const string Basket = "basket";

    /// <summary>A merchant's wallet; the payment has the number of its top-up.</summary>
    public const string TopUp = "top_up";
}

/// <summary>How an attempt stands; only forward, but for money that comes after it was closed.</summary>
public enum AttemptState
{
    /// <summary>The channel was or is being told of it; no buyer has seen a pay code.</summary>
    New,

    /// <summary>The channel has given a pay code; whether a buyer may have seen it: <see cref="Attempt.IsSeen"/>.</summary>
    Open,
    Paid,

    /// <summary>The channel takes no money for it, and has said so.</summary>
    Closed,
}

/// <summary>One try to take the money of a payment through one channel.</summary>
public sealed record Attempt
{
    public long Id { get; init; }
    public PaymentId PaymentId { get; init; }
    public long ChannelId { get; init; }
    public string Method { get; init; } = "";
    public Money Amount { get; init; }
    public string Currency { get; init; } = "CNY";
    public AttemptState State { get; init; }

    /// <summary>The one that the buyer is with; a payment has one at most.</summary>
    public long Live { get; init; }
    public PayShape? Shape { get; init; }
    public string? PayValue { get; init; }

    /// <summary>JSON: the fields of a form or of a script.</summary>
    public string? PayFields { get; init; }
    public string? TradeNo { get; init; }

    /// <summary>Why this channel, in the router's own form.</summary>
    public string Route { get; init; } = "";

    /// <summary>What was asked back, whether or not it has come through yet.</summary>
    public Money Refunded { get; init; }

    /// <summary>0: from before payments had attempts; its money was booked by the order itself.</summary>
    public long Booked { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Since when a buyer may have seen how to pay it; null: nobody has.</summary>
    public DateTimeOffset? SeenAt { get; init; }
    public DateTimeOffset? PaidAt { get; init; }

    /// <summary>When the channel is asked next how it stands, and how often it was; null: it is not asked.</summary>
    public DateTimeOffset? AskedAt { get; init; }
    public long Asked { get; init; }

    /// <summary>Our number of it at the channel.</summary>
    public string OutNo => PublicId.Encode(Id);
    public TradeRef Ref => new(OutNo, CreatedAt, TradeNo);

    /// <summary>Money may come for it, so that another way is opened only after it is confirmed closed (F29).</summary>
    public bool IsSeen => SeenAt is not null || Booked == 0;
}

public enum RefundState { Pending, Done, Failed }

/// <summary>How money went back.</summary>
public enum RefundWay
{
    /// <summary>Through the channel it came by.</summary>
    Channel,

    /// <summary>Into the wallet of who paid, because the channel refused.</summary>
    Wallet,

    /// <summary>A transfer that a person made.</summary>
    Bank,

    /// <summary>By a person in the channel's own console.</summary>
    Console,
}

/// <summary>Money on its way back to a buyer. <see cref="RefundState.Failed"/> waits for a person.</summary>
public sealed record Refund
{
    public long Id { get; init; }

    /// <summary>Null, as the attempt is: it goes back to somebody of whom only the statement knows.</summary>
    public PaymentId? PaymentId { get; init; }
    public long? AttemptId { get; init; }
    public long ChannelId { get; init; }

    /// <summary>The line of a statement that told of the money, where there is no payment.</summary>
    public long? LineId { get; init; }
    public Money Amount { get; init; }
    public string Reason { get; init; } = "";
    public RefundState State { get; init; }
    public long Attempts { get; init; }

    /// <summary>The channel's number of it, or the reference of a transfer.</summary>
    public string? RefundNo { get; init; }

    /// <summary>Of one that failed: what a person has asked for, who waits for another to agree.</summary>
    public RefundWay Way { get; init; }

    /// <summary>The number under which the channel is told now, where it failed under the one before; null: <see cref="Id"/>.</summary>
    public long? ToldAs { get; init; }
    public string Detail { get; init; } = "";
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the channel said that it gives the money back; it may take days until the buyer has it.</summary>
    public DateTimeOffset? AcceptedAt { get; init; }
    public DateTimeOffset? DoneAt { get; init; }

    /// <summary>It went back on the channel's own account, so that its statement has it.</summary>
    public bool IsAtChannel => Way is RefundWay.Channel or RefundWay.Console;

    /// <summary>Our number of it at the channel now.</summary>
    public string OutNo => PublicId.Encode(ToldAs ?? Id);
}

/// <summary>Whoever is paid for: told when the money is there. Told again after any fault, so it must be idempotent.</summary>
public interface IPaymentListener
{
    string Purpose { get; }

    /// <exception cref="Exception">The news was not taken; Payments tells it again later.</exception>
    Task PaidAsync(Payment payment, string channel, CancellationToken cancel);

    /// <summary>Whose wallet takes the money back when its channel does not; null: who paid has none.</summary>
    Task<long?> WalletOwnerAsync(Session session, Payment payment) => Task.FromResult<long?>(null);
}
