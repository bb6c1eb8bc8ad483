using Lianka.Kernel;
using Lianka.Modules.Payments;

namespace Lianka.Modules.TopUps;

public enum TopUpState
{
    Open,

    /// <summary>The money is in the wallet.</summary>
    Paid,

    /// <summary>Its time is over. Money that comes all the same is credited.</summary>
    Over,
}

/// <summary>Money that a merchant puts into its wallet through a payment channel.</summary>
public sealed record TopUp
{
    /// <summary>Also the number of its payment.</summary>
    public long Id { get; init; }
    public MerchantId MerchantId { get; init; }
    public Money Amount { get; init; }

    /// <summary>What the merchant bears of a channel's fee at most, as it stood when it asked.</summary>
    public long FeeBps { get; init; }

    /// <summary>What it bore; null until the money is there.</summary>
    public Money? Fee { get; init; }
    public long? RuleId { get; init; }

    /// <summary>Promised while it is open, given once it is paid.</summary>
    public Money Bonus { get; init; }

    /// <summary>The code of the channel that took the money.</summary>
    public string? Channel { get; init; }
    public TopUpState State { get; init; }
    public string AskedBy { get; init; } = "";
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset ExpiresAt { get; init; }
    public DateTimeOffset? PaidAt { get; init; }

    public PaymentId Payment => new(Id);
    public string No => PublicId.Encode(Id);

    /// <summary>What the merchant bears at most.</summary>
    public Money FeeMax => ChannelFees.At(Amount, FeeBps);
}

/// <summary>What became of a wish to top up.</summary>
public abstract record TopUpDecision
{
    private TopUpDecision() { }

    public sealed record Done(TopUp Value, bool IsReplay) : TopUpDecision;

    public sealed record Refused(IReadOnlyList<FieldError> Errors) : TopUpDecision;
}
