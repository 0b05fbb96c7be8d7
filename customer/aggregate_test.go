package customer_test

import (
	"encoding/binary"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
)

var start = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)

func id(n uint64) (u uuid.UUID) {
	binary.BigEndian.PutUint64(u[8:], n)
	return u
}

// ids gives growing ids.
func ids(from uint64) func() uuid.UUID {
	return func() uuid.UUID { from++; return id(from) }
}

func at(minute int) journal.Moment {
	t := start.Add(time.Duration(minute) * time.Minute)
	return journal.Moment{Effective: t.Add(-time.Hour), Recorded: t, By: "ann"}
}

// create records a customer with contacts 11, 12, … and gives it as stored.
func create(t *testing.T, in customer.CreateInput, contacts ...customer.ContactInput) customer.Record {
	t.Helper()
	var contactIDs []uuid.UUID
	for i := range contacts {
		contactIDs = append(contactIDs, id(uint64(11+i)))
	}
	in.Contacts = contacts
	a, err := customer.New(id(1), "acme", in, contactIDs, at(0))
	require.NoError(t, err)
	c, err := a.Change(ids(100))
	require.NoError(t, err)
	return customer.Record{Customer: c.Customer, Contacts: a.Contacts, Head: c.Head}
}

func change(t *testing.T, a *customer.Aggregate) customer.Change {
	t.Helper()
	c, err := a.Change(ids(500))
	require.NoError(t, err)
	return c
}

func types(entries []journal.Entry) (list []string) {
	for _, e := range entries {
		list = append(list, e.Type)
	}
	return list
}

// wrong gives "path code" of every field.
func wrong(err error) (list []string) {
	for _, f := range fault.FieldsOf(err) {
		list = append(list, f.Path+" "+f.Code)
	}
	return list
}

// refused wants an error of a kind and code.
func refused(t *testing.T, err, kind error, code string) {
	t.Helper()
	require.ErrorIs(t, err, kind)
	require.Equal(t, code, fault.CodeOf(err))
}

func TestC01_NewCustomer(t *testing.T) {
	attributes := map[string]string{"size": "large"}
	in := customer.CreateInput{
		Code: "A-1", Name: "  Cafe\u0301 Müller \n", Kind: customer.Person, Status: customer.Active, Parent: id(2), Sector: "food",
		TaxID: "DE 123", Email: "Info@Mueller.DE", Phone: "+49 (0)30 1234", URL: "https://www.Mueller.de/", Address: "Weg 1\nBerlin",
		Country: "DE", Owner: "ann", Department: "north", Description: "good\ncoffee", Attributes: attributes,
	}
	a, err := customer.New(id(1), "acme", in, nil, at(4))
	require.NoError(t, err)
	attributes["size"] = "changed later"
	require.Equal(t, customer.Customer{
		ID: id(1), Tenant: "acme", Code: "A-1", Name: "Café Müller", Kind: customer.Person, Status: customer.Active, Parent: id(2),
		Sector: "food", TaxID: "DE 123", Email: "Info@Mueller.DE", Phone: "+49 (0)30 1234", URL: "https://www.Mueller.de/",
		Address: "Weg 1\nBerlin", Country: "DE", Owner: "ann", Department: "north", Description: "good\ncoffee",
		Attributes: map[string]string{"size": "large"}, Version: 1, Created: at(4).Recorded, Updated: at(4).Recorded,
	}, a.Customer)

	a, err = customer.New(id(1), "acme", customer.CreateInput{Name: strings.Repeat("名", 200)}, nil, at(4))
	require.NoError(t, err, "only a name is required")
	require.Equal(t, customer.Organisation, a.Customer.Kind)
	require.Equal(t, customer.Prospect, a.Customer.Status)
	c := change(t, a)
	require.Zero(t, c.Expected)
	require.EqualValues(t, 1, c.Customer.Version)
	require.Equal(t, []string{customer.EventCreated}, types(c.Entries))
	require.Equal(t, journal.KindCustomer, c.Entries[0].Kind)
	require.NoError(t, journal.Verify(c.Entries, c.Head))
	require.Nil(t, c.Contacts)
}

