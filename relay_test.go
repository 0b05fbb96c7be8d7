package pursuit_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/pursuittest"
)

func TestJ09_RelayRefusesNonsense(t *testing.T) {
	w := pursuittest.New(t)
	_, err := w.Engine.Relay("", nil, &pursuit.RelayOptions{Batch: 1001, Interval: -1, Lease: -1})
	require.ErrorIs(t, err, fault.ErrInvalid)
	require.Equal(t, []string{"/tenant", "/publisher", "/batch", "/interval", "/lease"}, pathsOf(err))
	nowhere := pursuit.PublisherFunc(func(context.Context, journal.Entry) error { return nil })
	_, err = w.Engine.In(nil).Relay("acme", nowhere, nil)
	require.ErrorIs(t, err, fault.ErrInvalid)
	r, err := w.Engine.Relay("acme", nowhere, nil)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(w.Ctx)
	cancel()
	_, err = r.Once(ctx)
	require.ErrorIs(t, err, context.Canceled)
}

// TestJ09_RunWaitsLongerAfterEachError, up to half a minute, survives a host that panics
// when it is told, goes on when the publisher does, and gives its lease back.
func TestJ09_RunWaitsLongerAfterEachError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := pursuittest.New(t, pursuittest.With(pursuit.Options{Clock: time.Now}))
		w.Deal().Record()
		waiting := (&tenant{World: w, t: t, ctx: w.Ctx, store: w.Store}).written()
		start := time.Now()
		var tries []time.Duration
		got := 0
		to := pursuit.PublisherFunc(func(context.Context, journal.Entry) error {
			if time.Since(start) < 10*time.Minute {
				return errors.New("the queue is down")
			}
			got++
			return nil
		})
		other, err := w.Engine.Relay(w.Tenant, to, nil)
		require.NoError(t, err)
		r, err := w.Engine.Relay(w.Tenant, to, &pursuit.RelayOptions{Interval: time.Second, Lease: time.Hour, OnError: func(err error) {
			require.Equal(t, "relay.publisher", fault.CodeOf(err))
			tries = append(tries, time.Since(start))
			n, err := other.Once(w.Ctx)
			require.NoError(t, err)
			require.Zero(t, n, "one relay has the lease at a time")
			panic("the host's loss")
		}})
		require.NoError(t, err)
		ctx, cancel := context.WithTimeout(w.Ctx, 11*time.Minute)
		defer cancel()
		err = r.Run(ctx)
		require.ErrorIs(t, err, fault.ErrCancelled)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Equal(t, 11*time.Minute, time.Since(start))
		require.Equal(t, waiting, got)
		require.Zero(t, tries[0])
		for i, wait := range []time.Duration{2, 4, 8, 16, 30, 30, 30} { // by half more or less
			pause := tries[i+1] - tries[i]
			require.GreaterOrEqual(t, pause, wait*time.Second/2)
			require.LessOrEqual(t, pause, wait*time.Second*3/2)
		}
		w.Deal().Record()
		n, err := other.Once(w.Ctx)
		require.NoError(t, err)
		require.Equal(t, 1, n, "the lease was given back")
	})
}
