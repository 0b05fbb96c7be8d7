package pursuittest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/pursuittest"
	"github.com/pursuit-crm/pursuit/stage"
	"github.com/pursuit-crm/pursuit/storage"
	"github.com/pursuit-crm/pursuit/storage/memory"
)

// A host's test of ten lines: who may not see a deal doesn't find it, and its owner
// wins it two days later.
func TestHost(t *testing.T) {
	w := pursuittest.New(t)
	deal := w.Deal().Lines(2).In("propose").Owner("ann").Record()
	w.Clock.Advance(48 * time.Hour)
	_, err := w.As("will").Opportunities().Win(w.Ctx, deal, w.Win())
	pursuittest.RequireRefused(t, err, fault.ErrNotFound, fault.OpportunityNotFound)
	w.Do(w.As("ann").Opportunities().Win(w.Ctx, deal, w.Win()))
	pursuittest.RequireEvents(t, w, deal, opportunity.EventRecorded, opportunity.EventMoved, opportunity.EventWon)
}

// everything makes one of all that a world can make, and gives its journals.
func everything(t *testing.T, opts ...pursuittest.Option) []byte {
	w := pursuittest.New(t, opts...)
	var ids []uuid.UUID
	ids = append(ids, w.Deal().Record(), w.Deal().Named("Pumps").Line("X-1", "3", "9.99").Member("bob", opportunity.Write).Contact().In("negotiate").Record(),
		w.Deal().Amount(money.FromMinor(5_00, money.EUR)).Owner("will").Department("west").Lost(), w.Deal().Closed(), w.Deal().For(w.Customer).Owner("nobody yet").Won())
	deal, offer := w.Deal().Lines(3).Quote()
	ids = append(ids, deal, offer)
	deal, made := w.Deal().Order()
	ids = append(ids, deal, made, w.Customer, w.Process, w.WinReason)
	var b bytes.Buffer
	for _, id := range ids {
		require.NotEmpty(t, w.Events(id))
		require.NoError(t, json.NewEncoder(&b).Encode(w.Events(id)))
	}
	return b.Bytes()
}

func TestTheSameTestGivesTheSameBytes(t *testing.T) {
	one := everything(t)
	require.Equal(t, string(one), string(everything(t)))
	require.NotEqual(t, string(one), string(everything(t, pursuittest.At(pursuittest.Start.Add(time.Hour)))), "the twin: another hour, other bytes")
}

func TestStagesAndStates(t *testing.T) {
	w := pursuittest.New(t)
	x := w.Get(w.Deal().Lines(2).Contact().Member("bob", opportunity.Read).In("negotiate").Record())
	require.Equal(t, []any{"negotiate", 2, 1, 2, "2000.00"}, []any{x.Stage, x.Counts.Lines, x.Counts.Contacts, x.Counts.Members, amount(x)})
	require.Equal(t, opportunity.Won, w.Get(w.Deal().Won()).Status)
	require.Equal(t, opportunity.Lost, w.Get(w.Deal().Lost()).Status)
	require.Equal(t, opportunity.Closed, w.Get(w.Deal().Closed()).Status)
	deal, _ := w.Deal().Quote()
	require.Equal(t, "1000.00", w.Get(deal).Quoted.Amount())
	deal, _ = w.Deal().Order()
	require.Equal(t, 1, w.Get(deal).Counts.LiveOrders)
	require.Equal(t, "acme", w.Get(deal).Tenant)
	require.Equal(t, "Pumps", w.Deal().Named("Pumps").Input().Name)
}

func amount(s opportunity.Snapshot) string { m := s.Amount(); return m.Amount() }

func TestOptions(t *testing.T) {
	at := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	asked := 0
	w := pursuittest.New(t, pursuittest.Tenant("globex"), pursuittest.At(at), pursuittest.On(memory.New()), pursuittest.Process(stage.Simple()),
		pursuittest.With(pursuit.Options{Policy: counting{&asked}}))
	id := w.Deal().Record()
	require.NotZero(t, asked)
	require.Equal(t, "globex", w.Get(id).Tenant)
	require.Equal(t, 2030, w.Get(id).Created.Year())
	w.Clock.Set(at.AddDate(1, 0, 0))
	require.Equal(t, 2031, w.Get(w.Deal().Record()).Created.Year())
	strict := w.With(pursuit.Options{Policy: access.Default{}})
	require.NotSame(t, w.Engine, strict.Engine)
	before := asked
	require.Equal(t, id, strict.Get(id).ID)
	require.Equal(t, before, asked)
	_, err := w.AsActor("zed", "north", access.Sales).Opportunities().Get(w.Ctx, id, 0)
	require.ErrorIs(t, err, fault.ErrNotFound)
}

