using Lianka.Kernel;
using Lianka.Platform.Data;

namespace Lianka.Modules.Orders.Find;

/// <summary>What a supplier sold, from released orders and from escrowed ones.</summary>
internal static class SalesQueries
{
    private sealed record SalesRow
    {
        public SkuId SkuId { get; init; }
        public long Units { get; init; }
        public Money Released { get; init; }
        public Money Waiting { get; init; }
    }

    public static async Task<IReadOnlyList<SupplierSales>> OfSupplierAsync(Session session, SupplierId supplier)
    {
        var rows = await session.QueryAsync<SalesRow>(
            $"""
            select sku_id, cast(sum(units) as bigint) as units, cast(sum(case when settlement = 2 then amount else 0 end) as bigint) as released,
                   cast(sum(case when settlement = 1 then amount else 0 end) as bigint) as waiting
            from ({SupplierParts.Delivered}) e where settlement in (1, 2) group by sku_id order by 2 desc, 1
            """,
            new { supplier });
        return rows.ConvertAll(r => new SupplierSales(r.SkuId, r.Units, r.Released, r.Waiting));
    }
}
