-- Merchants and suppliers have people with roles, too; a role belongs to whose people have it, and its name is taken among theirs alone. Owner: Consoles.

create table person_role (
    id integer primary key,
    role text not null check (role in ('operator', 'merchant', 'supplier')),
    party_id integer not null,
    name_zh text not null,
    name_en text not null,
    permissions text not null,
    unique (role, party_id, name_zh),
    check ((role = 'operator') = (party_id = 0))
);
insert into person_role (id, role, party_id, name_zh, name_en, permissions) select id, 'operator', 0, name_zh, name_en, permissions from staff_role;

-- Null: everything is permitted.
alter table person add column person_role_id integer references person_role (id);
update person set person_role_id = staff_role_id where staff_role_id is not null;
create index person_person_role on person (person_role_id) where person_role_id is not null;

drop index person_staff_role;
alter table person drop column staff_role_id;
drop table staff_role;
