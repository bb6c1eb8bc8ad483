-- Payments out of merchants' wallets: the own book of channels that speak the protocol "wallet". Owner: Payments.

-- code: stands in the address of the page where a merchant pays; nobody can guess it. return_path: the buyer's page in the shop.
-- merchant_id, paid_by, paid_at: whose wallet paid, who pressed, and when.
create table wallet_payment (
    attempt_id bigint primary key,
    channel_id bigint not null references channel (id),
    code text not null unique,
    amount bigint not null check (amount > 0),
    state text not null check (state in ('open', 'paid', 'closed')),
    subject text not null,
    return_path text not null,
    merchant_id bigint,
    paid_by text,
    paid_at bigint,
    created_at bigint not null,
    check ((state = 'paid') = (merchant_id is not null and paid_by is not null and paid_at is not null))
);
create index wallet_payment_day on wallet_payment (channel_id, paid_at) where paid_at is not null;

-- What went back to the wallet that paid.
create table wallet_refund (
    refund_id bigint primary key,
    attempt_id bigint not null references wallet_payment (attempt_id),
    amount bigint not null check (amount > 0),
    at bigint not null
);
create index wallet_refund_payment on wallet_refund (attempt_id);
