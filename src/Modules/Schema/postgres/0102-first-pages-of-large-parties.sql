-- Pages that look for the few among very many. Owners: Catalog, Analytics.

create index product_branded on product (brand_id) where brand_id is not null;

create index day_supply_failed on day_supply (day, supplier_id, supply_id) where failed > 0;
