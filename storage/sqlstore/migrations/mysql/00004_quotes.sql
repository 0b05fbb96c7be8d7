-- Quotes, with the content of the active revision; past revisions; the lines of all
-- revisions. Amounts are in minor units.

-- +goose Up
CREATE TABLE IF NOT EXISTS pursuit_quote (
    tenant          VARCHAR(64) NOT NULL,
    id              BINARY(16) NOT NULL,
    number          VARCHAR(128) NOT NULL,
    opportunity_id  BINARY(16) NOT NULL,
    customer_id     BINARY(16) NOT NULL,
    currency        CHAR(3) NOT NULL,
    tax_treatment   VARCHAR(64) NOT NULL, -- exclusive, inclusive
    status          VARCHAR(64) NOT NULL, -- draft, sent, accepted, rejected, expired, withdrawn, superseded
    revision        INT NOT NULL, -- the active one
    title           VARCHAR(200) NOT NULL,
    terms           TEXT NOT NULL,
    valid_until     VARCHAR(10) NOT NULL, -- '' for no end
    discount        VARCHAR(40) NOT NULL, -- percent
    discount_amount BIGINT NOT NULL,
    subtotal        BIGINT NOT NULL,
    discounted      BIGINT NOT NULL,
    net             BIGINT NOT NULL,
    tax             BIGINT NOT NULL,
    gross           BIGINT NOT NULL,
    line_count      INT NOT NULL,
    created         BIGINT NOT NULL,
    updated         BIGINT NOT NULL,
    sent_at         BIGINT,
    decided_at      BIGINT,
    reason          TEXT NOT NULL,
    version         BIGINT NOT NULL,
    journal_seq     BIGINT NOT NULL,
    journal_hash    BINARY(32) NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, opportunity_id) REFERENCES pursuit_opportunity (tenant, id),
    FOREIGN KEY (tenant, customer_id) REFERENCES pursuit_customer (tenant, id),
    UNIQUE KEY pursuit_quote_number (tenant, number),
    KEY pursuit_quote_opportunity (tenant, opportunity_id, number),
    KEY pursuit_quote_customer (tenant, customer_id, number),
    KEY pursuit_quote_validity (tenant, status, valid_until)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE /*M! utf8mb4_nopad_bin *//*!80017 utf8mb4_0900_bin */;

CREATE TABLE IF NOT EXISTS pursuit_quote_revision (
    tenant          VARCHAR(64) NOT NULL,
    quote_id        BINARY(16) NOT NULL,
    revision        INT NOT NULL,
    currency        CHAR(3) NOT NULL,
    status          VARCHAR(64) NOT NULL, -- that it had when the next one was begun
    title           VARCHAR(200) NOT NULL,
    terms           TEXT NOT NULL,
    valid_until     VARCHAR(10) NOT NULL, -- '' for no end
    discount        VARCHAR(40) NOT NULL, -- percent
    discount_amount BIGINT NOT NULL,
    subtotal        BIGINT NOT NULL,
    discounted      BIGINT NOT NULL,
    net             BIGINT NOT NULL,
    tax             BIGINT NOT NULL,
    gross           BIGINT NOT NULL,
    line_count      INT NOT NULL,
    sent_at         BIGINT,
    decided_at      BIGINT,
    reason          TEXT NOT NULL,
    superseded      BIGINT NOT NULL, -- when the next one was begun
    PRIMARY KEY (tenant, quote_id, revision),
    FOREIGN KEY (tenant, quote_id) REFERENCES pursuit_quote (tenant, id) ON DELETE CASCADE
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE /*M! utf8mb4_nopad_bin *//*!80017 utf8mb4_0900_bin */;

CREATE TABLE IF NOT EXISTS pursuit_quote_line (
    tenant      VARCHAR(64) NOT NULL,
    quote_id    BINARY(16) NOT NULL,
    revision    INT NOT NULL,
    number      INT NOT NULL,
    product     VARCHAR(128) NOT NULL,
    description TEXT NOT NULL,
    quantity    VARCHAR(40) NOT NULL,
    unit        VARCHAR(128) NOT NULL,
    price       VARCHAR(40) NOT NULL,
    discount    VARCHAR(40) NOT NULL,
    tax         VARCHAR(40), -- percent
    currency    CHAR(3) NOT NULL,
    amount      BIGINT NOT NULL,
    share       BIGINT NOT NULL, -- of the discount on the whole
    net         BIGINT NOT NULL,
    tax_amount  BIGINT NOT NULL,
    PRIMARY KEY (tenant, quote_id, revision, number),
    FOREIGN KEY (tenant, quote_id) REFERENCES pursuit_quote (tenant, id) ON DELETE CASCADE
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE /*M! utf8mb4_nopad_bin *//*!80017 utf8mb4_0900_bin */;

-- +goose Down
DROP TABLE IF EXISTS pursuit_quote_line;
DROP TABLE IF EXISTS pursuit_quote_revision;
DROP TABLE IF EXISTS pursuit_quote;
