-- Payments out of merchants' wallets: the own book of channels that speak the protocol "wallet". Owner: Payments.

-- code: stands in the address of the page where a merchant pays; nobody can guess it. return_path: the buyer's page in the shop.
-- merchant_id, paid_by, paid_at: whose wallet paid, who pressed, and when.
create table wallet_payment (
    attempt_id integer primary key,
    channel_id integer not null references channel (id),
    code text not null unique,
    amount integer not null check (amount > 0),
    state text not null check (state in ('open', 'paid', 'closed')),
    subject text not null,
    return_path text not null,
    merchant_id integer,
    paid_by text,
    paid_at integer,
    created_at integer not null,
    check ((state = 'paid') = (merchant_id is not null and paid_by is not null and paid_at is not null))
);
create index wallet_payment_day on wallet_payment (channel_id, paid_at) where paid_at is not null;

-- What went back to the wallet that paid.
create table wallet_refund (
    refund_id integer primary key,
    attempt_id integer not null references wallet_payment (attempt_id),
    amount integer not null check (amount > 0),
    at integer not null
);
create index wallet_refund_payment on wallet_refund (attempt_id);
