-- What buyers say of goods they got. Owner: Reviews.

-- One an order. state: shown, waiting for a person, hidden by one. refunded_at: everything of the order was given back; such a review does not count.
create table review (
    order_id integer primary key references orders (id),
    storefront_id integer not null,
    merchant_id integer not null,
    product_id integer not null,
    sku_id integer not null,
    stars integer not null check (stars between 1 and 5),
    text text not null,
    state text not null check (state in ('shown', 'waiting', 'hidden')),
    reason text not null default '',
    decided_by text not null default '',
    refunded_at integer,
    answer text not null default '',
    answered_at integer,
    created_at integer not null,
    changed_at integer,
    -- Goes up whenever the buyer changes it: nobody passes a text that he has not read.
    version integer not null default 1
);
-- The stars stand in it, so that an average reads nothing else.
create index review_shown on review (storefront_id, product_id, order_id, stars) where state = 'shown' and refunded_at is null;
create index review_waiting on review (order_id) where state = 'waiting';
create index review_merchant on review (merchant_id, order_id);
