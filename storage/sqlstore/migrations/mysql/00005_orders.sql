-- What orders come to with tax. Types and units are those of the core.

-- +goose Up
ALTER TABLE pursuit_sales_order ADD COLUMN /*M! IF NOT EXISTS */ tax_treatment VARCHAR(64) NOT NULL DEFAULT '';
ALTER TABLE pursuit_sales_order ADD COLUMN /*M! IF NOT EXISTS */ gross BIGINT NOT NULL DEFAULT 0;
UPDATE pursuit_sales_order SET gross = total WHERE tax_treatment = '';

-- +goose Down
ALTER TABLE pursuit_sales_order DROP COLUMN /*M! IF EXISTS */ gross;
ALTER TABLE pursuit_sales_order DROP COLUMN /*M! IF EXISTS */ tax_treatment;
