-- Which SKU, merchant or price was touched, so that a node reads again only that of its price book. Owner: Agents.
-- Written by triggers, whoever changes a row. Retail prices are not here: each carries the version at which it changed.
-- part: sku (key), level (key SKU), product (all its SKUs), supplier (all it supplies), merchant (key), special (key merchant, other SKU),
-- markup (key child, other SKU or 0), all (anything). number: the transaction that did it; its rows are
-- news to whoever has not seen that transaction, however late it is committed.
-- Rows up to price_change_gone.upto may have been taken out: who has not seen them all reads everything.

create table price_change (
    number bigint not null,
    part text not null,
    key bigint not null,
    other bigint not null,
    primary key (number, part, key, other)
);
create table price_change_gone (
    upto bigint not null
);
insert into price_change_gone (upto) values (0);

-- Once for a statement. Of changed rows those whose columns matter, as they were and as they are.
do $$
declare
    t record;
    event text;
begin
    for t in select * from (values
        ('sku', 'sku', 'id', '0', 'code, product_id, kind, qty_max, suggested_retail, retail_floor, retail_ceiling, fields, state'),
        ('product', 'product', 'id', '0', 'state, brand_id'),
        ('supply', 'sku', 'sku_id', '0', '*'),
        ('supplier', 'supplier', 'id', '0', 'state, grade'),
        ('supplier_stop', 'supplier', 'supplier_id', '0', '*'),
        ('supplier_terms', 'supplier', 'supplier_id', '0', '*'),
        ('brand_permit', 'supplier', 'supplier_id', '0', '*'),
        ('exclusive_product', 'product', 'product_id', '0', '*'),
        ('level_price', 'level', 'sku_id', '0', '*'),
        ('quantity_tier', 'sku', 'sku_id', '0', '*'),
        ('promotion', 'sku', 'sku_id', '0', '*'),
        ('merchant', 'merchant', 'id', '0', '*'),
        ('special_price', 'special', 'merchant_id', 'sku_id', '*'),
        ('markup', 'markup', 'child_id', 'coalesce(sku_id, 0)', '*')
    ) as watched (name, part, key, other, matters) loop
        execute format($make$
            create function price_change_of_%1$s() returns trigger language plpgsql as $body$
            begin
                if tg_op = 'INSERT' then
                    insert into price_change (number, part, key, other)
                    select distinct pg_current_xact_id()::text::bigint, %2$L, %3$s, %4$s from new_rows on conflict do nothing;
                elsif tg_op = 'DELETE' then
                    insert into price_change (number, part, key, other)
                    select distinct pg_current_xact_id()::text::bigint, %2$L, %3$s, %4$s from old_rows on conflict do nothing;
                elsif tg_op = 'UPDATE' then
                    insert into price_change (number, part, key, other)
                    select distinct pg_current_xact_id()::text::bigint, %2$L, touched_key, touched_other from (
                        (select %3$s as touched_key, %4$s as touched_other, %5$s from old_rows
                         except select %3$s, %4$s, %5$s from new_rows)
                        union all
                        (select %3$s, %4$s, %5$s from new_rows
                         except select %3$s, %4$s, %5$s from old_rows)) touched
                    on conflict do nothing;
                else
                    insert into price_change (number, part, key, other)
                    values (pg_current_xact_id()::text::bigint, 'all', 0, 0) on conflict do nothing;
                end if;
                return null;
            end $body$
            $make$, t.name, t.part, t.key, t.other, t.matters);
        foreach event in array array['insert', 'update', 'delete', 'truncate'] loop
            -- A product has no SKU, and a supplier supplies nothing, when it comes and when it goes.
            continue when t.name in ('product', 'supplier') and event in ('insert', 'delete');
            execute format('create trigger price_change_%2$s after %2$s on %1$s %3$s for each statement execute function price_change_of_%1$s()',
                t.name, event, case event
                    when 'insert' then 'referencing new table as new_rows'
                    when 'delete' then 'referencing old table as old_rows'
                    when 'update' then 'referencing old table as old_rows new table as new_rows'
                    else '' end);
        end loop;
    end loop;
end $$;
