using System.Data.Common;
using Lianka.Kernel;
using Lianka.Modules.Ledger;
using Lianka.Modules.Orders;
using Lianka.Modules.Orders.Core;

namespace Lianka.Tests.Simulation;

/// <summary>What a node does because time passes: as OrderClock, SettleOrders and MatureCommission, with the same plans.</summary>
internal sealed class ClockWork(Simulation world, Node node)
{
    /// <summary>The window for disputes before commission matures.</summary>
    private static readonly TimeSpan _window = TimeSpan.FromMilliseconds(200);

    private const int OrdersMax = 20;

    /// <returns>False when nothing was due.</returns>
    public bool IsDue() => Lapsed().Count > 0 || Releasable(node.Clock.Now()).Count > 0 || world.Tables.Waiting.Exists(w => w.DueAt <= node.Clock.Now());

    public async Task TickAsync()
    {
        if (world.IsDatabaseAway) return;
        try
        {
            var lapsed = Lapsed();
            await node.StepAsync(Point.LapseRead, null);
            foreach (var order in lapsed) node.Accept(world.Clients.Internal(new OrderCommand.Expire(order)));
            await SettleAsync();
            await MatureAsync();
        }
        catch (DbException)
        {
            // The next tick tries again.
        }
        catch (Exception fault)
        {
            world.Broken ??= new BrokenException("the order clock", fault.ToString());
        }
    }

    private List<OrderId> Lapsed()
    {
        var due = new List<OrderId>();
        foreach (var order in world.Tables.Orders.Values)
            if (order.Status == OrderStatus.Placed && order.ExpiresAt <= node.Clock.Now()) due.Add(order.Id);
        return due;
    }

    private List<Order> Releasable(DateTimeOffset now) =>
        [.. world.Tables.Orders.Values.Where(o => o.Settlement == SettlementState.Escrowed && o.ReleaseAt <= now)
            .OrderBy(o => o.ReleaseAt).ThenBy(o => o.Id).Take(OrdersMax)];

    private async Task SettleAsync()
    {
        var (id, now, tables) = (world.NextId(), node.Clock.Now(), world.Tables);
        if (Releasable(now).Count == 0) return;
        await node.Store.WriteAsync(async tx =>
        {
            await node.StepAsync(Point.SettleBegun, tx.Locks);
            // Passed over are the orders that somebody has in hand.
            var due = Releasable(now).Where(o => world.Locks.TryTake(tx.Locks, RowKind.Order, o.Id.Value)).ToList();
            await node.StepAsync(Point.SettleOrdersLocked, tx.Locks);
            if (due.Count == 0) return;

            var sums = SettlementSums.Of([.. due.Select(EscrowedOrder.Of)]);
            var found = new Dictionary<AccountName, AccountId>();
            foreach (var name in sums.Names())
                if (tables.AccountIds.TryGetValue(name, out var account)) found[name] = account;
            var accounts = await LockAsync(tx, found.Values.Concat(due.Select(o => o.EscrowAccount)));
            await node.StepAsync(Point.SettleAccountsLocked, tx.Locks);

            var plan = PlanSettlement.Of(sums, name => found[name], party =>
                found.TryGetValue(new(AccountKinds.Receivable, party), out var receivable) ? -accounts[receivable].Balance : Money.Zero);
            var waiting = plan.Commissions.Select(c => new WaitRow(id, c.Key, c.Value, now + _window)).ToList();
            var posted = LegWrites.Apply(plan.Legs, accounts, new PostingId(id), now);
            var numbered = Number(posted.Transfers);
            tx.Write(changes =>
            {
                changes.Post(new NewPosting(id, "settlement", null!, "", "system"));
                changes.Settle(new SettlementRow(id, now, due.Count, sums.Total), [.. sums.Lines, .. due.Where(o => o.OnlyPart is not null).SelectMany(Lines)], due, waiting);
                Write(changes, numbered, posted.Balances);
            });
            await node.StepAsync(Point.SettleSaved, tx.Locks);
        }, Point.SettleCommitSent, Point.SettleCommitted);
    }

    private async Task MatureAsync()
    {
        if (!world.Tables.Waiting.Exists(w => w.DueAt <= node.Clock.Now())) return;
        var (id, now, tables) = (world.NextId(), node.Clock.Now(), world.Tables);
        await node.Store.WriteAsync(async tx =>
        {
            await node.StepAsync(Point.MatureBegun, tx.Locks);
            // The locks of the waiting rows, with skip locked: each row of a settlement and a merchant is one.
            var rows = tables.Waiting.Where(w => w.DueAt <= now
                && world.Locks.TryTake(tx.Locks, RowKind.Waiting, (w.Settlement * 16) + w.Merchant.Value)).ToList();
            if (rows.Count == 0) return;
            var ids = rows.SelectMany(r => new[] { Account(AccountKinds.CommissionPending, r), Account(AccountKinds.CommissionAvailable, r) });
            var accounts = await LockAsync(tx, ids);
            await node.StepAsync(Point.MatureLocked, tx.Locks);

            var legs = new List<Leg>();
            foreach (var merchant in rows.GroupBy(r => r.Merchant))
            {
                var pending = accounts[Account(AccountKinds.CommissionPending, merchant.First())];
                var sum = merchant.Aggregate(Money.Zero, (total, r) => total + r.Amount);
                var amount = Money.Min(sum, pending.Balance);
                if (amount.IsPositive) legs.Add(new Leg(pending.Id, Account(AccountKinds.CommissionAvailable, merchant.First()), amount, "commission_mature"));
            }

            var posted = LegWrites.Apply(legs, accounts, new PostingId(id), now);
            var numbered = Number(posted.Transfers);
            tx.Write(changes =>
            {
                changes.Matured(rows);
                if (legs.Count > 0) changes.Post(new NewPosting(id, "commission", null!, "", "system"));
                Write(changes, numbered, posted.Balances);
            });
            await node.StepAsync(Point.MatureSaved, tx.Locks);
        }, Point.MatureCommitSent, Point.MatureCommitted);

        AccountId Account(string kind, WaitRow row) => tables.AccountOf(kind, row.Merchant.Value);
    }

    private async Task<Dictionary<AccountId, Account>> LockAsync(Transaction tx, IEnumerable<AccountId> accounts)
    {
        var sorted = new SortedSet<long>(accounts.Select(a => a.Value));
        await world.Locks.TakeAsync(tx.Locks, RowKind.Account, sorted.Where(a => world.Tables.Accounts[new AccountId(a)].IsLimited));
        return sorted.ToDictionary(a => new AccountId(a), a => world.Tables.Accounts[new AccountId(a)]);
    }

    private List<(long Number, TransferRow Row)> Number(IReadOnlyList<TransferRow> transfers)
    {
        var numbers = world.Draw();
        return [.. transfers.Select(t => (numbers.Next(), t))];
    }

    private static void Write(Changes changes, List<(long Number, TransferRow Row)> transfers, IReadOnlyList<(AccountId Account, Money Balance)> balances)
    {
        foreach (var (number, transfer) in transfers) changes.Move(number, transfer);
        foreach (var (account, balance) in balances) changes.SetBalance(account, balance, transfers[^1].Number);
    }

    /// <summary>As the view settlement_line has them, of an order whose row tells everything.</summary>
    private static IEnumerable<SettlementLine> Lines(Order order) =>
        OrderShares.Of(order).Shares.Select(s => new SettlementLine(order.Id, s.PartyId, s.Role, s.Amount));
}
