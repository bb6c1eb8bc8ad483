-- The version 'prices' of the last change of a product or of its SKUs, so that a node reads again only the names that moved since its own;
-- null only inside the transaction that changes it. Owner: Catalog.
alter table product add column changed bigint default 0;
create index product_changed on product (changed);
