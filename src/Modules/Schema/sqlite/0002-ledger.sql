-- The double-entry ledger. Owner: Ledger.

-- balance: limited accounts carry the exact running balance; folded ones the sum of entries up to folded_to.
-- The sign is the credit side's: a wallet with money is positive, what a channel owes us (clearing) is negative.
-- floor: lowest balance less held that a debit may leave; null on folded accounts and on receivables (no limit).
create table account (
    id integer primary key,
    kind text not null,
    party_id integer not null,
    currency text not null default 'CNY',
    limited integer not null,
    floor integer,
    balance integer not null default 0,
    held integer not null default 0,
    folded_to integer not null default 0,
    created_at integer not null,
    unique (party_id, kind, currency),
    check (held >= 0)
);
create index account_kind on account (kind);

-- Changes of credit lines. The floor in force at a transfer is the new one of the last change before it, else the old
-- one of the first change, else the account's; so the proof can judge every posting by the limit of its time.
create table credit_change (
    account_id integer not null references account (id),
    after_transfer integer not null,
    old_floor integer not null,
    new_floor integer not null,
    actor text not null,
    at integer not null,
    primary key (account_id, after_transfer)
);

-- The head of a posting that is not an order's own. key makes a repeated request the same posting.
create table posting (
    id integer primary key,
    kind text not null,
    key text unique,
    reason text,
    actor text not null,
    at integer not null
);

-- One movement from the debited to the credited account; a posting is one or more of them, so every posting balances
-- by construction. The view "entry" shows the two sides as lines. debit_after and credit_after are the running
-- balances of limited accounts. No foreign keys here: the engine has the accounts locked when it writes.
create table transfer (
    id integer primary key,
    posting_id integer not null,
    kind text not null,
    debit_account integer not null,
    credit_account integer not null,
    amount integer not null check (amount > 0),
    debit_after integer,
    credit_after integer,
    order_id integer,
    at integer not null,
    check (debit_account <> credit_account)
);
create index transfer_debit on transfer (debit_account, id);
create index transfer_credit on transfer (credit_account, id);
create index transfer_posting on transfer (posting_id);
create index transfer_order on transfer (order_id) where order_id is not null;

create view entry as
    select id as transfer_id, posting_id, kind, debit_account as account_id, credit_account as other_account_id,
           -amount as amount, debit_after as balance_after, order_id, at
    from transfer
    union all
    select id, posting_id, kind, credit_account, debit_account, amount, credit_after, order_id, at
    from transfer;

-- Money set aside, still owned by its account; account.held is the sum of the active ones.
create table hold (
    id integer primary key,
    account_id integer not null references account (id),
    amount integer not null check (amount > 0),
    reason text not null,
    key text unique,
    state text not null check (state in ('active', 'released', 'captured')),
    created_at integer not null,
    expires_at integer not null,
    ended_at integer
);
create index hold_active on hold (account_id) where state = 'active';
create index hold_expiry on hold (expires_at) where state = 'active';
