-- By which cards are found without opening them: keyed fingerprints of the last characters of number and secret. Owner: Inventory.
create table card_tail (
    tail bigint not null,
    lot_id bigint not null,
    seq bigint not null,
    primary key (tail, lot_id, seq)
);

-- How far the cards that were there before have theirs: all up to (lot_id, seq).
create table tail_fill (
    one integer primary key check (one = 1),
    lot_id bigint not null,
    seq bigint not null,
    ended_at bigint
);
insert into tail_fill (one, lot_id, seq) values (1, 0, 0);