type counting struct{ n *int }

func (c counting) Allow(ctx context.Context, a access.Actor, action access.Action, on access.Subject) error {
	*c.n++
	return access.Default{}.Allow(ctx, a, action, on)
}

func (c counting) Scope(ctx context.Context, a access.Actor, of access.Resource) (access.Scope, error) {
	return access.Default{}.Scope(ctx, a, of)
}

// failed runs f with a testing.TB that only notes its failure.
func failed(t *testing.T, f func(t testing.TB)) string {
	t.Helper()
	x := &noting{TB: t}
	done := make(chan struct{})
	go func() {
		defer close(done)
		f(x)
	}()
	<-done
	return x.said
}

type noting struct {
	testing.TB
	said string
}

func (n *noting) Helper() {}
func (n *noting) Fatalf(format string, args ...any) {
	n.said = fmt.Sprintf(format, args...)
	runtime.Goexit()
}

// TestRequirementsHaveTeeth: each fails for what it is there to find.
func TestRequirementsHaveTeeth(t *testing.T) {
	w := pursuittest.New(t)
	deal := w.Deal().Record()
	_, err := w.Admin.Opportunities().Advance(w.Ctx, deal, opportunity.AdvanceInput{To: "nowhere"})
	require.Empty(t, failed(t, func(t testing.TB) {
		pursuittest.RequireRefused(t, err, fault.ErrInvalid, fault.CodeOf(err), "/to", "/summary")
		pursuittest.RequireRefused(t, err, fault.ErrInvalid, fault.CodeOf(err))
		pursuittest.RequireEvents(t, w, deal, opportunity.EventRecorded)
		pursuittest.RequireIntact(t, w)
	}))
	for name, f := range map[string]func(t testing.TB){
		"no error":     func(t testing.TB) { pursuittest.RequireRefused(t, nil, fault.ErrInvalid, "") },
		"another kind": func(t testing.TB) { pursuittest.RequireRefused(t, err, fault.ErrNotFound, fault.CodeOf(err)) },
		"another code": func(t testing.TB) { pursuittest.RequireRefused(t, err, fault.ErrInvalid, "x") },
		"another path": func(t testing.TB) { pursuittest.RequireRefused(t, err, fault.ErrInvalid, fault.CodeOf(err), "/too") },
		"an event more": func(t testing.TB) {
			pursuittest.RequireEvents(t, w, deal, opportunity.EventRecorded, opportunity.EventWon)
		},
		"no event": func(t testing.TB) { pursuittest.RequireEvents(t, w, uuid.New(), opportunity.EventRecorded) },
	} {
		require.NotEmpty(t, failed(t, f), name)
	}
}

// TestRequireIntactHasTeeth: an owner that was changed by hand is found.
func TestRequireIntactHasTeeth(t *testing.T) {
	w := pursuittest.New(t, pursuittest.Unaudited())
	deal := w.Deal().Record()
	require.NoError(t, w.Store.Update(w.Ctx, func(ctx context.Context, tx storage.Tx) error {
		rec, err := tx.Opportunities().Get(ctx, w.Tenant, deal, opportunity.Load{})
		if err != nil {
			return err
		}
		root := rec.Snapshot.Root
		root.Name, root.Version = "By hand", root.Version+1
		return tx.Opportunities().Save(ctx, opportunity.Change{Root: root, Expected: root.Version - 1})
	}))
	require.Contains(t, failed(t, func(t testing.TB) { pursuittest.RequireIntact(t, w) }), "isn't intact")
}

