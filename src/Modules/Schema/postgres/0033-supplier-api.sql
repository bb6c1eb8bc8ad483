-- Suppliers' API keys beside merchants'. Owner: Agents.

-- A key belongs to a merchant or to a supplier, never to both.
alter table api_key alter column merchant_id drop not null;
alter table api_key add column supplier_id bigint references supplier (id);
alter table api_key add constraint api_key_owner check ((merchant_id is null) <> (supplier_id is null));
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
