-- The core, for PostgreSQL 13 or later: archives, customers, processes,
-- opportunities with their parts, orders, journal, ledger. Times are microseconds
-- since 1970 in UTC, money is in minor units, shares and probabilities are in
-- basis points, flags are 0 or 1, dates are ISO dates or '', decimals are
-- canonical text. Texts compare and sort by byte (COLLATE "C") whatever the
-- database's own collation is: lists page by them. JSON is text, since hashes
-- cover its bytes.

-- +goose Up
CREATE TABLE pursuit_archive_entry (
    tenant            TEXT COLLATE "C" NOT NULL,
    id                UUID NOT NULL,
    kind              TEXT COLLATE "C" NOT NULL,
    code              TEXT COLLATE "C" NOT NULL,
    names             TEXT COLLATE "C" NOT NULL, -- JSON: language to name
    status            TEXT COLLATE "C" NOT NULL,
    needs_explanation SMALLINT NOT NULL,
    needs_competitor  SMALLINT NOT NULL,
    description       TEXT COLLATE "C" NOT NULL,
    attributes        TEXT COLLATE "C",          -- JSON
    created           BIGINT NOT NULL,
    updated           BIGINT NOT NULL,
    version           BIGINT NOT NULL,
    journal_seq       BIGINT NOT NULL,
    journal_hash      BYTEA NOT NULL,
    PRIMARY KEY (tenant, id)
);
CREATE UNIQUE INDEX pursuit_archive_entry_code ON pursuit_archive_entry (tenant, kind, code);

CREATE TABLE pursuit_customer (
    tenant       TEXT COLLATE "C" NOT NULL,
    id           UUID NOT NULL,
    code         TEXT COLLATE "C",
    name         TEXT COLLATE "C" NOT NULL,
    kind         TEXT COLLATE "C" NOT NULL,
    status       TEXT COLLATE "C" NOT NULL,
    parent_id    UUID,
    sector       TEXT COLLATE "C" NOT NULL,
    tax_id       TEXT COLLATE "C" NOT NULL,
    email        TEXT COLLATE "C" NOT NULL,
    phone        TEXT COLLATE "C" NOT NULL,
    url          TEXT COLLATE "C" NOT NULL,
    address      TEXT COLLATE "C" NOT NULL,
    country      TEXT COLLATE "C" NOT NULL,
    owner        TEXT COLLATE "C" NOT NULL,
    department   TEXT COLLATE "C" NOT NULL,
    description  TEXT COLLATE "C" NOT NULL,
    attributes   TEXT COLLATE "C",
    -- keys that duplicates are searched by
    name_key     TEXT COLLATE "C" NOT NULL,
    email_key    TEXT COLLATE "C" NOT NULL,
    email_domain TEXT COLLATE "C" NOT NULL,
    phone_key    TEXT COLLATE "C" NOT NULL,
    url_key      TEXT COLLATE "C" NOT NULL,
    tax_key      TEXT COLLATE "C" NOT NULL,
    created      BIGINT NOT NULL,
    updated      BIGINT NOT NULL,
    version      BIGINT NOT NULL,
    journal_seq  BIGINT NOT NULL,
    journal_hash BYTEA NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, parent_id) REFERENCES pursuit_customer (tenant, id)
);
CREATE UNIQUE INDEX pursuit_customer_code ON pursuit_customer (tenant, code);
CREATE INDEX pursuit_customer_name ON pursuit_customer (tenant, name_key, id);
CREATE INDEX pursuit_customer_parent ON pursuit_customer (tenant, parent_id) WHERE parent_id IS NOT NULL;

CREATE TABLE pursuit_contact (
    tenant       TEXT COLLATE "C" NOT NULL,
    id           UUID NOT NULL,
    customer_id  UUID NOT NULL,
    name         TEXT COLLATE "C" NOT NULL,
    title        TEXT COLLATE "C" NOT NULL,
    email        TEXT COLLATE "C" NOT NULL,
    phone        TEXT COLLATE "C" NOT NULL,
    is_primary   SMALLINT NOT NULL,
    active       SMALLINT NOT NULL,
    note         TEXT COLLATE "C" NOT NULL,
    attributes   TEXT COLLATE "C",
    name_key     TEXT COLLATE "C" NOT NULL,
    email_key    TEXT COLLATE "C" NOT NULL,
    email_domain TEXT COLLATE "C" NOT NULL,
    phone_key    TEXT COLLATE "C" NOT NULL,
    created      BIGINT NOT NULL,
    updated      BIGINT NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, customer_id) REFERENCES pursuit_customer (tenant, id) ON DELETE CASCADE
);
CREATE INDEX pursuit_contact_customer ON pursuit_contact (tenant, customer_id, id);
CREATE UNIQUE INDEX pursuit_contact_primary ON pursuit_contact (tenant, customer_id) WHERE is_primary = 1;

