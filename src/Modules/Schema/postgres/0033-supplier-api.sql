-- Suppliers' API keys beside merchants'. Owner: Agents.

-- A key belongs to a merchant or to a supplier, never to both. The table is made anew, because SQLite cannot make a column nullable.
create table api_key_of (
    id bigint primary key,
    key text not null unique,
    merchant_id bigint references merchant (id),
    supplier_id bigint references supplier (id),
    name text not null default '',
    secret_sealed bytea not null,
    scopes text not null,
    allowed_ips text not null default '',
    calls_per_second bigint not null default 2000,
    state text not null default 'active' check (state in ('active', 'revoked')),
    created_at bigint not null,
    expires_at bigint,
    check ((merchant_id is null) <> (supplier_id is null))
);
insert into api_key_of (id, key, merchant_id, name, secret_sealed, scopes, allowed_ips, calls_per_second, state, created_at, expires_at)
    select id, key, merchant_id, name, secret_sealed, scopes, allowed_ips, calls_per_second, state, created_at, expires_at from api_key;
drop table api_key;
alter table api_key_of rename to api_key;
create index api_key_merchant on api_key (merchant_id);
create index api_key_supplier on api_key (supplier_id) where supplier_id is not null;

-- What a program sent under an Idempotency-Key is one import, however often it is sent. content: SHA-256 of it. Owner: Inventory.
alter table import_job add column client_key text;
alter table import_job add column content bytea;
create unique index import_job_client_key on import_job (supplier_id, client_key) where client_key is not null;

-- Costs that suppliers ask for: a lower one is in force at once, a higher one waits for a person. Owner: Suppliers.
create table cost_change (
    id bigint primary key,
    supply_id bigint not null,
    supplier_id bigint not null,
    before bigint,
    cost bigint not null check (cost > 0),
    state text not null check (state in ('waiting', 'passed', 'refused', 'replaced')),
    actor text not null,
    reason text not null default '',
    decided_by text not null default '',
    created_at bigint not null,
    decided_at bigint
);
create unique index cost_change_waiting on cost_change (supply_id) where state = 'waiting';
create index cost_change_supplier on cost_change (supplier_id, id);
