package integration

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/quote"
	"github.com/pursuit-crm/pursuit/storage"
)

// meddler is a store whose transactions are changed: with a seeded bug, or by somebody
// who writes into the tables by hand.
type meddler struct {
	storage.Store
	with func(storage.Tx) storage.Tx
}

func (m meddler) Update(ctx context.Context, fn func(context.Context, storage.Tx) error) error {
	return m.Store.Update(ctx, func(ctx context.Context, tx storage.Tx) error { return fn(ctx, m.with(tx)) })
}

func (m meddler) View(ctx context.Context, fn func(context.Context, storage.Tx) error) error {
	return m.Store.View(ctx, func(ctx context.Context, tx storage.Tx) error { return fn(ctx, m.with(tx)) })
}

// on gives an engine of its own on a store that is meddled with.
func (w *tenant) on(with func(storage.Tx) storage.Tx, policy pursuit.Policy) *pursuit.Engine {
	eng, err := pursuit.New(meddler{w.store, with}, &pursuit.Options{Clock: w.clock, Policy: policy, Blobs: w.blobs})
	require.NoError(w.t, err)
	return eng
}

func untouched(tx storage.Tx) storage.Tx { return tx }

// TestJ01_OverridesAskForMore: an override asks for the right to it, in place of the
// plain action, and once.
func TestJ01_OverridesAskForMore(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		w.second = secondProcess(w)
		open, won := w.record().ID, after(opportunity.CommandWin)(w)
		r := &recorder{}
		s := w.engine(r).As(pursuit.Actor{Tenant: "acme", User: "ann", Department: "east", Roles: []access.Role{access.Sales}})
		o := s.Opportunities()
		before := w.written()
		for name, x := range map[string]struct {
			want access.Action
			call func() (pursuit.Result, error)
		}{
			"advance": {access.OpportunityOverrideGates, func() (pursuit.Result, error) {
				return o.Advance(w.ctx, open, opportunity.AdvanceInput{To: "engaging", Summary: "done", Override: "because"})
			}},
			"win": {access.OpportunityOverrideGates, func() (pursuit.Result, error) {
				return o.Win(w.ctx, open, opportunity.WinInput{Reasons: w.choose(w.win), Summary: "won", Override: "because"})
			}},
			"lose": {access.OpportunityOverrideGates, func() (pursuit.Result, error) {
				return o.Lose(w.ctx, open, opportunity.LoseInput{Reasons: w.choose(w.loss), Summary: "lost", Override: "because"})
			}},
			"migrate": {access.OpportunityOverrideGates, func() (pursuit.Result, error) {
				return o.Migrate(w.ctx, open, opportunity.MigrateInput{Process: w.second, Stages: map[string]string{"prospecting": "only"}, Override: "because"})
			}},
			"close": {access.OpportunityOverrideClose, func() (pursuit.Result, error) {
				return o.Close(w.ctx, won, opportunity.CloseInput{Override: "because"})
			}},
		} {
			r.actions = nil
			_, err := x.call()
			require.ErrorIs(t, err, fault.ErrForbidden, "%s: a seller may win, and not override", name)
			require.Equal(t, []access.Action{x.want}, r.actions, name)
		}
		require.Equal(t, before, w.written())
	})
}

func cmpError(err error) error {
	if err == nil {
		return errors.New("which is wrong")
	}
	return err
}

// approving says what is wrong with approvals: each set of roles may approve in
// its own roles only.
func approving(w *tenant, session func(has []access.Role) *pursuit.Session) error {
	all := []access.Role{access.Marketing, access.Sales, access.Manager, access.Support, access.Administrator}
	id := w.record().ID
	for _, second := range all {
		has := []access.Role{access.Manager, second}
		for _, in := range all {
			before := w.written()
			_, err := session(has).Opportunities().Approve(w.ctx, id, opportunity.ApproveInput{Role: in, Note: "fine"})
			may, wrote := slices.Contains(has, in), w.written() > before
			if may != (err == nil) || wrote != may || !may && fault.CodeOf(err) != "opportunity.approve.role" {
				return fmt.Errorf("%v approved as %s: %w", has, in, cmpError(err))
			}
		}
	}
	return nil
}