CREATE TABLE pursuit_process (
    tenant       TEXT COLLATE "C" NOT NULL,
    id           UUID NOT NULL,
    code         TEXT COLLATE "C" NOT NULL,
    state        TEXT COLLATE "C" NOT NULL,
    is_default   SMALLINT NOT NULL,
    current_id   UUID NOT NULL,             -- the version that new opportunities start on
    latest       INTEGER NOT NULL,
    created      BIGINT NOT NULL,
    updated      BIGINT NOT NULL,
    version      BIGINT NOT NULL,
    journal_seq  BIGINT NOT NULL,
    journal_hash BYTEA NOT NULL,
    PRIMARY KEY (tenant, id)
);
CREATE UNIQUE INDEX pursuit_process_code ON pursuit_process (tenant, code);
CREATE UNIQUE INDEX pursuit_process_default ON pursuit_process (tenant) WHERE is_default = 1;

CREATE TABLE pursuit_process_version (
    tenant     TEXT COLLATE "C" NOT NULL,
    id         UUID NOT NULL,
    process_id UUID NOT NULL,
    number     INTEGER NOT NULL,
    definition TEXT COLLATE "C" NOT NULL, -- JSON: stages, gates, names
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, process_id) REFERENCES pursuit_process (tenant, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX pursuit_process_version_number ON pursuit_process_version (tenant, process_id, number);

CREATE TABLE pursuit_opportunity (
    tenant               TEXT COLLATE "C" NOT NULL,
    id                   UUID NOT NULL,
    number               TEXT COLLATE "C" NOT NULL,
    created              BIGINT NOT NULL,
    name                 TEXT COLLATE "C" NOT NULL,
    name_key             TEXT COLLATE "C" NOT NULL,
    description          TEXT COLLATE "C" NOT NULL,
    customer_id          UUID NOT NULL,
    bill_to_id           UUID,
    end_user_id          UUID,
    source_id            UUID,
    department           TEXT COLLATE "C" NOT NULL,
    owner                TEXT COLLATE "C" NOT NULL,
    process_id           UUID NOT NULL,
    process_version_id   UUID NOT NULL,
    stage                TEXT COLLATE "C" NOT NULL,
    status               TEXT COLLATE "C" NOT NULL,    -- open, on_hold, won, lost, void, closed
    cycle                INTEGER NOT NULL,
    currency             CHAR(3) COLLATE "C" NOT NULL,
    amount               BIGINT NOT NULL,              -- by hand, else line_total, else estimated
    estimated            BIGINT NOT NULL,
    line_total           BIGINT NOT NULL,
    quoted               BIGINT NOT NULL,
    ordered              BIGINT NOT NULL,
    override_amount      BIGINT,
    probability          INTEGER NOT NULL,
    probability_by_hand  SMALLINT NOT NULL,
    category             TEXT COLLATE "C" NOT NULL,
    category_by_hand     SMALLINT NOT NULL,
    expected_close       TEXT COLLATE "C" NOT NULL,
    rating               INTEGER NOT NULL,
    attributes           TEXT COLLATE "C",
    updated              BIGINT NOT NULL,
    stage_entered        BIGINT NOT NULL,
    held_at              BIGINT,
    resume_on            TEXT COLLATE "C" NOT NULL,
    hold_reason          TEXT COLLATE "C" NOT NULL,
    won_at               BIGINT,
    lost_at              BIGINT,
    voided_at            BIGINT,
    closed_at            BIGINT,
    last_activity        BIGINT,
    next_activity        BIGINT,
    cycle_days           INTEGER,
    outcome              TEXT COLLATE "C",             -- JSON, of the current cycle
    ticks                TEXT COLLATE "C",             -- JSON
    approvals            TEXT COLLATE "C",             -- JSON
    primary_contact_id   UUID,
    primary_contact_role TEXT COLLATE "C" NOT NULL,
    order_cancelled      SMALLINT NOT NULL,
    counts               TEXT COLLATE "C" NOT NULL,    -- JSON: how many parts of each sort
    ledger_seq           BIGINT NOT NULL,
    ledger_effective     BIGINT NOT NULL,
    ledger_recorded      BIGINT NOT NULL,
    version              BIGINT NOT NULL,
    journal_seq          BIGINT NOT NULL,
    journal_hash         BYTEA NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, customer_id) REFERENCES pursuit_customer (tenant, id),
    FOREIGN KEY (tenant, bill_to_id) REFERENCES pursuit_customer (tenant, id),
    FOREIGN KEY (tenant, end_user_id) REFERENCES pursuit_customer (tenant, id),
    FOREIGN KEY (tenant, source_id) REFERENCES pursuit_archive_entry (tenant, id),
    FOREIGN KEY (tenant, process_version_id) REFERENCES pursuit_process_version (tenant, id)
);
CREATE UNIQUE INDEX pursuit_opportunity_number ON pursuit_opportunity (tenant, number);
CREATE INDEX pursuit_opportunity_created ON pursuit_opportunity (tenant, created, id);
CREATE INDEX pursuit_opportunity_updated ON pursuit_opportunity (tenant, updated, id);
CREATE INDEX pursuit_opportunity_name ON pursuit_opportunity (tenant, name_key, id);
CREATE INDEX pursuit_opportunity_amount ON pursuit_opportunity (tenant, amount, id);
CREATE INDEX pursuit_opportunity_close ON pursuit_opportunity (tenant, expected_close, id);
CREATE INDEX pursuit_opportunity_owner ON pursuit_opportunity (tenant, owner, created, id);
CREATE INDEX pursuit_opportunity_customer ON pursuit_opportunity (tenant, customer_id);
CREATE INDEX pursuit_opportunity_bill_to ON pursuit_opportunity (tenant, bill_to_id) WHERE bill_to_id IS NOT NULL;
CREATE INDEX pursuit_opportunity_end_user ON pursuit_opportunity (tenant, end_user_id) WHERE end_user_id IS NOT NULL;
CREATE INDEX pursuit_opportunity_source ON pursuit_opportunity (tenant, source_id) WHERE source_id IS NOT NULL;
CREATE INDEX pursuit_opportunity_version ON pursuit_opportunity (tenant, process_version_id, status, stage);
CREATE INDEX pursuit_opportunity_pipeline ON pursuit_opportunity (tenant, stage, status, currency, probability, category, amount);

