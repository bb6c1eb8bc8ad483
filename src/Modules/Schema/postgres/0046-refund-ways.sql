-- How money goes back when the channel it came through does not take it. Owner: Payments.

-- way: channel, wallet (of who paid), bank (a transfer by hand), console (in the channel's own console). Of one that failed, bank and
-- console: a person has asked for it so and another has to agree; its reference stands in refund_no. told_as: the number under which the
-- channel is told now, where it failed under the one before; null: the refund's own.
alter table channel_refund add column way text not null default 'channel' check (way in ('channel', 'wallet', 'bank', 'console'));
alter table channel_refund add column told_as bigint;
create unique index channel_refund_transfer on channel_refund (refund_no) where way = 'bank';
create unique index channel_refund_told_as on channel_refund (told_as) where told_as is not null;

-- What buyers are about to pay through a channel, for its daily limit.
create index payment_attempt_waiting on payment_attempt (channel_id) where live = 1;
