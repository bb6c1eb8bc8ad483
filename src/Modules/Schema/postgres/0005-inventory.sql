-- Sealed cards in lots. Owner: Inventory.

-- A lot's cards have the numbers 1 to total; those below next are drawn. Selling moves next, no card row is written.
create table lot (
    id bigint primary key,
    sku_id bigint not null,
    supply_id bigint not null,
    supplier_id bigint not null,
    expires_at bigint,
    next bigint not null default 1,
    total bigint not null,
    state text not null default 'active' check (state in ('active', 'off')),
    created_at bigint not null,
    note text not null default '',
    check (next between 1 and total + 1)
);
create index lot_open on lot (sku_id, id) where next <= total;
create index lot_supplier on lot (supplier_id, id);

create table card (
    lot_id bigint not null,
    seq bigint not null,
    sealed bytea not null,
    fingerprint bytea not null,
    primary key (lot_id, seq)
);
create unique index card_fingerprint on card (fingerprint);

-- Ranges of drawn cards that came back unseen; they are drawn first.
create table card_return (
    lot_id bigint not null references lot (id),
    from_seq bigint not null,
    count bigint not null check (count > 0),
    sku_id bigint not null,
    primary key (lot_id, from_seq)
);
create index card_return_sku on card_return (sku_id);

create table import_job (
    id bigint primary key,
    lot_id bigint,
    supply_id bigint not null,
    supplier_id bigint not null,
    actor text not null,
    source text not null,
    state text not null check (state in ('running', 'done', 'failed')),
    rows bigint not null default 0,
    imported bigint not null default 0,
    duplicate_in_file bigint not null default 0,
    duplicate_in_stock bigint not null default 0,
    malformed bigint not null default 0,
    failure text,
    started_at bigint not null,
    beat_at bigint not null,
    ended_at bigint
);
create index import_job_supplier on import_job (supplier_id, id);
create index import_job_running on import_job (beat_at) where state = 'running';

-- Every row of an import that is not listed here was imported.
create table import_problem (
    import_id bigint not null references import_job (id),
    row_no bigint not null,
    status text not null check (status in ('duplicate_in_file', 'duplicate_in_stock', 'malformed')),
    detail text not null default '',
    primary key (import_id, row_no)
);

create table reveal_log (
    id bigint primary key,
    order_id bigint not null,
    actor text not null,
    address text not null,
    at bigint not null
);
create index reveal_log_order on reveal_log (order_id);