// TestRequireIntactLooksAtWhatWasRelayed too.
func TestRequireIntactLooksAtWhatWasRelayed(t *testing.T) {
	w := pursuittest.New(t)
	w.Deal().Order()
	relay, err := w.Engine.Relay(w.Tenant, pursuit.PublisherFunc(func(context.Context, journal.Entry) error { return nil }), nil)
	require.NoError(t, err)
	for n := 1; n > 0; {
		n, err = relay.Once(w.Ctx)
		require.NoError(t, err)
	}
	pursuittest.RequireIntact(t, w)
}

func TestB11_FailingStores(t *testing.T) {
	boom := errors.New("boom")
	for name, x := range map[string]struct {
		plan pursuittest.Plan
		want func(err error)
	}{
		"an error of its own": {pursuittest.Plan{Call: "opportunities.save", Nth: 1, Err: boom}, func(err error) { require.ErrorIs(t, err, boom) }},
		"every commit":        {pursuittest.Plan{Call: "commit"}, func(err error) { require.ErrorIs(t, err, fault.ErrInternal) }},
		"the second call":     {pursuittest.Plan{Nth: 2}, func(err error) { require.ErrorIs(t, err, fault.ErrInternal) }},
	} {
		t.Run(name, func(t *testing.T) {
			store := pursuittest.Failing(memory.New(), x.plan)
			w := pursuittest.New(t, pursuittest.On(store))
			deal := w.Deal().Record()
			store.Arm()
			_, err := w.As("ann").Opportunities().Win(w.Ctx, deal, w.Win())
			x.want(err)
			store.Disarm()
			pursuittest.RequireEvents(t, w, deal, opportunity.EventRecorded)
			w.Do(w.As("ann").Opportunities().Win(w.Ctx, deal, w.Win()))
		})
	}
	t.Run("hangs until the context ends", func(t *testing.T) {
		store := pursuittest.Failing(memory.New(), pursuittest.Plan{Call: "update", Hang: true})
		w := pursuittest.New(t, pursuittest.On(store))
		deal := w.Deal().Record()
		store.Arm()
		ctx, stop := context.WithCancel(w.Ctx)
		stop()
		_, err := w.As("ann").Opportunities().Win(ctx, deal, w.Win())
		require.ErrorIs(t, err, fault.ErrCancelled)
		store.Disarm()
	})
	t.Run("panics", func(t *testing.T) {
		store := pursuittest.Failing(memory.New(), pursuittest.Plan{Call: "customers.get", Panic: true})
		w := pursuittest.New(t, pursuittest.On(store))
		store.Arm()
		require.Panics(t, func() { _, _ = w.Admin.Customers().Get(w.Ctx, w.Customer) })
		store.Disarm()
	})
	t.Run("an empty plan only counts", func(t *testing.T) {
		store := pursuittest.Failing(memory.New(), pursuittest.Plan{})
		w := pursuittest.New(t, pursuittest.On(store))
		deal := w.Deal().Record()
		store.Arm()
		w.Do(w.As("ann").Opportunities().Win(w.Ctx, deal, w.Win()))
		require.Equal(t, []string{"update", "opportunities.get", "opportunities.save", "commit"}, slices.DeleteFunc(store.Calls(), func(s string) bool { return strings.HasPrefix(s, "processes.") }))
	})
}

// TestTheClockIsTurnedByHand, and each look at it is later than the one before.
func TestTheClockIsTurnedByHand(t *testing.T) {
	w := pursuittest.New(t)
	a, b := w.Clock.Now(), w.Clock.Now()
	require.True(t, b.After(a))
	w.Clock.Advance(48 * time.Hour)
	require.GreaterOrEqual(t, w.Clock.Now().Sub(b), 48*time.Hour)
	w.Clock.Set(a)
	require.Less(t, w.Clock.Now().Sub(a), time.Second)
}

// TestB11_ArmCountsAnew.
func TestB11_ArmCountsAnew(t *testing.T) {
	store := pursuittest.Failing(memory.New(), pursuittest.Plan{Call: "update", Nth: 1})
	w := pursuittest.New(t, pursuittest.On(store))
	for range 2 {
		store.Arm()
		_, err := w.As("ann").Opportunities().Record(w.Ctx, w.Deal().Input())
		require.ErrorIs(t, err, fault.ErrInternal)
		store.Disarm()
		require.Empty(t, store.Calls())
	}
}
