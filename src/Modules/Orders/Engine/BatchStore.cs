using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Inventory;
using Lianka.Modules.Ledger;
using Lianka.Modules.Orders.Core;
using Lianka.Modules.Payments;
using Lianka.Platform.Data;

namespace Lianka.Modules.Orders.Engine;

/// <summary>Loads everything a batch may look at. All of it in the batch's own transaction.</summary>
/// <remarks>
/// One batch at a time runs against a database, whatever the number of nodes: the engines' lock sees to that. So accounts
/// and lots, which others than engines change rarely, are read without locks; the save finds out whether one changed, and
/// then the batch runs again with locks. Locks are taken in one fixed order, so that nobody waits in a ring: the engines',
/// orders by id, then flash sales by id, then accounts by id, then lots by id.
/// </remarks>
internal sealed class BatchStore(PriceBooks prices, Ledger.Ledger ledger, AccountIds accountIds, EngineMemory memory)
{
    /// <summary>The accounts of this batch that were not read but remembered.</summary>
    private readonly List<Account> _remembered = [];

    /// <summary>Whether this batch has looked up the callers' own numbers.</summary>
    private bool _knowsRepeats;

    private const long EngineLock = 0x4C4B_454E;

    /// <param name="begun">Told once the turn has come, before anything is read, and before another's turn is waited for; the batch may grow in it.</param>
    public async Task<Loaded> LoadAsync(Session session, IReadOnlyList<OrderCommand> batch, DateTimeOffset now, Action begun, bool isLocking)
    {
        if (memory.IsShared) begun();
        var (book, turn, told, numbers) = await BeginAsync(session, batch);
        begun();
        _remembered.Clear();
        _knowsRepeats = isLocking || memory.ExpectsRepeats;
        memory.Follow(turn, told);
        if (isLocking) memory.Forget();
        memory.At(book.Version);
        var orders = await SaleRows.WithClaimsAsync(session, await OrdersAsync(session, batch));
        var sales = await SaleRows.LoadAsync(session, batch, orders);

        var reads = new ReadBatch(session);
        var accounts = await ReadAccountsAsync(reads, session, batch, orders, book, now, isLocking);
        var skus = Skus(batch, orders);
        var stock = Inventory.Inventory.ReadStock(reads, session, [.. skus.Where(k => memory.Lots(k) is null)], now, isLocking);
        await reads.RunAsync();

        var pays = batch.OfType<OrderCommand.Pay>().Select(p => p.Order).ToHashSet();
        // Those of flash sales are limited by the sale's own units instead.
        var reserves = batch.OfType<OrderCommand.Reserve>().Where(r => r.Sale is null).ToList();
        var held = await HeldUnitsAsync(session, reserves);
        await SaleRows.SubtractAsync(session, held);
        return new Loaded
        {
            Batch = turn.Batch + 1,
            Prices = book,
            // Behind the locks: whoever moved an account before has a lower number.
            Numbers = isLocking ? await LedgerNumbers.DrawAsync(session, NumbersFor(batch)) : numbers,
            Stock = stock(skus.SelectMany(k => memory.Lots(k) ?? []).Where(l => l.ExpiresAt is not { } end || end > now)),
            Orders = orders,
            Accounts = accounts,
            PaymentsTaken = await PaymentsTakenAsync(session, pays),
            Refunds = await RefundsAsync(session, batch),
            Contacts = await ContactsAsync(session, pays),
            HeldUnits = held,
            OpenOrders = await OpenOrdersAsync(session, reserves),
            Sales = sales,
            BoughtToday = await PurchaseRows.BoughtTodayAsync(session, CappedSupplies(batch, orders, book), now),
        };
    }

    /// <summary>Takes the locks and the turn, reads whose it was and which prices hold: all in one round trip.</summary>
    private async Task<(PriceBook Book, EngineTurn Was, Dictionary<long, EngineChange> Told, LedgerNumbers Numbers)> BeginAsync(
        Session session, IReadOnlyList<OrderCommand> batch)
    {
        var reads = new ReadBatch(session);
        LedgerWrites.Enter(reads, session);
        if (session.Kind == DatabaseKind.Postgres) reads.Add("select pg_advisory_xact_lock(@EngineLock)", static _ => { }, ("@EngineLock", EngineLock));
        EngineTurn? was = null;
        var told = new Dictionary<long, EngineChange>();
        if (memory.IsShared) EngineChange.Read(reads, memory.Seen, told.Add);
        EngineTurn.Take(reads, memory.Holder, turn => was = turn);
        var numbers = LedgerNumbers.Draw(reads, session, NumbersFor(batch));
        var version = PriceBooks.ReadVersion(reads);
        await reads.RunAsync();
        return (await prices.LoadAsync(session, version()), was!, told, numbers);
    }

