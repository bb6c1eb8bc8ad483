-- Sealed cards in lots. Owner: Inventory.

-- A lot's cards have the numbers 1 to total; those below next are drawn. Selling moves next, no card row is written.
create table lot (
    id integer primary key,
    sku_id integer not null,
    supply_id integer not null,
    supplier_id integer not null,
    expires_at integer,
    next integer not null default 1,
    total integer not null,
    state text not null default 'active' check (state in ('active', 'off')),
    created_at integer not null,
    note text not null default '',
    check (next between 1 and total + 1)
);
create index lot_open on lot (sku_id, id) where next <= total;
create index lot_supplier on lot (supplier_id, id);

create table card (
    lot_id integer not null,
    seq integer not null,
    sealed blob not null,
    fingerprint blob not null,
    primary key (lot_id, seq)
) without rowid;
create unique index card_fingerprint on card (fingerprint);

-- Ranges of drawn cards that came back unseen; they are drawn first.
create table card_return (
    lot_id integer not null references lot (id),
    from_seq integer not null,
    count integer not null check (count > 0),
    sku_id integer not null,
    primary key (lot_id, from_seq)
);
create index card_return_sku on card_return (sku_id);

create table import_job (
    id integer primary key,
    lot_id integer,
    supply_id integer not null,
    supplier_id integer not null,
    actor text not null,
    source text not null,
    state text not null check (state in ('running', 'done', 'failed')),
    rows integer not null default 0,
    imported integer not null default 0,
    duplicate_in_file integer not null default 0,
    duplicate_in_stock integer not null default 0,
    malformed integer not null default 0,
    failure text,
    started_at integer not null,
    beat_at integer not null,
    ended_at integer
);
create index import_job_supplier on import_job (supplier_id, id);
create index import_job_running on import_job (beat_at) where state = 'running';

-- Every row of an import that is not listed here was imported.
create table import_problem (
    import_id integer not null references import_job (id),
    row_no integer not null,
    status text not null check (status in ('duplicate_in_file', 'duplicate_in_stock', 'malformed')),
    detail text not null default '',
    primary key (import_id, row_no)
);

create table reveal_log (
    id integer primary key,
    order_id integer not null,
    actor text not null,
    address text not null,
    at integer not null
);
create index reveal_log_order on reveal_log (order_id);
