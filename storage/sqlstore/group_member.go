package sqlstore

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
)

// member is the connection of a closure that shares a transaction with others: a
// Conn whose statements aren't interrupted when the caller's context ends, since
// SQLite would roll the whole transaction back. The context is looked at before
// each statement and each row instead.
type member struct {
	o    *owned
	mu   sync.Mutex    // held while something is done with the connection, not in between
	out  bool          // the closure has ended, or was given up
	open []*memberRows // that aren't closed yet
	runs atomic.Int64
}

// begin sets the savepoint to which a closure's work can be taken back.
func (m *member) begin(b *batch) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return b.exec(savepoint)
}

// leave ends a closure's part; false if it was given up already.
func (m *member) leave() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	left := !m.out
	m.end()
	return left
}

// end closes the rows that were left open; m.mu is held.
func (m *member) end() {
	m.out = true
	for _, r := range m.open {
		r.closed = true
		_ = r.Rows.Close()
	}
	m.open = nil
}

func (m *member) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.runs.Add(1)
	if m.out {
		return 0, busy()
	}
	return m.o.Exec(ctx, query, args...)
}

func (m *member) Query(ctx context.Context, query string, args ...any) (Rows, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.runs.Add(1)
	if m.out {
		return nil, busy()
	}
	rows, err := m.o.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	r := &memberRows{Rows: rows, m: m, ctx: ctx}
	m.open = append(m.open, r)
	return r, nil
}

// memberRows are a member's rows. They end with its part.
type memberRows struct {
	Rows
	m      *member
	ctx    context.Context // of the query that they are of
	err    error
	closed bool
}

func (r *memberRows) Next() bool {
	r.m.mu.Lock()
	defer r.m.mu.Unlock()
	r.m.runs.Add(1)
	switch {
	case r.err != nil:
	case r.closed && r.m.out:
		r.err = busy()
	case r.ctx.Err() != nil:
		r.err = r.ctx.Err()
	default:
		return r.Rows.Next()
	}
	return false
}

func (r *memberRows) Err() error {
	if r.err != nil {
		return r.err
	}
	return r.Rows.Err()
}

func (r *memberRows) Close() error {
	r.m.mu.Lock()
	defer r.m.mu.Unlock()
	r.m.runs.Add(1)
	if r.closed {
		return nil
	}
	r.closed = true
	r.m.open = slices.DeleteFunc(r.m.open, func(x *memberRows) bool { return x == r })
	return r.Rows.Close()
}
