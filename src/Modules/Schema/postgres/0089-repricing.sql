-- Level prices by a rule: which goods, what each level adds, what would become of each SKU and level, and how far the work has come.
-- words, categories and skus are the choice (null: not narrowed by it); at_sku is the last SKU done. Owner: Agents.
create table repricing (
    id bigint primary key,
    words text,
    categories text,
    skus text,
    keeps_own smallint not null check (keeps_own in (0, 1)),
    base text not null check (base in ('cost', 'price', 'nothing')),
    levels text not null,
    added_min bigint not null check (added_min >= 0),
    step text not null check (step in ('exact', 'fen', 'jiao', 'yuan')),
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
create index repricing_waiting on repricing (id) where state in ('previewing', 'applying');

-- was and price are null where there is none; why says why not; warnings are bits: 1 below cost, 2 upside down, 4 above the ceiling.
create table repricing_row (
    repricing_id bigint not null references repricing (id),
    sku_id bigint not null references sku (id),
    level bigint not null,
    outcome text not null check (outcome in ('add', 'change', 'same', 'cannot', 'moved')),
    cost bigint,
    was bigint,
    price bigint,
    why text not null,
    warnings smallint not null,
    primary key (repricing_id, sku_id, level)
);
create index repricing_row_outcome on repricing_row (repricing_id, outcome, sku_id, level);
create index repricing_row_warned on repricing_row (repricing_id, sku_id, level) where warnings <> 0;
