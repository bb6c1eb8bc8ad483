-- What is bought from suppliers for orders, one row for each fulfilment of that kind. Owner: Orders.

-- id is our own number, the same whenever the supplier is told of it. state: 1 queued, 2 sent, 3 accepted, 4 succeeded,
-- 5 failed, 6 unknown. due_at: when something is to be done next; null while people deliver by hand, and at the end.
-- asked_at: since when a person is asked.
create table purchase (
    id integer primary key,
    order_id integer not null,
    no integer not null,
    sku_id integer not null,
    supply_id integer not null,
    supplier_id integer not null,
    connection_id integer,
    count integer not null check (count > 0),
    unit_cost integer not null check (unit_cost > 0),
    route text not null,
    state integer not null,
    tries integer not null default 0,
    due_at integer,
    upstream_no text,
    fault text,
    detail text,
    receipt text,
    charged integer,
    created_at integer not null,
    sent_at integer,
    ended_at integer,
    asked_at integer
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
    id integer primary key autoincrement,
    purchase_id integer not null,
    order_id integer not null,
    kind text not null,
    ours integer not null,
    theirs integer,
    detail text not null default '',
    opened_at integer not null,
    closed_at integer,
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
