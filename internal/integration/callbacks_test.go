package integration

import (
	"context"
	"errors"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/stage"
	"github.com/pursuit-crm/pursuit/storage"
	"github.com/pursuit-crm/pursuit/storage/memory"
)

// inProcess are the stores that need no server: what is tested on them alone is the
// engine's, not theirs.
func inProcess(t *testing.T, f func(t *testing.T)) {
	for _, s := range stores {
		if s.name == "memory" || s.name == "sqlite" {
			t.Run(s.name, f)
		}
	}
}

// brokenBlobs panics in each method.
type brokenBlobs struct{ storage.Blobs }

// brokenSales panics in each method, for it has none.
type brokenSales struct{ order.SalesSystem }

// brokenCallbacks are engines' options with one callback that panics, or answers
// with nothing; each is given what it needs otherwise.
func brokenCallbacks(w *tenant) map[string]*pursuit.Options {
	out := map[string]*pursuit.Options{
		"Policy panics":               {Policy: &spy{boom: true}},
		"Clock panics":                {Clock: func() time.Time { panic("boom") }},
		"Clock is zero":               {Clock: func() time.Time { return time.Time{} }},
		"Clock is beyond":             {Clock: func() time.Time { return time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC) }},
		"NewID panics":                {NewID: func() uuid.UUID { panic("boom") }},
		"NewID is nil":                {NewID: func() uuid.UUID { return uuid.Nil }},
		"Zone panics":                 {Zone: func(string) *time.Location { panic("boom") }},
		"Zone is nil":                 {Zone: func(string) *time.Location { return nil }},
		"SalesSystem panics":          {SalesSystem: func(string, storage.Tx) order.SalesSystem { panic("boom") }},
		"SalesSystem's methods panic": {SalesSystem: func(string, storage.Tx) order.SalesSystem { return brokenSales{} }},
		"Gates panic": {Gates: map[string]pursuit.GateKind{"host": {
			Evaluate:    func(context.Context, pursuit.GateInput) (stage.Verdict, error) { panic("boom") },
			CheckParams: func(map[string]string) error { panic("boom") },
		}}},
		"Observe panics":        {Observe: func(context.Context, pursuit.Operation) (context.Context, func(pursuit.Ending)) { panic("boom") }},
		"Observe gives nothing": {Observe: func(context.Context, pursuit.Operation) (context.Context, func(pursuit.Ending)) { return nil, nil }},
		"Observe panics at the end": {Observe: func(ctx context.Context, _ pursuit.Operation) (context.Context, func(pursuit.Ending)) {
			return ctx, func(pursuit.Ending) { panic("boom") }
		}},
		"Validate panics":      {Validate: func(context.Context, pursuit.KeysInput) (pursuit.Keys, error) { panic("boom") }},
		"Names panic":          {Names: func(context.Context, pursuit.NamesInput) (pursuit.KeyNames, error) { panic("boom") }},
		"Numbers panic":        {Numbers: func(context.Context, pursuit.NumberInput) (string, error) { panic("boom") }},
		"Numbers are none":     {Numbers: func(context.Context, pursuit.NumberInput) (string, error) { return "", nil }},
		"Series panics":        {Series: func(string, pursuit.Numbered) pursuit.Series { panic("boom") }},
		"Series has no prefix": {Series: func(string, pursuit.Numbered) pursuit.Series { return pursuit.Series{Width: 3} }},
		"Blobs panic":          {Blobs: brokenBlobs{}},
	}
	for _, o := range out {
		if o.Clock == nil {
			o.Clock = w.clock
		}
		if o.Blobs == nil {
			o.Blobs = w.blobs
		}
	}
	return out
}

// survives calls f and says if a panic crosses it.
func survives(f func() error) (err error, crossed error) {
	defer func() {
		if p := recover(); p != nil {
			crossed = fmt.Errorf("a panic crosses: %v", p)
		}
	}()
	return f(), nil
}

