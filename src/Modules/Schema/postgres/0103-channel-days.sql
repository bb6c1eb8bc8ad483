-- How buyers' tries to pay went, by channel and day, folded from attempts that are over, so that no page counts all of them.

-- Owner: Analytics. day: the one on which the attempt began, in days since 1970 in China (UTC+8). tried: a buyer went to the channel, or it gave no
-- pay code; paid: how many of these were. They grow by what FigureFold adds and by nothing else; a fresh count is the same (invariant I19).
create table day_channel (
    channel_id bigint not null,
    day bigint not null,
    tried bigint not null,
    paid bigint not null,
    primary key (day, channel_id)
);

-- Owner: Payments. counted: 0 not in the days yet, 1 counted as closed, 2 as paid. Money may come for one that was counted as closed.
alter table payment_attempt add column counted smallint not null default 0;
create index payment_attempt_uncounted on payment_attempt (id) where (state in ('open', 'closed') and counted = 0) or (state = 'paid' and counted < 2);
