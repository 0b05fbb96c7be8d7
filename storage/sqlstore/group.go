package sqlstore

import (
	"context"
	"database/sql"
	"slices"
	"sync"
	"time"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/storage"
)

// Bounds of groups; see the package's documentation.
const (
	// defaultGroup is how many Updates share a COMMIT at most, unless the host says
	// otherwise, and maxGroup what it may say.
	defaultGroup = 64
	maxGroup     = 1000
	// defaultGroupTime is Options.GroupTime unless the host says otherwise.
	defaultGroupTime = 20 * time.Millisecond
	// maxHanded is how many groups one after the other use the same connection: one
	// that stays out of the pool can't grow too old there.
	maxHanded = 100
	// groupStall is how long a closure may do nothing with the database while
	// others wait for its group's COMMIT.
	groupStall = time.Second
	// turnWait is how long an Update waits for its turn while nobody gets one.
	turnWait = 5 * time.Second
)

func busy() error {
	return fault.New(fault.ErrRetry, "storage.busy", "the database is busy")
}

// turns hands the right to write from caller to caller, in the order in which
// they came. Whoever has it passes it on, and with it the open transaction, if
// there is room in it.
type turns struct {
	mu      sync.Mutex
	held    bool
	moves   int // how many closures had their turn
	waiting []*waiter
}

type waiter struct{ turn chan *batch }

// take waits for the caller's turn, and gives the transaction that came with it,
// which may have to be begun; nil: there is none. Once it has returned without an error, the turn must be passed.
// Errors: that the context ended; ErrRetry when nothing moves.
func (q *turns) take(ctx context.Context) (*batch, error) {
	q.mu.Lock()
	if !q.held {
		q.held = true
		q.mu.Unlock()
		return nil, nil
	}
	w := &waiter{turn: make(chan *batch, 1)}
	q.waiting = append(q.waiting, w)
	moves := q.moves
	q.mu.Unlock()
	timer := time.NewTimer(turnWait)
	defer timer.Stop()
	for {
		select {
		case b := <-w.turn:
			return b, nil
		case <-ctx.Done():
			if q.leave(w) {
				return nil, cancelled(ctx)
			}
			return <-w.turn, nil // it came at the same moment
		case <-timer.C:
			if q.moved(&moves) {
				timer.Reset(turnWait)
				continue
			}
			if q.leave(w) {
				return nil, busy()
			}
			return <-w.turn, nil
		}
	}
}

// leave takes a caller out of the queue; it is too late once the turn was given.
func (q *turns) leave(w *waiter) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	i := slices.Index(q.waiting, w)
	if i >= 0 {
		q.waiting = slices.Delete(q.waiting, i, i+1)
	}
	return i >= 0
}

func (q *turns) moved(since *int) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	moved := q.moves != *since
	*since = q.moves
	return moved
}

// wanted says whether somebody waits.
func (q *turns) wanted() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.waiting) > 0
}

// pass gives the turn to whoever waits longest, with a transaction to go on in.
// If nobody waits it says false, and the caller, who still has the turn, ends the
// transaction; without one the turn is free then.
func (q *turns) pass(b *batch, ran bool) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if ran {
		q.moves++
	}
	if len(q.waiting) == 0 {
		if b == nil {
			q.held = false
			q.waiting = nil
		}
		return false
	}
	w := q.waiting[0]
	q.waiting[0] = nil
	q.waiting = q.waiting[1:]
	w.turn <- b
	return true
}

// grouped runs fn in a transaction that it may share with other callers.
func (s *Store) grouped(ctx context.Context, fn func(context.Context, storage.Tx) error) error {
	if s.db == nil {
		return noDB()
	}
	if err := cancelled(ctx); err != nil {
		return err
	}
	b, err := s.turns.take(ctx)
	if err != nil {
		return err
	}
	if b == nil || b.tx == nil {
		if b, err = s.openBatch(ctx, b); err != nil {
			return err
		}
	}
	return b.run(ctx, fn)
}

// openBatch begins a transaction, on the connection of the one before if there is
// one, and takes the lock for writing. If it can't, it passes the turn.
func (s *Store) openBatch(ctx context.Context, b *batch) (_ *batch, err error) {
	opened := false
	defer func() {
		if !opened {
			s.turns.pass(nil, false)
		}
	}()
	if b == nil {
		b = &batch{s: s}
	}
	b.base = context.WithoutCancel(ctx)
	p := s.patience()
	defer p.end()
	for {
		b.conn, b.o, err = s.openOnce(ctx, b.base, b.conn, &s.d.update)
		if !p.again(ctx, s, err) {
			break
		}
		b.conn = nil
	}
	if err != nil {
		return nil, s.fault(ctx, err)
	}
	b.tx = b.o.tx
	b.o.base = b.base // it has its lock, and waits for nothing more
	opened = true
	return b, nil
}

// hand gives the turn to whoever waits longest, and the connection with it, on
// which statements are prepared already. It doesn't when others may be waiting for
// that connection, nor for ever.
func (s *Store) hand(conn *sql.Conn, groups int) bool {
	if st := s.db.Stats(); groups >= maxHanded || st.MaxOpenConnections > 0 && st.InUse >= st.MaxOpenConnections {
		return false
	}
	return s.turns.pass(&batch{s: s, conn: conn, groups: groups + 1}, true)
}
