-- What a supplier's statement is read by: its share of the orders that a settlement released. Owner: Orders.

create index orders_settled on orders (supplier_id, settlement_id) where settlement_id is not null;

-- Those of which a part was refunded after the release: their supplier stands in order_part. They are few.
create index orders_settled_in_parts on orders (settlement_id) where settlement_id is not null and lot_id is null;

-- The view again, with one kind of number in each column: PostgreSQL looks for a party inside a union only then.
drop view settlement_line;
create view settlement_line as
    select settlement_id, order_id, party_id, role, amount from settlement_part
    union all
    select settlement_id, id, supplier_id, 'supplier', unit_cost * quantity
    from orders where settlement_id is not null and lot_id is not null
    union all
    select o.settlement_id, o.id, p.supplier_id, 'supplier', p.unit_cost * o.quantity
    from orders o join order_part p on p.order_id = o.id and p.no = 1 where o.settlement_id is not null and o.lot_id is null
    union all
    select settlement_id, id, a1, 'ancestor', a1_unit * quantity from orders where settlement_id is not null and a1 is not null and a1_unit > 0
    union all
    select settlement_id, id, a2, 'ancestor', a2_unit * quantity from orders where settlement_id is not null and a2 is not null and a2_unit > 0
    union all
    select settlement_id, id, a3, 'ancestor', a3_unit * quantity from orders where settlement_id is not null and a3 is not null and a3_unit > 0
    union all
    select settlement_id, id, merchant_id, 'merchant', (unit_price - merchant_unit) * quantity - fee
    from orders where settlement_id is not null and (unit_price - merchant_unit) * quantity > fee
    union all
    select settlement_id, id, cast(0 as bigint), 'fees', case when fee < (unit_price - merchant_unit) * quantity then fee else (unit_price - merchant_unit) * quantity end
    from orders where settlement_id is not null and fee > 0 and unit_price > merchant_unit
    union all
    select settlement_id, id, cast(0 as bigint), 'platform', (top_unit - unit_cost) * quantity
    from orders where settlement_id is not null and lot_id is not null and top_unit > unit_cost
    union all
    select o.settlement_id, o.id, cast(0 as bigint), 'platform', (o.top_unit - p.unit_cost) * o.quantity
    from orders o join order_part p on p.order_id = o.id and p.no = 1
    where o.settlement_id is not null and o.lot_id is null and o.top_unit > p.unit_cost;
