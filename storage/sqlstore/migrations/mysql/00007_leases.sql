-- Leases: who does something that only one may do at a time, and until when.

-- +goose Up
CREATE TABLE IF NOT EXISTS pursuit_lease (
    tenant     VARCHAR(64) NOT NULL,
    name       VARCHAR(128) NOT NULL,
    holder     VARCHAR(128) NOT NULL,
    expires_at BIGINT NOT NULL,
    version    BIGINT NOT NULL,
    PRIMARY KEY (tenant, name)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE /*M! utf8mb4_nopad_bin *//*!80017 utf8mb4_0900_bin */;

-- +goose Down
DROP TABLE IF EXISTS pursuit_lease;
