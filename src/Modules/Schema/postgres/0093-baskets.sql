-- Several retail orders of one buyer that are paid by one payment. Each order keeps a payment of its own, which has no attempt and names the basket's.
-- state: open; over: it came to nothing, because one of its orders was refused. key: one per press of the button. Owner: Orders.
create table basket (
    id bigint primary key,
    storefront_id bigint not null,
    key text not null,
    state text not null default 'open' check (state in ('open', 'over')),
    created_at bigint not null,
    unique (storefront_id, key)
);
alter table payment add column basket_id bigint references basket (id);
create index payment_basket on payment (basket_id) where basket_id is not null;
