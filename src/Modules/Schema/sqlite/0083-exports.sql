-- Lists that people of the consoles have made files of. Owner: Consoles.

-- columns are the titles that were wanted (JSON; null: all), heads those that there are, next is the page to go on with (null: the first).
-- steps grows with each part that is written: of two nodes at the same step, one writes. Until lease_until nobody else begins a step.
create table export_file (
    id integer primary key,
    person_id integer not null references person (id),
    name text not null,
    path text not null,
    query text not null,
    table_no integer not null,
    columns text,
    format text not null check (format in ('csv', 'xlsx')),
    language text not null check (language in ('zh', 'en')),
    request_id text not null,
    state text not null check (state in ('running', 'done', 'failed', 'removed')),
    failure text not null default '',
    heads text not null default '[]',
    next text,
    rows integer not null default 0,
    bytes integer not null default 0,
    steps integer not null default 0,
    tries integer not null default 0,
    lease_until integer not null default 0,
    created_at integer not null,
    ended_at integer
);
create index export_file_person on export_file (person_id, id);
create index export_file_created on export_file (created_at);
create index export_file_running on export_file (lease_until, id) where state = 'running';
create index export_file_over on export_file (id) where state in ('failed', 'removed');

-- Rows of a list, compressed and sealed.
create table export_part (
    id integer primary key,
    file_id integer not null references export_file (id),
    step integer not null,
    sealed blob not null,
    unique (file_id, step)
);
