-- What the release of an order costs to write: its row says in which settlement, and everyone's part follows from what the
-- row froze when the order was accepted. Owner: Orders.

-- Written out are, as before, the lines of orders that were released in parts: out of several lots, or after a refund.
alter table settlement_line rename to settlement_part;
drop index settlement_line_party;
drop index settlement_line_settlement;
create index settlement_part_party on settlement_part (party_id, order_id);

-- Set when an order is released that has one delivery of all of its units. Later refunds may put that delivery into
-- order_part, in pieces; supplier and cost are the same in all of them, so the first one tells. Null with lines: see
-- settlement_part.
alter table orders add column settlement_id bigint;

-- From whose released orders an ancestor earned, so that its earnings are found without looking at those of others and
-- without an index of orders by ancestor. Who is above a merchant now does not tell: a merchant may be moved.
create table earned_from (
    party_id bigint not null,
    merchant_id bigint not null,
    primary key (party_id, merchant_id)
);

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
    select settlement_id, id, 0, 'fees', case when fee < (unit_price - merchant_unit) * quantity then fee else (unit_price - merchant_unit) * quantity end
    from orders where settlement_id is not null and fee > 0 and unit_price > merchant_unit
    union all
    select settlement_id, id, 0, 'platform', (top_unit - unit_cost) * quantity
    from orders where settlement_id is not null and lot_id is not null and top_unit > unit_cost
    union all
    select o.settlement_id, o.id, 0, 'platform', (o.top_unit - p.unit_cost) * o.quantity
    from orders o join order_part p on p.order_id = o.id and p.no = 1
    where o.settlement_id is not null and o.lot_id is null and o.top_unit > p.unit_cost;
