using Lianka.Kernel;

namespace Lianka.Modules.TopUps;

/// <summary>"Charge 100, get 10": from an amount on so much, or so many basis points of it; one of the two is zero.</summary>
public sealed record BonusStep
{
    public Money FromAmount { get; init; }
    public Money Bonus { get; init; }
    public long Bps { get; init; }
}

/// <summary>What merchants get on top of a top-up, for a time and up to a budget.</summary>
public sealed record BonusRule
{
    public long Id { get; init; }
    public string NameZh { get; init; } = "";
    public string NameEn { get; init; } = "";
    public DateTimeOffset FromAt { get; init; }

    /// <summary>The first moment at which it promises nothing more.</summary>
    public DateTimeOffset ToAt { get; init; }

    /// <summary>For how many top-ups one merchant gets it; null: for all.</summary>
    public long? TimesMax { get; init; }

    /// <summary>How much one merchant gets of it in all; null: no limit.</summary>
    public Money? TotalMax { get; init; }
    public Money Budget { get; init; }

    /// <summary>Promised and given.</summary>
    public Money Used { get; init; }
    public string MadeBy { get; init; } = "";
    public DateTimeOffset MadeAt { get; init; }

    /// <summary>Ended by a person before its time.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>By amount, the smallest first.</summary>
    public IReadOnlyList<BonusStep> Steps { get; init; } = [];

    public string No => PublicId.Encode(Id);
}

/// <summary>What a form says about a rule, unchecked. Times and limits may be empty.</summary>
/// <param name="Steps">One a line: an amount, a space, and an amount or a percentage: <c>100 10</c>, <c>500 8%</c>.</param>
public sealed record BonusDraft(
    string NameZh, string NameEn, string Steps, DateTimeOffset From, DateTimeOffset To, string TimesMax, string TotalMax, string Budget);

public abstract record BonusDecision
{
    private BonusDecision() { }

    public sealed record Saved(BonusRule Value) : BonusDecision;

    public sealed record Refused(IReadOnlyList<FieldError> Errors) : BonusDecision;
}