func TestC01_EveryFaultIsListed(t *testing.T) {
	long := strings.Repeat("x", 5000)
	bad := customer.CreateInput{
		Code: "ä", Name: " ", Kind: "dog", Status: "gone", Parent: id(1), Sector: "a\nb", TaxID: long, Email: "nobody",
		Phone: "call me", URL: "not a url", Address: long, Country: "de", Owner: " ann", Department: "n\x00",
		Description: "\xff", Attributes: map[string]string{"Bad Key": ""},
	}
	bad.Contacts = []customer.ContactInput{
		{Name: "Ann", Primary: true},
		{Title: long, Email: "@", Phone: "1", Primary: true, Note: long, Attributes: map[string]string{"k": long}},
	}
	_, err := customer.New(id(1), "", bad, []uuid.UUID{id(11), id(12)}, at(0))
	refused(t, err, fault.ErrInvalid, "customer.invalid")
	require.Equal(t, []string{
		"/tenant required", "/code bad_code", "/name required", "/kind unknown", "/status unknown", "/parent self",
		"/sector control", "/tax_id too_long", "/email bad_email", "/phone bad_phone", "/url bad_url", "/address too_long",
		"/country bad_country", "/owner blank_ends", "/department control", "/description bad_utf8", "/attributes bad_key",
		"/contacts/1/name required", "/contacts/1/title too_long", "/contacts/1/email bad_email", "/contacts/1/phone bad_phone",
		"/contacts/1/note too_long", "/contacts/1/attributes/k too_long", "/contacts/1/primary second_primary",
	}, wrong(err))

	_, err = customer.New(id(1), "acme", customer.CreateInput{Name: strings.Repeat("n", 201), Email: long}, nil, at(0))
	require.Equal(t, []string{"/name too_long", "/email too_long"}, wrong(err))

	a := customer.Open(create(t, customer.CreateInput{Name: "Acme"}))
	before := a.Customer.Clone()
	bad.Parent = id(1)
	require.Len(t, wrong(a.Update(bad.Update(), at(1))), 16)
	require.Equal(t, before, a.Customer, "nothing changed")
	_, err = a.Change(ids(1))
	refused(t, err, fault.ErrInternal, "customer.unchanged")
}

func TestC01_StatusMoves(t *testing.T) {
	statuses := []customer.Status{customer.Prospect, customer.Active, customer.Inactive}
	allowed := map[customer.Status][]customer.Status{
		customer.Prospect: {customer.Active, customer.Inactive},
		customer.Active:   {customer.Inactive},
		customer.Inactive: {customer.Prospect, customer.Active},
	}
	for _, from := range statuses {
		for _, to := range statuses {
			rec := create(t, customer.CreateInput{Name: "Acme", Status: from})
			byCommand, byUpdate := customer.Open(rec), customer.Open(rec)
			err := byCommand.SetStatus(to, at(1))
			updated := byUpdate.Update(customer.CreateInput{Name: "New", Status: to}.Update(), at(1))
			if !contains(allowed[from], to) {
				refused(t, err, fault.ErrNotAllowed, "customer.status.move")
				require.Equal(t, rec.Customer, byCommand.Customer)
				if from != to {
					refused(t, updated, fault.ErrNotAllowed, "customer.status.move")
					require.Equal(t, rec.Customer, byUpdate.Customer)
				} else {
					require.NoError(t, updated, "an update may repeat the status")
				}
				continue
			}
			require.NoError(t, err)
			require.NoError(t, updated)
			c := change(t, byCommand)
			require.Equal(t, to, c.Customer.Status)
			require.EqualValues(t, 2, c.Customer.Version)
			require.Equal(t, at(1).Recorded, c.Customer.Updated)
			require.JSONEq(t, `{"from":"`+string(from)+`","to":"`+string(to)+`"}`, string(c.Entries[0].Payload))
			require.Equal(t, []string{customer.EventUpdated, customer.EventStatusChanged}, types(change(t, byUpdate).Entries))
		}
	}
	a := customer.Open(create(t, customer.CreateInput{Name: "Acme"}))
	require.Equal(t, []string{"/status unknown"}, wrong(a.SetStatus("gone", at(1))))
	old := customer.Open(customer.Record{Customer: customer.Customer{ID: id(1), Status: "lead", Version: 1}})
	refused(t, old.SetStatus(customer.Active, at(1)), fault.ErrNotAllowed, "customer.status.move")
}

