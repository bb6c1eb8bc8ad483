-- What is bought from suppliers for orders, one row for each fulfilment of that kind. Owner: Orders.

-- id is our own number, the same whenever the supplier is told of it. state: 1 queued, 2 sent, 3 accepted, 4 succeeded,
-- 5 failed, 6 unknown. due_at: when something is to be done next; null while people deliver by hand, and at the end.
-- asked_at: since when a person is asked.
create table purchase (
    id bigint primary key,
    order_id bigint not null,
    no bigint not null,
    sku_id bigint not null,
    supply_id bigint not null,
    supplier_id bigint not null,
    connection_id bigint,
    count bigint not null check (count > 0),
    unit_cost bigint not null check (unit_cost > 0),
    route text not null,
    state smallint not null,
    tries bigint not null default 0,
    due_at bigint,
    upstream_no text,
    fault text,
    detail text,
    receipt text,
    charged bigint,
    created_at bigint not null,
    sent_at bigint,
    ended_at bigint,
    asked_at bigint
);
create index purchase_due on purchase (due_at) where due_at is not null;
create index purchase_upstream on purchase (upstream_no) where upstream_no is not null;
create index purchase_ended on purchase (ended_at) where ended_at is not null;
create index purchase_order on purchase (order_id);
create index purchase_supply on purchase (supply_id, created_at);
create index purchase_open on purchase (supplier_id, id) where state in (1, 2, 3, 6);

-- What only a person can settle. ours and theirs: the money as we and as the supplier see it. kind: unknown, slow, by_hand,
-- late_success, overcharged, duplicate_cards.
create table purchase_case (
    id bigint generated always as identity primary key,
    purchase_id bigint not null,
    order_id bigint not null,
    kind text not null,
    ours bigint not null,
    theirs bigint,
    detail text not null default '',
    opened_at bigint not null,
    closed_at bigint,
    closed_by text,
    note text not null default '',
    unique (purchase_id, kind)
);
create index purchase_case_open on purchase_case (opened_at) where closed_at is null;

-- A fulfilment that was bought has lot 0 and its purchase's number in from_seq; pieces of it share the number.
drop index orders_range;
create unique index orders_range on orders (lot_id, from_seq) where lot_id > 0 and part_state <> 3;
drop index order_part_range;
create unique index order_part_range on order_part (lot_id, from_seq) where live = 1 and lot_id > 0;
