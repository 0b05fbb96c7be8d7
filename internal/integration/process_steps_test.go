package integration

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/stage"
)

// TestG1_S1_RecordAndAssign records a chance of an existing customer, and one of a
// new customer, and assigns both to somebody else.
func TestG1_S1_RecordAndAssign(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		in := w.input()
		in.Source, in.Owner = w.source, "bob"
		r, err := w.s.Opportunities().Record(w.ctx, in)
		w.must(r, err)
		s := w.get(r.ID)
		require.Equal(t, []any{w.customer, w.source, "bob", opportunity.Open}, []any{s.Customer, s.Source, s.Owner, s.Status})
		require.Equal(t, []string{"bob"}, owners(s))

		in.Customer = uuid.Nil
		r, err = w.s.Opportunities().RecordForNewCustomer(w.ctx, pursuit.RecordForNewCustomerInput{
			Customer: customer.CreateInput{Name: "Fabrikam", Contacts: []customer.ContactInput{{Name: "Zoe", Primary: true}}}, Roles: []opportunity.ContactRole{opportunity.Champion}, Opportunity: in,
		})
		w.must(r, err)
		c, err := w.s.Customers().Get(w.ctx, r.Customer)
		require.NoError(t, err)
		require.Equal(t, customer.Prospect, c.Status)
		require.Equal(t, "Zoe", c.Contacts[0].Name)
		s = w.get(r.ID)
		require.Equal(t, []any{c.ID, "bob"}, []any{s.Customer, s.Owner})
		mine, err := w.colleague("bob", access.Sales).Opportunities().Count(w.ctx, opportunity.Filter{})
		require.NoError(t, err)
		require.EqualValues(t, 2, mine, "the owner sees both")
		w.same(r.ID)
	})
}

// TestG2_S4_S5_ProgressIsTracked reads the progress 商机进程 of a deal that goes
// forward, back, and is lost.
func TestG2_S4_S5_ProgressIsTracked(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		id := w.record().ID
		o := w.s.Opportunities()
		w.must(o.Advance(w.ctx, id, opportunity.AdvanceInput{To: "engaging", Summary: "They want it"}))
		_, err := o.Advance(w.ctx, id, opportunity.AdvanceInput{To: "prospecting"})
		require.ErrorIs(t, err, fault.ErrInvalid, "no progress without a summary")
		w.must(w.colleague("mia", access.Manager).Opportunities().Advance(w.ctx, id, opportunity.AdvanceInput{To: "prospecting", Summary: "Start again"}))
		require.NoError(t, w.command(id, opportunity.CommandLose))
		rows, err := o.History(w.ctx, id)
		require.NoError(t, err)
		var got [][]string
		for _, r := range rows {
			if r.Progress != "" {
				got = append(got, []string{string(r.Progress), r.FromStage, r.Stage, r.Summary, r.By})
				require.False(t, r.EffectiveFrom.IsZero())
			}
		}
		require.Equal(t, [][]string{
			{"advance", "prospecting", "engaging", "They want it", "ann"},
			{"back", "engaging", "prospecting", "Start again", "mia"},
			{"lost", "prospecting", "prospecting", "lost", "ann"},
		}, got)
		w.same(id)
	})
}

// TestG3_S3_KnowledgeGrows enriches a deal part by part; each is a version, an
// entry, and there when the deal is read.
func TestG3_S3_KnowledgeGrows(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		r, err := w.s.Opportunities().Record(w.ctx, opportunity.RecordInput{Name: "Bare", Customer: w.customer, Currency: money.USD})
		w.must(r, err)
		name, price := "Enriched", usd("250.00")
		w.must(w.s.Opportunities().Update(w.ctx, r.ID, opportunity.UpdateInput{Name: &name, Source: &w.source}))
		w.must(w.s.Lines().Add(w.ctx, r.ID, []opportunity.LineInput{service}))
		w.must(w.s.Team().Set(w.ctx, r.ID, bob))
		w.must(w.s.DealCompetitors().Add(w.ctx, r.ID, opportunity.CompetitorInput{Competitor: w.rival, Price: &price}))
		w.must(w.s.DealContacts().Add(w.ctx, r.ID, opportunity.ContactInput{Contact: w.contact, Role: opportunity.DecisionMaker, Primary: true}))
		s := w.get(r.ID)
		require.EqualValues(t, 6, s.Version)
		require.Equal(t, "Enriched", s.Name)
		require.Equal(t, []int{1, 2, 1, 1}, []int{len(s.Lines), len(s.Members), len(s.Competitors), len(s.Contacts)})
		require.Equal(t, price, *s.Competitors[0].Price)
		require.Equal(t, w.contact, s.PrimaryContact.Contact)
		entries, err := w.s.Opportunities().Journal(w.ctx, r.ID)
		require.NoError(t, err)
		require.Len(t, entries, 6)
		w.same(r.ID)
	})
}