func contains(list []customer.Status, s customer.Status) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

func TestC01_TheUpdateOfAnInputReplaces(t *testing.T) {
	rec := create(t, customer.CreateInput{Name: "Acme", Kind: customer.Person, Status: customer.Active, Email: "a@b.de", Attributes: map[string]string{"k": "v"}})
	a := customer.Open(rec)
	require.NoError(t, a.Update(customer.CreateInput{Name: "Acme 2", Phone: "030 123"}.Update(), at(7)))
	want := rec.Customer
	want.Name, want.Phone, want.Email, want.Attributes = "Acme 2", "030 123", "", nil
	want.Version, want.Updated = 2, at(7).Recorded
	require.Equal(t, want, a.Customer)
	c := change(t, a)
	require.EqualValues(t, 1, c.Expected)
	var p customer.UpdatedPayload
	require.NoError(t, json.Unmarshal(c.Entries[0].Payload, &p))
	require.Equal(t, []string{"name", "email", "phone", "attributes"}, p.Changed)
	require.EqualValues(t, 2, c.Entries[0].Seq)
	require.Equal(t, rec.Head.Hash, c.Entries[0].Prev)

	again := customer.Open(rec)
	require.NoError(t, again.Update(customer.CreateInput{Name: "Acme", Email: "a@b.de", Attributes: map[string]string{"k": "v"}}.Update(), at(8)))
	require.NoError(t, json.Unmarshal(change(t, again).Entries[0].Payload, &p))
	require.EqualValues(t, 2, again.Customer.Version, "also the same data again is a change (J04)")
}

func TestC04_InactiveTakesNoOpportunity(t *testing.T) {
	a := customer.Open(create(t, customer.CreateInput{Name: "Acme"}))
	require.NoError(t, a.Customer.TakesOpportunity())
	require.NoError(t, a.SetStatus(customer.Inactive, at(1)))
	refused(t, a.Customer.TakesOpportunity(), fault.ErrNotAllowed, "customer.inactive")
	require.NoError(t, a.Customer.TakesOrder(), "existing opportunities go on")
}

func TestO18_ProspectTakesNoOrder(t *testing.T) {
	a := customer.Open(create(t, customer.CreateInput{Name: "Acme"}))
	refused(t, a.Customer.TakesOrder(), fault.ErrNotAllowed, "customer.prospect")
	require.NoError(t, a.SetStatus(customer.Active, at(1)))
	require.NoError(t, a.Customer.TakesOrder())
}

func TestC05_CustomerInUseIsNotDeleted(t *testing.T) {
	rec := create(t, customer.CreateInput{Name: "Acme"}, customer.ContactInput{Name: "Ann", Primary: true})
	a := customer.Open(rec)
	refused(t, a.Delete(true, at(1)), fault.ErrInUse, "customer.in_use")
	require.Equal(t, rec.Customer, a.Customer)
	require.NoError(t, a.SetStatus(customer.Inactive, at(1)), "it is deactivated")

	a = customer.Open(rec)
	require.NoError(t, a.UpdateContact(id(11), customer.ContactInput{Name: "Anna"}.Update(), at(1)))
	require.NoError(t, a.Delete(false, at(1)))
	c := change(t, a)
	require.True(t, c.Delete)
	require.EqualValues(t, 1, c.Expected)
	require.Empty(t, c.Contacts)
	require.Empty(t, c.Removed)
	for _, err := range []error{
		a.Delete(false, at(2)), a.Update(customer.CreateInput{Name: "x"}.Update(), at(2)), a.SetStatus(customer.Active, at(2)),
		a.AddContact(id(20), customer.ContactInput{Name: "x"}, at(2)), a.UpdateContact(id(11), customer.ContactInput{Name: "x"}.Update(), at(2)),
		a.SetPrimary(id(11), at(2)), a.ActivateContact(id(11), at(2)), a.DeactivateContact(id(11), at(2)), a.RemoveContact(id(11), false, at(2)),
	} {
		refused(t, err, fault.ErrNotAllowed, "customer.deleted")
	}
	fresh, err := customer.New(id(2), "acme", customer.CreateInput{Name: "New"}, nil, at(0))
	require.NoError(t, err)
	refused(t, fresh.Delete(false, at(1)), fault.ErrNotAllowed, "customer.new")
}

