using Lianka.Kernel;
using Lianka.Modules.Ledger;
using Lianka.Modules.Orders;

namespace Lianka.Tests.Simulation;

/// <summary>What must hold at the end of every run, counted from the tables alone and without the code under test.</summary>
/// <remarks>The numbers are the invariants' (docs/ARCHITECTURE.md). Money between accounts is in <see cref="MoneyProof"/>, what
/// clients were told in <see cref="AnswerProof"/>.</remarks>
internal static class Proof
{
    /// <exception cref="BrokenException">The first thing that does not hold.</exception>
    public static void Of(Simulation world)
    {
        var tables = world.Tables;
        Cards(tables);
        Goods(world);
        Purchases(tables, world.HasEngineLock);
        States(tables);
        Sales(tables);
        Risk(tables);
        Trace(tables);
        MoneyProof.Of(tables, world.HasEngineLock);
        AnswerProof.Of(world);
    }

    public static void Hold(string what, bool isSo, Func<string> how)
    {
        if (!isSo) throw new BrokenException(what, how());
    }

    /// <summary>I3: a drawn card is with exactly one order or in the return list, and no other card is anywhere.</summary>
    private static void Cards(Tables tables)
    {
        var where = tables.Lots.ToDictionary(l => l.Key, l => new int[l.Value.Total + 1]);
        foreach (var order in tables.Orders.Values)
        {
            long held = 0, bound = 0, back = 0, spoilt = 0;
            foreach (var part in order.Fulfilments)
            {
                if (part.State == FulfilmentState.Held) held += part.Count;
                if (part.State == FulfilmentState.Delivered) bound += part.Count;
                if (part.State == FulfilmentState.Void) spoilt += part.Count;
                Hold("I8", Shop.Agreed.Contains((part.Supply, part.UnitCost, part.HoldSeconds)),
                    () => $"{order.Id} owes supply {part.Supply} {part.UnitCost} a unit after {part.HoldSeconds} s, which was never agreed");
                if (part.IsPurchase)
                {
                    Hold("I4", tables.Purchases.TryGetValue(part.FromSeq, out var purchase) && purchase.Order == order.Id && purchase.Supply == part.Supply,
                        () => $"{order.Id} waits for a purchase that was never made");
                    continue;
                }

                if (part.State == FulfilmentState.Returned) back += part.Count;
                var lot = tables.Lots[part.Lot];
                Hold("I3", lot.Sku == order.Sku && lot.Supply == part.Supply && lot.Supplier == part.Supplier, () => $"{order.Id} has cards of other goods");
                if (part.State != FulfilmentState.Returned) Count(part.Lot, part.FromSeq, part.Count, $"{order.Id}");
            }

            var isSound = order.Status switch
            {
                OrderStatus.Placed => held == (order.Sku == Shop.Direct ? 0 : order.Quantity) && bound + back + spoilt == 0,
                OrderStatus.PartiallyDelivered => held == 0 && bound + back + spoilt == order.Delivered
                    && bound == order.Quantity - order.RefundedUnits && order.Delivered < order.Quantity,
                OrderStatus.Refunded => held + bound + back + spoilt + order.Delivered == 0 && order.RefundedUnits == order.Quantity,
                OrderStatus.Delivered => held == 0 && bound + back + spoilt == order.Quantity && bound == order.Quantity - order.RefundedUnits,
                OrderStatus.Expired or OrderStatus.Cancelled => held + bound + spoilt == 0,
                _ => false,
            };
            Hold("I3", isSound, () => $"{order.Id} {order.Status}: {held} held, {bound} bound, {back} returned, {spoilt} spoilt of {order.Quantity}");
            Hold("I3", order.RevealedAt is null || order.Delivered > 0, () => $"{order.Id} was revealed and never delivered");
        }

        foreach (var ((lot, from), count) in tables.Returns) Count(lot, from, count, "the return list");
        foreach (var lot in tables.Lots.Values)
            for (var seq = 1; seq <= lot.Total; seq++)
            {
                var card = (lot.Id, seq, Times: where[lot.Id][seq]);
                Hold("I3", card.Times == (seq < lot.Next ? 1 : 0), () => $"card {card.seq} of lot {card.Id} (next {lot.Next}) is in {card.Times} places");
            }

        foreach (var reveal in tables.Reveals.Values)
            Hold("I3", tables.Orders[reveal.Order].RevealedAt is { } first && first <= reveal.At, () => $"{reveal.Order} was looked at and not revealed by then");

        void Count(LotId lot, long from, long count, string whose)
        {
            Hold("I3", count > 0 && from >= 1 && from + count - 1 <= tables.Lots[lot].Total, () => $"{whose} has cards {from}+{count} of lot {lot}");
            for (var seq = from; seq < from + count; seq++) where[lot][seq]++;
        }
    }

