-- A flash sale keeps the payment fee it was judged with. Owner: Orders.

-- fee_bps: basis points of each payment in it, as the setting storefront.fee_bps stood when it was made.
alter table flash_sale add column fee_bps integer not null default 60;
