-- What a day came to, folded from transfers and purchases, so that no page sums over all orders. Owner: Analytics.

-- All of these grow by what FigureFold adds to them and by nothing else; a fresh sum over the rows up to the mark is the same
-- (invariant I19). day: days since 1970 in China (UTC+8). Amounts are of CNY.

-- Every transfer up to it is in the days below.
create table figure_mark (
    id smallint primary key check (id = 1),
    up_to bigint not null
);
insert into figure_mark (id, up_to) values (1, 0);

-- Sales of a party. child_id 0: its own; otherwise those of the branch below it that begins with this merchant. party_id 0 is the platform: child_id 0 is
-- everything, its branches are the merchants without a parent. units: sold, less refunded. earned: the frozen share of the party, less what refunds
-- took of it; the platform's is what reached it, before costs. Refunds stand on the day of the refund.
create table day_sale (
    party_id bigint not null,
    child_id bigint not null,
    day bigint not null,
    orders bigint not null,
    units bigint not null,
    sold bigint not null,
    refunds bigint not null,
    refunded bigint not null,
    earned bigint not null,
    primary key (party_id, day, child_id)
);

-- What was sold of a supply at its cost, refunds not taken off, and how purchases for single orders went that say something of the supplier.
create table day_supply (
    supplier_id bigint not null,
    supply_id bigint not null,
    day bigint not null,
    units bigint not null,
    cost bigint not null,
    succeeded bigint not null,
    failed bigint not null,
    primary key (day, supplier_id, supply_id)
);
create index day_supply_supplier on day_supply (supplier_id, day);

-- What came to and went from an account by transfers of a kind: the platform's own accounts and what suppliers are owed.
create table day_account (
    account_id bigint not null,
    day bigint not null,
    kind text not null,
    came bigint not null,
    went bigint not null,
    primary key (account_id, day, kind)
);

-- Owner: Orders. counted: 1 when the end of the purchase is in the days.
alter table purchase add column counted smallint not null default 0;
create index purchase_uncounted on purchase (ended_at) where ended_at is not null and counted = 0;
