using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Ledger;
using Lianka.Modules.Orders;

namespace Lianka.Tests.Simulation;

/// <summary>I1, I2, I7, I8 and I9, recounted from the transfers.</summary>
internal static class MoneyProof
{
    /// <param name="isOrdered">One batch at a time drew its numbers, so that they tell the order in which money moved on every account.</param>
    public static void Of(Tables tables, bool isOrdered)
    {
        Balances(tables, isOrdered);
        Orders(tables);
        Settlements(tables);
    }

    /// <summary>I1 and I2: each running balance follows from the one before, above the limit then in force; all sum to zero.</summary>
    private static void Balances(Tables tables, bool isOrdered)
    {
        var balances = tables.Accounts.Keys.ToDictionary(a => a, _ => 0L);
        var floors = tables.Accounts.ToDictionary(a => a.Key, a => a.Value.Floor);
        // The limit before the first change is the one that change found.
        for (var i = tables.FloorChanges.Count - 1; i >= 0; i--) floors[tables.FloorChanges[i].Account] = tables.FloorChanges[i].OldFloor;
        var changes = 0;
        var (heads, used) = (tables.Postings, new HashSet<long>());
        foreach (var (number, transfer) in tables.Transfers)
        {
            for (; changes < tables.FloorChanges.Count && tables.FloorChanges[changes].AfterTransfer < number; changes++)
                floors[tables.FloorChanges[changes].Account] = FloorAfter(tables, changes);
            used.Add(transfer.Posting.Value);
            var debit = balances[transfer.Debit] -= transfer.Amount.Units;
            var credit = balances[transfer.Credit] += transfer.Amount.Units;
            Running(transfer.Debit, transfer.DebitAfter, debit, transfer);
            Running(transfer.Credit, transfer.CreditAfter, credit, transfer);
            // Without the engines' lock only the accounts with a running balance keep their numbers in order.
            Proof.Hold("I2", floors[transfer.Debit] is not { } floor || debit >= floor || !(isOrdered || tables.Accounts[transfer.Debit].IsLimited), () => $"{transfer} leaves less than the limit {floors[transfer.Debit]}");
            Proof.Hold("I1", heads.ContainsKey(transfer.Posting.Value) || transfer.Posting.Value == transfer.Order?.Value, () => $"{transfer} has no head");
        }

        foreach (var posting in heads.Keys) Proof.Hold("I1", used.Contains(posting), () => $"posting {heads[posting]} moved nothing");
        long sum = 0;
        foreach (var account in tables.Accounts.Values)
        {
            Proof.Hold("I2", account.Balance.Units == (account.IsLimited ? balances[account.Id] : 0), () => $"{account} should have {balances[account.Id]}");
            sum += balances[account.Id];
            // Everything was released or given back, so nothing is kept for anybody.
            Proof.Hold("I9", account.Kind is not (AccountKinds.Escrow or AccountKinds.Settling) || balances[account.Id] == 0,
                () => $"{account.Kind} of {account.PartyId} keeps {balances[account.Id]} of orders that are all ended");
        }

        Proof.Hold("I1", sum == 0, () => $"all balances sum to {sum}");

        void Running(AccountId account, Money? said, long counted, TransferRow transfer) => Proof.Hold("I2",
            tables.Accounts[account].IsLimited ? said?.Units == counted : said is null, () => $"{transfer}: counted {counted}");
    }

    private static long? FloorAfter(Tables tables, int change)
    {
        var account = tables.FloorChanges[change].Account;
        for (var later = change + 1; later < tables.FloorChanges.Count; later++)
            if (tables.FloorChanges[later].Account == account) return tables.FloorChanges[later].OldFloor;
        return tables.Accounts[account].Floor;
    }

