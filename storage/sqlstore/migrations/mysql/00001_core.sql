-- The core, for MariaDB 10.6 or later and MySQL 8.0.17 or later: archives,
-- customers, processes, opportunities with their parts, orders, journal, ledger.
-- Times are microseconds since 1970 in UTC, money is in minor units, shares and
-- probabilities are in basis points, flags are 0 or 1, dates are ISO dates or '',
-- decimals are canonical text, ids are 16 bytes.
--
-- Texts compare by byte, so that case, accents and trailing blanks differ. The
-- collation that does so has two names: each database reads its own, and takes
-- the other for a comment. DDL commits by itself here, and two processes may
-- migrate at once: each statement may be run again.

-- +goose Up
CREATE TABLE IF NOT EXISTS pursuit_archive_entry (
    tenant            VARCHAR(64) NOT NULL,
    id                BINARY(16) NOT NULL,
    kind              VARCHAR(64) NOT NULL,
    code              VARCHAR(128) NOT NULL,
    names             MEDIUMTEXT NOT NULL,   -- JSON: language to name
    status            VARCHAR(64) NOT NULL,
    needs_explanation TINYINT NOT NULL,
    needs_competitor  TINYINT NOT NULL,
    description       TEXT NOT NULL,
    attributes        MEDIUMTEXT,            -- JSON
    created           BIGINT NOT NULL,
    updated           BIGINT NOT NULL,
    version           BIGINT NOT NULL,
    journal_seq       BIGINT NOT NULL,
    journal_hash      BINARY(32) NOT NULL,
    PRIMARY KEY (tenant, id),
    UNIQUE KEY pursuit_archive_entry_code (tenant, kind, code)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE /*M! utf8mb4_nopad_bin *//*!80017 utf8mb4_0900_bin */;

CREATE TABLE IF NOT EXISTS pursuit_customer (
    tenant       VARCHAR(64) NOT NULL,
    id           BINARY(16) NOT NULL,
    code         VARCHAR(128),
    name         VARCHAR(200) NOT NULL,
    kind         VARCHAR(64) NOT NULL,
    status       VARCHAR(64) NOT NULL,
    parent_id    BINARY(16),
    sector       VARCHAR(200) NOT NULL,
    tax_id       VARCHAR(128) NOT NULL,
    email        VARCHAR(254) NOT NULL,
    phone        VARCHAR(128) NOT NULL,
    url          TEXT NOT NULL,
    address      TEXT NOT NULL,
    country      VARCHAR(128) NOT NULL,
    owner        VARCHAR(128) NOT NULL,
    department   VARCHAR(128) NOT NULL,
    description  TEXT NOT NULL,
    attributes   MEDIUMTEXT,
    -- keys that duplicates are searched by
    name_key     VARCHAR(250) NOT NULL,
    email_key    VARCHAR(400) NOT NULL,
    email_domain VARCHAR(400) NOT NULL,
    phone_key    VARCHAR(200) NOT NULL,
    url_key      TEXT NOT NULL,
    tax_key      VARCHAR(256) NOT NULL,
    created      BIGINT NOT NULL,
    updated      BIGINT NOT NULL,
    version      BIGINT NOT NULL,
    journal_seq  BIGINT NOT NULL,
    journal_hash BINARY(32) NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, parent_id) REFERENCES pursuit_customer (tenant, id),
    UNIQUE KEY pursuit_customer_code (tenant, code),
    KEY pursuit_customer_name (tenant, name_key, id),
    KEY pursuit_customer_parent (tenant, parent_id)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE /*M! utf8mb4_nopad_bin *//*!80017 utf8mb4_0900_bin */;

-- That a customer has one primary contact at most is kept by the customer's
-- version. A unique key beside the primary one would be a trap: contacts are
-- written by ON DUPLICATE KEY UPDATE, which would change whichever row it finds.
CREATE TABLE IF NOT EXISTS pursuit_contact (
    tenant       VARCHAR(64) NOT NULL,
    id           BINARY(16) NOT NULL,
    customer_id  BINARY(16) NOT NULL,
    name         VARCHAR(200) NOT NULL,
    title        VARCHAR(200) NOT NULL,
    email        VARCHAR(254) NOT NULL,
    phone        VARCHAR(128) NOT NULL,
    is_primary   TINYINT NOT NULL,
    active       TINYINT NOT NULL,
    note         TEXT NOT NULL,
    attributes   MEDIUMTEXT,
    name_key     VARCHAR(250) NOT NULL,
    email_key    VARCHAR(400) NOT NULL,
    email_domain VARCHAR(400) NOT NULL,
    phone_key    VARCHAR(200) NOT NULL,
    created      BIGINT NOT NULL,
    updated      BIGINT NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, customer_id) REFERENCES pursuit_customer (tenant, id) ON DELETE CASCADE,
    KEY pursuit_contact_customer (tenant, customer_id, id)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE /*M! utf8mb4_nopad_bin *//*!80017 utf8mb4_0900_bin */;

CREATE TABLE IF NOT EXISTS pursuit_process (
    tenant       VARCHAR(64) NOT NULL,
    id           BINARY(16) NOT NULL,
    code         VARCHAR(128) NOT NULL,
    state        VARCHAR(64) NOT NULL,
    is_default   TINYINT NOT NULL,
    current_id   BINARY(16) NOT NULL,   -- the version that new opportunities start on
    latest       INT NOT NULL,
    created      BIGINT NOT NULL,
    updated      BIGINT NOT NULL,
    version      BIGINT NOT NULL,
    journal_seq  BIGINT NOT NULL,
    journal_hash BINARY(32) NOT NULL,
    default_mark TINYINT GENERATED ALWAYS AS (CASE WHEN is_default = 1 THEN 1 END) STORED, -- unique: one default at most
    PRIMARY KEY (tenant, id),
    UNIQUE KEY pursuit_process_code (tenant, code),
    UNIQUE KEY pursuit_process_default (tenant, default_mark)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE /*M! utf8mb4_nopad_bin *//*!80017 utf8mb4_0900_bin */;

CREATE TABLE IF NOT EXISTS pursuit_process_version (
    tenant     VARCHAR(64) NOT NULL,
    id         BINARY(16) NOT NULL,
    process_id BINARY(16) NOT NULL,
    number     INT NOT NULL,
    definition MEDIUMTEXT NOT NULL,  -- JSON: stages, gates, names
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, process_id) REFERENCES pursuit_process (tenant, id) ON DELETE CASCADE,
    UNIQUE KEY pursuit_process_version_number (tenant, process_id, number)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE /*M! utf8mb4_nopad_bin *//*!80017 utf8mb4_0900_bin */;

CREATE TABLE IF NOT EXISTS pursuit_opportunity (
    tenant               VARCHAR(64) NOT NULL,
    id                   BINARY(16) NOT NULL,
    number               VARCHAR(128) NOT NULL,
    created              BIGINT NOT NULL,
    name                 VARCHAR(200) NOT NULL,
    name_key             VARCHAR(250) NOT NULL,
    description          TEXT NOT NULL,
    customer_id          BINARY(16) NOT NULL,
    bill_to_id           BINARY(16),
    end_user_id          BINARY(16),
    source_id            BINARY(16),
    department           VARCHAR(128) NOT NULL,
    owner                VARCHAR(128) NOT NULL,
    process_id           BINARY(16) NOT NULL,
    process_version_id   BINARY(16) NOT NULL,
    stage                VARCHAR(128) NOT NULL,
    status               VARCHAR(64) NOT NULL,  -- open, on_hold, won, lost, void, closed
    cycle                INT NOT NULL,
    currency             CHAR(3) NOT NULL,
    amount               BIGINT NOT NULL,       -- by hand, else line_total, else estimated
    estimated            BIGINT NOT NULL,
    line_total           BIGINT NOT NULL,
    quoted               BIGINT NOT NULL,
    ordered              BIGINT NOT NULL,
    override_amount      BIGINT,
    probability          INT NOT NULL,
    probability_by_hand  TINYINT NOT NULL,
    category             VARCHAR(64) NOT NULL,
    category_by_hand     TINYINT NOT NULL,
    expected_close       VARCHAR(10) NOT NULL,
    rating               INT NOT NULL,
    attributes           MEDIUMTEXT,
    updated              BIGINT NOT NULL,
    stage_entered        BIGINT NOT NULL,
    held_at              BIGINT,
    resume_on            VARCHAR(10) NOT NULL,
    hold_reason          TEXT NOT NULL,
    won_at               BIGINT,
    lost_at              BIGINT,
    voided_at            BIGINT,
    closed_at            BIGINT,
    last_activity        BIGINT,
    next_activity        BIGINT,
    cycle_days           INT,
    outcome              MEDIUMTEXT,            -- JSON, of the current cycle
    ticks                MEDIUMTEXT,            -- JSON
    approvals            MEDIUMTEXT,            -- JSON
    primary_contact_id   BINARY(16),
    primary_contact_role VARCHAR(64) NOT NULL,
    order_cancelled      TINYINT NOT NULL,
    counts               MEDIUMTEXT NOT NULL,   -- JSON: how many parts of each sort
    ledger_seq           BIGINT NOT NULL,
    ledger_effective     BIGINT NOT NULL,
    ledger_recorded      BIGINT NOT NULL,
    version              BIGINT NOT NULL,
    journal_seq          BIGINT NOT NULL,
    journal_hash         BINARY(32) NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, customer_id) REFERENCES pursuit_customer (tenant, id),
    FOREIGN KEY (tenant, bill_to_id) REFERENCES pursuit_customer (tenant, id),
    FOREIGN KEY (tenant, end_user_id) REFERENCES pursuit_customer (tenant, id),
    FOREIGN KEY (tenant, source_id) REFERENCES pursuit_archive_entry (tenant, id),
    FOREIGN KEY (tenant, process_version_id) REFERENCES pursuit_process_version (tenant, id),
    UNIQUE KEY pursuit_opportunity_number (tenant, number),
    KEY pursuit_opportunity_created (tenant, created, id),
    KEY pursuit_opportunity_updated (tenant, updated, id),
    KEY pursuit_opportunity_name (tenant, name_key, id),
    KEY pursuit_opportunity_amount (tenant, amount, id),
    KEY pursuit_opportunity_close (tenant, expected_close, id),
    KEY pursuit_opportunity_owner (tenant, owner, created, id),
    KEY pursuit_opportunity_customer (tenant, customer_id),
    KEY pursuit_opportunity_bill_to (tenant, bill_to_id),
    KEY pursuit_opportunity_end_user (tenant, end_user_id),
    KEY pursuit_opportunity_source (tenant, source_id),
    KEY pursuit_opportunity_version (tenant, process_version_id, status, stage),
    KEY pursuit_opportunity_pipeline (tenant, stage, status, currency, probability, category, amount)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE /*M! utf8mb4_nopad_bin *//*!80017 utf8mb4_0900_bin */;

CREATE TABLE IF NOT EXISTS pursuit_opportunity_member (
    tenant         VARCHAR(64) NOT NULL,
    opportunity_id BINARY(16) NOT NULL,
    user_id        VARCHAR(128) NOT NULL,
    role           VARCHAR(64) NOT NULL,
    access         VARCHAR(64) NOT NULL,
    split          INT NOT NULL,          -- basis points
    overlay        INT NOT NULL,          -- basis points
    joined         BIGINT NOT NULL,
    PRIMARY KEY (tenant, opportunity_id, user_id),
    FOREIGN KEY (tenant, opportunity_id) REFERENCES pursuit_opportunity (tenant, id) ON DELETE CASCADE,
    KEY pursuit_opportunity_member_user (tenant, user_id, opportunity_id)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE /*M! utf8mb4_nopad_bin *//*!80017 utf8mb4_0900_bin */;

CREATE TABLE IF NOT EXISTS pursuit_opportunity_line (
    tenant         VARCHAR(64) NOT NULL,
    opportunity_id BINARY(16) NOT NULL,
    number         INT NOT NULL,
    product        VARCHAR(128) NOT NULL,
    description    TEXT NOT NULL,
    quantity       VARCHAR(40) NOT NULL,
    unit           VARCHAR(128) NOT NULL,
    price          VARCHAR(40) NOT NULL,
    discount       VARCHAR(40) NOT NULL,  -- percent
    tax            VARCHAR(40),           -- percent
    amount         BIGINT NOT NULL,
    currency       CHAR(3) NOT NULL,
    PRIMARY KEY (tenant, opportunity_id, number),
    FOREIGN KEY (tenant, opportunity_id) REFERENCES pursuit_opportunity (tenant, id) ON DELETE CASCADE,
    KEY pursuit_opportunity_line_product (tenant, product, opportunity_id, amount)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE /*M! utf8mb4_nopad_bin *//*!80017 utf8mb4_0900_bin */;

CREATE TABLE IF NOT EXISTS pursuit_opportunity_contact (
    tenant         VARCHAR(64) NOT NULL,
    opportunity_id BINARY(16) NOT NULL,
    contact_id     BINARY(16) NOT NULL,
    role           VARCHAR(64) NOT NULL,
    external       TINYINT NOT NULL,
    note           TEXT NOT NULL,
    added          BIGINT NOT NULL,
    PRIMARY KEY (tenant, opportunity_id, contact_id, role),
    FOREIGN KEY (tenant, opportunity_id) REFERENCES pursuit_opportunity (tenant, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant, contact_id) REFERENCES pursuit_contact (tenant, id),
    KEY pursuit_opportunity_contact_contact (tenant, contact_id)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE /*M! utf8mb4_nopad_bin *//*!80017 utf8mb4_0900_bin */;

-- What the opportunity names of the archives: sort is competitor (one on the
-- deal; cycle and position are 0), reason (of a cycle's outcome, in order), or
-- winner (the competitor that the customer chose in a cycle; position 0).
CREATE TABLE IF NOT EXISTS pursuit_opportunity_choice (
    tenant         VARCHAR(64) NOT NULL,
    opportunity_id BINARY(16) NOT NULL,
    sort           VARCHAR(64) NOT NULL,
    cycle          INT NOT NULL,
    position       INT NOT NULL,
    entry_id       BINARY(16) NOT NULL,
    explanation    TEXT NOT NULL,        -- of a reason
    strengths      TEXT NOT NULL,        -- and what follows: of a competitor
    weaknesses     TEXT NOT NULL,
    price          BIGINT,
    currency       VARCHAR(3) NOT NULL,  -- of the price, or ''
    added          BIGINT,
    PRIMARY KEY (tenant, opportunity_id, sort, cycle, position, entry_id),
    FOREIGN KEY (tenant, opportunity_id) REFERENCES pursuit_opportunity (tenant, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant, entry_id) REFERENCES pursuit_archive_entry (tenant, id),
    KEY pursuit_opportunity_choice_entry (tenant, entry_id, sort)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE /*M! utf8mb4_nopad_bin *//*!80017 utf8mb4_0900_bin */;

CREATE TABLE IF NOT EXISTS pursuit_opportunity_cycle (
    tenant         VARCHAR(64) NOT NULL,
    opportunity_id BINARY(16) NOT NULL,
    number         INT NOT NULL,
    outcome        MEDIUMTEXT NOT NULL,   -- JSON
    closed_at      BIGINT,
    cycle_days     INT,
    reason         TEXT NOT NULL,
    reopened_at    BIGINT NOT NULL,
    reopened_by    VARCHAR(128) NOT NULL,
    PRIMARY KEY (tenant, opportunity_id, number),
    FOREIGN KEY (tenant, opportunity_id) REFERENCES pursuit_opportunity (tenant, id) ON DELETE CASCADE
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE /*M! utf8mb4_nopad_bin *//*!80017 utf8mb4_0900_bin */;

-- The state of what counts in figures, from one change to the next. Open ends
-- are 9223372036854775807. Rows outlive their opportunity.
CREATE TABLE IF NOT EXISTS pursuit_opportunity_ledger (
    tenant         VARCHAR(64) NOT NULL,
    opportunity_id BINARY(16) NOT NULL,
    seq            BIGINT NOT NULL,
    effective_from BIGINT NOT NULL,
    effective_to   BIGINT NOT NULL,
    recorded_from  BIGINT NOT NULL,
    recorded_to    BIGINT NOT NULL,
    status         VARCHAR(64) NOT NULL,
    stage          VARCHAR(128) NOT NULL,
    owner          VARCHAR(128) NOT NULL,
    department     VARCHAR(128) NOT NULL,
    customer_id    BINARY(16) NOT NULL,
    source_id      BINARY(16),
    process_id     BINARY(16) NOT NULL,
    currency       CHAR(3) NOT NULL,
    amount         BIGINT NOT NULL,
    probability    INT NOT NULL,
    category       VARCHAR(64) NOT NULL,
    expected_close VARCHAR(10) NOT NULL,
    cycle_days     INT,
    cycle          INT NOT NULL,
    event          VARCHAR(128) NOT NULL,
    entry          BIGINT NOT NULL,       -- journal_seq of the event
    by_user        VARCHAR(128) NOT NULL,
    progress       VARCHAR(64) NOT NULL,  -- advance, back, won, lost, or ''
    from_stage     VARCHAR(128) NOT NULL,
    summary        TEXT NOT NULL,
    PRIMARY KEY (tenant, opportunity_id, seq),
    KEY pursuit_opportunity_ledger_at (tenant, effective_from, effective_to, recorded_from, recorded_to)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE /*M! utf8mb4_nopad_bin *//*!80017 utf8mb4_0900_bin */;

CREATE TABLE IF NOT EXISTS pursuit_sales_order (
    tenant         VARCHAR(64) NOT NULL,
    id             BINARY(16) NOT NULL,
    number         VARCHAR(128) NOT NULL,
    opportunity_id BINARY(16) NOT NULL,
    customer_id    BINARY(16) NOT NULL,
    bill_to_id     BINARY(16),
    end_user_id    BINARY(16),
    department     VARCHAR(128) NOT NULL,
    owner          VARCHAR(128) NOT NULL,
    currency       CHAR(3) NOT NULL,
    status         VARCHAR(64) NOT NULL,  -- draft, confirmed, executing, completed, cancelled
    reference      VARCHAR(200) NOT NULL,
    total          BIGINT NOT NULL,
    over_delivery  VARCHAR(40) NOT NULL,  -- percent
    delivered      BIGINT NOT NULL,
    invoiced       BIGINT NOT NULL,
    received       BIGINT NOT NULL,
    created        BIGINT NOT NULL,
    updated        BIGINT NOT NULL,
    confirmed_at   BIGINT,
    completed_at   BIGINT,
    cancelled_at   BIGINT,
    reason         TEXT NOT NULL,
    line_count     INT NOT NULL,
    version        BIGINT NOT NULL,
    journal_seq    BIGINT NOT NULL,
    journal_hash   BINARY(32) NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, opportunity_id) REFERENCES pursuit_opportunity (tenant, id),
    FOREIGN KEY (tenant, customer_id) REFERENCES pursuit_customer (tenant, id),
    FOREIGN KEY (tenant, bill_to_id) REFERENCES pursuit_customer (tenant, id),
    FOREIGN KEY (tenant, end_user_id) REFERENCES pursuit_customer (tenant, id),
    UNIQUE KEY pursuit_sales_order_number (tenant, number),
    KEY pursuit_sales_order_opportunity (tenant, opportunity_id),
    KEY pursuit_sales_order_customer (tenant, customer_id),
    KEY pursuit_sales_order_bill_to (tenant, bill_to_id),
    KEY pursuit_sales_order_end_user (tenant, end_user_id)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE /*M! utf8mb4_nopad_bin *//*!80017 utf8mb4_0900_bin */;

CREATE TABLE IF NOT EXISTS pursuit_sales_order_line (
    tenant      VARCHAR(64) NOT NULL,
    order_id    BINARY(16) NOT NULL,
    number      INT NOT NULL,
    product     VARCHAR(128) NOT NULL,
    description TEXT NOT NULL,
    quantity    VARCHAR(40) NOT NULL,
    unit        VARCHAR(128) NOT NULL,
    price       VARCHAR(40) NOT NULL,
    discount    VARCHAR(40) NOT NULL,
    tax         VARCHAR(40),
    amount      BIGINT NOT NULL,
    currency    CHAR(3) NOT NULL,
    due         VARCHAR(10) NOT NULL,
    PRIMARY KEY (tenant, order_id, number),
    FOREIGN KEY (tenant, order_id) REFERENCES pursuit_sales_order (tenant, id) ON DELETE CASCADE
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE /*M! utf8mb4_nopad_bin *//*!80017 utf8mb4_0900_bin */;

CREATE TABLE IF NOT EXISTS pursuit_sales_order_event (
    tenant      VARCHAR(64) NOT NULL,
    order_id    BINARY(16) NOT NULL,
    external_id VARCHAR(128) NOT NULL, -- as the sales system names it
    line        INT NOT NULL,          -- 0: the whole order
    kind        VARCHAR(64) NOT NULL,  -- delivery, return, invoice, credit_note, receipt, refund
    quantity    VARCHAR(40) NOT NULL,
    amount      BIGINT NOT NULL,
    currency    CHAR(3) NOT NULL,
    on_date     VARCHAR(10) NOT NULL,
    advance     TINYINT NOT NULL,
    note        TEXT NOT NULL,
    recorded    BIGINT NOT NULL,
    by_user     VARCHAR(128) NOT NULL,
    PRIMARY KEY (tenant, order_id, external_id, line),
    FOREIGN KEY (tenant, order_id) REFERENCES pursuit_sales_order (tenant, id) ON DELETE CASCADE
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE /*M! utf8mb4_nopad_bin *//*!80017 utf8mb4_0900_bin */;

CREATE TABLE IF NOT EXISTS pursuit_sales_settings (
    tenant         VARCHAR(64) NOT NULL,
    enabled        TINYINT NOT NULL,
    initialised    TINYINT NOT NULL,
    base_currency  VARCHAR(3) NOT NULL,
    number_prefix  VARCHAR(128) NOT NULL,
    tax_treatment  VARCHAR(64) NOT NULL,
    several_orders TINYINT NOT NULL,
    over_delivery  VARCHAR(40) NOT NULL,
    version        BIGINT NOT NULL,
    updated        BIGINT NOT NULL,
    journal_seq    BIGINT NOT NULL,
    journal_hash   BINARY(32) NOT NULL,
    PRIMARY KEY (tenant)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE /*M! utf8mb4_nopad_bin *//*!80017 utf8mb4_0900_bin */;

-- Append-only. Each entry's hash covers the one before.
CREATE TABLE IF NOT EXISTS pursuit_journal (
    tenant       VARCHAR(64) NOT NULL,
    kind         VARCHAR(64) NOT NULL,
    aggregate_id BINARY(16) NOT NULL,
    seq          BIGINT NOT NULL,
    id           BINARY(16) NOT NULL,
    version      BIGINT NOT NULL,
    type         VARCHAR(128) NOT NULL,
    payload      MEDIUMTEXT NOT NULL,   -- JSON
    effective    BIGINT NOT NULL,
    recorded     BIGINT NOT NULL,
    by_user      VARCHAR(128) NOT NULL,
    prev_hash    BINARY(32) NOT NULL,
    hash         BINARY(32) NOT NULL,
    relayed      TINYINT NOT NULL,
    PRIMARY KEY (tenant, kind, aggregate_id, seq),
    KEY pursuit_journal_unrelayed (tenant, relayed, id)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE /*M! utf8mb4_nopad_bin *//*!80017 utf8mb4_0900_bin */;

CREATE TABLE IF NOT EXISTS pursuit_request (
    tenant      VARCHAR(64) NOT NULL,
    request_key VARCHAR(128) NOT NULL,
    command     VARCHAR(128) NOT NULL,
    fingerprint BINARY(32) NOT NULL,
    result      MEDIUMTEXT NOT NULL,   -- JSON
    recorded    BIGINT NOT NULL,
    PRIMARY KEY (tenant, request_key)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE /*M! utf8mb4_nopad_bin *//*!80017 utf8mb4_0900_bin */;

CREATE TABLE IF NOT EXISTS pursuit_number_series (
    tenant      VARCHAR(64) NOT NULL,
    series      VARCHAR(128) NOT NULL,
    last_number BIGINT NOT NULL,
    PRIMARY KEY (tenant, series)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE /*M! utf8mb4_nopad_bin *//*!80017 utf8mb4_0900_bin */;

-- +goose Down
DROP TABLE IF EXISTS pursuit_number_series;
DROP TABLE IF EXISTS pursuit_request;
DROP TABLE IF EXISTS pursuit_journal;
DROP TABLE IF EXISTS pursuit_sales_settings;
DROP TABLE IF EXISTS pursuit_sales_order_event;
DROP TABLE IF EXISTS pursuit_sales_order_line;
DROP TABLE IF EXISTS pursuit_sales_order;
DROP TABLE IF EXISTS pursuit_opportunity_ledger;
DROP TABLE IF EXISTS pursuit_opportunity_cycle;
DROP TABLE IF EXISTS pursuit_opportunity_choice;
DROP TABLE IF EXISTS pursuit_opportunity_contact;
DROP TABLE IF EXISTS pursuit_opportunity_line;
DROP TABLE IF EXISTS pursuit_opportunity_member;
DROP TABLE IF EXISTS pursuit_opportunity;
DROP TABLE IF EXISTS pursuit_process_version;
DROP TABLE IF EXISTS pursuit_process;
DROP TABLE IF EXISTS pursuit_contact;
DROP TABLE IF EXISTS pursuit_customer;
DROP TABLE IF EXISTS pursuit_archive_entry;
