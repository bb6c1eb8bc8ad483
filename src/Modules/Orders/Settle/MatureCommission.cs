using Lianka.Kernel;
using Lianka.Modules.Ledger;
using Lianka.Modules.Orders.Core;
using Lianka.Modules.Orders.Engine;
using Lianka.Platform.Data;

namespace Lianka.Modules.Orders.Settle;

/// <summary>Makes commission available when its dispute window is over. May be run again, and beside itself.</summary>
internal sealed class MatureCommission(Database database, Ledger.Ledger ledger, AccountIds accountIds, IdSource ids, TimeProvider clock)
{
    public const int BatchMax = 2_000;

    private sealed record Row
    {
        public long SettlementId { get; init; }
        public MerchantId MerchantId { get; init; }
        public Money Amount { get; init; }
    }

    /// <returns>How many waiting amounts were handled; fewer than <see cref="BatchMax"/> means that no more are due.</returns>
    public async Task<int> RunAsync(CancellationToken cancel = default)
    {
        var id = await ids.NextAsync();
        var now = clock.Now();
        return await database.WriteAsync(session => RunAsync(session, id, now), cancel);
    }

    private async Task<int> RunAsync(Session session, long id, DateTimeOffset now)
    {
        await LedgerWrites.EnterAsync(session);
        var rows = await session.QueryAsync<Row>(
            $"""
            select settlement_id, merchant_id, amount from commission_wait where due_at <= @now
            order by due_at, settlement_id, merchant_id limit {BatchMax}{session.ForUpdateSkipLocked}
            """,
            new { now });
        if (rows.Count == 0) return 0;

        var names = new HashSet<AccountName>();
        foreach (var row in rows)
        {
            names.Add(new(AccountKinds.CommissionPending, row.MerchantId.Value));
            names.Add(new(AccountKinds.CommissionAvailable, row.MerchantId.Value));
        }

        var found = await accountIds.FindAsync(session, names);
        var accounts = await ledger.LockAsync(session, found.Values);
        var legs = new List<Leg>();
        foreach (var merchant in rows.GroupBy(r => r.MerchantId))
        {
            var pending = found[new(AccountKinds.CommissionPending, merchant.Key.Value)];
            var sum = merchant.Aggregate(Money.Zero, (total, r) => total + r.Amount);
            // A late refund may have taken part of it back while it waited: what is left is what matures.
            var amount = Money.Min(sum, accounts[pending].Balance);
            if (amount.IsPositive)
                legs.Add(new Leg(pending, found[new(AccountKinds.CommissionAvailable, merchant.Key.Value)], amount, "commission_mature"));
        }

        await DeleteAsync(session, rows);
        if (legs.Count == 0) return rows.Count;

        await session.ExecuteAsync(
            "insert into posting (id, kind, key, reason, actor, at) values (@id, 'commission', null, null, 'system', @now)", new { id, now });
        var posted = LegWrites.Apply(legs, accounts, new PostingId(id), now);
        await LedgerWrites.WriteAsync(session, posted.Transfers, posted.Balances);
        return rows.Count;
    }

    private static async Task DeleteAsync(Session session, List<Row> rows)
    {
        if (session.Kind == DatabaseKind.Postgres)
        {
            await session.ExecuteAsync(
                """
                delete from commission_wait w using unnest(@settlements, @merchants) as d (settlement_id, merchant_id)
                where w.settlement_id = d.settlement_id and w.merchant_id = d.merchant_id
                """,
                new { settlements = rows.ConvertAll(r => r.SettlementId).ToArray(), merchants = rows.ConvertAll(r => r.MerchantId.Value).ToArray() });
            return;
        }

        foreach (var row in rows)
            await session.ExecuteAsync("delete from commission_wait where settlement_id = @SettlementId and merchant_id = @MerchantId", row);
    }
}
