using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Inventory;
using Lianka.Modules.Ledger;
using Lianka.Modules.Orders;
using Lianka.Modules.Orders.Core;

namespace Lianka.Tests.Simulation;

/// <summary>Which committed rows a batch is given to look at. The same choice as the SQL store's, so that a rule which looks
/// further than what is loaded fails here too.</summary>
internal static class Needs
{
    public static SortedSet<long> Orders(IReadOnlyList<OrderCommand> commands, Tables tables)
    {
        var ids = new SortedSet<long>();
        foreach (var command in commands)
        {
            switch (command)
            {
                case OrderCommand.Place c: OfKey(c.Merchant, c.ClientKey); break;
                case OrderCommand.Reserve c: OfKey(c.Merchant, c.ClientKey); break;
                default: ids.Add(OrderOf(command)!.Value.Value); break;
            }
        }

        return ids;

        void OfKey(MerchantId merchant, string key)
        {
            if (tables.Keys.TryGetValue((merchant, key), out var id)) ids.Add(id.Value);
        }
    }

    /// <summary>The order a command names; null for those that make one.</summary>
    public static OrderId? OrderOf(OrderCommand command) => command switch
    {
        OrderCommand.Pay c => c.Order,
        OrderCommand.Cancel c => c.Order,
        OrderCommand.Expire c => c.Order,
        OrderCommand.Refund c => c.Order,
        OrderCommand.Reveal c => c.Order,
        OrderCommand.Deliver c => c.Order,
        OrderCommand.Fail c => c.Order,
        OrderCommand.Ask c => c.Order,
        _ => null,
    };

    /// <summary>The orders, unpaid ones of a flash sale with their place in it.</summary>
    public static List<Order> WithClaims(SortedSet<long> ids, Tables tables)
    {
        var orders = new List<Order>();
        foreach (var id in ids)
        {
            if (!tables.Orders.TryGetValue(new OrderId(id), out var order)) continue;
            orders.Add(order is { Source: OrderSource.Retail, PaidAt: null } && tables.SaleOrders.TryGetValue(order.Id, out var place)
                ? order with { Sale = place.Claim }
                : order);
        }

        return orders;
    }

    public static SortedSet<long> Sales(IReadOnlyList<OrderCommand> commands, List<Order> orders)
    {
        var ids = new SortedSet<long>();
        foreach (var command in commands) if (command is OrderCommand.Reserve { Sale: { } asked }) ids.Add(asked.Sale.Value);
        foreach (var order in orders) if (order.Sale is { } own) ids.Add(own.Sale.Value);
        return ids;
    }

    public static SortedSet<long> Accounts(
        IReadOnlyList<OrderCommand> commands, List<Order> orders, PriceBook book, Tables tables, DateTimeOffset now)
    {
        var ids = new SortedSet<long>();
        foreach (var command in commands)
        {
            switch (command)
            {
                case OrderCommand.Place c:
                    Add(AccountKinds.Wallet, c.Merchant.Value);
                    Add(AccountKinds.Escrow, c.Merchant.Value);
                    Promotion(c.Merchant, c.Sku, c.Quantity);
                    break;
                case OrderCommand.Reserve c:
                    Add(AccountKinds.Clearing(c.Channel), Parties.Platform);
                    Add(AccountKinds.Escrow, c.Merchant.Value);
                    Promotion(c.Merchant, c.Sku, c.Quantity);
                    break;
                case OrderCommand.Pay c:
                    Add(AccountKinds.Suspense, Parties.Platform);
                    if (orders.Find(o => o.Id == c.Order) is { } paid) OfOrder(paid);
                    break;
                case OrderCommand.Deliver c when orders.Find(o => o.Id == c.Order) is { } delivered:
                    OfOrder(delivered);
                    break;
                case OrderCommand.Fail c when orders.Find(o => o.Id == c.Order) is { } failed:
                    OfOrder(failed);
                    break;
                case OrderCommand.Refund c when orders.Find(o => o.Id == c.Order) is { } refunded:
                    OfOrder(refunded);
                    if (refunded.Settlement == SettlementState.Released) OfParties(refunded);
                    break;
            }
        }

        return ids;

        void Add(string kind, long party)
        {
            if (tables.AccountIds.TryGetValue(new AccountName(kind, party), out var id)) ids.Add(id.Value);
        }

        void Promotion(MerchantId merchant, SkuId sku, long quantity)
        {
            if (quantity is >= 1 and <= PlaceOrder.QuantityMax && book.Terms(merchant, sku, quantity, now)?.Promotion is { } promotion)
                Add(AccountKinds.Promotion, promotion);
        }

        void OfOrder(Order order)
        {
            ids.Add(order.PayerAccount.Value);
            ids.Add(order.EscrowAccount.Value);
            if (order.Promotion is { } promotion) Add(AccountKinds.Promotion, promotion);
        }

        void OfParties(Order order)
        {
            Add(AccountKinds.Loss, Parties.Platform);
            Add(AccountKinds.Revenue, Parties.Platform);
            Add(AccountKinds.Fees, Parties.Platform);
            foreach (var part in order.Fulfilments)
            {
                Add(AccountKinds.Payable, part.Supplier.Value);
                Add(AccountKinds.Deposit, part.Supplier.Value);
                Add(AccountKinds.Receivable, part.Supplier.Value);
            }

            foreach (var merchant in order.Ancestors.Select(a => a.Merchant).Append(order.Merchant))
            {
                Add(AccountKinds.CommissionAvailable, merchant.Value);
                Add(AccountKinds.CommissionPending, merchant.Value);
                Add(AccountKinds.Receivable, merchant.Value);
            }
        }
    }

