using Lianka.Kernel;

namespace Lianka.Modules.Compliance;

/// <summary>Who stands behind a party. The numbers stand in the database.</summary>
public enum RealNameKind
{
    Person = 1,
    Company = 2,
}

public enum RealNameState
{
    Waiting = 1,

    /// <summary>By a person of the operator; at most one of a party.</summary>
    Verified = 2,
    Refused = 3,

    /// <summary>A later one took its place.</summary>
    Replaced = 4,
}

/// <summary>A real name as a party enters it.</summary>
/// <param name="Number">Of the identity card, or the unified social credit code.</param>
public sealed record RealNameDraft(RealNameKind Kind, string Name, string Number);

/// <summary>A real name as far as it may be shown: its number stays sealed.</summary>
public sealed record RealName
{
    public long Id { get; init; }
    public long PartyId { get; init; }
    public RealNameKind Kind { get; init; }
    public string Name { get; init; } = "";

    /// <summary>The last four characters of the number.</summary>
    public string Tail { get; init; } = "";
    public RealNameState State { get; init; }
    public string AskedBy { get; init; } = "";
    public DateTimeOffset AskedAt { get; init; }
    public string? DecidedBy { get; init; }
    public DateTimeOffset? DecidedAt { get; init; }

    /// <summary>Why it was refused.</summary>
    public string? Reason { get; init; }

    /// <summary>Other parties that gave the same number, waiting or verified.</summary>
    public long Others { get; init; }

    /// <summary>True when an account of this holder is of this person or company. Spaces, width and case do not tell names apart.</summary>
    public bool IsOf(string holder) => Core.RealNameRules.Compared(holder) == Core.RealNameRules.Compared(Name);
}

public abstract record RealNameDecision
{
    private RealNameDecision() { }

    public sealed record Done(RealName Name) : RealNameDecision;
    public sealed record Refused(IReadOnlyList<FieldError> Errors) : RealNameDecision;
    public sealed record Missing : RealNameDecision;
}
