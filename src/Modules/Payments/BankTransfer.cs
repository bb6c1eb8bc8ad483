using Lianka.Kernel;

namespace Lianka.Modules.Payments;

public enum BankTransferState
{
    /// <summary>Nobody has confirmed that the money is at the bank.</summary>
    Open,
    Paid,

    /// <summary>It is not waited for any more; money that comes all the same is confirmed as any.</summary>
    Closed,
}

/// <summary>An attempt that is paid by a transfer to the platform's bank account.</summary>
public sealed record BankTransfer
{
    public long AttemptId { get; init; }
    public PaymentId PaymentId { get; init; }
    public long ChannelId { get; init; }

    /// <summary>What the payer writes into the transfer: eight digits.</summary>
    public string Reference { get; init; } = "";
    public Money Amount { get; init; }
    public BankTransferState State { get; init; }

    /// <summary>The last picture of a receipt that the payer sent.</summary>
    public long? SlipId { get; init; }
    public long Slips { get; init; }

    /// <summary>Why that slip was refused; empty: it was not.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The bank's number of the receipt.</summary>
    public string? BankNo { get; init; }

    /// <summary>Who confirmed first, where two persons must.</summary>
    public string? FirstBy { get; init; }
    public string? PaidBy { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? SentAt { get; init; }
    public DateTimeOffset? PaidAt { get; init; }

    /// <summary>What the payment is for.</summary>
    public string Purpose { get; init; } = "";
    public OrderId? OrderId { get; init; }

    public string No => PublicId.Encode(AttemptId);

    /// <summary>A person has to look at its slip.</summary>
    public bool IsToBeChecked => State != BankTransferState.Paid && SlipId is not null && Reason.Length == 0;
}

/// <summary>Money of a bank transfer that a person has to pay back.</summary>
public sealed record BankRefund
{
    public long Id { get; init; }
    public long AttemptId { get; init; }
    public Money Amount { get; init; }
    public string Reference { get; init; } = "";

    /// <summary>Under which number the money came.</summary>
    public string? BankNo { get; init; }
    public DateTimeOffset CreatedAt { get; init; }

    public string No => PublicId.Encode(Id);
}

/// <summary>A picture of a receipt, opened.</summary>
public sealed record BankSlip(string MediaType, byte[] Content);

/// <summary>What became of something that was done about a transfer.</summary>
public abstract record BankDecision
{
    private BankDecision() { }

    /// <param name="IsFirst">Another person has to confirm as well.</param>
    public sealed record Done(bool IsFirst = false) : BankDecision;

    public sealed record Refused(FieldError Error) : BankDecision;

    public sealed record Missing : BankDecision;
}
