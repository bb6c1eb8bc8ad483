-- When the last batch ran and how many commands it had: an engine leaves another one that is in full swing its turn.
alter table engine_turn add column at integer not null default 0;
alter table engine_turn add column commands integer not null default 0;
