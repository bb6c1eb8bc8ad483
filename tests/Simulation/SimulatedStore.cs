using System.Data.Common;
using Lianka.Kernel;
using Lianka.Modules.Inventory;
using Lianka.Modules.Ledger;
using Lianka.Modules.Orders;
using Lianka.Modules.Orders.Core;
using Lianka.Modules.Orders.Engine;
using Lianka.Platform.Data;
using Npgsql;

namespace Lianka.Tests.Simulation;

/// <summary>The engine's store as one node reaches it: read committed, row locks, one lost connection after another.</summary>
internal sealed class SimulatedStore(Simulation world, Node node) : IOrderStore
{
    /// <summary>As Database.WriteAsync: so often is a transaction run again that the database ended.</summary>
    private const int RetriesMax = 3;

    private static readonly long[] _engine = [0];

    /// <summary>As SqlOrderStore: accounts and lots are read without locks first, and with locks when one had changed.</summary>
    public async Task RunAsync(IReadOnlyList<OrderCommand> commands, DateTimeOffset now, Action begun, Func<Loaded, BatchState> decide)
    {
        try
        {
            await RunAsync(commands, now, begun, decide, isLocking: false);
        }
        catch (StaleReadException)
        {
            world.Tally.Stale++;
            await RunAsync(commands, now, begun, decide, isLocking: true);
        }
    }

    private Task RunAsync(IReadOnlyList<OrderCommand> commands, DateTimeOffset now, Action begun, Func<Loaded, BatchState> decide, bool isLocking) =>
        WriteAsync(async tx =>
        {
            var loaded = await LoadAsync(tx, commands, now, begun, isLocking);
            var state = decide(loaded);
            if (!state.Writes.IsEmpty) await SaveAsync(tx, loaded, state);
        }, Point.CommitSent, Point.Committed);

    /// <summary>Runs <paramref name="work"/> in a transaction, which a kill or a lost connection may end at any step.</summary>
    public async Task WriteAsync(Func<Transaction, Task> work, Point sent, Point committed)
    {
        for (var attempt = 0; ; attempt++)
        {
            // What a dead node's code would still do after a wait that was over at the same moment, it does not do.
            if (node.IsDead) await Never.Task;
            var tx = new Transaction(world.Tables, new Tx());
            node.Opened(tx.Locks);
            try
            {
                await work(tx);
                await CommitAsync(tx, sent, committed);
                return;
            }
            catch (DbException fault) when (attempt < RetriesMax && IsPassing(fault))
            {
                world.Locks.Release(tx.Locks);
                await Task.Delay(TimeSpan.FromMilliseconds(10 << attempt), node.Clock);
            }
            catch (Exception fault)
            {
                if (Database.IsDuplicate(fault)) world.Tally.Duplicates++;
                if (!tx.Locks.IsCommitSent) world.Locks.Release(tx.Locks);
                throw;
            }
        }
    }

    private async Task<Loaded> LoadAsync(Transaction tx, IReadOnlyList<OrderCommand> commands, DateTimeOffset now, Action begun, bool isLocking)
    {
        var tables = world.Tables;
        if (world.HasEngineLock) await world.Locks.TakeAsync(tx.Locks, RowKind.Engine, _engine);
        await node.StepAsync(Point.Begun, tx.Locks);
        begun();
        var numbers = world.Draw();
        var book = tables.Book;
        var ids = Needs.Orders(commands, tables);
        await node.StepAsync(Point.KeysProbed, tx.Locks);

        await world.Locks.TakeAsync(tx.Locks, RowKind.Order, ids);
        var orders = Needs.WithClaims(ids, tables);
        await node.StepAsync(Point.OrdersLocked, tx.Locks);

        var asked = Needs.Sales(commands, orders);
        await world.Locks.TakeAsync(tx.Locks, RowKind.Sale, asked);
        var sales = new List<FlashSale>();
        foreach (var id in asked) if (tables.Sales.TryGetValue(new SaleId(id), out var sale)) sales.Add(sale);
        await node.StepAsync(Point.SalesLocked, tx.Locks);

        var accounts = Needs.Accounts(commands, orders, book, tables, now);
        if (isLocking) await world.Locks.TakeAsync(tx.Locks, RowKind.Account, accounts.Where(a => tables.Accounts[new AccountId(a)].IsLimited));
        var locked = new List<Account>();
        foreach (var id in accounts) locked.Add(tables.Accounts[new AccountId(id)]);
        await node.StepAsync(Point.AccountsRead, tx.Locks);

        var skus = Needs.Skus(commands, orders);
        var open = Needs.OpenLots(skus, tables, now);
        if (isLocking) await world.Locks.TakeAsync(tx.Locks, RowKind.Lot, open);
        var lots = Needs.Lots(open, tables);
        await node.StepAsync(Point.StockRead, tx.Locks);

        if (isLocking) numbers = world.Draw();
        var loaded = Needs.Rest(commands, tables, new Loaded
        {
            Prices = book, Stock = new Stock(lots), Numbers = numbers, Orders = orders, Accounts = locked, Sales = sales,
        });
        await node.StepAsync(Point.Loaded, tx.Locks);
        return loaded;
    }

