using Lianka.Kernel;
using Lianka.Platform.Data;

namespace Lianka.Modules.Orders;

/// <summary>How one purchase for a single order ended.</summary>
public sealed record EndedPurchase
{
    public SupplierId Supplier { get; init; }
    public SupplyId Supply { get; init; }
    public long Units { get; init; }
    public Money UnitCost { get; init; }
    public bool HasSucceeded { get; init; }

    /// <summary>It says something of the supplier: not that an account was wrong, our money or key no good, or a connection switched off.</summary>
    public bool IsSuppliers { get; init; }
    public DateTimeOffset EndedAt { get; init; }
}

/// <summary>How some purchases of a supply ended, of those that say something of the supplier.</summary>
public sealed record SupplyEnds
{
    public SupplyId Supply { get; init; }
    public SupplierId Supplier { get; init; }
    public long Succeeded { get; init; }
    public long Failed { get; init; }
}

/// <summary>Ends of purchases for whoever counts them, each told once; and how the latest ones went.</summary>
public static class EndedPurchases
{
    /// <summary>The end says something of the supplier, in SQL over purchase.</summary>
    public const string IsSuppliers =
        "(coalesce(fault, '') not in ('account', 'balance', 'access') and not (coalesce(fault, '') = 'not_sent' and coalesce(detail, '') = 'connection_off'))";

    /// <summary>Takes ends that were not taken yet, in the caller's transaction: they are taken when it commits. An end never changes.</summary>
    public static Task<List<EndedPurchase>> TakeAsync(Session session, int most) => session.QueryAsync<EndedPurchase>(
        $"""
        update purchase set counted = 1
        where id in (select id from purchase where ended_at is not null and counted = 0 order by ended_at limit @most) and counted = 0
        returning supplier_id as supplier, supply_id as supply, count as units, unit_cost, state = 4 as has_succeeded, {IsSuppliers} as is_suppliers, ended_at
        """, new { most });

    /// <summary>Those that ended then or later, by supply; at most so many, the newest.</summary>
    public static Task<List<SupplyEnds>> SinceAsync(Session session, DateTimeOffset from, int most) =>
        EndsAsync(session, "ended_at >= @from", "ended_at", new { from, most });

    /// <summary>The newest ones of a supply, of those that began then or later. Null: there is none.</summary>
    public static async Task<SupplyEnds?> LastAsync(Session session, SupplyId supply, DateTimeOffset from, int most) =>
        (await EndsAsync(session, "supply_id = @supply and created_at >= @from and ended_at is not null", "created_at", new { supply, from, most })).FirstOrDefault();

    private static Task<List<SupplyEnds>> EndsAsync(Session session, string which, string newest, object args) => session.QueryAsync<SupplyEnds>(
        $"""
        select supply_id as supply, supplier_id as supplier, cast(sum(case when state = 4 then 1 else 0 end) as bigint) as succeeded,
            cast(sum(case when state = 4 then 0 else 1 end) as bigint) as failed
        from (select supply_id, supplier_id, state from purchase where {which} and {IsSuppliers} order by {newest} desc limit @most) as newest
        group by supply_id, supplier_id
        """, args);
}
