-- Below what amount (1/10,000 yuan) a merchant wants to be told that its wallet runs low; no row: it does not. Owner: TopUps.
create table balance_warning (
    merchant_id integer primary key,
    below integer not null check (below > 0)
);
