-- Suppliers' own systems and the goods that are bought there. Owners: Suppliers (connection), Catalog (the columns).

-- How one supplier's system is called, as data. config: JSON, see docs/upstreams.md. secrets: JSON, sealed. Notices of this
-- connection come to an address that contains notice_key.
create table connection (
    id bigint primary key,
    supplier_id bigint not null references supplier (id),
    name text not null,
    adapter text not null check (adapter in ('http', 'reloadly')),
    base_url text not null,
    config text not null,
    secrets bytea not null,
    notice_key text not null unique,
    state text not null default 'active' check (state in ('active', 'off')),
    created_at bigint not null,
    updated_at bigint not null
);
create index connection_supplier on connection (supplier_id);

-- What the buyer of a direct SKU has to give, one field a line: key | kind | 中文名 | English name | choices. Empty: nothing.
alter table sku add column fields text not null default '';

-- connection_id: the supply is bought there, as upstream_code; null: out of stock, or by hand. weight parts equals; daily_cap:
-- units in a day of China; regions: comma list of where the account may be, empty: anywhere.
alter table supply add column connection_id bigint references connection (id);
alter table supply add column upstream_code text not null default '';
alter table supply add column weight bigint not null default 100 check (weight between 1 and 1000);
alter table supply add column daily_cap bigint check (daily_cap > 0);
alter table supply add column regions text not null default '';
