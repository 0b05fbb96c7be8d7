package pursuit_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/pursuittest"
	"github.com/pursuit-crm/pursuit/storage/memory"
)

// told is an observer that writes down what it is told.
type told struct{ lines []string }

type spanKey struct{}

func (o *told) observe(ctx context.Context, op pursuit.Operation) (context.Context, func(pursuit.Ending)) {
	outer, _ := ctx.Value(spanKey{}).(string)
	return context.WithValue(ctx, spanKey{}, outer+"/"+op.Name), func(e pursuit.Ending) {
		o.lines = append(o.lines, fmt.Sprintf("%s/%s %s %s %t: %d tries, %q, repeated %t, %t", outer, op.Name, op.Tenant, op.User, op.Writes, e.Attempts, e.Code, e.Repeated, e.Duration >= 0))
	}
}

func (o *told) take() []string {
	out := o.lines
	o.lines = nil
	return out
}

// TestObserve_IsToldOfEverything once, with how it ended.
func TestObserve_IsToldOfEverything(t *testing.T) {
	o := &told{}
	store := pursuittest.Failing(memory.New(), pursuittest.Plan{Call: "commit", Nth: 1, Err: fault.New(fault.ErrRetry, "storage.busy", "busy")})
	w := pursuittest.New(t, pursuittest.On(store), pursuittest.With(pursuit.Options{Observe: o.observe}))
	deal := w.Deal().Record()
	o.take()
	ann := w.As("ann")
	store.Arm()
	w.Do(ann.Opportunities().Win(w.Ctx, deal, w.Win(), pursuit.RequestID("k")))
	store.Disarm()
	require.Equal(t, []string{`/opportunity.win acme ann true: 2 tries, "", repeated false, true`}, o.take())
	w.Do(ann.Opportunities().Win(w.Ctx, deal, w.Win(), pursuit.RequestID("k")))
	require.Equal(t, []string{`/opportunity.win acme ann true: 1 tries, "", repeated true, true`}, o.take())
	_, err := w.As("will").Opportunities().Get(w.Ctx, deal, 0)
	require.Error(t, err)
	require.Equal(t, []string{`/opportunities.get acme will false: 1 tries, "opportunity.not_found", repeated false, true`}, o.take())
	for range ann.Opportunities().All(w.Ctx, pursuit.OpportunityQuery{}) {
	}
	require.Equal(t, []string{`/opportunities.list acme ann false: 1 tries, "", repeated false, true`}, o.take())
	err = ann.Batch(w.Ctx, func(ctx context.Context, b *pursuit.Session) error {
		_, err := b.Opportunities().Record(ctx, w.Deal().Input())
		return err
	})
	require.NoError(t, err)
	require.Equal(t, []string{`/batch/opportunity.record acme ann true: 1 tries, "", repeated false, true`, `/batch acme ann true: 1 tries, "", repeated false, true`}, o.take())
	_, err = w.Engine.As(pursuit.Actor{}).Opportunities().Win(w.Ctx, deal, w.Win())
	require.ErrorIs(t, err, fault.ErrInvalid)
	require.Empty(t, o.take(), "whoever isn't anybody does nothing")
	boom := errors.New("boom")
	relay, err := w.Engine.Relay(w.Tenant, pursuit.PublisherFunc(func(context.Context, journal.Entry) error { return boom }), nil)
	require.NoError(t, err)
	_, err = relay.Once(w.Ctx)
	require.Error(t, err)
	lines := strings.Join(o.take(), "\n")
	require.Contains(t, lines, `/relay.publish acme  false: 1 tries`)
}

// TestObserve_NothingCostsNothing: without an observer a command allocates as much as if
// there were none; the twin with one allocates more.
func TestObserve_NothingCostsNothing(t *testing.T) {
	cost := func(o pursuit.Options) float64 {
		w := pursuittest.New(t, pursuittest.With(o))
		deal := w.Deal().Record()
		h := w.As("ann").Opportunities()
		return testing.AllocsPerRun(200, func() { _, _ = h.Get(w.Ctx, deal, 0) })
	}
	none := cost(pursuit.Options{})
	require.LessOrEqual(t, none, 20.0)
	require.Greater(t, cost(pursuit.Options{Observe: (&told{}).observe}), none+3)
}

// Slow and refused commands go to a log.
func ExampleOptions_observe() {
	var out bytes.Buffer
	log := slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}}))
	shop := open()
	eng := must(pursuit.New(shop.store, &pursuit.Options{Clock: shop.clock, Observe: func(ctx context.Context, op pursuit.Operation) (context.Context, func(pursuit.Ending)) {
		return ctx, func(e pursuit.Ending) {
			switch {
			case e.Err != nil:
				log.Warn(op.Name, "tenant", op.Tenant, "user", op.User, "code", e.Code)
			case e.Duration > time.Second:
				log.Warn(op.Name, "tenant", op.Tenant, "took", e.Duration, "attempts", e.Attempts)
			}
		}
	}}))
	bob := eng.As(pursuit.Actor{Tenant: "acme", User: "bob", Department: "west", Roles: []access.Role{access.Sales}})
	deal := shop.record("Pumps")
	_, _ = bob.Opportunities().Void(context.Background(), deal.ID, opportunity.VoidInput{Reason: "a try"})
	fmt.Print(out.String())
	// Output: level=WARN msg=opportunity.void tenant=acme user=bob code=opportunity.not_found
}
