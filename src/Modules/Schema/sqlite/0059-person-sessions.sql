-- Where people are logged in, so that each place can be ended by itself. Owner: Consoles.

create table person_session (
    id integer primary key,
    person_id integer not null references person (id),
    -- As the person's was at the log-in: with another one the session is over.
    stamp text not null,
    agent text not null,
    address text not null,
    created_at integer not null,
    seen_at integer not null
);
create index person_session_person on person_session (person_id);
