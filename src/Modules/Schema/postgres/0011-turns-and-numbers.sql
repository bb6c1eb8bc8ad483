-- When the last batch ran and how many commands it had: an engine leaves another one that is in full swing its turn.
alter table engine_turn add column at bigint not null default 0;
alter table engine_turn add column commands bigint not null default 0;

-- Callers' own numbers are looked up and kept apart, never sorted for people: bytes compare much faster than words.
alter table orders alter column client_key type text collate "C";
