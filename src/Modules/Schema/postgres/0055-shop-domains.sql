-- A shop's own domain: named by its merchant, proved by a text in the domain's DNS. domain is empty where there is none; answered is 0 when
-- the resolver could not be asked the last time. Owner: Agents.
alter table storefront add column domain text not null default '';
alter table storefront add column domain_token text not null default '';
alter table storefront add column domain_state text not null default 'waiting' check (domain_state in ('waiting', 'proved', 'lost'));
alter table storefront add column domain_checked_at bigint;
alter table storefront add column domain_answered bigint not null default 0;
create unique index storefront_domain on storefront (domain) where domain <> '' and domain_state = 'proved';
