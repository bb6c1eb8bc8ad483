-- What an order costs to write: fewer rows, fewer index entries, and updates that stay on their page.

-- Lots. "open" is 1 while cards are left behind the cursor. The old index knew "next" itself, so that each sale moved the
-- lot's entries in all indexes; now a sale touches none until the lot is sold out.
alter table lot add column open integer not null default 1;
update lot set open = 0 where next > total;
drop index lot_open;
create index lot_open on lot (sku_id, id) where open = 1;

-- Escrow is guarded by the orders it is kept for, so it needs no running balance: no order waits for the row, and the
-- release of old orders does not disturb new ones. First everything is folded up to one mark.
update account set folded_to = coalesce((select max(id) from transfer), 0), balance = balance
    + coalesce((select sum(t.amount) from transfer t where t.credit_account = account.id and t.id > account.folded_to), 0)
    - coalesce((select sum(t.amount) from transfer t where t.debit_account = account.id and t.id > account.folded_to), 0)
where limited = 0;
update account set limited = 0, floor = null, folded_to = coalesce((select max(id) from transfer), 0) where kind = 'escrow';

-- An order's own posting has the order's number: it is found by that, and only later ones by their order.
drop index transfer_order;
create index transfer_order on transfer (order_id) where order_id is not null and order_id <> posting_id;

-- The one delivery that almost every order has stands in the order's row; order_part has the deliveries of the others.
-- part_state: 1 held, 2 delivered, 3 returned to stock, 4 void. A null lot_id: see order_part.
alter table orders add column supply_id integer;
alter table orders add column supplier_id integer;
alter table orders add column lot_id integer;
alter table orders add column from_seq integer;
alter table orders add column unit_cost integer;
alter table orders add column hold_seconds integer;
alter table orders add column part_state integer;
create unique index orders_range on orders (lot_id, from_seq) where lot_id is not null and part_state <> 3;
alter table fulfilment rename to order_part;
drop index fulfilment_range;
create unique index order_part_range on order_part (lot_id, from_seq) where live = 1;

create view fulfilment as
    select order_id, no, supply_id, supplier_id, lot_id, from_seq, count, unit_cost, hold_seconds, state, live from order_part
    union all
    select id, 1, supply_id, supplier_id, lot_id, from_seq, quantity, unit_cost, hold_seconds, part_state,
           case when part_state = 3 then 0 else 1 end
    from orders where lot_id is not null;

-- An order that was delivered as it was placed says so in its own row: by whom, at created_at. The rest is in order_note.
alter table orders add column placed_by text;
alter table order_event rename to order_note;
drop index order_event_order;
create index order_note_order on order_note (order_id);

create view order_event as
    select id, order_id, kind, actor, at, data from order_note
    union all
    select 0, id, 'delivered', placed_by, created_at, null from orders where placed_by is not null;
