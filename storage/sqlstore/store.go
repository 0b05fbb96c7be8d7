package sqlstore

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/storage"
)

// Options configure a Store; nil Options mean the defaults.
type Options struct {
	// Prefix begins the names of all tables and indexes; empty means
	// DefaultPrefix. It has 1 to 24 characters of a-z, 0-9 and _, and begins with
	// a letter.
	Prefix string
	// Schema is the tables' schema, on PostgreSQL only; it must exist. If it is
	// empty, the connection's search_path decides. It has 1 to 48 characters of
	// a-z, 0-9 and _, and begins with a letter.
	Schema string
	// NormalSync lets Check accept faster settings that may lose the last
	// transactions in a power failure: SQLite's synchronous=NORMAL, PostgreSQL's
	// synchronous_commit=off, MariaDB's innodb_flush_log_at_trx_commit=0 or 2.
	NormalSync bool
	// NoGroups gives each Update a COMMIT of its own. Otherwise, on SQLite,
	// concurrent Updates share one; see the package documentation.
	NoGroups bool
	// GroupSize is the most Updates that share a COMMIT, up to 1000; 0 means 64.
	GroupSize int
	// GroupTime is how long a group accepts Updates, from the time one waits for
	// its COMMIT; 0 means 20 ms. It limits how much longer an Update may take
	// because of later ones, apart from the last of them.
	GroupTime time.Duration
}

// Store stores everything in a database. It is safe for concurrent use.
type Store struct {
	db      *sql.DB
	pool    Pool // instead of db
	d       Dialect
	opts    Options
	names   string // what table names begin with: the schema and the prefix
	lock    string
	stmts   *statements
	turns   *turns       // of groups; nil: none
	texts   sync.Map     // statement as written here to statement as run
	shapes  sync.Map     // shape, getShape, basisShape or columns to statement
	updates atomic.Int64 // how many UPDATEs were made
}

var (
	_           storage.Store = (*Store)(nil)
	goodNames                 = regexp.MustCompile(`^[a-z][a-z0-9_]{0,23}$`)
	goodSchemas               = regexp.MustCompile(`^[a-z][a-z0-9_]{0,47}$`)
)

