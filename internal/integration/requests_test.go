package integration

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/text"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/quote"
	"github.com/pursuit-crm/pursuit/stage"
	"github.com/pursuit-crm/pursuit/storage"
)

// give is a command that may be given several times.
type give func(s *pursuit.Session, opts ...pursuit.CallOption) (pursuit.Result, error)

// repeatable is a command of each family; on brings about what it needs.
type repeatable struct {
	see  access.Action // what a repetition asks for
	on   func(w *tenant) uuid.UUID
	give func(w *tenant, id uuid.UUID) give
	// subjects are how many things it is on.
	subjects int
}

var repeatables = map[string]repeatable{
	"record": {access.OpportunityRead, nil, func(w *tenant, _ uuid.UUID) give {
		return func(s *pursuit.Session, o ...pursuit.CallOption) (pursuit.Result, error) {
			return s.Opportunities().Record(w.ctx, w.input(), o...)
		}
	}, 1},
	"record for a new customer": {access.OpportunityRead, nil, func(w *tenant, _ uuid.UUID) give {
		return func(s *pursuit.Session, o ...pursuit.CallOption) (pursuit.Result, error) {
			return s.Opportunities().RecordForNewCustomer(w.ctx, pursuit.RecordForNewCustomerInput{Customer: customer.CreateInput{Name: "New"}, Opportunity: opportunity.RecordInput{Name: "New", Currency: money.USD}}, o...)
		}
	}, 2},
	"advance": {access.OpportunityRead, deal, func(w *tenant, id uuid.UUID) give {
		return func(s *pursuit.Session, o ...pursuit.CallOption) (pursuit.Result, error) {
			return s.Opportunities().Advance(w.ctx, id, opportunity.AdvanceInput{To: "engaging", Summary: "done"}, o...)
		}
	}, 1},
	"a part": {access.OpportunityRead, deal, func(w *tenant, id uuid.UUID) give {
		in := w.call()
		return func(s *pursuit.Session, o ...pursuit.CallOption) (pursuit.Result, error) {
			return s.Activities().Plan(w.ctx, id, in, o...)
		}
	}, 1},
	"a document": {access.OpportunityRead, deal, func(w *tenant, id uuid.UUID) give {
		return func(s *pursuit.Session, o ...pursuit.CallOption) (pursuit.Result, error) {
			return s.Documents().Add(w.ctx, id, opportunity.AddDocumentInput{Name: "a.txt", MediaType: "text/plain", Size: 1, Location: "x"}, nil, o...)
		}
	}, 1},
	"delete": {access.OpportunityRead, deal, func(w *tenant, id uuid.UUID) give {
		return func(s *pursuit.Session, o ...pursuit.CallOption) (pursuit.Result, error) {
			return s.Opportunities().Delete(w.ctx, id, opportunity.DeleteInput{Reason: "a mistake"}, o...)
		}
	}, 1},
	"a customer": {access.CustomerRead, nil, func(w *tenant, _ uuid.UUID) give {
		return func(s *pursuit.Session, o ...pursuit.CallOption) (pursuit.Result, error) {
			return s.Customers().Create(w.ctx, customer.CreateInput{Name: "New"}, o...)
		}
	}, 1},
	"a customer's deletion": {access.CustomerRead, freshCustomer, func(w *tenant, id uuid.UUID) give {
		return func(s *pursuit.Session, o ...pursuit.CallOption) (pursuit.Result, error) {
			return s.Customers().Delete(w.ctx, id, o...)
		}
	}, 1},
	"an archive entry": {access.ArchiveRead, nil, func(w *tenant, _ uuid.UUID) give {
		return func(s *pursuit.Session, o ...pursuit.CallOption) (pursuit.Result, error) {
			return s.Archives().Create(w.ctx, archive.CreateInput{Kind: archive.Source, Code: "web", Names: names("Web")}, o...)
		}
	}, 1},
	"a process": {access.ProcessRead, nil, func(w *tenant, _ uuid.UUID) give {
		return func(s *pursuit.Session, o ...pursuit.CallOption) (pursuit.Result, error) {
			return s.Processes().Publish(w.ctx, stage.Process{Code: "second", Names: names("Second"), Stages: []stage.Stage{
				{ID: "only", Names: names("Only"), Probability: 1000, Category: stage.Pipeline}}}, o...)
		}
	}, 1},
	"the sales system": {access.SalesSystemRead, nil, func(w *tenant, _ uuid.UUID) give {
		return func(s *pursuit.Session, o ...pursuit.CallOption) (pursuit.Result, error) {
			return s.SalesSystem().Enable(w.ctx, o...)
		}
	}, 1},
	"a quote": {access.QuoteRead, quotable, func(w *tenant, id uuid.UUID) give {
		return func(s *pursuit.Session, o ...pursuit.CallOption) (pursuit.Result, error) {
			return s.Quotes().Create(w.ctx, id, quote.CreateInput{}, o...)
		}
	}, 1},
	"a quote's answer": {access.QuoteRead, drafted, func(w *tenant, id uuid.UUID) give {
		return func(s *pursuit.Session, o ...pursuit.CallOption) (pursuit.Result, error) {
			return s.Quotes().Send(w.ctx, id, o...)
		}
	}, 1},
	"an order": {access.OrderRead, func(w *tenant) uuid.UUID { w.selling(); return w.won() }, func(w *tenant, id uuid.UUID) give {
		return func(s *pursuit.Session, o ...pursuit.CallOption) (pursuit.Result, error) {
			return s.Orders().Create(w.ctx, id, order.CreateInput{}, o...)
		}
	}, 1},
	"an order's task": {access.OrderRead, draft, func(w *tenant, id uuid.UUID) give {
		return func(s *pursuit.Session, o ...pursuit.CallOption) (pursuit.Result, error) {
			return s.Orders().Confirm(w.ctx, id, o...)
		}
	}, 1},
}