    /// <summary>How many numbers the commands may need: two each for what they make, and one for each transfer beside an order's own.</summary>
    /// <remarks>A batch that needs more after all is run again command by command, and each then has a block of its own.</remarks>
    private static int NumbersFor(IReadOnlyList<OrderCommand> batch)
    {
        var sum = 0;
        // After the release a refund takes from every party's accounts in turn.
        foreach (var command in batch) sum += command is OrderCommand.Refund ? 32 : 4;
        return sum;
    }

    /// <summary>What was taken for granted and no write would notice is looked at now.</summary>
    /// <remarks>A number of the caller's own that was used before collides when its order is written; a refused order is not written.</remarks>
    /// <exception cref="StaleReadException">Something is not as was thought: what was decided may be wrong.</exception>
    public async Task CheckAsync(Session session, BatchState state)
    {
        if (!_knowsRepeats && Keys(state.Refused) is { Count: > 0 } refused && await EarlierAsync(session, refused) is { Count: > 0 } earlier)
        {
            memory.ExpectRepeats();
            throw new StaleReadException($"{earlier.Count} numbers of refused orders were used before.");
        }

        var unwritten = _remembered.Where(a => !state.Writes.Balances.ContainsKey(a.Id)).ToDictionary(a => a.Id);
        if (unwritten.Count == 0) return;
        var reads = new ReadBatch(session);
        Ledger.Ledger.Read(reads, session, unwritten.Keys, now =>
        {
            if (unwritten[now.Id] != now) throw new StaleReadException($"{now.Id} changed since it was remembered.");
        });
        await reads.RunAsync();
    }

    private async Task<List<Order>> OrdersAsync(Session session, IReadOnlyList<OrderCommand> batch)
    {
        var ids = new SortedSet<long>();
        foreach (var command in batch)
        {
            switch (command)
            {
                case OrderCommand.Pay c: ids.Add(c.Order.Value); break;
                case OrderCommand.Cancel c: ids.Add(c.Order.Value); break;
                case OrderCommand.Expire c: ids.Add(c.Order.Value); break;
                case OrderCommand.Refund c: ids.Add(c.Order.Value); break;
                case OrderCommand.Reveal c: ids.Add(c.Order.Value); break;
                case OrderCommand.Deliver c: ids.Add(c.Order.Value); break;
                case OrderCommand.Fail c: ids.Add(c.Order.Value); break;
                case OrderCommand.Ask c: ids.Add(c.Order.Value); break;
            }
        }

        if (_knowsRepeats && Keys(batch) is { Count: > 0 } keys)
        {
            var earlier = await EarlierAsync(session, keys);
            if (earlier.Count > 0) memory.ExpectRepeats();
            ids.UnionWith(earlier);
        }

        return ids.Count == 0 ? [] : await OrderRow.ReadAsync(
            session, $"from orders o where {session.AnyOf("o.id", "@ids")} order by o.id{session.ForUpdate}",
            ("@ids", session.List(ids)));
    }

    /// <summary>The callers' own numbers.</summary>
    private static HashSet<(long Merchant, string Key)> Keys(IReadOnlyList<OrderCommand> batch)
    {
        var keys = new HashSet<(long Merchant, string Key)>();
        foreach (var command in batch)
        {
            if (command is OrderCommand.Place place) keys.Add((place.Merchant.Value, place.ClientKey));
            if (command is OrderCommand.Reserve reserve) keys.Add((reserve.Merchant.Value, reserve.ClientKey));
        }

        return keys;
    }

    /// <summary>Which of the callers' own numbers were used before.</summary>
    private static async Task<IReadOnlyCollection<long>> EarlierAsync(Session session, HashSet<(long Merchant, string Key)> keys)
    {
        if (session.Kind == DatabaseKind.Postgres)
        {
            // Lateral with limit 1: a plan made while the table was empty stays an index probe per key when it is not.
            return await session.QueryAsync<long>(
                """
                select o.id from unnest(@merchants, @keys) d (m, k)
                cross join lateral (select id from orders where merchant_id = d.m and client_key = d.k limit 1) o
                """,
                new { merchants = keys.Select(k => k.Merchant).ToArray(), keys = keys.Select(k => k.Key).ToArray() });
        }

        var found = new List<long>();
        await using var command = session.Command("select id from orders where merchant_id = @merchant and client_key = @key");
        var merchant = command.CreateParameter();
        var key = command.CreateParameter();
        (merchant.ParameterName, key.ParameterName) = ("@merchant", "@key");
        command.Parameters.Add(merchant);
        command.Parameters.Add(key);
        foreach (var (m, k) in keys)
        {
            (merchant.Value, key.Value) = (m, k);
            if (await command.ExecuteScalarAsync() is long id) found.Add(id);
        }

        return found;
    }

