-- Links by which newcomers become sub-agents of who made them. The code itself is nowhere: code_hash is its SHA-256. Owner: Agents.
create table invitation (
    id bigint primary key,
    merchant_id bigint not null references merchant (id),
    level bigint not null references level (rank),
    note text not null,
    code_hash text not null unique,
    uses_max bigint not null check (uses_max > 0),
    uses bigint not null default 0 check (uses between 0 and uses_max),
    expires_at bigint not null,
    revoked_at bigint,
    created_at bigint not null
);
create index invitation_of_merchant on invitation (merchant_id, id);

-- Who came by which, and how to reach them: personal data, apart from the merchant.
create table invitation_use (
    merchant_id bigint primary key references merchant (id),
    invitation_id bigint not null references invitation (id),
    contact text not null,
    at bigint not null
);
create index invitation_use_of on invitation_use (invitation_id);
