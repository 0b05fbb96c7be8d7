package integration

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/opportunity/pipeline"
	"github.com/pursuit-crm/pursuit/storage"
	"github.com/pursuit-crm/pursuit/storage/memory"
)

// step is a command that was drawn, to be given to both worlds.
type step struct {
	name string
	run  func(w *world, id uuid.UUID) (pursuit.Result, error)
}

// draw draws a command, with arguments that are often refused.
func draw(t *rapid.T) step {
	str := rapid.SampledFrom([]string{"", "x", "deal", "100%", "Straße", "商机", "it's \"so\"", "a_b!c"})
	user := rapid.SampledFrom([]string{"ann", "bob", "carl", "zoe"})
	minor := rapid.SampledFrom([]int64{0, 1, -5, 99999, 1 << 40})
	n := rapid.IntRange(0, 4).Draw(t, "n")
	s, u, m, yes := str.Draw(t, "text"), user.Draw(t, "user"), minor.Draw(t, "minor"), rapid.Bool().Draw(t, "yes")
	lines := func(k int) (out []opportunity.LineInput) {
		for i := range k {
			l := opportunity.LineInput{Product: fmt.Sprint("P", i), Description: s, Quantity: dec("1.5"), Price: dec(fmt.Sprint(m % 1000)), Discount: dec("0")}
			if yes {
				tax := dec("13.00")
				l.Tax = &tax
			}
			out = append(out, l)
		}
		return out
	}
	steps := []step{
		{"record", func(w *world, _ uuid.UUID) (pursuit.Result, error) {
			in := w.input("deal "+s, 0)
			in.Lines, in.Description, in.Rating = lines(n), s, n
			in.Estimated = money.FromMinor(max(m, 0), money.USD)
			in.Attributes = map[string]string{}
			if yes {
				in.Attributes = map[string]string{"k": s, "l": u}
				in.BillTo, in.Source = w.other, uuid.Nil
				in.Members = []opportunity.MemberInput{{User: u, Role: opportunity.RoleSupport, Access: opportunity.Read}}
			}
			return w.s.Opportunities().Record(w.ctx, in, pursuit.RequestID(fmt.Sprint("r", n, s, m)))
		}},
		{"update", func(w *world, id uuid.UUID) (pursuit.Result, error) {
			in := opportunity.UpdateInput{Description: &s, ReleaseOverride: !yes, ReleaseProbability: !yes}
			p := n * 1000
			if yes {
				v := money.FromMinor(m, money.USD)
				in.Override, in.Probability, in.Customer = &v, &p, &w.other
			}
			return w.s.Opportunities().Update(w.ctx, id, in)
		}},
		{"add lines", func(w *world, id uuid.UUID) (pursuit.Result, error) { return w.s.Lines().Add(w.ctx, id, lines(n)) }},
		{"update line", func(w *world, id uuid.UUID) (pursuit.Result, error) {
			return w.s.Lines().Update(w.ctx, id, n, lines(1)[0].Update())
		}},
		{"remove lines", func(w *world, id uuid.UUID) (pursuit.Result, error) { return w.s.Lines().Remove(w.ctx, id, []int{n}) }},
		{"set member", func(w *world, id uuid.UUID) (pursuit.Result, error) {
			return w.s.Team().Set(w.ctx, id, opportunity.MemberInput{User: u, Role: opportunity.RoleSales, Access: opportunity.Write})
		}},
		{"remove member", func(w *world, id uuid.UUID) (pursuit.Result, error) { return w.s.Team().Remove(w.ctx, id, u) }},
		{"splits", func(w *world, id uuid.UUID) (pursuit.Result, error) {
			return w.s.Team().SetSplits(w.ctx, id, opportunity.SetSplitsInput{Revenue: map[string]int{"ann": 4000, u: 6000}, Overlay: map[string]int{u: n}})
		}},
		{"transfer", func(w *world, id uuid.UUID) (pursuit.Result, error) {
			return w.s.Team().Transfer(w.ctx, id, opportunity.TransferInput{To: u, Remove: yes, Reason: s})
		}},
		{"add contact", func(w *world, id uuid.UUID) (pursuit.Result, error) {
			return w.s.DealContacts().Add(w.ctx, id, opportunity.ContactInput{Contact: w.contact, Role: opportunity.Champion, Primary: yes, Note: s, External: n > 2})
		}},
		{"remove contact", func(w *world, id uuid.UUID) (pursuit.Result, error) {
			return w.s.DealContacts().Remove(w.ctx, id, opportunity.ContactKey{Contact: w.contact, Role: opportunity.Champion})
		}},
		{"add competitor", func(w *world, id uuid.UUID) (pursuit.Result, error) {
			in := opportunity.CompetitorInput{Competitor: w.rival, Strengths: s}
			if yes {
				v := money.FromMinor(m, money.USD)
				in.Price = &v
			}
			return w.s.DealCompetitors().Add(w.ctx, id, in)
		}},
		{"remove competitor", func(w *world, id uuid.UUID) (pursuit.Result, error) {
			return w.s.DealCompetitors().Remove(w.ctx, id, w.rival)
		}},
		{"advance", func(w *world, id uuid.UUID) (pursuit.Result, error) {
			to := "engaging"
			if yes {
				to = "prospecting"
			}
			return w.s.Opportunities().Advance(w.ctx, id, opportunity.AdvanceInput{To: to, Summary: "done " + s})
		}},
		{"tick", func(w *world, id uuid.UUID) (pursuit.Result, error) {
			return w.s.Opportunities().Tick(w.ctx, id, opportunity.TickInput{Item: "demo", Undo: yes})
		}},
		{"approve", func(w *world, id uuid.UUID) (pursuit.Result, error) {
			return w.s.Opportunities().Approve(w.ctx, id, opportunity.ApproveInput{Role: access.Manager, Note: s})
		}},
		{"win", func(w *world, id uuid.UUID) (pursuit.Result, error) {
			return w.s.Opportunities().Win(w.ctx, id, opportunity.WinInput{Summary: "won " + s, Reasons: choose(w.win)}, pursuit.At(w.now.Add(-time.Duration(n)*time.Second)))
		}},
		{"lose", func(w *world, id uuid.UUID) (pursuit.Result, error) {
			in := opportunity.LoseInput{Summary: "lost", Analysis: s, Reasons: choose(w.lossTo)}
			if yes {
				in.Competitor = w.rival
			}
			return w.s.Opportunities().Lose(w.ctx, id, in)
		}},
		{"analyse", func(w *world, id uuid.UUID) (pursuit.Result, error) {
			return w.s.Opportunities().Analyse(w.ctx, id, opportunity.AnalyseInput{Analysis: "again " + s, Reasons: nil})
		}},
		{"hold", func(w *world, id uuid.UUID) (pursuit.Result, error) {
			return w.s.Opportunities().Hold(w.ctx, id, opportunity.HoldInput{Reason: "later", ResumeOn: date(w.t, "2027-01-01")})
		}},
		{"resume", func(w *world, id uuid.UUID) (pursuit.Result, error) { return w.s.Opportunities().Resume(w.ctx, id) }},
		{"void", func(w *world, id uuid.UUID) (pursuit.Result, error) {
			return w.s.Opportunities().Void(w.ctx, id, opportunity.VoidInput{Reason: "void"})
		}},
		{"close", func(w *world, id uuid.UUID) (pursuit.Result, error) {
			return w.s.Opportunities().Close(w.ctx, id, opportunity.CloseInput{Summary: s, Override: "so"})
		}},
		{"reopen", func(w *world, id uuid.UUID) (pursuit.Result, error) {
			return w.s.Opportunities().Reopen(w.ctx, id, opportunity.ReopenInput{Reason: "again"})
		}},
		{"delete", func(w *world, id uuid.UUID) (pursuit.Result, error) {
			return w.s.Opportunities().Delete(w.ctx, id, opportunity.DeleteInput{Reason: "mistake"})
		}},
		{"delete customer", func(w *world, _ uuid.UUID) (pursuit.Result, error) { return w.s.Customers().Delete(w.ctx, w.other) }},
		{"delete archive", func(w *world, _ uuid.UUID) (pursuit.Result, error) {
			return w.s.Archives().Delete(w.ctx, []uuid.UUID{w.win, w.rival, w.source, w.travel}[n%4])
		}},
		{"contact", func(w *world, _ uuid.UUID) (pursuit.Result, error) {
			return w.s.Customers().AddContact(w.ctx, w.customer, customer.ContactInput{Name: "C" + s, Primary: yes})
		}},
		{"remove contact of customer", func(w *world, _ uuid.UUID) (pursuit.Result, error) {
			return w.s.Customers().RemoveContact(w.ctx, w.customer, w.contact)
		}},
	}
	steps = append(steps, followUpSteps(s, u, n, yes)...)
	return steps[rapid.IntRange(0, len(steps)-1).Draw(t, "step")]
}