    private async Task SaveAsync(Transaction tx, Loaded loaded, BatchState state)
    {
        var stock = state.Stock.Changes();
        var (writes, read) = (state.Writes, loaded.Accounts.ToDictionary(a => a.Id));
        await node.StepAsync(Point.ChangedOrdersSaved, tx.Locks);
        for (var point = Point.NewOrdersSaved; point < Point.BalancesSaved; point++) await node.StepAsync(point, tx.Locks);
        // An update locks the rows it finds.
        await LockAsync(tx, RowKind.Lot, stock.Cursors.Select(c => c.Lot.Value));
        await LockAsync(tx, RowKind.Account, writes.Balances.Keys.Select(a => a.Value));
        // What the statements of the save meet; and once more when the commit arrives.
        tx.Write(changes => changes.Batch(writes, stock, read, loaded.Numbers));
        await node.StepAsync(Point.BalancesSaved, tx.Locks);
    }

    private async Task LockAsync(Transaction tx, RowKind kind, IEnumerable<long> rows)
    {
        var sorted = new SortedSet<long>(rows);
        if (world.HasEngineLock)
        {
            await world.Locks.TakeAsync(tx.Locks, kind, sorted);
            return;
        }

        // Batches that nobody keeps apart may wait for each other in a ring; the database then ends one of them.
        foreach (var row in sorted)
            if (!world.Locks.TryTake(tx.Locks, kind, row)) throw new PostgresException("deadlock", "ERROR", "ERROR", PostgresErrorCodes.DeadlockDetected);
    }

    private async Task CommitAsync(Transaction tx, Point sent, Point committed)
    {
        tx.Locks.IsCommitSent = true;
        var (timeline, dice) = (world.Timeline, world.Dice);
        var isLost = (world.IsFaulty && dice.OneIn(40)) || world.IsDatabaseAway;
        // A connection that breaks now may break before or behind the database (F4).
        var arrives = !isLost || dice.OneIn(2);
        var answer = new TaskCompletionSource();
        var travels = dice.Between(20, 400);
        timeline.In(travels, () =>
        {
            Exception? fault = null;
            try
            {
                if (arrives) tx.Commit();
            }
            catch (Exception refused)
            {
                fault = refused;
            }

            world.Locks.Release(tx.Locks);
            if (isLost || node.IsDead) return;
            if (fault is null) answer.SetResult();
            else answer.SetException(fault);
        });
        // The client may learn of the break long before the server has finished.
        if (isLost) timeline.In(dice.Between(1, 2 * travels), () => node.Resume(() => answer.SetException(new CommitUnknownException(Lost()))));
        if (node.DiesAt(sent))
        {
            arrives = dice.OneIn(2);
            await Never.Task;
        }

        await answer.Task;
        await node.StepAsync(committed, null);
    }

    public static NpgsqlException Lost() => new("The connection was lost.", new IOException());

    public static NpgsqlException Away() => new("Nobody answers.", new TimeoutException());

    // As Database.IsPassing.
    private static bool IsPassing(DbException fault) => fault is not CommitUnknownException && fault.InnerException is not TimeoutException && fault.IsTransient;
}

/// <summary>A transaction's locks and what it will write.</summary>
internal sealed class Transaction(Tables tables, Tx locks)
{
    private readonly List<Action<Changes>> _writes = [];

    public Tx Locks => locks;

    /// <exception cref="PostgresException">A unique index or a check stands against it already now.</exception>
    public void Write(Action<Changes> write)
    {
        write(new Changes(tables));
        _writes.Add(write);
    }

    public void Commit()
    {
        if (_writes.Count == 0) return;
        var changes = new Changes(tables);
        foreach (var write in _writes) write(changes);
        changes.Apply();
    }
}
