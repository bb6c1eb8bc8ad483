-- What a supplier's statement is read by: its share of the orders that a settlement released. Owner: Orders.

create index orders_settled on orders (supplier_id, settlement_id) where settlement_id is not null;

-- Those of which a part was refunded after the release: their supplier stands in order_part. They are few.
create index orders_settled_in_parts on orders (settlement_id) where settlement_id is not null and lot_id is null;
