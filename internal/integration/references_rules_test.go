package integration

import (
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
)

// TestC01_C02_C03_ACustomersDataIsKeptAsTyped stores addresses as they were typed,
// finds them by their keys, and refuses ones that are none.
func TestC01_C02_C03_ACustomersDataIsKeptAsTyped(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		h := w.s.Customers()
		in := customer.CreateInput{Name: "Fabrikam", Code: "F-1", Email: "Sales@Fabrikam.Example", Phone: "+86 (10) 6552-9988", URL: "https://Fabrikam.Example/Shop", TaxID: "91 110-X"}
		in.Contacts = []customer.ContactInput{{Name: "Zoe", Email: "Zoe@Fabrikam.Example", Phone: "138 0013 8000", Primary: true}, {Name: "Tom", Primary: false}}
		r, err := h.Create(w.ctx, in)
		w.must(r, err)
		c, err := h.Get(w.ctx, r.ID)
		require.NoError(t, err)
		require.Equal(t, []string{in.Email, in.Phone, in.URL}, []string{c.Email, c.Phone, c.URL})
		require.Equal(t, []string{"Zoe@Fabrikam.Example", "138 0013 8000"}, []string{c.Contacts[0].Email, c.Contacts[0].Phone})
		for name, p := range map[string]customer.Probe{
			"e-mail": {Emails: []string{"zoe@fabrikam.example"}}, "phone": {Phones: []string{"+861065529988"}},
			"contact's phone": {Phones: []string{"13800138000"}}, "tax id": {TaxID: "91110x"}, "name": {Name: "FABRIKAM"},
		} {
			found, err := h.Duplicates(w.ctx, p)
			require.NoError(t, err, name)
			require.Len(t, found.Hits, 1, name)
			require.Equal(t, r.ID, found.Hits[0].Customer.ID, name)
		}

		written := w.written()
		for name, bad := range map[string]customer.CreateInput{
			"no name": {Name: " "}, "201 characters": {Name: strings.Repeat("名", 201)}, "kind": {Name: "x", Kind: "planet"}, "status": {Name: "x", Status: "asleep"},
			"e-mail": {Name: "x", Email: "nobody"}, "phone": {Name: "x", Phone: "call me"}, "URL": {Name: "x", URL: "javascript:alert(1)"}, "NUL": {Name: "a\x00b"}, "bad UTF-8": {Name: "a\xff"},
		} {
			_, err := h.Create(w.ctx, bad, nil)
			require.ErrorIs(t, err, fault.ErrInvalid, name)
			bad.Code = in.Code
			_, err = h.Update(w.ctx, r.ID, bad.Update())
			require.ErrorIs(t, err, fault.ErrInvalid, name)
		}
		for name, bad := range map[string]customer.ContactInput{"no name": {}, "e-mail": {Name: "x", Email: "@"}, "phone": {Name: "x", Phone: "x"}} {
			_, err := h.AddContact(w.ctx, r.ID, bad)
			require.ErrorIs(t, err, fault.ErrInvalid, name)
		}
		_, err = h.Create(w.ctx, customer.CreateInput{Name: "Other", Code: "F-1"})
		require.ErrorIs(t, err, fault.ErrDuplicate)
		require.Equal(t, written, w.written())
		w.must(h.Create(w.ctx, customer.CreateInput{Name: "Other", Code: "f-1"})) // compared by byte
		w.must(w.evil().Customers().Create(w.ctx, customer.CreateInput{Name: "Evil", Code: "F-1"}))

		w.must(h.SetPrimaryContact(w.ctx, r.ID, c.Contacts[1].ID))
		c, err = h.Get(w.ctx, r.ID)
		require.NoError(t, err)
		require.Equal(t, []bool{false, true}, []bool{c.Contacts[0].Primary, c.Contacts[1].Primary}, "the mark moves")
	})
}

