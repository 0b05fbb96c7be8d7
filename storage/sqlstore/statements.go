package sqlstore

import (
	"context"
	"database/sql"
	"sync"
	"time"
)

// maxStatements bounds how many statements are kept prepared.
const maxStatements = 256

// maxPrepared is the longest text that is prepared: longer ones, with many rows,
// don't come again.
const maxPrepared = 8 << 10

// statements keeps prepared statements by text. They belong to the database, and
// database/sql prepares them on each connection as needed.
type statements struct {
	mu   sync.RWMutex
	by   map[string]*sql.Stmt
	seen map[string]bool
}

func newStatements() *statements {
	return &statements{by: map[string]*sql.Stmt{}, seen: map[string]bool{}}
}

func (p *statements) get(text string) *sql.Stmt {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return p.by[text]
}

// How long preparing may take. On a network a cancelled one costs the connection.
const (
	localWait  = 10 * time.Millisecond
	remoteWait = 5 * time.Second
)

// prepare prepares texts that came a second time. It runs outside of
// transactions: inside one, a pool of one connection would wait for itself. When
// all connections are in use it is left for another time.
func (p *statements) prepare(ctx context.Context, db *sql.DB, wait time.Duration, texts []string) {
	if len(texts) == 0 {
		return
	}
	if st := db.Stats(); st.MaxOpenConnections > 0 && st.InUse >= st.MaxOpenConnections {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	for _, text := range texts {
		p.mu.Lock()
		known := p.by[text] != nil
		again := p.seen[text]
		if !again {
			if len(p.seen) >= 4*maxStatements {
				clear(p.seen)
			}
			p.seen[text] = true
		}
		p.mu.Unlock()
		if known || !again {
			continue
		}
		stmt, err := db.PrepareContext(ctx, text)
		if err != nil {
			return
		}
		p.keep(text, stmt)
	}
}

func (p *statements) keep(text string, stmt *sql.Stmt) {
	p.mu.Lock()
	old := p.by[text]
	if old == nil && len(p.by) >= maxStatements {
		for k, v := range p.by { // any: a hot one comes back
			old = v
			delete(p.by, k)
			break
		}
	}
	p.by[text] = stmt
	p.mu.Unlock()
	if old != nil {
		old.Close()
	}
}

// Close closes the prepared statements; the database stays open.
func (s *Store) Close() error {
	s.stmts.mu.Lock()
	defer s.stmts.mu.Unlock()
	var err error
	for _, stmt := range s.stmts.by {
		if e := stmt.Close(); e != nil && err == nil {
			err = e
		}
	}
	clear(s.stmts.by)
	return err
}

// owned is the connection of one of the store's own transactions: a Conn that
// uses prepared statements.
type owned struct {
	s      *Store
	tx     *sql.Tx
	local  map[string]*sql.Stmt
	tried  map[string]bool
	missed []string
	own    []*sql.Stmt // prepared for this transaction only
	// base, if not nil, is what statements run under: they are too short to be
	// interrupted, and the context is looked at before each.
	base context.Context
}

// letGo closes what was prepared for the transaction. It comes before COMMIT:
// database/sql doesn't close it when that loses the connection, and SQLite's would
// stay open, and locked.
func (o *owned) letGo() {
	for _, st := range o.own {
		st.Close()
	}
	o.own = nil
}

// stmt gives a prepared statement, or nil to run the text as it is.
func (o *owned) stmt(ctx context.Context, text string) *sql.Stmt {
	if o.s.d.unprepared || len(text) > maxPrepared {
		return nil
	}
	if st := o.local[text]; st != nil {
		return st
	}
	if kept := o.s.stmts.get(text); kept != nil {
		st := o.tx.StmtContext(ctx, kept)
		o.hold(text, st)
		return st
	}
	if !o.tried[text] {
		if o.tried == nil {
			o.tried = map[string]bool{}
		}
		o.tried[text] = true
		o.missed = append(o.missed, text)
		return nil
	}
	st, err := o.tx.PrepareContext(ctx, text)
	if err != nil {
		return nil // running the text says what is wrong
	}
	o.own = append(o.own, st)
	o.hold(text, st)
	return st
}

func (o *owned) hold(text string, st *sql.Stmt) {
	if o.local == nil {
		o.local = map[string]*sql.Stmt{}
	}
	if len(o.local) < maxStatements {
		o.local[text] = st
	}
}

func (o *owned) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	if o.base != nil {
		ctx = o.base
	}
	return o.exec(ctx, query, args...)
}

func (o *owned) exec(ctx context.Context, query string, args ...any) (int64, error) {
	st := o.stmt(ctx, query)
	if st == nil {
		return std{o.tx}.Exec(ctx, query, args...)
	}
	r, err := st.ExecContext(ctx, args...)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

func (o *owned) Query(ctx context.Context, query string, args ...any) (Rows, error) {
	if o.base != nil {
		ctx = o.base
	}
	st := o.stmt(ctx, query)
	if st == nil {
		return std{o.tx}.Query(ctx, query, args...)
	}
	rows, err := st.QueryContext(ctx, args...)
	if err != nil {
		return nil, err
	}
	return rows, nil
}
