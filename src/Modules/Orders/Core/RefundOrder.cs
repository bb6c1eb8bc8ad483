using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Ledger;

namespace Lianka.Modules.Orders.Core;

/// <summary>Money back for units of a paid order: out of escrow before its release, from the parties after it.</summary>
internal static class RefundOrder
{
    /// <summary>The posting's key: a repeated refund is the same one.</summary>
    public static string KeyOf(OrderCommand.Refund ask) => $"refund:{ask.Order.Value}:{ask.Key}";

    public static Verdict Decide(OrderCommand.Refund ask, CommandIds ids, BatchState state)
    {
        if (state.Order(ask.Order) is not { } order) return Verdict.No(Refusal.NotFound);

        var key = KeyOf(ask);
        if (state.EarlierRefund(key) is { } earlier)
        {
            var isSame = earlier.Reason == ask.Reason && (ask.Units is not { } asked || earlier.Amount == order.UnitPrice * asked);
            return isSame ? Verdict.Again(order) : Verdict.No(Refusal.IdempotencyConflict);
        }

        if (order.Settlement is not (SettlementState.Escrowed or SettlementState.Released)) return Verdict.No(Refusal.NotRefundable);
        // While the supplier works on it, nobody knows what there is to give back.
        if (order.Status == OrderStatus.Fulfilling) return Verdict.No(Refusal.NotRefundable, "fulfilling");
        var left = order.Quantity - order.RefundedUnits;
        var units = ask.Units ?? left;
        if (left == 0) return Verdict.No(Refusal.NotRefundable);
        if (units < 1 || units > left) return Verdict.No(Refusal.QuantityOutOfRange);

        var (fulfilments, taken) = Take(order, units);
        var amount = order.UnitPrice * units;
        var after = order with
        {
            Fulfilments = fulfilments,
            Refunded = order.Refunded + amount,
            RefundedUnits = order.RefundedUnits + units,
            Settlement = units == left ? SettlementState.Reversed : order.Settlement,
            Version = order.Version + 1,
        };
        var legs = order.Settlement == SettlementState.Escrowed
            ? FromEscrow(order, amount, taken, state)
            : FromParties(order, after, amount, taken, state);
        var isRetail = order.Source == OrderSource.Retail;
        var isSeen = order.RevealedAt is not null;

        return new Verdict(new OrderDecision.Done(after, RefundDue: isRetail ? amount : Money.Zero), new Effects
        {
            Order = after,
            Legs = legs,
            GivenBack = isSeen ? [] : taken.FindAll(f => !f.IsPurchase),
            Posting = new NewPosting(ids.First, "refund", key, ask.Reason, ask.Actor),
            ChannelRefund = isRetail ? new NewChannelRefund(ids.Second, order.Id, amount, ask.Reason) : null,
            Events = [new NewEvent(order.Id, order.Settlement == SettlementState.Escrowed ? "refunded" : "refunded_late",
                ask.Actor, $"{units} × {order.UnitPrice}: {ask.Reason}")],
        });
    }

    /// <summary>
    /// Takes units from the last delivered cards backwards, splitting a fulfilment where it must. Unseen cards go back to
    /// stock; seen ones are void, bound to this order for ever, and so is what was bought for it.
    /// </summary>
    public static (Fulfilment[] All, List<Fulfilment> Taken) Take(Order order, long units)
    {
        var all = order.Fulfilments.ToList();
        var taken = new List<Fulfilment>();
        for (var i = order.Fulfilments.Count - 1; i >= 0 && units > 0; i--)
        {
            var part = all[i];
            if (part.State != FulfilmentState.Delivered) continue;
            var state = order.RevealedAt is null && !part.IsPurchase ? FulfilmentState.Returned : FulfilmentState.Void;
            if (part.Count <= units)
            {
                all[i] = part with { State = state };
                taken.Add(part);
                units -= part.Count;
                continue;
            }

            // Of a purchase both pieces keep its number.
            var from = part.IsPurchase ? part.FromSeq : part.FromSeq + part.Count - units;
            var tail = part with { No = all.Max(f => f.No) + 1, FromSeq = from, Count = units };
            all[i] = part with { Count = part.Count - units };
            all.Add(tail with { State = state });
            taken.Add(tail);
            units = 0;
        }

        return ([.. all], taken);
    }

