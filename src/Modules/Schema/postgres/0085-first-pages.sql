-- Pages of suppliers and of low stock that look no further than what they show. Owners: Catalog, Inventory, Orders.

create index supply_supplier on supply (supplier_id);

create index stock_alert_standing on stock_alert (id) where cleared_at is null;
create index stock_alert_standing_supplier on stock_alert (supplier_id, id) where cleared_at is null;

-- What a supplier delivered is summed by its lots, from the index alone; what was bought from it enters an index of its own in place of that one.
drop index orders_range;
create unique index orders_range on orders (lot_id, from_seq) include (quantity, unit_cost, part_state, settlement, release_at) where lot_id > 0 and part_state <> 3;
create index orders_bought on orders (supplier_id, sku_id) include (quantity, unit_cost, part_state, settlement, release_at) where lot_id = 0;
create index order_part_supplier on order_part (supplier_id, order_id) where state = 2;
