package integration

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/storage"
)

// TestC08_ARefusedMergeLeavesNothing dates a merging before the last change of what
// hangs on the loser (O12): a batch that goes on after that holds none of it (J08).
func TestC08_ARefusedMergeLeavesNothing(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		into := w.newCustomer(customer.CreateInput{Name: "Contoso", Status: customer.Active})
		w.now = w.now.Add(time.Hour)
		deal := w.record()
		err := w.s.Batch(w.ctx, func(ctx context.Context, b *pursuit.Session) error {
			_, err := b.Customers().Merge(ctx, into.ID, customer.MergeInput{Loser: w.customer, Reason: "one company"}, pursuit.At(w.now.Add(-30*time.Minute)))
			require.ErrorIs(t, err, fault.ErrInvalid)
			return nil
		})
		require.NoError(t, err)
		c, err := w.s.Customers().Get(w.ctx, w.customer)
		require.NoError(t, err)
		require.Equal(t, w.customer, c.ID, "it is no alias")
		require.Equal(t, int64(1), c.Version)
		s, err := w.s.Opportunities().Get(w.ctx, deal.ID, 0)
		require.NoError(t, err)
		require.Equal(t, w.customer, s.Customer)
	})
}

// TestC08_WhatIsRecordedMeanwhile lets a deal be recorded, and an order be made,
// for the loser between the merging's reading and its writing.
func TestC08_WhatIsRecordedMeanwhile(t *testing.T) {
	onServers(t, func(t *testing.T, d database) {
		store, host := d.asStore(t)
		w := tenantOn(t, store, host)
		into := w.newCustomer(customer.CreateInput{Name: "Contoso", Status: customer.Active})
		won := w.record()
		require.NoError(t, w.command(won.ID, opportunity.CommandWin))
		w.selling()
		var deal, ord pursuit.Result
		once := sync.OnceFunc(func() {
			deal = w.record()
			var err error
			ord, err = w.s.Orders().Create(w.ctx, won.ID, order.CreateInput{})
			require.NoError(t, err)
		})
		eng, err := pursuit.New(store, &pursuit.Options{Clock: w.clock, NewID: func() uuid.UUID { once(); return uuid.New() }})
		require.NoError(t, err)
		in := customer.MergeInput{Loser: w.customer, Reason: "one company"}
		res, err := eng.As(w.s.Actor()).Customers().Merge(w.ctx, into.ID, in)
		require.NoError(t, err)
		if s, err := w.s.Opportunities().Get(w.ctx, deal.ID, 0); err != nil || s.Customer != into.ID {
			require.NoError(t, err)
			require.NotEqual(t, "postgres", d.name, "it is looked for before the commit")
			again, err := w.s.Customers().Merge(w.ctx, into.ID, in)
			require.NoError(t, err)
			require.Equal(t, res, again, "the customers are as they were")
		}
		s, err := w.s.Opportunities().Get(w.ctx, deal.ID, 0)
		require.NoError(t, err)
		require.Equal(t, into.ID, s.Customer)
		o, err := w.s.Orders().Get(w.ctx, ord.ID)
		require.NoError(t, err)
		require.Equal(t, into.ID, o.Customer)
		_, err = w.s.Customers().Merge(w.ctx, into.ID, in)
		require.Equal(t, "customer.merged", fault.CodeOf(err), "nothing is left")
	})
}

