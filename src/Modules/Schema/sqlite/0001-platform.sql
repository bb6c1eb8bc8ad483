-- What Platform keeps for itself. All moments are microseconds since 1970 UTC, all money 1/10,000 of the currency's unit.

-- Blocks of ids: a node takes a block at a time, so ids are unique without a round trip for each.
create table id_block (
    name text primary key,
    next integer not null
);
insert into id_block (name, next) values ('all', 1000);

-- Counters that tell a node that its cached snapshot is out of date.
create table version (
    name text primary key,
    value integer not null
);
insert into version (name, value) values ('prices', 1), ('access', 1);

create table setting (
    name text primary key,
    value text not null
);

-- Data keys that seal secrets, each wrapped by the master key.
create table data_key (
    id integer primary key,
    wrapped blob not null,
    created_at integer not null,
    retired_at integer
);