    /// <returns>The accounts, all there once the reads have run.</returns>
    private async Task<List<Account>> ReadAccountsAsync(
        ReadBatch reads, Session session, IReadOnlyList<OrderCommand> batch, List<Order> orders, PriceBook book, DateTimeOffset now, bool isLocking)
    {
        var names = new HashSet<AccountName>();
        var ids = new HashSet<AccountId>();
        foreach (var command in batch) Name(command);
        var byId = orders.ToDictionary(o => o.Id);
        foreach (var command in batch)
        {
            if (command is OrderCommand.Pay pay && byId.TryGetValue(pay.Order, out var paid)) OfOrder(paid);
            if (command is OrderCommand.Deliver deliver && byId.TryGetValue(deliver.Order, out var delivered)) OfOrder(delivered);
            if (command is OrderCommand.Fail fail && byId.TryGetValue(fail.Order, out var failed)) OfOrder(failed);
            if (command is OrderCommand.Refund refund && byId.TryGetValue(refund.Order, out var refunded))
            {
                OfOrder(refunded);
                if (refunded.Settlement == SettlementState.Released) OfParties(refunded);
            }
        }

        var accounts = new List<Account>();
        foreach (var (name, id) in await accountIds.FindAsync(session, names))
        {
            // A folded account has nothing to read: nobody's limit depends on it.
            if (AccountKinds.IsLimited(name.Kind)) ids.Add(id);
            else accounts.Add(new Account(id, name.Kind, name.Party, IsLimited: false, Floor: null, Money.Zero, Money.Zero));
        }

        if (isLocking)
        {
            accounts.AddRange((await ledger.LockAsync(session, ids)).Values);
            return accounts;
        }

        foreach (var id in ids)
            if (memory.Account(id) is { } known) _remembered.Add(known);
        accounts.AddRange(_remembered);
        Ledger.Ledger.Read(reads, session, ids.Where(id => memory.Account(id) is null), accounts.Add);
        return accounts;

        void Name(OrderCommand command)
        {
            switch (command)
            {
                case OrderCommand.Place c:
                    names.Add(new(AccountKinds.Wallet, c.Merchant.Value));
                    names.Add(new(AccountKinds.Escrow, c.Merchant.Value));
                    Promotion(c.Sku);
                    break;
                case OrderCommand.Reserve c:
                    names.Add(new(AccountKinds.Clearing(c.Channel), Parties.Platform));
                    names.Add(new(AccountKinds.Escrow, c.Merchant.Value));
                    Promotion(c.Sku);
                    break;
                case OrderCommand.Pay:
                    names.Add(new(AccountKinds.Suspense, Parties.Platform));
                    break;
            }
        }

        void Promotion(SkuId sku)
        {
            if (book.PromotionOf(sku, now) is { } promotion) names.Add(new(AccountKinds.Promotion, promotion));
        }

        void OfOrder(Order order)
        {
            ids.Add(order.PayerAccount);
            ids.Add(order.EscrowAccount);
            if (order.Promotion is { } promotion) names.Add(new(AccountKinds.Promotion, promotion));
        }

        void OfParties(Order order)
        {
            foreach (var kind in (string[])[AccountKinds.Loss, AccountKinds.Revenue, AccountKinds.Fees])
                names.Add(new(kind, Parties.Platform));
            foreach (var part in order.Fulfilments)
                foreach (var kind in (string[])[AccountKinds.Payable, AccountKinds.Deposit, AccountKinds.Receivable])
                    names.Add(new(kind, part.Supplier.Value));
            foreach (var merchant in order.Ancestors.Select(a => a.Merchant).Append(order.Merchant))
                foreach (var kind in (string[])[AccountKinds.CommissionAvailable, AccountKinds.CommissionPending, AccountKinds.Receivable])
                    names.Add(new(kind, merchant.Value));
        }
    }

