-- What the accepted quote comes to, which the amount follows. Deals whose quote was
-- accepted before keep their amount until the next command on their quotes, or their
-- end: what their journals say isn't changed. Types and units are those of the core.

-- +goose Up
ALTER TABLE pursuit_opportunity ADD COLUMN accepted_amount BIGINT;

-- +goose Down
ALTER TABLE pursuit_opportunity DROP COLUMN accepted_amount;
