-- Which node's engine ran the last batch. An engine that finds itself here may use what it remembers of accounts and lots;
-- one that finds another forgets everything and takes the turn. Owner: Orders.
create table engine_turn (
    one bigint primary key check (one = 1),
    holder bigint not null
);
insert into engine_turn (one, holder) values (1, 0);
