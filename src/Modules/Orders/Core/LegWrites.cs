using Lianka.Kernel;
using Lianka.Modules.Ledger;

namespace Lianka.Modules.Orders.Core;

/// <summary>Movements with the running balances they leave, ready to be written in bulk.</summary>
internal sealed record PostedLegs(IReadOnlyList<TransferRow> Transfers, IReadOnlyList<(AccountId Account, Money Balance)> Balances);

internal static class LegWrites
{
    /// <summary>Applies legs in order to locked accounts.</summary>
    /// <exception cref="InvalidOperationException">An account would break its limit: the plan was wrong, nothing is written.</exception>
    public static PostedLegs Apply(IEnumerable<Leg> legs, IReadOnlyDictionary<AccountId, Account> accounts, PostingId posting, DateTimeOffset now)
    {
        var balances = new Dictionary<AccountId, Money>();
        var rows = new List<TransferRow>();
        foreach (var leg in legs)
        {
            rows.Add(new TransferRow(posting, leg.Kind, leg.Debit, leg.Credit, leg.Amount,
                Change(leg.Debit, -leg.Amount), Change(leg.Credit, leg.Amount), leg.Order, now));
        }

        return new PostedLegs(rows, [.. balances.Select(b => (b.Key, b.Value))]);

        Money? Change(AccountId id, Money by)
        {
            var account = accounts[id];
            if (!account.IsLimited) return null;
            var balance = balances.GetValueOrDefault(id, account.Balance) + by;
            if (by.IsNegative && account.Floor is { } floor && balance - account.Held < new Money(floor))
                throw new InvalidOperationException($"A {account.Kind} account would break its limit.");
            balances[id] = balance;
            return balance;
        }
    }
}
