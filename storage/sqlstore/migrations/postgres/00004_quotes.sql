-- Quotes, with the content of the active revision; past revisions; the lines of all
-- revisions. Amounts are in minor units.

-- +goose Up
CREATE TABLE pursuit_quote (
    tenant          TEXT COLLATE "C" NOT NULL,
    id              UUID NOT NULL,
    number          TEXT COLLATE "C" NOT NULL,
    opportunity_id  UUID NOT NULL,
    customer_id     UUID NOT NULL,
    currency        CHAR(3) COLLATE "C" NOT NULL,
    tax_treatment   TEXT COLLATE "C" NOT NULL, -- exclusive, inclusive
    status          TEXT COLLATE "C" NOT NULL, -- draft, sent, accepted, rejected, expired, withdrawn, superseded
    revision        INTEGER NOT NULL, -- the active one
    title           TEXT COLLATE "C" NOT NULL,
    terms           TEXT COLLATE "C" NOT NULL,
    valid_until     TEXT COLLATE "C" NOT NULL, -- '' for no end
    discount        TEXT COLLATE "C" NOT NULL, -- percent
    discount_amount BIGINT NOT NULL,
    subtotal        BIGINT NOT NULL,
    discounted      BIGINT NOT NULL,
    net             BIGINT NOT NULL,
    tax             BIGINT NOT NULL,
    gross           BIGINT NOT NULL,
    line_count      INTEGER NOT NULL,
    created         BIGINT NOT NULL,
    updated         BIGINT NOT NULL,
    sent_at         BIGINT,
    decided_at      BIGINT,
    reason          TEXT COLLATE "C" NOT NULL,
    version         BIGINT NOT NULL,
    journal_seq     BIGINT NOT NULL,
    journal_hash    BYTEA NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, opportunity_id) REFERENCES pursuit_opportunity (tenant, id),
    FOREIGN KEY (tenant, customer_id) REFERENCES pursuit_customer (tenant, id)
);
CREATE UNIQUE INDEX pursuit_quote_number ON pursuit_quote (tenant, number);
CREATE INDEX pursuit_quote_opportunity ON pursuit_quote (tenant, opportunity_id, number);
CREATE INDEX pursuit_quote_customer ON pursuit_quote (tenant, customer_id, number);
CREATE INDEX pursuit_quote_validity ON pursuit_quote (tenant, status, valid_until);

CREATE TABLE pursuit_quote_revision (
    tenant          TEXT COLLATE "C" NOT NULL,
    quote_id        UUID NOT NULL,
    revision        INTEGER NOT NULL,
    currency        CHAR(3) COLLATE "C" NOT NULL,
    status          TEXT COLLATE "C" NOT NULL, -- that it had when the next one was begun
    title           TEXT COLLATE "C" NOT NULL,
    terms           TEXT COLLATE "C" NOT NULL,
    valid_until     TEXT COLLATE "C" NOT NULL, -- '' for no end
    discount        TEXT COLLATE "C" NOT NULL, -- percent
    discount_amount BIGINT NOT NULL,
    subtotal        BIGINT NOT NULL,
    discounted      BIGINT NOT NULL,
    net             BIGINT NOT NULL,
    tax             BIGINT NOT NULL,
    gross           BIGINT NOT NULL,
    line_count      INTEGER NOT NULL,
    sent_at         BIGINT,
    decided_at      BIGINT,
    reason          TEXT COLLATE "C" NOT NULL,
    superseded      BIGINT NOT NULL, -- when the next one was begun
    PRIMARY KEY (tenant, quote_id, revision),
    FOREIGN KEY (tenant, quote_id) REFERENCES pursuit_quote (tenant, id) ON DELETE CASCADE
);

CREATE TABLE pursuit_quote_line (
    tenant      TEXT COLLATE "C" NOT NULL,
    quote_id    UUID NOT NULL,
    revision    INTEGER NOT NULL,
    number      INTEGER NOT NULL,
    product     TEXT COLLATE "C" NOT NULL,
    description TEXT COLLATE "C" NOT NULL,
    quantity    TEXT COLLATE "C" NOT NULL,
    unit        TEXT COLLATE "C" NOT NULL,
    price       TEXT COLLATE "C" NOT NULL,
    discount    TEXT COLLATE "C" NOT NULL,
    tax         TEXT COLLATE "C", -- percent
    currency    CHAR(3) COLLATE "C" NOT NULL,
    amount      BIGINT NOT NULL,
    share       BIGINT NOT NULL, -- of the discount on the whole
    net         BIGINT NOT NULL,
    tax_amount  BIGINT NOT NULL,
    PRIMARY KEY (tenant, quote_id, revision, number),
    FOREIGN KEY (tenant, quote_id) REFERENCES pursuit_quote (tenant, id) ON DELETE CASCADE
);

-- +goose Down
DROP TABLE pursuit_quote_line;
DROP TABLE pursuit_quote_revision;
DROP TABLE pursuit_quote;
