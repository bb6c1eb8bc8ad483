-- How many began to read the file of a work and did not come back, and when the last of them began: what ends its reader is given up after a few.
-- Owners: Agents; Catalog (goods_import, whose failure says why nothing came of a file).
alter table listing add column tries bigint not null default 0;
alter table listing add column tried_at bigint;
alter table repricing add column tries bigint not null default 0;
alter table repricing add column tried_at bigint;
alter table goods_import add column tries bigint not null default 0;
alter table goods_import add column tried_at bigint;
alter table goods_import add column failure text;
