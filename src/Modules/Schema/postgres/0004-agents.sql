-- Levels, the tree of merchants, prices, keys, storefronts. Owner: Agents.

create table level (
    rank bigint primary key,
    name_zh text not null,
    name_en text not null
);

create table merchant (
    id bigint primary key,
    slug text not null unique,
    name_zh text not null,
    name_en text not null,
    level bigint not null references level (rank),
    parent_id bigint references merchant (id),
    state text not null default 'active' check (state in ('active', 'suspended')),
    created_at bigint not null,
    check (parent_id <> id)
);
create index merchant_parent on merchant (parent_id);

create table level_price (
    sku_id bigint not null references sku (id),
    level bigint not null references level (rank),
    price bigint not null check (price > 0),
    primary key (sku_id, level)
);

create table special_price (
    id bigint primary key,
    merchant_id bigint not null references merchant (id),
    sku_id bigint not null references sku (id),
    price bigint not null check (price > 0),
    from_at bigint not null,
    to_at bigint not null,
    unique (merchant_id, sku_id, from_at)
);

-- The parent's own policy for a child: over its own price, fixed units or basis points. sku_id null: all goods.
create table markup (
    id bigint primary key,
    parent_id bigint not null references merchant (id),
    child_id bigint not null references merchant (id),
    sku_id bigint references sku (id),
    mode text not null check (mode in ('fixed', 'bps')),
    value bigint not null check (value >= 0)
);
create unique index markup_one on markup (child_id, coalesce(sku_id, 0));

-- From this quantity on, the unit price falls by so many basis points.
create table quantity_tier (
    id bigint primary key,
    sku_id bigint not null references sku (id),
    min_qty bigint not null check (min_qty > 1),
    off_bps bigint not null check (off_bps between 1 and 9999),
    unique (sku_id, min_qty)
);

-- A limited-time reduction. The loss below cost, if any, is paid from the promotion's own account of kind
-- 'promotion' (party = promotion id), which is funded from marketing; when that is empty the loss guard refuses.
create table promotion (
    id bigint primary key,
    sku_id bigint not null references sku (id),
    off_bps bigint not null check (off_bps between 1 and 9999),
    from_at bigint not null,
    to_at bigint not null check (to_at > from_at),
    name_zh text not null,
    name_en text not null
);

create table api_key (
    id bigint primary key,
    key text not null unique,
    merchant_id bigint not null references merchant (id),
    name text not null default '',
    secret_sealed bytea not null,
    scopes text not null,
    allowed_ips text not null default '',
    calls_per_second bigint not null default 2000,
    state text not null default 'active' check (state in ('active', 'revoked')),
    created_at bigint not null,
    expires_at bigint
);
create index api_key_merchant on api_key (merchant_id);

create table storefront (
    id bigint primary key,
    merchant_id bigint not null references merchant (id),
    slug text not null unique,
    name_zh text not null,
    name_en text not null,
    notice_zh text not null default '',
    notice_en text not null default '',
    brand text not null default '#1f5fbf',
    state text not null default 'open' check (state in ('open', 'closed')),
    created_at bigint not null
);
create index storefront_merchant on storefront (merchant_id);

-- The merchant's own price per unit in its storefronts, whole fen; listed = 0 takes the SKU off its shelves.
-- changed is the version 'prices' of the last change, so that a node reads only what moved since its own.
create table retail_price (
    merchant_id bigint not null references merchant (id),
    sku_id bigint not null references sku (id),
    price bigint not null check (price > 0 and price % 100 = 0),
    listed smallint not null default 1,
    changed bigint not null,
    primary key (merchant_id, sku_id)
);
create index retail_price_changed on retail_price (changed);
