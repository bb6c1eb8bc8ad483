-- What the person who asked for a file could do while it was read, as codes separated by blanks; empty: it was read before this was kept. Owner: Consoles.
alter table export_file add column rights text not null default '';
