-- Who ordered from a merchant's shops: a row per contact, by its keyed hash (0007-orders.sql), with the first and the last order it opened there, paid or
-- not. Written with the order. What was bought is counted when it is looked at. Owner: Orders.
create table customer (
    merchant_id integer not null,
    contact_key blob not null,
    first_order integer not null,
    last_order integer not null,
    primary key (merchant_id, contact_key)
);
create index customer_latest on customer (merchant_id, last_order);
create index customer_first on customer (merchant_id, first_order);

insert into customer (merchant_id, contact_key, first_order, last_order)
select o.merchant_id, c.contact_key, min(o.id), max(o.id) from order_contact c join orders o on o.id = c.order_id group by o.merchant_id, c.contact_key;
