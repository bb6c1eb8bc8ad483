-- Keys of devices that open the log-in in place of password and code. Owner: Consoles.

create table passkey (
    id integer primary key,
    person_id integer not null references person (id),
    -- What the device calls it.
    credential_id blob not null unique,
    -- As the device wrote it (COSE); the private half never leaves the device.
    public_key blob not null,
    -- Of its last use; devices that keep no count say 0.
    sign_count integer not null,
    -- How the device is reached (usb, internal, hybrid), separated by blanks.
    transports text not null,
    -- 1: it may live on several devices of its owner; a key does not change in this.
    is_backup_eligible integer not null,
    -- What the browser that made it said of itself.
    agent text not null,
    created_at integer not null,
    used_at integer
);

create index passkey_person on passkey (person_id);

-- Questions that were answered: each is taken once. A question lives for minutes, its row not much longer.
create table passkey_answer (
    hash blob primary key,
    at integer not null
);

create index passkey_answer_at on passkey_answer (at);
