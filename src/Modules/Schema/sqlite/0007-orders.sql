-- Orders with their frozen split, fulfilments, settlement. Owner: Orders.

-- Codes. source: 1 api, 2 console, 3 retail. status: 1 placed, 2 paid, 3 fulfilling, 4 delivered,
-- 5 partially_delivered, 6 refunded, 7 expired, 8 cancelled. settlement: 0 none, 1 escrowed, 2 released, 3 reversed.
-- dispute: 0 none, 1 open, 2 ruled.
-- Shares are per unit, so that a refund of units reverses them exactly: the payer pays unit_price; the selling merchant
-- of a retail order buys at merchant_unit (equal to unit_price for wallet orders); ancestors earn a1_unit to a3_unit;
-- top_unit is what reaches the platform, which pays the fulfilments' costs from it. fee is the channel's, for the whole
-- order. Where a cost is above top_unit, the promotion's account pays the difference.
create table orders (
    id integer primary key,
    merchant_id integer not null,
    source integer not null,
    client_key text,
    sku_id integer not null,
    quantity integer not null check (quantity between 1 and 10000),
    max_total integer not null,
    fields text,
    callback_url text,
    storefront_id integer,
    buyer_id integer,
    status integer not null,
    settlement integer not null default 0,
    dispute integer not null default 0,
    hold_reason text,
    currency text not null default 'CNY',
    unit_price integer not null check (unit_price > 0),
    total integer not null,
    refunded integer not null default 0,
    refunded_units integer not null default 0,
    delivered integer not null default 0,
    payer_account integer not null,
    escrow_account integer not null,
    merchant_unit integer not null,
    a1 integer, a1_unit integer not null default 0,
    a2 integer, a2_unit integer not null default 0,
    a3 integer, a3_unit integer not null default 0,
    top_unit integer not null,
    fee integer not null default 0,
    promotion_id integer,
    failure text,
    created_at integer not null,
    expires_at integer,
    paid_at integer,
    delivered_at integer,
    release_at integer,
    revealed_at integer,
    version integer not null default 1,
    check (refunded between 0 and total),
    check (refunded_units between 0 and quantity),
    check (delivered between 0 and quantity),
    check (total = unit_price * quantity)
);
create unique index orders_client_key on orders (merchant_id, client_key) where client_key is not null;
create index orders_merchant on orders (merchant_id, id);
create index orders_release on orders (release_at, id) where settlement = 1;
create index orders_expiry on orders (expires_at) where status = 1;

-- One delivery out of one lot. live = 1 binds the cards; the unique index makes a second sale of a range impossible,
-- because a range always starts where the lot's cursor or a returned range stood.
-- state: 1 held, 2 delivered, 3 returned to stock, 4 void (refunded after it was seen).
create table fulfilment (
    order_id integer not null,
    no integer not null,
    supply_id integer not null,
    supplier_id integer not null,
    lot_id integer not null,
    from_seq integer not null,
    count integer not null check (count > 0),
    unit_cost integer not null check (unit_cost > 0),
    hold_seconds integer not null,
    state integer not null,
    live integer not null,
    primary key (order_id, no)
);
create unique index fulfilment_range on fulfilment (lot_id, from_seq) where live = 1;

-- The timeline of an order; also the feed that later readers follow.
create table order_event (
    id integer primary key,
    order_id integer not null,
    kind text not null,
    actor text not null,
    at integer not null,
    data text
);
create index order_event_order on order_event (order_id);

-- Who a retail order is for: personal data, apart from the trade record so that it can be erased.
-- contact_key is a keyed hash for looking up by number and contact.
create table order_contact (
    order_id integer primary key,
    contact text not null,
    contact_key blob not null
);

-- A batch of released orders, and each party's share of each order in it.
create table settlement (
    id integer primary key,
    at integer not null,
    orders integer not null,
    total integer not null
);

create table settlement_line (
    settlement_id integer not null,
    order_id integer not null,
    party_id integer not null,
    role text not null,
    account_id integer not null,
    amount integer not null,
    primary key (order_id, party_id, role)
);
create index settlement_line_party on settlement_line (party_id, order_id);
create index settlement_line_settlement on settlement_line (settlement_id);

-- Commission of a settlement that waits for the end of the dispute window.
create table commission_wait (
    settlement_id integer not null,
    merchant_id integer not null,
    amount integer not null check (amount > 0),
    due_at integer not null,
    primary key (settlement_id, merchant_id)
);
create index commission_wait_due on commission_wait (due_at);
create index commission_wait_merchant on commission_wait (merchant_id);
