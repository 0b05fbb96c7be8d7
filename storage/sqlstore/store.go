package sqlstore

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/storage"
)

// Options set a Store up; nil Options take the defaults.
type Options struct {
	// Prefix begins the names of all tables and indexes; DefaultPrefix if empty.
	// 1 to 24 of a-z, 0-9 and _, beginning with a letter.
	Prefix string
	// NormalSync lets Check accept SQLite's synchronous=NORMAL, which is faster and
	// may lose the last transactions when the power fails.
	NormalSync bool
}

// Store keeps everything in a database. It is safe for concurrent use.
type Store struct {
	db      *sql.DB
	d       Dialect
	opts    Options
	lock    string
	stmts   *statements
	texts   sync.Map     // statement as written here to statement as run
	shapes  sync.Map     // shape, getShape or columns to statement
	updates atomic.Int64 // how many UPDATEs were made
}

var (
	_         storage.Store = (*Store)(nil)
	goodNames               = regexp.MustCompile(`^[a-z][a-z0-9_]{0,23}$`)
)

// New makes a store on a database; db may be nil if only Bind is used. It
// doesn't touch the database: see Migrate and Check. The caller closes db.
// Errors: ErrInvalid for the zero Dialect and for a bad prefix.
func New(db *sql.DB, d Dialect, opts *Options) (*Store, error) {
	o, err := checked(d, opts)
	if err != nil {
		return nil, err
	}
	s := &Store{db: db, d: d, opts: o, stmts: newStatements()}
	if d.lock != "" {
		s.lock = rendered(d.lock, o.Prefix, &s.d)
	}
	return s, nil
}

func checked(d Dialect, opts *Options) (Options, error) {
	var o Options
	if opts != nil {
		o = *opts
	}
	if o.Prefix == "" {
		o.Prefix = DefaultPrefix
	}
	var f fault.Fields
	if d.name == "" {
		f.Add("/dialect", "required", "is required")
	}
	if !goodNames.MatchString(o.Prefix) || strings.HasPrefix(o.Prefix, "sqlite") || strings.HasPrefix(o.Prefix, "pg_") {
		f.Add("/prefix", "bad_prefix", "must be 1 to 24 of a-z, 0-9 and _, beginning with a letter")
	}
	return o, f.Invalid("storage.options")
}

func noDB() error {
	return fault.New(fault.ErrInternal, "storage.no_database", "the store was made without a database")
}

// Update runs fn in a transaction of its own; see storage.Store.
func (s *Store) Update(ctx context.Context, fn func(context.Context, storage.Tx) error) error {
	return s.run(ctx, &s.d.update, true, fn)
}

// View runs fn in a transaction of its own that reads; see storage.Store.
func (s *Store) View(ctx context.Context, fn func(context.Context, storage.Tx) error) error {
	return s.run(ctx, &s.d.view, false, fn)
}

func (s *Store) run(ctx context.Context, opts *sql.TxOptions, write bool, fn func(context.Context, storage.Tx) error) (err error) {
	if s.db == nil {
		return noDB()
	}
	if err := cancelled(ctx); err != nil {
		return err
	}
	conn, err := s.db.Conn(ctx)
	if err != nil {
		return s.fault(ctx, err)
	}
	// The transaction doesn't end with the context: database/sql would roll it
	// back at any moment, while a COMMIT is on its way too. Statements do.
	base := context.WithoutCancel(ctx)
	sqlTx, err := conn.BeginTx(base, opts)
	if err != nil {
		conn.Close()
		return s.fault(ctx, err)
	}
	o := &owned{s: s, tx: sqlTx}
	t := &tx{s: s, c: o, state: &state{}, write: write}
	committing := false
	defer func() {
		t.ended = true
		if !committing {
			s.rollback(base, conn, sqlTx)
		}
		conn.Close()
		s.stmts.prepare(base, s.db, o.missed)
	}()
	if write && s.lock != "" {
		if _, err := sqlTx.ExecContext(ctx, s.lock); err != nil {
			return s.fault(ctx, err)
		}
	}
	err = fn(ctx, t)
	if err == nil && t.state.poisoned && write {
		err = aborted()
	}
	if err == nil {
		err = cancelled(ctx)
	}
	if err != nil || !write {
		return err
	}
	committing = true
	if err := sqlTx.Commit(); err != nil {
		s.undo(base, conn)
		return s.commitFault(err)
	}
	return nil
}

// rollback ends a transaction. If that fails the connection may still be inside
// it, and the next user's COMMIT would commit it: it is thrown away.
func (s *Store) rollback(ctx context.Context, conn *sql.Conn, tx *sql.Tx) {
	if err := tx.Rollback(); err != nil && !s.d.noTx(err) {
		discard(conn)
	}
}

// undo ends a transaction whose COMMIT failed.
func (s *Store) undo(ctx context.Context, conn *sql.Conn) {
	if _, err := conn.ExecContext(ctx, "ROLLBACK"); err != nil && !s.d.noTx(err) {
		discard(conn)
	}
}

func discard(conn *sql.Conn) {
	_ = conn.Raw(func(any) error { return driver.ErrBadConn })
}

// Bind gives a store that works inside a transaction of the host: it never
// begins, commits, rolls back, repeats or sets anything. After an error that may
// have left a command half-written it refuses everything: the host must roll
// back, and bind again for the next transaction.
func (s *Store) Bind(c Conn) storage.Bound { return &bound{s: s, c: c, state: &state{}} }

type bound struct {
	s     *Store
	c     Conn
	state *state
}

func (*bound) Bound() {}

func (b *bound) Update(ctx context.Context, fn func(context.Context, storage.Tx) error) error {
	return b.run(ctx, true, fn)
}

func (b *bound) View(ctx context.Context, fn func(context.Context, storage.Tx) error) error {
	return b.run(ctx, false, fn)
}

func (b *bound) run(ctx context.Context, write bool, fn func(context.Context, storage.Tx) error) error {
	t := &tx{s: b.s, c: b.c, state: b.state, write: write}
	if err := t.can(ctx, false); err != nil {
		return err
	}
	done := false
	defer func() {
		t.ended = true
		if !done && t.wrote {
			t.state.poisoned = true
		}
	}()
	err := fn(ctx, t)
	if err == nil && t.state.poisoned {
		err = aborted()
	}
	done = err == nil
	return err
}
