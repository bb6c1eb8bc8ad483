using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Ledger;

namespace Lianka.Modules.Orders.Core;

/// <summary>One party's part of one order, as its statement shows it.</summary>
internal sealed record SettlementLine(OrderId Order, long Party, SplitRole Role, AccountId Account, Money Amount);

/// <summary>A settlement of many orders, folded into one movement per account.</summary>
internal sealed record SettlementPlan(
    IReadOnlyList<SettlementLine> Lines, IReadOnlyList<Leg> Legs, IReadOnlyDictionary<MerchantId, Money> Commissions, Money Total);

/// <summary>Pays out escrow: thousands of orders, one change per account, every order still on every statement.</summary>
internal static class PlanSettlement
{
    /// <summary>Where a share goes. Commission waits for the dispute window, a supplier is paid at once.</summary>
    public static AccountName AccountOf(SplitShare share) => share.Role switch
    {
        SplitRole.Supplier => new(AccountKinds.Payable, share.PartyId),
        SplitRole.Ancestor or SplitRole.Merchant => new(AccountKinds.CommissionPending, share.PartyId),
        SplitRole.Fees => new(AccountKinds.Fees, Parties.Platform),
        SplitRole.Platform => new(AccountKinds.Revenue, Parties.Platform),
        _ => throw new InvalidOperationException($"Unknown role {share.Role}."),
    };

    /// <param name="orders">Escrowed, due, undisputed.</param>
    /// <param name="account">Finds the account of a name; every one needed exists.</param>
    /// <param name="owed">What a party owes (a positive amount), recovered first from what it earns now.</param>
    public static SettlementPlan Of(
        IReadOnlyList<Order> orders, Func<AccountName, AccountId> account, Func<long, Money> owed)
    {
        var settling = account(new(AccountKinds.Settling, Parties.Platform));
        var lines = new List<SettlementLine>(orders.Count * 4);
        var outOf = new SortedDictionary<AccountId, Money>();
        var into = new Dictionary<(AccountName Name, AccountId Id), Money>();
        var total = Money.Zero;
        foreach (var order in orders)
        {
            var sum = Money.Zero;
            foreach (var share in OrderShares.Of(order).Shares)
            {
                var name = AccountOf(share);
                var id = account(name);
                lines.Add(new SettlementLine(order.Id, share.PartyId, share.Role, id, share.Amount));
                into[(name, id)] = into.GetValueOrDefault((name, id)) + share.Amount;
                sum += share.Amount;
            }

            outOf[order.EscrowAccount] = outOf.GetValueOrDefault(order.EscrowAccount) + sum;
            total += sum;
        }

        // By way of one account that is empty again afterwards: n payers and m parties make n + m movements, not n × m.
        var legs = new List<Leg>(outOf.Count + into.Count);
        foreach (var (escrow, sum) in outOf) legs.Add(new Leg(escrow, settling, sum, "settle_out"));
        var commissions = new Dictionary<MerchantId, Money>();
        foreach (var ((name, id), sum) in into.OrderBy(i => i.Key.Id))
        {
            var rest = sum;
            if (name.Party != Parties.Platform)
            {
                // A party earns into one account of its own, so its debt is met once.
                var back = Money.Min(owed(name.Party), rest);
                if (back.IsPositive)
                {
                    legs.Add(new Leg(settling, account(new(AccountKinds.Receivable, name.Party)), back, "recover"));
                    rest -= back;
                }
            }

            if (!rest.IsPositive) continue;
            legs.Add(new Leg(settling, id, rest, "settle_in"));
            if (name.Kind == AccountKinds.CommissionPending) commissions[new MerchantId(name.Party)] = rest;
        }

        return new SettlementPlan(lines, legs, commissions, total);
    }
}

/// <summary>An account by kind and owner.</summary>
internal readonly record struct AccountName(string Kind, long Party);
