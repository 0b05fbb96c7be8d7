package integration

import (
	"testing"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
)

// TestJ02_OrdersAreSeenWithTheirOpportunity: a list and a question on one agree,
// also after the deal went to somebody else.
func TestJ02_OrdersAreSeenWithTheirOpportunity(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		w.sales(order.InitialiseInput{})
		deal, id := w.ordered()
		bobs := w.eng.As(pursuit.Actor{Tenant: "acme", User: "bob", Department: "west", Roles: []access.Role{access.Sales}})
		sees := func() bool {
			l, err := bobs.Orders().List(w.ctx, pursuit.OrderQuery{Statuses: []order.Status{order.Draft}}, pursuit.Page{})
			require.NoError(t, err)
			_, err = bobs.Orders().Get(w.ctx, id)
			_, err2 := bobs.Orders().Get(w.ctx, uuid.New())
			if err != nil {
				require.Equal(t, err2, err, "J03")
			}
			require.Equal(t, err == nil, len(l.Items) == 1)
			return err == nil
		}
		require.False(t, sees())
		_, err := bobs.Orders().Create(w.ctx, deal, order.CreateInput{})
		_, err2 := bobs.Orders().Create(w.ctx, uuid.New(), order.CreateInput{})
		require.ErrorIs(t, err, fault.ErrNotFound)
		require.Equal(t, err2, err)
		w.must(w.s.Team().Transfer(w.ctx, deal, opportunity.TransferInput{To: "bob", Remove: true}))
		require.True(t, sees())
		w.must(bobs.Orders().Confirm(w.ctx, id))
		_, err = bobs.Orders().Cancel(w.ctx, id, order.CancelInput{Reason: "x"})
		require.ErrorIs(t, err, fault.ErrForbidden)
		_, err = w.s.Orders().List(w.ctx, pursuit.OrderQuery{Statuses: []order.Status{77}}, pursuit.Page{})
		require.ErrorIs(t, err, fault.ErrInvalid)
	})
}

func TestOrdersByPages(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		w.sales(order.InitialiseInput{})
		var want []string
		for range 3 {
			_, id := w.ordered()
			want = append(want, w.order(id).Number)
		}
		var got []string
		page := pursuit.Page{Size: 2}
		for {
			l, err := w.s.Orders().List(w.ctx, pursuit.OrderQuery{Customer: w.customer}, page)
			require.NoError(t, err)
			for _, r := range l.Items {
				got = append(got, r.Number)
			}
			if page.Cursor = l.Next; l.Next == "" {
				break
			}
		}
		require.Equal(t, want, got)
	})
}

// TestQ04_SideBySide makes orders of one deal at the same time: one is made.
func TestQ04_SideBySide(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		w.sales(order.InitialiseInput{})
		deal := w.won()
		errs := make(chan error, 8)
		for range cap(errs) {
			go func() {
				_, err := w.s.Orders().Create(w.ctx, deal, order.CreateInput{})
				errs <- err
			}()
		}
		made := 0
		for range cap(errs) {
			if err := <-errs; err == nil {
				made++
			} else {
				require.ErrorIs(t, err, fault.ErrNotAllowed)
			}
		}
		require.Equal(t, 1, made)
		require.Equal(t, 1, w.get(deal).Counts.Orders)
	})
}

// TestOrdersInABatch makes and executes an order in one transaction.
func TestOrdersInABatch(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		w.sales(order.InitialiseInput{})
		deal := w.won()
		h := w.host()
		s := w.eng.In(h.bound).As(w.s.Actor())
		r, err := s.Orders().Create(w.ctx, deal, order.CreateInput{})
		require.NoError(t, err)
		w.must(s.Orders().Confirm(w.ctx, r.ID))
		w.must(s.Orders().Execute(w.ctx, r.ID, everythingDone()))
		require.NoError(t, h.commit())
		require.Equal(t, order.Completed, w.order(r.ID).Status)
		w.sameOrder(r.ID)
	})
}

func TestJ06_AnOrdersJournalIsVerified(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		w.sales(order.InitialiseInput{})
		_, id := w.ordered()
		w.must(w.s.Orders().Confirm(w.ctx, id))
		entries, err := w.s.Orders().Journal(w.ctx, id)
		require.NoError(t, err)
		head := w.order(id).Head
		require.NoError(t, journal.Verify(entries, head))
		entries[1].Moment.By = "mallory"
		require.ErrorIs(t, journal.Verify(entries, head), fault.ErrCorrupt)
		_, err = w.as(access.Marketing).Orders().Journal(w.ctx, id)
		require.ErrorIs(t, err, fault.ErrForbidden)
	})
}

// hugeDecimal would take minutes to print.
func hugeDecimal() decimal.Decimal { return decimal.New(1, 1<<30) }

// TestQ06_SideBySide reports the same delivery, and others, at the same time.
func TestQ06_SideBySide(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		w.sales(order.InitialiseInput{})
		_, id := w.ordered()
		w.must(w.s.Orders().Confirm(w.ctx, id))
		errs := make(chan error, 6)
		for i := range cap(errs) {
			go func() {
				_, err := w.s.Orders().Execute(w.ctx, id, []order.EventInput{everythingDone()[i%3]})
				errs <- err
			}()
		}
		for range cap(errs) {
			require.NoError(t, <-errs)
		}
		require.Len(t, w.order(id).Events, 3)
		require.Equal(t, "300.00", w.order(id).Delivered.Amount())
		w.sameOrder(id)
	})
}

// TestJ03_HiddenJournals wants the answer of an unknown id for a hidden deal's.
func TestJ03_HiddenJournals(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		w.sales(order.InitialiseInput{})
		deal, id := w.ordered()
		bobs := w.eng.As(pursuit.Actor{Tenant: "acme", User: "bob", Department: "west", Roles: []access.Role{access.Manager}})
		_, unknown := bobs.Opportunities().Journal(w.ctx, uuid.New())
		_, err := bobs.Opportunities().Journal(w.ctx, deal)
		require.ErrorIs(t, err, fault.ErrNotFound)
		require.Equal(t, unknown, err)
		_, unknown = bobs.Orders().Journal(w.ctx, uuid.New())
		_, err = bobs.Orders().Journal(w.ctx, id)
		require.ErrorIs(t, err, fault.ErrNotFound)
		require.Equal(t, unknown, err)
	})
}
