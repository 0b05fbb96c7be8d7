-- What orders come to with tax. Types and units are those of the core.

-- +goose Up
ALTER TABLE pursuit_sales_order ADD COLUMN tax_treatment TEXT NOT NULL DEFAULT '';
ALTER TABLE pursuit_sales_order ADD COLUMN gross INTEGER NOT NULL DEFAULT 0;
UPDATE pursuit_sales_order SET gross = total WHERE tax_treatment = '';

-- +goose Down
ALTER TABLE pursuit_sales_order DROP COLUMN gross;
ALTER TABLE pursuit_sales_order DROP COLUMN tax_treatment;
