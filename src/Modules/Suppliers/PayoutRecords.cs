using Lianka.Kernel;

namespace Lianka.Modules.Suppliers;

/// <summary>How far a payout has come. The numbers stand in the database.</summary>
public enum PayoutState
{
    Requested = 1,
    ApprovedOnce = 2,

    /// <summary>By two persons; the next batch takes it.</summary>
    Approved = 3,
    InBatch = 4,
    Paid = 5,
    Refused = 6,

    /// <summary>The bank sent it back; the money is payable again.</summary>
    Failed = 7,
}

/// <summary>Money that a supplier asked for, from its payable to its bank account.</summary>
public sealed record Payout
{
    public long Id { get; init; }
    public SupplierId SupplierId { get; init; }
    public long BankId { get; init; }

    /// <summary>The last digits of the bank account.</summary>
    public string Tail { get; init; } = "";
    public Money Amount { get; init; }
    public PayoutState State { get; init; }
    public string Key { get; init; } = "";

    /// <summary>Persons, by their number.</summary>
    public long AskedBy { get; init; }
    public DateTimeOffset AskedAt { get; init; }
    public long? FirstBy { get; init; }
    public DateTimeOffset? FirstAt { get; init; }
    public long? SecondBy { get; init; }
    public DateTimeOffset? SecondAt { get; init; }
    public long? BatchId { get; init; }
    public string? BankReference { get; init; }

    /// <summary>Why it was refused or failed.</summary>
    public string? Reason { get; init; }
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Its number as people and banks see it: 13 characters.</summary>
    public string No => PublicId.Encode(Id);
}

public abstract record PayoutDecision
{
    private PayoutDecision() { }

    /// <param name="IsReplay">It had been done before; nothing was moved now.</param>
    public sealed record Done(Payout Payout, bool IsReplay) : PayoutDecision;
    public sealed record Refused(IReadOnlyList<FieldError> Errors) : PayoutDecision;
    public sealed record Missing : PayoutDecision;
}

/// <summary>A bank account as a supplier gives it.</summary>
public sealed record BankDraft
{
    public string Holder { get; init; } = "";
    public string Bank { get; init; } = "";

    /// <summary>Digits; spaces between them are taken out.</summary>
    public string Number { get; init; } = "";
}

/// <summary>The bank account in use, as far as it may be shown.</summary>
public sealed record BankInUse
{
    public long Id { get; init; }
    public string Tail { get; init; } = "";
    public DateTimeOffset MadeAt { get; init; }
}

/// <summary>Payouts that go to the bank in one file.</summary>
public sealed record PayoutFile
{
    public long Id { get; init; }
    public long MadeBy { get; init; }
    public DateTimeOffset MadeAt { get; init; }
    public long Payouts { get; init; }
    public Money Total { get; init; }

    /// <summary>Of them without a result from the bank.</summary>
    public long Open { get; init; }
    public string No => PublicId.Encode(Id);
}

/// <summary>What became of one row of the bank's results.</summary>
/// <param name="Row">As counted in the file; the header is row 1.</param>
/// <param name="Error">Null when it was taken; the same result twice is taken once and is no error.</param>
public sealed record BankResult(int Row, string No, string Result, bool IsReplay, FieldError? Error);

/// <summary>What is payable to a supplier by how long it has been so, and what is on its way to the bank.</summary>
/// <param name="Days7">Released at most seven days ago, and not paid since. Payouts take the oldest money first.</param>
public sealed record PayableAgeing(Money Days7, Money Days30, Money Older, Money InTransit, Money Paid)
{
    public Money Available => Days7 + Days30 + Older;
}