    /// <summary>I5, I7, I8: each order took its price once and gave back what it says, unit by unit.</summary>
    private static void Orders(Tables tables)
    {
        var byOrder = tables.Transfers.Values.Where(t => t.Order is not null).ToLookup(t => t.Order!.Value);
        foreach (var order in tables.Orders.Values)
        {
            long taken = 0, refunded = 0, onLoss = 0, suspense = 0;
            var times = 0;
            foreach (var transfer in byOrder[order.Id])
            {
                var amount = transfer.Amount.Units;
                var (debit, credit) = (tables.Accounts[transfer.Debit], tables.Accounts[transfer.Credit]);
                if (transfer.Kind == "order" && transfer.Debit == order.PayerAccount && transfer.Credit == order.EscrowAccount) (taken, times) = (taken + amount, times + 1);
                if (transfer.Kind is "refund" or "refund_late" && transfer.Credit == order.PayerAccount) refunded += amount;
                onLoss += (credit.Kind == AccountKinds.Loss ? amount : 0) - (debit.Kind == AccountKinds.Loss ? amount : 0);
                suspense += (credit.Kind == AccountKinds.Suspense ? amount : 0) - (debit.Kind == AccountKinds.Suspense ? amount : 0);
            }

            Proof.Hold("I5", order.PaidAt is null ? times == 0 : times == 1 && taken == order.Total.Units, () => $"{order.Id} took {taken} in {times} times for {order.Total}");
            Proof.Hold("I7", refunded == order.Refunded.Units && refunded <= order.Total.Units && order.Refunded == order.UnitPrice * order.RefundedUnits,
                () => $"{order.Id} says {order.Refunded} refunded of {order.Total}, {refunded} moved");
            Proof.Hold("I8", onLoss == 0, () => $"a late refund of {order.Id} leaves {onLoss} on the loss account");
            Proof.Hold("I4", suspense == 0, () => $"{suspense} of {order.Id} stays in suspense");
            var chain = order.TopUnit;
            foreach (var ancestor in order.Ancestors) chain += ancestor.Unit;
            Proof.Hold("I8", chain == order.MerchantUnit && order.UnitPrice >= order.MerchantUnit
                && (order.Source == OrderSource.Retail || order.UnitPrice == order.MerchantUnit), () => $"the frozen parts of {order.Id} do not sum up");
        }
    }

    /// <summary>I8, I9: each order was released once, and its lines are its frozen parts for the units it then had.</summary>
    private static void Settlements(Tables tables)
    {
        var lines = tables.Lines.ToLookup(l => (l.Settlement, l.Line.Order));
        var escrow = new Dictionary<long, long>();
        foreach (var (settlement, order) in tables.Released.Select(r => (r.Settlement, r.Order)))
        {
            var due = Shares(order);
            foreach (var line in lines[(settlement, order.Id)].Select(l => l.Line))
            {
                var key = (line.Role, line.Party);
                due[key] = due.GetValueOrDefault(key) - line.Amount.Units;
                escrow[settlement] = escrow.GetValueOrDefault(settlement) + line.Amount.Units;
            }

            foreach (var (who, rest) in due) Proof.Hold("I8", rest == 0, () => $"{who} of {order.Id} is due {rest} more than it was given");
        }

        Proof.Hold("I9", tables.Released.Select(r => r.Order.Id).Distinct().Count() == tables.Released.Count, () => "an order was released twice");
        Proof.Hold("I9", tables.Lines.TrueForAll(l => tables.Released.Exists(r => r.Settlement == l.Settlement && r.Order.Id == l.Line.Order)),
            () => "a line stands for an order that was not released");
        foreach (var order in tables.Orders.Values)
        {
            var isReleased = tables.Released.Exists(r => r.Order.Id == order.Id);
            Proof.Hold("I9", order.Settlement switch { SettlementState.Released => isReleased, SettlementState.Reversed => true, _ => !isReleased },
                () => $"{order.Id} is {order.Settlement}, released: {isReleased}");
        }

        foreach (var settlement in tables.Settlements.Values)
        {
            long left = 0, paid = 0;
            foreach (var transfer in tables.Transfers.Values.Where(t => t.Posting.Value == settlement.Id))
            {
                if (transfer.Kind == "settle_out") left += transfer.Amount.Units;
                else paid += transfer.Amount.Units;
            }

            var counted = escrow.GetValueOrDefault(settlement.Id);
            Proof.Hold("I9", left == counted && paid == counted && settlement.Total.Units == counted, () => $"settlement {settlement}: {left} left, {paid} paid, {counted} in lines");
            Proof.Hold("I9", tables.Released.Where(r => r.Settlement == settlement.Id).All(r => r.Order.ReleaseAt <= settlement.At), () => $"{settlement} was too early");
        }

    }

    /// <summary>Who is due what of an order as it stood when it was released.</summary>
    private static Dictionary<(SplitRole Role, long Party), long> Shares(Order order)
    {
        var due = new Dictionary<(SplitRole, long), long>();
        long units = 0;
        foreach (var part in order.Fulfilments.Where(f => f.State == FulfilmentState.Delivered))
        {
            units += part.Count;
            Give(SplitRole.Supplier, part.Supplier.Value, part.UnitCost.Units * part.Count);
            Give(SplitRole.Platform, 0, Math.Max(0, (order.TopUnit - part.UnitCost).Units) * part.Count);
        }

        foreach (var ancestor in order.Ancestors) Give(SplitRole.Ancestor, ancestor.Merchant.Value, ancestor.Unit.Units * units);
        var margin = (order.UnitPrice - order.MerchantUnit).Units * units;
        var fee = order.Fee.Units * units / order.Quantity;
        Give(SplitRole.Fees, 0, fee);
        Give(SplitRole.Merchant, order.Merchant.Value, margin - fee);
        return due;

        void Give(SplitRole role, long party, long amount) => due[(role, party)] = due.GetValueOrDefault((role, party)) + amount;
    }
}
