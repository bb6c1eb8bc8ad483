-- Codes of an app, asked for after the password. Owner: Consoles.

-- The secret stands nowhere: it is derived from the master key, the person and this number used once.
create table second_factor (
    person_id integer primary key references person (id),
    nonce blob not null,
    -- The last step of 30 seconds whose code was taken: no code is taken twice.
    last_step integer not null,
    created_at integer not null
);

-- For who has lost the app; each is taken once.
create table recovery_code (
    person_id integer not null references person (id),
    hash blob not null,
    primary key (person_id, hash)
);
