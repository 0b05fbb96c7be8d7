package integration

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/stage"
	"github.com/pursuit-crm/pursuit/storage"
)

// credulous is a store with a seeded bug: what is supposed isn't confirmed.
type credulous struct{ storage.Store }

func (s credulous) Update(ctx context.Context, fn func(context.Context, storage.Tx) error) error {
	return s.Store.Update(ctx, func(ctx context.Context, tx storage.Tx) error {
		return fn(ctx, believer{tx.(storage.Supposing)})
	})
}

type believer struct{ storage.Supposing }

func (believer) Suppose(context.Context, string, opportunity.Refs, opportunity.Found) error {
	return nil
}

// elsewhere is something that another process does behind an engine's back.
type elsewhere struct {
	name   string
	in     func(in *opportunity.RecordInput)
	change func() error
	// want is the refusal that follows; nil: the opportunity is as ok says.
	want error
	ok   func(s *opportunity.Snapshot) bool
	back func() error
}

// changes lists what may become of the references of a new opportunity.
func (w *tenant) changes() []elsewhere {
	other, err := w.s.Customers().Create(w.ctx, customer.CreateInput{Name: "Payer", Status: customer.Active})
	require.NoError(w.t, err)
	gone, err := w.s.Customers().Create(w.ctx, customer.CreateInput{Name: "Payer, again", Status: customer.Active})
	require.NoError(w.t, err)
	next := stage.Process{Code: "two", Names: names("Two"), Stages: []stage.Stage{{ID: "a", Names: names("A"), Probability: 100, Category: stage.Pipeline}}}
	two, err := w.s.Processes().Publish(w.ctx, next)
	require.NoError(w.t, err)
	next.ID = two.ID
	status := func(id uuid.UUID, to customer.Status) func() error {
		return func() error { _, err := w.s.Customers().SetStatus(w.ctx, id, to); return err }
	}
	retire := func(id uuid.UUID) func() error {
		return func() error { _, err := w.s.Archives().Retire(w.ctx, id); return err }
	}
	activate := func(id uuid.UUID) func() error {
		return func() error { _, err := w.s.Archives().Activate(w.ctx, id); return err }
	}
	contact := func(active bool) func() error {
		return func() error {
			_, err := w.s.Customers().SetContactActive(w.ctx, w.customer, w.contact, active)
			return err
		}
	}
	mark := func(id uuid.UUID) func() error {
		return func() error { _, err := w.s.Processes().SetDefault(w.ctx, id); return err }
	}
	plain := func(*opportunity.RecordInput) {}
	return []elsewhere{
		{"C04 the customer was deactivated", plain, status(w.customer, customer.Inactive), fault.ErrNotAllowed, nil, status(w.customer, customer.Active)},
		{"C04 bill-to was deactivated", func(in *opportunity.RecordInput) { in.BillTo = other.ID }, status(other.ID, customer.Inactive), fault.ErrNotAllowed, nil, status(other.ID, customer.Active)},
		{"A02 the source was retired", func(in *opportunity.RecordInput) { in.Source = w.source }, retire(w.source), fault.ErrInvalid, nil, activate(w.source)},
		{"R05 the competitor was retired", func(in *opportunity.RecordInput) {
			in.Competitors = []opportunity.CompetitorInput{{Competitor: w.rival}}
		}, retire(w.rival), fault.ErrInvalid, nil, activate(w.rival)},
		{"R04 the contact was deactivated", func(in *opportunity.RecordInput) {
			in.Contacts = []opportunity.ContactInput{{Contact: w.contact, Role: opportunity.Champion}}
		}, contact(false), fault.ErrInvalid, nil, contact(true)},
		{"P06 the process was retired", func(in *opportunity.RecordInput) { in.Process = two.ID },
			func() error { _, err := w.s.Processes().Retire(w.ctx, two.ID); return err }, fault.ErrNotAllowed, nil,
			func() error { _, err := w.s.Processes().Activate(w.ctx, two.ID); return err }},
		{"P02 the process was published again", func(in *opportunity.RecordInput) { in.Process = two.ID },
			func() error { _, err := w.s.Processes().Publish(w.ctx, next); return err }, nil,
			func(s *opportunity.Snapshot) bool {
				rec, _, err := w.s.Processes().Get(w.ctx, two.ID)
				return err == nil && rec.Latest == 2 && s.ProcessVersion == rec.Current
			}, nil},
		{"P01 another process became the default", plain, mark(two.ID), nil,
			func(s *opportunity.Snapshot) bool { return s.Process == two.ID }, mark(w.process)},
		{"C08 the customer was merged", func(in *opportunity.RecordInput) { in.Customer = gone.ID },
			func() error {
				_, err := w.s.Customers().Merge(w.ctx, other.ID, customer.MergeInput{Loser: gone.ID, Reason: "one"})
				return err
			}, nil, func(s *opportunity.Snapshot) bool { return s.Customer == other.ID }, nil},
		{"C05 the customer was deleted", func(in *opportunity.RecordInput) { in.Customer = uuid.Nil }, nil, fault.ErrInvalid, nil, nil},
	}
}

