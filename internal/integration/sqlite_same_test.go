package integration

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/opportunity/pipeline"
	"github.com/pursuit-crm/pursuit/stage"
	"github.com/pursuit-crm/pursuit/storage"
	"github.com/pursuit-crm/pursuit/storage/memory"
)

// lifecycle runs every stage of the process once.
func (w *world) lifecycle() []uuid.UUID {
	o := w.s.Opportunities()
	must := func(r pursuit.Result, err error) pursuit.Result {
		w.t.Helper()
		require.NoError(w.t, err)
		return r
	}
	a := w.record("Big deal", 2, pursuit.RequestID("r1"))
	require.True(w.t, w.record("Big deal", 2, pursuit.RequestID("r1")).Repeated)
	must(w.s.Lines().Add(w.ctx, a.ID, []opportunity.LineInput{{Description: "free text", Quantity: dec("1"), Price: dec("0.015"), Discount: dec("0")}}))
	must(w.s.DealContacts().Add(w.ctx, a.ID, opportunity.ContactInput{Contact: w.contact, Role: opportunity.DecisionMaker, Primary: true}))
	price := money.FromMinor(9900, money.USD)
	must(w.s.DealCompetitors().Add(w.ctx, a.ID, opportunity.CompetitorInput{Competitor: w.rival, Strengths: "cheap", Price: &price}))
	must(w.s.Team().Set(w.ctx, a.ID, opportunity.MemberInput{User: "bob", Role: opportunity.RoleSupport, Access: opportunity.Read}))
	must(o.Advance(w.ctx, a.ID, opportunity.AdvanceInput{To: "engaging", Summary: "qualified"}))
	must(o.Tick(w.ctx, a.ID, opportunity.TickInput{Item: "demo", Undo: false}))
	must(o.Approve(w.ctx, a.ID, opportunity.ApproveInput{Role: access.Manager, Note: "go"}))
	must(o.Win(w.ctx, a.ID, opportunity.WinInput{Summary: "won", Analysis: "price", Reasons: choose(w.win)}))
	must(o.Analyse(w.ctx, a.ID, opportunity.AnalyseInput{Analysis: "revised", Reasons: choose(w.win)}))
	must(o.Reopen(w.ctx, a.ID, opportunity.ReopenInput{Reason: "changed", Stage: "engaging"}))
	must(o.Lose(w.ctx, a.ID, opportunity.LoseInput{Summary: "lost", Analysis: "rival", Reasons: choose(w.lossTo), Competitor: w.rival}))

	b := w.record("Second", 0)
	must(o.Hold(w.ctx, b.ID, opportunity.HoldInput{Reason: "later", ResumeOn: date(w.t, "2026-05-01")}))
	must(o.Resume(w.ctx, b.ID))
	must(w.s.Team().Transfer(w.ctx, b.ID, opportunity.TransferInput{To: "carl", Remove: true}))
	must(o.Win(w.ctx, b.ID, opportunity.WinInput{Summary: "won", Analysis: "price", Reasons: choose(w.win)}))
	must(o.Close(w.ctx, b.ID, opportunity.CloseInput{Override: "no order"}))

	c := must(o.RecordForNewCustomer(w.ctx, pursuit.RecordForNewCustomerInput{
		Customer: customer.CreateInput{Name: "Fabrikam", Code: "C9", Contacts: []customer.ContactInput{{Name: "Eva", Primary: true}}},
		Roles:    []opportunity.ContactRole{opportunity.Champion}, Opportunity: opportunity.RecordInput{Name: "Third", Currency: money.EUR, Estimated: money.FromMinor(777, money.EUR)},
	}, pursuit.At(w.now.Add(-48*time.Hour))))
	must(o.Void(w.ctx, c.ID, opportunity.VoidInput{Reason: "duplicate"}))

	d := w.record("Fourth", 1)
	must(o.Delete(w.ctx, d.ID, opportunity.DeleteInput{Reason: "mistake"}))
	e := w.record("fifth 100% sure_", 0)
	g := w.record("100 percent sure!", 0) // what the other's name, as a pattern, would match
	f := w.record("Sixth", 0)
	must(o.Lose(w.ctx, f.ID, opportunity.LoseInput{Summary: "lost", Analysis: "rival", Reasons: choose(w.lossTo), Competitor: w.rival}))
	w.followUp(e.ID)
	return []uuid.UUID{a.ID, b.ID, c.ID, d.ID, e.ID, f.ID, g.ID}
}

