-- Who merchants are by their papers, and what makes their money wait. Owner: Compliance.

-- Name and number are sealed together; tail is what people recognise the number by, fingerprint finds the same number at another party.
-- kind: 1 person, 2 company. state: 1 waiting, 2 verified, 3 refused, 4 replaced by a later one.
create table real_name (
    id integer primary key,
    party_id integer not null,
    kind integer not null,
    sealed blob not null,
    tail text not null,
    fingerprint blob not null,
    state integer not null,
    asked_by text not null,
    asked_at integer not null,
    decided_by text,
    decided_at integer,
    reason text
);
create index real_name_party on real_name (party_id, id);
create unique index real_name_waiting on real_name (party_id) where state = 1;
create unique index real_name_verified on real_name (party_id) where state = 2;
create index real_name_number on real_name (fingerprint);
create index real_name_open on real_name (id) where state = 1;

-- Only ever added to. kind: password, login, payee, real_name.
create table security_change (
    id integer primary key,
    party_id integer not null,
    kind text not null,
    actor text not null,
    at integer not null
);
create index security_change_party on security_change (party_id, at);

-- What merchants take out: their payees, their requests, and the files that go to the bank. Owner: Withdrawals.

-- A row is never changed: a withdrawal keeps the payee it was asked for. The newest of a merchant is the one in use.
-- kind: 1 bank account, 2 Alipay account. holder, bank and number are sealed together; tail is what people recognise it by.
create table payee (
    id integer primary key,
    merchant_id integer not null,
    kind integer not null,
    sealed blob not null,
    tail text not null,
    made_by text not null,
    made_at integer not null
);
create index payee_merchant on payee (merchant_id, id);

-- state: 1 requested, 2 approved by the first of two, 3 approved, 4 in a file, 5 paid, 6 refused, 7 failed at the bank.
-- source: 1 wallet, 2 available commission. approvals: how many persons it needs. The payee gets amount less fee.
-- The money stands in the account 'withdrawal' from the request until state 5, 6 or 7. asked_by, first_by and second_by are persons.
create table withdrawal (
    id integer primary key,
    merchant_id integer not null,
    payee_id integer not null references payee (id),
    real_name_id integer not null references real_name (id),
    source integer not null,
    amount integer not null check (amount > 0),
    fee integer not null check (fee >= 0 and fee < amount),
    approvals integer not null,
    key text not null,
    state integer not null,
    asked_by integer not null,
    asked_at integer not null,
    first_by integer,
    first_at integer,
    second_by integer,
    second_at integer,
    file_id integer,
    bank_reference text,
    reason text,
    ended_at integer,
    unique (merchant_id, key),
    check (second_by is null or (second_by <> first_by and second_by <> asked_by)),
    check (first_by is null or first_by <> asked_by)
);
create index withdrawal_merchant on withdrawal (merchant_id, asked_at);
create index withdrawal_open on withdrawal (state, id) where state < 5;
create index withdrawal_of_file on withdrawal (file_id) where file_id is not null;

-- kind: of the payees in it, as in payee.
create table withdrawal_file (
    id integer primary key,
    kind integer not null,
    made_by integer not null,
    made_at integer not null,
    payouts integer not null,
    total integer not null
);
