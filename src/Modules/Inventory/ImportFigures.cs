using Lianka.Modules.Suppliers;
using Lianka.Platform.Data;

namespace Lianka.Modules.Inventory;

/// <summary>How many of the cards a supplier sent in were known before.</summary>
internal sealed class ImportFigures : ISupplierFigures
{
    public async Task<IReadOnlyDictionary<SupplierId, Figures>> OfAsync(Session session, DateTimeOffset from, DateTimeOffset to) => (await session.QueryAsync<Row>(
        """
        select supplier_id, cast(sum(rows) as bigint) as rows, cast(sum(duplicate_in_file + duplicate_in_stock) as bigint) as duplicates
        from import_job where state = 'done' and started_at >= @from and started_at < @to group by supplier_id
        """, new { from, to })).ToDictionary(r => r.SupplierId, r => new Figures(Imported: r.Rows, Duplicates: r.Duplicates));

    private sealed record Row
    {
        public SupplierId SupplierId { get; init; }
        public long Rows { get; init; }
        public long Duplicates { get; init; }
    }
}
