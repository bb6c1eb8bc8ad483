-- What is listed, and who can supply it at which cost. Owner: Catalog.

create table category (
    id integer primary key,
    slug text not null unique,
    name_zh text not null,
    name_en text not null,
    tint text not null default '',
    sort integer not null default 0
);

create table supplier (
    id integer primary key,
    slug text not null unique,
    name_zh text not null,
    name_en text not null,
    state text not null default 'active' check (state in ('active', 'suspended')),
    created_at integer not null
);

create table product (
    id integer primary key,
    slug text not null unique,
    category_id integer not null references category (id),
    name_zh text not null,
    name_en text not null,
    region text not null default 'CN',
    initial text not null default '',
    tint text not null default '',
    description_zh text not null default '',
    description_en text not null default '',
    redeem_zh text not null default '',
    redeem_en text not null default '',
    redeem_url text not null default '',
    state text not null default 'listed' check (state in ('listed', 'off')),
    updated_at integer not null
);
create index product_category on product (category_id);

-- code is the number outsiders use ("steam-50"). Floor and ceiling are the price control on retail.
create table sku (
    id integer primary key,
    code text not null unique,
    product_id integer not null references product (id),
    kind text not null default 'card' check (kind in ('card', 'direct')),
    name_zh text not null,
    name_en text not null,
    face_value integer not null,
    face_currency text not null default 'CNY',
    qty_max integer not null default 10000 check (qty_max between 1 and 10000),
    suggested_retail integer not null,
    retail_floor integer not null,
    retail_ceiling integer not null,
    state text not null default 'listed' check (state in ('listed', 'off')),
    updated_at integer not null
);
create index sku_product on sku (product_id);

-- One supplier's offer of one SKU. An unknown cost (null) means not offered, never zero.
create table supply (
    id integer primary key,
    sku_id integer not null references sku (id),
    supplier_id integer not null references supplier (id),
    cost integer check (cost > 0),
    hold_seconds integer not null default 0 check (hold_seconds >= 0),
    priority integer not null default 100,
    state text not null default 'active' check (state in ('active', 'off')),
    unique (sku_id, supplier_id)
);
