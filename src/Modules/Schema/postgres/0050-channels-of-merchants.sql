-- Channels that only some sellers use. Owner: Payments.

-- Numbers of merchants, separated by commas; empty: all.
alter table channel add column merchants text not null default '';