// New returns a store on a database; db may be nil if only Bind is used. It
// doesn't access the database: see Migrate and Check. The caller closes db.
// Errors: ErrInvalid for the zero Dialect, and for a malformed prefix, schema or
// size.
func New(db *sql.DB, d Dialect, opts *Options) (*Store, error) {
	o, err := checked(d, opts)
	if err != nil {
		return nil, err
	}
	s := &Store{db: db, d: d, opts: o, names: o.names(), stmts: newStatements()}
	if d.lock != "" {
		s.lock = rendered(d.lock, s.names, &s.d)
	}
	if d.groups && !o.NoGroups {
		s.turns = &turns{}
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
	switch {
	case o.Schema == "":
	case !d.schemas:
		f.Add("/schema", "unsupported", "isn't supported by the database")
	case !goodSchemas.MatchString(o.Schema) || strings.HasPrefix(o.Schema, "pg_"):
		f.Add("/schema", "bad_schema", "must be 1 to 48 of a-z, 0-9 and _, beginning with a letter")
	}
	if o.GroupSize < 0 || o.GroupSize > maxGroup {
		f.Add("/group_size", "out_of_range", "must be 0 to 1000")
	}
	if o.GroupSize == 0 {
		o.GroupSize = defaultGroup
	}
	if o.GroupTime < 0 {
		f.Add("/group_time", "negative", "must not be negative")
	}
	if o.GroupTime == 0 {
		o.GroupTime = defaultGroupTime
	}
	return o, f.Invalid("storage.options")
}

// names is what the names of tables begin with. The schema is quoted: it may be a
// word of SQL.
func (o *Options) names() string {
	if o.Schema == "" {
		return o.Prefix
	}
	return `"` + o.Schema + `".` + o.Prefix
}

func noDB() error {
	return fault.New(fault.ErrInternal, "storage.no_database", "the store was made without a database")
}

// Update runs fn in a transaction of its own; see storage.Store.
func (s *Store) Update(ctx context.Context, fn func(context.Context, storage.Tx) error) error {
	if s.turns != nil {
		return s.grouped(ctx, fn)
	}
	return s.run(ctx, &s.d.update, true, fn)
}

// View runs fn in a read transaction of its own; see storage.Store.
func (s *Store) View(ctx context.Context, fn func(context.Context, storage.Tx) error) error {
	return s.run(ctx, &s.d.view, false, fn)
}

func (s *Store) run(ctx context.Context, opts *sql.TxOptions, write bool, fn func(context.Context, storage.Tx) error) error {
	if s.pool != nil {
		return s.pooled(ctx, write, fn)
	}
	if s.db == nil {
		return noDB()
	}
	if err := cancelled(ctx); err != nil {
		return err
	}
	// The transaction doesn't end with the context: database/sql would roll it
	// back at any moment, while a COMMIT is on its way too. Statements do.
	base := context.WithoutCancel(ctx)
	var conn *sql.Conn
	var o *owned
	var err error
	if write {
		conn, o, err = s.opening(ctx, base, opts)
	} else {
		o = &owned{s: s}
		conn, o.tx, err = s.begin(ctx, base, opts)
	}
	if err != nil {
		return s.fault(ctx, err)
	}
	if write && s.d.local {
		o.base = base
	}
	t := &tx{s: s, c: o, state: &state{}, write: write}
	committing := false
	defer func() {
		t.end()
		if !committing {
			s.rollback(base, conn, o.tx)
		}
		conn.Close()
		if !s.d.unprepared {
			s.stmts.prepare(base, s.db, s.d.prepareWait, o.missed)
		}
	}()
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
	o.letGo()
	if err := o.tx.Commit(); err != nil {
		s.undo(base, conn)
		return s.commitFault(err)
	}
	return nil
}

// maxStale is how many connections that turn out to be closed are passed over.
const maxStale = 4

// begin takes a connection and begins a transaction on it. One that the server
// closed while it was idle shows that only now, and nothing was run yet: the next
// one is tried.
func (s *Store) begin(ctx, base context.Context, opts *sql.TxOptions) (*sql.Conn, *sql.Tx, error) {
	for stale := 0; ; stale++ {
		conn, err := s.db.Conn(ctx)
		if err != nil {
			return nil, nil, err
		}
		tx, err := conn.BeginTx(base, opts)
		if err == nil {
			return conn, tx, nil
		}
		conn.Close()
		if stale >= maxStale || s.class(err) != classLost {
			return nil, nil, err
		}
	}
}

// rollback ends a transaction. If that fails the connection may still be inside
// it, and the next user's COMMIT would commit it: it is thrown away.
func (s *Store) rollback(ctx context.Context, conn *sql.Conn, tx *sql.Tx) {
	if err := tx.Rollback(); err != nil && (s.d.noTx == nil || !s.d.noTx(err)) {
		discard(conn)
	}
}

// undo ends a transaction whose COMMIT failed.
func (s *Store) undo(ctx context.Context, conn *sql.Conn) {
	if _, err := conn.ExecContext(ctx, "ROLLBACK"); err != nil && (s.d.noTx == nil || !s.d.noTx(err)) {
		discard(conn)
	}
}

func discard(conn *sql.Conn) {
	_ = conn.Raw(func(any) error { return driver.ErrBadConn })
}

// Bind returns a store that works inside a transaction of the host: it never
// begins, commits, rolls back, retries or sets anything. After an error that may
// have left a command half-written it refuses every call, and its Err reports
// that: the host must roll back, and bind again for the next transaction.
func (s *Store) Bind(c Conn) storage.Bound { return &bound{s: s, c: c, state: &state{}} }

type bound struct {
	s     *Store
	c     Conn
	state *state
}

func (b *bound) Err() error {
	if b.state.poisoned {
		return aborted()
	}
	return nil
}

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
		t.end()
		if !done && t.wrote {
			t.state.poisoned = true
		}
	}()
	err := fn(ctx, t)
	if err == nil {
		err = t.flush(ctx)
	}
	if err == nil && t.state.poisoned {
		err = aborted()
	}
	done = err == nil
	return err
}
