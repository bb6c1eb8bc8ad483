-- An order that its payer's wallet paid as it was placed tells that transfer by its own row. Owners: Ledger, Orders.

-- Orders and transfers draw their numbers from one series, inside the transaction that writes them: of two transfers that
-- move one account, the later has the higher number, whichever of the two places it stands in. The series begins far above
-- every id that was given out before.
drop view entry;
alter table transfer rename to transfer_row;
alter table transfer_row alter column id drop identity;
create sequence ledger_number increment by 4096 start with 1099511627776 owned by transfer_row.id;

-- The highest number of the series that moved a limited account. Nobody moves it under a lower one.
alter table account add column moved_by bigint not null default 0;

-- What the order's own transfer left in the payer's account. Null: that transfer, if there is one, stands in transfer_row.
alter table orders add column payer_after bigint;

create view order_transfer as
    select id, merchant_id, source, payer_account as debit_account, escrow_account as credit_account, total as amount,
           payer_after as debit_after, created_at as at
    from orders where payer_after is not null;

create view transfer as
    select id, posting_id, kind, debit_account, credit_account, amount, debit_after, credit_after, order_id, at from transfer_row
    union all
    select id, id, 'order', debit_account, credit_account, amount, debit_after, null, id, at from order_transfer;

create view entry as
    select id as transfer_id, posting_id, kind, debit_account as account_id, credit_account as other_account_id,
           -amount as amount, debit_after as balance_after, order_id, at
    from transfer
    union all
    select id, posting_id, kind, credit_account, debit_account, amount, credit_after, order_id, at
    from transfer;

-- A merchant's wallet and escrow find their transfers by the merchant's orders, and do not walk over its retail orders.
drop index orders_merchant;
create index orders_merchant on orders (merchant_id, source, id);
