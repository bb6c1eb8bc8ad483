-- Which SKU, merchant or price was touched, so that a node reads again only that of its price book. Owner: Agents.
-- Written by triggers, whoever changes a row. Retail prices are not here: each carries the version at which it changed.
-- part: sku (key), level (key SKU), product (all its SKUs), supplier (all it supplies), merchant (key), special (key merchant, other SKU),
-- markup (key child, other SKU or 0), all (anything). number: counts rows, in the order in which they are committed.
-- Rows up to price_change_gone.upto may have been taken out: who has not seen them all reads everything.

create table price_change (
    number integer primary key autoincrement,
    part text not null,
    key integer not null,
    other integer not null
);
create table price_change_gone (
    upto integer not null
);
insert into price_change_gone (upto) values (0);

create trigger price_change_sku_insert after insert on sku begin
    insert into price_change (part, key, other) values ('sku', new.id, 0);
end;
create trigger price_change_sku_delete after delete on sku begin
    insert into price_change (part, key, other) values ('sku', old.id, 0);
end;
create trigger price_change_sku_update after update of code, product_id, kind, qty_max, suggested_retail, retail_floor, retail_ceiling, fields, state on sku begin
    insert into price_change (part, key, other) select 'sku', old.id, 0 union select 'sku', new.id, 0;
end;

create trigger price_change_product_update after update of state, brand_id on product when old.state is not new.state or old.brand_id is not new.brand_id begin
    insert into price_change (part, key, other) select 'product', old.id, 0 union select 'product', new.id, 0;
end;

create trigger price_change_supply_insert after insert on supply begin
    insert into price_change (part, key, other) values ('sku', new.sku_id, 0);
end;
create trigger price_change_supply_delete after delete on supply begin
    insert into price_change (part, key, other) values ('sku', old.sku_id, 0);
end;
create trigger price_change_supply_update after update on supply begin
    insert into price_change (part, key, other) select 'sku', old.sku_id, 0 union select 'sku', new.sku_id, 0;
end;

create trigger price_change_supplier_update after update of state, grade on supplier when old.state is not new.state or old.grade is not new.grade begin
    insert into price_change (part, key, other) select 'supplier', old.id, 0 union select 'supplier', new.id, 0;
end;

create trigger price_change_supplier_stop_insert after insert on supplier_stop begin
    insert into price_change (part, key, other) values ('supplier', new.supplier_id, 0);
end;
create trigger price_change_supplier_stop_delete after delete on supplier_stop begin
    insert into price_change (part, key, other) values ('supplier', old.supplier_id, 0);
end;
create trigger price_change_supplier_stop_update after update on supplier_stop begin
    insert into price_change (part, key, other) select 'supplier', old.supplier_id, 0 union select 'supplier', new.supplier_id, 0;
end;

create trigger price_change_supplier_terms_insert after insert on supplier_terms begin
    insert into price_change (part, key, other) values ('supplier', new.supplier_id, 0);
end;
create trigger price_change_supplier_terms_delete after delete on supplier_terms begin
    insert into price_change (part, key, other) values ('supplier', old.supplier_id, 0);
end;
create trigger price_change_supplier_terms_update after update on supplier_terms begin
    insert into price_change (part, key, other) select 'supplier', old.supplier_id, 0 union select 'supplier', new.supplier_id, 0;
end;

create trigger price_change_brand_permit_insert after insert on brand_permit begin
    insert into price_change (part, key, other) values ('supplier', new.supplier_id, 0);
end;
create trigger price_change_brand_permit_delete after delete on brand_permit begin
    insert into price_change (part, key, other) values ('supplier', old.supplier_id, 0);
end;
create trigger price_change_brand_permit_update after update on brand_permit begin
    insert into price_change (part, key, other) select 'supplier', old.supplier_id, 0 union select 'supplier', new.supplier_id, 0;
end;

create trigger price_change_exclusive_product_insert after insert on exclusive_product begin
    insert into price_change (part, key, other) values ('product', new.product_id, 0);
end;
create trigger price_change_exclusive_product_delete after delete on exclusive_product begin
    insert into price_change (part, key, other) values ('product', old.product_id, 0);
end;
create trigger price_change_exclusive_product_update after update on exclusive_product begin
    insert into price_change (part, key, other) select 'product', old.product_id, 0 union select 'product', new.product_id, 0;
end;

create trigger price_change_level_price_insert after insert on level_price begin
    insert into price_change (part, key, other) values ('level', new.sku_id, 0);
end;
create trigger price_change_level_price_delete after delete on level_price begin
    insert into price_change (part, key, other) values ('level', old.sku_id, 0);
end;
create trigger price_change_level_price_update after update on level_price begin
    insert into price_change (part, key, other) select 'level', old.sku_id, 0 union select 'level', new.sku_id, 0;
end;

create trigger price_change_quantity_tier_insert after insert on quantity_tier begin
    insert into price_change (part, key, other) values ('sku', new.sku_id, 0);
end;
create trigger price_change_quantity_tier_delete after delete on quantity_tier begin
    insert into price_change (part, key, other) values ('sku', old.sku_id, 0);
end;
create trigger price_change_quantity_tier_update after update on quantity_tier begin
    insert into price_change (part, key, other) select 'sku', old.sku_id, 0 union select 'sku', new.sku_id, 0;
end;

create trigger price_change_promotion_insert after insert on promotion begin
    insert into price_change (part, key, other) values ('sku', new.sku_id, 0);
end;
create trigger price_change_promotion_delete after delete on promotion begin
    insert into price_change (part, key, other) values ('sku', old.sku_id, 0);
end;
create trigger price_change_promotion_update after update on promotion begin
    insert into price_change (part, key, other) select 'sku', old.sku_id, 0 union select 'sku', new.sku_id, 0;
end;

create trigger price_change_merchant_insert after insert on merchant begin
    insert into price_change (part, key, other) values ('merchant', new.id, 0);
end;
create trigger price_change_merchant_delete after delete on merchant begin
    insert into price_change (part, key, other) values ('merchant', old.id, 0);
end;
create trigger price_change_merchant_update after update on merchant begin
    insert into price_change (part, key, other) select 'merchant', old.id, 0 union select 'merchant', new.id, 0;
end;

create trigger price_change_special_price_insert after insert on special_price begin
    insert into price_change (part, key, other) values ('special', new.merchant_id, new.sku_id);
end;
create trigger price_change_special_price_delete after delete on special_price begin
    insert into price_change (part, key, other) values ('special', old.merchant_id, old.sku_id);
end;
create trigger price_change_special_price_update after update on special_price begin
    insert into price_change (part, key, other) select 'special', old.merchant_id, old.sku_id union select 'special', new.merchant_id, new.sku_id;
end;

create trigger price_change_markup_insert after insert on markup begin
    insert into price_change (part, key, other) values ('markup', new.child_id, coalesce(new.sku_id, 0));
end;
create trigger price_change_markup_delete after delete on markup begin
    insert into price_change (part, key, other) values ('markup', old.child_id, coalesce(old.sku_id, 0));
end;
create trigger price_change_markup_update after update on markup begin
    insert into price_change (part, key, other) select 'markup', old.child_id, coalesce(old.sku_id, 0) union select 'markup', new.child_id, coalesce(new.sku_id, 0);
end;
