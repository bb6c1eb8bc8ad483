-- Transfers to the platform's own bank account, which persons confirm. Owner: Payments.

-- reference: what the payer writes into the transfer. reason: why the last slip was refused; empty: it was not. bank_no: the
-- bank's number of the receipt, which pays once. first_by: who confirmed first where two persons must.
create table bank_transfer (
    attempt_id integer primary key,
    channel_id integer not null references channel (id),
    reference text not null unique,
    amount integer not null check (amount > 0),
    state text not null check (state in ('open', 'paid', 'closed')),
    slip_id integer,
    slips integer not null default 0,
    reason text not null default '',
    bank_no text,
    first_by text,
    paid_by text,
    created_at integer not null,
    sent_at integer,
    paid_at integer
);
create unique index bank_transfer_number on bank_transfer (channel_id, bank_no) where bank_no is not null;
create index bank_transfer_open on bank_transfer (created_at) where state <> 'paid';

-- A picture of the receipt, sealed: names and account numbers stand in it.
create table bank_slip (
    id integer primary key,
    attempt_id integer not null references bank_transfer (attempt_id),
    media_type text not null,
    sealed blob not null,
    sent_by text not null,
    sent_at integer not null
);
create index bank_slip_transfer on bank_slip (attempt_id);

-- Refunds that a person has paid at the bank.
create table bank_refund (
    refund_id integer primary key,
    bank_no text not null unique,
    paid_by text not null,
    paid_at integer not null
);
