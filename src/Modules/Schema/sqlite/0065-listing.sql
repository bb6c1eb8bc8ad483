-- One-click listing: what a merchant chose and by which rule, what would become of each of its goods, and how far the work has come.
-- words, category and skus are the choice (null: not narrowed by it); at_sku is the last SKU done. Owner: Agents.
create table listing (
    id integer primary key,
    merchant_id integer not null references merchant (id),
    takes_off integer not null check (takes_off in (0, 1)),
    words text,
    categories text,
    skus text,
    keeps_own integer not null check (keeps_own in (0, 1)),
    margin_bps integer not null check (margin_bps >= 0),
    added integer not null check (added >= 0),
    added_max integer check (added_max >= 0),
    ending text not null check (ending in ('fen', 'jiao', 'nine', 'yuan')),
    state text not null check (state in ('previewing', 'ready', 'applying', 'done')),
    at_sku integer not null default 0,
    total integer not null default 0,
    done integer not null default 0,
    changes integer not null default 0,
    cannot integer not null default 0,
    moved integer not null default 0,
    created_by text not null,
    created_at integer not null
);
create index listing_of_merchant on listing (merchant_id, id);
create index listing_waiting on listing (id) where state in ('previewing', 'applying');

-- was and retail are null where there is no price; note says what price control did, or why it cannot be listed.
create table listing_row (
    listing_id integer not null references listing (id),
    sku_id integer not null references sku (id),
    outcome text not null check (outcome in ('add', 'change', 'same', 'off', 'cannot', 'moved')),
    unit integer,
    was integer,
    retail integer,
    fee integer,
    lowest integer,
    note text not null,
    primary key (listing_id, sku_id)
);
create index listing_row_outcome on listing_row (listing_id, outcome, sku_id);