// TestC05_WhatIsReferredToIsNotDeleted refers to a customer in each way, and to a
// contact.
func TestC05_WhatIsReferredToIsNotDeleted(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		w.selling()
		h := w.s.Customers()
		for name, refer := range map[string]func(id uuid.UUID){
			"customer": func(id uuid.UUID) { in := w.input(); in.Customer = id; w.must(w.s.Opportunities().Record(w.ctx, in)) },
			"bill-to":  func(id uuid.UUID) { in := w.input(); in.BillTo = id; w.must(w.s.Opportunities().Record(w.ctx, in)) },
			"end user": func(id uuid.UUID) { in := w.input(); in.EndUser = id; w.must(w.s.Opportunities().Record(w.ctx, in)) },
			"parent": func(id uuid.UUID) {
				w.must(h.Create(w.ctx, customer.CreateInput{Name: "Daughter", Parent: id}))
			},
			"order": func(id uuid.UUID) {
				in := w.input()
				in.Customer = id
				r, err := w.s.Opportunities().Record(w.ctx, in)
				w.must(r, err)
				require.NoError(t, w.command(r.ID, opportunity.CommandWin))
				made, err := w.s.Orders().Create(w.ctx, r.ID, orderOfAll)
				w.must(made, err)
			},
		} {
			r, err := h.Create(w.ctx, customer.CreateInput{Name: "Fabrikam", Status: customer.Active})
			w.must(r, err)
			refer(r.ID)
			_, err = h.Delete(w.ctx, r.ID)
			require.ErrorIs(t, err, fault.ErrInUse, name)
			w.must(h.SetStatus(w.ctx, r.ID, customer.Inactive))
			c, err := h.Get(w.ctx, r.ID)
			require.NoError(t, err)
			require.Equal(t, customer.Inactive, c.Status, name)
		}
		fresh := freshCustomer(w)
		w.must(h.Delete(w.ctx, fresh))
		_, err := h.Get(w.ctx, fresh)
		require.ErrorIs(t, err, fault.ErrNotFound)

		withContact(w)
		_, err = h.RemoveContact(w.ctx, w.customer, w.contact)
		require.ErrorIs(t, err, fault.ErrInUse)
		w.must(h.SetContactActive(w.ctx, w.customer, w.contact, false))
		_, err = w.s.DealContacts().Add(w.ctx, w.record().ID, opportunity.ContactInput{Contact: w.contact, Role: opportunity.Champion})
		require.ErrorIs(t, err, fault.ErrInvalid, "R04: active when added")
		r, err := h.AddContact(w.ctx, w.customer, customer.ContactInput{Name: "Tom"})
		w.must(r, err)
		w.must(h.RemoveContact(w.ctx, w.customer, r.Contact))
	})
}

