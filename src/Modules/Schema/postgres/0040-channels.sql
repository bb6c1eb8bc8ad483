-- Channels by configuration; one payment, many attempts. Owner: Payments.

-- A configured way to take money. code: stands in the name of its clearing account. config: JSON by field; secrets: the same,
-- sealed. methods: comma list, empty: all of the protocol. open_from, open_to: minutes of a day in China. fee_bps: what it keeps.
create table channel (
    id bigint primary key,
    code text not null unique,
    protocol text not null,
    name_zh text not null,
    name_en text not null,
    base_url text not null,
    config text not null,
    secrets bytea,
    notice_key text not null unique,
    methods text not null default '',
    state text not null default 'active' check (state in ('active', 'off')),
    priority bigint not null default 100,
    weight bigint not null default 100 check (weight between 1 and 1000),
    fee_bps bigint not null default 60 check (fee_bps between 0 and 2000),
    amount_min bigint,
    amount_max bigint,
    daily_limit bigint,
    open_from bigint,
    open_to bigint,
    created_at bigint not null,
    updated_at bigint not null
);
insert into channel (id, code, protocol, name_zh, name_en, base_url, config, notice_key, state, created_at, updated_at)
select 1, 'test', 'test', '测试通道', 'Test channel', '', '{}', 'test',
    case when exists (select 1 from setting where name = 'channel.test' and value = 'off') then 'off' else 'active' end, 0, 0;
delete from setting where name = 'channel.test';

-- purpose: what is paid. order_id, moved_to: as before. attempt_id: the attempt whose money pays it; null: none yet.
-- told_at: when the purpose is told next that the money is there.
create table payment_new (
    id bigint primary key,
    purpose text not null default 'order',
    order_id bigint unique,
    moved_to bigint unique,
    amount bigint not null check (amount > 0 and amount % 100 = 0),
    currency text not null default 'CNY',
    state text not null check (state in ('open', 'paid', 'closed')),
    attempt_id bigint,
    refunded bigint not null default 0 check (refunded >= 0),
    created_at bigint not null,
    expires_at bigint not null,
    paid_at bigint,
    told_at bigint,
    check (refunded <= amount)
);

-- One try to take the money through one channel. id: our number there. state: new (nobody has seen a pay code), open, paid,
-- closed (at the channel, too). live: the one that the buyer is with. booked: its money went through clearing:orders.
-- asked_at: when the channel is asked next; null: never again.
create table payment_attempt (
    id bigint primary key,
    payment_id bigint not null,
    channel_id bigint not null references channel (id),
    method text not null,
    amount bigint not null check (amount > 0),
    currency text not null default 'CNY',
    state text not null check (state in ('new', 'open', 'paid', 'closed')),
    live smallint not null,
    shape text,
    pay_value text,
    pay_fields text,
    trade_no text,
    route text not null default '',
    refunded bigint not null default 0 check (refunded >= 0 and refunded <= amount),
    booked smallint not null default 1,
    created_at bigint not null,
    expires_at bigint not null,
    seen_at bigint,
    paid_at bigint,
    asked_at bigint,
    asked bigint not null default 0
);
insert into payment_new (id, order_id, moved_to, amount, currency, state, attempt_id, refunded, created_at, expires_at, paid_at)
select id, order_id, moved_to, amount, currency, state, case when state = 'paid' then id end, refunded, created_at, expires_at, paid_at from payment;
insert into payment_attempt (id, payment_id, channel_id, method, amount, currency, state, live, trade_no, refunded, booked, created_at, expires_at, paid_at)
select id, id, 1, 'page', amount, currency, case when state = 'open' then 'closed' else state end, 0, trade_no, refunded, 0, created_at, expires_at, paid_at from payment;

create table channel_refund_new (
    id bigint primary key,
    payment_id bigint not null,
    attempt_id bigint not null,
    amount bigint not null check (amount > 0),
    reason text not null,
    state text not null check (state in ('pending', 'done', 'failed')),
    attempts bigint not null default 0,
    refund_no text,
    detail text not null default '',
    due_at bigint not null,
    created_at bigint not null,
    accepted_at bigint,
    done_at bigint
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

alter table payment_notice add column attempt_id bigint;

-- What only a person can settle. ours, theirs: the money as we and as the channel see it. about: what it is of, once for each kind.
create table payment_case (
    id bigint generated always as identity primary key,
    kind text not null,
    channel_id bigint,
    payment_id bigint,
    attempt_id bigint,
    refund_id bigint,
    ours bigint,
    theirs bigint,
    detail text not null default '',
    opened_at bigint not null,
    closed_at bigint,
    closed_by text,
    note text not null default '',
    about text not null,
    unique (kind, about)
);
create index payment_case_open on payment_case (opened_at) where closed_at is null;
