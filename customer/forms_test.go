package customer_test

import (
	"flag"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/internal/journalled"
	"github.com/pursuit-crm/pursuit/journal"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestJ05_EventForms holds the payload of every type of event.
func TestJ05_EventForms(t *testing.T) {
	newID, minute := ids(10_000), 0
	begin := func(n uint64, in customer.CreateInput, contacts ...uint64) *world {
		a, err := customer.New(id(n), "acme", in, idList(contacts...), at(minute))
		require.NoError(t, err)
		c, err := a.Change(newID)
		require.NoError(t, err)
		w := &world{t: t}
		w.save(c)
		return w
	}
	run := func(w *world, f func(a *customer.Aggregate, at journal.Moment) error) {
		t.Helper()
		minute++
		a := customer.Open(w.rec)
		require.NoError(t, f(a, at(minute)))
		c, err := a.Change(newID)
		require.NoError(t, err)
		w.save(c)
	}
	w := begin(1, customer.CreateInput{Code: "C-1", Name: "Acme", Sector: "steel", Email: "info@acme.example", Phone: "+86 10 5555 0100", Country: "CN",
		Owner: "ann", Department: "east", Attributes: map[string]string{"erp.id": "77"},
		Contacts: []customer.ContactInput{{Name: "Wei", Title: "CFO", Email: "wei@acme.example", Primary: true}, {Name: "Ana"}}}, 11, 12)
	name, sector, note, primary := "Acme AG", "", "after lunch", true
	run(w, func(a *customer.Aggregate, at journal.Moment) error {
		return a.Update(customer.UpdateInput{Name: &name, Sector: &sector}, at)
	})
	run(w, func(a *customer.Aggregate, at journal.Moment) error { return a.SetStatus(customer.Active, at) })
	run(w, func(a *customer.Aggregate, at journal.Moment) error {
		return a.UpdateContact(id(12), customer.UpdateContactInput{Note: &note, Primary: &primary}, at)
	})
	run(w, func(a *customer.Aggregate, at journal.Moment) error { return a.SetPrimary(id(11), at) })
	run(w, func(a *customer.Aggregate, at journal.Moment) error { return a.DeactivateContact(id(11), at) })
	run(w, func(a *customer.Aggregate, at journal.Moment) error { return a.RemoveContact(id(12), false, at) })
	loser := begin(2, customer.CreateInput{Name: "Other", Code: "C-2", Contacts: []customer.ContactInput{{Name: "Cy", Primary: true}}}, 22)
	a, b := customer.Open(w.rec), customer.Open(loser.rec)
	require.NoError(t, a.Merge(b, customer.MergeInput{Loser: id(2), Reason: "the same"}, at(minute)))
	for _, x := range []struct {
		a *customer.Aggregate
		w *world
	}{{a, w}, {b, loser}} {
		c, err := x.a.Change(newID)
		require.NoError(t, err)
		x.w.save(c)
	}
	gone := begin(3, customer.CreateInput{Name: "Gone", Code: "C-3"})
	run(gone, func(a *customer.Aggregate, at journal.Moment) error { return a.Delete(false, at) })
	journalled.Forms(t, "testdata/events.golden", customer.Events(), append(append(w.all, loser.all...), gone.all...), *update)
}
