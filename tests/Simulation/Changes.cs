using Lianka.Kernel;
using Lianka.Modules.Inventory;
using Lianka.Modules.Ledger;
using Lianka.Modules.Orders;
using Lianka.Modules.Orders.Core;
using Lianka.Platform.Data;
using Npgsql;

namespace Lianka.Tests.Simulation;

/// <summary>What one transaction would change, on top of what is committed at this moment.</summary>
/// <remarks>
/// Each method does what the statements of the real store do, unique indexes and checks included, so a transaction that
/// another one has overtaken fails here. It is made once when the engine saves and again when the commit arrives.
/// </remarks>
internal sealed class Changes(Tables tables)
{
    private readonly Dictionary<OrderId, Order> _orders = [];
    private readonly Dictionary<(MerchantId, string), OrderId> _keys = [];
    private readonly Dictionary<(LotId, long), OrderId?> _ranges = [];
    private readonly Dictionary<LotId, LotRow> _lots = [];
    private readonly Dictionary<(LotId, long), long?> _returns = [];
    private readonly Dictionary<AccountId, Account> _accounts = [];
    private readonly Dictionary<long, NewPosting> _postings = [];
    private readonly Dictionary<OrderId, PaymentRow> _payments = [];
    private readonly Dictionary<OrderId, OrderId> _movedTo = [];
    private readonly Dictionary<long, ChannelRefundRow> _refunds = [];
    private readonly List<(long Number, TransferRow Row)> _transfers = [];
    private readonly Dictionary<AccountId, long> _movedBy = [];
    private readonly List<Action> _rest = [];

    /// <summary>All of a batch, in the order in which BatchSave writes it.</summary>
    /// <param name="read">The accounts as they were read: what is no longer so must not be written over.</param>
    public void Batch(BatchWrites writes, StockChanges stock, IReadOnlyDictionary<AccountId, Account> read, LedgerNumbers numbers)
    {
        foreach (var order in writes.ChangedOrders) Unbind(order.Id);
        foreach (var order in writes.ChangedOrders) Update(order);
        foreach (var order in writes.NewOrders) Insert(order);
        Stock(stock);
        foreach (var contact in writes.Contacts)
        {
            if (tables.Contacts.ContainsKey(contact.Order)) throw Duplicate("order_contact");
            _rest.Add(() => tables.Contacts.Add(contact.Order, contact));
        }

        foreach (var lot in writes.Bought)
        {
            if (tables.Lots.ContainsKey(lot.Id)) throw Duplicate("lot");
            _lots[lot.Id] = new LotRow(lot.Id, lot.Sku, lot.Supply, lot.Supplier, null, NodeClock.Start, lot.Count + 1, lot.Count);
        }

        foreach (var purchase in writes.Purchases)
        {
            if (tables.Purchases.ContainsKey(purchase.Number)) throw Duplicate("purchase");
            _rest.Add(() =>
            {
                tables.Purchases.Add(purchase.Number, purchase);
                tables.Bought?.Invoke(purchase);
            });
        }

        foreach (var end in writes.PurchaseEnds) _rest.Add(() => tables.PurchaseEnds.Add(end.Number, end.State));
        foreach (var question in writes.Cases) _rest.Add(() => tables.Cases.Add((question.Purchase, question.Kind)));
        foreach (var entry in writes.Events) _rest.Add(() => tables.Events.Add(entry));
        foreach (var reveal in writes.Reveals)
        {
            if (tables.Reveals.ContainsKey(reveal.Id)) throw Duplicate("reveal_log");
            _rest.Add(() => tables.Reveals.Add(reveal.Id, reveal));
        }

        Pay(writes);
        foreach (var posting in writes.Postings) Post(posting);
        Sell(writes);
        foreach (var (number, transfer) in writes.Transfers) Move(number, transfer);
        foreach (var (account, balance) in writes.Balances)
        {
            var (was, now) = (read[account], Account(account));
            if ((was.Balance, was.Held, was.Floor) != (now.Balance, now.Held, now.Floor)) throw new StaleReadException($"{was} is now {now}.");
            if (tables.MovedBy.GetValueOrDefault(account) >= numbers.First) throw new StaleReadException($"{was} was moved under a higher number.");
            SetBalance(account, balance, numbers.Last);
        }
    }

    public void Insert(Order order)
    {
        Check(order);
        order = order with { Sale = null }; // Stands in a table of its own.
        if (Find(order.Id) is not null) throw Duplicate("orders");
        if (order.ClientKey is { } key && (tables.Keys.ContainsKey((order.Merchant, key)) || !_keys.TryAdd((order.Merchant, key), order.Id)))
            throw Duplicate("orders_client_key");
        _orders[order.Id] = order;
        foreach (var part in order.Fulfilments) if (part.IsLive) Bind(part, order.Id);
        // As the view order_transfer has it.
        if (order.PayerAfter is { } left)
            Move(order.Id.Value, new TransferRow(new PostingId(order.Id.Value), "order", order.PayerAccount, order.EscrowAccount, order.Total, left, null, order.Id, order.CreatedAt));
    }

