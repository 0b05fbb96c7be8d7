-- The core: archives, customers, processes, opportunities with their parts,
-- orders, journal, ledger. Times are microseconds since 1970 in UTC, money is
-- in minor units, shares and probabilities are in basis points, dates are ISO
-- dates or '', decimals are canonical text, ids are 16 bytes.

-- +goose Up
CREATE TABLE pursuit_archive_entry (
    tenant            TEXT    NOT NULL,
    id                BLOB    NOT NULL,
    kind              TEXT    NOT NULL,
    code              TEXT    NOT NULL,
    names             TEXT    NOT NULL, -- JSON: language to name
    status            TEXT    NOT NULL,
    needs_explanation INTEGER NOT NULL,
    needs_competitor  INTEGER NOT NULL,
    description       TEXT    NOT NULL,
    attributes        TEXT,             -- JSON
    created           INTEGER NOT NULL,
    updated           INTEGER NOT NULL,
    version           INTEGER NOT NULL,
    journal_seq       INTEGER NOT NULL,
    journal_hash      BLOB    NOT NULL,
    PRIMARY KEY (tenant, id)
);
CREATE UNIQUE INDEX pursuit_archive_entry_code ON pursuit_archive_entry (tenant, kind, code);

CREATE TABLE pursuit_customer (
    tenant       TEXT    NOT NULL,
    id           BLOB    NOT NULL,
    code         TEXT,
    name         TEXT    NOT NULL,
    kind         TEXT    NOT NULL,
    status       TEXT    NOT NULL,
    parent_id    BLOB,
    sector       TEXT    NOT NULL,
    tax_id       TEXT    NOT NULL,
    email        TEXT    NOT NULL,
    phone        TEXT    NOT NULL,
    url          TEXT    NOT NULL,
    address      TEXT    NOT NULL,
    country      TEXT    NOT NULL,
    owner        TEXT    NOT NULL,
    department   TEXT    NOT NULL,
    description  TEXT    NOT NULL,
    attributes   TEXT,
    -- keys that duplicates are searched by
    name_key     TEXT    NOT NULL,
    email_key    TEXT    NOT NULL,
    email_domain TEXT    NOT NULL,
    phone_key    TEXT    NOT NULL,
    url_key      TEXT    NOT NULL,
    tax_key      TEXT    NOT NULL,
    created      INTEGER NOT NULL,
    updated      INTEGER NOT NULL,
    version      INTEGER NOT NULL,
    journal_seq  INTEGER NOT NULL,
    journal_hash BLOB    NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, parent_id) REFERENCES pursuit_customer (tenant, id)
);
CREATE UNIQUE INDEX pursuit_customer_code ON pursuit_customer (tenant, code);
CREATE INDEX pursuit_customer_name ON pursuit_customer (tenant, name_key, id);
CREATE INDEX pursuit_customer_parent ON pursuit_customer (tenant, parent_id) WHERE parent_id IS NOT NULL;

CREATE TABLE pursuit_contact (
    tenant       TEXT    NOT NULL,
    id           BLOB    NOT NULL,
    customer_id  BLOB    NOT NULL,
    name         TEXT    NOT NULL,
    title        TEXT    NOT NULL,
    email        TEXT    NOT NULL,
    phone        TEXT    NOT NULL,
    is_primary   INTEGER NOT NULL,
    active       INTEGER NOT NULL,
    note         TEXT    NOT NULL,
    attributes   TEXT,
    name_key     TEXT    NOT NULL,
    email_key    TEXT    NOT NULL,
    email_domain TEXT    NOT NULL,
    phone_key    TEXT    NOT NULL,
    created      INTEGER NOT NULL,
    updated      INTEGER NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, customer_id) REFERENCES pursuit_customer (tenant, id) ON DELETE CASCADE
);
CREATE INDEX pursuit_contact_customer ON pursuit_contact (tenant, customer_id, id);
CREATE UNIQUE INDEX pursuit_contact_primary ON pursuit_contact (tenant, customer_id) WHERE is_primary = 1;

CREATE TABLE pursuit_process (
    tenant       TEXT    NOT NULL,
    id           BLOB    NOT NULL,
    code         TEXT    NOT NULL,
    state        TEXT    NOT NULL,
    is_default   INTEGER NOT NULL,
    current_id   BLOB    NOT NULL, -- the version that new opportunities start on
    latest       INTEGER NOT NULL,
    created      INTEGER NOT NULL,
    updated      INTEGER NOT NULL,
    version      INTEGER NOT NULL,
    journal_seq  INTEGER NOT NULL,
    journal_hash BLOB    NOT NULL,
    PRIMARY KEY (tenant, id)
);
CREATE UNIQUE INDEX pursuit_process_code ON pursuit_process (tenant, code);
CREATE UNIQUE INDEX pursuit_process_default ON pursuit_process (tenant) WHERE is_default = 1;

