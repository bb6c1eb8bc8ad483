namespace Lianka.Modules.Suppliers;

public enum ContractState { Waiting, Accepted, Declined, Withdrawn }

/// <summary>What the operator offers a supplier, as typed.</summary>
public sealed record ContractDraft
{
    /// <summary>The first moment at which it holds.</summary>
    public DateTimeOffset From { get; init; }
    public string CommissionBps { get; init; } = "0";
    public string HoldSeconds { get; init; } = "0";

    /// <summary>Separated by commas; empty: anywhere.</summary>
    public string Regions { get; init; } = "";

    /// <summary>Slugs of goods that only this supplier supplies, separated by commas.</summary>
    public string Products { get; init; } = "";
    public string Note { get; init; } = "";
}

/// <summary>A version of what is agreed with a supplier. A row is never changed but for its state.</summary>
public sealed record Contract
{
    public long Id { get; init; }
    public SupplierId SupplierId { get; init; }

    /// <summary>Holds from then on, or from its acceptance when that is later, until the next version.</summary>
    public DateTimeOffset From { get; init; }

    /// <summary>Taken from the cost of each unit that is drawn from stock or delivered by hand.</summary>
    public long CommissionBps { get; init; }
    public long HoldSeconds { get; init; }
    public string Regions { get; init; } = "";

    /// <summary>Ids, separated by commas.</summary>
    public string Products { get; init; } = "";
    public string Note { get; init; } = "";
    public ContractState State { get; init; }
    public string MadeBy { get; init; } = "";
    public DateTimeOffset MadeAt { get; init; }
    public string AnsweredBy { get; init; } = "";
    public DateTimeOffset? AnsweredAt { get; init; }

    public IReadOnlyList<ProductId> ProductIds =>
        [.. Products.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(p => ProductId.TryParse(p, out var id) ? id : throw new FormatException(p))];
}