// violated runs the changes behind the back of an engine, and lists those after
// which it recorded what it must not, or refused for another reason.
func (w *tenant) violated(eng *pursuit.Engine) (out []string, of int) {
	w.t.Helper()
	s := eng.As(w.s.Actor())
	list := w.changes()
	for _, x := range list {
		in := w.input()
		x.in(&in)
		if in.Customer == uuid.Nil { // one that is known, and not in use
			c, err := s.Customers().Create(w.ctx, customer.CreateInput{Name: "Brief"})
			require.NoError(w.t, err)
			in.Customer = c.ID
			x.change = func() error { _, err := w.s.Customers().Delete(w.ctx, c.ID); return err }
		} else {
			for range 2 {
				_, err := s.Opportunities().Record(w.ctx, in)
				require.NoError(w.t, err, x.name)
			}
		}
		require.NoError(w.t, x.change(), x.name)
		before := w.written()
		r, err := s.Opportunities().Record(w.ctx, in)
		switch {
		case x.want != nil && err == nil, x.want == nil && err != nil:
			out = append(out, x.name)
		case x.want != nil:
			if !errors.Is(err, x.want) || w.written() != before {
				out = append(out, x.name)
			}
		default:
			if got := w.get(r.ID); !x.ok(&got) {
				out = append(out, x.name)
			}
		}
		if x.back != nil {
			require.NoError(w.t, x.back(), x.name)
			if err == nil {
				continue
			}
			_, err = s.Opportunities().Record(w.ctx, in)
			require.NoError(w.t, err, "%s, and changed back", x.name)
		}
	}
	return out, len(list)
}

// TestPgxRecordNoticesWhatChangedElsewhere: what an engine remembers of a new
// opportunity's references is confirmed when it is written; a refusal goes by what
// is stored.
func TestPgxRecordNoticesWhatChangedElsewhere(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		name     string
		mode     pgx.QueryExecMode
		attempts int
		bug      bool
	}{
		{"as it is", pgx.QueryExecModeCacheStatement, 0, false}, {"with one attempt", pgx.QueryExecModeCacheStatement, 1, false},
		{"unprepared", pgx.QueryExecModeExec, 0, false},
		{"by the simple protocol", pgx.QueryExecModeSimpleProtocol, 0, false},
		{"twin that doesn't confirm", pgx.QueryExecModeCacheStatement, 0, true},
	} {
		t.Run(x.name, func(t *testing.T) {
			var store storage.Store = onPgx(t, pgxPool(t, func(c *pgxpool.Config) { c.ConnConfig.DefaultQueryExecMode = x.mode }))
			w := tenantOn(t, store, nil)
			if x.bug {
				store = credulous{store}
			}
			eng, err := pursuit.New(store, &pursuit.Options{Clock: w.clock, Attempts: x.attempts})
			require.NoError(t, err)
			violated, of := w.violated(eng)
			if x.bug {
				// A foreign key keeps an opportunity from a customer that is gone.
				require.Len(t, violated, of-1, "each other change is noticed")
				require.NotContains(t, violated, "C05 the customer was deleted")
			} else {
				require.Empty(t, violated)
			}
		})
	}
}

