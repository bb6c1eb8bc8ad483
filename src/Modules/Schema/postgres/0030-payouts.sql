-- What suppliers are paid: their bank accounts, their requests, and the batches that go to the bank. Owner: Suppliers.

-- A row is never changed: a payout keeps the account it was asked for. The newest of a supplier is the one in use.
-- holder, bank and number are sealed together; tail is what people recognise it by.
create table supplier_bank (
    id bigint primary key,
    supplier_id bigint not null,
    sealed bytea not null,
    tail text not null,
    made_by text not null,
    made_at bigint not null
);
create index supplier_bank_supplier on supplier_bank (supplier_id, id);

-- state: 1 requested, 2 approved by one, 3 approved by two, 4 in a batch, 5 paid, 6 refused, 7 failed at the bank.
-- The money stands in the account 'payout' from the request until state 5, 6 or 7. asked_by, first_by and second_by are persons.
create table payout (
    id bigint primary key,
    supplier_id bigint not null,
    bank_id bigint not null references supplier_bank (id),
    amount bigint not null check (amount > 0),
    key text not null,
    state smallint not null,
    asked_by bigint not null,
    asked_at bigint not null,
    first_by bigint,
    first_at bigint,
    second_by bigint,
    second_at bigint,
    batch_id bigint,
    bank_reference text,
    reason text,
    ended_at bigint,
    unique (supplier_id, key),
    check (second_by is null or (second_by <> first_by and second_by <> asked_by)),
    check (first_by is null or first_by <> asked_by)
);
create index payout_supplier on payout (supplier_id, id);
create index payout_open on payout (state, id) where state < 5;
create index payout_batch on payout (batch_id) where batch_id is not null;

create table payout_file (
    id bigint primary key,
    made_by bigint not null,
    made_at bigint not null,
    payouts bigint not null,
    total bigint not null
);
