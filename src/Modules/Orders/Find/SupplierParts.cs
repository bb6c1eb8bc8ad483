namespace Lianka.Modules.Orders.Find;

/// <summary>What a supplier delivered and was not given back, a row an order, by indexes that hold all that is asked of it.</summary>
internal static class SupplierParts
{
    /// <remarks>Three places: orders delivered whole out of the supplier's lots, orders bought whole from it, and parts. <c>@supplier</c>.</remarks>
    public const string Delivered =
        """
        select l.sku_id, o.quantity as units, o.unit_cost * o.quantity as amount, o.settlement, o.release_at
        from lot l join orders o on o.lot_id = l.id and o.lot_id > 0 and o.part_state <> 3
        where l.supplier_id = @supplier and o.part_state = 2
        union all
        select o.sku_id, o.quantity, o.unit_cost * o.quantity, o.settlement, o.release_at
        from orders o where o.supplier_id = @supplier and o.lot_id = 0 and o.part_state = 2
        union all
        select o.sku_id, cast(sum(p.count) as bigint), cast(sum(p.unit_cost * p.count) as bigint), o.settlement, o.release_at
        from order_part p join orders o on o.id = p.order_id
        where p.supplier_id = @supplier and p.state = 2 group by o.id, o.sku_id, o.settlement, o.release_at
        """;
}
