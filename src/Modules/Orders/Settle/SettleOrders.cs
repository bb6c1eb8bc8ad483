using Lianka.Kernel;
using Lianka.Modules.Ledger;
using Lianka.Modules.Orders.Core;
using Lianka.Modules.Orders.Engine;
using Lianka.Platform.Data;

namespace Lianka.Modules.Orders.Settle;

/// <summary>Releases the escrow of orders whose hold time is over, in batches. May be run again, and beside itself.</summary>
internal sealed class SettleOrders(Database database, Ledger.Ledger ledger, AccountIds accountIds, IdSource ids, TimeProvider clock)
{
    public const int BatchMax = 2_000;

    /// <summary>How long commission waits for disputes when the operator has set nothing: seven days.</summary>
    private const long DisputeWindowSeconds = 7 * 24 * 3600;

    /// <returns>How many orders were released; fewer than <see cref="BatchMax"/> means that no more are due.</returns>
    public async Task<int> RunAsync(CancellationToken cancel = default)
    {
        var id = await ids.NextAsync();
        var now = clock.Now();
        return await database.WriteAsync(session => RunAsync(session, id, now), cancel);
    }

    private async Task<int> RunAsync(Session session, long id, DateTimeOffset now)
    {
        await LedgerWrites.EnterAsync(session);
        // Orders that another node or a refund has in hand are passed over; they come with the next run.
        var orders = await OrderRow.ReadAsync(session,
            $"from orders o where o.settlement = 1 and o.dispute = 0 and o.release_at <= @now order by o.release_at, o.id limit {BatchMax}{session.ForUpdateSkipLocked}",
            ("@now", now.ToMicros()));
        if (orders.Count == 0) return 0;

        var names = Names(orders);
        var found = await accountIds.FindAsync(session, names);
        var accounts = await ledger.LockAsync(session, found.Values.Concat(orders.Select(o => o.EscrowAccount)));
        var plan = PlanSettlement.Of(orders, name => found[name], party =>
            found.TryGetValue(new(AccountKinds.Receivable, party), out var receivable) ? -accounts[receivable].Balance : Money.Zero);

        await session.ExecuteAsync(
            "insert into posting (id, kind, key, reason, actor, at) values (@id, 'settlement', null, null, 'system', @now)", new { id, now });
        await session.ExecuteAsync(
            "insert into settlement (id, at, orders, total) values (@id, @now, @Count, @Total)", new { id, now, orders.Count, plan.Total });
        await session.InsertAsync("settlement_line", "settlement_id, order_id, party_id, role, account_id, amount", plan.Lines, (line, w) =>
        {
            w.Number(id);
            w.Number(line.Order.Value);
            w.Number(line.Party);
            w.Text(line.Role.ToString().ToLowerInvariant());
            w.Number(line.Account.Value);
            w.Number(line.Amount.Units);
        });
        await session.ExecuteAsync(
            $"update orders set settlement = 2, version = version + 1 where {session.AnyOf("id", "@ids")}",
            new { ids = session.List(orders.Select(o => o.Id.Value)) });
        var due = now.AddSeconds(await DisputeWindowAsync(session));
        foreach (var (merchant, amount) in plan.Commissions)
        {
            await session.ExecuteAsync(
                "insert into commission_wait (settlement_id, merchant_id, amount, due_at) values (@id, @merchant, @amount, @due)",
                new { id, merchant, amount, due });
        }

        var posted = LegWrites.Apply(plan.Legs, accounts, new PostingId(id), now);
        await LedgerWrites.WriteTransfersAsync(session, posted.Transfers);
        await LedgerWrites.SaveBalancesAsync(session, posted.Balances);
        return orders.Count;
    }

    private static HashSet<AccountName> Names(List<Order> orders)
    {
        HashSet<AccountName> names = [new(AccountKinds.Settling, Parties.Platform)];
        foreach (var order in orders)
        {
            foreach (var share in OrderShares.Of(order).Shares)
            {
                names.Add(PlanSettlement.AccountOf(share));
                if (share.PartyId != Parties.Platform) names.Add(new(AccountKinds.Receivable, share.PartyId));
            }
        }

        return names;
    }

    private static async Task<long> DisputeWindowAsync(Session session) =>
        long.TryParse(await session.ScalarAsync<string>("select value from setting where name = 'dispute_window_seconds'"), out var seconds)
            ? seconds
            : DisputeWindowSeconds;
}