    /// <summary>Only the columns that the real update writes; a decision that changed another one is caught by what it answered.</summary>
    public void Update(Order order)
    {
        Check(order);
        var before = Find(order.Id) ?? throw new InvalidOperationException($"{order.Id} is not there to be changed.");
        foreach (var part in order.Fulfilments) if (part.IsLive) Bind(part, order.Id);
        _orders[order.Id] = before with
        {
            Status = order.Status, Settlement = order.Settlement, Refunded = order.Refunded, RefundedUnits = order.RefundedUnits,
            Delivered = order.Delivered, PaidAt = order.PaidAt, DeliveredAt = order.DeliveredAt, ReleaseAt = order.ReleaseAt,
            RevealedAt = order.RevealedAt, Failure = order.Failure, HoldReason = order.HoldReason, Version = order.Version, Fulfilments = order.Fulfilments,
        };
    }

    public void Move(long number, TransferRow transfer)
    {
        if (tables.Transfers.ContainsKey(number)) throw Duplicate("transfer");
        if (!transfer.Amount.IsPositive || transfer.Debit == transfer.Credit) throw Broken("transfer");
        _transfers.Add((number, transfer));
    }

    public void SetBalance(AccountId account, Money balance, long number)
    {
        _accounts[account] = Account(account) with { Balance = balance };
        _movedBy[account] = number;
    }

    public void SetFloor(AccountId account, long floor, long number)
    {
        var before = Account(account);
        _accounts[account] = before with { Floor = floor };
        _movedBy[account] = number;
        _rest.Add(() => tables.FloorChanges.Add(new FloorChange(account, number, before.Floor!.Value)));
    }

    public void Post(NewPosting posting)
    {
        if (tables.Postings.ContainsKey(posting.Id) || _postings.ContainsKey(posting.Id)) throw Duplicate("posting");
        if (posting.Key is { } key && (tables.PostingKeys.ContainsKey(key) || _postings.Values.Any(p => p.Key == key)))
            throw Duplicate("posting_key");
        _postings.Add(posting.Id, posting);
    }

    public void Settle(SettlementRow row, IReadOnlyList<SettlementLine> lines, IReadOnlyList<Order> orders, IReadOnlyList<WaitRow> waiting)
    {
        foreach (var line in lines)
            if (tables.Lines.Exists(l => l.Line.Order == line.Order && l.Line.Party == line.Party && l.Line.Role == line.Role))
                throw Duplicate("settlement_line");
        foreach (var order in orders)
        {
            var now = Find(order.Id)!;
            _orders[order.Id] = now with { Settlement = SettlementState.Released, Version = now.Version + 1 };
        }

        _rest.Add(() =>
        {
            tables.Settlements.Add(row.Id, row);
            foreach (var line in lines) tables.Lines.Add(new LineRow(row.Id, line));
            foreach (var order in orders) tables.Released.Add(new ReleasedOrder(row.Id, order));
            tables.Waiting.AddRange(waiting);
        });
    }

    public void Matured(IReadOnlyList<WaitRow> rows) => _rest.Add(() =>
    {
        foreach (var row in rows) tables.Waiting.Remove(row);
    });

    /// <summary>The commit. Everything was checked when this was made, so nothing can fail halfway.</summary>
    public void Apply()
    {
        foreach (var (id, order) in _orders)
        {
            tables.History.Add(new StateChange(tables.Orders.GetValueOrDefault(id), order));
            tables.Versions[(id, order.Version)] = order;
            tables.Orders[id] = order;
        }

        foreach (var (key, id) in _keys) tables.Keys.Add(key, id);
        foreach (var (range, owner) in _ranges)
        {
            if (owner is { } order) tables.Ranges[range] = order;
            else tables.Ranges.Remove(range);
        }

        foreach (var (id, lot) in _lots) tables.Lots[id] = lot;
        foreach (var (range, count) in _returns)
        {
            if (count is { } cards) tables.Returns[range] = cards;
            else tables.Returns.Remove(range);
        }

        foreach (var (id, account) in _accounts) tables.Accounts[id] = account;
        foreach (var (id, posting) in _postings)
        {
            tables.Postings.Add(id, posting);
            if (posting.Key is { } key) tables.PostingKeys.Add(key, id);
        }

        foreach (var (order, payment) in _payments) tables.Payments[order] = payment;
        foreach (var (to, from) in _movedTo) tables.MovedTo.Add(to, from);
        foreach (var (id, refund) in _refunds) tables.ChannelRefunds.Add(id, refund);
        foreach (var act in _rest) act();
        foreach (var (account, number) in _movedBy) tables.MovedBy[account] = number;
        foreach (var (number, transfer) in _transfers) tables.Transfers.Add(number, transfer);
    }