CREATE TABLE pursuit_opportunity_member (
    tenant         TEXT COLLATE "C" NOT NULL,
    opportunity_id UUID NOT NULL,
    user_id        TEXT COLLATE "C" NOT NULL,
    role           TEXT COLLATE "C" NOT NULL,
    access         TEXT COLLATE "C" NOT NULL,
    split          INTEGER NOT NULL,          -- basis points
    overlay        INTEGER NOT NULL,          -- basis points
    joined         BIGINT NOT NULL,
    PRIMARY KEY (tenant, opportunity_id, user_id),
    FOREIGN KEY (tenant, opportunity_id) REFERENCES pursuit_opportunity (tenant, id) ON DELETE CASCADE
);
CREATE INDEX pursuit_opportunity_member_user ON pursuit_opportunity_member (tenant, user_id, opportunity_id);

CREATE TABLE pursuit_opportunity_line (
    tenant         TEXT COLLATE "C" NOT NULL,
    opportunity_id UUID NOT NULL,
    number         INTEGER NOT NULL,
    product        TEXT COLLATE "C" NOT NULL,
    description    TEXT COLLATE "C" NOT NULL,
    quantity       TEXT COLLATE "C" NOT NULL,
    unit           TEXT COLLATE "C" NOT NULL,
    price          TEXT COLLATE "C" NOT NULL,
    discount       TEXT COLLATE "C" NOT NULL,    -- percent
    tax            TEXT COLLATE "C",             -- percent
    amount         BIGINT NOT NULL,
    currency       CHAR(3) COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant, opportunity_id, number),
    FOREIGN KEY (tenant, opportunity_id) REFERENCES pursuit_opportunity (tenant, id) ON DELETE CASCADE
);
CREATE INDEX pursuit_opportunity_line_product ON pursuit_opportunity_line (tenant, product, opportunity_id, amount);

