-- A supplier stops and goes on with a supply of its own, beside the operator's switch (state). Owner: Catalog.
alter table supply add column paused smallint not null default 0 check (paused in (0, 1));
