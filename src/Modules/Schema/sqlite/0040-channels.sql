-- Channels by configuration; one payment, many attempts. Owner: Payments.

-- A configured way to take money. code: stands in the name of its clearing account. config: JSON by field; secrets: the same,
-- sealed. methods: comma list, empty: all of the protocol. open_from, open_to: minutes of a day in China. fee_bps: what it keeps.
create table channel (
    id integer primary key,
    code text not null unique,
    protocol text not null,
    name_zh text not null,
    name_en text not null,
    base_url text not null,
    config text not null,
    secrets blob,
    notice_key text not null unique,
    methods text not null default '',
    state text not null default 'active' check (state in ('active', 'off')),
    priority integer not null default 100,
    weight integer not null default 100 check (weight between 1 and 1000),
    fee_bps integer not null default 60 check (fee_bps between 0 and 2000),
    amount_min integer,
    amount_max integer,
    daily_limit integer,
    open_from integer,
    open_to integer,
    created_at integer not null,
    updated_at integer not null
);
insert into channel (id, code, protocol, name_zh, name_en, base_url, config, notice_key, state, created_at, updated_at)
select 1, 'test', 'test', '测试通道', 'Test channel', '', '{}', 'test',
    case when exists (select 1 from setting where name = 'channel.test' and value = 'off') then 'off' else 'active' end, 0, 0;
delete from setting where name = 'channel.test';

-- purpose: what is paid. order_id, moved_to: as before. attempt_id: the attempt whose money pays it; null: none yet.
-- told_at: when the purpose is told next that the money is there.
create table payment_new (
    id integer primary key,
    purpose text not null default 'order',
    order_id integer unique,
    moved_to integer unique,
    amount integer not null check (amount > 0 and amount % 100 = 0),
    currency text not null default 'CNY',
    state text not null check (state in ('open', 'paid', 'closed')),
    attempt_id integer,
    refunded integer not null default 0 check (refunded >= 0),
    created_at integer not null,
    expires_at integer not null,
    paid_at integer,
    told_at integer,
    check (refunded <= amount)
);

-- One try to take the money through one channel. id: our number there. state: new (nobody has seen a pay code), open, paid,
-- closed (at the channel, too). live: the one that the buyer is with. booked: its money went through clearing:orders.
-- asked_at: when the channel is asked next; null: never again.
create table payment_attempt (
    id integer primary key,
    payment_id integer not null,
    channel_id integer not null references channel (id),
    method text not null,
    amount integer not null check (amount > 0),
    currency text not null default 'CNY',
    state text not null check (state in ('new', 'open', 'paid', 'closed')),
    live integer not null,
    shape text,
    pay_value text,
    pay_fields text,
    trade_no text,
    route text not null default '',
    refunded integer not null default 0 check (refunded >= 0 and refunded <= amount),
    booked integer not null default 1,
    created_at integer not null,
    expires_at integer not null,
    seen_at integer,
    paid_at integer,
    asked_at integer,
    asked integer not null default 0
);
insert into payment_new (id, order_id, moved_to, amount, currency, state, attempt_id, refunded, created_at, expires_at, paid_at)
select id, order_id, moved_to, amount, currency, state, case when state = 'paid' then id end, refunded, created_at, expires_at, paid_at from payment;
insert into payment_attempt (id, payment_id, channel_id, method, amount, currency, state, live, trade_no, refunded, booked, created_at, expires_at, paid_at)
select id, id, 1, 'page', amount, currency, case when state = 'open' then 'closed' else state end, 0, trade_no, refunded, 0, created_at, expires_at, paid_at from payment;

create table channel_refund_new (
    id integer primary key,
    payment_id integer not null,
    attempt_id integer not null,
    amount integer not null check (amount > 0),
    reason text not null,
    state text not null check (state in ('pending', 'done', 'failed')),
    attempts integer not null default 0,
    refund_no text,
    detail text not null default '',
    due_at integer not null,
    created_at integer not null,
    accepted_at integer,
    done_at integer
);
insert into channel_refund_new (id, payment_id, attempt_id, amount, reason, state, attempts, due_at, created_at, accepted_at, done_at)
select id, payment_id, payment_id, amount, reason, state, attempts, due_at, created_at, done_at, done_at from channel_refund;
drop table channel_refund;
alter table channel_refund_new rename to channel_refund;
create index channel_refund_due on channel_refund (due_at) where state = 'pending';
create index channel_refund_payment on channel_refund (payment_id);
create index channel_refund_attempt on channel_refund (attempt_id);

drop table payment;
alter table payment_new rename to payment;
create index payment_telling on payment (told_at) where told_at is not null;
create index payment_open on payment (expires_at) where state = 'open';
create unique index payment_attempt_trade on payment_attempt (channel_id, trade_no) where trade_no is not null;
create unique index payment_attempt_live on payment_attempt (payment_id) where live = 1;
create index payment_attempt_payment on payment_attempt (payment_id);
create index payment_attempt_asked on payment_attempt (asked_at) where asked_at is not null;

alter table payment_notice add column attempt_id integer;

-- What only a person can settle. ours, theirs: the money as we and as the channel see it. about: what it is of, once for each kind.
create table payment_case (
    id integer primary key,
    kind text not null,
    channel_id integer,
    payment_id integer,
    attempt_id integer,
    refund_id integer,
    ours integer,
    theirs integer,
    detail text not null default '',
    opened_at integer not null,
    closed_at integer,
    closed_by text,
    note text not null default '',
    about text not null,
    unique (kind, about)
);
create index payment_case_open on payment_case (opened_at) where closed_at is null;
