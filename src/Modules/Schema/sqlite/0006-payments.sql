-- Money from outside. Owner: Payments.

-- asked_at: when the channel is asked next how an open payment stands; asked: how often it was.
-- moved_to: the money came after order_id had lapsed and pays for this order instead.
create table payment (
    id integer primary key,
    order_id integer not null unique,
    channel text not null,
    amount integer not null check (amount > 0 and amount % 100 = 0),
    currency text not null default 'CNY',
    state text not null check (state in ('open', 'paid', 'closed')),
    trade_no text,
    pay_url text,
    refunded integer not null default 0 check (refunded >= 0),
    created_at integer not null,
    expires_at integer not null,
    paid_at integer,
    asked_at integer not null,
    asked integer not null default 0,
    moved_to integer unique,
    check (refunded <= amount)
);
create unique index payment_trade on payment (channel, trade_no) where trade_no is not null;
create index payment_open on payment (asked_at) where state = 'open';

-- What channels told us, in order of arrival; never changed.
create table payment_notice (
    id integer primary key,
    channel text not null,
    payment_id integer,
    trade_no text not null default '',
    result text not null,
    at integer not null
);
create index payment_notice_payment on payment_notice (payment_id);

create table channel_refund (
    id integer primary key,
    payment_id integer not null references payment (id),
    amount integer not null check (amount > 0),
    reason text not null,
    state text not null check (state in ('pending', 'done', 'failed')),
    attempts integer not null default 0,
    due_at integer not null,
    created_at integer not null,
    done_at integer
);
create index channel_refund_due on channel_refund (due_at) where state = 'pending';
create index channel_refund_payment on channel_refund (payment_id);

-- The simulated channel's own book: the far side of the test channel. late_at: pay at this moment, although it is too late.
create table test_trade (
    trade_no text primary key,
    out_no text not null unique,
    amount integer not null,
    subject text not null,
    notify_url text not null,
    return_url text not null,
    state text not null check (state in ('open', 'paid', 'closed')),
    refunded integer not null default 0,
    created_at integer not null,
    expires_at integer not null,
    paid_at integer,
    late_at integer
);

create table test_refund (
    refund_no text primary key,
    trade_no text not null references test_trade (trade_no),
    amount integer not null check (amount > 0),
    created_at integer not null
);
