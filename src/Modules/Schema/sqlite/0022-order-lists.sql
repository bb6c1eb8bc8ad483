-- Lists and look-ups that do not slow down as orders are sold. Owner: Orders.

-- Every index here is one that a wallet order, delivered as it is placed, does not enter: its price is paid by the orders
-- that are rarer. Orders that wait for money (status 1) are left out too: they are few, and soon something else.
create index orders_rare on orders (status, id) where status <> 4 and status <> 1;
create index orders_merchant_rare on orders (merchant_id, status, id) where status <> 4 and status <> 1;
create index orders_buyer on orders (buyer_id, id) where buyer_id is not null;

-- A person's orders by what reaches that person.
create index order_contact_key on order_contact (contact_key, order_id);
