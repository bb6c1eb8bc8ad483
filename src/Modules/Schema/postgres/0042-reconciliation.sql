-- Statements of channels, compared with our books day by day. Owner: Payments.

-- What a channel says it booked. back: 1 for money given back. fee: what it kept of the line. attempt_id, refund_id: ours of that
-- number. verdict: what the comparison said last. settled: a person has settled what was wrong with it; it changes no more.
create table statement_line (
    id bigint generated always as identity primary key,
    channel_id bigint not null references channel (id),
    day text not null,
    out_no text not null,
    trade_no text not null,
    back smallint not null check (back in (0, 1)),
    refund_no text not null default '',
    amount bigint not null check (amount > 0),
    fee bigint not null,
    at bigint not null,
    attempt_id bigint,
    refund_id bigint,
    verdict text not null default '',
    settled smallint not null default 0,
    unique (channel_id, trade_no, back, refund_no)
);
create index statement_line_day on statement_line (channel_id, day);
create index statement_line_attempt on statement_line (attempt_id) where attempt_id is not null;
create index statement_line_refund on statement_line (refund_id) where refund_id is not null;

-- A channel's day (YYYY-MM-DD). state: waiting (for the statement), open, closed. in_flight: what may stand in the next day's
-- statement. paid, back, fees: by the statement; ours, ledger: net of the same in our books; booked: what persons booked of the
-- differences. proof: SHA-256 over the lines and the proof of the day before.
create table channel_day (
    channel_id bigint not null references channel (id),
    day text not null,
    state text not null check (state in ('waiting', 'open', 'closed')),
    due_at bigint not null,
    tries bigint not null default 0,
    fault text not null default '',
    fetched_at bigint,
    in_flight bigint not null default 0,
    lines bigint not null default 0,
    paid bigint not null default 0,
    back bigint not null default 0,
    fees bigint not null default 0,
    ours bigint not null default 0,
    ledger bigint not null default 0,
    booked bigint not null default 0,
    proof text,
    closed_at bigint,
    closed_by text,
    primary key (channel_id, day)
);
create index channel_day_due on channel_day (due_at) where state = 'waiting';

-- day: the channel's day that it is a difference of; ours and theirs are signed then, what was given back below zero. resolution:
-- booked, written_off, vanished, or empty. asked_by: who wants it written off.
alter table payment_case add column day text;
alter table payment_case add column line_id bigint;
alter table payment_case add column resolution text not null default '';
alter table payment_case add column asked_by text;
create index payment_case_day on payment_case (channel_id, day) where day is not null;
