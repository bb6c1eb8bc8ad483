-- Orders with their frozen split, fulfilments, settlement. Owner: Orders.

-- Codes. source: 1 api, 2 console, 3 retail. status: 1 placed, 2 paid, 3 fulfilling, 4 delivered,
-- 5 partially_delivered, 6 refunded, 7 expired, 8 cancelled. settlement: 0 none, 1 escrowed, 2 released, 3 reversed.
-- dispute: 0 none, 1 open, 2 ruled.
-- Shares are per unit, so that a refund of units reverses them exactly: the payer pays unit_price; the selling merchant
-- of a retail order buys at merchant_unit (equal to unit_price for wallet orders); ancestors earn a1_unit to a3_unit;
-- top_unit is what reaches the platform, which pays the fulfilments' costs from it. fee is the channel's, for the whole
-- order. Where a cost is above top_unit, the promotion's account pays the difference.
create table orders (
    id bigint primary key,
    merchant_id bigint not null,
    source smallint not null,
    client_key text,
    sku_id bigint not null,
    quantity bigint not null check (quantity between 1 and 10000),
    max_total bigint not null,
    fields text,
    callback_url text,
    storefront_id bigint,
    buyer_id bigint,
    status smallint not null,
    settlement smallint not null default 0,
    dispute smallint not null default 0,
    hold_reason text,
    currency text not null default 'CNY',
    unit_price bigint not null check (unit_price > 0),
    total bigint not null,
    refunded bigint not null default 0,
    refunded_units bigint not null default 0,
    delivered bigint not null default 0,
    payer_account bigint not null,
    escrow_account bigint not null,
    merchant_unit bigint not null,
    a1 bigint, a1_unit bigint not null default 0,
    a2 bigint, a2_unit bigint not null default 0,
    a3 bigint, a3_unit bigint not null default 0,
    top_unit bigint not null,
    fee bigint not null default 0,
    promotion_id bigint,
    failure text,
    created_at bigint not null,
    expires_at bigint,
    paid_at bigint,
    delivered_at bigint,
    release_at bigint,
    revealed_at bigint,
    version bigint not null default 1,
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
    order_id bigint not null,
    no bigint not null,
    supply_id bigint not null,
    supplier_id bigint not null,
    lot_id bigint not null,
    from_seq bigint not null,
    count bigint not null check (count > 0),
    unit_cost bigint not null check (unit_cost > 0),
    hold_seconds bigint not null,
    state smallint not null,
    live smallint not null,
    primary key (order_id, no)
);
create unique index fulfilment_range on fulfilment (lot_id, from_seq) where live = 1;

-- The timeline of an order; also the feed that later readers follow.
create table order_event (
    id bigint generated always as identity primary key,
    order_id bigint not null,
    kind text not null,
    actor text not null,
    at bigint not null,
    data text
);
create index order_event_order on order_event (order_id);

-- Who a retail order is for: personal data, apart from the trade record so that it can be erased.
-- contact_key is a keyed hash for looking up by number and contact.
create table order_contact (
    order_id bigint primary key,
    contact text not null,
    contact_key bytea not null
);

-- A batch of released orders, and each party's share of each order in it.
create table settlement (
    id bigint primary key,
    at bigint not null,
    orders bigint not null,
    total bigint not null
);

create table settlement_line (
    settlement_id bigint not null,
    order_id bigint not null,
    party_id bigint not null,
    role text not null,
    account_id bigint not null,
    amount bigint not null,
    primary key (order_id, party_id, role)
);
create index settlement_line_party on settlement_line (party_id, order_id);
create index settlement_line_settlement on settlement_line (settlement_id);

-- Commission of a settlement that waits for the end of the dispute window.
create table commission_wait (
    settlement_id bigint not null,
    merchant_id bigint not null,
    amount bigint not null check (amount > 0),
    due_at bigint not null,
    primary key (settlement_id, merchant_id)
);
create index commission_wait_due on commission_wait (due_at);
create index commission_wait_merchant on commission_wait (merchant_id);