// TestControlPoints tries what an enterprise sets up before it sells.
func TestControlPoints(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)

		t.Run("C1/a deal takes nothing that isn't in the archives", func(t *testing.T) {
			for name, spoil := range map[string]func(in *opportunity.RecordInput){
				"/customer": func(in *opportunity.RecordInput) { in.Customer = uuid.Max },
				"/source":   func(in *opportunity.RecordInput) { in.Source = uuid.Max },
				"/contacts/0/contact": func(in *opportunity.RecordInput) {
					in.Contacts = []opportunity.ContactInput{{Contact: uuid.Max, Role: opportunity.Champion}}
				},
				"/competitors/0/competitor": func(in *opportunity.RecordInput) {
					in.Competitors = []opportunity.CompetitorInput{{Competitor: uuid.Max}}
				},
			} {
				in := w.input()
				spoil(&in)
				_, err := w.s.Opportunities().Record(w.ctx, in)
				require.ErrorIs(t, err, fault.ErrInvalid, name)
				require.Equal(t, name, fault.FieldsOf(err)[0].Path)
			}
		})

		t.Run("C2/modes with stages of their own live side by side", func(t *testing.T) {
			first, other := w.publish("first", "x", "y"), w.publish("other", "y", "z")
			a, err := w.recordIn(first)
			require.NoError(t, err)
			b, err := w.recordIn(other)
			require.NoError(t, err)
			w.must(w.s.Opportunities().Advance(w.ctx, a.ID, opportunity.AdvanceInput{To: "y", Summary: "x"}))
			_, err = w.s.Opportunities().Advance(w.ctx, a.ID, opportunity.AdvanceInput{To: "z", Summary: "x"})
			require.ErrorIs(t, err, fault.ErrInvalid, "a stage of another mode")
			w.must(w.s.Opportunities().Advance(w.ctx, b.ID, opportunity.AdvanceInput{To: "z", Summary: "x"}))
			_, err = w.s.Processes().Publish(w.ctx, stage.Process{Code: "bad", Names: names("Bad")})
			require.ErrorIs(t, err, fault.ErrInvalid, "a mode without stages")
		})

		t.Run("C3/each kind of reason has its archive", func(t *testing.T) {
			for _, kind := range []archive.Kind{archive.WinReason, archive.LossReason} {
				l, err := w.s.Archives().List(w.ctx, pursuit.ArchiveQuery{Kind: kind}, pursuit.Page{})
				require.NoError(t, err)
				require.NotEmpty(t, l.Items)
				for _, e := range l.Items {
					require.Equal(t, kind, e.Kind)
				}
			}
		})

		t.Run("C4/competitors are the enterprise's", func(t *testing.T) {
			l, err := w.s.Archives().List(w.ctx, pursuit.ArchiveQuery{Kind: archive.Competitor}, pursuit.Page{})
			require.NoError(t, err)
			require.Len(t, l.Items, 1)
			require.Equal(t, w.rival, l.Items[0].ID)
			theirs := w.entryOfEvil()
			_, err = w.s.DealCompetitors().Add(w.ctx, w.record().ID, opportunity.CompetitorInput{Competitor: theirs})
			require.ErrorIs(t, err, fault.ErrInvalid)
		})

		t.Run("C5/without the sales system all else goes on", func(t *testing.T) {
			id := w.record().ID
			require.NoError(t, w.command(id, opportunity.CommandWin))
			_, err := w.s.Orders().Create(w.ctx, id, orderOfAll)
			require.ErrorIs(t, err, fault.ErrSalesSystemDisabled)
			w.must(w.s.SalesSystem().Enable(w.ctx))
			_, err = w.s.Orders().Create(w.ctx, id, orderOfAll)
			require.Error(t, err, "enabled, and not initialised")
			require.NoError(t, w.command(id, opportunity.CommandClose))
			require.NoError(t, w.command(id, opportunity.CommandReopen))
			require.NoError(t, w.command(id, opportunity.CommandWin))
			w.must(w.s.SalesSystem().Initialise(w.ctx, order.InitialiseInput{BaseCurrency: money.USD}))
			w.must(w.s.Orders().Create(w.ctx, id, orderOfAll))
			w.same(id)
		})

		t.Run("C6/a post says who may do what", func(t *testing.T) {
			r, err := w.colleague("sam", access.Sales).Opportunities().Record(w.ctx, w.input())
			w.must(r, err)
			void := opportunity.VoidInput{Reason: "a duplicate"}
			for role, want := range map[access.Role]error{
				access.Marketing: fault.ErrForbidden, access.Sales: fault.ErrForbidden, access.Support: fault.ErrForbidden, access.Manager: nil,
			} {
				s := w.colleague("sam", role)
				err := s.Batch(w.ctx, func(ctx context.Context, b *pursuit.Session) error {
					if _, err := b.Opportunities().Void(ctx, r.ID, void); err != nil {
						return err
					}
					return errEnough
				})
				if want == nil {
					want = errEnough
				}
				require.ErrorIs(t, err, want, string(role))
			}
			_, err = w.colleague("eve").Opportunities().Get(w.ctx, r.ID, 0)
			require.ErrorIs(t, err, fault.ErrNotFound, "who has no post sees nothing")
		})
	})
}
