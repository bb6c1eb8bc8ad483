-- One-click listing: what a merchant chose and by which rule, what would become of each of its goods, and how far the work has come.
-- words, category and skus are the choice (null: not narrowed by it); at_sku is the last SKU done. Owner: Agents.
create table listing (
    id bigint primary key,
    merchant_id bigint not null references merchant (id),
    takes_off smallint not null check (takes_off in (0, 1)),
    words text,
    categories text,
    skus text,
    keeps_own smallint not null check (keeps_own in (0, 1)),
    margin_bps bigint not null check (margin_bps >= 0),
    added bigint not null check (added >= 0),
    added_max bigint check (added_max >= 0),
    ending text not null check (ending in ('fen', 'jiao', 'nine', 'yuan')),
    state text not null check (state in ('previewing', 'ready', 'applying', 'done')),
    at_sku bigint not null default 0,
    total bigint not null default 0,
    done bigint not null default 0,
    changes bigint not null default 0,
    cannot bigint not null default 0,
    moved bigint not null default 0,
    created_by text not null,
    created_at bigint not null
);
create index listing_of_merchant on listing (merchant_id, id);
create index listing_waiting on listing (id) where state in ('previewing', 'applying');

-- was and retail are null where there is no price; note says what price control did, or why it cannot be listed.
create table listing_row (
    listing_id bigint not null references listing (id),
    sku_id bigint not null references sku (id),
    outcome text not null check (outcome in ('add', 'change', 'same', 'off', 'cannot', 'moved')),
    unit bigint,
    was bigint,
    retail bigint,
    fee bigint,
    lowest bigint,
    note text not null,
    primary key (listing_id, sku_id)
);
create index listing_row_outcome on listing_row (listing_id, outcome, sku_id);
