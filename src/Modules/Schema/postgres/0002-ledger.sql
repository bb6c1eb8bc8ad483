-- The double-entry ledger. Owner: Ledger.

-- balance: limited accounts carry the exact running balance; folded ones the sum of entries up to folded_to.
-- The sign is the credit side's: a wallet with money is positive, what a channel owes us (clearing) is negative.
-- floor: lowest balance less held that a debit may leave; null on folded accounts and on receivables (no limit).
create table account (
    id bigint primary key,
    kind text not null,
    party_id bigint not null,
    currency text not null default 'CNY',
    limited smallint not null,
    floor bigint,
    balance bigint not null default 0,
    held bigint not null default 0,
    folded_to bigint not null default 0,
    created_at bigint not null,
    unique (party_id, kind, currency),
    check (held >= 0)
);
create index account_kind on account (kind);

-- Changes of credit lines. The floor in force at a transfer is the new one of the last change before it, else the old
-- one of the first change, else the account's; so the proof can judge every posting by the limit of its time.
create table credit_change (
    account_id bigint not null references account (id),
    after_transfer bigint not null,
    old_floor bigint not null,
    new_floor bigint not null,
    actor text not null,
    at bigint not null,
    primary key (account_id, after_transfer)
);

-- The head of a posting that is not an order's own. key makes a repeated request the same posting.
create table posting (
    id bigint primary key,
    kind text not null,
    key text unique,
    reason text,
    actor text not null,
    at bigint not null
);

-- One movement from the debited to the credited account; a posting is one or more of them, so every posting balances
-- by construction. The view "entry" shows the two sides as lines. debit_after and credit_after are the running
-- balances of limited accounts. No foreign keys here: the engine has the accounts locked when it writes.
create table transfer (
    id bigint generated always as identity primary key,
    posting_id bigint not null,
    kind text not null,
    debit_account bigint not null,
    credit_account bigint not null,
    amount bigint not null check (amount > 0),
    debit_after bigint,
    credit_after bigint,
    order_id bigint,
    at bigint not null,
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
    id bigint primary key,
    account_id bigint not null references account (id),
    amount bigint not null check (amount > 0),
    reason text not null,
    key text unique,
    state text not null check (state in ('active', 'released', 'captured')),
    created_at bigint not null,
    expires_at bigint not null,
    ended_at bigint
);
create index hold_active on hold (account_id) where state = 'active';
create index hold_expiry on hold (expires_at) where state = 'active';
