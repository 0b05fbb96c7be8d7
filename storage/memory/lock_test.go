package memory

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/storage"
)

func nothing(context.Context, storage.Tx) error { return nil }

// waits tells whether what is called while a host has the store still waits when
// its context has long ended, and gives what it returns in the end.
func waits(t *testing.T, limit time.Duration, give func(*Store, context.Context) error) (bool, error) {
	s := New()
	h := s.Begin()
	ctx, cancel := context.WithCancel(t.Context())
	out := make(chan error, 1)
	go func() { out <- give(s, ctx) }()
	cancel()
	select {
	case err := <-out:
		h.Rollback()
		require.NoError(t, s.Update(t.Context(), nothing)) // nothing stays locked
		return false, err
	case <-time.After(limit):
		h.Rollback()
		return true, <-out
	}
}

func TestB21_WaitingEndsWithTheContext(t *testing.T) {
	for name, give := range map[string]func(*Store, context.Context) error{
		"update": func(s *Store, ctx context.Context) error { return s.Update(ctx, nothing) },
		"view":   func(s *Store, ctx context.Context) error { return s.View(ctx, nothing) },
		"behind another one": func(s *Store, ctx context.Context) error {
			go func() { _ = s.Update(context.Background(), nothing) }()
			return s.View(ctx, nothing)
		},
	} {
		waited, err := waits(t, time.Minute, give)
		require.False(t, waited, name)
		require.ErrorIs(t, err, fault.ErrCancelled, name)
	}
	// The twin waits without looking at its context, as a sync.RWMutex does.
	waited, _ := waits(t, 100*time.Millisecond, func(s *Store, ctx context.Context) error { return s.Update(context.WithoutCancel(ctx), nothing) })
	require.True(t, waited)
}

// Readers share the store, one after the other without a gap; a writer gets in
// all the same, and is alone then.
func TestReadersDoNotStarveWriters(t *testing.T) {
	s := New()
	var stop atomic.Bool
	var inside, most atomic.Int64
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for !stop.Load() {
				_ = s.View(t.Context(), func(context.Context, storage.Tx) error {
					n := inside.Add(1)
					for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
					}
					time.Sleep(time.Millisecond)
					inside.Add(-1)
					return nil
				})
			}
		})
	}
	for range 50 {
		require.NoError(t, s.Update(t.Context(), func(context.Context, storage.Tx) error {
			require.Zero(t, inside.Load())
			return nil
		}))
		time.Sleep(time.Millisecond)
	}
	stop.Store(true)
	wg.Wait()
	require.Greater(t, most.Load(), int64(1))
}
