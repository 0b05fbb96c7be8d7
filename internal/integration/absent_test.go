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

// TestC01_AbsentMeansUnchanged updates a customer's name and owner, and then
// clears what may be empty.
func TestC01_AbsentMeansUnchanged(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		h := w.s.Customers()
		r := w.newCustomer(customer.CreateInput{
			Code: "F-1", Name: "Fabrikam", Kind: customer.Person, Status: customer.Active, Parent: w.customer, Sector: "food", TaxID: "91 110-X",
			Email: "sales@fabrikam.example", Phone: "010 6552 9988", URL: "fabrikam.example", Address: "Weg 1", Country: "DE",
			Owner: "ann", Department: "east", Description: "good coffee", Attributes: map[string]string{"size": "large"},
		})
		want, err := h.Get(w.ctx, r.ID)
		require.NoError(t, err)
		same := func() {
			t.Helper()
			got, err := h.Get(w.ctx, r.ID)
			require.NoError(t, err)
			want.Version, want.Updated = got.Version, got.Updated
			require.Equal(t, want, got)
			entries, err := h.Journal(w.ctx, r.ID)
			require.NoError(t, err)
			replayed, _, err := customer.Replay(entries)
			require.NoError(t, err)
			require.Equal(t, got.Customer, replayed)
		}
		u, err := h.Update(w.ctx, r.ID, customer.UpdateInput{Name: ptr("Fabrikam AG"), Owner: ptr("bob")}, pursuit.IfVersion(1))
		w.must(u, err)
		require.EqualValues(t, 2, u.Version)
		want.Name, want.Owner = "Fabrikam AG", "bob"
		same()
		_, err = h.Update(w.ctx, r.ID, customer.UpdateInput{Name: ptr("Other")}, pursuit.IfVersion(1))
		require.ErrorIs(t, err, fault.ErrConflict)
		same()

		// All that an update leads to is looked at, and all faults are listed.
		_, err = h.Update(w.ctx, r.ID, customer.UpdateInput{Name: ptr(" "), Kind: ptr(customer.Kind("")), Email: ptr("nobody"), Parent: ptr(uuid.Max)})
		require.ErrorIs(t, err, fault.ErrInvalid)
		require.ElementsMatch(t, []string{"/name required", "/kind unknown", "/email bad_email", "/parent not_found"}, faults(err))
		_, err = h.Update(w.ctx, r.ID, customer.UpdateInput{Parent: &r.ID, URL: ptr("not a url")})
		require.ElementsMatch(t, []string{"/url bad_url", "/parent cycle"}, faults(err))
		_, err = h.Update(w.ctx, r.ID, customer.UpdateInput{Status: ptr(customer.Prospect)})
		require.ErrorIs(t, err, fault.ErrNotAllowed)
		same()

		w.must(h.Update(w.ctx, r.ID, customer.UpdateInput{Sector: ptr(""), Parent: &uuid.Nil, Code: ptr(""), Email: ptr(""), Attributes: &map[string]string{}}))
		want.Sector, want.Parent, want.Code, want.Email, want.Attributes = "", uuid.Nil, "", "", nil
		same()
		found, err := h.Duplicates(w.ctx, customer.Probe{Emails: []string{"sales@fabrikam.example"}})
		require.NoError(t, err)
		require.Empty(t, found.Hits, "its key went with the address")
		w.must(h.Create(w.ctx, customer.CreateInput{Name: "Next", Code: "F-1"}))
		w.must(h.Update(w.ctx, r.ID, customer.CreateInput{Name: "Fabrikam"}.Update()))
		want = customer.Snapshot{Customer: customer.Customer{ID: r.ID, Tenant: want.Tenant, Name: "Fabrikam", Kind: customer.Person, Status: customer.Active, Created: want.Created}}
		same()
	})
}