    private static HashSet<SkuId> Skus(IReadOnlyList<OrderCommand> batch, List<Order> orders)
    {
        var skus = new HashSet<SkuId>();
        foreach (var command in batch)
        {
            if (command is OrderCommand.Place place) skus.Add(place.Sku);
            if (command is OrderCommand.Reserve reserve) skus.Add(reserve.Sku);
            // A payment that comes after its reservation lapsed buys from today's stock.
            if (command is OrderCommand.Pay pay && orders.Find(o => o.Id == pay.Order) is { } order) skus.Add(order.Sku);
        }

        return skus;
    }

    /// <summary>Supplies with a daily cap from which a command of the batch may buy.</summary>
    private static List<SupplyId> CappedSupplies(IReadOnlyList<OrderCommand> batch, List<Order> orders, PriceBook book)
    {
        var skus = Skus(batch, orders);
        foreach (var order in orders) skus.Add(order.Sku);
        return [.. skus.Where(k => book.Sku(k) is { IsDirect: true }).SelectMany(book.Supplies).Where(s => s.DailyCap is not null).Select(s => s.Id)];
    }

    private static async Task<List<OrderId>> PaymentsTakenAsync(Session session, HashSet<OrderId> pays)
    {
        var taken = await PaymentBook.PaidAsync(session, pays);
        return [.. pays.Where(taken.Contains)];
    }

    private sealed record RefundRow
    {
        public string Key { get; init; } = "";
        public string? Reason { get; init; }
        public long Amount { get; init; }
    }

    private static async Task<Dictionary<string, EarlierRefund>> RefundsAsync(Session session, IReadOnlyList<OrderCommand> batch)
    {
        var refunds = new Dictionary<string, EarlierRefund>();
        foreach (var refund in batch.OfType<OrderCommand.Refund>())
        {
            var row = await session.FirstAsync<RefundRow>(
                """
                select p.key, p.reason, t.amount from posting p join transfer_row t on t.posting_id = p.id
                where p.key = @Key and t.kind in ('refund', 'refund_late') order by t.id limit 1
                """,
                new { Key = RefundOrder.KeyOf(refund) });
            if (row is not null) refunds[row.Key] = new EarlierRefund(row.Reason, new Money(row.Amount));
        }

        return refunds;
    }

    private sealed record ContactRow
    {
        public OrderId OrderId { get; init; }
        public string Contact { get; init; } = "";
        public byte[] ContactKey { get; init; } = [];
    }

    private static async Task<Dictionary<OrderId, NewContact>> ContactsAsync(Session session, HashSet<OrderId> orders)
    {
        if (orders.Count == 0) return [];
        var rows = await session.QueryAsync<ContactRow>(
            $"select order_id, contact, contact_key from order_contact where {session.AnyOf("order_id", "@ids")}",
            new { ids = session.List(orders.Select(o => o.Value)) });
        return rows.ToDictionary(r => r.OrderId, r => new NewContact(r.OrderId, r.Contact, r.ContactKey));
    }

    private sealed record CountRow
    {
        public SkuId SkuId { get; init; }
        public byte[] ContactKey { get; init; } = [];
        public long Count { get; init; }
    }

    private static async Task<Dictionary<SkuId, long>> HeldUnitsAsync(Session session, List<OrderCommand.Reserve> reserves)
    {
        if (reserves.Count == 0) return [];
        var rows = await session.QueryAsync<CountRow>(
            $"select sku_id, cast(sum(quantity) as bigint) as count from orders where status = 1 and {session.AnyOf("sku_id", "@skus")} group by sku_id",
            new { skus = session.List(reserves.Select(r => r.Sku.Value).Distinct()) });
        return rows.ToDictionary(r => r.SkuId, r => r.Count);
    }

    private static async Task<Dictionary<(string, SkuId), long>> OpenOrdersAsync(Session session, List<OrderCommand.Reserve> reserves)
    {
        if (reserves.Count == 0) return [];
        var rows = await session.QueryAsync<CountRow>(
            $"""
            select o.sku_id, c.contact_key, count(*) as count from orders o join order_contact c on c.order_id = o.id
            where o.status = 1 and {session.AnyOf("o.sku_id", "@skus")} group by o.sku_id, c.contact_key
            """,
            new { skus = session.List(reserves.Select(r => r.Sku.Value).Distinct()) });
        return rows.ToDictionary(r => (Convert.ToHexString(r.ContactKey), r.SkuId), r => r.Count);
    }
}
