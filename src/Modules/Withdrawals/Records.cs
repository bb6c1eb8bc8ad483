using Lianka.Kernel;
using Lianka.Modules.Payouts;

namespace Lianka.Modules.Withdrawals;

/// <summary>What a withdrawal is taken from. The numbers stand in the database.</summary>
public enum WithdrawalSource
{
    Wallet = 1,

    /// <summary>Commission past the dispute window.</summary>
    Commission = 2,
}

/// <summary>What kind of account the money goes to. The numbers stand in the database.</summary>
public enum PayeeKind
{
    Bank = 1,
    Alipay = 2,
}

/// <summary>Where a merchant wants its money, as it enters it.</summary>
/// <param name="Bank">Bank and branch; of an Alipay account nothing.</param>
/// <param name="Number">Digits of a bank account; the phone or e-mail address of an Alipay account.</param>
public sealed record PayeeDraft(PayeeKind Kind, string Holder, string Bank, string Number);

/// <summary>Where a merchant's money goes, as far as it may be shown.</summary>
public sealed record Payee
{
    public long Id { get; init; }
    public MerchantId MerchantId { get; init; }
    public PayeeKind Kind { get; init; }
    public string Holder { get; init; } = "";
    public string Bank { get; init; } = "";

    /// <summary>The last characters of the account.</summary>
    public string Tail { get; init; } = "";
    public DateTimeOffset MadeAt { get; init; }
}

/// <summary>Money that a merchant asked for, from its wallet or commission to its payee.</summary>
public sealed record Withdrawal : BankPayout
{
    public MerchantId MerchantId { get; init; }
    public long PayeeId { get; init; }
    public PayeeKind PayeeKind { get; init; }
    public WithdrawalSource Source { get; init; }

    /// <summary>What the platform keeps of the amount; frozen at the request.</summary>
    public Money Fee { get; init; }
    public Money Net => Amount - Fee;

    /// <summary>How many persons must approve it: 1 or 2.</summary>
    public long Approvals { get; init; }
    public long? FileId { get; init; }
}

public abstract record WithdrawalDecision
{
    private WithdrawalDecision() { }

    /// <param name="IsReplay">It had been done before; nothing was moved now.</param>
    public sealed record Done(Withdrawal Withdrawal, bool IsReplay) : WithdrawalDecision;
    public sealed record Refused(IReadOnlyList<FieldError> Errors) : WithdrawalDecision;
    public sealed record Missing : WithdrawalDecision;
}

/// <summary>How much may leave at once, in a day and in a calendar month of China.</summary>
public sealed record WithdrawalLimits(Money Each, Money Day, Money Month, long DayCount, long MonthCount);

/// <summary>The operator's rules for withdrawals.</summary>
public sealed record WithdrawalTerms
{
    /// <summary>The smallest withdrawal.</summary>
    public required Money Least { get; init; }

    /// <summary>Basis points of the amount, up to the next fen, and at least <see cref="FeeLeast"/>.</summary>
    public required long FeeBps { get; init; }
    public required Money FeeLeast { get; init; }

    /// <summary>Above this amount two persons approve.</summary>
    public required Money TwoPersonsAbove { get; init; }

    /// <summary>How long nothing leaves after a password, a log-in, the payee or the real name changed.</summary>
    public required long CoolDownHours { get; init; }

    /// <summary>By who stands behind the merchant.</summary>
    public required WithdrawalLimits Person { get; init; }
    public required WithdrawalLimits Company { get; init; }
}

/// <summary>How much a merchant may take out now, and why not more.</summary>
/// <param name="Free">Of the balance, what is neither held nor owed.</param>
/// <param name="Most">What one request may ask for now; zero while something is in the way.</param>
/// <param name="Blocks">What must be done or waited for first.</param>
/// <param name="Bounds">What keeps <paramref name="Most"/> below the balance.</param>
public sealed record Withdrawable(Money Balance, Money Free, Money Most, IReadOnlyList<FieldError> Blocks, IReadOnlyList<FieldError> Bounds);

/// <summary>Withdrawals that go to the bank, or to Alipay, in one file.</summary>
public sealed record WithdrawalFile(PayeeKind Kind, PayoutFile File);
