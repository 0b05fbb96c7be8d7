-- Scorecard versions, documents and evaluations of opportunities.

-- +goose Up
-- What scorecards ask. A version never changes.
CREATE TABLE IF NOT EXISTS pursuit_scorecard_version (
    tenant       VARCHAR(64) NOT NULL,
    scorecard_id BINARY(16) NOT NULL,
    number       INT NOT NULL,
    scale        INT NOT NULL,
    criteria     MEDIUMTEXT NOT NULL, -- JSON
    published    BIGINT NOT NULL,
    published_by VARCHAR(128) NOT NULL,
    PRIMARY KEY (tenant, scorecard_id, number),
    FOREIGN KEY (tenant, scorecard_id) REFERENCES pursuit_archive_entry (tenant, id) ON DELETE CASCADE
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE /*M! utf8mb4_nopad_bin *//*!80017 utf8mb4_0900_bin */;

-- What is known of documents. Their content is kept elsewhere.
CREATE TABLE IF NOT EXISTS pursuit_opportunity_document (
    tenant         VARCHAR(64) NOT NULL,
    opportunity_id BINARY(16) NOT NULL,
    id             BINARY(16) NOT NULL,
    name           VARCHAR(200) NOT NULL,
    kind_id        BINARY(16),
    kind_code      VARCHAR(64) NOT NULL,
    media_type     VARCHAR(128) NOT NULL,
    size           BIGINT NOT NULL, -- bytes
    hash           VARCHAR(64) NOT NULL, -- SHA-256 in hexadecimal, or ''
    stored         TINYINT NOT NULL,
    location       TEXT NOT NULL,
    note           TEXT NOT NULL,
    added          BIGINT NOT NULL,
    by_user        VARCHAR(128) NOT NULL,
    PRIMARY KEY (tenant, opportunity_id, id),
    FOREIGN KEY (tenant, opportunity_id) REFERENCES pursuit_opportunity (tenant, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant, kind_id) REFERENCES pursuit_archive_entry (tenant, id),
    KEY pursuit_opportunity_document_id (tenant, id),
    KEY pursuit_opportunity_document_kind (tenant, kind_id)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE /*M! utf8mb4_nopad_bin *//*!80017 utf8mb4_0900_bin */;

-- Judgements by scorecards.
CREATE TABLE IF NOT EXISTS pursuit_opportunity_evaluation (
    tenant         VARCHAR(64) NOT NULL,
    opportunity_id BINARY(16) NOT NULL,
    id             BINARY(16) NOT NULL,
    scorecard_id   BINARY(16) NOT NULL,
    code           VARCHAR(64) NOT NULL, -- of the scorecard
    version        INT NOT NULL, -- of the scorecard
    evaluator      VARCHAR(128) NOT NULL,
    status         VARCHAR(64) NOT NULL,
    answers        MEDIUMTEXT, -- JSON
    note           TEXT NOT NULL,
    score          INT NOT NULL, -- hundredths of a percent
    number         INT NOT NULL, -- of the submitted ones
    started        BIGINT NOT NULL,
    submitted      BIGINT,
    PRIMARY KEY (tenant, opportunity_id, id),
    FOREIGN KEY (tenant, opportunity_id) REFERENCES pursuit_opportunity (tenant, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant, scorecard_id) REFERENCES pursuit_archive_entry (tenant, id),
    KEY pursuit_opportunity_evaluation_scorecard (tenant, scorecard_id)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE /*M! utf8mb4_nopad_bin *//*!80017 utf8mb4_0900_bin */;

-- +goose Down
DROP TABLE IF EXISTS pursuit_opportunity_evaluation;
DROP TABLE IF EXISTS pursuit_opportunity_document;
DROP TABLE IF EXISTS pursuit_scorecard_version;