func (x repeatable) ready(w *tenant) give {
	id := uuid.Nil
	if x.on != nil {
		id = x.on(w)
	}
	return x.give(w, id)
}

// listener is a policy that remembers what it was asked, and may answer.
type listener struct {
	access.Default
	asked  []access.Action
	of     []access.Subject
	answer error
}

func (l *listener) Allow(ctx context.Context, a access.Actor, act access.Action, on access.Subject) error {
	l.asked, l.of = append(l.asked, act), append(l.of, on)
	if l.answer != nil {
		return l.answer
	}
	return l.Default.Allow(ctx, a, act, on)
}

// repeats says what is wrong with how a command is repeated under a RequestID.
func repeats(x repeatable, l *listener, s *pursuit.Session, do give) error {
	first, err := do(s, pursuit.RequestID("once"))
	if err != nil {
		return err
	}
	*l = listener{}
	again, err := do(s, pursuit.RequestID("once"))
	switch {
	case err != nil:
		return err
	case !again.Repeated || again.ID != first.ID || again.Number != first.Number || again.Version != first.Version:
		return fmt.Errorf("%+v isn't the first result, %+v", again, first)
	case len(l.asked) != 1 || l.asked[0] != x.see || l.of[0].ID != first.ID:
		return fmt.Errorf("asked %v of %v, want %s once", l.asked, l.of, x.see)
	}
	for _, kind := range []error{fault.ErrForbidden, fault.ErrNotFound} {
		l.answer = fault.New(kind, "no", "no")
		if again, err = do(s, pursuit.RequestID("once")); !errors.Is(err, kind) || again.ID != uuid.Nil {
			return fmt.Errorf("%v, %+v, want %v", err, again, kind)
		}
	}
	l.answer = nil
	return nil
}

// TestJ01_ARepetitionAsksForTheRightToSee gives a command of each family twice.
func TestJ01_ARepetitionAsksForTheRightToSee(t *testing.T) {
	onEach(t, func(t *testing.T) {
		fresh := tenants(t)
		for name, x := range repeatables {
			t.Run(name, func(t *testing.T) {
				w := fresh(t)
				do := x.ready(w)
				l := &listener{}
				eng := w.engine(l)
				before := w.written()
				require.NoError(t, repeats(x, l, eng.As(w.s.Actor()), do))
				require.Greater(t, w.written(), before)
				// Roles that are withdrawn see nothing any more.
				out := w.s.Actor()
				out.Roles = nil
				_, err := do(eng.As(out), pursuit.RequestID("once"))
				require.Error(t, err)
			})
		}
		t.Run("the twin", func(t *testing.T) {
			w := fresh(t)
			x := repeatables["advance"]
			require.ErrorContains(t, repeats(x, &listener{}, w.s, x.ready(w)), "want opportunity.read once", "an engine that asks nobody")
		})
	})
}

