-- Goods from a sheet: its lines as they were read, what would become of each, and how far the work has come.
-- lines is compressed JSON; ignored names the columns that are not read, as JSON; at_line is the last line done. Owner: Catalog.
create table goods_import (
    id bigint primary key,
    source text not null,
    lines bytea not null,
    ignored text not null,
    state text not null check (state in ('previewing', 'ready', 'applying', 'done')),
    at_line bigint not null default 0,
    total bigint not null,
    done bigint not null default 0,
    changes bigint not null default 0,
    cannot bigint not null default 0,
    moved bigint not null default 0,
    created_by text not null,
    created_at bigint not null
);
create index goods_import_waiting on goods_import (id) where state in ('previewing', 'applying');

-- changes and problems are JSON: columns with what stood there (null: new) and what is to stand there; fields with the words about them.
create table goods_import_row (
    import_id bigint not null references goods_import (id),
    line bigint not null,
    outcome text not null check (outcome in ('add', 'change', 'same', 'cannot', 'moved')),
    product text not null,
    sku text not null,
    name_zh text not null,
    name_en text not null,
    changes text not null,
    problems text not null,
    primary key (import_id, line)
);
create index goods_import_row_outcome on goods_import_row (import_id, outcome, line);
