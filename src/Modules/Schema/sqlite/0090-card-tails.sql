-- By which cards are found without opening them: keyed fingerprints of the last characters of number and secret. Owner: Inventory.
create table card_tail (
    tail integer not null,
    lot_id integer not null,
    seq integer not null,
    primary key (tail, lot_id, seq)
) without rowid;

-- How far the cards that were there before have theirs: all up to (lot_id, seq).
create table tail_fill (
    one integer primary key check (one = 1),
    lot_id integer not null,
    seq integer not null,
    ended_at integer
);
insert into tail_fill (one, lot_id, seq) values (1, 0, 0);