CREATE TABLE pursuit_opportunity_contact (
    tenant         TEXT COLLATE "C" NOT NULL,
    opportunity_id UUID NOT NULL,
    contact_id     UUID NOT NULL,
    role           TEXT COLLATE "C" NOT NULL,
    external       SMALLINT NOT NULL,
    note           TEXT COLLATE "C" NOT NULL,
    added          BIGINT NOT NULL,
    PRIMARY KEY (tenant, opportunity_id, contact_id, role),
    FOREIGN KEY (tenant, opportunity_id) REFERENCES pursuit_opportunity (tenant, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant, contact_id) REFERENCES pursuit_contact (tenant, id)
);
CREATE INDEX pursuit_opportunity_contact_contact ON pursuit_opportunity_contact (tenant, contact_id);

-- What the opportunity names of the archives: sort is competitor (one on the
-- deal; cycle and position are 0), reason (of a cycle's outcome, in order), or
-- winner (the competitor that the customer chose in a cycle; position 0).
CREATE TABLE pursuit_opportunity_choice (
    tenant         TEXT COLLATE "C" NOT NULL,
    opportunity_id UUID NOT NULL,
    sort           TEXT COLLATE "C" NOT NULL,
    cycle          INTEGER NOT NULL,
    position       INTEGER NOT NULL,
    entry_id       UUID NOT NULL,
    explanation    TEXT COLLATE "C" NOT NULL,       -- of a reason
    strengths      TEXT COLLATE "C" NOT NULL,       -- and what follows: of a competitor
    weaknesses     TEXT COLLATE "C" NOT NULL,
    price          BIGINT,
    currency       VARCHAR(3) COLLATE "C" NOT NULL, -- of the price, or ''
    added          BIGINT,
    PRIMARY KEY (tenant, opportunity_id, sort, cycle, position, entry_id),
    FOREIGN KEY (tenant, opportunity_id) REFERENCES pursuit_opportunity (tenant, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant, entry_id) REFERENCES pursuit_archive_entry (tenant, id)
);
CREATE INDEX pursuit_opportunity_choice_entry ON pursuit_opportunity_choice (tenant, entry_id, sort);

CREATE TABLE pursuit_opportunity_cycle (
    tenant         TEXT COLLATE "C" NOT NULL,
    opportunity_id UUID NOT NULL,
    number         INTEGER NOT NULL,
    outcome        TEXT COLLATE "C" NOT NULL, -- JSON
    closed_at      BIGINT,
    cycle_days     INTEGER,
    reason         TEXT COLLATE "C" NOT NULL,
    reopened_at    BIGINT NOT NULL,
    reopened_by    TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant, opportunity_id, number),
    FOREIGN KEY (tenant, opportunity_id) REFERENCES pursuit_opportunity (tenant, id) ON DELETE CASCADE
);

-- The state of what counts in figures, from one change to the next. Open ends
-- are 9223372036854775807. Rows outlive their opportunity.
CREATE TABLE pursuit_opportunity_ledger (
    tenant         TEXT COLLATE "C" NOT NULL,
    opportunity_id UUID NOT NULL,
    seq            BIGINT NOT NULL,
    effective_from BIGINT NOT NULL,
    effective_to   BIGINT NOT NULL,
    recorded_from  BIGINT NOT NULL,
    recorded_to    BIGINT NOT NULL,
    status         TEXT COLLATE "C" NOT NULL,
    stage          TEXT COLLATE "C" NOT NULL,
    owner          TEXT COLLATE "C" NOT NULL,
    department     TEXT COLLATE "C" NOT NULL,
    customer_id    UUID NOT NULL,
    source_id      UUID,
    process_id     UUID NOT NULL,
    currency       CHAR(3) COLLATE "C" NOT NULL,
    amount         BIGINT NOT NULL,
    probability    INTEGER NOT NULL,
    category       TEXT COLLATE "C" NOT NULL,
    expected_close TEXT COLLATE "C" NOT NULL,
    cycle_days     INTEGER,
    cycle          INTEGER NOT NULL,
    event          TEXT COLLATE "C" NOT NULL,
    entry          BIGINT NOT NULL,              -- journal_seq of the event
    by_user        TEXT COLLATE "C" NOT NULL,
    progress       TEXT COLLATE "C" NOT NULL,    -- advance, back, won, lost, or ''
    from_stage     TEXT COLLATE "C" NOT NULL,
    summary        TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant, opportunity_id, seq)
);
CREATE INDEX pursuit_opportunity_ledger_at ON pursuit_opportunity_ledger (tenant, effective_from, effective_to, recorded_from, recorded_to);

