-- Scorecard versions, documents and evaluations of opportunities.

-- +goose Up
-- What scorecards ask. A version never changes.
CREATE TABLE pursuit_scorecard_version (
    tenant       TEXT NOT NULL,
    scorecard_id BLOB NOT NULL,
    number       INTEGER NOT NULL,
    scale        INTEGER NOT NULL,
    criteria     TEXT NOT NULL, -- JSON
    published    INTEGER NOT NULL,
    published_by TEXT NOT NULL,
    PRIMARY KEY (tenant, scorecard_id, number),
    FOREIGN KEY (tenant, scorecard_id) REFERENCES pursuit_archive_entry (tenant, id) ON DELETE CASCADE
) WITHOUT ROWID;

-- What is known of documents. Their content is kept elsewhere.
CREATE TABLE pursuit_opportunity_document (
    tenant         TEXT NOT NULL,
    opportunity_id BLOB NOT NULL,
    id             BLOB NOT NULL,
    name           TEXT NOT NULL,
    kind_id        BLOB,
    kind_code      TEXT NOT NULL,
    media_type     TEXT NOT NULL,
    size           INTEGER NOT NULL, -- bytes
    hash           TEXT NOT NULL, -- SHA-256 in hexadecimal, or ''
    stored         INTEGER NOT NULL,
    location       TEXT NOT NULL,
    note           TEXT NOT NULL,
    added          INTEGER NOT NULL,
    by_user        TEXT NOT NULL,
    PRIMARY KEY (tenant, opportunity_id, id),
    FOREIGN KEY (tenant, opportunity_id) REFERENCES pursuit_opportunity (tenant, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant, kind_id) REFERENCES pursuit_archive_entry (tenant, id)
) WITHOUT ROWID;
CREATE INDEX pursuit_opportunity_document_id ON pursuit_opportunity_document (tenant, id);
CREATE INDEX pursuit_opportunity_document_kind ON pursuit_opportunity_document (tenant, kind_id);

-- Judgements by scorecards.
CREATE TABLE pursuit_opportunity_evaluation (
    tenant         TEXT NOT NULL,
    opportunity_id BLOB NOT NULL,
    id             BLOB NOT NULL,
    scorecard_id   BLOB NOT NULL,
    code           TEXT NOT NULL, -- of the scorecard
    version        INTEGER NOT NULL, -- of the scorecard
    evaluator      TEXT NOT NULL,
    status         TEXT NOT NULL,
    answers        TEXT, -- JSON
    note           TEXT NOT NULL,
    score          INTEGER NOT NULL, -- hundredths of a percent
    number         INTEGER NOT NULL, -- of the submitted ones
    started        INTEGER NOT NULL,
    submitted      INTEGER,
    PRIMARY KEY (tenant, opportunity_id, id),
    FOREIGN KEY (tenant, opportunity_id) REFERENCES pursuit_opportunity (tenant, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant, scorecard_id) REFERENCES pursuit_archive_entry (tenant, id)
) WITHOUT ROWID;
CREATE INDEX pursuit_opportunity_evaluation_scorecard ON pursuit_opportunity_evaluation (tenant, scorecard_id);

-- +goose Down
DROP TABLE pursuit_opportunity_evaluation;
DROP TABLE pursuit_opportunity_document;
DROP TABLE pursuit_scorecard_version;
