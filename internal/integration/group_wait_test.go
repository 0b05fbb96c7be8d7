package integration

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/storage"
	"github.com/pursuit-crm/pursuit/storage/sqlstore"
)

// holding runs an Update whose closure goes on only when it is let.
func holding(t *testing.T, store storage.Store, name string) (free func() error) {
	t.Helper()
	inside, let, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		done <- store.Update(context.Background(), func(ctx context.Context, tx storage.Tx) error {
			close(inside)
			<-let
			return takes(name)(ctx, tx)
		})
	}()
	<-inside
	return func() error { close(let); return <-done }
}

func TestGroupQueueIsLeftAtOnce(t *testing.T) {
	soon(t, 250*time.Millisecond, func() time.Duration { return queueIsLeft(t) })
}

// queueIsLeft says how long a caller whose context ends takes to leave the queue.
func queueIsLeft(t *testing.T) time.Duration {
	g := newGrouped(t, nil)
	free := holding(t, g.store, "a")
	ctx, cancel := context.WithCancel(context.Background())
	left := make(chan error, 1)
	go func() {
		left <- g.store.Update(ctx, func(context.Context, storage.Tx) error { t.Error("it ran"); return nil })
	}()
	stays := make(chan error, 1)
	require.Eventually(t, func() bool { return queued() == 1 }, patience, time.Millisecond)
	go func() { stays <- g.store.Update(context.Background(), takes("b")) }()
	require.Eventually(t, func() bool { return queued() == 2 }, patience, time.Millisecond)
	start := time.Now()
	cancel()
	err := <-left
	took := time.Since(start)
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, "storage.cancelled", fault.CodeOf(err))
	require.NoError(t, free())
	require.NoError(t, <-stays)
	require.Equal(t, map[string]int64{"a": 1, "a'": 1, "b": 1, "b'": 1}, g.stored())
	require.ErrorIs(t, g.store.Update(ctx, takes("c")), context.Canceled)
	return took
}

// late is a context that ends while its caller looks at it for the first time.
type late struct {
	context.Context
	done chan struct{}
	look func()
}

func (l *late) Done() <-chan struct{} {
	if l.look != nil {
		look := l.look
		l.look = nil
		look()
		close(l.done)
	}
	return l.done
}

func (l *late) Err() error {
	select {
	case <-l.done:
		return context.Canceled
	default:
		return nil
	}
}

// A caller's context ends at the moment in which it gets its turn.
func TestGroupTurnComesTooLate(t *testing.T) {
	g := newGrouped(t, &sqlstore.Options{GroupSize: 1})
	for range 20 {
		free := holding(t, g.store, "a")
		ctx := &late{context.Background(), make(chan struct{}), func() { require.NoError(t, free()) }}
		err := g.store.Update(ctx, func(context.Context, storage.Tx) error { t.Error("it ran"); return nil })
		require.ErrorIs(t, err, context.Canceled)
		next, cancel := context.WithTimeout(context.Background(), patience)
		require.NoError(t, g.store.Update(next, takes("b")), "the turn is there")
		cancel()
	}
}

// A closure that does nothing may be waiting for something that those before it
// would do once they had their answers: it is given up, and they get them.
func TestGroupGivesUpWhoStalls(t *testing.T) {
	g := newGrouped(t, nil)
	store, answered := g.telling()
	errs := lineUp(t, store, caller{context.WithValue(context.Background(), first{}, 1), takes("a")},
		caller{fn: func(ctx context.Context, tx storage.Tx) error {
			require.NoError(t, takes("b")(ctx, tx))
			<-answered
			require.ErrorIs(t, take(ctx, tx, "late"), fault.ErrRetry)
			return nil // swallowed
		}},
		caller{fn: takes("c")})
	require.NoError(t, errs[0])
	require.ErrorIs(t, errs[1], fault.ErrRetry)
	require.NoError(t, errs[2])
	require.Equal(t, map[string]int64{"a": 1, "a'": 1, "c": 1, "c'": 1}, g.stored())
	require.EqualValues(t, 2, g.commits.Load())
	require.NoError(t, g.store.Update(context.Background(), takes("d")), "the turn isn't lost")
}

type first struct{}

// telling is the store's Update, and says when the first caller has its answer.
func (g *grouped) telling() (updater, <-chan struct{}) {
	answered := make(chan struct{})
	return func(ctx context.Context, fn closure) error {
		err := g.store.Update(ctx, fn)
		if ctx.Value(first{}) != nil {
			close(answered)
		}
		return err
	}, answered
}

// A statement that takes long doesn't stall.
func TestGroupWaitsForLongStatements(t *testing.T) {
	g := newGrouped(t, nil)
	errs := lineUp(t, g.store, caller{fn: takes("a")}, caller{fn: func(ctx context.Context, tx storage.Tx) error {
		for i := range 5 {
			time.Sleep(500 * time.Millisecond)
			if err := take(ctx, tx, "b"); err != nil {
				t.Errorf("%d: %v", i, err)
			}
		}
		return nil
	}})
	require.Equal(t, []error{nil, nil}, errs)
	require.EqualValues(t, 1, g.commits.Load())
	require.EqualValues(t, 5, g.stored()["b"])
}

// An Update in another one's closure would wait for itself: its context ends
// that, and so does the store after a while. One in a View's closure is fine.
func TestGroupAndNestedCalls(t *testing.T) {
	g := newGrouped(t, nil)
	nested := func(ctx context.Context, tx storage.Tx) error {
		ctx, cancel := context.WithTimeout(ctx, 20*time.Millisecond)
		defer cancel()
		require.ErrorIs(t, g.store.Update(ctx, takes("inner")), context.DeadlineExceeded)
		return take(context.WithoutCancel(ctx), tx, "outer")
	}
	require.Equal(t, []error{nil, nil, nil}, lineUp(t, g.store, caller{fn: nested}, caller{fn: nested}, caller{fn: takes("a")}))
	require.Equal(t, map[string]int64{"outer": 2, "a": 1, "a'": 1}, g.stored())

	start := time.Now()
	require.NoError(t, g.store.Update(context.Background(), func(ctx context.Context, tx storage.Tx) error {
		require.ErrorIs(t, g.store.Update(ctx, takes("inner")), fault.ErrRetry)
		return take(ctx, tx, "outer")
	}))
	require.Less(t, time.Since(start), 50*time.Second, "less than GroupTime")
	require.NoError(t, g.store.View(context.Background(), func(ctx context.Context, tx storage.Tx) error {
		return g.store.Update(ctx, takes("b"))
	}))
	require.Equal(t, map[string]int64{"outer": 3, "a": 1, "a'": 1, "b": 1, "b'": 1}, g.stored())
}

// The writer's connection goes from group to group, but not if somebody else may
// wait for it.
func TestGroupLetsReadersHaveTheConnection(t *testing.T) {
	g := newGrouped(t, nil)
	g.db.SetMaxOpenConns(1)
	stop := make(chan struct{})
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for done := false; !done; {
				select {
				case <-stop:
					done = true // after one more: the readers may have been faster than all
				default:
				}
				if err := g.store.Update(context.Background(), takes("a")); err != nil {
					t.Error(err)
				}
			}
		})
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for range 30 {
		require.NoError(t, g.store.View(ctx, func(ctx context.Context, tx storage.Tx) error {
			_, err := tx.Requests().Find(ctx, "acme", "none")
			require.ErrorIs(t, err, fault.ErrNotFound)
			return nil
		}))
	}
	close(stop)
	wg.Wait()
	require.NotZero(t, g.stored()["a"])
	require.Zero(t, g.db.Stats().InUse)
}
