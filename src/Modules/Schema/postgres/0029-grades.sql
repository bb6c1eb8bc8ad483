-- How well suppliers supply. Owner: Suppliers.

-- The figures are of the 30 days up to the day (whole days since 1970 in Beijing). Without enough of them there is no row.
create table supplier_grade (
    supplier_id bigint not null references supplier (id),
    day bigint not null,
    score bigint not null check (score between 0 and 100),
    grade text not null check (grade in ('A', 'B', 'C', 'D', 'E')),
    sold bigint not null,
    refunded bigint not null,
    imported bigint not null,
    duplicates bigint not null,
    primary key (supplier_id, day)
);
create index supplier_grade_day on supplier_grade (day);

-- A supplier who was suspended says why it should not be. lifted_until: for so long the lowest grade does not suspend it.
create table grade_appeal (
    id bigint primary key,
    supplier_id bigint not null references supplier (id),
    words text not null,
    state text not null check (state in ('waiting', 'granted', 'refused')),
    reason text not null default '',
    decided_by text not null default '',
    created_at bigint not null,
    decided_at bigint,
    lifted_until bigint
);
create unique index grade_appeal_waiting on grade_appeal (supplier_id) where state = 'waiting';