CREATE TABLE pursuit_process_version (
    tenant     TEXT    NOT NULL,
    id         BLOB    NOT NULL,
    process_id BLOB    NOT NULL,
    number     INTEGER NOT NULL,
    definition TEXT    NOT NULL, -- JSON: stages, gates, names
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, process_id) REFERENCES pursuit_process (tenant, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX pursuit_process_version_number ON pursuit_process_version (tenant, process_id, number);

CREATE TABLE pursuit_opportunity (
    tenant               TEXT    NOT NULL,
    id                   BLOB    NOT NULL,
    number               TEXT    NOT NULL,
    created              INTEGER NOT NULL,
    name                 TEXT    NOT NULL,
    name_key             TEXT    NOT NULL,
    description          TEXT    NOT NULL,
    customer_id          BLOB    NOT NULL,
    bill_to_id           BLOB,
    end_user_id          BLOB,
    source_id            BLOB,
    department           TEXT    NOT NULL,
    owner                TEXT    NOT NULL,
    process_id           BLOB    NOT NULL,
    process_version_id   BLOB    NOT NULL,
    stage                TEXT    NOT NULL,
    status               TEXT    NOT NULL, -- open, on_hold, won, lost, void, closed
    cycle                INTEGER NOT NULL,
    currency             TEXT    NOT NULL,
    amount               INTEGER NOT NULL, -- by hand, else line_total, else estimated
    estimated            INTEGER NOT NULL,
    line_total           INTEGER NOT NULL,
    quoted               INTEGER NOT NULL,
    ordered              INTEGER NOT NULL,
    override_amount      INTEGER,
    probability          INTEGER NOT NULL,
    probability_by_hand  INTEGER NOT NULL,
    category             TEXT    NOT NULL,
    category_by_hand     INTEGER NOT NULL,
    expected_close       TEXT    NOT NULL,
    rating               INTEGER NOT NULL,
    attributes           TEXT,
    updated              INTEGER NOT NULL,
    stage_entered        INTEGER NOT NULL,
    held_at              INTEGER,
    resume_on            TEXT    NOT NULL,
    hold_reason          TEXT    NOT NULL,
    won_at               INTEGER,
    lost_at              INTEGER,
    voided_at            INTEGER,
    closed_at            INTEGER,
    last_activity        INTEGER,
    next_activity        INTEGER,
    cycle_days           INTEGER,
    outcome              TEXT,             -- JSON, of the current cycle
    ticks                TEXT,             -- JSON
    approvals            TEXT,             -- JSON
    primary_contact_id   BLOB,
    primary_contact_role TEXT    NOT NULL,
    order_cancelled      INTEGER NOT NULL,
    counts               TEXT    NOT NULL, -- JSON: how many parts of each sort
    ledger_seq           INTEGER NOT NULL,
    ledger_effective     INTEGER NOT NULL,
    ledger_recorded      INTEGER NOT NULL,
    version              INTEGER NOT NULL,
    journal_seq          INTEGER NOT NULL,
    journal_hash         BLOB    NOT NULL,
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
    tenant         TEXT    NOT NULL,
    opportunity_id BLOB    NOT NULL,
    user_id        TEXT    NOT NULL,
    role           TEXT    NOT NULL,
    access         TEXT    NOT NULL,
    split          INTEGER NOT NULL, -- basis points
    overlay        INTEGER NOT NULL, -- basis points
    joined         INTEGER NOT NULL,
    PRIMARY KEY (tenant, opportunity_id, user_id),
    FOREIGN KEY (tenant, opportunity_id) REFERENCES pursuit_opportunity (tenant, id) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX pursuit_opportunity_member_user ON pursuit_opportunity_member (tenant, user_id, opportunity_id);

CREATE TABLE pursuit_opportunity_line (
    tenant         TEXT    NOT NULL,
    opportunity_id BLOB    NOT NULL,
    number         INTEGER NOT NULL,
    product        TEXT    NOT NULL,
    description    TEXT    NOT NULL,
    quantity       TEXT    NOT NULL,
    unit           TEXT    NOT NULL,
    price          TEXT    NOT NULL,
    discount       TEXT    NOT NULL, -- percent
    tax            TEXT,             -- percent
    amount         INTEGER NOT NULL,
    currency       TEXT    NOT NULL,
    PRIMARY KEY (tenant, opportunity_id, number),
    FOREIGN KEY (tenant, opportunity_id) REFERENCES pursuit_opportunity (tenant, id) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX pursuit_opportunity_line_product ON pursuit_opportunity_line (tenant, product, opportunity_id, amount);

CREATE TABLE pursuit_opportunity_contact (
    tenant         TEXT    NOT NULL,
    opportunity_id BLOB    NOT NULL,
    contact_id     BLOB    NOT NULL,
    role           TEXT    NOT NULL,
    external       INTEGER NOT NULL,
    note           TEXT    NOT NULL,
    added          INTEGER NOT NULL,
    PRIMARY KEY (tenant, opportunity_id, contact_id, role),
    FOREIGN KEY (tenant, opportunity_id) REFERENCES pursuit_opportunity (tenant, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant, contact_id) REFERENCES pursuit_contact (tenant, id)
) WITHOUT ROWID;
CREATE INDEX pursuit_opportunity_contact_contact ON pursuit_opportunity_contact (tenant, contact_id);

-- What the opportunity names of the archives: sort is competitor (one on the
-- deal; cycle and position are 0), reason (of a cycle's outcome, in order), or
-- winner (the competitor that the customer chose in a cycle; position 0).
CREATE TABLE pursuit_opportunity_choice (
    tenant         TEXT    NOT NULL,
    opportunity_id BLOB    NOT NULL,
    sort           TEXT    NOT NULL,
    cycle          INTEGER NOT NULL,
    position       INTEGER NOT NULL,
    entry_id       BLOB    NOT NULL,
    explanation    TEXT    NOT NULL, -- of a reason
    strengths      TEXT    NOT NULL, -- and what follows: of a competitor
    weaknesses     TEXT    NOT NULL,
    price          INTEGER,
    currency       TEXT    NOT NULL, -- of the price, or ''
    added          INTEGER,
    PRIMARY KEY (tenant, opportunity_id, sort, cycle, position, entry_id),
    FOREIGN KEY (tenant, opportunity_id) REFERENCES pursuit_opportunity (tenant, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant, entry_id) REFERENCES pursuit_archive_entry (tenant, id)
) WITHOUT ROWID;
CREATE INDEX pursuit_opportunity_choice_entry ON pursuit_opportunity_choice (tenant, entry_id, sort);

CREATE TABLE pursuit_opportunity_cycle (
    tenant         TEXT    NOT NULL,
    opportunity_id BLOB    NOT NULL,
    number         INTEGER NOT NULL,
    outcome        TEXT    NOT NULL, -- JSON
    closed_at      INTEGER,
    cycle_days     INTEGER,
    reason         TEXT    NOT NULL,
    reopened_at    INTEGER NOT NULL,
    reopened_by    TEXT    NOT NULL,
    PRIMARY KEY (tenant, opportunity_id, number),
    FOREIGN KEY (tenant, opportunity_id) REFERENCES pursuit_opportunity (tenant, id) ON DELETE CASCADE
) WITHOUT ROWID;

-- The state of what counts in figures, from one change to the next. Open ends
-- are 9223372036854775807. Rows outlive their opportunity.
CREATE TABLE pursuit_opportunity_ledger (
    tenant         TEXT    NOT NULL,
    opportunity_id BLOB    NOT NULL,
    seq            INTEGER NOT NULL,
    effective_from INTEGER NOT NULL,
    effective_to   INTEGER NOT NULL,
    recorded_from  INTEGER NOT NULL,
    recorded_to    INTEGER NOT NULL,
    status         TEXT    NOT NULL,
    stage          TEXT    NOT NULL,
    owner          TEXT    NOT NULL,
    department     TEXT    NOT NULL,
    customer_id    BLOB    NOT NULL,
    source_id      BLOB,
    process_id     BLOB    NOT NULL,
    currency       TEXT    NOT NULL,
    amount         INTEGER NOT NULL,
    probability    INTEGER NOT NULL,
    category       TEXT    NOT NULL,
    expected_close TEXT    NOT NULL,
    cycle_days     INTEGER,
    cycle          INTEGER NOT NULL,
    event          TEXT    NOT NULL,
    entry          INTEGER NOT NULL, -- journal_seq of the event
    by_user        TEXT    NOT NULL,
    progress       TEXT    NOT NULL, -- advance, back, won, lost, or ''
    from_stage     TEXT    NOT NULL,
    summary        TEXT    NOT NULL,
    PRIMARY KEY (tenant, opportunity_id, seq)
) WITHOUT ROWID;
CREATE INDEX pursuit_opportunity_ledger_at ON pursuit_opportunity_ledger (tenant, effective_from, effective_to, recorded_from, recorded_to);

CREATE TABLE pursuit_sales_order (
    tenant         TEXT    NOT NULL,
    id             BLOB    NOT NULL,
    number         TEXT    NOT NULL,
    opportunity_id BLOB    NOT NULL,
    customer_id    BLOB    NOT NULL,
    bill_to_id     BLOB,
    end_user_id    BLOB,
    department     TEXT    NOT NULL,
    owner          TEXT    NOT NULL,
    currency       TEXT    NOT NULL,
    status         TEXT    NOT NULL, -- draft, confirmed, executing, completed, cancelled
    reference      TEXT    NOT NULL,
    total          INTEGER NOT NULL,
    over_delivery  TEXT    NOT NULL, -- percent
    delivered      INTEGER NOT NULL,
    invoiced       INTEGER NOT NULL,
    received       INTEGER NOT NULL,
    created        INTEGER NOT NULL,
    updated        INTEGER NOT NULL,
    confirmed_at   INTEGER,
    completed_at   INTEGER,
    cancelled_at   INTEGER,
    reason         TEXT    NOT NULL,
    line_count     INTEGER NOT NULL,
    version        INTEGER NOT NULL,
    journal_seq    INTEGER NOT NULL,
    journal_hash   BLOB    NOT NULL,
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
    tenant      TEXT    NOT NULL,
    order_id    BLOB    NOT NULL,
    number      INTEGER NOT NULL,
    product     TEXT    NOT NULL,
    description TEXT    NOT NULL,
    quantity    TEXT    NOT NULL,
    unit        TEXT    NOT NULL,
    price       TEXT    NOT NULL,
    discount    TEXT    NOT NULL,
    tax         TEXT,
    amount      INTEGER NOT NULL,
    currency    TEXT    NOT NULL,
    due         TEXT    NOT NULL,
    PRIMARY KEY (tenant, order_id, number),
    FOREIGN KEY (tenant, order_id) REFERENCES pursuit_sales_order (tenant, id) ON DELETE CASCADE
) WITHOUT ROWID;

CREATE TABLE pursuit_sales_order_event (
    tenant      TEXT    NOT NULL,
    order_id    BLOB    NOT NULL,
    external_id TEXT    NOT NULL, -- as the sales system names it
    line        INTEGER NOT NULL, -- 0: the whole order
    kind        TEXT    NOT NULL, -- delivery, return, invoice, credit_note, receipt, refund
    quantity    TEXT    NOT NULL,
    amount      INTEGER NOT NULL,
    currency    TEXT    NOT NULL,
    on_date     TEXT    NOT NULL,
    advance     INTEGER NOT NULL,
    note        TEXT    NOT NULL,
    recorded    INTEGER NOT NULL,
    by_user     TEXT    NOT NULL,
    PRIMARY KEY (tenant, order_id, external_id, line),
    FOREIGN KEY (tenant, order_id) REFERENCES pursuit_sales_order (tenant, id) ON DELETE CASCADE
) WITHOUT ROWID;

CREATE TABLE pursuit_sales_settings (
    tenant         TEXT    NOT NULL,
    enabled        INTEGER NOT NULL,
    initialised    INTEGER NOT NULL,
    base_currency  TEXT    NOT NULL,
    number_prefix  TEXT    NOT NULL,
    tax_treatment  TEXT    NOT NULL,
    several_orders INTEGER NOT NULL,
    over_delivery  TEXT    NOT NULL,
    version        INTEGER NOT NULL,
    updated        INTEGER NOT NULL,
    journal_seq    INTEGER NOT NULL,
    journal_hash   BLOB    NOT NULL,
    PRIMARY KEY (tenant)
) WITHOUT ROWID;

-- Append-only. Each entry's hash covers the one before.
CREATE TABLE pursuit_journal (
    tenant       TEXT    NOT NULL,
    kind         TEXT    NOT NULL,
    aggregate_id BLOB    NOT NULL,
    seq          INTEGER NOT NULL,
    id           BLOB    NOT NULL,
    version      INTEGER NOT NULL,
    type         TEXT    NOT NULL,
    payload      TEXT    NOT NULL, -- JSON
    effective    INTEGER NOT NULL,
    recorded     INTEGER NOT NULL,
    by_user      TEXT    NOT NULL,
    prev_hash    BLOB    NOT NULL,
    hash         BLOB    NOT NULL,
    relayed      INTEGER NOT NULL,
    PRIMARY KEY (tenant, kind, aggregate_id, seq)
) WITHOUT ROWID;
CREATE INDEX pursuit_journal_unrelayed ON pursuit_journal (tenant, id) WHERE relayed = 0;

CREATE TABLE pursuit_request (
    tenant      TEXT    NOT NULL,
    request_key TEXT    NOT NULL,
    command     TEXT    NOT NULL,
    fingerprint BLOB    NOT NULL,
    result      TEXT    NOT NULL, -- JSON
    recorded    INTEGER NOT NULL,
    PRIMARY KEY (tenant, request_key)
) WITHOUT ROWID;

CREATE TABLE pursuit_number_series (
    tenant      TEXT    NOT NULL,
    series      TEXT    NOT NULL,
    last_number INTEGER NOT NULL,
    PRIMARY KEY (tenant, series)
) WITHOUT ROWID;

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
