using Lianka.Modules.Catalog;

namespace Lianka.Modules.Agents;

/// <summary>Which goods: each part that is given narrows the choice.</summary>
public sealed record GoodsChoice
{
    /// <summary>As in a search.</summary>
    public string Words { get; init; } = "";

    /// <summary>Slugs; none: all.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>Marked rows; none: all.</summary>
    public IReadOnlyList<SkuId> Skus { get; init; } = [];

    /// <summary>Leaves prices that stand already as they are.</summary>
    public bool KeepsOwn { get; init; }
}

/// <summary>One press of a button over chosen goods.</summary>
public abstract record ChosenWork : BulkWork
{
    public required GoodsChoice Choice { get; init; }

    /// <summary>The name of the file that has the prices; null: a rule makes them.</summary>
    public string? File { get; init; }

    /// <summary>Titles of columns of the file that were not looked at.</summary>
    public IReadOnlyList<string> Ignored { get; init; } = [];
}
