-- How a shop looks beside its colour: one of the themes the house has drawn. Shops that are there keep the look they had. Owner: Agents.
alter table storefront add column theme text not null default 'calm' check (theme in ('calm', 'bold', 'dense'));
