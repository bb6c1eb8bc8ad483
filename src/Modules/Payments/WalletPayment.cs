using Lianka.Kernel;

namespace Lianka.Modules.Payments;

public enum WalletPaymentState
{
    Open,
    Paid,

    /// <summary>No wallet can pay it any more.</summary>
    Closed,
}

/// <summary>An attempt that a merchant may pay out of its wallet.</summary>
public sealed record WalletPayment
{
    public long AttemptId { get; init; }

    /// <summary>In the address of its page; who has it may pay.</summary>
    public string Code { get; init; } = "";

    /// <summary>Of the channel.</summary>
    public string Channel { get; init; } = "";
    public OrderId? OrderId { get; init; }
    public Money Amount { get; init; }
    public WalletPaymentState State { get; init; }

    /// <summary>What is paid, as the buyer reads it.</summary>
    public string Subject { get; init; } = "";

    /// <summary>The buyer's page in the shop: path and query.</summary>
    public string ReturnPath { get; init; } = "";

    /// <summary>Whose wallet paid.</summary>
    public MerchantId? MerchantId { get; init; }
    public DateTimeOffset? PaidAt { get; init; }
    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>1: the buyer is with this attempt, and nothing else has paid.</summary>
    public long Wanted { get; init; }

    public string No => PublicId.Encode(AttemptId);

    public bool IsWaiting(DateTimeOffset now) => State == WalletPaymentState.Open && Wanted == 1 && now < ExpiresAt;
}

/// <summary>What became of a press of the button.</summary>
public abstract record WalletDecision
{
    private WalletDecision() { }

    /// <param name="IsReplay">This merchant had paid it before.</param>
    public sealed record Done(WalletPayment Value, bool IsReplay) : WalletDecision;

    public sealed record Refused(FieldError Error) : WalletDecision;

    public sealed record Missing : WalletDecision;
}
