using Lianka.Kernel;

namespace Lianka.Modules.Ledger;

/// <summary>The kinds of account (domain.md, "Money"). A channel's clearing account is <c>clearing:NAME</c>.</summary>
public static class AccountKinds
{
    public const string Wallet = "wallet";
    public const string Escrow = "escrow";
    public const string CommissionPending = "commission_pending";
    public const string CommissionAvailable = "commission_available";
    public const string Payable = "payable";
    public const string Deposit = "deposit";
    public const string Receivable = "receivable";
    public const string Promotion = "promotion";
    public const string Revenue = "revenue";
    public const string Fees = "fees";
    public const string Marketing = "marketing";
    public const string Bonus = "bonus";
    public const string Loss = "loss";
    public const string Suspense = "suspense";
    public const string Rounding = "rounding";
    public const string Payout = "payout";
    public const string Withdrawal = "withdrawal";
    public const string Settling = "settling";

    public static string Clearing(string channel) => $"clearing:{channel}";

    /// <summary>Accounts that carry an exact running balance under their row lock; the others are folded.</summary>
    public static bool IsLimited(string kind) => kind is Wallet or CommissionPending or CommissionAvailable
        or Payable or Deposit or Receivable or Promotion or Bonus;
}

/// <summary>Parties that own accounts without being a row elsewhere.</summary>
public static class Parties
{
    /// <summary>The platform itself: revenue, fees, clearing and the like.</summary>
    public const long Platform = 0;
}

/// <summary>An account as one transaction sees it, locked.</summary>
/// <param name="Floor">Lowest balance less held that a debit may leave; null: no limit.</param>
/// <param name="Balance">Running balance (limited accounts) or the folded part of it (others). Credit is positive.</param>
public sealed record Account(AccountId Id, string Kind, long PartyId, bool IsLimited, long? Floor, Money Balance, Money Held)
{
    /// <summary>What a debit may take at most; null where there is no limit.</summary>
    public Money? Available => Floor is { } floor ? Balance - Held - new Money(floor) : null;
}

/// <summary>One movement of money inside a posting. The amount is positive.</summary>
public sealed record Leg(AccountId Debit, AccountId Credit, Money Amount, string Kind, OrderId? Order = null);

/// <summary>A balanced ledger transaction that is not an order's own. Its legs are applied in order.</summary>
/// <param name="Key">Makes a repeated request the same posting; unique for ever. Null: not repeatable.</param>
public sealed record Posting(string Kind, string Actor, IReadOnlyList<Leg> Legs, string? Reason = null, string? Key = null);

public abstract record PostDecision
{
    private PostDecision() { }

    /// <param name="IsReplay">The key had been posted before; nothing was moved now.</param>
    public sealed record Posted(PostingId Id, bool IsReplay) : PostDecision;
    public sealed record InsufficientFunds(AccountId Account) : PostDecision;

    /// <summary>The key was used before for another content.</summary>
    public sealed record KeyConflict : PostDecision;
}
