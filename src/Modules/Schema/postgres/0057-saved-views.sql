-- Filters of lists that a person keeps under a name. Owner: Consoles.

create table saved_view (
    id bigint primary key,
    person_id bigint not null references person (id),
    path text not null,
    query text not null,
    name text not null,
    unique (person_id, path, name)
);
