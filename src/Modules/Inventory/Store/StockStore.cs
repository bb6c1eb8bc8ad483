using Lianka.Platform.Data;

namespace Lianka.Modules.Inventory.Store;

/// <summary>Loads and saves what can be drawn, in the order engine's transaction.</summary>
internal static class StockStore
{
    private sealed record LotRow
    {
        public LotId Id { get; init; }
        public SkuId SkuId { get; init; }
        public SupplyId SupplyId { get; init; }
        public SupplierId SupplierId { get; init; }
        public DateTimeOffset? ExpiresAt { get; init; }
        public DateTimeOffset CreatedAt { get; init; }
        public long Next { get; init; }
        public long Total { get; init; }
    }

    private sealed record ReturnRow
    {
        public LotId LotId { get; init; }
        public long FromSeq { get; init; }
        public long Count { get; init; }
    }

    public static async Task<Stock> LoadAsync(Session s, IReadOnlyCollection<SkuId> skus, DateTimeOffset now)
    {
        var numbers = skus.Select(k => k.Value).Distinct().Order().ToArray();
        var lots = new List<LotRow>();
        var returns = new List<ReturnRow>();
        foreach (var some in numbers.Chunk(400))
        {
            // "no key": a lot's id is never changed, so those who only refer to the lot need not wait. In id order, so
            // that two batches can never wait for each other in a ring.
            lots.AddRange(await s.QueryAsync<LotRow>(
                $"""
                select id, sku_id, supply_id, supplier_id, expires_at, created_at, next, total from lot
                where id in (select o.id from lot o where o.sku_id in @some and o.next <= o.total
                             union select r.lot_id from card_return r where r.sku_id in @some)
                  and state = 'active' and (expires_at is null or expires_at > @now)
                order by id{(s.Kind == DatabaseKind.Postgres ? " for no key update" : "")}
                """, new { some, now }));
            // After the locks: what another batch gave back before it let go is seen.
            returns.AddRange(await s.QueryAsync<ReturnRow>(
                "select lot_id, from_seq, count from card_return where sku_id in @some order by lot_id, from_seq", new { some }));
        }

        var byLot = returns.ToLookup(r => r.LotId);
        return new Stock(lots.Select(l => new OpenLot(
            l.Id, l.SkuId, l.SupplyId, l.SupplierId, l.ExpiresAt, l.CreatedAt, l.Next, l.Total,
            [.. byLot[l.Id].Select(r => new CardRange(r.FromSeq, r.Count))])));
    }

    /// <exception cref="InvalidOperationException">A row is not as it was loaded: the lock was not held.</exception>
    public static async Task SaveAsync(Session s, StockChanges changes)
    {
        if (changes.Cursors.Count > 0)
        {
            Expect(changes.Cursors.Count, s.Kind == DatabaseKind.Postgres
                ? await s.ExecuteAsync(
                    """
                    update lot set next = v.next from unnest(@Ids, @Was, @Nexts) as v (id, was, next)
                    where lot.id = v.id and lot.next = v.was
                    """, new
                    {
                        Ids = changes.Cursors.Select(c => c.Lot.Value).ToArray(),
                        Was = changes.Cursors.Select(c => c.Was).ToArray(),
                        Nexts = changes.Cursors.Select(c => c.Next).ToArray(),
                    })
                : await s.ExecuteAsync("update lot set next = @Next where id = @Lot and next = @Was",
                    changes.Cursors.Select(c => new { c.Lot, c.Was, c.Next })));
        }

        if (changes.Gone.Count > 0)
        {
            Expect(changes.Gone.Count, s.Kind == DatabaseKind.Postgres
                ? await s.ExecuteAsync(
                    """
                    delete from card_return r using unnest(@Lots, @Froms, @Counts) as v (lot_id, from_seq, count)
                    where r.lot_id = v.lot_id and r.from_seq = v.from_seq and r.count = v.count
                    """, new
                    {
                        Lots = changes.Gone.Select(c => c.Lot.Value).ToArray(),
                        Froms = changes.Gone.Select(c => c.Cards.FromSeq).ToArray(),
                        Counts = changes.Gone.Select(c => c.Cards.Count).ToArray(),
                    })
                : await s.ExecuteAsync("delete from card_return where lot_id = @Lot and from_seq = @FromSeq and count = @Count",
                    changes.Gone.Select(c => new { c.Lot, c.Cards.FromSeq, c.Cards.Count })));
        }

        if (changes.Came.Count > 0)
        {
            Expect(changes.Came.Count, s.Kind == DatabaseKind.Postgres
                ? await s.ExecuteAsync(
                    """
                    insert into card_return (lot_id, from_seq, count, sku_id)
                    select * from unnest(@Lots, @Froms, @Counts, @Skus)
                    """, new
                    {
                        Lots = changes.Came.Select(c => c.Lot.Value).ToArray(),
                        Froms = changes.Came.Select(c => c.Cards.FromSeq).ToArray(),
                        Counts = changes.Came.Select(c => c.Cards.Count).ToArray(),
                        Skus = changes.Came.Select(c => c.Sku.Value).ToArray(),
                    })
                : await s.ExecuteAsync(
                    "insert into card_return (lot_id, from_seq, count, sku_id) values (@Lot, @FromSeq, @Count, @Sku)",
                    changes.Came.Select(c => new { c.Lot, c.Cards.FromSeq, c.Cards.Count, c.Sku })));
        }
    }

    private static void Expect(int wanted, int changed)
    {
        if (wanted != changed) throw new InvalidOperationException($"{wanted} rows of stock should have changed, {changed} did.");
    }
}
