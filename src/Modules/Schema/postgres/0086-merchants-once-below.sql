-- Who was below whom before a merchant was moved: from whose orders a merchant can still have a share. Owner: Agents.

create table merchant_past (
    ancestor_id bigint not null,
    merchant_id bigint not null,
    primary key (ancestor_id, merchant_id)
);

-- Moves of before, as far as orders in escrow tell of them; those released stand in earned_from.
insert into merchant_past (ancestor_id, merchant_id)
select a1, merchant_id from orders where settlement = 1 and a1 is not null
union select a2, merchant_id from orders where settlement = 1 and a2 is not null
union select a3, merchant_id from orders where settlement = 1 and a3 is not null;