func TestC06_CustomerAndContactsAreOne(t *testing.T) {
	contacts := []customer.ContactInput{{Name: "Ann"}, {Name: "Bob", Primary: true}, {Name: "Cy"}}
	a, err := customer.New(id(1), "acme", customer.CreateInput{Name: "Acme", Contacts: contacts}, []uuid.UUID{id(13), id(11), id(12)}, at(0))
	require.NoError(t, err)
	c := change(t, a)
	require.EqualValues(t, 1, c.Customer.Version)
	require.Equal(t, []string{customer.EventCreated, customer.EventContactAdded, customer.EventContactAdded, customer.EventContactAdded}, types(c.Entries))
	require.Len(t, c.Contacts, 3)
	require.Equal(t, "Bob", c.Contacts[2].Name, "the primary one stands last")
	require.Equal(t, []string{"Bob", "Cy", "Ann"}, []string{a.Contacts[0].Name, a.Contacts[1].Name, a.Contacts[2].Name}, "in order of ids")

	contacts[2].Email = "bad"
	_, err = customer.New(id(1), "acme", customer.CreateInput{Name: "Acme", Contacts: contacts}, []uuid.UUID{id(13), id(11), id(12)}, at(0))
	require.Equal(t, []string{"/contacts/2/email bad_email"}, wrong(err), "all or none")

	for _, contactIDs := range [][]uuid.UUID{nil, {id(11), id(11), id(12)}, {uuid.Nil, id(11), id(12)}} {
		_, err = customer.New(id(1), "acme", customer.CreateInput{Name: "Acme", Contacts: contacts}, contactIDs, at(0))
		refused(t, err, fault.ErrInternal, "customer.ids")
	}
	_, err = customer.New(id(1), "acme", customer.CreateInput{Name: "Acme", Contacts: make([]customer.ContactInput, 1001)}, nil, at(0))
	refused(t, err, fault.ErrLimit, "customer.contacts.too_many")
}

func TestOpenSharesNothing(t *testing.T) {
	rec := create(t, customer.CreateInput{Name: "Acme", Attributes: map[string]string{"k": "v"}}, customer.ContactInput{Name: "Ann", Attributes: map[string]string{"k": "v"}})
	a := customer.Open(rec)
	require.NoError(t, a.UpdateContact(id(11), customer.ContactInput{Name: "Anna", Attributes: map[string]string{"k": "w"}}.Update(), at(1)))
	name := "New"
	require.NoError(t, a.Update(customer.UpdateInput{Name: &name}, at(1)))
	require.Equal(t, "v", a.Customer.Attributes["k"])
	a.Customer.Attributes["k"] = "x"
	require.Equal(t, "Ann", rec.Contacts[0].Name)
	require.Equal(t, "v", rec.Contacts[0].Attributes["k"])
	require.Equal(t, "v", rec.Customer.Attributes["k"])
	c := change(t, a)
	c.Contacts[0].Attributes["k"] = "x"
	require.Equal(t, "w", a.Contacts[0].Attributes["k"])
}

func idList(list ...uint64) (out []uuid.UUID) {
	for _, n := range list {
		out = append(out, id(n))
	}
	return out
}
