-- Several engines on one database: each tells what its batches changed, so that the others need not forget all they remember. Owner: Orders.

-- batch: the number of the last batch. Engines no longer leave each other a busy turn, so they need not know when it was.
alter table engine_turn add column batch integer not null default 0;
alter table engine_turn drop column at;
alter table engine_turn drop column commands;

-- What a batch left of accounts and lots, for the last 64 batches; written only while several engines take turns.
create table engine_change (
    slot integer primary key,
    batch integer not null,
    change blob not null
);
