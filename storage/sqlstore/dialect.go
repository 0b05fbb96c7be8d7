package sqlstore

import (
	"context"
	"database/sql"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
)

// Dialect holds the differences between databases, together with the migrations
// in a folder of the dialect's name. In all dialects flags are 0 and 1, times are
// microseconds since 1970, ids hold 16 bytes, and text compares byte by byte.
type Dialect struct {
	name string
	// numbered placeholders are $1, $2, …; otherwise ?.
	numbered bool
	// update and view begin the store's own transactions.
	update, view sql.TxOptions
	// lock, if not empty, is run first in a transaction that may write, and counts
	// as part of BEGIN.
	lock string
	// groups says that Updates share a COMMIT: where only one can write at a time.
	groups bool
	// id makes an argument of an id.
	id func(uuid.UUID) any
	// nothing ends an INSERT that leaves rows alone whose key is there, and doesn't
	// count them. If empty, the INSERT fails, and that doesn't end a transaction.
	nothing string
	// upsert ends an INSERT that sets columns of rows whose key is there, or, if
	// add is set, adds to them.
	upsert func(table string, key, set []string, add bool) string
	// guard makes a statement that raises an error unless it touches so many rows,
	// and guarded knows that error. If nil, statements aren't sent together.
	guard   func(statement string, want int) string
	guarded func(error) bool
	// schemas says that tables may stand in a schema that is named.
	schemas bool
	// unprepared leaves it to the driver to keep statements prepared.
	unprepared bool
	// prepareWait bounds how long preparing may take, apart from commands.
	prepareWait time.Duration
	// local says that there is no network: within a command's transaction statements
	// take microseconds once it has its lock, so that interrupting them is worth
	// less than what the drivers do to be able to.
	local bool
	// column stands around a column that is selected, so that the driver spends less:
	// some copy the names of all columns, and their declared types, for each query.
	column struct{ before, after string }
	// flat says that a comparison of (a, b) with (x, y) doesn't use an index.
	flat bool
	// classify says what an error of the driver means.
	classify func(error) class
	// noTx says that a ROLLBACK failed because there is nothing to roll back; nil:
	// it doesn't fail then.
	noTx func(error) bool
	// refused says that COMMIT's error is the database's own answer, so that nothing
	// was committed; nil: every error is.
	refused func(error) bool
	// there says that a statement of a migration failed because what it makes is
	// there; only where DDL commits by itself.
	there func(error) bool
	// check notes settings that break promises.
	check func(ctx context.Context, c Conn, o *Options, f *fault.Fields) error
	// versionTable creates the table of migrations unless it exists.
	versionTable string
}

// Name returns the database's name: "sqlite", "postgres" or "mysql", which
// includes MariaDB.
func (d Dialect) Name() string { return d.name }

// class is what an error means.
type class uint8

const (
	classOther     class = iota
	classRetry           // the transaction was given up; try again
	classUnique          // a key is taken
	classReference       // a row that is referred to is missing, or still referred to
	classOverflow        // a sum doesn't fit
	classFull            // no space left
	classLost            // the connection is gone
	classAborted         // an earlier error ended the transaction
)
