-- What merchants earned, kept as sums, so that no page sums over orders. Owners: Analytics (earning, figure_mark), Orders (released_share).

-- A merchant's part in sales since the beginning. child_id 0: retail sales of its own shops; otherwise sales of the branch below it that begins with
-- this merchant. orders: less those of which everything was given back. units, turnover and earned (its frozen share): less what was refunded.
-- released: what of that left escrow, less what refunds took back later. Grows by what FigureFold adds and by nothing else (invariant I19).
create table earning (
    party_id bigint not null,
    child_id bigint not null,
    orders bigint not null,
    units bigint not null,
    turnover bigint not null,
    earned bigint not null,
    released bigint not null,
    primary key (party_id, child_id)
);

-- Every transfer up to it is in earning. It begins at zero and catches up with up_to.
alter table figure_mark add column earned_up_to bigint not null default 0;

-- What a settlement released to a merchant, by branch as above, until it is added to earning.
create table released_share (
    party_id bigint not null,
    child_id bigint not null,
    settlement_id bigint not null,
    amount bigint not null,
    primary key (party_id, child_id, settlement_id)
);

-- All that was released before, as of one settlement.
insert into released_share (party_id, child_id, settlement_id, amount)
select party_id, child_id, 0, cast(sum(amount) as bigint) from (
    select a1 as party_id, merchant_id as child_id, a1_unit * quantity as amount from orders where settlement_id is not null and a1_unit > 0
    union all
    select a2, a1, a2_unit * quantity from orders where settlement_id is not null and a2_unit > 0
    union all
    select a3, a2, a3_unit * quantity from orders where settlement_id is not null and a3_unit > 0
    union all
    select merchant_id, cast(0 as bigint), (unit_price - merchant_unit) * quantity - fee
    from orders where settlement_id is not null and (unit_price - merchant_unit) * quantity > fee
    union all
    select l.party_id, case when l.role = 'merchant' then 0 when l.party_id = o.a1 then o.merchant_id when l.party_id = o.a2 then o.a1 else o.a2 end, l.amount
    from settlement_part l join orders o on o.id = l.order_id where l.role in ('ancestor', 'merchant')) as lines
group by party_id, child_id;