// TestA01_A02_A04_EntriesInUse chooses an entry of each kind, and retires it.
func TestA01_A02_A04_EntriesInUse(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		deal := withRival(w)
		w.must(w.s.Opportunities().Update(w.ctx, deal, opportunity.UpdateInput{Source: &w.source}))
		won := w.record().ID
		require.NoError(t, w.command(won, opportunity.CommandWin))
		ended := w.record().ID
		require.NoError(t, w.command(ended, opportunity.CommandLose))
		w.must(w.s.Opportunities().Reopen(w.ctx, ended, opportunity.ReopenInput{Reason: "a mistake"}))
		for name, id := range map[string]uuid.UUID{"source": w.source, "competitor": w.rival, "reason of an outcome": w.win, "reason of a past cycle": w.loss} {
			_, err := w.s.Archives().Delete(w.ctx, id)
			require.ErrorIs(t, err, fault.ErrInUse, name)
			w.must(w.s.Archives().Retire(w.ctx, id))
			_, err = w.s.Archives().Delete(w.ctx, id)
			require.ErrorIs(t, err, fault.ErrInUse, "%s, retired", name)
			e, err := w.s.Archives().Get(w.ctx, id)
			require.NoError(t, err)
			require.Equal(t, archive.Retired, e.Status)
		}
		require.Equal(t, w.source, w.get(deal).Source)
		name := "Renamed"
		w.must(w.s.Opportunities().Update(w.ctx, deal, opportunity.UpdateInput{Name: &name, Source: &w.source})) // it has it already
		for what, give := range map[string]func() error{
			"source": func() error {
				return second(w.s.Opportunities().Update(w.ctx, won, opportunity.UpdateInput{Source: &w.source}))
			},
			"source, recorded": func() error {
				in := w.input()
				in.Source = w.source
				return second(w.s.Opportunities().Record(w.ctx, in))
			},
			"competitor": func() error {
				return second(w.s.DealCompetitors().Add(w.ctx, won, opportunity.CompetitorInput{Competitor: w.rival}))
			},
			"another tenant's competitor": func() error {
				return second(w.s.DealCompetitors().Add(w.ctx, ended, opportunity.CompetitorInput{Competitor: w.entryOfEvil()}))
			},
			"win reason": func() error {
				return second(w.s.Opportunities().Win(w.ctx, deal, opportunity.WinInput{Reasons: w.choose(w.win), Summary: "x"}))
			},
			"loss reason": func() error {
				return second(w.s.Opportunities().Lose(w.ctx, deal, opportunity.LoseInput{Reasons: w.choose(w.loss), Summary: "x"}))
			},
		} {
			require.ErrorIs(t, give(), fault.ErrInvalid, what)
		}
		all := map[string]string{"en": "Web", "zh-CN": "网站", "de-AT": "Netz"}
		r, err := w.s.Archives().Create(w.ctx, archive.CreateInput{Kind: archive.Source, Code: "web", Names: all})
		w.must(r, err)
		e, err := w.s.Archives().Get(w.ctx, r.ID)
		require.NoError(t, err)
		require.Equal(t, all, e.Names)
		_, err = w.s.Archives().Create(w.ctx, archive.CreateInput{Kind: archive.Source, Code: "web", Names: all})
		require.ErrorIs(t, err, fault.ErrDuplicate)
		w.must(w.evil().Archives().Create(w.ctx, archive.CreateInput{Kind: archive.Source, Code: "web", Names: all})) // codes are per tenant
		w.same(deal)
		w.same(ended)
	})
}

// entryOfEvil makes a competitor of another tenant.
func (w *tenant) entryOfEvil() uuid.UUID {
	w.t.Helper()
	r, err := w.evil().Archives().Create(w.ctx, archive.CreateInput{Kind: archive.Competitor, Code: "evil", Names: map[string]string{"en": "Evil"}})
	require.NoError(w.t, err)
	return r.ID
}

// TestC04_AnInactiveCustomerTakesNothingNew names one in each place of a new deal.
func TestC04_AnInactiveCustomerTakesNothingNew(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		old := w.record().ID
		idle := freshCustomer(w)
		w.must(w.s.Customers().SetStatus(w.ctx, idle, customer.Inactive))
		written := w.written()
		for _, spoil := range []func(in *opportunity.RecordInput){
			func(in *opportunity.RecordInput) { in.Customer = idle },
			func(in *opportunity.RecordInput) { in.BillTo = idle },
			func(in *opportunity.RecordInput) { in.EndUser = idle },
		} {
			in := w.input()
			spoil(&in)
			require.ErrorIs(t, second(w.s.Opportunities().Record(w.ctx, in)), fault.ErrNotAllowed)
		}
		require.ErrorIs(t, second(w.s.Opportunities().Update(w.ctx, old, opportunity.UpdateInput{EndUser: &idle})), fault.ErrNotAllowed)
		nc := pursuit.RecordForNewCustomerInput{Customer: customer.CreateInput{Name: "Idle", Status: customer.Inactive}, Opportunity: w.input()}
		nc.Opportunity.Customer = uuid.Nil
		require.ErrorIs(t, second(w.s.Opportunities().RecordForNewCustomer(w.ctx, nc)), fault.ErrNotAllowed)
		require.Equal(t, written, w.written())
		w.must(w.s.Customers().SetStatus(w.ctx, w.customer, customer.Inactive))
		w.must(w.s.Lines().Add(w.ctx, old, []opportunity.LineInput{service}))
		w.same(old)
	})
}
