package integration

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/opportunity/pipeline"
	"github.com/pursuit-crm/pursuit/stage"
	"github.com/pursuit-crm/pursuit/storage"
)

// TestB13_HostileQueries wants every search to be refused or to be literal, alike
// on every store.
func TestB13_HostileQueries(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		w.record()
		for name, text := range map[string]string{"NUL": "\x00", "bad UTF-8": "\xff", "too long": strings.Repeat("x", 1<<20), "line break": "a\nb"} {
			_, err := w.s.Customers().List(w.ctx, pursuit.CustomerQuery{Search: text}, pursuit.Page{})
			require.ErrorIs(t, err, fault.ErrInvalid, name)
			_, err = w.s.Customers().List(w.ctx, pursuit.CustomerQuery{Owner: text, Status: customer.Status(text), Kind: customer.Kind(text)}, pursuit.Page{})
			require.ErrorIs(t, err, fault.ErrInvalid, name)
			require.Len(t, fault.FieldsOf(err), 3, name)
			_, err = w.s.Archives().List(w.ctx, pursuit.ArchiveQuery{Kind: archive.Kind(text), Status: archive.Status(text)}, pursuit.Page{})
			require.ErrorIs(t, err, fault.ErrInvalid, name)
			_, err = w.s.Opportunities().Count(w.ctx, opportunity.Filter{Search: text, Owner: text, Product: text, Number: text})
			require.ErrorIs(t, err, fault.ErrInvalid, name)
			_, err = w.s.Opportunities().List(w.ctx, pursuit.OpportunityQuery{Sort: opportunity.Sort(text)}, pursuit.Page{})
			require.ErrorIs(t, err, fault.ErrInvalid, name)
			_, err = w.s.Reports().Pipeline(w.ctx, pursuit.PipelineQuery{By: pipeline.Dimension(text), Filter: opportunity.Filter{Owner: text}})
			require.ErrorIs(t, err, fault.ErrInvalid, name)
		}
		for _, text := range []string{"%", "_", "' OR 1=1 --", `\`, "!"} {
			l, err := w.s.Customers().List(w.ctx, pursuit.CustomerQuery{Search: text}, pursuit.Page{})
			require.NoError(t, err)
			require.Empty(t, l.Items, text)
			n, err := w.s.Opportunities().Count(w.ctx, opportunity.Filter{Search: text, Owner: strings.TrimSpace(text)})
			require.NoError(t, err)
			require.Zero(t, n, text)
		}
		low := int64(1)
		_, err := w.s.Opportunities().Count(w.ctx, opportunity.Filter{AmountFrom: &low})
		require.ErrorIs(t, err, fault.ErrInvalid, "amounts are compared within a currency only")
	})
}

// TestJ02_ThePastShowsNoMoreThanThePresent wants somebody who may no longer see
// a deal not to see it in the past either.
func TestJ02_ThePastShowsNoMoreThanThePresent(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		w.s = w.as(access.Administrator) // not a manager: the department would show it
		id := w.record().ID
		then := w.now
		sees := func(q pursuit.PipelineQuery) int64 {
			g, err := w.as(access.Sales).Reports().Pipeline(w.ctx, q)
			require.NoError(t, err)
			var n int64
			for _, x := range g {
				n += x.Count
			}
			return n
		}
		require.EqualValues(t, 1, sees(pursuit.PipelineQuery{AsOf: then}))
		w.must(w.s.Team().Transfer(w.ctx, id, opportunity.TransferInput{To: "bob", Remove: true}))
		require.Zero(t, sees(pursuit.PipelineQuery{}))
		require.Zero(t, sees(pursuit.PipelineQuery{AsOf: then, By: pipeline.ByCustomer}))
		require.Zero(t, sees(pursuit.PipelineQuery{KnownAt: then}))
		all, err := w.s.Reports().Pipeline(w.ctx, pursuit.PipelineQuery{AsOf: then, By: pipeline.ByOwner})
		require.NoError(t, err)
		require.Equal(t, "ann", all[0].Key, "who sees all, sees it as it was")
	})
}

// TestP01_TheMarkOfTheDefaultLeavesATrace wants both processes to have a version
// and an entry of their own (J04).
func TestP01_TheMarkOfTheDefaultLeavesATrace(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		second := secondProcess(w)
		w.must(w.s.Processes().SetDefault(w.ctx, second))
		old, err := w.s.Processes().Get(w.ctx, w.process)
		require.NoError(t, err)
		require.False(t, old.Default)
		require.EqualValues(t, 2, old.Version)
		require.NoError(t, w.store.View(w.ctx, func(ctx context.Context, tx storage.Tx) error {
			entries, err := tx.Journal().Entries(ctx, "acme", journal.KindProcess, w.process, 0, 10)
			require.NoError(t, err)
			require.Equal(t, stage.EventUnmadeDefault, entries[len(entries)-1].Type)
			return journal.Verify(entries, old.Head)
		}))
		_, err = w.s.Processes().SetDefault(w.ctx, second)
		require.ErrorIs(t, err, fault.ErrNotAllowed)
	})
}

// TestJ03_AHostsPolicyCantTellTheTwoApart wants a policy's own ErrNotFound to be
// the answer that an unknown id gets.
func TestJ03_AHostsPolicyCantTellTheTwoApart(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		s := w.with(&spy{answer: fault.NotFound("mine")})
		for _, f := range []func(id uuid.UUID) error{
			func(id uuid.UUID) error { _, err := s.Customers().Get(w.ctx, id); return err },
			func(id uuid.UUID) error { _, err := s.Customers().SetStatus(w.ctx, id, customer.Inactive); return err },
			func(id uuid.UUID) error { _, err := s.Archives().Get(w.ctx, id); return err },
			func(id uuid.UUID) error { _, err := s.Processes().Get(w.ctx, id); return err },
			func(id uuid.UUID) error { _, err := s.Opportunities().Journal(w.ctx, id); return err },
		} {
			ids := []uuid.UUID{w.customer, w.win, w.process, w.record().ID}
			unknown := f(uuid.Max)
			require.ErrorIs(t, unknown, fault.ErrNotFound)
			for _, id := range ids {
				require.Equal(t, unknown, f(id))
			}
		}
	})
}

// TestRetries_AreCounted wants a conflict to be repeated as often as allowed, and
// never where the caller asked for a version or owns the transaction.
func TestRetries_AreCounted(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		id := w.record().ID
		for _, x := range []struct {
			name string
			err  error
			opts []pursuit.CallOption
			want int
		}{
			{"given up", fault.New(fault.ErrRetry, "x", "x"), nil, 4},
			{"conflict", fault.New(fault.ErrConflict, "x", "x"), nil, 4},
			{"conflict, version asked for", fault.New(fault.ErrConflict, "x", "x"), []pursuit.CallOption{pursuit.IfVersion(1)}, 1},
			{"outcome unknown", fault.New(fault.ErrOutcomeUnknown, "x", "x"), nil, 1},
			{"refused", fault.New(fault.ErrForbidden, "x", "x"), nil, 1},
		} {
			s := &failing{Store: w.store, err: x.err}
			eng, err := pursuit.New(s, &pursuit.Options{Clock: w.clock, Attempts: 4, Backoff: time.Microsecond})
			require.NoError(t, err)
			_, err = eng.As(w.s.Actor()).Opportunities().Hold(w.ctx, id, opportunity.HoldInput{Reason: "x"}, x.opts...)
			require.ErrorIs(t, err, x.err, x.name)
			require.Equal(t, x.want, s.tries, x.name)
		}
		s := &failing{Store: w.store, err: fault.New(fault.ErrRetry, "x", "x")}
		eng, err := pursuit.New(s, &pursuit.Options{Clock: w.clock, Backoff: time.Hour})
		require.NoError(t, err)
		ctx, cancel := context.WithTimeout(w.ctx, 50*time.Millisecond)
		defer cancel()
		_, err = eng.As(w.s.Actor()).Opportunities().Hold(ctx, id, opportunity.HoldInput{Reason: "x"})
		require.ErrorIs(t, err, fault.ErrCancelled, "nobody waits longer than the context")
		require.ErrorIs(t, err, context.DeadlineExceeded)
	})
}

// failing is a store that gives every transaction up.
type failing struct {
	storage.Store
	err   error
	tries int
}

func (s *failing) Update(context.Context, func(context.Context, storage.Tx) error) error {
	s.tries++
	return s.err
}

// TestO19_HoldIsStoredAndReleased follows a pause through the store.
func TestO19_HoldIsStoredAndReleased(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		id := w.record().ID
		day := w.input().ExpectedClose
		w.must(w.s.Opportunities().Hold(w.ctx, id, opportunity.HoldInput{Reason: "budget", ResumeOn: day}))
		s := w.get(id)
		require.Equal(t, opportunity.OnHold, s.Status)
		require.Equal(t, day, s.ResumeOn)
		require.Equal(t, "budget", s.HoldReason)
		require.False(t, s.HeldAt.IsZero())
		w.must(w.s.Opportunities().Resume(w.ctx, id))
		s = w.get(id)
		require.True(t, s.HeldAt.IsZero())
		require.True(t, s.ResumeOn.IsZero())
		rows, err := w.s.Opportunities().History(w.ctx, id)
		require.NoError(t, err)
		require.Equal(t, opportunity.OnHold, rows[1].Status, "time on hold has a row of its own")
		w.same(id)
		w.must(w.s.Opportunities().Void(w.ctx, id, opportunity.VoidInput{Reason: "entered twice"}))
		g, err := w.s.Reports().Pipeline(w.ctx, pursuit.PipelineQuery{})
		require.NoError(t, err)
		require.EqualValues(t, 1, g[0].Void)
		require.Zero(t, g[0].Count, "void counts nowhere else")
		require.Nil(t, g[0].WinRate)
	})
}
