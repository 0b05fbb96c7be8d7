package sqlstore

import (
	"context"
	"sync"
	"sync/atomic"
)

// member is the connection of a closure that shares a transaction with others: a
// Conn whose statements aren't interrupted when the caller's context ends, since
// SQLite would roll the whole transaction back. The context is looked at before
// each statement and each row instead.
type member struct {
	o    *owned
	mu   sync.Mutex // held while a statement runs
	out  bool       // the closure has ended, or was given up
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
	m.out = true
	return left
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
	m.runs.Add(1)
	if m.out {
		m.mu.Unlock()
		return nil, busy()
	}
	rows, err := m.o.Query(ctx, query, args...)
	if err != nil {
		m.mu.Unlock()
		return nil, err
	}
	return &memberRows{Rows: rows, m: m, ctx: ctx}, nil
}

// memberRows are a member's rows; while they are open its statement runs.
type memberRows struct {
	Rows
	m      *member
	ctx    context.Context // of the query that they are of
	err    error
	closed bool
}

func (r *memberRows) Next() bool {
	if r.err = r.ctx.Err(); r.err != nil {
		return false
	}
	return r.Rows.Next()
}

func (r *memberRows) Err() error {
	if r.err != nil {
		return r.err
	}
	return r.Rows.Err()
}

func (r *memberRows) Close() error {
	if r.closed {
		return nil
	}
	r.closed = true
	r.m.runs.Add(1)
	defer r.m.mu.Unlock()
	return r.Rows.Close()
}
