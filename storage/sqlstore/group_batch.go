package sqlstore

import (
	"context"
	"database/sql"
	"sync/atomic"
	"time"

	"github.com/pursuit-crm/pursuit/storage"
)

// What keeps the work of one closure apart from that of those before it.
const (
	savepoint  = "SAVEPOINT pursuit_member"
	rollbackTo = "ROLLBACK TO pursuit_member"
	release    = "RELEASE pursuit_member"
)

// batch is a transaction that several Updates share. It belongs to whoever has
// the turn; the others wait until done is closed, and then read err.
type batch struct {
	s      *Store
	base   context.Context // for BEGIN, COMMIT and savepoints: it doesn't end
	conn   *sql.Conn
	groups int     // how many the connection was handed on by before
	tx     *sql.Tx // nil: not yet begun
	o      *owned
	tried  int                    // how many closures ran
	kept   int                    // how many of them succeeded
	open   *time.Timer            // until when others are taken in; nil: nobody waits for COMMIT
	cur    atomic.Pointer[member] // who runs after others whose work is kept
	done   chan struct{}          // made before the turn is passed
	err    error
}

// run runs a closure, on its caller's goroutine, and ends when it is committed or
// undone. The caller has the turn, and loses it.
//
// The first closure to succeed needs no savepoint: if it fails, the transaction
// can be rolled back.
func (b *batch) run(ctx context.Context, fn func(context.Context, storage.Tx) error) (err error) {
	if err := cancelled(ctx); err != nil { // while it waited for its turn
		return b.skipped(ctx, err)
	}
	var m *member // nil: alone
	t := &tx{s: b.s, c: b.o, state: &state{}, write: true}
	if b.kept > 0 {
		m = &member{o: b.o}
		t.c = m
		b.cur.Store(m)
	}
	returned := false
	defer func() { // also when fn panics, or ends its goroutine
		t.end()
		switch {
		case m != nil && !m.leave(): // it was given up
			if err == nil || ctx.Err() == nil {
				err = busy()
			}
		case returned && err == nil:
			err = b.succeeded(m == nil)
		default:
			clean := returned && !t.wrote && !t.state.poisoned
			err = b.failed(ctx, err, m == nil, clean, returned)
		}
	}()
	if m != nil {
		err = m.begin(b)
	}
	if err == nil {
		err = fn(ctx, t)
	}
	if err == nil && t.state.poisoned {
		err = aborted()
	}
	if err == nil {
		err = cancelled(ctx)
	}
	returned = true
	return err
}

func (b *batch) exec(query string) error {
	if _, err := b.o.Exec(b.base, query); err != nil {
		return b.s.fault(b.base, err)
	}
	return nil
}

// skipped passes the turn for a caller whose closure doesn't run.
func (b *batch) skipped(ctx context.Context, err error) error {
	if b.kept == 0 {
		return b.failed(ctx, err, true, true, true)
	}
	if !b.next() {
		_ = b.commit() // those who wait read it
	}
	return err
}

// succeeded keeps what a closure did, and waits for COMMIT.
func (b *batch) succeeded(alone bool) error {
	if !alone && b.exec(release) != nil {
		b.giveUp()
		return busy()
	}
	b.tried++
	b.kept++
	first := b.kept == 1
	if !b.next() {
		return b.commit()
	}
	return b.wait(first)
}

// failed undoes what a closure did, or may have done. clean says that it did
// nothing. A refusal may come of what closures before it did: it is given only
// once that is committed; a panic (returned is false) goes on at once.
func (b *batch) failed(ctx context.Context, err error, alone, clean, returned bool) error {
	b.tried++
	switch {
	case alone && clean && b.room() && b.s.turns.pass(b, true):
		return err // whoever is next goes on in the same transaction
	case alone:
		b.s.rollback(b.base, b.conn, b.tx)
		b.end(nil)
		return err
	case b.exec(rollbackTo) != nil || b.exec(release) != nil:
		b.giveUp()
		return err
	case !b.next():
		if b.commit() != nil {
			return lost(ctx, err)
		}
		return err
	case !returned:
		return err
	}
	select {
	case <-b.done:
		if b.err != nil {
			return lost(ctx, err)
		}
	case <-ctx.Done():
	}
	return err
}

// lost is what becomes of a refusal when that on which it may rest is lost.
func lost(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return err
	}
	return busy()
}

// room says whether another closure may still run before COMMIT.
func (b *batch) room() bool {
	if b.tried >= b.s.opts.GroupSize {
		return false
	}
	if b.open == nil {
		return true
	}
	select {
	case <-b.open.C:
		return false
	default:
		return true
	}
}

// next passes the turn, and the transaction with it, if there is room for
// somebody who waits.
func (b *batch) next() bool {
	if !b.room() || !b.s.turns.wanted() {
		return false
	}
	if b.done == nil {
		b.done = make(chan struct{})
		b.open = time.NewTimer(b.s.opts.GroupTime)
	}
	return b.s.turns.pass(b, true)
}

// wait waits for COMMIT. The first who does so watches over those who come after.
func (b *batch) wait(watch bool) error {
	if !watch {
		<-b.done
		return b.err
	}
	timer := time.NewTimer(groupStall)
	defer timer.Stop()
	var last *member
	var seen int64
	for {
		select {
		case <-b.done:
			return b.err
		case <-timer.C:
			if m := b.cur.Load(); m != nil { // nil: somebody has just got the turn
				runs := m.runs.Load()
				if m == last && runs == seen {
					b.evict(m, runs)
				}
				last, seen = m, runs
			}
			timer.Reset(groupStall)
		}
	}
}

// evict takes the turn away from a closure that does nothing, undoes what it did,
// and commits the others. Else it could make them wait for ever, or for what they
// themselves would do next.
func (b *batch) evict(m *member, runs int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.out || m.runs.Load() != runs {
		return
	}
	m.end()
	if b.exec(rollbackTo) != nil || b.exec(release) != nil {
		b.giveUp()
		return
	}
	_ = b.commit() // those who wait read it
}

// commit commits for all, and passes the turn.
func (b *batch) commit() error {
	b.o.letGo()
	err := b.tx.Commit()
	if err != nil {
		b.s.undo(b.base, b.conn)
		err = b.s.commitFault(err)
	}
	b.end(err)
	return err
}

// giveUp ends a transaction that the database has ended already, or that can't be
// taken back to where it was: nothing of it is committed, and those whose closures
// succeeded may try again.
func (b *batch) giveUp() {
	b.s.rollback(b.base, b.conn, b.tx)
	b.end(busy())
}

// end tells those who wait, and passes the turn. The transaction is over.
func (b *batch) end(err error) {
	missed := b.o.missed
	if err == nil && b.kept > 0 && len(missed) == 0 && b.s.hand(b.conn, b.groups) {
		b.tell(nil)
		return
	}
	b.conn.Close()
	b.tell(err)
	b.s.stmts.prepare(b.base, b.s.db, b.s.d.prepareWait, missed)
	b.s.turns.pass(nil, true)
}

func (b *batch) tell(err error) {
	if b.done != nil {
		b.open.Stop()
		b.err = err
		close(b.done)
	}
}
