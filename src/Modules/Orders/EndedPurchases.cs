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

/// <summary>Ends of purchases for whoever counts them, each told once.</summary>
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
}
