using System.Runtime.InteropServices;
using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Ledger;

namespace Lianka.Modules.Orders.Core;

/// <summary>One party's part of one order, as its statement shows it.</summary>
internal sealed record SettlementLine(OrderId Order, long Party, SplitRole Role, Money Amount);

/// <summary>What many released orders come to.</summary>
/// <param name="OutOf">Per escrow account, what leaves it.</param>
/// <param name="Into">Per account that is paid, what its party earned.</param>
/// <param name="Lines">Of the orders whose parts do not follow from their row alone.</param>
/// <param name="Released">What merchants have of it: through which direct child an ancestor, and from its own shops (no child) who sold.</param>
internal sealed record SettlementSums(
    IReadOnlyDictionary<AccountId, Money> OutOf, IReadOnlyDictionary<AccountName, Money> Into, IReadOnlyList<SettlementLine> Lines,
    IReadOnlyDictionary<(MerchantId Party, MerchantId? Child), Money> Released, Money Total)
{
    public static SettlementSums Of(IReadOnlyCollection<EscrowedOrder> orders)
    {
        var outOf = new Dictionary<AccountId, Money>();
        var into = new Dictionary<AccountName, Money>();
        var lines = new List<SettlementLine>();
        var released = new Dictionary<(MerchantId, MerchantId?), Money>();
        var total = Money.Zero;
        foreach (var order in orders)
        {
            var sum = Money.Zero;
            foreach (var share in order.Split().Shares)
            {
                Add(into, PlanSettlement.AccountOf(share.Role, share.PartyId), share.Amount);
                if (!order.IsWhole) lines.Add(new SettlementLine(order.Id, share.PartyId, share.Role, share.Amount));
                if (share.Role is SplitRole.Ancestor or SplitRole.Merchant)
                    Add(released, (new MerchantId(share.PartyId), share.Role == SplitRole.Merchant ? null : ChildOf(new MerchantId(share.PartyId), order)), share.Amount);
                sum += share.Amount;
            }

            Add(outOf, order.EscrowAccount, sum);
            total += sum;
        }

        return new SettlementSums(outOf, into, lines, released, total);
    }

    /// <summary>The one just below an ancestor, on the way to who sold.</summary>
    private static MerchantId ChildOf(MerchantId ancestor, EscrowedOrder order)
    {
        var child = order.Merchant;
        foreach (var above in order.Ancestors)
        {
            if (above.Merchant == ancestor) break;
            child = above.Merchant;
        }

        return child;
    }

    /// <summary>The accounts that the plan may move, but for escrow, which is known by its number.</summary>
    public IReadOnlyCollection<AccountName> Names() =>
    [
        new(AccountKinds.Settling, Parties.Platform),
        .. Into.Keys,
        .. Into.Keys.Where(n => n.Party != Parties.Platform).Select(n => new AccountName(AccountKinds.Receivable, n.Party)),
    ];

    private static void Add<TKey>(Dictionary<TKey, Money> sums, TKey key, Money amount) where TKey : notnull
    {
        ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(sums, key, out _);
        sum += amount;
    }
}

/// <summary>A settlement of many orders, folded into one movement per account.</summary>
internal sealed record SettlementPlan(IReadOnlyList<Leg> Legs, IReadOnlyDictionary<MerchantId, Money> Commissions);

/// <summary>Pays out escrow: thousands of orders, one change per account, every order still on every statement.</summary>
internal static class PlanSettlement
{
    /// <summary>Where a share goes. Commission waits for the dispute window, a supplier is paid at once.</summary>
    public static AccountName AccountOf(SplitRole role, long party) => role switch
    {
        SplitRole.Supplier => new(AccountKinds.Payable, party),
        SplitRole.Ancestor or SplitRole.Merchant => new(AccountKinds.CommissionPending, party),
        SplitRole.Fees => new(AccountKinds.Fees, Parties.Platform),
        SplitRole.Platform => new(AccountKinds.Revenue, Parties.Platform),
        _ => throw new InvalidOperationException($"Unknown role {role}."),
    };

    /// <param name="sums">Of orders that are escrowed, due and undisputed.</param>
    /// <param name="account">Finds the account of a name; every one needed exists.</param>
    /// <param name="owed">What a party owes (a positive amount), recovered first from what it earns now.</param>
    public static SettlementPlan Of(SettlementSums sums, Func<AccountName, AccountId> account, Func<long, Money> owed)
    {
        var settling = account(new(AccountKinds.Settling, Parties.Platform));

        // By way of one account that is empty again afterwards: n payers and m parties make n + m movements, not n × m.
        var legs = new List<Leg>(sums.OutOf.Count + sums.Into.Count);
        foreach (var (escrow, sum) in sums.OutOf.OrderBy(s => s.Key)) legs.Add(new Leg(escrow, settling, sum, "settle_out"));
        var commissions = new Dictionary<MerchantId, Money>();
        foreach (var (name, id, sum) in sums.Into.Select(s => (Name: s.Key, Id: account(s.Key), Sum: s.Value)).OrderBy(s => s.Id))
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

        return new SettlementPlan(legs, commissions);
    }
}

/// <summary>An account by kind and owner.</summary>
internal readonly record struct AccountName(string Kind, long Party);
