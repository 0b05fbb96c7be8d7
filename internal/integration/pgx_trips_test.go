package integration

import (
	"context"
	"net"
	"strconv"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/storage/pgxconn"
)

// wired gives a pool of pgx with one connection over the wire.
func (w *wire) wired(t testing.TB) *pgxpool.Pool {
	t.Helper()
	s := postgres.get(t)
	w.target = net.JoinHostPort(s.Host, strconv.Itoa(s.Port))
	host, port := w.listen(t)
	return pgxPool(t, func(c *pgxpool.Config) {
		c.ConnConfig.Host, c.ConnConfig.Port, c.MaxConns = host, uint16(port), 1
		// A ping after a second of idleness would count as a trip.
		c.ShouldPing = func(context.Context, pgxpool.ShouldPingParams) bool { return false }
	})
}

// priced is a command, and what it costs in round trips once statements are prepared.
type priced struct {
	name string
	want int64
	run  func() error
}

// TestTripsOfPgx counts the trips of a whole lifecycle, each command in a
// transaction of its own: BEGIN travels with what is read first, COMMIT with what
// is written. What reads nothing is one trip, everything else two; a record reads
// nothing, since the customer and the process are known.
func TestTripsOfPgx(t *testing.T) {
	t.Parallel()
	wr := &wire{}
	w := newWorld(t, onPgx(t, wr.wired(t)))
	_, err := w.s.SalesSystem().Enable(w.ctx)
	require.NoError(t, err)
	_, err = w.s.SalesSystem().Initialise(w.ctx, order.InitialiseInput{BaseCurrency: "CNY"})
	require.NoError(t, err)
	o := w.s.Opportunities()
	var id, cust uuid.UUID
	advance := func(to string) func() error {
		return func() error {
			_, err := o.Advance(w.ctx, id, opportunity.AdvanceInput{To: to, Summary: "done"})
			return err
		}
	}
	steps := []priced{
		{"create a customer and a contact", 1, func() error {
			r, err := w.s.Customers().Create(w.ctx, customer.CreateInput{Name: "Northwind", Sector: "retail", Status: customer.Active, Contacts: []customer.ContactInput{{Name: "Li Wei", Primary: true}}})
			cust = r.ID
			return err
		}},
		{"record with 3 lines and 2 members", 2, func() error {
			in := w.input("one", 3)
			in.Customer = cust
			in.Contacts = nil
			in.Members = []opportunity.MemberInput{{User: "bob", Role: opportunity.RoleSupport, Access: opportunity.Read}, {User: "eve", Role: opportunity.RoleSupport, Access: opportunity.Read}}
			r, err := o.Record(w.ctx, in)
			id = r.ID
			return err
		}},
		{"advance", 2, advance("engaging")},
		{"back", 2, func() error {
			_, err := o.Advance(w.ctx, id, opportunity.AdvanceInput{To: "prospecting", Summary: "done"})
			return err
		}},
		{"advance again", 2, advance("engaging")},
		{"and back", 2, func() error {
			_, err := o.Advance(w.ctx, id, opportunity.AdvanceInput{To: "prospecting", Summary: "done"})
			return err
		}},
		{"win", 2, func() error {
			_, err := o.Win(w.ctx, id, opportunity.WinInput{Summary: "won", Reasons: choose(w.win)})
			return err
		}},
		{"order with 3 lines", 2, func() error {
			_, err := w.s.Orders().Create(w.ctx, id, order.CreateInput{Promote: true})
			return err
		}},
		{"close", 2, func() error { _, err := o.Close(w.ctx, id, opportunity.CloseInput{Override: "no order"}); return err }},
	}
	count(t, wr, steps)
	var sum int64
	for _, x := range steps {
		sum += x.want
	}
	require.EqualValues(t, 17, sum, "a life")
}

// TestTripsOfRecords: one trip for all that a new opportunity refers to, and one for what
// is written.
func TestTripsOfRecords(t *testing.T) {
	t.Parallel()
	wr := &wire{}
	store := onPgx(t, wr.wired(t))
	w := tenantOn(t, store, nil)
	record := func(edit func(in *opportunity.RecordInput)) func() error {
		return func() error {
			in := w.input()
			edit(&in)
			_, err := w.s.Opportunities().Record(w.ctx, in)
			return err
		}
	}
	steps := []priced{
		{"what is named", 2, record(func(in *opportunity.RecordInput) {
			in.Source, in.Process = w.source, w.process
			in.Contacts = []opportunity.ContactInput{{Contact: w.contact, Role: opportunity.Champion}}
			in.Competitors = []opportunity.CompetitorInput{{Competitor: w.rival}}
		})},
		{"for a new customer", 2, func() error {
			_, err := w.s.Opportunities().RecordForNewCustomer(w.ctx, pursuit.RecordForNewCustomerInput{Customer: customer.CreateInput{Name: "New"}, Opportunity: func() opportunity.RecordInput {
				in := w.input()
				in.Customer = uuid.Nil
				return in
			}()})
			return err
		}},
		{"many things", 2, record(func(in *opportunity.RecordInput) {
			for _, role := range []opportunity.ContactRole{opportunity.Champion, opportunity.DecisionMaker, opportunity.Influencer, opportunity.Gatekeeper, opportunity.EndUserRole, opportunity.OtherContact} {
				in.Contacts = append(in.Contacts, opportunity.ContactInput{Contact: w.contact, Role: role})
			}
			in.Source = w.source
		})},
		{"a refusal", 2, func() error {
			err := record(func(in *opportunity.RecordInput) { in.Name = "" })()
			require.ErrorIs(t, err, fault.ErrInvalid)
			return nil
		}},
	}
	count(t, wr, steps)
}

// count runs the steps until they are prepared, and then counts.
func count(t *testing.T, wr *wire, steps []priced) {
	t.Helper()
	for round := range 5 {
		for _, x := range steps {
			before := wr.trips.Load()
			require.NoError(t, x.run(), x.name)
			if round == 4 {
				require.Equal(t, x.want, wr.trips.Load()-before, x.name)
			}
		}
	}
}

// TestTripsInAHostsPgxTx: a move of stage is two trips, beside the host's own.
func TestTripsInAHostsPgxTx(t *testing.T) {
	t.Parallel()
	wr := &wire{}
	p := wr.wired(t)
	store := onPgx(t, p)
	e := &pgxERP{newWorld(t, store), p, store}
	a := e.record("a", 1)
	for round := range 3 {
		tx := e.begin()
		s := e.in(store.Bind(pgxconn.Tx(tx)))
		for _, to := range []string{"engaging", "prospecting"} {
			before := wr.trips.Load()
			_, err := s.Opportunities().Advance(e.ctx, a.ID, opportunity.AdvanceInput{To: to, Summary: "done"})
			require.NoError(t, err)
			if round == 2 {
				require.EqualValues(t, 2, wr.trips.Load()-before)
			}
		}
		require.NoError(t, tx.Commit(e.ctx))
	}
}