// TestPgxSupposesEachField: nothing is written unless all is stored as it is
// supposed to be; each field that Found names counts.
func TestPgxSupposesEachField(t *testing.T) {
	t.Parallel()
	store, host := pgxStore(t)
	w := tenantOn(t, store, host)
	_, err := w.s.Customers().Update(w.ctx, w.customer, customer.CreateInput{Name: "Northwind", Kind: customer.Organisation, Status: customer.Active, Owner: "ann", Department: "east"}.Update())
	require.NoError(t, err)
	second, err := w.s.Processes().Publish(w.ctx, stage.Process{Code: "two", Names: names("Two"), Stages: []stage.Stage{{ID: "a", Names: names("A"), Probability: 100, Category: stage.Pipeline}}})
	require.NoError(t, err)
	whole := opportunity.Refs{Customers: []uuid.UUID{w.customer}, Contacts: []uuid.UUID{w.contact}, Archive: []uuid.UUID{w.source, w.rival}, Process: w.process}
	attempt := func(tenant string, refs opportunity.Refs, edit func(f *opportunity.Found)) (error, bool) {
		key := uuid.NewString()
		err := store.Update(w.ctx, func(ctx context.Context, tx storage.Tx) error {
			f, err := tx.Opportunities().References(ctx, "acme", refs)
			if err != nil {
				return err
			}
			require.Len(t, f.Archive, len(refs.Archive))
			require.Equal(t, compared(f), f, "what else References gives would have to be compared too")
			edit(&f)
			x := tx.(storage.Supposing)
			require.False(t, x.Supposes(), "not before Defer")
			x.Defer()
			require.True(t, x.Supposes())
			if err := x.Suppose(ctx, tenant, refs, f); err != nil {
				return err
			}
			_, err = tx.Requests().Claim(ctx, storage.Request{Tenant: "acme", Key: key, Result: []byte("{}")})
			return err
		})
		found := false
		require.NoError(t, store.View(w.ctx, func(ctx context.Context, tx storage.Tx) error {
			_, err := tx.Requests().Find(ctx, "acme", key)
			found = err == nil
			return nil
		}))
		return err, found
	}
	fresh := uuid.New()
	right := func(*opportunity.Found) {}
	preset := whole
	preset.Process = uuid.Nil
	for _, refs := range []opportunity.Refs{whole, preset, {}, {Process: second.ID}} {
		err, found := attempt("acme", refs, right)
		require.NoError(t, err)
		require.True(t, found)
	}
	for name, x := range map[string]struct {
		tenant string
		refs   opportunity.Refs
		edit   func(f *opportunity.Found)
	}{
		"another tenant's":       {"other", whole, right},
		"customer":               {"acme", whole, func(f *opportunity.Found) { f.Customers[0].ID = fresh }},
		"customer's kind":        {"acme", whole, func(f *opportunity.Found) { f.Customers[0].Kind = customer.Person }},
		"customer's status":      {"acme", whole, func(f *opportunity.Found) { f.Customers[0].Status = customer.Prospect }},
		"customer's owner":       {"acme", whole, func(f *opportunity.Found) { f.Customers[0].Owner = "bob" }},
		"customer's department":  {"acme", whole, func(f *opportunity.Found) { f.Customers[0].Department = "" }},
		"contact":                {"acme", whole, func(f *opportunity.Found) { f.Contacts[0].ID = fresh }},
		"contact's customer":     {"acme", whole, func(f *opportunity.Found) { f.Contacts[0].Customer = fresh }},
		"contact's activity":     {"acme", whole, func(f *opportunity.Found) { f.Contacts[0].Active = false }},
		"entry":                  {"acme", whole, func(f *opportunity.Found) { f.Archive[1].ID = fresh }},
		"entry's kind":           {"acme", whole, func(f *opportunity.Found) { f.Archive[0].Kind = archive.WinReason }},
		"entry's code":           {"acme", whole, func(f *opportunity.Found) { f.Archive[0].Code += " " }},
		"entry's status":         {"acme", whole, func(f *opportunity.Found) { f.Archive[0].Status = archive.Retired }},
		"entry's explanation":    {"acme", whole, func(f *opportunity.Found) { f.Archive[0].NeedsExplanation = true }},
		"entry's competitor":     {"acme", whole, func(f *opportunity.Found) { f.Archive[1].NeedsCompetitor = true }},
		"process":                {"acme", whole, func(f *opportunity.Found) { f.Process.ID = second.ID }},
		"process's state":        {"acme", whole, func(f *opportunity.Found) { f.Process.State = stage.RetiredProcess }},
		"process's version":      {"acme", whole, func(f *opportunity.Found) { f.Process.Current = fresh }},
		"process as the default": {"acme", preset, func(f *opportunity.Found) { f.Process.ID, f.Process.Current = second.ID, second.ProcessVersion }},
	} {
		t.Run(name, func(t *testing.T) {
			err, found := attempt(x.tenant, x.refs, x.edit)
			require.ErrorIs(t, err, fault.ErrRetry)
			require.Equal(t, "storage.supposed", fault.CodeOf(err))
			require.False(t, found)
		})
	}
}