CREATE TABLE pursuit_sales_order (
    tenant         TEXT COLLATE "C" NOT NULL,
    id             UUID NOT NULL,
    number         TEXT COLLATE "C" NOT NULL,
    opportunity_id UUID NOT NULL,
    customer_id    UUID NOT NULL,
    bill_to_id     UUID,
    end_user_id    UUID,
    department     TEXT COLLATE "C" NOT NULL,
    owner          TEXT COLLATE "C" NOT NULL,
    currency       CHAR(3) COLLATE "C" NOT NULL,
    status         TEXT COLLATE "C" NOT NULL,    -- draft, confirmed, executing, completed, cancelled
    reference      TEXT COLLATE "C" NOT NULL,
    total          BIGINT NOT NULL,
    over_delivery  TEXT COLLATE "C" NOT NULL,    -- percent
    delivered      BIGINT NOT NULL,
    invoiced       BIGINT NOT NULL,
    received       BIGINT NOT NULL,
    created        BIGINT NOT NULL,
    updated        BIGINT NOT NULL,
    confirmed_at   BIGINT,
    completed_at   BIGINT,
    cancelled_at   BIGINT,
    reason         TEXT COLLATE "C" NOT NULL,
    line_count     INTEGER NOT NULL,
    version        BIGINT NOT NULL,
    journal_seq    BIGINT NOT NULL,
    journal_hash   BYTEA NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, opportunity_id) REFERENCES pursuit_opportunity (tenant, id),
    FOREIGN KEY (tenant, customer_id) REFERENCES pursuit_customer (tenant, id),
    FOREIGN KEY (tenant, bill_to_id) REFERENCES pursuit_customer (tenant, id),
    FOREIGN KEY (tenant, end_user_id) REFERENCES pursuit_customer (tenant, id)
);
CREATE UNIQUE INDEX pursuit_sales_order_number ON pursuit_sales_order (tenant, number);
CREATE INDEX pursuit_sales_order_opportunity ON pursuit_sales_order (tenant, opportunity_id);
CREATE INDEX pursuit_sales_order_customer ON pursuit_sales_order (tenant, customer_id);
CREATE INDEX pursuit_sales_order_bill_to ON pursuit_sales_order (tenant, bill_to_id) WHERE bill_to_id IS NOT NULL;
CREATE INDEX pursuit_sales_order_end_user ON pursuit_sales_order (tenant, end_user_id) WHERE end_user_id IS NOT NULL;

CREATE TABLE pursuit_sales_order_line (
    tenant      TEXT COLLATE "C" NOT NULL,
    order_id    UUID NOT NULL,
    number      INTEGER NOT NULL,
    product     TEXT COLLATE "C" NOT NULL,
    description TEXT COLLATE "C" NOT NULL,
    quantity    TEXT COLLATE "C" NOT NULL,
    unit        TEXT COLLATE "C" NOT NULL,
    price       TEXT COLLATE "C" NOT NULL,
    discount    TEXT COLLATE "C" NOT NULL,
    tax         TEXT COLLATE "C",
    amount      BIGINT NOT NULL,
    currency    CHAR(3) COLLATE "C" NOT NULL,
    due         TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant, order_id, number),
    FOREIGN KEY (tenant, order_id) REFERENCES pursuit_sales_order (tenant, id) ON DELETE CASCADE
);

