-- When a thing last changed, in two times: updated is when that was recorded, as for all
-- others, and effective is when it took effect. What was effective stood in updated
-- before; what was recorded stands in the journal. Types and units are those of the core.

-- +goose Up
ALTER TABLE pursuit_opportunity ADD COLUMN /*M! IF NOT EXISTS */ effective BIGINT NOT NULL DEFAULT 0;
ALTER TABLE pursuit_quote ADD COLUMN /*M! IF NOT EXISTS */ effective BIGINT NOT NULL DEFAULT 0;
ALTER TABLE pursuit_sales_order ADD COLUMN /*M! IF NOT EXISTS */ effective BIGINT NOT NULL DEFAULT 0;
ALTER TABLE pursuit_sales_settings ADD COLUMN /*M! IF NOT EXISTS */ effective BIGINT NOT NULL DEFAULT 0;
UPDATE pursuit_opportunity AS o SET effective = updated, updated = COALESCE((SELECT j.recorded FROM pursuit_journal j
    WHERE j.tenant = o.tenant AND j.kind = 'opportunity' AND j.aggregate_id = o.id AND j.seq = o.journal_seq), updated) WHERE effective = 0;
UPDATE pursuit_quote AS o SET effective = updated, updated = COALESCE((SELECT j.recorded FROM pursuit_journal j
    WHERE j.tenant = o.tenant AND j.kind = 'quote' AND j.aggregate_id = o.id AND j.seq = o.journal_seq), updated) WHERE effective = 0;
UPDATE pursuit_sales_order AS o SET effective = updated, updated = COALESCE((SELECT j.recorded FROM pursuit_journal j
    WHERE j.tenant = o.tenant AND j.kind = 'order' AND j.aggregate_id = o.id AND j.seq = o.journal_seq), updated) WHERE effective = 0;
UPDATE pursuit_sales_settings AS o SET effective = updated, updated = COALESCE((SELECT j.recorded FROM pursuit_journal j
    WHERE j.tenant = o.tenant AND j.kind = 'sales_system' AND j.seq = o.journal_seq), updated) WHERE effective = 0;

-- +goose Down
UPDATE pursuit_opportunity SET updated = effective;
UPDATE pursuit_quote SET updated = effective;
UPDATE pursuit_sales_order SET updated = effective;
UPDATE pursuit_sales_settings SET updated = effective;
ALTER TABLE pursuit_opportunity DROP COLUMN /*M! IF EXISTS */ effective;
ALTER TABLE pursuit_quote DROP COLUMN /*M! IF EXISTS */ effective;
ALTER TABLE pursuit_sales_order DROP COLUMN /*M! IF EXISTS */ effective;
ALTER TABLE pursuit_sales_settings DROP COLUMN /*M! IF EXISTS */ effective;
