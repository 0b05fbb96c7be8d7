-- Activities and expenses of opportunities. Types and units are those of the core.

-- +goose Up
CREATE TABLE pursuit_opportunity_activity (
    tenant         TEXT COLLATE "C" NOT NULL,
    opportunity_id UUID NOT NULL,
    id             UUID NOT NULL,
    kind           TEXT COLLATE "C" NOT NULL, -- call, visit, meeting, email, demo, task, other
    subject        TEXT COLLATE "C" NOT NULL,
    note           TEXT COLLATE "C" NOT NULL,
    assignee       TEXT COLLATE "C" NOT NULL,
    status         TEXT COLLATE "C" NOT NULL, -- open, done, cancelled
    due            BIGINT,                    -- NULL: it was only logged
    done           BIGINT,
    takes_place    BIGINT NOT NULL,           -- done, else due
    result         TEXT COLLATE "C" NOT NULL,
    reason         TEXT COLLATE "C" NOT NULL, -- why it was cancelled
    created        BIGINT NOT NULL,
    created_by     TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant, opportunity_id, id),
    FOREIGN KEY (tenant, opportunity_id) REFERENCES pursuit_opportunity (tenant, id) ON DELETE CASCADE
);
CREATE INDEX pursuit_opportunity_activity_marks ON pursuit_opportunity_activity (tenant, opportunity_id, status, takes_place);
CREATE INDEX pursuit_opportunity_activity_assignee ON pursuit_opportunity_activity (tenant, assignee, status, takes_place, id);
CREATE INDEX pursuit_opportunity_activity_status ON pursuit_opportunity_activity (tenant, status, takes_place, id);
CREATE INDEX pursuit_opportunity_activity_time ON pursuit_opportunity_activity (tenant, takes_place, id);

CREATE TABLE pursuit_opportunity_expense (
    tenant         TEXT COLLATE "C" NOT NULL,
    opportunity_id UUID NOT NULL,
    id             UUID NOT NULL,
    category_id    UUID NOT NULL,             -- archive entry
    amount         BIGINT NOT NULL,           -- in a currency of its own
    currency       CHAR(3) COLLATE "C" NOT NULL,
    on_date        TEXT COLLATE "C" NOT NULL,
    description    TEXT COLLATE "C" NOT NULL,
    user_id        TEXT COLLATE "C" NOT NULL, -- who spent it
    status         TEXT COLLATE "C" NOT NULL, -- draft, submitted, approved, rejected, settled
    submitted_by   TEXT COLLATE "C" NOT NULL,
    submitted      BIGINT,
    decided_by     TEXT COLLATE "C" NOT NULL, -- who approved or rejected it
    decided        BIGINT,
    reason         TEXT COLLATE "C" NOT NULL, -- why it was rejected
    settled_by     TEXT COLLATE "C" NOT NULL,
    settled        BIGINT,
    reference      TEXT COLLATE "C" NOT NULL, -- the host's, of the payment
    created        BIGINT NOT NULL,
    created_by     TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant, opportunity_id, id),
    FOREIGN KEY (tenant, opportunity_id) REFERENCES pursuit_opportunity (tenant, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant, category_id) REFERENCES pursuit_archive_entry (tenant, id)
);
CREATE INDEX pursuit_opportunity_expense_category ON pursuit_opportunity_expense (tenant, category_id);
CREATE INDEX pursuit_opportunity_expense_user ON pursuit_opportunity_expense (tenant, user_id, on_date, id);
CREATE INDEX pursuit_opportunity_expense_status ON pursuit_opportunity_expense (tenant, status, on_date, id);
CREATE INDEX pursuit_opportunity_expense_date ON pursuit_opportunity_expense (tenant, on_date, id);

-- +goose Down
DROP TABLE pursuit_opportunity_expense;
DROP TABLE pursuit_opportunity_activity;
