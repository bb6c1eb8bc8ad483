using Lianka.Kernel;

namespace Lianka.Modules.Orders;

/// <summary>How a purchase at a supplier's stands: <c>queued → sent → accepted → succeeded | failed | unknown</c>.</summary>
/// <remarks>Unknown is never bought again; it is asked for until it is known, and after a while a person is asked too.</remarks>
public enum PurchaseState : short { Queued = 1, Sent = 2, Accepted = 3, Succeeded = 4, Failed = 5, Unknown = 6 }

/// <summary>What is bought from a supplier for one fulfilment of an order.</summary>
public sealed record Purchase
{
    /// <summary>Our own number for it, the same whenever the supplier is told of it.</summary>
    public required long Id { get; init; }
    public required OrderId OrderId { get; init; }
    public required long No { get; init; }
    public required SkuId SkuId { get; init; }
    public required SupplyId SupplyId { get; init; }
    public required SupplierId SupplierId { get; init; }

    /// <summary>Null: people deliver it by hand.</summary>
    public long? ConnectionId { get; init; }
    public required long Count { get; init; }
    public required Money UnitCost { get; init; }

    /// <summary>Why this supply, in the router's own form.</summary>
    public string Route { get; init; } = "";
    public required PurchaseState State { get; init; }

    /// <summary>It may be told together with other small ones.</summary>
    public bool Merges { get; init; }

    /// <summary>Our number for what was told of several purchases as one; null: it is told by itself.</summary>
    public long? BatchId { get; init; }

    /// <summary>Our number of it as the supplier knows it.</summary>
    public string OwnNo => PublicId.Encode(BatchId ?? Id);
    public long Tries { get; init; }
    public DateTimeOffset? DueAt { get; init; }
    public string? UpstreamNo { get; init; }
    public string? Fault { get; init; }
    public string? Detail { get; init; }

    /// <summary>The supplier's words for the buyer.</summary>
    public string? Receipt { get; init; }

    /// <summary>What the supplier took for it in all; null: it did not say.</summary>
    public Money? Charged { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? SentAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public DateTimeOffset? AskedAt { get; init; }
    public bool IsOpen => State is PurchaseState.Queued or PurchaseState.Sent or PurchaseState.Accepted or PurchaseState.Unknown;
}

/// <summary>A case that a person has to settle, with the money as we and as the supplier see it.</summary>
public sealed record PurchaseCase
{
    public required long Id { get; init; }
    public required long PurchaseId { get; init; }
    public required OrderId OrderId { get; init; }

    /// <summary><c>unknown</c>, <c>slow</c>, <c>by_hand</c>, <c>late_success</c>, <c>overcharged</c>, <c>reversed</c>, <c>duplicate_cards</c>.</summary>
    public required string Kind { get; init; }
    public required Money Ours { get; init; }
    public Money? Theirs { get; init; }
    public string Detail { get; init; } = "";
    public required DateTimeOffset OpenedAt { get; init; }
    public DateTimeOffset? ClosedAt { get; init; }
    public string? ClosedBy { get; init; }
    public string Note { get; init; } = "";
}
