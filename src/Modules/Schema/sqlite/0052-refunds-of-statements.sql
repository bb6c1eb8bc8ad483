-- Money that only a statement knows of goes back by a refund that hangs on the statement's line. Owner: Payments.

-- channel_id: where it came in. line_id: the statement's line that told of it; such a refund has no payment and no attempt, and one line has one.
create table channel_refund_new (
    id integer primary key,
    payment_id integer,
    attempt_id integer,
    channel_id integer not null references channel (id),
    line_id integer references statement_line (id),
    amount integer not null check (amount > 0),
    reason text not null,
    state text not null check (state in ('pending', 'done', 'failed')),
    way text not null default 'channel' check (way in ('channel', 'wallet', 'bank', 'console')),
    told_as integer,
    attempts integer not null default 0,
    refund_no text,
    detail text not null default '',
    due_at integer not null,
    created_at integer not null,
    accepted_at integer,
    done_at integer,
    check ((payment_id is null) = (attempt_id is null) and (attempt_id is null) = (line_id is not null))
);
insert into channel_refund_new (id, payment_id, attempt_id, channel_id, amount, reason, state, way, told_as, attempts, refund_no, detail, due_at, created_at, accepted_at, done_at)
select r.id, r.payment_id, r.attempt_id, a.channel_id, r.amount, r.reason, r.state, r.way, r.told_as, r.attempts, r.refund_no, r.detail, r.due_at, r.created_at, r.accepted_at, r.done_at
from channel_refund r join payment_attempt a on a.id = r.attempt_id;
drop table channel_refund;
alter table channel_refund_new rename to channel_refund;
create index channel_refund_due on channel_refund (due_at) where state = 'pending';
create index channel_refund_payment on channel_refund (payment_id);
create index channel_refund_attempt on channel_refund (attempt_id);
create unique index channel_refund_transfer on channel_refund (refund_no) where way = 'bank';
create unique index channel_refund_told_as on channel_refund (told_as) where told_as is not null;
create unique index channel_refund_line on channel_refund (line_id) where line_id is not null;