// everything reads all that a store holds, through the ports.
type everything struct {
	Records   []opportunity.Record
	Ledgers   [][]opportunity.LedgerRow
	Journals  [][]journal.Entry
	Customers []customer.Record
	Processes []stage.Record
	Lists     map[string][]opportunity.Root
	Counts    map[string]int64
	Sums      map[string][]pipeline.Bucket
	Days      map[string][]pipeline.Days
	FollowUps followUps
}

func (w *world) everything(ids []uuid.UUID) everything {
	out := everything{Lists: map[string][]opportunity.Root{}, Counts: map[string]int64{}, Sums: map[string][]pipeline.Bucket{}, Days: map[string][]pipeline.Days{}}
	err := w.store.View(w.ctx, func(ctx context.Context, tx storage.Tx) error {
		for _, id := range ids {
			for _, parts := range []opportunity.Parts{0, opportunity.PartMembers, opportunity.PartLines, opportunity.AllParts} {
				rec, err := tx.Opportunities().Get(ctx, w.tenant, id, opportunity.Load{Parts: parts, Viewer: "bob", Archive: []uuid.UUID{w.rival, w.win, w.rival, uuid.Max}})
				if err == nil {
					slices.SortFunc(rec.Archive, func(a, b opportunity.Named) int { return slices.Compare(a.Entry.ID[:], b.Entry.ID[:]) })
					out.Records = append(out.Records, rec)
				}
				rec, err = tx.Opportunities().Get(ctx, w.tenant, id, opportunity.Load{Parts: parts})
				if err == nil {
					out.Records = append(out.Records, rec)
				}
			}
			l, err := tx.Opportunities().Ledger(ctx, w.tenant, id)
			require.NoError(w.t, err)
			out.Ledgers = append(out.Ledgers, l)
			j, err := tx.Journal().Entries(ctx, w.tenant, journal.KindOpportunity, id, 0, 1000)
			require.NoError(w.t, err)
			out.Journals = append(out.Journals, j)
		}
		list, err := tx.Customers().List(ctx, w.tenant, customer.Query{Scope: access.Scope{All: true}, Limit: 100})
		require.NoError(w.t, err)
		for _, c := range list {
			rec, err := tx.Customers().Get(ctx, w.tenant, c.ID, true)
			require.NoError(w.t, err)
			require.Equal(w.t, c, rec.Customer)
			out.Customers = append(out.Customers, rec)
		}
		out.Processes, err = tx.Processes().List(ctx, w.tenant)
		require.NoError(w.t, err)
		w.lists(ctx, tx, &out)
		out.FollowUps = w.followUps(ctx, tx, ids)
		return nil
	})
	require.NoError(w.t, err)
	return out
}

