using Lianka.Platform.Data;

namespace Lianka.Modules.Inventory;

/// <summary>What must hold in the stock by itself (parts of I3, I5, I17); what binds cards to orders is with Orders.</summary>
/// <remarks>Held by: tests/Integration/Verify/InvariantTests.cs, which breaks each by hand.</remarks>
public static class InventoryInvariants
{
    public static readonly IReadOnlyList<InvariantCheck> All =
    [
        new(3, "each lot has its cards, numbered from 1 to its total",
            """
            select l.id as lot_id, l.total, coalesce(c.cards, 0) as cards, c.lowest, c.highest
            from lot l left join (
                select lot_id, count(*) as cards, min(seq) as lowest, max(seq) as highest from card group by lot_id) as c on c.lot_id = l.id
            where coalesce(c.cards, 0) <> l.total or (l.total > 0 and (c.lowest <> 1 or c.highest <> l.total))
            """),

        new(3, "each card has its lot",
            "select lot_id, count(*) as cards from card c where not exists (select 1 from lot l where l.id = c.lot_id) group by lot_id"),

        new(3, "a lot is open while cards are left in it",
            "select id as lot_id, open, next, total from lot where open <> case when next <= total then 1 else 0 end"),

        new(3, "each lot holds the cards of its supply",
            """
            select l.id as lot_id, l.sku_id, l.supply_id, l.supplier_id from lot l
            where not exists (select 1 from supply s where s.id = l.supply_id and s.sku_id = l.sku_id and s.supplier_id = l.supplier_id)
            """),

        new(3, "each import made the lot it reported, and one that failed made none",
            """
            select j.id as import_id, j.state, j.imported, j.lot_id, l.total from import_job j left join lot l on l.id = j.lot_id
            where (j.state = 'done' and coalesce(l.total, 0) <> j.imported) or (j.state = 'failed' and (j.imported <> 0 or j.lot_id is not null))
            """),

        new(5, "no secret stands in stock twice",
            """
            select min(lot_id) as lot_id, min(seq) as seq, count(*) as cards from card group by fingerprint having count(*) > 1
            """),

        new(17, "no import runs without a sign of life",
            "select id as import_id, supply_id, rows, beat_at from import_job where state = 'running' and beat_at < @Now - 300000000"),
    ];
}