// glance is what is compared after each step.
type glance struct {
	record    opportunity.Record
	ledger    []opportunity.LedgerRow
	journal   []journal.Entry
	list      []opportunity.Root
	sums      []pipeline.Bucket
	days      []pipeline.Days
	customer  customer.Record
	used      bool
	unrelayed []journal.Entry
	followUps followUps
}

func (w *world) glance(id uuid.UUID) (g glance) {
	err := w.store.View(w.ctx, func(ctx context.Context, tx storage.Tx) (err error) {
		must := func(e error) {
			if e != nil && !slices.Contains([]string{"opportunity.not_found"}, fault.CodeOf(e)) && err == nil {
				err = e
			}
		}
		var e error
		all := access.Scope{All: true}
		g.record, e = tx.Opportunities().Get(ctx, w.tenant, id, opportunity.Load{Parts: opportunity.AllParts, Viewer: "bob"})
		must(e)
		g.ledger, e = tx.Opportunities().Ledger(ctx, w.tenant, id)
		must(e)
		g.journal, e = tx.Journal().Entries(ctx, w.tenant, journal.KindOpportunity, id, 0, 1000)
		must(e)
		g.list, e = tx.Opportunities().List(ctx, w.tenant, opportunity.Query{Scope: access.Scope{User: "bob", Departments: []string{"east"}}, Sort: opportunity.ByAmount, Desc: true, Limit: 10})
		must(e)
		g.sums, e = tx.Pipeline().Sums(ctx, w.tenant, pipeline.Query{Scope: all, By: pipeline.ByProduct})
		must(e)
		g.days, e = tx.Pipeline().CycleDays(ctx, w.tenant, pipeline.Query{Scope: all, By: pipeline.ByOwner, AsOf: &pipeline.AsOf{Effective: w.now, Known: w.now}})
		must(e)
		g.customer, e = tx.Customers().Get(ctx, w.tenant, w.customer, true)
		must(e)
		g.used, e = tx.Archives().Used(ctx, w.tenant, w.win)
		must(e)
		g.followUps = w.glanced(ctx, tx)
		g.unrelayed, e = tx.Journal().Unrelayed(ctx, w.tenant, 1000)
		must(e)
		return err
	})
	require.NoError(w.t, err)
	return g
}

