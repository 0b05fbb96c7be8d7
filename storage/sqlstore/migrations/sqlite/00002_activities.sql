-- Activities and expenses of opportunities. Types and units are those of the core.

-- +goose Up
CREATE TABLE pursuit_opportunity_activity (
    tenant         TEXT    NOT NULL,
    opportunity_id BLOB    NOT NULL,
    id             BLOB    NOT NULL,
    kind           TEXT    NOT NULL, -- call, visit, meeting, email, demo, task, other
    subject        TEXT    NOT NULL,
    note           TEXT    NOT NULL,
    assignee       TEXT    NOT NULL,
    status         TEXT    NOT NULL, -- open, done, cancelled
    due            INTEGER,          -- NULL: it was only logged
    done           INTEGER,
    takes_place    INTEGER NOT NULL, -- done, else due
    result         TEXT    NOT NULL,
    reason         TEXT    NOT NULL, -- why it was cancelled
    created        INTEGER NOT NULL,
    created_by     TEXT    NOT NULL,
    PRIMARY KEY (tenant, opportunity_id, id),
    FOREIGN KEY (tenant, opportunity_id) REFERENCES pursuit_opportunity (tenant, id) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX pursuit_opportunity_activity_marks ON pursuit_opportunity_activity (tenant, opportunity_id, status, takes_place);
CREATE INDEX pursuit_opportunity_activity_assignee ON pursuit_opportunity_activity (tenant, assignee, status, takes_place, id);
CREATE INDEX pursuit_opportunity_activity_status ON pursuit_opportunity_activity (tenant, status, takes_place, id);
CREATE INDEX pursuit_opportunity_activity_time ON pursuit_opportunity_activity (tenant, takes_place, id);

CREATE TABLE pursuit_opportunity_expense (
    tenant         TEXT    NOT NULL,
    opportunity_id BLOB    NOT NULL,
    id             BLOB    NOT NULL,
    category_id    BLOB    NOT NULL, -- archive entry
    amount         INTEGER NOT NULL, -- in a currency of its own
    currency       TEXT    NOT NULL,
    on_date        TEXT    NOT NULL,
    description    TEXT    NOT NULL,
    user_id        TEXT    NOT NULL, -- who spent it
    status         TEXT    NOT NULL, -- draft, submitted, approved, rejected, settled
    submitted_by   TEXT    NOT NULL,
    submitted      INTEGER,
    decided_by     TEXT    NOT NULL, -- who approved or rejected it
    decided        INTEGER,
    reason         TEXT    NOT NULL, -- why it was rejected
    settled_by     TEXT    NOT NULL,
    settled        INTEGER,
    reference      TEXT    NOT NULL, -- the host's, of the payment
    created        INTEGER NOT NULL,
    created_by     TEXT    NOT NULL,
    PRIMARY KEY (tenant, opportunity_id, id),
    FOREIGN KEY (tenant, opportunity_id) REFERENCES pursuit_opportunity (tenant, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant, category_id) REFERENCES pursuit_archive_entry (tenant, id)
) WITHOUT ROWID;
CREATE INDEX pursuit_opportunity_expense_category ON pursuit_opportunity_expense (tenant, category_id);
CREATE INDEX pursuit_opportunity_expense_user ON pursuit_opportunity_expense (tenant, user_id, on_date, id);
CREATE INDEX pursuit_opportunity_expense_status ON pursuit_opportunity_expense (tenant, status, on_date, id);
CREATE INDEX pursuit_opportunity_expense_date ON pursuit_opportunity_expense (tenant, on_date, id);

-- +goose Down
DROP TABLE pursuit_opportunity_expense;
DROP TABLE pursuit_opportunity_activity;
