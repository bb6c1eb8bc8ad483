-- What is agreed with a supplier, pictures of goods, and the re-sealing of what is not a card.

-- A version of a supplier's contract: proposed by the operator, accepted or declined by the supplier, in force from from_at
-- or from its acceptance, whichever is later, until the next. regions: comma list of where accounts may be, empty: anywhere.
-- products: comma list of the ids of goods that only this supplier supplies. Owner: Suppliers.
create table supplier_contract (
    id integer primary key,
    supplier_id integer not null references supplier (id),
    from_at integer not null,
    commission_bps integer not null check (commission_bps between 0 and 5000),
    hold_seconds integer not null check (hold_seconds >= 0),
    regions text not null,
    products text not null,
    note text not null,
    state text not null check (state in ('waiting', 'accepted', 'declined', 'withdrawn')),
    made_by text not null,
    made_at integer not null,
    answered_by text not null default '',
    answered_at integer
);
create index supplier_contract_supplier on supplier_contract (supplier_id, from_at);
create unique index supplier_contract_waiting on supplier_contract (supplier_id) where state = 'waiting';

-- The version in force, as offers are read with it. Owner: Catalog.
create table supplier_terms (
    supplier_id integer primary key references supplier (id),
    contract_id integer not null,
    commission_bps integer not null,
    hold_seconds integer not null,
    regions text not null
);
create table exclusive_product (
    product_id integer primary key references product (id),
    supplier_id integer not null references supplier (id)
);

-- A picture by what it holds: hash is of content. Nobody reads one before a product carries it. Owner: Catalog.
create table picture (
    hash text primary key,
    media_type text not null,
    width integer not null,
    height integer not null,
    content blob not null,
    added_by text not null,
    added_at integer not null
);
alter table product add column picture text references picture (hash);
create index product_picture on product (picture) where picture is not null;

-- Secrets other than cards that were brought under the key. Owner: Inventory.
alter table reseal add column others integer not null default 0;
