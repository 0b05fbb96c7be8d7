package customer_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
)

// second records another customer, with a contact 21.
func second(t *testing.T, tenant string, contact customer.ContactInput) customer.Record {
	t.Helper()
	a, err := customer.New(id(2), tenant, customer.CreateInput{Name: "Other", Parent: id(1), Contacts: []customer.ContactInput{contact}}, idList(21), at(0))
	require.NoError(t, err)
	c, err := a.Change(ids(200))
	require.NoError(t, err)
	return customer.Record{Customer: c.Customer, Contacts: a.Contacts, Head: c.Head}
}

func TestC08_ContactsComeOver(t *testing.T) {
	for name, x := range map[string]struct {
		ours    customer.ContactInput
		primary string
	}{
		"the survivor's primary contact stays it": {customer.ContactInput{Name: "Ann", Primary: true}, "Ann"},
		"else the loser's keeps the mark":         {customer.ContactInput{Name: "Ann"}, "Bob"},
	} {
		t.Run(name, func(t *testing.T) {
			rec, other := create(t, customer.CreateInput{Name: "Acme", Parent: id(2)}, x.ours), second(t, "acme", customer.ContactInput{Name: "Bob", Primary: true})
			a, b := customer.Open(rec), customer.Open(other)
			require.NoError(t, a.Merge(b, customer.MergeInput{Loser: id(2), Reason: "the same"}, at(5)))
			require.Equal(t, []string{x.primary}, primaries(a.Contacts))
			require.Equal(t, uuid.Nil, a.Customer.Parent, "it isn't its own parent")
			for _, c := range a.Contacts {
				require.Equal(t, id(1), c.Customer)
			}
			to, away := change(t, a), change(t, b)
			require.Equal(t, []uuid.UUID{id(21)}, away.Moved)
			require.Len(t, to.Contacts, 1, "only what moved is written")
			require.True(t, away.Customer.IsAlias())
			require.Equal(t, id(1), away.Customer.MergedInto)
			require.Equal(t, customer.Inactive, away.Customer.Status)
			require.Equal(t, []string{customer.EventMerged}, types(to.Entries))
			require.Equal(t, []string{customer.EventMergedAway}, types(away.Entries))
			require.Equal(t, rec.Customer.Version+1, to.Customer.Version)

			lost := customer.Open(customer.Record{Customer: away.Customer, Head: away.Head})
			refused(t, lost.SetStatus(customer.Active, at(6)), fault.ErrNotAllowed, "customer.merged")
			refused(t, lost.Update(customer.CreateInput{Name: "x"}.Update(), at(6)), fault.ErrNotAllowed, "customer.merged")
			refused(t, lost.Delete(false, at(6)), fault.ErrNotAllowed, "customer.merged")
			refused(t, lost.Merge(a, customer.MergeInput{Loser: id(1), Reason: "x"}, at(6)), fault.ErrNotAllowed, "customer.merged")
			refused(t, lost.SetParent(id(3), at(6)), fault.ErrNotAllowed, "customer.merged")
		})
	}
}

func TestC08_J05_MergingReplays(t *testing.T) {
	first, err := customer.New(id(1), "acme", customer.CreateInput{Name: "Acme", Parent: id(2), Contacts: []customer.ContactInput{{Name: "Ann"}}}, idList(11), at(0))
	require.NoError(t, err)
	other, err := customer.New(id(2), "acme", customer.CreateInput{Name: "Other", Contacts: []customer.ContactInput{{Name: "Bob", Primary: true}, {Name: "Cy"}}}, idList(10, 22), at(0))
	require.NoError(t, err)
	one, two := change(t, first), change(t, other)
	a := customer.Open(customer.Record{Customer: one.Customer, Contacts: first.Contacts, Head: one.Head})
	b := customer.Open(customer.Record{Customer: two.Customer, Contacts: other.Contacts, Head: two.Head})
	require.NoError(t, a.Merge(b, customer.MergeInput{Loser: id(2), Reason: "the same"}, at(1)))
	to, away := change(t, a), change(t, b)
	for _, x := range []struct {
		all      []journal.Entry
		customer customer.Customer
		contacts []customer.Contact
	}{
		{append(one.Entries, to.Entries...), to.Customer, a.Contacts},
		{append(two.Entries, away.Entries...), away.Customer, nil},
	} {
		c, contacts, err := customer.Replay(x.all)
		require.NoError(t, err)
		require.Equal(t, x.customer, c)
		require.Equal(t, x.contacts, contacts)
	}
	twice := append(append(one.Entries, to.Entries...), to.Entries...)
	_, _, err = customer.Replay(twice)
	refused(t, err, fault.ErrCorrupt, "journal.order")
	away.Entries[0].Payload = []byte("{}")
	_, _, err = customer.Replay(append(two.Entries, away.Entries...))
	refused(t, err, fault.ErrCorrupt, "journal.order")
}

func TestC08_Refusals(t *testing.T) {
	rec := create(t, customer.CreateInput{Name: "Acme"})
	in := customer.MergeInput{Loser: id(1), Reason: "x"}
	a := customer.Open(rec)
	err := a.Merge(customer.Open(rec), in, at(1))
	refused(t, err, fault.ErrInvalid, "customer.merge.invalid")
	require.Equal(t, []string{"/loser self"}, wrong(err))
	err = a.Merge(customer.Open(second(t, "globex", customer.ContactInput{Name: "Bob"})), customer.MergeInput{Loser: id(2), Reason: "\x00"}, at(1))
	refused(t, err, fault.ErrInvalid, "customer.merge.invalid")
	require.Len(t, wrong(err), 2)
	many := second(t, "acme", customer.ContactInput{Name: "Bob"})
	for n := range uint64(customer.MaxContacts) {
		many.Contacts = append(many.Contacts, customer.Contact{ID: id(1000 + n), Customer: id(2), Active: true})
	}
	refused(t, a.Merge(customer.Open(many), customer.MergeInput{Loser: id(2), Reason: "x"}, at(1)), fault.ErrLimit, "customer.contacts.too_many")
	_, err = a.Change(ids(1))
	require.Error(t, err, "nothing happened")
}

func TestC07_ProbesHaveBounds(t *testing.T) {
	contacts := make([]customer.ContactInput, 2*customer.MaxProbeKeys)
	for i := range contacts {
		contacts[i] = customer.ContactInput{Email: "a@b.example", Phone: "+1 234"}
	}
	p := customer.ProbeOf(customer.CreateInput{Name: "Acme", Email: "x@gmail.com"}, contacts)
	q, err := p.Keys()
	require.NoError(t, err)
	require.Equal(t, customer.AlikeQuery{Name: "acme", Emails: []string{"a@b.example", "x@gmail.com"}, Domains: []string{"b.example"}, Phones: []string{"+1234"}, Limit: 21}, q)
	require.False(t, q.Empty())
	none, err := customer.Probe{}.Keys()
	require.NoError(t, err)
	require.True(t, none.Empty())
	require.True(t, customer.DuplicatesOf(make([]customer.Hit, 21)).TooMany)
	require.Len(t, customer.DuplicatesOf(make([]customer.Hit, 20)).Hits, 20)
}
