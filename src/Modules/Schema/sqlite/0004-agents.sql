-- Levels, the tree of merchants, prices, keys, storefronts. Owner: Agents.

create table level (
    rank integer primary key,
    name_zh text not null,
    name_en text not null
);

create table merchant (
    id integer primary key,
    slug text not null unique,
    name_zh text not null,
    name_en text not null,
    level integer not null references level (rank),
    parent_id integer references merchant (id),
    state text not null default 'active' check (state in ('active', 'suspended')),
    created_at integer not null,
    check (parent_id <> id)
);
create index merchant_parent on merchant (parent_id);

create table level_price (
    sku_id integer not null references sku (id),
    level integer not null references level (rank),
    price integer not null check (price > 0),
    primary key (sku_id, level)
);

create table special_price (
    id integer primary key,
    merchant_id integer not null references merchant (id),
    sku_id integer not null references sku (id),
    price integer not null check (price > 0),
    from_at integer not null,
    to_at integer not null,
    unique (merchant_id, sku_id, from_at)
);

-- The parent's own policy for a child: over its own price, fixed units or basis points. sku_id null: all goods.
create table markup (
    id integer primary key,
    parent_id integer not null references merchant (id),
    child_id integer not null references merchant (id),
    sku_id integer references sku (id),
    mode text not null check (mode in ('fixed', 'bps')),
    value integer not null check (value >= 0)
);
create unique index markup_one on markup (child_id, coalesce(sku_id, 0));

-- From this quantity on, the unit price falls by so many basis points.
create table quantity_tier (
    id integer primary key,
    sku_id integer not null references sku (id),
    min_qty integer not null check (min_qty > 1),
    off_bps integer not null check (off_bps between 1 and 9999),
    unique (sku_id, min_qty)
);

-- A limited-time reduction. The loss below cost, if any, is paid from the promotion's own account of kind
-- 'promotion' (party = promotion id), which is funded from marketing; when that is empty the loss guard refuses.
create table promotion (
    id integer primary key,
    sku_id integer not null references sku (id),
    off_bps integer not null check (off_bps between 1 and 9999),
    from_at integer not null,
    to_at integer not null check (to_at > from_at),
    name_zh text not null,
    name_en text not null
);

create table api_key (
    id integer primary key,
    key text not null unique,
    merchant_id integer not null references merchant (id),
    name text not null default '',
    secret_sealed blob not null,
    scopes text not null,
    allowed_ips text not null default '',
    calls_per_second integer not null default 2000,
    state text not null default 'active' check (state in ('active', 'revoked')),
    created_at integer not null,
    expires_at integer
);
create index api_key_merchant on api_key (merchant_id);

create table storefront (
    id integer primary key,
    merchant_id integer not null references merchant (id),
    slug text not null unique,
    name_zh text not null,
    name_en text not null,
    notice_zh text not null default '',
    notice_en text not null default '',
    brand text not null default '#1f5fbf',
    state text not null default 'open' check (state in ('open', 'closed')),
    created_at integer not null
);
create index storefront_merchant on storefront (merchant_id);

-- The merchant's own price per unit in its storefronts, whole fen; listed = 0 takes the SKU off its shelves.
-- changed is the version 'prices' of the last change, so that a node reads only what moved since its own.
create table retail_price (
    merchant_id integer not null references merchant (id),
    sku_id integer not null references sku (id),
    price integer not null check (price > 0 and price % 100 = 0),
    listed integer not null default 1,
    changed integer not null,
    primary key (merchant_id, sku_id)
);
create index retail_price_changed on retail_price (changed);
