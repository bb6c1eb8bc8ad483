-- How a category's page sells: a list, one form for account and value, or values by goods and region. Owner: Catalog.
alter table category add column scenario text not null default 'list' check (scenario in ('list', 'topup', 'groups'));
