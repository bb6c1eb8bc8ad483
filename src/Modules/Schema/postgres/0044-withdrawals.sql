-- Who merchants are by their papers, and what makes their money wait. Owner: Compliance.

-- Name and number are sealed together; tail is what people recognise the number by, fingerprint finds the same number at another party.
-- kind: 1 person, 2 company. state: 1 waiting, 2 verified, 3 refused, 4 replaced by a later one.
create table real_name (
    id bigint primary key,
    party_id bigint not null,
    kind smallint not null,
    sealed bytea not null,
    tail text not null,
    fingerprint bytea not null,
    state smallint not null,
    asked_by text not null,
    asked_at bigint not null,
    decided_by text,
    decided_at bigint,
    reason text
);
create index real_name_party on real_name (party_id, id);
create unique index real_name_waiting on real_name (party_id) where state = 1;
create unique index real_name_verified on real_name (party_id) where state = 2;
create index real_name_number on real_name (fingerprint);
create index real_name_open on real_name (id) where state = 1;

-- Only ever added to. kind: password, login, payee, real_name.
create table security_change (
    id bigint primary key,
    party_id bigint not null,
    kind text not null,
    actor text not null,
    at bigint not null
);
create index security_change_party on security_change (party_id, at);

-- What merchants take out: their payees, their requests, and the files that go to the bank. Owner: Withdrawals.

-- A row is never changed: a withdrawal keeps the payee it was asked for. The newest of a merchant is the one in use.
-- kind: 1 bank account, 2 Alipay account. holder, bank and number are sealed together; tail is what people recognise it by.
create table payee (
    id bigint primary key,
    merchant_id bigint not null,
    kind smallint not null,
    sealed bytea not null,
    tail text not null,
    made_by text not null,
    made_at bigint not null
);
create index payee_merchant on payee (merchant_id, id);

-- state: 1 requested, 2 approved by the first of two, 3 approved, 4 in a file, 5 paid, 6 refused, 7 failed at the bank.
-- source: 1 wallet, 2 available commission. approvals: how many persons it needs. The payee gets amount less fee.
-- The money stands in the account 'withdrawal' from the request until state 5, 6 or 7. asked_by, first_by and second_by are persons.
create table withdrawal (
    id bigint primary key,
    merchant_id bigint not null,
    payee_id bigint not null references payee (id),
    real_name_id bigint not null references real_name (id),
    source smallint not null,
    amount bigint not null check (amount > 0),
    fee bigint not null check (fee >= 0 and fee < amount),
    approvals smallint not null,
    key text not null,
    state smallint not null,
    asked_by bigint not null,
    asked_at bigint not null,
    first_by bigint,
    first_at bigint,
    second_by bigint,
    second_at bigint,
    file_id bigint,
    bank_reference text,
    reason text,
    ended_at bigint,
    unique (merchant_id, key),
    check (second_by is null or (second_by <> first_by and second_by <> asked_by)),
    check (first_by is null or first_by <> asked_by)
);
create index withdrawal_merchant on withdrawal (merchant_id, asked_at);
create index withdrawal_open on withdrawal (state, id) where state < 5;
create index withdrawal_of_file on withdrawal (file_id) where file_id is not null;

-- kind: of the payees in it, as in payee.
create table withdrawal_file (
    id bigint primary key,
    kind smallint not null,
    made_by bigint not null,
    made_at bigint not null,
    payouts bigint not null,
    total bigint not null
);
