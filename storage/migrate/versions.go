package migrate

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/pressly/goose/v3/database"
)

// versions is goose's store, but for two habits: it looks for its table in the
// catalogue by a name without quotes, and ours may be quoted; and it wants times
// from the driver, which go-sql-driver/mysql gives only with parseTime=true.
type versions struct {
	database.Store
	numbered bool
}

// TableExists asks the table itself.
func (v versions) TableExists(ctx context.Context, db database.DBTxConn) (bool, error) {
	var n int
	err := db.QueryRowContext(ctx, "SELECT COUNT(*) FROM "+v.Tablename()).Scan(&n)
	return err == nil, ctx.Err()
}

// GetMigration takes a time in whatever form the driver gives it.
func (v versions) GetMigration(ctx context.Context, db database.DBTxConn, version int64) (*database.GetMigrationResult, error) {
	mark := "?"
	if v.numbered {
		mark = "$1"
	}
	var at any
	var out database.GetMigrationResult
	err := db.QueryRowContext(ctx, "SELECT tstamp, is_applied FROM "+v.Tablename()+" WHERE version_id = "+mark+" ORDER BY tstamp DESC LIMIT 1", version).Scan(&at, &out.IsApplied)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("%w: %d", database.ErrVersionNotFound, version)
	}
	switch x := at.(type) {
	case time.Time:
		out.Timestamp = x
	case []byte:
		out.Timestamp, _ = time.Parse(time.DateTime, string(x)) // for display only
	case string:
		out.Timestamp, _ = time.Parse(time.DateTime, x)
	}
	return &out, err
}
