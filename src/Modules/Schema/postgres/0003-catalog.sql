-- What is listed, and who can supply it at which cost. Owner: Catalog.

create table category (
    id bigint primary key,
    slug text not null unique,
    name_zh text not null,
    name_en text not null,
    tint text not null default '',
    sort bigint not null default 0
);

create table supplier (
    id bigint primary key,
    slug text not null unique,
    name_zh text not null,
    name_en text not null,
    state text not null default 'active' check (state in ('active', 'suspended')),
    created_at bigint not null
);

create table product (
    id bigint primary key,
    slug text not null unique,
    category_id bigint not null references category (id),
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
    updated_at bigint not null
);
create index product_category on product (category_id);

-- code is the number outsiders use ("steam-50"). Floor and ceiling are the price control on retail.
create table sku (
    id bigint primary key,
    code text not null unique,
    product_id bigint not null references product (id),
    kind text not null default 'card' check (kind in ('card', 'direct')),
    name_zh text not null,
    name_en text not null,
    face_value bigint not null,
    face_currency text not null default 'CNY',
    qty_max bigint not null default 10000 check (qty_max between 1 and 10000),
    suggested_retail bigint not null,
    retail_floor bigint not null,
    retail_ceiling bigint not null,
    state text not null default 'listed' check (state in ('listed', 'off')),
    updated_at bigint not null
);
create index sku_product on sku (product_id);

-- One supplier's offer of one SKU. An unknown cost (null) means not offered, never zero.
create table supply (
    id bigint primary key,
    sku_id bigint not null references sku (id),
    supplier_id bigint not null references supplier (id),
    cost bigint check (cost > 0),
    hold_seconds bigint not null default 0 check (hold_seconds >= 0),
    priority bigint not null default 100,
    state text not null default 'active' check (state in ('active', 'off')),
    unique (sku_id, supplier_id)
);