// TestB17_NoPanicOfACallbackCrossesTheAPI tries every method with every callback
// broken in turn.
func TestB17_NoPanicOfACallbackCrossesTheAPI(t *testing.T) {
	inProcess(t, func(t *testing.T) {
		host := 0
		for name, p := range probes {
			t.Run(name, func(t *testing.T) {
				w := newTenant(t)
				id := uuid.Nil
				if p.prepare != nil {
					id = p.prepare(w)
				}
				for what, opts := range brokenCallbacks(w) {
					eng, err := pursuit.New(w.store, opts)
					require.NoError(t, err)
					before := w.written()
					err, crossed := survives(func() error { _, err := p.call(w, eng.As(w.s.Actor()), id); return err })
					require.NoError(t, crossed, what)
					if errors.Is(err, fault.ErrHost) {
						host++
						require.Equal(t, before, w.written(), "%s: nothing is written", what)
					}
					if err != nil {
						require.NotEmpty(t, fault.CodeOf(err), "%s: %v", what, err)
					}
				}
			})
		}
		require.Greater(t, host, 4*len(probes)/2)
		t.Run("the twin", func(t *testing.T) {
			_, crossed := survives(func() error { panic("boom") })
			require.Error(t, crossed)
		})
	})
}

// TestB17_NoContextIsRefused calls every method without a context.
func TestB17_NoContextIsRefused(t *testing.T) {
	inProcess(t, func(t *testing.T) {
		w := newTenant(t)
		before, tried := w.written(), 0
		s := reflect.ValueOf(w.s)
		for name := range handles() {
			h := s.MethodByName(name).Call(nil)[0]
			for i := range h.NumMethod() {
				m, called := h.Method(i), name+"."+h.Type().Method(i).Name
				mt := m.Type()
				if mt.NumIn() == 0 || mt.In(0) != reflect.TypeFor[context.Context]() {
					continue
				}
				args := make([]reflect.Value, mt.NumIn())
				for k := range args {
					args[k] = reflect.Zero(mt.In(k))
				}
				err, crossed := survives(func() error {
					var out []reflect.Value
					if mt.IsVariadic() {
						out = m.CallSlice(args)
					} else {
						out = m.Call(args)
					}
					last := out[len(out)-1]
					if last.Kind() != reflect.Func {
						err, _ := last.Interface().(error)
						return err
					}
					var failed error // of an iterator
					last.Call([]reflect.Value{reflect.MakeFunc(last.Type().In(0), func(in []reflect.Value) []reflect.Value {
						failed, _ = in[1].Interface().(error)
						return []reflect.Value{reflect.ValueOf(false)}
					})})
					return failed
				})
				require.NoError(t, crossed, called)
				require.ErrorIs(t, err, fault.ErrInvalid, called)
				tried++
			}
		}
		require.GreaterOrEqual(t, tried, len(probes)*9/10)
		var none context.Context
		require.ErrorIs(t, w.s.Batch(none, func(context.Context, *pursuit.Session) error { return nil }), fault.ErrInvalid)
		r, err := w.eng.Relay("acme", pursuit.PublisherFunc(func(context.Context, journal.Entry) error { return nil }), nil)
		require.NoError(t, err)
		_, err = r.Once(none)
		require.ErrorIs(t, err, fault.ErrInvalid)
		require.ErrorIs(t, r.Run(none), fault.ErrInvalid)
		require.ErrorIs(t, r.Release(none), fault.ErrInvalid)
		require.ErrorIs(t, w.eng.ReleaseNumbers(none), fault.ErrInvalid)
		require.Equal(t, before, w.written())
	})
}

// TestB17_ABatchThatPanics writes nothing, and leaves its engine usable.
func TestB17_ABatchThatPanics(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		before := w.written()
		err, crossed := survives(func() error {
			return w.s.Batch(w.ctx, func(ctx context.Context, b *pursuit.Session) error {
				if _, err := b.Opportunities().Record(ctx, w.input()); err != nil {
					return err
				}
				panic("boom")
			})
		})
		require.NoError(t, crossed)
		require.ErrorIs(t, err, fault.ErrHost)
		err = w.s.Batch(w.ctx, func(ctx context.Context, b *pursuit.Session) error {
			err, crossed := survives(func() error {
				return b.Batch(ctx, func(context.Context, *pursuit.Session) error { panic("boom") })
			})
			require.NoError(t, crossed)
			require.ErrorIs(t, err, fault.ErrHost)
			return nil
		})
		require.ErrorIs(t, err, fault.ErrTxAborted)
		require.Equal(t, before, w.written())
		require.Equal(t, "OPP-2026-000001", w.record().Number)
	})
}

