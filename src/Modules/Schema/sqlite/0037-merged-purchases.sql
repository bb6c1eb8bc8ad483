-- Several small purchases of one supply are told to its supplier as one. Owners: Catalog (supply), Orders (purchase).

-- So many units of several orders may go in one call; 1: each order has a call of its own.
alter table supply add column batch_max integer not null default 1 check (batch_max between 1 and 1000);

-- merges: may be told together with others. batch_id: our number on the wire where it was; null: its own.
alter table purchase add column merges integer not null default 0;
alter table purchase add column batch_id integer;
create index purchase_batch on purchase (batch_id) where batch_id is not null;
