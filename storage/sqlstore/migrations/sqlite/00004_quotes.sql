-- Quotes, with the content of the active revision; past revisions; the lines of all
-- revisions. Amounts are in minor units.

-- +goose Up
CREATE TABLE pursuit_quote (
    tenant          TEXT NOT NULL,
    id              BLOB NOT NULL,
    number          TEXT NOT NULL,
    opportunity_id  BLOB NOT NULL,
    customer_id     BLOB NOT NULL,
    currency        TEXT NOT NULL,
    tax_treatment   TEXT NOT NULL, -- exclusive, inclusive
    status          TEXT NOT NULL, -- draft, sent, accepted, rejected, expired, withdrawn, superseded
    revision        INTEGER NOT NULL, -- the active one
    title           TEXT NOT NULL,
    terms           TEXT NOT NULL,
    valid_until     TEXT NOT NULL, -- '' for no end
    discount        TEXT NOT NULL, -- percent
    discount_amount INTEGER NOT NULL,
    subtotal        INTEGER NOT NULL,
    discounted      INTEGER NOT NULL,
    net             INTEGER NOT NULL,
    tax             INTEGER NOT NULL,
    gross           INTEGER NOT NULL,
    line_count      INTEGER NOT NULL,
    created         INTEGER NOT NULL,
    updated         INTEGER NOT NULL,
    sent_at         INTEGER,
    decided_at      INTEGER,
    reason          TEXT NOT NULL,
    version         INTEGER NOT NULL,
    journal_seq     INTEGER NOT NULL,
    journal_hash    BLOB NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, opportunity_id) REFERENCES pursuit_opportunity (tenant, id),
    FOREIGN KEY (tenant, customer_id) REFERENCES pursuit_customer (tenant, id)
);
CREATE UNIQUE INDEX pursuit_quote_number ON pursuit_quote (tenant, number);
CREATE INDEX pursuit_quote_opportunity ON pursuit_quote (tenant, opportunity_id, number);
CREATE INDEX pursuit_quote_customer ON pursuit_quote (tenant, customer_id, number);
CREATE INDEX pursuit_quote_validity ON pursuit_quote (tenant, status, valid_until);

CREATE TABLE pursuit_quote_revision (
    tenant          TEXT NOT NULL,
    quote_id        BLOB NOT NULL,
    revision        INTEGER NOT NULL,
    currency        TEXT NOT NULL,
    status          TEXT NOT NULL, -- that it had when the next one was begun
    title           TEXT NOT NULL,
    terms           TEXT NOT NULL,
    valid_until     TEXT NOT NULL, -- '' for no end
    discount        TEXT NOT NULL, -- percent
    discount_amount INTEGER NOT NULL,
    subtotal        INTEGER NOT NULL,
    discounted      INTEGER NOT NULL,
    net             INTEGER NOT NULL,
    tax             INTEGER NOT NULL,
    gross           INTEGER NOT NULL,
    line_count      INTEGER NOT NULL,
    sent_at         INTEGER,
    decided_at      INTEGER,
    reason          TEXT NOT NULL,
    superseded      INTEGER NOT NULL, -- when the next one was begun
    PRIMARY KEY (tenant, quote_id, revision),
    FOREIGN KEY (tenant, quote_id) REFERENCES pursuit_quote (tenant, id) ON DELETE CASCADE
) WITHOUT ROWID;

CREATE TABLE pursuit_quote_line (
    tenant      TEXT NOT NULL,
    quote_id    BLOB NOT NULL,
    revision    INTEGER NOT NULL,
    number      INTEGER NOT NULL,
    product     TEXT NOT NULL,
    description TEXT NOT NULL,
    quantity    TEXT NOT NULL,
    unit        TEXT NOT NULL,
    price       TEXT NOT NULL,
    discount    TEXT NOT NULL,
    tax         TEXT, -- percent
    currency    TEXT NOT NULL,
    amount      INTEGER NOT NULL,
    share       INTEGER NOT NULL, -- of the discount on the whole
    net         INTEGER NOT NULL,
    tax_amount  INTEGER NOT NULL,
    PRIMARY KEY (tenant, quote_id, revision, number),
    FOREIGN KEY (tenant, quote_id) REFERENCES pursuit_quote (tenant, id) ON DELETE CASCADE
) WITHOUT ROWID;

-- +goose Down
DROP TABLE pursuit_quote_line;
DROP TABLE pursuit_quote_revision;
DROP TABLE pursuit_quote;
