-- How buyers reach whoever runs a shop, in that one's own words. Owner: Agents.
alter table storefront add column contact text not null default '';
