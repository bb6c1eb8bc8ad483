-- Suppliers as parties: how they come in, what they prove, what they leave as security; and what may not be listed.
-- Owners: Catalog (up to forbidden_word), Suppliers (the rest).

-- Whose name goods carry. A product of a brand is offered only from suppliers who are permitted to sell the brand.
create table brand (
    id bigint primary key,
    slug text not null unique,
    name_zh text not null,
    name_en text not null
);
alter table product add column brand_id bigint references brand (id);

create table brand_permit (
    supplier_id bigint not null references supplier (id),
    brand_id bigint not null references brand (id),
    primary key (supplier_id, brand_id)
);

-- Why nothing of a supplier is offered. Several reasons stand at once; each comes and goes by itself.
create table supplier_stop (
    supplier_id bigint not null references supplier (id),
    reason text not null,
    since bigint not null,
    primary key (supplier_id, reason)
);

-- The contract's hold time: what a new supply of this supplier gets when none is said.
alter table supplier add column hold_seconds bigint not null default 0;

-- folded is the word as texts are compared with it.
create table forbidden_word (
    id bigint primary key,
    word text not null,
    folded text not null unique,
    added_by text not null,
    added_at bigint not null
);
-- Locked by whoever saves a text that is checked, and by whoever adds a word: neither misses the other.
insert into version (name, value) values ('words', 1);

-- What a company says about itself. token_hash: of the private address where the applicant reads and answers.
-- has_login: the applicant has made its log-in after the approval.
create table supplier_application (
    id bigint primary key,
    token_hash text not null unique,
    company text not null,
    credit_code text not null,
    legal_person text not null,
    contact_name text not null,
    phone text not null,
    email text not null,
    bank_name text not null,
    bank_account bytea not null,
    goods text not null,
    state text not null check (state in ('waiting', 'returned', 'approved')),
    reason text not null default '',
    supplier_id bigint references supplier (id),
    has_login smallint not null default 0,
    decided_by text not null default '',
    created_at bigint not null,
    changed_at bigint not null,
    decided_at bigint
);
create index supplier_application_state on supplier_application (state, changed_at);
create unique index supplier_application_company on supplier_application (credit_code) where state = 'approved';

-- A business licence (brand_id null) or a brand's authorisation. Of an applicant until the approval, then of the supplier too.
-- valid_to is the first moment at which it is not valid any more; null: for ever.
create table certificate (
    id bigint primary key,
    application_id bigint references supplier_application (id),
    supplier_id bigint references supplier (id),
    brand_id bigint references brand (id),
    valid_from bigint not null,
    valid_to bigint,
    file_name text not null,
    media_type text not null,
    size bigint not null,
    state text not null check (state in ('waiting', 'approved', 'refused')),
    reason text not null default '',
    decided_by text not null default '',
    created_at bigint not null,
    decided_at bigint
);
create index certificate_supplier on certificate (supplier_id);
create index certificate_application on certificate (application_id);
create index certificate_waiting on certificate (created_at) where state = 'waiting';

-- The sealed file, apart from the row that lists read.
create table certificate_file (
    certificate_id bigint primary key references certificate (id),
    content bytea not null
);

-- What the deposit has to cover for each category in which a supplier offers something.
create table deposit_rate (
    category_id bigint primary key references category (id),
    amount bigint not null check (amount > 0),
    changed_at bigint not null
);

-- What settlement paid a supplier on a day; day: whole days since 1970 in Beijing.
create table supplier_turnover (
    supplier_id bigint not null references supplier (id),
    day bigint not null,
    amount bigint not null,
    primary key (supplier_id, day)
);

-- What a supplier was told. subject: the certificate, or the moment at which the deposit fell short.
create table supplier_notice (
    id bigint primary key,
    supplier_id bigint not null references supplier (id),
    kind text not null,
    subject bigint not null,
    at bigint not null,
    unique (supplier_id, kind, subject)
);

-- Goods that a supplier wants listed, or new texts for goods that are (product_id). content: JSON.
create table product_proposal (
    id bigint primary key,
    supplier_id bigint not null references supplier (id),
    product_id bigint references product (id),
    content text not null,
    state text not null check (state in ('waiting', 'passed', 'refused')),
    reason text not null default '',
    decided_by text not null default '',
    created_at bigint not null,
    decided_at bigint
);
create index product_proposal_state on product_proposal (state, created_at);
create index product_proposal_supplier on product_proposal (supplier_id);
