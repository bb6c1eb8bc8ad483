-- Codes of an app, asked for after the password. Owner: Consoles.

-- The secret stands nowhere: it is derived from the master key, the person and this number used once.
create table second_factor (
    person_id bigint primary key references person (id),
    nonce bytea not null,
    -- The last step of 30 seconds whose code was taken: no code is taken twice.
    last_step bigint not null,
    created_at bigint not null
);

-- For who has lost the app; each is taken once.
create table recovery_code (
    person_id bigint not null references person (id),
    hash bytea not null,
    primary key (person_id, hash)
);
