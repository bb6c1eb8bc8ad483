using Lianka.Kernel;
using Lianka.Modules.Ledger;
using Lianka.Modules.Orders.Core;
using Lianka.Modules.Orders.Engine;
using Lianka.Platform.Data;

namespace Lianka.Modules.Orders.Settle;

/// <summary>Releases the escrow of orders whose hold time is over, in batches. May be run again, and beside itself.</summary>
/// <remarks>
/// What is due is listed first and put in order by who paid, so that a batch takes much out of few escrow accounts. The
/// list is no promise: the batch's own transaction changes the orders that are still due, and releases just those.
/// </remarks>
internal sealed class SettleOrders(Database database, Ledger.Ledger ledger, AccountIds accountIds, IdSource ids, TimeProvider clock)
{
    /// <summary>So many are listed at once.</summary>
    public const int ListMax = 200_000;

    /// <summary>So many are released in one transaction: refunds of them, and a fold of the ledger, wait for its end.</summary>
    private const int BatchMax = 4_000;

    private const int Lanes = 2;

    /// <summary>How long commission waits for disputes when the operator has set nothing: seven days.</summary>
    private const long DisputeWindowSeconds = 7 * 24 * 3600;

    /// <returns>How many orders were released; <see cref="ListMax"/> when there may be more.</returns>
    public async Task<int> RunAsync(CancellationToken cancel = default)
    {
        var due = await database.ReadAsync(s => s.QueryAsync<long>(
            $"""
            select id from (
                select id, escrow_account from orders where settlement = 1 and dispute = 0 and release_at <= @Now order by release_at, id limit {ListMax}) d
            order by escrow_account, id
            """,
            new { Now = clock.Now() }), cancel);
        var released = 0;
        // Two at a time: while one transaction is planned and committed here, the database works on the other. They lock
        // accounts last and in one order, so they wait for each other for as long as a commit takes.
        await Parallel.ForEachAsync(due.Chunk(BatchMax), new ParallelOptions { MaxDegreeOfParallelism = Lanes, CancellationToken = cancel }, async (batch, token) =>
        {
            var id = await ids.NextAsync();
            var now = clock.Now();
            Interlocked.Add(ref released, await database.WriteAsync(session => RunAsync(session, batch, id, now), token));
        });
        return released;
    }

    private async Task<int> RunAsync(Session session, long[] due, long id, DateTimeOffset now)
    {
        await LedgerWrites.EnterAsync(session);
        // Orders first, then accounts: the order of the engine's locks. What another node released, what was refunded or
        // disputed since the list was made, is not among those that come back.
        var orders = await ReleasedRow.ReleaseAsync(session, due, id, now);
        if (orders.Count == 0) return 0;

        var sums = SettlementSums.Of(orders);
        var found = await accountIds.FindAsync(session, sums.Names());
        var accounts = await ledger.LockAsync(session, found.Where(f => AccountKinds.IsLimited(f.Key.Kind)).Select(f => f.Value));
        // A folded account has nothing to read: nobody's limit depends on it.
        foreach (var (name, account) in found) accounts.TryAdd(account, Folded(account, name.Kind, name.Party));
        foreach (var escrow in sums.OutOf.Keys) accounts[escrow] = Folded(escrow, AccountKinds.Escrow, Parties.Platform);
        var plan = PlanSettlement.Of(sums, name => found[name], party =>
            found.TryGetValue(new(AccountKinds.Receivable, party), out var receivable) ? -accounts[receivable].Balance : Money.Zero);

        await session.ExecuteAsync(
            "insert into posting (id, kind, key, reason, actor, at) values (@id, 'settlement', null, null, 'system', @now)", new { id, now });
        await session.ExecuteAsync(
            "insert into settlement (id, at, orders, total) values (@id, @now, @Count, @Total)", new { id, now, orders.Count, sums.Total });
        await session.InsertAsync("settlement_part", "settlement_id, order_id, party_id, role, account_id, amount", sums.Lines, (line, w) =>
        {
            w.Number(id);
            w.Number(line.Order.Value);
            w.Number(line.Party);
            w.Text(line.Role.ToString().ToLowerInvariant());
            w.Number(found[PlanSettlement.AccountOf(line.Role, line.Party)].Value);
            w.Number(line.Amount.Units);
        });
        await session.InsertAsync("released_share", "party_id, child_id, settlement_id, amount", sums.Released.ToList(), (share, w) =>
        {
            w.Number(share.Key.Party.Value);
            w.Number(share.Key.Child?.Value ?? 0);
            w.Number(id);
            w.Number(share.Value.Units);
        });
        var end = now.AddSeconds(await DisputeWindowAsync(session)).ToMicros();
        await session.InsertAsync("commission_wait", "settlement_id, merchant_id, amount, due_at", plan.Commissions.ToList(), (commission, w) =>
        {
            w.Number(id);
            w.Number(commission.Key.Value);
            w.Number(commission.Value.Units);
            w.Number(end);
        });

        var posted = LegWrites.Apply(plan.Legs, accounts, new PostingId(id), now);
        await LedgerWrites.WriteAsync(session, posted.Transfers, posted.Balances);
        return orders.Count;
    }

    private static Account Folded(AccountId id, string kind, long party) =>
        new(id, kind, party, IsLimited: false, Floor: null, Money.Zero, Money.Zero);

    private static async Task<long> DisputeWindowAsync(Session session) =>
        long.TryParse(await session.ScalarAsync<string>("select value from setting where name = 'dispute_window_seconds'"), out var seconds)
            ? seconds
            : DisputeWindowSeconds;
}
