using Lianka.Kernel;

namespace Lianka.Modules.Payouts;

/// <summary>How far money on its way to somebody's bank has come. The numbers stand in the database.</summary>
public enum PayoutState
{
    Requested = 1,
    ApprovedOnce = 2,

    /// <summary>By as many persons as it needs; the next file takes it.</summary>
    Approved = 3,
    InBatch = 4,
    Paid = 5,
    Refused = 6,

    /// <summary>The bank sent it back; whoever asked for the money has it again.</summary>
    Failed = 7,

    /// <summary>Whoever asked for it changed their mind before anybody approved it.</summary>
    TakenBack = 8,
}

/// <summary>Money on its way to somebody's bank account, whoever it is taken from.</summary>
public abstract record BankPayout
{
    public long Id { get; init; }
    public Money Amount { get; init; }
    public PayoutState State { get; init; }

    /// <summary>The last characters of the account it goes to.</summary>
    public string Tail { get; init; } = "";

    /// <summary>Who asked's own; the same key with the same content is the same payout.</summary>
    public string Key { get; init; } = "";

    /// <summary>Persons, by their number.</summary>
    public long AskedBy { get; init; }
    public DateTimeOffset AskedAt { get; init; }
    public long? FirstBy { get; init; }
    public DateTimeOffset? FirstAt { get; init; }
    public long? SecondBy { get; init; }
    public DateTimeOffset? SecondAt { get; init; }
    public string? BankReference { get; init; }

    /// <summary>Why it was refused or failed.</summary>
    public string? Reason { get; init; }
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Its number as people and banks see it: 13 characters.</summary>
    public string No => PublicId.Encode(Id);
}

/// <summary>Who may do what with money on its way to a bank.</summary>
/// <remarks>Held by: tests/Unit/Payouts/ApprovalExamples.cs.</remarks>
public static class Approvals
{
    /// <summary>The state after one more approval; null with an error where there cannot be one.</summary>
    /// <param name="needed">How many persons: 1 or 2. None of them asked for it, and no two are the same.</param>
    public static (PayoutState? Next, FieldError? Error) Next(BankPayout payout, int needed, long person) => payout.State switch
    {
        PayoutState.Requested or PayoutState.ApprovedOnce when payout.AskedBy == person =>
            (null, new("payout", "own_request", "Who asked for it cannot approve it.", "申请人不能审批自己的申请。")),
        PayoutState.ApprovedOnce when payout.FirstBy == person =>
            (null, new("payout", "same_person", "A second person must approve it.", "需要另一个人复核。")),
        PayoutState.Requested => (needed > 1 ? PayoutState.ApprovedOnce : PayoutState.Approved, null),
        PayoutState.ApprovedOnce => (PayoutState.Approved, null),
        _ => (null, Settled),
    };

    /// <summary>Until it stands in a file for the bank it can be refused.</summary>
    public static FieldError? Refuse(BankPayout payout, string reason) =>
        payout.State is not (PayoutState.Requested or PayoutState.ApprovedOnce or PayoutState.Approved) ? Settled
        : reason.Length is 0 or > 200 ? new("reason", "required", "Say why, in at most 200 characters.", "请写明原因，最多 200 个字符。") : null;

    /// <summary>Until somebody has approved it, it can be taken back by whom it belongs to.</summary>
    public static FieldError? TakeBack(BankPayout payout) => payout.State == PayoutState.Requested ? null : Settled;

    /// <summary>Whether the bank's word can be taken: of what is in a file, once; what it said before is a replay, and the contrary is for people.</summary>
    public static (bool IsReplay, FieldError? Error) Result(BankPayout payout, bool isPaid)
    {
        var isReplay = payout.State == (isPaid ? PayoutState.Paid : PayoutState.Failed);
        return (isReplay, isReplay || payout.State == PayoutState.InBatch ? null : Settled);
    }

    private static FieldError Settled { get; } = new("payout", "wrong_state", "Its state does not allow this any more.", "当前状态已不能这样操作。");
}
