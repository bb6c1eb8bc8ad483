using Lianka.Kernel;
using Lianka.Modules.Agents;

namespace Lianka.Modules.Reviews;

public enum ReviewStatus { Shown, Waiting, Hidden }

/// <summary>What the buyer of an order says of what came.</summary>
public sealed record Review
{
    public OrderId OrderId { get; init; }
    public StorefrontId StorefrontId { get; init; }
    public MerchantId MerchantId { get; init; }
    public ProductId ProductId { get; init; }
    public SkuId SkuId { get; init; }

    /// <summary>1 to 5.</summary>
    public long Stars { get; init; }

    /// <summary>May be empty: stars alone are a review.</summary>
    public string Text { get; init; } = "";
    public ReviewStatus State { get; init; }

    /// <summary>Why a person of the operator showed or hid it.</summary>
    public string Reason { get; init; } = "";
    public string DecidedBy { get; init; } = "";

    /// <summary>Everything of the order was given back since: it is marked, and does not count.</summary>
    public DateTimeOffset? RefundedAt { get; init; }

    /// <summary>The merchant's, written once.</summary>
    public string Answer { get; init; } = "";
    public DateTimeOffset? AnsweredAt { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? ChangedAt { get; init; }

    /// <summary>Goes up when the buyer changes it.</summary>
    public long Version { get; init; } = 1;

    /// <summary>Others see it, and its stars are in the average.</summary>
    public bool Counts => State == ReviewStatus.Shown && RefundedAt is null;
}

/// <summary>Why a review is not taken, whatever it says.</summary>
public enum ReviewBar
{
    /// <summary>There are no goods to judge (yet).</summary>
    NotDelivered,

    /// <summary>All of it was given back.</summary>
    Refunded,

    /// <summary>Hidden by the operator: changing it would show it again.</summary>
    Hidden,

    /// <summary>Written too long ago to be changed.</summary>
    TooOld,
}

public abstract record ReviewDecision
{
    private ReviewDecision() { }

    public sealed record Saved(Review Review) : ReviewDecision;

    public sealed record Refused(IReadOnlyList<FieldError> Errors) : ReviewDecision;

    public sealed record Barred(ReviewBar Why) : ReviewDecision;

    /// <summary>There is no such order, or no such review, for whoever asks.</summary>
    public sealed record Missing : ReviewDecision;
}

/// <summary>How many reviews count, and the sum of their stars.</summary>
public sealed record Rating(long Count, long Stars)
{
    /// <summary>The average in tenths of a star, half up: 4.25 is 43. Zero when nothing counts.</summary>
    /// <remarks>Held by: tests/Unit/Reviews/ReviewExamples.cs.</remarks>
    public long Tenths => Count == 0 ? 0 : (20 * Stars + Count) / (2 * Count);

    /// <summary>For example <c>4.3</c>.</summary>
    public string Average => $"{Tenths / 10}.{Tenths % 10}";
}
