-- Customers that were merged into others, and indexes for the search of
-- duplicates. merged_into_id is what an alias stands for.

-- +goose Up
ALTER TABLE pursuit_customer ADD COLUMN merged_into_id BLOB;
CREATE INDEX pursuit_customer_email ON pursuit_customer (tenant, email_key);
CREATE INDEX pursuit_customer_domain ON pursuit_customer (tenant, email_domain);
CREATE INDEX pursuit_customer_phone ON pursuit_customer (tenant, phone_key);
CREATE INDEX pursuit_customer_tax ON pursuit_customer (tenant, tax_key);
CREATE INDEX pursuit_customer_merged ON pursuit_customer (tenant, merged_into_id) WHERE merged_into_id IS NOT NULL;
CREATE INDEX pursuit_contact_email ON pursuit_contact (tenant, email_key, customer_id);
CREATE INDEX pursuit_contact_domain ON pursuit_contact (tenant, email_domain, customer_id);
CREATE INDEX pursuit_contact_phone ON pursuit_contact (tenant, phone_key, customer_id);

-- +goose Down
DROP INDEX pursuit_contact_phone;
DROP INDEX pursuit_contact_domain;
DROP INDEX pursuit_contact_email;
DROP INDEX pursuit_customer_merged;
DROP INDEX pursuit_customer_tax;
DROP INDEX pursuit_customer_phone;
DROP INDEX pursuit_customer_domain;
DROP INDEX pursuit_customer_email;
ALTER TABLE pursuit_customer DROP COLUMN merged_into_id;