    /// <summary>I4: what a buyer paid at the channel became goods, or goes back; nothing else counts as paid.</summary>
    private static void Goods(Simulation world)
    {
        var tables = world.Tables;
        foreach (var (id, amount) in world.Clients.PaidAtChannel)
        {
            var payment = tables.PaymentOf(id);
            Hold("I4", payment is { IsPaid: true } && payment.Amount == amount, () => $"{id} was paid at the channel, which nobody noticed");
            var order = tables.Orders[payment!.MovedTo ?? id];
            var gotGoods = order.PaidAt is not null && order.Status is OrderStatus.Delivered or OrderStatus.PartiallyDelivered or OrderStatus.Refunded;
            Hold("I4", gotGoods ? payment.Refunded == order.Refunded : payment.Refunded == amount,
                () => $"{id} was paid: now {order.Id} {order.Status}, {payment.Refunded} of {amount} goes back");
            Hold("I4", gotGoods || order.PaidAt is null, () => $"{order.Id} is paid and {order.Status}");
        }

        foreach (var payment in tables.Payments.Values)
        {
            Hold("I4", !payment.IsPaid || world.Clients.PaidAtChannel.ContainsKey(payment.Order), () => $"{payment.Order} counts as paid, but no buyer paid");
            var back = tables.ChannelRefunds.Values.Where(r => r.PaymentOf == payment.Order).Aggregate(Money.Zero, (sum, r) => sum + r.Amount);
            Hold("I7", back == payment.Refunded && back <= payment.Amount, () => $"of the payment of {payment.Order} {back} goes back");
        }
    }

    /// <summary>I4, F35: each purchase came to one end, and never more was bought for an order than it asks for.</summary>
    /// <param name="isOneByOne">Engines are kept apart: without that two may each buy what is left of a day.</param>
    private static void Purchases(Tables tables, bool isOneByOne)
    {
        foreach (var purchase in tables.Purchases.Values)
            Hold("I4", tables.PurchaseEnds.ContainsKey(purchase.Number), () => $"{purchase} has no end");
        foreach (var (_, order) in tables.History.Where(h => h.After.Sku == Shop.Direct))
            Hold("I3", order.Fulfilments.Where(f => f.IsLive).Sum(f => f.Count) <= order.Quantity, () => $"{order.Id} buys more than {order.Quantity}");
        foreach (var day in tables.Purchases.Values.Where(p => p.Supply == new SupplyId(44) && tables.PurchaseEnds[p.Number] != PurchaseState.Failed).GroupBy(p => p.Supply))
            Hold("a daily cap", !isOneByOne || day.Sum(p => p.Count) <= 8, () => $"{day.Sum(p => p.Count)} units were bought of {day.Key}");
    }

