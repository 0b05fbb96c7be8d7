package pursuit_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/opportunity/pipeline"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/quote"
)

// replayedCustomer is what the journal of a customer replays to.
func (w *tenant) replayedCustomer(id uuid.UUID) customer.Customer {
	w.t.Helper()
	entries, err := w.s.Customers().Journal(w.ctx, id)
	require.NoError(w.t, err)
	c, _, err := customer.Replay(entries)
	require.NoError(w.t, err)
	return c
}

func TestC08_Merge(t *testing.T) {
	w := newTenant(t)
	h := w.s.Customers()
	into := w.newCustomer(customer.CreateInput{Name: "Contoso", Status: customer.Active}, customer.ContactInput{Name: "Kim", Primary: true})
	child := w.newCustomer(customer.CreateInput{Name: "Northwind Kids", Parent: w.customer})
	plain := w.record()
	_, err := w.s.DealContacts().Add(w.ctx, plain.ID, opportunity.ContactInput{Contact: w.contact, Role: opportunity.Champion, Primary: true})
	require.NoError(t, err)
	won, sold := w.ordered()
	loser, err := h.Get(w.ctx, w.customer)
	require.NoError(t, err)

	res, err := h.Merge(w.ctx, into.ID, customer.MergeInput{Loser: w.customer, Reason: "one company"}, pursuit.RequestID("m"), pursuit.IfVersion(1))
	require.NoError(t, err)
	require.Equal(t, pursuit.Result{ID: into.ID, Version: 2}, res)
	again, err := h.Merge(w.ctx, into.ID, customer.MergeInput{Loser: w.customer, Reason: "one company"}, pursuit.RequestID("m"), pursuit.IfVersion(1))
	require.NoError(t, err)
	require.True(t, again.Repeated)

	c, err := h.Get(w.ctx, w.customer)
	require.NoError(t, err)
	require.Equal(t, into.ID, c.ID, "the alias resolves")
	require.Len(t, c.Contacts, 2)
	for _, x := range c.Contacts {
		require.Equal(t, x.Name == "Kim", x.Primary, "the survivor's stays the primary one (C02)")
		require.Equal(t, into.ID, x.Customer)
	}
	if loser.Code != "" {
		c, err = h.ByCode(w.ctx, loser.Code)
		require.NoError(t, err)
		require.Equal(t, into.ID, c.ID)
	}
	for _, id := range []uuid.UUID{plain.ID, won} {
		s, err := w.s.Opportunities().Get(w.ctx, id, opportunity.AllParts)
		require.NoError(t, err)
		require.Equal(t, into.ID, s.Customer)
		entries, err := w.s.Opportunities().Journal(w.ctx, id)
		require.NoError(t, err)
		require.Equal(t, opportunity.EventCustomerMerged, entries[len(entries)-1].Type)
		replayed, _, _, err := opportunity.Replay(entries)
		require.NoError(t, err)
		require.Equal(t, s, replayed, "J05")
	}
	o, err := w.s.Orders().Get(w.ctx, sold)
	require.NoError(t, err)
	require.Equal(t, into.ID, o.Customer)
	_, err = w.s.Orders().Journal(w.ctx, sold)
	require.NoError(t, err, "J06")
	k, err := h.Get(w.ctx, child.ID)
	require.NoError(t, err)
	require.Equal(t, into.ID, k.Parent)
	require.Equal(t, into.ID, w.replayedCustomer(w.customer).MergedInto)
	require.Equal(t, customer.Inactive, w.replayedCustomer(w.customer).Status)
	require.Equal(t, c.Version, w.replayedCustomer(into.ID).Version)
	deals, err := h.ContactDeals(w.ctx, w.contact, pursuit.Page{})
	require.NoError(t, err)
	require.Len(t, deals.Items, 1, "a contact keeps its roles")
	require.Equal(t, plain.ID, deals.Items[0].Deal.ID)
	require.Equal(t, opportunity.Champion, deals.Items[0].Contact.Role)

	// A new deal that names the alias is the survivor's.
	next := w.record()
	s, err := w.s.Opportunities().Get(w.ctx, next.ID, 0)
	require.NoError(t, err)
	require.Equal(t, into.ID, s.Customer)
	other := w.newCustomer(customer.CreateInput{Name: "Fabrikam"})
	_, err = w.s.Opportunities().Update(w.ctx, next.ID, opportunity.UpdateInput{BillTo: &other.ID})
	require.NoError(t, err)
	_, err = w.s.Opportunities().Update(w.ctx, next.ID, opportunity.UpdateInput{BillTo: &w.customer})
	require.NoError(t, err)
	s, err = w.s.Opportunities().Get(w.ctx, next.ID, 0)
	require.NoError(t, err)
	require.Equal(t, uuid.Nil, s.BillTo, "the survivor is the customer anyway (O18)")

	// The alias takes no command, and its survivor isn't deleted.
	_, err = h.AddContact(w.ctx, w.customer, customer.ContactInput{Name: "Zoe"})
	require.ErrorIs(t, err, fault.ErrNotAllowed)
	require.Equal(t, "customer.merged", fault.CodeOf(err))
	_, err = h.Merge(w.ctx, other.ID, customer.MergeInput{Loser: w.customer, Reason: "x"})
	require.Equal(t, "customer.merged", fault.CodeOf(err))
	_, err = h.Merge(w.ctx, w.customer, customer.MergeInput{Loser: other.ID, Reason: "x"})
	require.Equal(t, "customer.merged", fault.CodeOf(err))
	// Aliases of aliases lead to the last one.
	_, err = h.Merge(w.ctx, other.ID, customer.MergeInput{Loser: into.ID, Reason: "x"})
	require.NoError(t, err)
	c, err = h.Get(w.ctx, w.customer)
	require.NoError(t, err)
	require.Equal(t, other.ID, c.ID)
	_, err = h.Delete(w.ctx, other.ID)
	require.ErrorIs(t, err, fault.ErrInUse)
	list, err := h.List(w.ctx, pursuit.CustomerQuery{}, pursuit.Page{})
	require.NoError(t, err)
	require.Len(t, list.Items, 2, "aliases aren't listed")

	// What is asked about an alias is answered for its survivor.
	_, err = w.s.Quotes().Create(w.ctx, next.ID, quote.CreateInput{})
	require.NoError(t, err)
	want := w.ofCustomer(other.ID)
	require.Equal(t, []int{3, 3, 3, 1, 1, 1, 1, 1, 1}, mapped(want, func(x []string) int { return len(x) }))
	require.Equal(t, want, w.ofCustomer(into.ID))
	require.Equal(t, want, w.ofCustomer(w.customer))
	none := w.newCustomer(customer.CreateInput{Name: "Nobody"})
	require.Equal(t, make([][]string, len(want)), w.ofCustomer(none.ID))
}

