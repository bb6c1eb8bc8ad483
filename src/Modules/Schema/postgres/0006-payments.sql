-- Money from outside. Owner: Payments.

-- asked_at: when the channel is asked next how an open payment stands; asked: how often it was.
-- moved_to: the money came after order_id had lapsed and pays for this order instead.
create table payment (
    id bigint primary key,
    order_id bigint not null unique,
    channel text not null,
    amount bigint not null check (amount > 0 and amount % 100 = 0),
    currency text not null default 'CNY',
    state text not null check (state in ('open', 'paid', 'closed')),
    trade_no text,
    pay_url text,
    refunded bigint not null default 0 check (refunded >= 0),
    created_at bigint not null,
    expires_at bigint not null,
    paid_at bigint,
    asked_at bigint not null,
    asked bigint not null default 0,
    moved_to bigint unique,
    check (refunded <= amount)
);
create unique index payment_trade on payment (channel, trade_no) where trade_no is not null;
create index payment_open on payment (asked_at) where state = 'open';

-- What channels told us, in order of arrival; never changed.
create table payment_notice (
    id bigint primary key,
    channel text not null,
    payment_id bigint,
    trade_no text not null default '',
    result text not null,
    at bigint not null
);
create index payment_notice_payment on payment_notice (payment_id);

create table channel_refund (
    id bigint primary key,
    payment_id bigint not null references payment (id),
    amount bigint not null check (amount > 0),
    reason text not null,
    state text not null check (state in ('pending', 'done', 'failed')),
    attempts bigint not null default 0,
    due_at bigint not null,
    created_at bigint not null,
    done_at bigint
);
create index channel_refund_due on channel_refund (due_at) where state = 'pending';
create index channel_refund_payment on channel_refund (payment_id);

-- The simulated channel's own book: the far side of the test channel. late_at: pay at this moment, although it is too late.
create table test_trade (
    trade_no text primary key,
    out_no text not null unique,
    amount bigint not null,
    subject text not null,
    notify_url text not null,
    return_url text not null,
    state text not null check (state in ('open', 'paid', 'closed')),
    refunded bigint not null default 0,
    created_at bigint not null,
    expires_at bigint not null,
    paid_at bigint,
    late_at bigint
);

create table test_refund (
    refund_no text primary key,
    trade_no text not null references test_trade (trade_no),
    amount bigint not null check (amount > 0),
    created_at bigint not null
);
