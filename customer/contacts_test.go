package customer_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
)

func twoContacts(t *testing.T) customer.Record {
	return create(t, customer.CreateInput{Name: "Acme"}, customer.ContactInput{Name: "Ann", Primary: true}, customer.ContactInput{Name: "Bob"})
}

// primaries gives the names of those with the mark.
func primaries(list []customer.Contact) (names []string) {
	for _, c := range list {
		if c.Primary {
			names = append(names, c.Name)
		}
	}
	return names
}

func names(list []customer.Contact) (names []string) {
	for _, c := range list {
		names = append(names, c.Name)
	}
	return names
}

func TestC02_AddContact(t *testing.T) {
	a := customer.Open(twoContacts(t))
	require.NoError(t, a.AddContact(id(10), customer.ContactInput{
		Name: " Cy ", Title: "CFO", Email: "Cy@Acme.com", Phone: "030 1234", Note: "a\nb", Attributes: map[string]string{"k": "v"},
	}, at(2)))
	c := change(t, a)
	require.Equal(t, []customer.Contact{{
		ID: id(10), Customer: id(1), Name: "Cy", Title: "CFO", Email: "Cy@Acme.com", Phone: "030 1234", Note: "a\nb",
		Attributes: map[string]string{"k": "v"}, Active: true, Created: at(2).Recorded, Updated: at(2).Recorded,
	}}, c.Contacts, "only what changed")
	require.EqualValues(t, 2, c.Customer.Version)
	require.Equal(t, []string{"Cy", "Ann", "Bob"}, names(a.Contacts), "in order of ids")

	err := a.AddContact(uuid.Nil, customer.ContactInput{Email: "x"}, at(3))
	refused(t, err, fault.ErrInvalid, "customer.contact.invalid")
	require.Equal(t, []string{"/id required", "/name required", "/email bad_email"}, wrong(err))
	refused(t, a.AddContact(id(11), customer.ContactInput{Name: "Dee"}, at(3)), fault.ErrDuplicate, "customer.contact.id_taken")
	require.Len(t, a.Contacts, 3)
}

func TestC02_PrimaryMoves(t *testing.T) {
	moves := map[string]func(a *customer.Aggregate) error{
		"added": func(a *customer.Aggregate) error {
			return a.AddContact(id(9), customer.ContactInput{Name: "Cy", Primary: true}, at(2))
		},
		"updated": func(a *customer.Aggregate) error {
			return a.UpdateContact(id(12), customer.ContactInput{Name: "Cy", Primary: true}.Update(), at(2))
		},
		"set": func(a *customer.Aggregate) error { return a.SetPrimary(id(12), at(2)) },
	}
	for name, move := range moves {
		t.Run(name, func(t *testing.T) {
			a := customer.Open(twoContacts(t))
			require.NoError(t, move(a))
			require.Len(t, primaries(a.Contacts), 1)
			c := change(t, a)
			require.Len(t, c.Contacts, 2)
			require.Equal(t, "Ann", c.Contacts[0].Name, "who loses the mark stands first")
			require.False(t, c.Contacts[0].Primary)
			require.True(t, c.Contacts[1].Primary)
			require.Equal(t, at(2).Recorded, c.Contacts[0].Updated)
			require.Contains(t, string(c.Entries[0].Payload), `"demoted":"`+id(11).String()+`"`)
		})
	}

	a := customer.Open(twoContacts(t))
	refused(t, a.SetPrimary(id(11), at(2)), fault.ErrNotAllowed, "customer.contact.primary")
	require.NoError(t, a.UpdateContact(id(11), customer.ContactInput{Name: "Ann"}.Update(), at(2)))
	require.Empty(t, primaries(a.Contacts), "an update may take the mark away")
	require.NoError(t, a.SetPrimary(id(12), at(3)), "none needs to have it")
	require.NotContains(t, string(change(t, a).Entries[1].Payload), "demoted")
}

func TestC02_InactiveIsNotPrimary(t *testing.T) {
	a := customer.Open(twoContacts(t))
	require.NoError(t, a.DeactivateContact(id(11), at(2)))
	require.Empty(t, primaries(a.Contacts))
	require.False(t, a.Contacts[0].Active)
	for _, err := range []error{
		a.DeactivateContact(id(11), at(3)), a.SetPrimary(id(11), at(3)),
		a.UpdateContact(id(11), customer.ContactInput{Name: "Ann", Primary: true}.Update(), at(3)),
	} {
		refused(t, err, fault.ErrNotAllowed, "customer.contact.inactive")
	}
	require.NoError(t, a.UpdateContact(id(11), customer.ContactInput{Name: "Anna"}.Update(), at(3)))
	require.False(t, a.Contacts[0].Active, "an update doesn't activate")
	require.NoError(t, a.ActivateContact(id(11), at(4)))
	require.Empty(t, primaries(a.Contacts), "the mark doesn't come back")
	refused(t, a.ActivateContact(id(11), at(4)), fault.ErrNotAllowed, "customer.contact.active")
	c := change(t, a)
	require.Len(t, c.Contacts, 1)
	require.Len(t, c.Entries, 3)
}