// TestC08_AParentThatIsAnAlias: naming an alias as parent means its survivor, and
// never makes a cycle.
func TestC08_AParentThatIsAnAlias(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		h := w.s.Customers()
		into := w.newCustomer(customer.CreateInput{Name: "Contoso"})
		_, err := h.Merge(w.ctx, into.ID, customer.MergeInput{Loser: w.customer, Reason: "one company"})
		require.NoError(t, err)
		parent := func(id uuid.UUID) uuid.UUID {
			t.Helper()
			c, err := h.Get(w.ctx, id)
			require.NoError(t, err)
			require.Equal(t, c.Parent, w.replayedCustomer(id).Parent, "J05")
			return c.Parent
		}
		made := w.newCustomer(customer.CreateInput{Name: "Kids", Parent: w.customer})
		require.Equal(t, into.ID, parent(made.ID))
		other := w.newCustomer(customer.CreateInput{Name: "Other"})
		_, err = h.Update(w.ctx, other.ID, customer.CreateInput{Name: "Other", Parent: w.customer}.Update())
		require.NoError(t, err)
		require.Equal(t, into.ID, parent(other.ID))
		for _, up := range []uuid.UUID{w.customer, other.ID} {
			_, err = h.Update(w.ctx, into.ID, customer.CreateInput{Name: "Contoso", Parent: up}.Update())
			require.ErrorIs(t, err, fault.ErrInvalid)
			require.Equal(t, "cycle", fault.FieldsOf(err)[0].Code)
		}
		in := w.input()
		in.Customer = uuid.Nil
		r, err := w.s.Opportunities().RecordForNewCustomer(w.ctx, pursuit.RecordForNewCustomerInput{Customer: customer.CreateInput{Name: "Third", Parent: w.customer}, Opportunity: in})
		require.NoError(t, err)
		require.Equal(t, into.ID, parent(r.Customer))
		_, err = w.s.Opportunities().RecordForNewCustomer(w.ctx, pursuit.RecordForNewCustomerInput{Customer: customer.CreateInput{Name: "Third", Parent: uuid.New()}, Opportunity: in})
		require.ErrorIs(t, err, fault.ErrInvalid)
		require.Equal(t, "/customer/parent", fault.FieldsOf(err)[0].Path)
	})
}

// TestC08_AsManyAsMayMove merges a customer with as many deals as may move, and
// refuses one more.
func TestC08_AsManyAsMayMove(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		into := w.newCustomer(customer.CreateInput{Name: "Contoso", Status: customer.Active})
		require.NoError(t, w.s.Batch(w.ctx, func(ctx context.Context, b *pursuit.Session) error {
			for range customer.MaxMerged {
				if _, err := b.Opportunities().Record(ctx, w.input()); err != nil {
					return err
				}
			}
			return nil
		}))
		in := customer.MergeInput{Loser: w.customer, Reason: "one company"}
		more := w.newCustomer(customer.CreateInput{Name: "Child", Parent: w.customer})
		_, err := w.s.Customers().Merge(w.ctx, into.ID, in)
		require.ErrorIs(t, err, fault.ErrLimit)
		_, err = w.s.Customers().Update(w.ctx, more.ID, customer.CreateInput{Name: "Child"}.Update())
		require.NoError(t, err)
		_, err = w.s.Customers().Merge(w.ctx, into.ID, in)
		require.NoError(t, err)
		for id, want := range map[uuid.UUID]int64{w.customer: 0, into.ID: customer.MaxMerged} {
			require.Equal(t, want, w.stored(id))
		}
	})
}

// TestC08_MergeWhileDealsAreRecorded: whatever is recorded for the loser at that
// moment moves, if not at once then when the two are merged once more.
func TestC08_MergeWhileDealsAreRecorded(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		into := w.newCustomer(customer.CreateInput{Name: "Contoso", Status: customer.Active})
		input := w.input()
		ctx, stop := context.WithCancel(w.ctx)
		var recorders sync.WaitGroup
		for range 3 {
			s := w.engine(nil).As(w.s.Actor())
			recorders.Go(func() {
				for ctx.Err() == nil {
					if _, err := s.Opportunities().Record(w.ctx, input); err != nil && !errors.Is(err, fault.ErrRetry) {
						t.Error(err)
					}
				}
			})
		}
		in := customer.MergeInput{Loser: w.customer, Reason: "one company"}
		for range 10 { // it may be given up, as any command among others
			_, err := w.s.Customers().Merge(w.ctx, into.ID, in)
			if err == nil {
				break
			}
			if !errors.Is(err, fault.ErrRetry) {
				t.Error(err)
			}
		}
		for range 5 {
			w.record()
		}
		stop()
		recorders.Wait()
		all := w.stored(w.customer) + w.stored(into.ID)
		if w.stored(w.customer) > 0 {
			_, err := w.s.Customers().Merge(w.ctx, into.ID, in)
			require.NoError(t, err)
		}
		require.Zero(t, w.stored(w.customer))
		require.Equal(t, all, w.stored(into.ID))
	})
}

// stored counts the deals that have this very customer, where the engine would
// answer for an alias's survivor.
func (w *tenant) stored(id uuid.UUID) (n int64) {
	w.t.Helper()
	require.NoError(w.t, w.store.View(w.ctx, func(ctx context.Context, tx storage.Tx) (err error) {
		q := opportunity.Query{Scope: access.Scope{All: true}, Filter: opportunity.Filter{Customer: id}, Limit: 1}
		n, err = tx.Opportunities().Count(ctx, w.s.Actor().Tenant, q)
		return err
	}))
	return n
}
