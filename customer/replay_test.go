package customer_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
)

// world saves changes as a store would.
type world struct {
	t    *testing.T
	rec  customer.Record
	all  []journal.Entry
	gone bool
}

func (w *world) save(c customer.Change) {
	require.Equal(w.t, w.rec.Customer.Version, c.Expected)
	require.Equal(w.t, c.Expected+1, c.Customer.Version)
	w.all = append(w.all, c.Entries...)
	w.rec.Customer, w.rec.Head = c.Customer, c.Head
	kept := map[string]customer.Contact{}
	for _, x := range w.rec.Contacts {
		kept[x.ID.String()] = x
	}
	for _, gone := range c.Removed {
		require.Contains(w.t, kept, gone.String(), "only stored contacts are removed")
		delete(kept, gone.String())
	}
	for _, x := range c.Contacts {
		if x.Primary {
			for id, other := range kept {
				require.True(w.t, id == x.ID.String() || !other.Primary, "the mark is free before it is given (C02)")
			}
		}
		kept[x.ID.String()] = x
	}
	w.rec.Contacts = nil
	for n := range uint64(100) {
		if x, ok := kept[id(n).String()]; ok {
			w.rec.Contacts = append(w.rec.Contacts, x)
		}
	}
	w.gone = c.Delete
}

// command does something, mostly sensible, and says whether it was done.
func command(a *customer.Aggregate, pick *rand.Rand, now journal.Moment) (string, error) {
	which := id(uint64(10 + pick.IntN(12)))
	contact := customer.ContactInput{
		Name: fmt.Sprint("n<\u2028>", pick.IntN(3)), Primary: pick.IntN(3) == 0, Note: "a\n\"b\"",
		Attributes: map[string]string{"k": fmt.Sprint(pick.IntN(2))},
	}
	used := pick.IntN(3) == 0
	switch pick.IntN(12) {
	case 0, 1:
		return "add", a.AddContact(which, contact, now)
	case 2, 3:
		return "edit", a.UpdateContact(which, contact.Update(), now)
	case 4:
		return "primary", a.SetPrimary(which, now)
	case 5:
		return "deactivate", a.DeactivateContact(which, now)
	case 6:
		return "activate", a.ActivateContact(which, now)
	case 7:
		return "remove", a.RemoveContact(which, used, now)
	case 8:
		return "status", a.SetStatus([]customer.Status{customer.Prospect, customer.Active, customer.Inactive}[pick.IntN(3)], now)
	case 9:
		return "delete", a.Delete(pick.IntN(8) > 0, now)
	default:
		in := customer.CreateInput{Name: fmt.Sprint("Acme & ", pick.IntN(3)), Parent: id(uint64(pick.IntN(2)) * 5), Code: "C"}
		if pick.IntN(2) == 0 {
			in.Attributes = map[string]string{"k": "v"}
		}
		return "update", a.Update(in.Update(), now)
	}
}

// Replaying the journal gives the stored state exactly, whatever was done
// (J05, for customers); the chain verifies (J06); one is primary at most (C02).
func TestJ05_C02_Replay(t *testing.T) {
	total := map[string]int{}
	for seed := range uint64(60) {
		pick := rand.New(rand.NewPCG(seed, 2026))
		newID := ids(10_000)
		w := &world{t: t}
		a, err := customer.New(id(1), "acme", customer.CreateInput{Name: "Acme", Contacts: []customer.ContactInput{{Name: "Ann"}, {Name: "Bob", Primary: true}}}, idList(11, 10), at(0))
		require.NoError(t, err)
		for step := 1; step < 60 && !w.gone; step++ {
			done := 1
			if step > 1 {
				a, done = customer.Open(w.rec), 0
			}
			for range 1 + pick.IntN(3) {
				if name, err := command(a, pick, at(step)); err == nil {
					done++
					total[name]++
				}
			}
			if done == 0 {
				continue
			}
			c, err := a.Change(newID)
			require.NoError(t, err)
			w.save(c)
			require.LessOrEqual(t, len(primaries(w.rec.Contacts)), 1)
			if w.gone {
				continue
			}
			gotCustomer, gotContacts, err := customer.Replay(w.all)
			require.NoError(t, err)
			require.Equal(t, w.rec.Customer, gotCustomer)
			require.Equal(t, len(w.rec.Contacts), len(gotContacts))
			for i := range gotContacts {
				require.Equal(t, w.rec.Contacts[i], gotContacts[i])
			}
		}
		require.NoError(t, journal.Verify(w.all, w.rec.Head))
		if w.gone {
			gotCustomer, gotContacts, err := customer.Replay(w.all)
			require.NoError(t, err)
			require.Equal(t, customer.Customer{}, gotCustomer)
			require.Empty(t, gotContacts)
		}
	}
	for _, name := range []string{"add", "edit", "primary", "deactivate", "activate", "remove", "status", "delete", "update"} {
		require.Greater(t, total[name], 5, "%s was hardly tried", name)
	}
}

func TestReplayRefusesWhatDoesNotFit(t *testing.T) {
	first, err := customer.New(id(1), "acme", customer.CreateInput{Name: "Acme", Contacts: []customer.ContactInput{{Name: "Ann"}}}, idList(11), at(0))
	require.NoError(t, err)
	require.NoError(t, first.SetPrimary(id(11), at(1)))
	require.NoError(t, first.SetStatus(customer.Active, at(1)))
	require.NoError(t, first.RemoveContact(id(11), false, at(1)))
	good := change(t, first).Entries
	for _, c := range []struct {
		code  string
		entry int
		spoil func(e *journal.Entry)
	}{
		{"journal.order", 0, func(e *journal.Entry) { e.Kind = journal.KindOrder }},
		{"journal.order", 1, func(e *journal.Entry) { e.Aggregate = id(9) }},
		{"journal.order", 0, func(e *journal.Entry) { e.Type = customer.EventUpdated }},
		{"journal.order", 2, func(e *journal.Entry) { e.Type = customer.EventCreated }},
		{"journal.type", 1, func(e *journal.Entry) { e.Type = "customer.kissed.v1" }},
		{"journal.payload", 2, func(e *journal.Entry) { e.Payload = []byte("[") }},
		{"journal.order", 0, func(e *journal.Entry) { e.Payload = []byte("{}") }},
		{"journal.order", 3, func(e *journal.Entry) { e.Payload = []byte(`{"from":"inactive","to":"active"}`) }},
		{"journal.order", 2, func(e *journal.Entry) { e.Payload = []byte("{}") }},
		{"journal.order", 2, func(e *journal.Entry) { e.Type = customer.EventContactAdded; e.Payload = good[1].Payload }},
		{"journal.order", 4, func(e *journal.Entry) { e.Payload = []byte("{}") }},
	} {
		entries := append([]journal.Entry(nil), good...)
		c.spoil(&entries[c.entry])
		_, _, err := customer.Replay(entries)
		refused(t, err, fault.ErrCorrupt, c.code)
		if c.code == "journal.order" {
			require.Equal(t, []string{fmt.Sprintf("/entries/%d order", c.entry)}, wrong(err))
		}
	}
	none, contacts, err := customer.Replay(nil)
	refused(t, err, fault.ErrCorrupt, "journal.empty")
	require.Equal(t, customer.Customer{}, none)
	require.Empty(t, contacts)
}
