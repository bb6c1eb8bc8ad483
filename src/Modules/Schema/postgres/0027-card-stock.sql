-- Results of imports row by row, the re-sealing of cards under a new data key, and how long the stock lasts. Owner: Inventory.

-- The rows of a file that were read as cards. Those that are not in import_problem were imported, and have the numbers
-- 1, 2, 3 … of the lot in the order of the file. Imports of before have none.
create table import_rows (
    import_id bigint not null references import_job (id),
    from_row bigint not null,
    count bigint not null check (count > 0),
    primary key (import_id, from_row)
);

-- How far the cards are re-sealed under a data key: all up to (lot_id, seq) have been looked at in this pass. A pass that
-- found none under another key ends it.
create table reseal (
    key_id bigint primary key,
    lot_id bigint not null default 0,
    seq bigint not null default 0,
    looked bigint not null default 0,
    found bigint not null default 0,
    resealed bigint not null default 0,
    started_at bigint not null,
    ended_at bigint
);

-- When the stock was last looked at; the node that moves it does the look.
create table stock_watch (
    one smallint primary key check (one = 1),
    at bigint not null
);
insert into stock_watch (one, at) values (1, 0);

-- Cards of a supply drawn so far, less those that came back, as of the last look.
create table stock_meter (
    supply_id bigint primary key,
    drawn bigint not null,
    since bigint not null
);

-- What a supply sold on each day (of UTC, counted from 1970); below zero when more came back.
create table stock_use (
    supply_id bigint not null,
    day bigint not null,
    units bigint not null,
    primary key (supply_id, day)
);

-- Below how many days or units a supplier is to be told; supply_id 0: for all its supplies without a row of their own.
create table stock_limit (
    supplier_id bigint not null,
    supply_id bigint not null default 0,
    days bigint not null check (days between 0 and 365),
    units bigint not null check (units between 0 and 1000000000),
    primary key (supplier_id, supply_id)
);

create table stock_alert (
    id bigint primary key,
    supply_id bigint not null,
    sku_id bigint not null,
    supplier_id bigint not null,
    reason text not null check (reason in ('out', 'units', 'days')),
    units_left bigint not null,
    seconds_left bigint,
    raised_at bigint not null,
    cleared_at bigint
);
create unique index stock_alert_open on stock_alert (supply_id) where cleared_at is null;
create index stock_alert_supplier on stock_alert (supplier_id, id);