// ofCustomer is what lists, counts and figures say of a customer; lists are walked
// in pages of one.
func (w *tenant) ofCustomer(id uuid.UUID) (out [][]string) {
	w.t.Helper()
	ids := func(list []uuid.UUID) { out = append(out, mapped(list, uuid.UUID.String)) }
	for _, f := range []opportunity.Filter{{Customer: id}, {Party: id}} {
		ids(walked(w, func(p pursuit.Page) (pursuit.List[opportunity.Root], error) {
			return w.s.Opportunities().List(w.ctx, pursuit.OpportunityQuery{Filter: f}, p)
		}, func(r opportunity.Root) uuid.UUID { return r.ID }))
	}
	n, err := w.s.Opportunities().Count(w.ctx, opportunity.Filter{Customer: id})
	require.NoError(w.t, err)
	out = append(out, slices.Repeat([]string{"deal"}, int(n)))
	ids(walked(w, func(p pursuit.Page) (pursuit.List[customer.Customer], error) {
		return w.s.Customers().List(w.ctx, pursuit.CustomerQuery{Parent: id}, p)
	}, func(c customer.Customer) uuid.UUID { return c.ID }))
	groups, err := w.s.Reports().Pipeline(w.ctx, pursuit.PipelineQuery{Filter: opportunity.Filter{Customer: id}, By: pipeline.ByStage})
	require.NoError(w.t, err)
	out = append(out, mapped(groups, func(g pipeline.Group) string {
		text, err := jsonOf(g)
		require.NoError(w.t, err)
		return text
	}))
	ids(walked(w, func(p pursuit.Page) (pursuit.List[order.Root], error) {
		return w.s.Orders().List(w.ctx, pursuit.OrderQuery{Customer: id}, p)
	}, func(r order.Root) uuid.UUID { return r.ID }))
	ids(walked(w, func(p pursuit.Page) (pursuit.List[order.Execution], error) {
		return w.s.Orders().Executions(w.ctx, pursuit.OrderQuery{Customer: id}, p)
	}, func(x order.Execution) uuid.UUID { return x.Order }))
	sum, err := w.s.Orders().ExecutionOfCustomer(w.ctx, id)
	require.NoError(w.t, err)
	ids(mapped(sum.Orders, func(x order.Execution) uuid.UUID { return x.Order }))
	ids(walked(w, func(p pursuit.Page) (pursuit.List[quote.Root], error) {
		return w.s.Quotes().List(w.ctx, pursuit.QuoteQuery{Customer: id}, p)
	}, func(q quote.Root) uuid.UUID { return q.ID }))
	for i := range out {
		if len(out[i]) == 0 {
			out[i] = nil
		}
	}
	return out
}