// TestO13_AKeyIsItsUsersOwn wants a key of somebody else to be as good as free.
func TestO13_AKeyIsItsUsersOwn(t *testing.T) {
	onEach(t, func(t *testing.T) {
		fresh := tenants(t)
		for name, x := range repeatables {
			t.Run(name, func(t *testing.T) {
				w := fresh(t)
				do := x.ready(w)
				mine := w.record(pursuit.RequestID("k"))
				first, err := do(w.user("bob"), pursuit.RequestID("k"))
				require.NoError(t, err)
				require.NotEqual(t, mine.ID, first.ID)
				again, err := do(w.user("bob"), pursuit.RequestID("k"))
				require.NoError(t, err)
				require.True(t, again.Repeated)
				_, err = do(w.s, pursuit.RequestID("k"))
				if name != "record" { // which is the very command
					require.ErrorIs(t, err, fault.ErrRequestReused)
				}
				require.True(t, w.record(pursuit.RequestID("k")).Repeated)
			})
		}
	})
}

// TestO13_KeysOfBefore: a key that was stored as it was given still answers whoever
// used it, and nobody else is told of it.
func TestO13_KeysOfBefore(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		first := w.record(pursuit.RequestID("new"))
		require.NoError(t, w.store.Update(w.ctx, func(ctx context.Context, tx storage.Tx) error {
			r, err := tx.Requests().Find(ctx, "acme", text.RequestKey("ann", "new"))
			if err != nil {
				return err
			}
			r.Key = "old"
			_, err = tx.Requests().Claim(ctx, r)
			return err
		}))
		again := w.record(pursuit.RequestID("old"))
		require.True(t, again.Repeated)
		require.Equal(t, first.ID, again.ID)
		other, err := w.user("bob").Opportunities().Record(w.ctx, w.input(), pursuit.RequestID("old"))
		require.NoError(t, err)
		require.False(t, other.Repeated)
		require.NotEqual(t, first.ID, other.ID)
	})
}

// stubborn is a store that gives transactions up after they were done, and counts
// those that took no number.
type stubborn struct {
	storage.Store
	fail, runs int
}

func (s *stubborn) Update(ctx context.Context, fn func(context.Context, storage.Tx) error) error {
	series := false
	done := false
	err := s.Store.Update(ctx, func(ctx context.Context, tx storage.Tx) error {
		err := fn(ctx, counting{tx, &series})
		if done = err == nil && !series; done && s.fail > 0 {
			s.fail--
			return fault.New(fault.ErrRetry, "storage.conflict", "again")
		}
		return err
	})
	if done {
		s.runs++
	}
	return err
}

type counting struct {
	storage.Tx
	series *bool
}

func (c counting) Numbers() storage.Numbers { *c.series = true; return c.Tx.Numbers() }

// TestJ01_OnceAnAttempt gives up two attempts of a command of each family.
func TestJ01_OnceAnAttempt(t *testing.T) {
	onEach(t, func(t *testing.T) {
		fresh := tenants(t)
		for name, x := range repeatables {
			for _, fail := range []int{0, 2} {
				t.Run(fmt.Sprint(name, fail), func(t *testing.T) {
					w := fresh(t)
					do := x.ready(w)
					l := &listener{}
					store := &stubborn{Store: w.store}
					eng, err := pursuit.New(store, &pursuit.Options{Clock: w.clock, Policy: l})
					require.NoError(t, err)
					store.fail = fail
					_, err = do(eng.As(w.s.Actor()))
					require.NoError(t, err)
					require.Equal(t, fail+1, store.runs)
					require.Len(t, l.asked, (fail+1)*x.subjects)
				})
			}
		}
	})
}