// TestB17_TheLongestWaits takes intervals and backoffs that can't be doubled.
func TestB17_TheLongestWaits(t *testing.T) {
	w := tenantOn(t, memory.New(), nil)
	store := &stubborn{Store: w.store, fail: 1}
	eng, err := pursuit.New(store, &pursuit.Options{Clock: w.clock, Backoff: math.MaxInt64})
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(w.ctx, 50*time.Millisecond)
	defer cancel()
	_, err = eng.As(w.s.Actor()).Archives().Retire(ctx, w.win)
	require.ErrorIs(t, err, fault.ErrCancelled)
	for _, fails := range []error{nil, errors.New("down")} {
		r, err := w.eng.Relay("acme", pursuit.PublisherFunc(func(context.Context, journal.Entry) error { return fails }),
			&pursuit.RelayOptions{Interval: math.MaxInt64, Lease: math.MaxInt64})
		require.NoError(t, err)
		ctx, cancel := context.WithTimeout(w.ctx, 50*time.Millisecond)
		require.ErrorIs(t, r.Run(ctx), fault.ErrCancelled)
		cancel()
	}
}

// TestO12_ClocksThatAreFarOff: neither a clock far ahead of what is recorded nor one
// far behind it writes anything.
func TestO12_ClocksThatAreFarOff(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		id := w.record().ID
		at := func(now time.Time, o pursuit.Options) *pursuit.Session {
			o.Clock = func() time.Time { return now }
			eng, err := pursuit.New(w.store, &o)
			require.NoError(t, err)
			return eng.As(w.s.Actor())
		}
		commands := map[string]func(s *pursuit.Session) error{
			"advance": func(s *pursuit.Session) error {
				_, err := s.Opportunities().Advance(w.ctx, id, opportunity.AdvanceInput{To: "engaging", Summary: "done"})
				return err
			},
			"record": func(s *pursuit.Session) error { _, err := s.Opportunities().Record(w.ctx, w.input()); return err },
			"customer": func(s *pursuit.Session) error {
				_, err := s.Customers().AddContact(w.ctx, w.customer, customer.ContactInput{Name: "Wang"})
				return err
			},
			"archive": func(s *pursuit.Session) error { _, err := s.Archives().Retire(w.ctx, w.rival); return err },
		}
		before := w.written()
		for name, do := range commands {
			for code, now := range map[string]time.Time{
				"host.clock.range": time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC),
				"host.clock.ahead": time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC),
			} {
				err := do(at(now, pursuit.Options{}))
				require.ErrorIs(t, err, fault.ErrHost, name)
				require.Equal(t, code, fault.CodeOf(err), name)
			}
			if name == "record" {
				continue
			}
			err := do(at(w.now.AddDate(0, 0, -2), pursuit.Options{}))
			require.Equal(t, "host.clock.behind", fault.CodeOf(err), name)
		}
		require.Equal(t, before, w.written())
		w.stepsBack(t)
		// What the engine saw before counts for what is new.
		s := at(time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC), pursuit.Options{})
		require.Error(t, commands["advance"](s))
		// A bound that the host sets, and idle years, are fine.
		require.NoError(t, commands["advance"](at(w.now.AddDate(9, 0, 0), pursuit.Options{})))
		require.NoError(t, commands["customer"](at(w.now.AddDate(0, 0, -2), pursuit.Options{MaxClockLag: 72 * time.Hour})))
		w.same(id)
		require.True(t, strings.HasPrefix(w.get(id).Updated.Format(time.RFC3339), "2035-"))
	})
}