// walked gives all items of a list, asked for one by one.
func walked[T, V any](w *tenant, list func(pursuit.Page) (pursuit.List[T], error), f func(T) V) (out []V) {
	w.t.Helper()
	page := pursuit.Page{Size: 1}
	for {
		l, err := list(page)
		require.NoError(w.t, err)
		out = append(out, mapped(l.Items, f)...)
		if page.Cursor = l.Next; l.Next == "" {
			return out
		}
	}
}

func TestC08_MergeRefused(t *testing.T) {
	w := newTenant(t)
	h := w.s.Customers()
	mid := w.newCustomer(customer.CreateInput{Name: "Mid", Parent: w.customer})
	low := w.newCustomer(customer.CreateInput{Name: "Low", Parent: mid.ID})
	elsewhere := w.eng.As(pursuit.Actor{Tenant: "globex", User: "ann", Roles: []access.Role{access.Administrator}})
	foreign, err := elsewhere.Customers().Create(w.ctx, customer.CreateInput{Name: "Theirs"})
	require.NoError(t, err)
	for _, x := range []struct {
		into, from uuid.UUID
		reason     string
		kind       error
		code       string
		fields     int
	}{
		{low.ID, low.ID, "x", fault.ErrInvalid, "customer.merge.invalid", 1},
		{low.ID, low.ID, "", fault.ErrInvalid, "customer.merge.invalid", 2},
		{low.ID, mid.ID, strings.Repeat("x", 20_000), fault.ErrInvalid, "customer.merge.invalid", 1},
		{low.ID, w.customer, "x", fault.ErrInvalid, "customer.merge.invalid", 1},
		{low.ID, foreign.ID, "x", fault.ErrNotFound, "customer.not_found", 0},
		{foreign.ID, low.ID, "x", fault.ErrNotFound, "customer.not_found", 0},
		{low.ID, uuid.Nil, "x", fault.ErrNotFound, "customer.not_found", 0},
	} {
		_, err := h.Merge(w.ctx, x.into, customer.MergeInput{Loser: x.from, Reason: x.reason})
		require.ErrorIs(t, err, x.kind)
		require.Equal(t, x.code, fault.CodeOf(err))
		require.Len(t, fault.FieldsOf(err), x.fields)
	}
	for id, version := range map[uuid.UUID]int64{w.customer: 1, mid.ID: 1, low.ID: 1} {
		c, err := h.Get(w.ctx, id)
		require.NoError(t, err)
		require.Equal(t, version, c.Version, "nothing changed")
	}
	// A direct parent may go up in its child.
	_, err = h.Merge(w.ctx, low.ID, customer.MergeInput{Loser: mid.ID, Reason: "x"})
	require.NoError(t, err)
	c, err := h.Get(w.ctx, low.ID)
	require.NoError(t, err)
	require.Equal(t, uuid.Nil, c.Parent)
	require.Equal(t, uuid.Nil, w.replayedCustomer(low.ID).Parent)
}

func mapped[A, B any](list []A, f func(A) B) []B {
	out := make([]B, len(list))
	for i := range list {
		out[i] = f(list[i])
	}
	return out
}