// TestC02_AbsentMeansUnchanged does so with a contact, whose mark stays too.
func TestC02_AbsentMeansUnchanged(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		h := w.s.Customers()
		r := w.newCustomer(customer.CreateInput{Name: "Fabrikam"}, customer.ContactInput{
			Name: "Zoe", Title: "CFO", Email: "zoe@fabrikam.example", Phone: "010 6552 9988", Primary: true, Note: "likes tea", Attributes: map[string]string{"k": "v"},
		})
		at := r.Contacts[0]
		got, err := h.Get(w.ctx, r.ID)
		require.NoError(t, err)
		want := got.Contacts[0]
		same := func() {
			t.Helper()
			got, err := h.Get(w.ctx, r.ID)
			require.NoError(t, err)
			want.Updated = got.Contacts[0].Updated
			require.Equal(t, []customer.Contact{want}, got.Contacts)
		}
		w.must(h.UpdateContact(w.ctx, r.ID, at, customer.UpdateContactInput{Title: ptr("CEO")}, pursuit.IfVersion(1)))
		want.Title = "CEO"
		same()
		_, err = h.UpdateContact(w.ctx, r.ID, at, customer.UpdateContactInput{Title: ptr("CIO")}, pursuit.IfVersion(1))
		require.ErrorIs(t, err, fault.ErrConflict)
		_, err = h.UpdateContact(w.ctx, r.ID, at, customer.UpdateContactInput{Name: ptr(""), Phone: ptr("?")})
		require.Equal(t, []string{"/name required", "/phone bad_phone"}, faults(err))
		same()
		w.must(h.UpdateContact(w.ctx, r.ID, at, customer.UpdateContactInput{
			Title: ptr(""), Email: ptr(""), Phone: ptr(""), Note: ptr(""), Primary: ptr(false), Attributes: &map[string]string{},
		}))
		want.Title, want.Email, want.Phone, want.Note, want.Primary, want.Attributes = "", "", "", "", false, nil
		same()
	})
}

// TestA01_AbsentMeansUnchanged does so with a reason.
func TestA01_AbsentMeansUnchanged(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		h := w.s.Archives()
		r, err := h.Create(w.ctx, archive.CreateInput{
			Kind: archive.LossReason, Code: "dear", Names: map[string]string{"en": "Price", "zh-CN": "价格"}, NeedsExplanation: true, NeedsCompetitor: true,
			Description: "dear", Attributes: map[string]string{"k": "v"},
		})
		w.must(r, err)
		want, err := h.Get(w.ctx, r.ID)
		require.NoError(t, err)
		same := func() {
			t.Helper()
			got, err := h.Get(w.ctx, r.ID)
			require.NoError(t, err)
			want.Version, want.Updated = got.Version, got.Updated
			require.Equal(t, want, got)
		}
		w.must(h.Update(w.ctx, r.ID, archive.UpdateInput{Description: ptr("too dear")}, pursuit.IfVersion(1)))
		want.Description = "too dear"
		same()
		_, err = h.Update(w.ctx, r.ID, archive.UpdateInput{Description: ptr("cheap")}, pursuit.IfVersion(1))
		require.ErrorIs(t, err, fault.ErrConflict)
		_, err = h.Update(w.ctx, r.ID, archive.UpdateInput{Kind: archive.WinReason, Code: "other", Names: &map[string]string{}})
		require.Equal(t, []string{"/kind fixed", "/code fixed", "/names required"}, faults(err))
		same()
		w.must(h.Update(w.ctx, r.ID, archive.UpdateInput{Kind: archive.LossReason, Names: &map[string]string{"en": "Cost"}, NeedsExplanation: ptr(false), NeedsCompetitor: ptr(false),
			Description: ptr(""), Attributes: &map[string]string{}}))
		want.Names, want.NeedsExplanation, want.NeedsCompetitor, want.Description, want.Attributes = map[string]string{"en": "Cost"}, false, false, "", nil
		same()
	})
}

