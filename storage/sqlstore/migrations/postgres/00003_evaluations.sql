-- Scorecard versions, documents and evaluations of opportunities.

-- +goose Up
-- What scorecards ask. A version never changes.
CREATE TABLE pursuit_scorecard_version (
    tenant       TEXT COLLATE "C" NOT NULL,
    scorecard_id UUID NOT NULL,
    number       INTEGER NOT NULL,
    scale        INTEGER NOT NULL,
    criteria     TEXT COLLATE "C" NOT NULL, -- JSON
    published    BIGINT NOT NULL,
    published_by TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant, scorecard_id, number),
    FOREIGN KEY (tenant, scorecard_id) REFERENCES pursuit_archive_entry (tenant, id) ON DELETE CASCADE
);

-- What is known of documents. Their content is kept elsewhere.
CREATE TABLE pursuit_opportunity_document (
    tenant         TEXT COLLATE "C" NOT NULL,
    opportunity_id UUID NOT NULL,
    id             UUID NOT NULL,
    name           TEXT COLLATE "C" NOT NULL,
    kind_id        UUID,
    kind_code      TEXT COLLATE "C" NOT NULL,
    media_type     TEXT COLLATE "C" NOT NULL,
    size           BIGINT NOT NULL, -- bytes
    hash           TEXT COLLATE "C" NOT NULL, -- SHA-256 in hexadecimal, or ''
    stored         SMALLINT NOT NULL,
    location       TEXT COLLATE "C" NOT NULL,
    note           TEXT COLLATE "C" NOT NULL,
    added          BIGINT NOT NULL,
    by_user        TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant, opportunity_id, id),
    FOREIGN KEY (tenant, opportunity_id) REFERENCES pursuit_opportunity (tenant, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant, kind_id) REFERENCES pursuit_archive_entry (tenant, id)
);
CREATE INDEX pursuit_opportunity_document_id ON pursuit_opportunity_document (tenant, id);
CREATE INDEX pursuit_opportunity_document_kind ON pursuit_opportunity_document (tenant, kind_id);

-- Judgements by scorecards.
CREATE TABLE pursuit_opportunity_evaluation (
    tenant         TEXT COLLATE "C" NOT NULL,
    opportunity_id UUID NOT NULL,
    id             UUID NOT NULL,
    scorecard_id   UUID NOT NULL,
    code           TEXT COLLATE "C" NOT NULL, -- of the scorecard
    version        INTEGER NOT NULL, -- of the scorecard
    evaluator      TEXT COLLATE "C" NOT NULL,
    status         TEXT COLLATE "C" NOT NULL,
    answers        TEXT COLLATE "C", -- JSON
    note           TEXT COLLATE "C" NOT NULL,
    score          INTEGER NOT NULL, -- hundredths of a percent
    number         INTEGER NOT NULL, -- of the submitted ones
    started        BIGINT NOT NULL,
    submitted      BIGINT,
    PRIMARY KEY (tenant, opportunity_id, id),
    FOREIGN KEY (tenant, opportunity_id) REFERENCES pursuit_opportunity (tenant, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant, scorecard_id) REFERENCES pursuit_archive_entry (tenant, id)
);
CREATE INDEX pursuit_opportunity_evaluation_scorecard ON pursuit_opportunity_evaluation (tenant, scorecard_id);

-- +goose Down
DROP TABLE pursuit_opportunity_evaluation;
DROP TABLE pursuit_opportunity_document;
DROP TABLE pursuit_scorecard_version;