func (w *world) lists(ctx context.Context, tx storage.Tx, out *everything) {
	from, to := int64(1000), int64(200000)
	filters := map[string]opportunity.Filter{
		"all": {}, "status": {Statuses: []opportunity.Status{opportunity.Won, opportunity.Lost}}, "stage": {Stages: []string{"engaging"}},
		"owner": {Owner: "ann"}, "member": {Member: "bob"}, "customer": {Customer: w.customer}, "source": {Source: w.source},
		"product": {Product: "GTX-1"}, "currency": {Currency: money.EUR}, "amount": {AmountFrom: &from, AmountTo: &to},
		"created": {CreatedFrom: w.now.Add(-30 * time.Second), CreatedTo: w.now}, "expected": {ExpectedFrom: date(w.t, "2026-01-01"), ExpectedTo: date(w.t, "2026-12-31")},
		"search": {Search: "100% sure_"}, "search2": {Search: "I"}, "number": {Number: "OPP-2026-000001"}, "process": {Process: w.process},
	}
	scopes := map[string]access.Scope{"all": {All: true}, "none": {}, "east": {Departments: []string{"east", ""}}, "bob": {User: "bob"}, "carl": {Departments: []string{"west"}, User: "carl"}}
	for sn, sc := range scopes {
		for fn, f := range filters {
			name := sn + "/" + fn
			n, err := tx.Opportunities().Count(ctx, w.tenant, opportunity.Query{Scope: sc, Filter: f})
			require.NoError(w.t, err)
			out.Counts[name] = n
			dims := []pipeline.Dimension{pipeline.ByStage}
			if fn == "all" || sn == "all" {
				dims = append(dims, pipeline.ByProduct, pipeline.BySector)
			}
			if fn == "all" && sn == "all" {
				dims = append(dims, pipeline.None, pipeline.ByOwner, pipeline.ByDepartment, pipeline.ByCustomer, pipeline.BySource, pipeline.ByProcess, pipeline.ByCategory)
			}
			for _, by := range dims {
				for at, asOf := range map[string]*pipeline.AsOf{"": nil, "now": {Effective: w.now, Known: w.now}, "then": {Effective: w.now.Add(-9 * time.Second), Known: w.now.Add(-4 * time.Second)}} {
					if asOf != nil && (by == pipeline.ByProduct || slices.Contains([]string{"member", "product", "created", "search", "search2", "number"}, fn)) {
						continue
					}
					q := pipeline.Query{Scope: sc, Filter: f, By: by, AsOf: asOf}
					k := name + "/" + string(by) + "/" + at
					out.Sums[k], err = tx.Pipeline().Sums(ctx, w.tenant, q)
					require.NoError(w.t, err)
					out.Days[k], err = tx.Pipeline().CycleDays(ctx, w.tenant, q)
					require.NoError(w.t, err)
				}
			}
		}
		for _, order := range opportunity.Sorts() {
			for _, desc := range []bool{false, true} {
				var walked []opportunity.Root
				q := opportunity.Query{Scope: sc, Sort: order, Desc: desc, Limit: 2}
				for {
					page, err := tx.Opportunities().List(ctx, w.tenant, q)
					require.NoError(w.t, err)
					walked = append(walked, page...)
					if len(page) < q.Limit {
						break
					}
					last := page[len(page)-1]
					q.After, q.AfterID = opportunity.KeyOf(order, &last), last.ID
				}
				name := sn + "/" + string(order)
				if desc {
					name += "/desc"
				}
				out.Lists[name] = walked
			}
		}
	}
}

func TestLifecycleIsTheSameOnEveryStore(t *testing.T) { onSQL(t, sameLifecycle) }

func sameLifecycle(t *testing.T, d database) {
	m := newWorld(t, memory.New())
	store, _ := d.store(t, nil)
	require.NoError(t, store.Check(context.Background()))
	q := newWorld(t, store)
	ids := m.lifecycle()
	require.Equal(t, ids, q.lifecycle())
	want, got := m.everything(ids), q.everything(ids)
	require.NotEmpty(t, want.Records)
	require.Equal(t, want.Records, got.Records)
	require.Equal(t, want.Ledgers, got.Ledgers)
	require.Equal(t, want.Journals, got.Journals)
	require.Equal(t, want, got)
	// A replayed journal gives the stored state, to the last field (J05).
	for i, j := range got.Journals {
		snap, ledger, deleted, err := opportunity.Replay(j)
		require.NoError(t, err)
		require.Equal(t, got.Ledgers[i], ledger)
		if deleted {
			continue
		}
		stored, err := q.s.Opportunities().Get(q.ctx, ids[i], opportunity.AllParts)
		require.NoError(t, err)
		require.Equal(t, stored, snap)
	}
}
