-- Customers that were merged into others, and indexes for the search of
-- duplicates. merged_into_id is what an alias stands for.

-- +goose Up
ALTER TABLE pursuit_customer ADD COLUMN /*M! IF NOT EXISTS */ merged_into_id BINARY(16);
CREATE INDEX /*M! IF NOT EXISTS */ pursuit_customer_email ON pursuit_customer (tenant, email_key);
CREATE INDEX /*M! IF NOT EXISTS */ pursuit_customer_domain ON pursuit_customer (tenant, email_domain);
CREATE INDEX /*M! IF NOT EXISTS */ pursuit_customer_phone ON pursuit_customer (tenant, phone_key);
CREATE INDEX /*M! IF NOT EXISTS */ pursuit_customer_tax ON pursuit_customer (tenant, tax_key);
CREATE INDEX /*M! IF NOT EXISTS */ pursuit_customer_merged ON pursuit_customer (tenant, merged_into_id);
CREATE INDEX /*M! IF NOT EXISTS */ pursuit_contact_email ON pursuit_contact (tenant, email_key, customer_id);
CREATE INDEX /*M! IF NOT EXISTS */ pursuit_contact_domain ON pursuit_contact (tenant, email_domain, customer_id);
CREATE INDEX /*M! IF NOT EXISTS */ pursuit_contact_phone ON pursuit_contact (tenant, phone_key, customer_id);

-- +goose Down
DROP INDEX /*M! IF EXISTS */ pursuit_contact_phone ON pursuit_contact;
DROP INDEX /*M! IF EXISTS */ pursuit_contact_domain ON pursuit_contact;
DROP INDEX /*M! IF EXISTS */ pursuit_contact_email ON pursuit_contact;
DROP INDEX /*M! IF EXISTS */ pursuit_customer_merged ON pursuit_customer;
DROP INDEX /*M! IF EXISTS */ pursuit_customer_tax ON pursuit_customer;
DROP INDEX /*M! IF EXISTS */ pursuit_customer_phone ON pursuit_customer;
DROP INDEX /*M! IF EXISTS */ pursuit_customer_domain ON pursuit_customer;
DROP INDEX /*M! IF EXISTS */ pursuit_customer_email ON pursuit_customer;
ALTER TABLE pursuit_customer DROP COLUMN /*M! IF EXISTS */ merged_into_id;
