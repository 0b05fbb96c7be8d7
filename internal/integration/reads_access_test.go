package integration

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/stage"
)

// forge makes a cursor as anybody can who reads the source, without a key.
func forge(tenant string, query any, key string, id uuid.UUID) string {
	body, _ := json.Marshal(struct {
		K string    `json:"k"`
		I uuid.UUID `json:"i"`
	}{key, id})
	q, _ := json.Marshal(query)
	h := sha256.New()
	fmt.Fprintf(h, "%d:%s%T:%d:%s", len(tenant), tenant, query, len(q), q)
	h.Write(body)
	return base64.RawURLEncoding.EncodeToString(append(h.Sum(nil)[:8], body...))
}

// TestJ02_ForgedCursorsLeaveTheHostsTransactionUsable: what a cursor holds is refused
// before a statement is run, in every list, so that a host's transaction goes on.
func TestJ02_ForgedCursorsLeaveTheHostsTransactionUsable(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		w.sales(order.InitialiseInput{})
		id := w.record().ID
		tx := w.host()
		s := w.eng.In(tx.bound).As(w.s.Actor())
		sorted := func(o opportunity.Sort) pursuit.OpportunityQuery { return pursuit.OpportunityQuery{Sort: o} }
		lists := map[string]struct {
			query any
			ask   func(p pursuit.Page) error
		}{
			"customers": {pursuit.CustomerQuery{}, func(p pursuit.Page) error {
				_, err := s.Customers().List(w.ctx, pursuit.CustomerQuery{}, p)
				return err
			}},
			"archives": {pursuit.ArchiveQuery{}, func(p pursuit.Page) error { _, err := s.Archives().List(w.ctx, pursuit.ArchiveQuery{}, p); return err }},
			"orders":   {pursuit.OrderQuery{}, func(p pursuit.Page) error { _, err := s.Orders().List(w.ctx, pursuit.OrderQuery{}, p); return err }},
			"quotes":   {pursuit.QuoteQuery{}, func(p pursuit.Page) error { _, err := s.Quotes().List(w.ctx, pursuit.QuoteQuery{}, p); return err }},
			"activities": {pursuit.ActivityQuery{}, func(p pursuit.Page) error {
				_, err := s.Activities().List(w.ctx, pursuit.ActivityQuery{}, p)
				return err
			}},
			"expenses": {pursuit.ExpenseQuery{}, func(p pursuit.Page) error { _, err := s.Expenses().List(w.ctx, pursuit.ExpenseQuery{}, p); return err }},
		}
		for _, o := range opportunity.Sorts() {
			q := sorted(o)
			if o == opportunity.ByAmount {
				q.Filter.Currency = "USD"
			}
			lists["opportunities by "+string(o)] = struct {
				query any
				ask   func(p pursuit.Page) error
			}{q, func(p pursuit.Page) error { _, err := s.Opportunities().List(w.ctx, q, p); return err }}
		}
		for name, l := range lists {
			for _, key := range []string{"a\x00b", "source/a\x00b", "\x00", "18446744073709551615000"} {
				if (name == "customers" || name == "orders" || name == "quotes" || name == "opportunities by number" || name == "opportunities by name") && key[0] == '1' {
					continue // a text like any other
				}
				err := l.ask(pursuit.Page{Cursor: forge("acme", l.query, key, id)})
				require.ErrorIs(t, err, fault.ErrInvalid, "%s %q", name, key)
				require.Equal(t, "/cursor", fault.FieldsOf(err)[0].Path)
			}
		}
		// The forgery is one: a position that the list has is taken.
		require.NoError(t, lists["customers"].ask(pursuit.Page{Cursor: forge("acme", pursuit.CustomerQuery{}, "m", id)}))
		name := "after all that"
		w.must(s.Opportunities().Update(w.ctx, id, opportunity.UpdateInput{Name: &name}))
		require.NoError(t, tx.commit())
		require.Equal(t, name, w.get(id).Name)
	})
}

// TestJ02_SignedCursors: with a key nothing that was made without it is taken.
func TestJ02_SignedCursors(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		for range 3 {
			w.record()
		}
		eng, err := pursuit.New(w.store, &pursuit.Options{Clock: w.clock, CursorKey: []byte("0123456789abcdef")})
		require.NoError(t, err)
		s := eng.As(w.s.Actor())
		q := pursuit.OpportunityQuery{Sort: opportunity.ByNumber}
		l, err := s.Opportunities().List(w.ctx, q, pursuit.Page{Size: 2})
		require.NoError(t, err)
		rest, err := s.Opportunities().List(w.ctx, q, pursuit.Page{Size: 2, Cursor: l.Next})
		require.NoError(t, err)
		require.Len(t, rest.Items, 1)
		plain, err := w.s.Opportunities().List(w.ctx, q, pursuit.Page{Size: 2})
		require.NoError(t, err)
		for _, c := range []string{plain.Next, forge("acme", q, "N", l.Items[0].ID)} {
			_, err = s.Opportunities().List(w.ctx, q, pursuit.Page{Cursor: c})
			require.ErrorIs(t, err, fault.ErrInvalid)
		}
	})
}

// asking notes the subjects that the policy is asked about.
type asking struct {
	access.Default
	about map[access.Action][]access.Subject
}

func (p *asking) Allow(ctx context.Context, a access.Actor, action access.Action, on access.Subject) error {
	p.about[action] = append(p.about[action], on)
	return p.Default.Allow(ctx, a, action, on)
}

// TestJ02_MigrationsTellNothingOfOthersDeals: a check names no stage for deals that
// the actor can't see.
func TestJ02_MigrationsTellNothingOfOthersDeals(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		id := w.record().ID
		old := w.get(id).ProcessVersion
		w.must(w.s.Processes().Publish(w.ctx, stage.Process{ID: w.process, Code: "crm", Names: names("CRM"), Stages: []stage.Stage{
			{ID: "fresh", Names: names("Fresh"), Probability: 1000, Category: stage.Pipeline},
		}}))
		check := func(s *pursuit.Session) error { return s.Processes().CheckMigration(w.ctx, old, w.process, nil) }
		require.ErrorIs(t, check(w.s), fault.ErrNotAllowed)
		require.ErrorIs(t, check(w.as(access.Sales)), fault.ErrNotAllowed) // the owner
		stranger := w.eng.As(pursuit.Actor{Tenant: "acme", User: "zoe", Department: "west", Roles: []access.Role{access.Sales}})
		require.NoError(t, check(stranger))
		mapped := w.s.Processes().CheckMigration(w.ctx, old, w.process, map[string]string{"prospecting": "fresh"})
		require.NoError(t, mapped)
	})
}

// TestJ02_JournalsAreAskedForById: the policy hears whose journal it is, and Default
// gives that of an archive's entry or a process to administrators.
func TestJ02_JournalsAreAskedForById(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		p := &asking{about: map[access.Action][]access.Subject{}}
		s := w.engine(p).As(w.s.Actor())
		_, err := s.Processes().Journal(w.ctx, w.process)
		require.NoError(t, err)
		_, err = s.Archives().Journal(w.ctx, w.win)
		require.NoError(t, err)
		require.Equal(t, []access.Subject{{ID: w.process}, {ID: w.win, Kind: string(archive.WinReason)}}, p.about[access.JournalRead])
		_, err = w.as(access.Sales).Processes().Journal(w.ctx, w.process)
		require.ErrorIs(t, err, fault.ErrNotFound)
		_, err = w.as(access.Sales).Archives().Journal(w.ctx, w.win)
		require.ErrorIs(t, err, fault.ErrNotFound)
	})
}
