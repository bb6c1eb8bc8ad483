-- Flash sales: few units, many buyers, a short time to pay. Owner: Orders.

-- taken: units reserved or paid for now; sold: units paid for; lapsed: units that were reserved and came back. opened: how many
-- orders were ever opened in the sale, which is the number (no) of the last one. All four change only in the transaction that
-- changes the order.
create table flash_sale (
    id bigint primary key,
    storefront_id bigint not null,
    merchant_id bigint not null,
    sku_id bigint not null,
    units bigint not null check (units > 0),
    price bigint not null check (price > 0 and price % 100 = 0),
    quota bigint not null check (quota > 0),
    pay_seconds bigint not null check (pay_seconds > 0),
    from_at bigint not null,
    to_at bigint not null check (to_at >= from_at),
    created_at bigint not null,
    taken bigint not null default 0,
    sold bigint not null default 0,
    lapsed bigint not null default 0,
    opened bigint not null default 0,
    check (taken between 0 and units),
    check (sold between 0 and taken)
);
create index flash_sale_merchant on flash_sale (merchant_id, id);
create index flash_sale_end on flash_sale (to_at);

-- The orders of a sale in the order in which they were opened, so that a node reads only those it has not seen. buyer: who
-- the ticket was issued to. One buyer has one order in a sale; only money that came too late opens a second.
create table flash_order (
    sale_id bigint not null references flash_sale (id),
    no bigint not null,
    order_id bigint not null unique,
    buyer bigint not null,
    primary key (sale_id, no)
);

-- What unpaid orders hold of a SKU is counted without looking at those of other SKUs.
create index orders_reserved on orders (sku_id) where status = 1;