// TestL01_L02_AbsentMeansUnchanged changes a line's price alone, and then clears
// what may be empty; amount and total follow.
func TestL01_L02_AbsentMeansUnchanged(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		h := w.s.Lines()
		in := w.input()
		in.Lines = []opportunity.LineInput{
			{Product: "GTX", Description: "Card", Quantity: dec("3"), Unit: "pc", Price: dec("100.50"), Discount: dec("10"), Tax: ptr(dec("13"))},
			{Product: "WS", Quantity: dec("1"), Price: dec("1")},
		}
		r, err := w.s.Opportunities().Record(w.ctx, in)
		w.must(r, err)
		check := func(total string, want opportunity.Line) {
			t.Helper()
			s := w.get(r.ID)
			require.Equal(t, want, s.Lines[0])
			require.Equal(t, total, s.LineTotal.Amount())
			w.same(r.ID)
		}
		want := w.get(r.ID).Lines[0]
		check("272.35", want)
		w.must(h.Update(w.ctx, r.ID, 1, opportunity.UpdateLineInput{Price: ptr(dec("200"))}, pursuit.IfVersion(1)))
		want.Price, want.Amount = dec("200"), usd("540.00")
		check("541.00", want)
		_, err = h.Update(w.ctx, r.ID, 1, opportunity.UpdateLineInput{Price: ptr(dec("300"))}, pursuit.IfVersion(1))
		require.ErrorIs(t, err, fault.ErrConflict)
		_, err = h.Update(w.ctx, r.ID, 1, opportunity.UpdateLineInput{Product: ptr(""), Description: ptr(""), Quantity: ptr(dec("0")), Tax: ptr(dec("1")), ClearTax: true})
		require.ElementsMatch(t, []string{"/clear_tax contradiction", "/product required", "/quantity not_positive"}, faults(err))
		_, err = h.Update(w.ctx, r.ID, 9, opportunity.UpdateLineInput{})
		require.ErrorIs(t, err, fault.ErrNotFound)
		check("541.00", want)
		w.must(h.Update(w.ctx, r.ID, 1, opportunity.UpdateLineInput{Product: ptr(""), Unit: ptr(""), Discount: ptr(dec("0")), Tax: ptr(dec("0"))}))
		want.Product, want.Unit, want.Discount, want.Tax, want.Amount = "", "", dec("0"), ptr(dec("0")), usd("600.00")
		check("601.00", want)
		w.must(h.Update(w.ctx, r.ID, 1, opportunity.UpdateLineInput{ClearTax: true}))
		want.Tax = nil
		check("601.00", want)
	})
}

// TestR05_O08_AbsentMeansUnchanged changes what is known of a competitor, piece by
// piece; once decided only its price is fixed.
func TestR05_O08_AbsentMeansUnchanged(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		h := w.s.DealCompetitors()
		id := deal(w)
		price := usd("900.00")
		w.must(h.Add(w.ctx, id, opportunity.CompetitorInput{Competitor: w.rival, Strengths: "near", Weaknesses: "slow", Price: &price}))
		want := w.get(id).Competitors[0]
		same := func() {
			t.Helper()
			require.Equal(t, []opportunity.DealCompetitor{want}, w.get(id).Competitors)
			w.same(id)
		}
		u, err := h.Update(w.ctx, id, opportunity.UpdateCompetitorInput{Competitor: w.rival, Strengths: ptr("cheap")})
		w.must(u, err)
		want.Strengths = "cheap"
		same()
		_, err = h.Update(w.ctx, id, opportunity.UpdateCompetitorInput{Competitor: w.rival, Strengths: ptr("x")}, pursuit.IfVersion(u.Version-1))
		require.ErrorIs(t, err, fault.ErrConflict)
		_, err = h.Update(w.ctx, id, opportunity.UpdateCompetitorInput{Competitor: w.rival, Weaknesses: ptr(strings.Repeat("x", 4001)), Price: ptr(usd("-1.00")), ClearPrice: true})
		require.ElementsMatch(t, []string{"/clear_price contradiction", "/weaknesses too_long", "/price/amount negative"}, faults(err))
		_, err = h.Update(w.ctx, id, opportunity.UpdateCompetitorInput{Competitor: w.other, Strengths: ptr("x")})
		require.ErrorIs(t, err, fault.ErrNotFound)
		same()
		w.must(h.Update(w.ctx, id, opportunity.UpdateCompetitorInput{Competitor: w.rival, Strengths: ptr(""), ClearPrice: true}))
		want.Strengths, want.Price = "", nil
		same()
		zero := usd("0.00")
		w.must(h.Update(w.ctx, id, opportunity.UpdateCompetitorInput{Competitor: w.rival, Price: &zero}))
		want.Price = &zero
		same()
		w.must(w.s.Opportunities().Win(w.ctx, id, opportunity.WinInput{Summary: "won", Reasons: choose(w.win)}))
		w.must(h.Update(w.ctx, id, opportunity.UpdateCompetitorInput{Competitor: w.rival, Weaknesses: ptr("late")}))
		want.Weaknesses = "late"
		same()
		_, err = h.Update(w.ctx, id, opportunity.UpdateCompetitorInput{Competitor: w.rival, ClearPrice: true})
		require.ErrorIs(t, err, fault.ErrNotAllowed)
		same()
	})
}
