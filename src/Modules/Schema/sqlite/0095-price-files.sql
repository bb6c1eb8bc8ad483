-- Prices from a file: repricing and listing without a rule. file is its name, failure why nothing of it could be read, ignored the columns that
-- were not looked at. content is kept for as long as the preview can be made again from it; a file that cannot be read leaves none.
-- work_id is a repricing's or a listing's: their ids are drawn from one source. Owner: Agents.
alter table repricing add column file text;
alter table repricing add column failure text;
alter table repricing add column ignored text;
alter table listing add column file text;
alter table listing add column failure text;
alter table listing add column ignored text;

create table price_file (
    work_id integer primary key,
    content blob not null
);

-- Rows of a file that are left out: in which column (its title; empty: the row), what stood there, and why.
create table price_file_problem (
    work_id integer not null,
    row_no integer not null,
    title text not null,
    told text not null,
    fault text not null,
    primary key (work_id, row_no)
);