// TestPgxSupposesNothingInAHostsTransaction: a refusal there leaves the transaction
// as it is, however stale what is remembered.
func TestPgxSupposesNothingInAHostsTransaction(t *testing.T) {
	t.Parallel()
	store, host := pgxStore(t)
	w := tenantOn(t, store, host)
	w.record()
	behind := w.engine(nil).As(w.s.Actor())
	_, err := behind.Customers().SetStatus(w.ctx, w.customer, customer.Inactive)
	require.NoError(t, err)
	tx := w.host()
	s := w.eng.In(tx.bound).As(w.s.Actor())
	_, err = s.Opportunities().Record(w.ctx, w.input())
	require.ErrorIs(t, err, fault.ErrNotAllowed)
	require.NoError(t, tx.bound.Err())
	_, err = s.Customers().SetStatus(w.ctx, w.customer, customer.Active)
	require.NoError(t, err)
	r, err := s.Opportunities().Record(w.ctx, w.input())
	require.NoError(t, err)
	require.NoError(t, tx.rollback())
	_, err = w.s.Opportunities().Get(w.ctx, r.ID, 0)
	require.ErrorIs(t, err, fault.ErrNotFound)
	_, err = w.s.Opportunities().Record(w.ctx, w.input())
	require.ErrorIs(t, err, fault.ErrNotAllowed, "what was rolled back isn't remembered")
	_, err = w.as(access.Administrator).Customers().SetStatus(w.ctx, w.customer, customer.Active)
	require.NoError(t, err)
	w.record()
}

// compared leaves what Suppose compares.
func compared(f opportunity.Found) opportunity.Found {
	out := opportunity.Found{Process: f.Process}
	for _, c := range f.Customers {
		out.Customers = append(out.Customers, customer.Customer{ID: c.ID, Tenant: c.Tenant, Kind: c.Kind, Status: c.Status, Owner: c.Owner, Department: c.Department})
	}
	for _, c := range f.Contacts {
		out.Contacts = append(out.Contacts, customer.Contact{ID: c.ID, Customer: c.Customer, Active: c.Active})
	}
	for _, e := range f.Archive {
		out.Archive = append(out.Archive, archive.Entry{ID: e.ID, Tenant: e.Tenant, Kind: e.Kind, Code: e.Code, Status: e.Status,
			NeedsExplanation: e.NeedsExplanation, NeedsCompetitor: e.NeedsCompetitor})
	}
	return out
}

// TestPgxRecordsSideBySide: many record while a customer is switched off and on
// again by another engine; each record finds the customer as it was at that moment,
// or is refused.
func TestPgxRecordsSideBySide(t *testing.T) {
	t.Parallel()
	store, host := pgxStore(t)
	w := tenantOn(t, store, host)
	behind := w.engine(nil).As(w.s.Actor())
	var wg sync.WaitGroup
	stop := make(chan struct{})
	wg.Go(func() {
		defer close(stop)
		for i := range 40 {
			to := customer.Inactive
			if i%2 == 1 {
				to = customer.Active
			}
			if _, err := behind.Customers().SetStatus(w.ctx, w.customer, to); err != nil {
				t.Error(err)
				return
			}
		}
	})
	var made, refused atomic.Int64
	for range 4 {
		wg.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				switch _, err := w.s.Opportunities().Record(w.ctx, w.input()); {
				case err == nil:
					made.Add(1)
				case errors.Is(err, fault.ErrNotAllowed):
					refused.Add(1)
				default:
					t.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	t.Logf("%d made, %d refused", made.Load(), refused.Load())
	_, err := w.s.Opportunities().Record(w.ctx, w.input())
	require.NoError(t, err)
	n, err := w.s.Opportunities().Count(w.ctx, opportunity.Filter{})
	require.NoError(t, err)
	require.Equal(t, made.Load()+1, n)
}
