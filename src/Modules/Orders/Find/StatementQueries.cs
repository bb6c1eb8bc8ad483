using Lianka.Kernel;
using Lianka.Modules.Ledger;
using Lianka.Platform.Data;

namespace Lianka.Modules.Orders.Find;

/// <summary>A supplier's payable, entry by entry, with a settlement's entry taken apart into the orders it paid for.</summary>
internal static class StatementQueries
{
    /// <summary>Orders older than this when they are released are told in one line: they would be looked for among all there are.</summary>
    private static readonly TimeSpan _lookBack = TimeSpan.FromDays(120);

    /// <summary>The kind of the transfer by which a settlement pays a party.</summary>
    private const string Settled = "settle_in";

    private sealed record ShareRow
    {
        public long Settlement { get; init; }
        public OrderId OrderId { get; init; }
        public Money Amount { get; init; }
    }

    public static async Task<SupplierStatement?> OfSupplierAsync(Session session, SupplierId supplier, DateOnly first, DateOnly last)
    {
        var accounts = await Statements.BalancesAsync(session, supplier.Value);
        if (accounts.Find(a => a.Kind == AccountKinds.Payable) is not { } payable) return null;
        var (from, to) = (ChinaDay.Start(first), ChinaDay.Start(last.AddDays(1)));
        if (await EntriesAsync(session, payable.Id, from, to) is not { } entries) return null;

        // The balance before the first entry; without one, what the last entry before these days left.
        var opening = entries.Count > 0
            ? entries[0].BalanceAfter!.Value - entries[0].Amount
            : (await Statements.OfAccountAsync(session, payable.Id, new(To: from, Limit: 1))).Lines is [var before] ? before.BalanceAfter!.Value : Money.Zero;
        var closing = entries.Count > 0 ? entries[^1].BalanceAfter!.Value : opening;

        // What settlements kept for what the supplier owed went to its receivable; a whole settlement may have.
        var receivable = accounts.Find(a => a.Kind == AccountKinds.Receivable);
        if ((receivable is null ? [] : await EntriesAsync(session, receivable.Id, from, to)) is not { } owed) return null;
        var kept = owed.Where(e => e.Kind == "recover").ToDictionary(e => e.Posting.Value);
        var settlements = entries.Where(e => e.Kind == Settled).Select(e => e.Posting.Value).Concat(kept.Keys).Distinct().ToList();
        var shares = (await SharesAsync(session, supplier, settlements, from)).ToLookup(s => s.Settlement);
        var lines = new List<SupplierStatementLine>();
        foreach (var entry in entries.Concat(kept.Values.ExceptBy(entries.Select(e => e.Posting), k => k.Posting)).OrderBy(e => e.Transfer))
        {
            if (entry.Kind is not (Settled or "recover"))
            {
                lines.Add(new(entry.At, entry.Kind, entry.Order, entry.Reason, entry.Amount));
                continue;
            }

            var (paid, recovered) = (entry.AccountKind == AccountKinds.Payable ? entry.Amount : Money.Zero, kept.GetValueOrDefault(entry.Posting.Value)?.Amount ?? Money.Zero);
            var rest = paid + recovered;
            foreach (var share in shares[entry.Posting.Value].OrderBy(s => s.OrderId))
            {
                lines.Add(new(entry.At, "order", share.OrderId, null, share.Amount));
                rest -= share.Amount;
            }

            if (!rest.IsZero) lines.Add(new(entry.At, "orders", null, null, rest));
            if (!recovered.IsZero) lines.Add(new(entry.At, "recovered", null, null, -recovered));
        }

        return new SupplierStatement(supplier, first, last, opening, lines, closing);
    }

    public static async Task<List<OwedLine>> OwedAsync(Session session, SupplierId supplier, DateOnly today)
    {
        // Whole days of China, counted from 1970.
        const string Day = "((coalesce(release_at, @Now) + 28800000000) / 86400000000)";
        var rows = await session.QueryAsync<OwedRow>(
            $"""
            select {Day} as day, count(*) as orders, cast(sum(amount) as bigint) as amount
            from ({SupplierParts.Delivered}) e where settlement = 1 group by {Day} order by 1
            """, new { supplier, Now = ChinaDay.Start(today).ToMicros() });
        return [.. rows.GroupBy(r => Later(DateOnly.FromDateTime(DateTime.UnixEpoch).AddDays((int)r.Day), today))
            .Select(g => new OwedLine(g.Key, g.Sum(r => r.Orders), g.Aggregate(Money.Zero, (sum, r) => sum + r.Amount)))];
    }

    private static DateOnly Later(DateOnly a, DateOnly b) => a > b ? a : b;

    private sealed record OwedRow
    {
        public long Day { get; init; }
        public long Orders { get; init; }
        public Money Amount { get; init; }
    }

    /// <summary>Oldest first; null when there are too many.</summary>
    private static async Task<List<StatementLine>?> EntriesAsync(Session session, AccountId account, DateTimeOffset from, DateTimeOffset to)
    {
        var entries = await Statements.AllOfAccountAsync(session, account, from, to, SupplierStatements.EntriesMax);
        entries?.Reverse();
        return entries;
    }

    private static async Task<List<ShareRow>> SharesAsync(Session session, SupplierId supplier, List<long> settlements, DateTimeOffset from)
    {
        if (settlements.Count == 0) return [];
        var oldest = (await MomentSearch.FindAsync(session, "orders", "created_at", (from - _lookBack).ToMicros())).UpTo;
        return await session.QueryAsync<ShareRow>(
            $"""
            select settlement_id as settlement, order_id, cast(sum(amount) as bigint) as amount from settlement_line
            where party_id = @supplier and role = 'supplier' and order_id > @oldest and {session.AnyOf("settlement_id", "@List")}
            group by settlement_id, order_id
            """, new { supplier, oldest, List = session.List(settlements) });
    }
}