    /// <summary>I13 and I17: only allowed changes, from what was written down at each commit, and nothing stays open.</summary>
    private static void States(Tables tables)
    {
        foreach (var (before, after) in tables.History)
        {
            var from = before is null ? "new" : $"{before.Status} {before.Settlement}";
            var to = $"{after.Status} {after.Settlement}";
            var isAllowed = from == to || (from, to) is
                ("new", "Placed None") or ("new", "Delivered Escrowed") or ("new", "Expired None") or ("new", "Cancelled None")
                or ("new", "Delivered Reversed")
                or ("Placed None", "Delivered Escrowed") or ("Placed None", "Delivered Reversed")
                or ("Placed None", "Expired None") or ("Placed None", "Cancelled None")
                or ("Delivered Escrowed", "Delivered Released") or ("Delivered Escrowed", "Delivered Reversed")
                or ("Delivered Released", "Delivered Reversed")
                or ("new" or "Placed None", "Fulfilling Escrowed")
                or ("Fulfilling Escrowed", "Delivered Escrowed" or "PartiallyDelivered Escrowed" or "Refunded Reversed")
                or ("Fulfilling Escrowed", "Delivered Reversed" or "PartiallyDelivered Reversed")
                or ("PartiallyDelivered Escrowed", "PartiallyDelivered Released" or "PartiallyDelivered Reversed")
                or ("PartiallyDelivered Released", "PartiallyDelivered Reversed");
            Hold("I13", isAllowed, () => $"{after.Id} went from {from} to {to}");
            Hold("I13", before is null || (after.Version > before.Version && after.Refunded >= before.Refunded && after.Total == before.Total
                && (before.RevealedAt is null || after.RevealedAt == before.RevealedAt)
                && (before.RevealedAt is null || Returned(before) == Returned(after))
                && (before.PaidAt is null || after.PaidAt == before.PaidAt)), () => $"{after.Id} forgot something on its way to version {after.Version}");
            Hold("I13", !(after.PaidAt < after.CreatedAt) && !(after.DeliveredAt < after.PaidAt) && !(after.ReleaseAt < after.DeliveredAt)
                && !(after.RevealedAt < after.DeliveredAt), () => $"{after.Id}: its moments are out of order (F14)");
            Hold("I13", after.Settlement != SettlementState.None == after.PaidAt is not null, () => $"{after.Id} is {to} and paid at {after.PaidAt}");
        }

        foreach (var order in tables.Orders.Values)
        {
            Hold("I17", order.Status != OrderStatus.Placed, () => $"{order.Id} is still reserved two days later");
            Hold("I9", order.DeliveredAt is not { } delivered || order.ReleaseAt is not { } release || (release - delivered).TotalSeconds is var held
                && order.Fulfilments.Any(f => f.HoldSeconds == held) && order.Fulfilments.All(f => f.HoldSeconds <= held || f.State == FulfilmentState.Returned),
                () => $"{order.Id} is held from {order.DeliveredAt:O} to {order.ReleaseAt:O}");
            Hold("I17", order.Settlement != SettlementState.Escrowed, () => $"{order.Id} was not released");
        }
    }

    private static long Returned(Order order) => order.Fulfilments.Where(f => f is { State: FulfilmentState.Returned, IsPurchase: false }).Sum(f => f.Count);

    /// <summary>I3 and I5 in flash sales: counted units are orders, nobody has two orders or more than the quota.</summary>
    private static void Sales(Tables tables)
    {
        foreach (var sale in tables.Sales.Values)
        {
            var orders = tables.SaleOrders.Values.Where(o => o.Claim.Sale == sale.Id).Select(o => (o.Claim.Buyer, Order: tables.Orders[o.Order])).ToList();
            var live = orders.Where(o => o.Order.Status is not (OrderStatus.Expired or OrderStatus.Cancelled)).ToList();
            Hold("I3", live.Sum(o => o.Order.Quantity) == sale.Taken && sale.Taken == sale.Sold && sale.Taken <= sale.Units && orders.Count == sale.Opened,
                () => $"{sale} with {live.Sum(o => o.Order.Quantity)} units in {orders.Count} orders");
            foreach (var buyer in live.GroupBy(o => o.Buyer))
                Hold("I5", buyer.Count() == 1 && buyer.Sum(o => o.Order.Quantity) <= sale.Quota, () => $"buyer {buyer.Key} of {sale.Id} has {buyer.Count()} orders");
        }
    }

    /// <summary>I16: no order is there that risk did not allow (the rules of <see cref="Shop"/>, looked at from the other side).</summary>
    private static void Risk(Tables tables)
    {
        foreach (var order in tables.Orders.Values)
        {
            var isSuspect = order.Source == OrderSource.Retail
                ? order.Sku == Shop.Dear && tables.Contacts.TryGetValue(order.Id, out var contact) && contact.Key[0] == 0
                : order.Quantity == 4;
            Hold("I16", !isSuspect, () => $"{order.Id} is there, although risk was against it");
        }
    }

    /// <summary>I5: whatever stands in another table belongs to an order that exists, and no number is used twice.</summary>
    private static void Trace(Tables tables)
    {
        foreach (var contact in tables.Contacts.Keys) Known(contact, "a contact");
        foreach (var payment in tables.Payments.Keys) Known(payment, "a payment");
        foreach (var entry in tables.Events) Known(entry.Order, "an event");
        foreach (var transfer in tables.Transfers.Values) if (transfer.Order is { } order) Known(order, "a transfer");
        var numbers = new HashSet<(MerchantId, string)>();
        foreach (var order in tables.Orders.Values)
            Hold("I5", order.ClientKey is not { } key || numbers.Add((order.Merchant, key)), () => $"{order.Id} has a number that another order has");

        void Known(OrderId order, string what) => Hold("I5", tables.Orders.ContainsKey(order), () => $"{what} of {order}, which does not exist");
    }
}
