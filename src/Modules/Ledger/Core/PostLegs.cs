using Lianka.Kernel;

namespace Lianka.Modules.Ledger.Core;

/// <summary>A leg with the running balances it leaves; null on folded accounts.</summary>
internal sealed record AppliedLeg(Leg Leg, Money? DebitAfter, Money? CreditAfter);

internal abstract record LegsDecision
{
    private LegsDecision() { }

    /// <param name="Balances">The new running balance of each limited account that was touched.</param>
    public sealed record Applied(IReadOnlyList<AppliedLeg> Legs, IReadOnlyDictionary<AccountId, Money> Balances) : LegsDecision;

    /// <summary>A debit would leave less than the account's limit allows.</summary>
    public sealed record Short(AccountId Account) : LegsDecision;
}

/// <summary>The rule of posting: what legs do to the accounts as they stand.</summary>
/// <remarks>Held by: tests/Unit/Ledger/PostLegsExamples.cs and PostLegsProperties.cs.</remarks>
internal static class PostLegs
{
    /// <summary>Applies the legs in order, or refuses all of them at the first debit that is not covered at its turn.</summary>
    /// <exception cref="ArgumentException">The caller made a posting that no input of a user may lead to.</exception>
    public static LegsDecision Decide(IReadOnlyDictionary<AccountId, Account> accounts, IReadOnlyList<Leg> legs)
    {
        if (legs.Count == 0) throw new ArgumentException("A posting needs a leg.", nameof(legs));
        var balances = new Dictionary<AccountId, Money>();
        var applied = new List<AppliedLeg>(legs.Count);
        foreach (var leg in legs)
        {
            var (debit, credit) = (Of(leg.Debit), Of(leg.Credit));
            Check(leg, debit, credit);
            var left = Balance(debit) - leg.Amount;
            // An account below its limit (its credit line was lowered) may be paid in, not drawn on.
            if (debit.Floor is { } floor && left - debit.Held < new Money(floor, left.Currency))
                return new LegsDecision.Short(debit.Id);
            applied.Add(new AppliedLeg(leg, Keep(debit, left), Keep(credit, Balance(credit) + leg.Amount)));
        }

        return new LegsDecision.Applied(applied, balances);

        Account Of(AccountId id) => accounts.TryGetValue(id, out var account)
            ? account
            : throw new ArgumentException($"The account {id} does not exist.", nameof(legs));
        Money Balance(Account account) => balances.TryGetValue(account.Id, out var now) ? now : account.Balance;
        Money? Keep(Account account, Money balance)
        {
            if (!account.IsLimited) return null;
            balances[account.Id] = balance;
            return balance;
        }
    }

    private static void Check(Leg leg, Account debit, Account credit)
    {
        if (!leg.Amount.IsPositive) throw new ArgumentException($"A leg moves a positive amount, not {leg.Amount}.", nameof(leg));
        // Computed from one loaded balance, the credit would overwrite the debit and money would be made.
        if (leg.Debit == leg.Credit) throw new ArgumentException("A leg moves money between two accounts.", nameof(leg));
        if (leg.Amount.Currency != debit.Balance.Currency || leg.Amount.Currency != credit.Balance.Currency)
            throw new ArgumentException($"A leg of {leg.Amount.Currency} cannot join accounts of another currency.", nameof(leg));
    }
}
