-- What more goes into the grade, and what the grade brings about. Owners: Suppliers, Catalog (supplier).

-- Purchases of direct SKUs that ended; p95_ms: of the timed ones that succeeded, the time within which 95 of 100 did.
alter table supplier_grade add column purchases integer not null default 0;
alter table supplier_grade add column failed integer not null default 0;
alter table supplier_grade add column out_of_stock integer not null default 0;
alter table supplier_grade add column timed integer not null default 0;
alter table supplier_grade add column p95_ms integer not null default 0;

-- The grade that acts now: on the hold time of what is sold and on the order in which supplies are drawn. Null: none.
alter table supplier add column grade text check (grade in ('A', 'B', 'C', 'D', 'E'));
