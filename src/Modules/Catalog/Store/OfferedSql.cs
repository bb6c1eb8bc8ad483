namespace Lianka.Modules.Catalog.Store;

/// <summary>The one condition under which a supply is offered, for every statement that asks.</summary>
internal static class OfferedSql
{
    /// <summary>Of the rows <c>y</c> (supply), <c>r</c> (its supplier) and <c>p</c> (its product). The cost is asked apart.</summary>
    public const string IsActive =
        """
        y.state = 'active' and y.paused = 0 and r.state = 'active'
        and not exists (select 1 from supplier_stop t where t.supplier_id = y.supplier_id)
        and (p.brand_id is null
             or exists (select 1 from brand_permit m where m.supplier_id = y.supplier_id and m.brand_id = p.brand_id))
        and not exists (select 1 from exclusive_product e where e.product_id = p.id and e.supplier_id <> y.supplier_id)
        """;
}
