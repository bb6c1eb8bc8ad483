-- What a channel took since a moment (daily limits, asked for each payment), and how its last attempts ended. Owner: Payments.
create index payment_attempt_taken on payment_attempt (channel_id, paid_at) where paid_at is not null;
create index payment_attempt_recent on payment_attempt (channel_id, id);
