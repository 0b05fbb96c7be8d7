package integration

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
)

func (w *tenant) newCustomer(in customer.CreateInput, contacts ...customer.ContactInput) pursuit.Result {
	w.t.Helper()
	in.Contacts = contacts
	r, err := w.s.Customers().Create(w.ctx, in)
	require.NoError(w.t, err)
	return r
}

// hits tells duplicates in one line each.
func hits(d customer.Duplicates) []string {
	var out []string
	for _, h := range d.Hits {
		out = append(out, fmt.Sprint(h.Customer.Name, " ", h.By))
	}
	return out
}

func TestC07_Duplicates(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		find := func(p customer.Probe) customer.Duplicates {
			t.Helper()
			d, err := w.s.Customers().Duplicates(w.ctx, p)
			require.NoError(t, err)
			return d
		}
		a := w.newCustomer(customer.CreateInput{Name: "Müller GmbH", TaxID: "DE 129-273"}, customer.ContactInput{Name: "Ann", Email: "Ann@Mueller.example", Phone: "+49 (0)30 12 34"})
		w.newCustomer(customer.CreateInput{Name: "MÜLLER GMBH", Email: "shop@gmail.com"})
		require.Equal(t, []string{"Müller GmbH [name]", "MÜLLER GMBH [name]"}, hits(find(customer.Probe{Name: " müller gmbh "})))
		require.Equal(t, []string{"Müller GmbH [email_domain]"}, hits(find(customer.Probe{Emails: []string{"bob@MUELLER.example"}})))
		require.Equal(t, []string{"Müller GmbH [email email_domain]"}, hits(find(customer.Probe{Emails: []string{"ann@mueller.example"}})))
		require.Empty(t, hits(find(customer.Probe{Emails: []string{"other@gmail.com"}})), "a public provider's domain says nothing")
		require.Equal(t, []string{"MÜLLER GMBH [email]"}, hits(find(customer.Probe{Emails: []string{"SHOP@gmail.com"}})))
		require.Equal(t, []string{"Müller GmbH [phone tax_id]"}, hits(find(customer.Probe{TaxID: "de129273", Phones: []string{"0049 30 1234"}})))
		require.Empty(t, hits(find(customer.Probe{})))
		require.Empty(t, hits(find(customer.Probe{Emails: []string{"no address"}, Phones: []string{"?"}})))
		c, err := w.s.Customers().Get(w.ctx, a.ID)
		require.NoError(t, err)
		require.Equal(t, []string{"MÜLLER GMBH [name]"}, hits(find(customer.ProbeOfStored(c.Customer, c.Contacts))), "without itself")

		// C08: what went up in another customer still says that it is known.
		old := w.newCustomer(customer.CreateInput{Name: "Schmidt KG", TaxID: "DE 555"})
		older := w.newCustomer(customer.CreateInput{Name: "Schmidt & Sohn", Phone: "+49 40 99"})
		for _, x := range [][2]pursuit.Result{{old, older}, {a, old}} {
			_, err = w.s.Customers().Merge(w.ctx, x[0].ID, customer.MergeInput{Loser: x[1].ID, Reason: "the same"})
			require.NoError(t, err)
		}
		require.Equal(t, []string{"Müller GmbH [name tax_id]"}, hits(find(customer.Probe{Name: "schmidt kg", TaxID: "DE555"})))
		require.Equal(t, []string{"Müller GmbH [name phone]"}, hits(find(customer.Probe{Name: "Schmidt & Sohn", Phones: []string{"+49 40 99"}})))
		require.Empty(t, hits(find(customer.Probe{Name: "schmidt kg", Except: a.ID})))

		for i := range 19 {
			w.newCustomer(customer.CreateInput{Name: "Müller GmbH", Code: fmt.Sprint("M", i)})
		}
		d := find(customer.Probe{Name: "Müller GmbH"})
		require.True(t, d.TooMany, "21 are too many")
		require.Empty(t, d.Hits)
		require.Len(t, find(customer.Probe{Name: "Müller GmbH", Except: a.ID}).Hits, customer.MaxDuplicates)

		_, err = w.s.Customers().Duplicates(w.ctx, customer.Probe{Name: strings.Repeat("x", 201), TaxID: "a\x00", Emails: []string{"\xff"}, Phones: make([]string, 51)})
		require.ErrorIs(t, err, fault.ErrInvalid)
		require.Len(t, fault.FieldsOf(err), 4)
	})
}

// entries counts the journal of a customer, and checks that it replays to what is
// stored (J05).
func (w *tenant) replayedCustomer(id uuid.UUID) customer.Customer {
	w.t.Helper()
	entries, err := w.s.Customers().Journal(w.ctx, id)
	require.NoError(w.t, err)
	c, _, err := customer.Replay(entries)
	require.NoError(w.t, err)
	return c
}
