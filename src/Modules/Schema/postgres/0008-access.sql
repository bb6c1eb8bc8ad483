-- People who log in, and what they did. Owner: Consoles.

create table person (
    id bigint primary key,
    login text not null unique,
    password_hash text not null,
    role text not null check (role in ('operator', 'merchant', 'supplier', 'buyer')),
    party_id bigint not null default 0,
    display_name text not null default '',
    state text not null default 'active' check (state in ('active', 'blocked')),
    stamp text not null,
    created_at bigint not null,
    last_seen_at bigint
);
create index person_party on person (party_id);

-- Failed log-ins by a keyed hash of what was typed, so that a login that does not exist is answered like one that does.
create table login_attempt (
    login_key text primary key,
    failed bigint not null,
    locked_until bigint not null,
    at bigint not null
);
create index login_attempt_at on login_attempt (at);

-- The keys that seal session cookies and form tokens, themselves sealed by the master key.
create table protection_key (
    id bigint primary key,
    xml text not null,
    created_at bigint not null
);

create table audit (
    id bigint primary key,
    person text not null,
    action text not null,
    subject text not null default '',
    address text not null default '',
    at bigint not null
);
create index audit_at on audit (at);
