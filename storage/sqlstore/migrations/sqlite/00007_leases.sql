-- Leases: who does something that only one may do at a time, and until when.

-- +goose Up
CREATE TABLE pursuit_lease (
    tenant     TEXT    NOT NULL,
    name       TEXT    NOT NULL,
    holder     TEXT    NOT NULL,
    expires_at INTEGER NOT NULL,
    version    INTEGER NOT NULL,
    PRIMARY KEY (tenant, name)
) WITHOUT ROWID;

-- +goose Down
DROP TABLE pursuit_lease;
