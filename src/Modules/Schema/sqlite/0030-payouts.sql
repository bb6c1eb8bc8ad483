-- What suppliers are paid: their bank accounts, their requests, and the batches that go to the bank. Owner: Suppliers.

-- A row is never changed: a payout keeps the account it was asked for. The newest of a supplier is the one in use.
-- holder, bank and number are sealed together; tail is what people recognise it by.
create table supplier_bank (
    id integer primary key,
    supplier_id integer not null,
    sealed blob not null,
    tail text not null,
    made_by text not null,
    made_at integer not null
);
create index supplier_bank_supplier on supplier_bank (supplier_id, id);

-- state: 1 requested, 2 approved by one, 3 approved by two, 4 in a batch, 5 paid, 6 refused, 7 failed at the bank.
-- The money stands in the account 'payout' from the request until state 5, 6 or 7. asked_by, first_by and second_by are persons.
create table payout (
    id integer primary key,
    supplier_id integer not null,
    bank_id integer not null references supplier_bank (id),
    amount integer not null check (amount > 0),
    key text not null,
    state integer not null,
    asked_by integer not null,
    asked_at integer not null,
    first_by integer,
    first_at integer,
    second_by integer,
    second_at integer,
    batch_id integer,
    bank_reference text,
    reason text,
    ended_at integer,
    unique (supplier_id, key),
    check (second_by is null or (second_by <> first_by and second_by <> asked_by)),
    check (first_by is null or first_by <> asked_by)
);
create index payout_supplier on payout (supplier_id, id);
create index payout_open on payout (state, id) where state < 5;
create index payout_batch on payout (batch_id) where batch_id is not null;

create table payout_file (
    id integer primary key,
    made_by integer not null,
    made_at integer not null,
    payouts integer not null,
    total integer not null
);
