-- Keys of devices that open the log-in in place of password and code. Owner: Consoles.

create table passkey (
    id bigint primary key,
    person_id bigint not null references person (id),
    -- What the device calls it.
    credential_id bytea not null unique,
    -- As the device wrote it (COSE); the private half never leaves the device.
    public_key bytea not null,
    -- Of its last use; devices that keep no count say 0.
    sign_count bigint not null,
    -- How the device is reached (usb, internal, hybrid), separated by blanks.
    transports text not null,
    -- 1: it may live on several devices of its owner; a key does not change in this.
    is_backup_eligible bigint not null,
    -- What the browser that made it said of itself.
    agent text not null,
    created_at bigint not null,
    used_at bigint
);

create index passkey_person on passkey (person_id);

-- Questions that were answered: each is taken once. A question lives for minutes, its row not much longer.
create table passkey_answer (
    hash bytea primary key,
    at bigint not null
);

create index passkey_answer_at on passkey_answer (at);