// TestRandomCommandsAreTheSameOnEveryStore gives the same commands to memory and to
// each database, and looks after each.
func TestRandomCommandsAreTheSameOnEveryStore(t *testing.T) { onSQL(t, sameCommands) }

func sameCommands(t *testing.T, d database) {
	where := d.made(t)
	if d.name == "sqlite" {
		where = sqliteConnector{"file:" + filepath.Join(t.TempDir(), "p.db") + "?_pragma=foreign_keys(1)&_pragma=journal_mode(WAL)&_pragma=synchronous(OFF)"}
	}
	store := d.on(t, opened(t, where), nil)
	tenant := 0
	done := map[string]int{}
	rapid.Check(t, func(rt *rapid.T) {
		tenant++
		name := fmt.Sprint("tenant", tenant)
		m, q := newWorldOf(t, memory.New(), name), newWorldOf(t, store, name)
		var ids []uuid.UUID
		for range 3 {
			r := m.record("first", 1)
			require.Equal(rt, r, q.record("first", 1))
			ids = append(ids, r.ID)
		}
		for range rapid.IntRange(5, 20).Draw(rt, "steps") {
			s := draw(rt)
			id := rapid.SampledFrom(ids).Draw(rt, "id")
			want, werr := s.run(m, id)
			got, gerr := s.run(q, id)
			require.Equal(rt, fault.CodeOf(werr), fault.CodeOf(gerr), "%s: %v: %v", s.name, werr, gerr)
			require.Equal(rt, want, got, s.name)
			if werr == nil {
				done[s.name]++
			}
			if s.name == "record" && werr == nil && !slices.Contains(ids, want.ID) {
				ids = append(ids, want.ID)
			}
			require.Equal(rt, m.glance(id), q.glance(id), s.name)
		}
		if tenant%25 == 1 {
			require.Equal(rt, m.everything(ids), q.everything(ids))
		}
	})
	t.Log(done)
	if tenant >= 60 {
		require.Greater(t, len(done), 15, "most commands were accepted now and then")
	}
}
