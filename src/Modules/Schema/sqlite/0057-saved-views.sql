-- Filters of lists that a person keeps under a name. Owner: Consoles.

create table saved_view (
    id integer primary key,
    person_id integer not null references person (id),
    path text not null,
    query text not null,
    name text not null,
    unique (person_id, path, name)
);