func TestC02_UnknownContact(t *testing.T) {
	a := customer.Open(twoContacts(t))
	for _, err := range []error{
		a.UpdateContact(id(99), customer.ContactInput{Name: "x"}.Update(), at(1)), a.SetPrimary(id(99), at(1)),
		a.ActivateContact(id(99), at(1)), a.DeactivateContact(id(99), at(1)), a.RemoveContact(id(99), false, at(1)),
	} {
		refused(t, err, fault.ErrNotFound, "customer.contact.not_found")
	}
	err := a.UpdateContact(id(11), customer.ContactInput{Phone: "?"}.Update(), at(1))
	require.Equal(t, []string{"/name required", "/phone bad_phone"}, wrong(err))
	require.Equal(t, "Ann", a.Contacts[0].Name)
}

func TestC02_AtMost1000(t *testing.T) {
	rec := create(t, customer.CreateInput{Name: "Acme"})
	for i := range customer.MaxContacts {
		rec.Contacts = append(rec.Contacts, customer.Contact{ID: id(uint64(5000 - i)), Customer: id(1), Name: "x"})
	}
	a := customer.Open(rec)
	refused(t, a.AddContact(id(6000), customer.ContactInput{Name: "y"}, at(1)), fault.ErrLimit, "customer.contacts.too_many")
	err := a.AddContact(id(6000), customer.ContactInput{Email: "x", Phone: "x"}, at(1))
	require.ErrorIs(t, err, fault.ErrInvalid)
	require.Equal(t, []string{"/name required", "/email bad_email", "/phone bad_phone", "/contacts too_many"}, wrong(err), "all of it at once")
	require.NoError(t, a.RemoveContact(id(5000), false, at(1)), "found, whatever the order was")
	require.NoError(t, a.AddContact(id(6000), customer.ContactInput{Name: "y"}, at(1)))
}

func TestC05_ContactInUseIsNotRemoved(t *testing.T) {
	a := customer.Open(twoContacts(t))
	refused(t, a.RemoveContact(id(11), true, at(1)), fault.ErrInUse, "customer.contact.in_use")
	require.Len(t, a.Contacts, 2)
	require.NoError(t, a.UpdateContact(id(11), customer.ContactInput{Name: "Anna"}.Update(), at(1)))
	require.NoError(t, a.RemoveContact(id(11), false, at(1)))
	require.NoError(t, a.AddContact(id(13), customer.ContactInput{Name: "Cy"}, at(1)))
	require.NoError(t, a.RemoveContact(id(13), false, at(1)))
	refused(t, a.AddContact(id(11), customer.ContactInput{Name: "Dee"}, at(1)), fault.ErrDuplicate, "customer.contact.id_taken")
	c := change(t, a)
	require.Equal(t, []uuid.UUID{id(11)}, c.Removed, "one that was never stored isn't among them")
	require.Empty(t, c.Contacts)
	require.Len(t, c.Entries, 4)
}

func TestC03_KeptAsTyped(t *testing.T) {
	rec := create(t, customer.CreateInput{Name: "Acme", Email: "Info@ACME.com", Phone: "(030) 12-34", URL: "HTTPS://www.ACME.com/"})
	require.Equal(t, "Info@ACME.com", rec.Customer.Email)
	require.Equal(t, "(030) 12-34", rec.Customer.Phone)
	require.Equal(t, "HTTPS://www.ACME.com/", rec.Customer.URL)
	require.Equal(t, customer.Keys{Name: "acme", Email: "info@acme.com", EmailDomain: "acme.com", Phone: "0301234", URL: "acme.com"},
		customer.KeysOf(rec.Customer))
	long := "https://acme.com/" + strings.Repeat("é", 400)
	_, err := customer.New(id(1), "acme", customer.CreateInput{Name: "Acme", URL: long}, nil, at(0))
	require.Equal(t, []string{"/url bad_url"}, wrong(err), "its key would be too long")
}
