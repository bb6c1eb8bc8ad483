-- People who log in, and what they did. Owner: Consoles.

create table person (
    id integer primary key,
    login text not null unique,
    password_hash text not null,
    role text not null check (role in ('operator', 'merchant', 'supplier', 'buyer')),
    party_id integer not null default 0,
    display_name text not null default '',
    state text not null default 'active' check (state in ('active', 'blocked')),
    stamp text not null,
    created_at integer not null,
    last_seen_at integer
);
create index person_party on person (party_id);

-- Failed log-ins by a keyed hash of what was typed, so that a login that does not exist is answered like one that does.
create table login_attempt (
    login_key text primary key,
    failed integer not null,
    locked_until integer not null,
    at integer not null
);
create index login_attempt_at on login_attempt (at);

-- The keys that seal session cookies and form tokens, themselves sealed by the master key.
create table protection_key (
    id integer primary key,
    xml text not null,
    created_at integer not null
);

create table audit (
    id integer primary key,
    person text not null,
    action text not null,
    subject text not null default '',
    address text not null default '',
    at integer not null
);
create index audit_at on audit (at);