    private void Stock(StockChanges changes)
    {
        foreach (var (id, was, next) in changes.Cursors)
        {
            var lot = _lots.GetValueOrDefault(id) ?? tables.Lots[id];
            if (lot.Next != was || next < 1 || next > lot.Total + 1) throw new StaleReadException($"Lot {id} is not as it was read.");
            _lots[id] = lot with { Next = next };
        }

        foreach (var (lot, cards) in changes.Gone)
        {
            if (Returned(lot, cards.FromSeq) != cards.Count) throw new StaleReadException($"A return of lot {lot} is not as it was read.");
            _returns[(lot, cards.FromSeq)] = null;
        }

        foreach (var (lot, _, cards) in changes.Came)
        {
            if (Returned(lot, cards.FromSeq) is not null) throw Duplicate("card_return");
            _returns[(lot, cards.FromSeq)] = cards.Count;
        }
    }

    private void Pay(BatchWrites writes)
    {
        foreach (var payment in writes.Payments)
            if (FindPayment(payment.Order!.Value) is null)
                _payments[payment.Order.Value] = new PaymentRow(payment.Id, payment.Order.Value, payment.Amount, false, Money.Zero, null);
        foreach (var order in writes.PaymentsTaken)
            if ((_payments.GetValueOrDefault(order) ?? tables.Payments.GetValueOrDefault(order)) is { } row) _payments[order] = row with { IsPaid = true };
        foreach (var (from, to) in writes.PaymentMoves)
        {
            if ((_payments.GetValueOrDefault(from) ?? tables.Payments.GetValueOrDefault(from)) is not { MovedTo: null } row) continue;
            if (tables.MovedTo.ContainsKey(to)) throw Duplicate("payment_moved_to");
            _payments[from] = row with { MovedTo = to };
            _movedTo[to] = from;
        }

        foreach (var refund in writes.ChannelRefunds)
        {
            if (FindPayment(refund.Order) is not { IsPaid: true } row) throw new InvalidOperationException($"{refund.Order} was not paid through a channel.");
            if (row.Refunded + refund.Amount > row.Amount) throw Broken("payment");
            if (tables.ChannelRefunds.ContainsKey(refund.Id)) throw Duplicate("channel_refund");
            _payments[row.Order] = row with { Refunded = row.Refunded + refund.Amount };
            _refunds[refund.Id] = new ChannelRefundRow(row.Order, refund.Amount);
        }
    }

    private void Sell(BatchWrites writes)
    {
        foreach (var row in writes.SaleOrders)
        {
            if (tables.SaleOrders.ContainsKey(row.Order) || tables.SaleOrders.Values.Any(o => (o.Claim.Sale, o.No) == (row.Claim.Sale, row.No)))
                throw Duplicate("flash_order");
            _rest.Add(() => tables.SaleOrders.Add(row.Order, row));
        }

        foreach (var sale in writes.Sales.Values)
        {
            if (sale.Taken < 0 || sale.Taken > sale.Units || sale.Sold < 0 || sale.Sold > sale.Taken) throw Broken("flash_sale");
            _rest.Add(() => tables.Sales[sale.Id] = tables.Sales[sale.Id] with { Taken = sale.Taken, Sold = sale.Sold, Opened = sale.Opened });
        }
    }

    private PaymentRow? FindPayment(OrderId order) =>
        _payments.GetValueOrDefault(order) ?? (_movedTo.TryGetValue(order, out var first) ? _payments[first]
            : tables.PaymentOf(order) is { } row ? _payments.GetValueOrDefault(row.Order) ?? row : null);

    private void Unbind(OrderId order)
    {
        foreach (var part in Find(order)!.Fulfilments) if (part is { IsLive: true, IsPurchase: false }) _ranges[(part.Lot, part.FromSeq)] = null;
    }

    private void Bind(Fulfilment part, OrderId order)
    {
        if (part.IsPurchase) return;
        var range = (part.Lot, part.FromSeq);
        var isTaken = _ranges.TryGetValue(range, out var owner) ? owner is not null : tables.Ranges.ContainsKey(range);
        if (isTaken) throw Duplicate("fulfilment_range");
        _ranges[range] = order;
    }

    private static void Check(Order order)
    {
        if (order.Refunded.IsNegative || order.Refunded > order.Total || order.RefundedUnits < 0 || order.RefundedUnits > order.Quantity
            || order.Delivered < 0 || order.Delivered > order.Quantity || order.Total != order.UnitPrice * order.Quantity || order.Quantity is < 1 or > 10_000)
            throw Broken("orders");
    }

    private Order? Find(OrderId id) => _orders.GetValueOrDefault(id) ?? tables.Orders.GetValueOrDefault(id);
    private Account Account(AccountId id) => _accounts.GetValueOrDefault(id) ?? tables.Accounts[id];

    private long? Returned(LotId lot, long from) => _returns.TryGetValue((lot, from), out var here) ? here
        : tables.Returns.TryGetValue((lot, from), out var there) ? there : null;

    private static PostgresException Duplicate(string constraint) => new($"duplicate key: {constraint}", "ERROR", "ERROR", PostgresErrorCodes.UniqueViolation);
    private static PostgresException Broken(string table) => new($"check violated: {table}", "ERROR", "ERROR", PostgresErrorCodes.CheckViolation);
}