func TestJ10_ApprovalsAreInRolesThatTheActorHas(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		require.NoError(t, approving(w, func(has []access.Role) *pursuit.Session { return w.as(has...) }))
		require.Error(t, approving(w, func([]access.Role) *pursuit.Session { // nobody looks at them
			return w.as(access.Marketing, access.Sales, access.Manager, access.Support, access.Administrator)
		}), "the twin is found")
	})
}

// forger is somebody who changed an entry of each journal by hand.
type forger struct {
	storage.Tx
	forge func([]journal.Entry) []journal.Entry
}

func (x forger) Journal() journal.Repository { return forgedJournal{x.Tx.Journal(), x.forge} }

type forgedJournal struct {
	journal.Repository
	forge func([]journal.Entry) []journal.Entry
}

func (x forgedJournal) Entries(ctx context.Context, tenant string, kind journal.Kind, id uuid.UUID, after int64, limit int) ([]journal.Entry, error) {
	list, err := x.Repository.Entries(ctx, tenant, kind, id, after, limit)
	return x.forge(list), err
}

// verifying says what is wrong with a method that reads a journal which somebody
// changed.
func verifying(w *tenant, name string, id uuid.UUID, call func(*pursuit.Session) error) error {
	if err := call(w.on(untouched, nil).As(w.s.Actor())); err != nil {
		return err
	}
	for what, forge := range map[string]func([]journal.Entry) []journal.Entry{
		"who": func(l []journal.Entry) []journal.Entry { l[len(l)-1].Moment.By = "mallory"; return l },
		"when": func(l []journal.Entry) []journal.Entry {
			l[0].Moment.Recorded = l[0].Moment.Recorded.AddDate(0, 0, -1)
			return l
		},
		"the hash":   func(l []journal.Entry) []journal.Entry { l[len(l)-1].Hash[0] ^= 1; return l },
		"the newest": func(l []journal.Entry) []journal.Entry { return l[:len(l)-1] },
		"the oldest": func(l []journal.Entry) []journal.Entry { return l[1:] },
	} {
		once := func(l []journal.Entry) []journal.Entry {
			if len(l) == 0 {
				return l
			}
			return forge(slices.Clone(l))
		}
		s := w.on(func(tx storage.Tx) storage.Tx { return forger{tx, once} }, nil).As(w.s.Actor())
		if err := call(s); !errors.Is(err, fault.ErrCorrupt) {
			// A journal that is empty is one of nothing.
			if what != "the newest" && what != "the oldest" || !errors.Is(err, fault.ErrNotFound) {
				return fmt.Errorf("%s of %s: %s was changed: %w", name, id, what, cmpError(err))
			}
		}
	}
	return nil
}

// TestJ06_EveryJournalIsVerified finds the methods that read journals by their name.
func TestJ06_EveryJournalIsVerified(t *testing.T) {
	onEach(t, func(t *testing.T) {
		tried := 0
		for name, h := range handles() {
			if _, ok := h.MethodByName("Journal"); !ok {
				continue
			}
			tried++
			name += ".Journal"
			t.Run(name, func(t *testing.T) {
				w := newTenant(t)
				w.must(w.s.SalesSystem().Enable(w.ctx))
				p, id := probes[name], uuid.Nil
				if p.prepare != nil && name != "Quotes.Journal" && name != "Orders.Journal" {
					id = p.prepare(w)
				} else if p.prepare != nil {
					w.must(w.s.SalesSystem().Initialise(w.ctx, order.InitialiseInput{BaseCurrency: money.CNY}))
					if name == "Quotes.Journal" {
						id = w.quote(deal(w), quote.CreateInput{})
					} else {
						_, id = w.ordered()
					}
				}
				call := func(s *pursuit.Session) error { _, err := p.call(w, s, id); return err }
				require.NoError(t, verifying(w, name, id, call))
				require.Error(t, verifying(w, name, id, func(*pursuit.Session) error { return call(w.s) }), "a method that doesn't look is found")
			})
		}
		require.GreaterOrEqual(t, tried, 7)
	})
}