    private static List<Leg> FromEscrow(Order order, Money amount, List<Fulfilment> taken, BatchState state)
    {
        List<Leg> legs = [new Leg(order.EscrowAccount, order.PayerAccount, amount, "refund", order.Id)];
        var subsidy = SubsidyOf(order, taken);
        if (subsidy.IsPositive)
            legs.Add(new Leg(order.EscrowAccount, state.Account(AccountKinds.Promotion, order.Promotion!.Value)!.Id, subsidy, "subsidy_back", order.Id));
        return legs;
    }

    /// <summary>After the release: the buyer is paid at once from loss, then each party gives back its own share.</summary>
    private static List<Leg> FromParties(Order order, Order after, Money amount, List<Fulfilment> taken, BatchState state)
    {
        var loss = Platform(AccountKinds.Loss);
        List<Leg> legs = [new Leg(loss, order.PayerAccount, amount, "refund_late", order.Id)];
        var taking = new Taking(state, loss, order.Id, legs);

        // What the released shares were, less what they are without the refunded units, is each party's own share.
        foreach (var share in OrderShares.Difference(OrderShares.Of(order).Shares, OrderShares.Of(after).Shares))
        {
            switch (share.Role)
            {
                case SplitRole.Supplier:
                    taking.From(share, AccountKinds.Payable, AccountKinds.Deposit);
                    break;
                case SplitRole.Ancestor or SplitRole.Merchant:
                    taking.From(share, AccountKinds.CommissionAvailable, AccountKinds.CommissionPending);
                    break;
                case SplitRole.Platform:
                    legs.Add(new Leg(Platform(AccountKinds.Revenue), loss, share.Amount, "take_back", order.Id));
                    break;
                case SplitRole.Fees:
                    legs.Add(new Leg(Platform(AccountKinds.Fees), loss, share.Amount, "take_back", order.Id));
                    break;
                default:
                    throw new InvalidOperationException($"Unknown role {share.Role}.");
            }
        }

        var subsidy = SubsidyOf(order, taken);
        if (subsidy.IsPositive)
            legs.Add(new Leg(loss, state.Account(AccountKinds.Promotion, order.Promotion!.Value)!.Id, subsidy, "subsidy_back", order.Id));
        return legs;

        AccountId Platform(string kind) => state.Account(kind, Parties.Platform)!.Id;
    }

    private static Money SubsidyOf(Order order, List<Fulfilment> taken)
    {
        var sum = Money.Zero;
        foreach (var part in taken) sum += LossGuard.SubsidyUnit(part.UnitCost, order.TopUnit) * part.Count;
        return sum;
    }

    /// <summary>Takes a party's share from its accounts in turn; what is missing becomes its receivable.</summary>
    private sealed class Taking(BatchState state, AccountId loss, OrderId order, List<Leg> legs)
    {
        // A party may stand in one order more than once; what an earlier leg took is no longer there.
        private readonly Dictionary<AccountId, Money> _taken = [];

        public void From(SplitShare share, params ReadOnlySpan<string> kinds)
        {
            var missing = share.Amount;
            foreach (var kind in kinds)
            {
                if (state.Account(kind, share.PartyId) is not { } account) continue;
                var free = account.Available!.Value - _taken.GetValueOrDefault(account.Id);
                var part = Money.Min(missing, free);
                if (!part.IsPositive) continue;
                legs.Add(new Leg(account.Id, loss, part, "take_back", order));
                _taken[account.Id] = _taken.GetValueOrDefault(account.Id) + part;
                missing -= part;
            }

            if (missing.IsPositive)
                legs.Add(new Leg(state.Account(AccountKinds.Receivable, share.PartyId)!.Id, loss, missing, "take_back", order));
        }
    }
}
