package migrate

import (
	"cmp"
	"database/sql"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/storage/sqlstore"
)

// Options are the names of the tables, as sqlstore.New takes them, and how the
// lock behaves.
type Options struct {
	sqlstore.Options
	// Poll is how long to wait before the lock is looked at again; 0: 200 ms.
	Poll time.Duration
	// Stale is how long the lock must stay with the same holder before it is taken
	// from it, as its process died; longer than any migration takes. 0: 10 minutes.
	Stale time.Duration
}

// New returns goose's provider for the tables of some options: Up, UpByOne, Down,
// DownTo, Status and so on, under a lock. Down drops the tables with all that is
// in them. nil options take the defaults. The database stays the host's to close.
// Errors as for sqlstore.New; ErrInternal ("storage.no_database").
func New(db *sql.DB, d sqlstore.Dialect, opts *Options) (*goose.Provider, error) {
	var o Options
	if opts != nil {
		o = *opts
	}
	files, err := sqlstore.Migrations(d, &o.Options)
	if err != nil {
		return nil, err
	}
	if db == nil {
		return nil, fault.New(fault.ErrInternal, "storage.no_database", "no database was supplied")
	}
	names := cmp.Or(o.Prefix, sqlstore.DefaultPrefix)
	if o.Schema != "" {
		names = `"` + o.Schema + `".` + names
	}
	store, err := database.NewStore(dialects[d.Name()], names+"goose_version")
	if err != nil {
		return nil, fault.Wrap(fault.ErrInternal, "storage.migrate", "goose doesn't know the database", err)
	}
	return goose.NewProvider(goose.DialectCustom, db, files,
		goose.WithStore(versions{store, d.Name() == "postgres"}),
		goose.WithSessionLocker(&rowLock{names: names, numbered: d.Name() == "postgres",
			poll: cmp.Or(o.Poll, 200*time.Millisecond), stale: cmp.Or(o.Stale, 10*time.Minute)}),
		goose.WithDisableGlobalRegistry(true),
		goose.WithLogger(goose.NopLogger()))
}

// dialects are goose's names for ours.
var dialects = map[string]database.Dialect{
	"sqlite":   database.DialectSQLite3,
	"postgres": database.DialectPostgres,
	"mysql":    database.DialectMySQL,
}
