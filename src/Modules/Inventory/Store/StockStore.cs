using Lianka.Kernel;
using Lianka.Platform.Data;

namespace Lianka.Modules.Inventory.Store;

/// <summary>Loads and saves what can be drawn, in the order engine's transaction.</summary>
internal static class StockStore
{
    public static Func<IEnumerable<OpenLot>, Stock> Read(ReadBatch reads, Session s, IReadOnlyCollection<SkuId> skus, DateTimeOffset now, bool isLocking)
    {
        var lots = new List<OpenLot>();
        var returns = new List<(LotId Lot, CardRange Cards)>();
        if (skus.Count == 0) return static known => new Stock(known);
        var numbers = s.List(skus.Select(k => k.Value).Distinct().Order().ToArray());
        // "no key": a lot's id is never changed, so those who only refer to the lot need not wait. In id order, so that two
        // transactions can never wait for each other in a ring.
        reads.Add(
            $"""
            select id, sku_id, supply_id, supplier_id, expires_at, created_at, next, total from lot
            where id in (select o.id from lot o where {s.AnyOf("o.sku_id", "@skus")} and o.open = 1
                         union select r.lot_id from card_return r where {s.AnyOf("r.sku_id", "@skus")})
              and state = 'active' and (expires_at is null or expires_at > @now)
            order by id{(isLocking && s.Kind == DatabaseKind.Postgres ? " for no key update" : "")}
            """,
            r => lots.Add(new OpenLot(
                new LotId(r.GetInt64(0)), new SkuId(r.GetInt64(1)), new SupplyId(r.GetInt64(2)), new SupplierId(r.GetInt64(3)),
                r.IsDBNull(4) ? null : Instants.FromMicros(r.GetInt64(4)), Instants.FromMicros(r.GetInt64(5)), r.GetInt64(6), r.GetInt64(7), [])),
            ("@skus", numbers), ("@now", now.ToMicros()));
        // After the locks: what another transaction gave back before it let go is seen.
        reads.Add(
            $"select lot_id, from_seq, count from card_return where {s.AnyOf("sku_id", "@skus")} order by lot_id, from_seq",
            r => returns.Add((new LotId(r.GetInt64(0)), new CardRange(r.GetInt64(1), r.GetInt64(2)))), ("@skus", numbers));
        return known =>
        {
            if (returns.Count == 0) return new Stock(lots.Concat(known));
            var byLot = returns.ToLookup(r => r.Lot, r => r.Cards);
            return new Stock(lots.Select(l => l with { Returned = [.. byLot[l.Id]] }).Concat(known));
        };
    }

    /// <exception cref="StaleReadException">A row is not as it was read.</exception>
    public static async Task SaveAsync(Session s, StockChanges changes)
    {
        if (changes.Cursors.Count > 0)
        {
            Expect(changes.Cursors.Count, s.Kind == DatabaseKind.Postgres
                ? await s.ExecuteAsync(
                    """
                    update lot set next = v.next, open = case when v.next > lot.total then 0 else 1 end
                    from unnest(@Ids, @Was, @Nexts) as v (id, was, next)
                    where lot.id = v.id and lot.next = v.was and lot.state = 'active'
                    """, new
                    {
                        Ids = changes.Cursors.Select(c => c.Lot.Value).ToArray(),
                        Was = changes.Cursors.Select(c => c.Was).ToArray(),
                        Nexts = changes.Cursors.Select(c => c.Next).ToArray(),
                    })
                : s.ForEach(
                    "update lot set next = ?3, open = case when ?3 > total then 0 else 1 end where id = ?1 and next = ?2 and state = 'active'",
                    changes.Cursors, static (c, w) =>
                    {
                        w.Number(c.Lot.Value);
                        w.Number(c.Was);
                        w.Number(c.Next);
                    }));
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
                : s.ForEach("delete from card_return where lot_id = ?1 and from_seq = ?2 and count = ?3", changes.Gone, static (c, w) =>
                {
                    w.Number(c.Lot.Value);
                    w.Number(c.Cards.FromSeq);
                    w.Number(c.Cards.Count);
                }));
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
                : s.ForEach("insert into card_return (lot_id, from_seq, count, sku_id) values (?1, ?2, ?3, ?4)", changes.Came, static (c, w) =>
                {
                    w.Number(c.Lot.Value);
                    w.Number(c.Cards.FromSeq);
                    w.Number(c.Cards.Count);
                    w.Number(c.Sku.Value);
                }));
        }
    }

    private static void Expect(int wanted, int changed)
    {
        if (wanted != changed) throw new StaleReadException($"{wanted} rows of stock should have changed, {changed} did.");
    }
}
