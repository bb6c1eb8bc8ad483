-- Results of imports row by row, the re-sealing of cards under a new data key, and how long the stock lasts. Owner: Inventory.

-- The rows of a file that were read as cards. Those that are not in import_problem were imported, and have the numbers
-- 1, 2, 3 … of the lot in the order of the file. Imports of before have none.
create table import_rows (
    import_id integer not null references import_job (id),
    from_row integer not null,
    count integer not null check (count > 0),
    primary key (import_id, from_row)
);

-- How far the cards are re-sealed under a data key: all up to (lot_id, seq) have been looked at in this pass. A pass that
-- found none under another key ends it.
create table reseal (
    key_id integer primary key,
    lot_id integer not null default 0,
    seq integer not null default 0,
    looked integer not null default 0,
    found integer not null default 0,
    resealed integer not null default 0,
    started_at integer not null,
    ended_at integer
);

-- When the stock was last looked at; the node that moves it does the look.
create table stock_watch (
    one integer primary key check (one = 1),
    at integer not null
);
insert into stock_watch (one, at) values (1, 0);

-- Cards of a supply drawn so far, less those that came back, as of the last look.
create table stock_meter (
    supply_id integer primary key,
    drawn integer not null,
    since integer not null
);

-- What a supply sold on each day (of UTC, counted from 1970); below zero when more came back.
create table stock_use (
    supply_id integer not null,
    day integer not null,
    units integer not null,
    primary key (supply_id, day)
);

-- Below how many days or units a supplier is to be told; supply_id 0: for all its supplies without a row of their own.
create table stock_limit (
    supplier_id integer not null,
    supply_id integer not null default 0,
    days integer not null check (days between 0 and 365),
    units integer not null check (units between 0 and 1000000000),
    primary key (supplier_id, supply_id)
);

create table stock_alert (
    id integer primary key,
    supply_id integer not null,
    sku_id integer not null,
    supplier_id integer not null,
    reason text not null check (reason in ('out', 'units', 'days')),
    units_left integer not null,
    seconds_left integer,
    raised_at integer not null,
    cleared_at integer
);
create unique index stock_alert_open on stock_alert (supply_id) where cleared_at is null;
create index stock_alert_supplier on stock_alert (supplier_id, id);
