-- What the operator's staff may do: a role is a name and permissions, in order, separated by blanks. Owner: Consoles.

create table staff_role (
    id bigint primary key,
    name_zh text not null unique,
    name_en text not null,
    permissions text not null
);

-- To begin with; they are changed and deleted like any other.
insert into staff_role (id, name_zh, name_en, permissions) values
    (1, '客服', 'Service desk', 'catalog.see merchants.see orders.edit orders.refund orders.see overview.see stock.see'),
    (2, '财务', 'Finance', 'audit.see channels.see finance.approve finance.edit finance.see merchants.see orders.see overview.see suppliers.see'),
    (3, '商品运营', 'Catalog', 'catalog.edit catalog.see overview.see prices.edit prices.see rows.bulk stock.edit stock.see suppliers.see'),
    (4, '风控', 'Risk', 'audit.see channels.see finance.see merchants.manage merchants.see orders.edit orders.see overview.see rows.bulk suppliers.see');

-- Null: everything is permitted, as to everybody who is there already.
alter table person add column staff_role_id bigint references staff_role (id);
create index person_staff_role on person (staff_role_id) where staff_role_id is not null;
create index person_operator on person (id) where role = 'operator';
