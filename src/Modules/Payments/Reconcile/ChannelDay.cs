using Lianka.Kernel;
using Lianka.Modules.Payments.Core;

namespace Lianka.Modules.Payments;

public enum ChannelDayState
{
    /// <summary>For the channel's statement.</summary>
    Waiting,

    /// <summary>The statement is here; something is different, or may still be settled by the next day's.</summary>
    Open,

    /// <summary>Statement, payments and ledger agree, and the proof is written.</summary>
    Closed,
}

/// <summary>A channel's day of China's calendar: its statement against our books. Sums are of the last comparison.</summary>
public sealed record ChannelDay
{
    public long ChannelId { get; init; }

    /// <summary>YYYY-MM-DD.</summary>
    public string Day { get; init; } = "";
    public ChannelDayState State { get; init; }
    public DateTimeOffset DueAt { get; init; }

    /// <summary>How often the statement was asked for in vain, and why the last time.</summary>
    public long Tries { get; init; }
    public string Fault { get; init; } = "";
    public DateTimeOffset? FetchedAt { get; init; }

    /// <summary>Payments and refunds that may stand in the next day's statement.</summary>
    public long InFlight { get; init; }
    public long Lines { get; init; }

    /// <summary>What the channel took, gave back and kept, by its statement.</summary>
    public Money Paid { get; init; }
    public Money Back { get; init; }
    public Money Fees { get; init; }

    /// <summary>The same, paid less given back, by our payments and by the ledger.</summary>
    public Money Ours { get; init; }
    public Money Ledger { get; init; }

    /// <summary>What persons booked of the differences.</summary>
    public Money Booked { get; init; }
    public long Differences { get; init; }
    public string? Proof { get; init; }
    public DateTimeOffset? ClosedAt { get; init; }
    public string? ClosedBy { get; init; }

    public Money Net => Paid - Back;
    public bool Agrees => Net == Ledger + Booked;
}

/// <summary>What about payments only a person can settle.</summary>
public sealed record PaymentCase
{
    public long Id { get; init; }
    public string Kind { get; init; } = "";
    public long? ChannelId { get; init; }
    public long? PaymentId { get; init; }
    public long? AttemptId { get; init; }

    /// <summary>The order that the payment is for; only in lists.</summary>
    public OrderId? OrderId { get; init; }
    public long? RefundId { get; init; }

    /// <summary>The money in our books and as the channel says. Of a difference of a day, what went back is below zero.</summary>
    public Money? Ours { get; init; }
    public Money? Theirs { get; init; }
    public string Detail { get; init; } = "";
    public string? Day { get; init; }
    public long? LineId { get; init; }
    public string Resolution { get; init; } = "";

    /// <summary>Who wants it written off; another person has to agree.</summary>
    public string? AskedBy { get; init; }
    public DateTimeOffset OpenedAt { get; init; }
    public DateTimeOffset? ClosedAt { get; init; }
    public string? ClosedBy { get; init; }
    public string Note { get; init; } = "";
    public string About { get; init; } = "";

    /// <summary>How it goes back to whoever paid it; null: it does not. Only in lists.</summary>
    public RefundState? Return { get; init; }

    /// <summary>How much more the channel owes us than our books say; below zero: how much less.</summary>
    public Money Gain => (Theirs ?? Money.Zero) - (Ours ?? Money.Zero);

    /// <summary>It is about money between the statement and the ledger, so that booking or writing off settles it.</summary>
    public bool IsDifference => Day is not null || Kind == ChargeBack;

    public const string ChargeBack = "charge_back";

    /// <summary>A refund that the channel refuses; ended by <see cref="RefundDesk"/>.</summary>
    public const string RefundFailed = "refund_failed";
}

/// <summary>What became of something that a person does in reconciliation.</summary>
public abstract record ReconcileDecision
{
    private ReconcileDecision() { }

    /// <param name="IsAsked">It waits for the second person.</param>
    public sealed record Done(bool IsAsked = false) : ReconcileDecision;

    public sealed record Refused(FieldError Error) : ReconcileDecision;

    public sealed record Missing : ReconcileDecision;

    internal static Refused No(string field, string code, string en, string zh) => new(new FieldError(field, code, en, zh));
}