CREATE TABLE pursuit_sales_order_event (
    tenant      TEXT COLLATE "C" NOT NULL,
    order_id    UUID NOT NULL,
    external_id TEXT COLLATE "C" NOT NULL,    -- as the sales system names it
    line        INTEGER NOT NULL,             -- 0: the whole order
    kind        TEXT COLLATE "C" NOT NULL,    -- delivery, return, invoice, credit_note, receipt, refund
    quantity    TEXT COLLATE "C" NOT NULL,
    amount      BIGINT NOT NULL,
    currency    CHAR(3) COLLATE "C" NOT NULL,
    on_date     TEXT COLLATE "C" NOT NULL,
    advance     SMALLINT NOT NULL,
    note        TEXT COLLATE "C" NOT NULL,
    recorded    BIGINT NOT NULL,
    by_user     TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant, order_id, external_id, line),
    FOREIGN KEY (tenant, order_id) REFERENCES pursuit_sales_order (tenant, id) ON DELETE CASCADE
);

CREATE TABLE pursuit_sales_settings (
    tenant         TEXT COLLATE "C" NOT NULL,
    enabled        SMALLINT NOT NULL,
    initialised    SMALLINT NOT NULL,
    base_currency  VARCHAR(3) COLLATE "C" NOT NULL,
    number_prefix  TEXT COLLATE "C" NOT NULL,
    tax_treatment  TEXT COLLATE "C" NOT NULL,
    several_orders SMALLINT NOT NULL,
    over_delivery  TEXT COLLATE "C" NOT NULL,
    version        BIGINT NOT NULL,
    updated        BIGINT NOT NULL,
    journal_seq    BIGINT NOT NULL,
    journal_hash   BYTEA NOT NULL,
    PRIMARY KEY (tenant)
);

-- Append-only. Each entry's hash covers the one before.
CREATE TABLE pursuit_journal (
    tenant       TEXT COLLATE "C" NOT NULL,
    kind         TEXT COLLATE "C" NOT NULL,
    aggregate_id UUID NOT NULL,
    seq          BIGINT NOT NULL,
    id           UUID NOT NULL,
    version      BIGINT NOT NULL,
    type         TEXT COLLATE "C" NOT NULL,
    payload      TEXT COLLATE "C" NOT NULL, -- JSON
    effective    BIGINT NOT NULL,
    recorded     BIGINT NOT NULL,
    by_user      TEXT COLLATE "C" NOT NULL,
    prev_hash    BYTEA NOT NULL,
    hash         BYTEA NOT NULL,
    relayed      SMALLINT NOT NULL,
    PRIMARY KEY (tenant, kind, aggregate_id, seq)
);
CREATE INDEX pursuit_journal_unrelayed ON pursuit_journal (tenant, id) WHERE relayed = 0;

CREATE TABLE pursuit_request (
    tenant      TEXT COLLATE "C" NOT NULL,
    request_key TEXT COLLATE "C" NOT NULL,
    command     TEXT COLLATE "C" NOT NULL,
    fingerprint BYTEA NOT NULL,
    result      TEXT COLLATE "C" NOT NULL, -- JSON
    recorded    BIGINT NOT NULL,
    PRIMARY KEY (tenant, request_key)
);

CREATE TABLE pursuit_number_series (
    tenant      TEXT COLLATE "C" NOT NULL,
    series      TEXT COLLATE "C" NOT NULL,
    last_number BIGINT NOT NULL,
    PRIMARY KEY (tenant, series)
);

-- +goose Down
DROP TABLE pursuit_number_series;
DROP TABLE pursuit_request;
DROP TABLE pursuit_journal;
DROP TABLE pursuit_sales_settings;
DROP TABLE pursuit_sales_order_event;
DROP TABLE pursuit_sales_order_line;
DROP TABLE pursuit_sales_order;
DROP TABLE pursuit_opportunity_ledger;
DROP TABLE pursuit_opportunity_cycle;
DROP TABLE pursuit_opportunity_choice;
DROP TABLE pursuit_opportunity_contact;
DROP TABLE pursuit_opportunity_line;
DROP TABLE pursuit_opportunity_member;
DROP TABLE pursuit_opportunity;
DROP TABLE pursuit_process_version;
DROP TABLE pursuit_process;
DROP TABLE pursuit_contact;
DROP TABLE pursuit_customer;
DROP TABLE pursuit_archive_entry;
