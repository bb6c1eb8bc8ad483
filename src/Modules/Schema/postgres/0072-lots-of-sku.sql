-- The lots of a SKU, sold out or not: for pages that show what some goods have left and how fast they go. Owner: Inventory.
create index lot_sku on lot (sku_id);
