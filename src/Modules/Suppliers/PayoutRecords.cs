using Lianka.Kernel;
using Lianka.Modules.Payouts;

namespace Lianka.Modules.Suppliers;

/// <summary>Money that a supplier asked for, from its payable to its bank account.</summary>
public sealed record Payout : BankPayout
{
    public SupplierId SupplierId { get; init; }
    public long BankId { get; init; }
    public long? BatchId { get; init; }
}

public abstract record PayoutDecision
{
    private PayoutDecision() { }

    /// <param name="IsReplay">It had been done before; nothing was moved now.</param>
    public sealed record Done(Payout Payout, bool IsReplay) : PayoutDecision;
    public sealed record Refused(IReadOnlyList<FieldError> Errors) : PayoutDecision;
    public sealed record Missing : PayoutDecision;
}

/// <summary>The bank account in use, as far as it may be shown.</summary>
public sealed record BankInUse
{
    public long Id { get; init; }
    public string Tail { get; init; } = "";
    public DateTimeOffset MadeAt { get; init; }
}

/// <summary>What is payable to a supplier by how long it has been so, and what is on its way to the bank.</summary>
/// <param name="Days7">Released at most seven days ago, and not paid since. Payouts take the oldest money first.</param>
public sealed record PayableAgeing(Money Days7, Money Days30, Money Older, Money InTransit, Money Paid)
{
    public Money Available => Days7 + Days30 + Older;
}
