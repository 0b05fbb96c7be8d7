-- Activities and expenses of opportunities. Types and units are those of the core.

-- +goose Up
CREATE TABLE IF NOT EXISTS pursuit_opportunity_activity (
    tenant         VARCHAR(64) NOT NULL,
    opportunity_id BINARY(16) NOT NULL,
    id             BINARY(16) NOT NULL,
    kind           VARCHAR(64) NOT NULL, -- call, visit, meeting, email, demo, task, other
    subject        VARCHAR(200) NOT NULL,
    note           TEXT NOT NULL,
    assignee       VARCHAR(128) NOT NULL,
    status         VARCHAR(64) NOT NULL, -- open, done, cancelled
    due            BIGINT,               -- NULL: it was only logged
    done           BIGINT,
    takes_place    BIGINT NOT NULL,      -- done, else due
    result         TEXT NOT NULL,
    reason         TEXT NOT NULL,        -- why it was cancelled
    created        BIGINT NOT NULL,
    created_by     VARCHAR(128) NOT NULL,
    PRIMARY KEY (tenant, opportunity_id, id),
    FOREIGN KEY (tenant, opportunity_id) REFERENCES pursuit_opportunity (tenant, id) ON DELETE CASCADE,
    KEY pursuit_opportunity_activity_marks (tenant, opportunity_id, status, takes_place),
    KEY pursuit_opportunity_activity_assignee (tenant, assignee, status, takes_place, id),
    KEY pursuit_opportunity_activity_status (tenant, status, takes_place, id),
    KEY pursuit_opportunity_activity_time (tenant, takes_place, id)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE /*M! utf8mb4_nopad_bin *//*!80017 utf8mb4_0900_bin */;

CREATE TABLE IF NOT EXISTS pursuit_opportunity_expense (
    tenant         VARCHAR(64) NOT NULL,
    opportunity_id BINARY(16) NOT NULL,
    id             BINARY(16) NOT NULL,
    category_id    BINARY(16) NOT NULL,   -- archive entry
    amount         BIGINT NOT NULL,       -- in a currency of its own
    currency       CHAR(3) NOT NULL,
    on_date        VARCHAR(10) NOT NULL,
    description    TEXT NOT NULL,
    user_id        VARCHAR(128) NOT NULL, -- who spent it
    status         VARCHAR(64) NOT NULL,  -- draft, submitted, approved, rejected, settled
    submitted_by   VARCHAR(128) NOT NULL,
    submitted      BIGINT,
    decided_by     VARCHAR(128) NOT NULL, -- who approved or rejected it
    decided        BIGINT,
    reason         TEXT NOT NULL,         -- why it was rejected
    settled_by     VARCHAR(128) NOT NULL,
    settled        BIGINT,
    reference      VARCHAR(128) NOT NULL, -- the host's, of the payment
    created        BIGINT NOT NULL,
    created_by     VARCHAR(128) NOT NULL,
    PRIMARY KEY (tenant, opportunity_id, id),
    FOREIGN KEY (tenant, opportunity_id) REFERENCES pursuit_opportunity (tenant, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant, category_id) REFERENCES pursuit_archive_entry (tenant, id),
    KEY pursuit_opportunity_expense_category (tenant, category_id),
    KEY pursuit_opportunity_expense_user (tenant, user_id, on_date, id),
    KEY pursuit_opportunity_expense_status (tenant, status, on_date, id),
    KEY pursuit_opportunity_expense_date (tenant, on_date, id)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE /*M! utf8mb4_nopad_bin *//*!80017 utf8mb4_0900_bin */;

-- +goose Down
DROP TABLE IF EXISTS pursuit_opportunity_expense;
DROP TABLE IF EXISTS pursuit_opportunity_activity;