    public static HashSet<SkuId> Skus(IReadOnlyList<OrderCommand> commands, List<Order> orders)
    {
        var skus = new HashSet<SkuId>();
        foreach (var command in commands)
        {
            if (command is OrderCommand.Place place) skus.Add(place.Sku);
            if (command is OrderCommand.Reserve reserve) skus.Add(reserve.Sku);
            if (command is OrderCommand.Pay pay && orders.Find(o => o.Id == pay.Order) is { } order) skus.Add(order.Sku);
        }

        return skus;
    }

    public static SortedSet<long> OpenLots(HashSet<SkuId> skus, Tables tables, DateTimeOffset now)
    {
        var open = new SortedSet<long>();
        foreach (var lot in tables.Lots.Values)
            if (skus.Contains(lot.Sku) && lot.Next <= lot.Total && !(lot.ExpiresAt <= now)) open.Add(lot.Id.Value);
        foreach (var (lot, _) in tables.Returns.Keys)
            if (tables.Lots[lot] is var row && skus.Contains(row.Sku) && !(row.ExpiresAt <= now)) open.Add(lot.Value);
        return open;
    }

    /// <summary>The chosen lots as they stand now that they are locked, with what came back to them.</summary>
    public static List<OpenLot> Lots(SortedSet<long> open, Tables tables)
    {
        var lots = new List<OpenLot>(open.Count);
        foreach (var id in open)
        {
            var row = tables.Lots[new LotId(id)];
            var returned = new List<CardRange>();
            foreach (var ((lot, from), count) in tables.Returns)
                if (lot == row.Id) returned.Add(new CardRange(from, count));
            returned.Sort((a, b) => a.FromSeq.CompareTo(b.FromSeq));
            lots.Add(new OpenLot(row.Id, row.Sku, row.Supply, row.Supplier, row.ExpiresAt, row.CreatedAt, row.Next, row.Total, returned));
        }

        return lots;
    }

    public static Loaded Rest(IReadOnlyList<OrderCommand> commands, Tables tables, Loaded loaded)
    {
        var taken = new HashSet<OrderId>();
        var refunds = new Dictionary<string, EarlierRefund>();
        var contacts = new Dictionary<OrderId, NewContact>();
        var reserved = new HashSet<SkuId>();
        foreach (var command in commands)
        {
            switch (command)
            {
                case OrderCommand.Reserve { Sale: null } c:
                    reserved.Add(c.Sku);
                    break;
                case OrderCommand.Pay c:
                    if (tables.PaymentOf(c.Order) is { IsPaid: true }) taken.Add(c.Order);
                    if (tables.Contacts.TryGetValue(c.Order, out var contact)) contacts[c.Order] = contact;
                    break;
                case OrderCommand.Refund c when tables.PostingKeys.TryGetValue(RefundOrder.KeyOf(c), out var posting):
                    var first = tables.Transfers.Values.First(t => t.Posting.Value == posting && t.Kind is "refund" or "refund_late");
                    refunds[RefundOrder.KeyOf(c)] = new EarlierRefund(tables.Postings[posting].Reason, first.Amount);
                    break;
            }
        }

        var held = new Dictionary<SkuId, long>();
        var unpaid = new Dictionary<(string, SkuId), long>();
        if (reserved.Count > 0)
        {
            foreach (var order in tables.Orders.Values)
            {
                if (order.Status != OrderStatus.Placed || !reserved.Contains(order.Sku)) continue;
                if (!tables.SaleOrders.ContainsKey(order.Id)) held[order.Sku] = held.GetValueOrDefault(order.Sku) + order.Quantity;
                if (!tables.Contacts.ContainsKey(order.Id)) continue;
                var key = (Convert.ToHexString(tables.Contacts[order.Id].Key), order.Sku);
                unpaid[key] = unpaid.GetValueOrDefault(key) + 1;
            }
        }

        var bought = tables.Purchases.Values.Where(p => tables.PurchaseEnds.GetValueOrDefault(p.Number) != PurchaseState.Failed)
            .GroupBy(p => p.Supply).ToDictionary(g => g.Key, g => g.Sum(p => p.Count));
        return loaded with { BoughtToday = bought, PaymentsTaken = taken, Refunds = refunds, Contacts = contacts, HeldUnits = held, OpenOrders = unpaid };
    }
}
