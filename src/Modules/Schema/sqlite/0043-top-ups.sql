-- What merchants put into their wallets, and what they get on top. Owner: TopUps.

-- id: also its payment's. fee_bps: what the merchant bears of a channel's fee at most; fee: what it bore. bonus: promised by
-- rule_id while it is open, given once it is paid. over: its time is over, and the promise; money may still come.
create table top_up (
    id integer primary key,
    merchant_id integer not null,
    key text not null,
    amount integer not null check (amount > 0 and amount % 100 = 0),
    fee_bps integer not null check (fee_bps >= 0),
    fee integer,
    rule_id integer,
    bonus integer not null default 0 check (bonus >= 0),
    channel text,
    state text not null check (state in ('open', 'paid', 'over')),
    asked_by text not null,
    created_at integer not null,
    expires_at integer not null,
    paid_at integer,
    unique (merchant_id, key)
);
create index top_up_merchant on top_up (merchant_id, id);
create index top_up_open on top_up (expires_at) where state = 'open';
create index top_up_rule on top_up (rule_id, merchant_id) where rule_id is not null;

-- used: promised and given, never above the budget. times_max, total_max: for one merchant; null: no limit.
create table bonus_rule (
    id integer primary key,
    name_zh text not null,
    name_en text not null,
    from_at integer not null,
    to_at integer not null,
    times_max integer,
    total_max integer,
    budget integer not null check (budget > 0),
    used integer not null default 0 check (used >= 0 and used <= budget),
    made_by text not null,
    made_at integer not null,
    ended_at integer
);

-- From an amount on: so much, or so many basis points of the amount.
create table bonus_step (
    rule_id integer not null references bonus_rule (id),
    from_amount integer not null,
    bonus integer not null check (bonus >= 0),
    bps integer not null check (bps >= 0),
    primary key (rule_id, from_amount)
);

-- Merchants with a bonus that has not come into the wallet yet. counted_to: the last transfer whose turnover is counted.
create table bonus_meter (
    merchant_id integer primary key,
    counted_to integer not null
);
