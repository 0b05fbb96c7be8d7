package integration

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/opportunity/pipeline"
	"github.com/pursuit-crm/pursuit/stage"
)

func TestS1toS9_O04_O06_O08_O10_WinReopenLose(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		o := w.s.Opportunities()
		r := w.record()
		require.Equal(t, "OPP-2026-000001", r.Number)
		fresh := w.get(r.ID)
		require.Equal(t, "271.35", fresh.Amount().Amount()) // L01

		_, err := w.s.Team().Set(w.ctx, r.ID, opportunity.MemberInput{User: "bob", Role: opportunity.RolePresales, Access: opportunity.Read})
		require.NoError(t, err)
		_, err = w.s.Team().SetSplits(w.ctx, r.ID, opportunity.SetSplitsInput{Revenue: map[string]int{"ann": 6667, "bob": 3333}})
		require.NoError(t, err)
		_, err = w.s.DealContacts().Add(w.ctx, r.ID, opportunity.ContactInput{Contact: w.contact, Role: opportunity.DecisionMaker, Primary: true})
		require.NoError(t, err)
		_, err = w.s.DealCompetitors().Add(w.ctx, r.ID, opportunity.CompetitorInput{Competitor: w.rival, Strengths: "cheap"})
		require.NoError(t, err)
		added, err := w.s.Lines().Add(w.ctx, r.ID, []opportunity.LineInput{{Description: "Service", Quantity: dec("1"), Price: dec("28.65")}})
		require.NoError(t, err)
		require.Equal(t, []int{2}, added.Lines)
		_, err = o.Advance(w.ctx, r.ID, opportunity.AdvanceInput{To: "engaging", Summary: "They want it"})
		require.NoError(t, err)
		_, err = w.s.Team().Transfer(w.ctx, r.ID, opportunity.TransferInput{To: "carol", Role: opportunity.RoleSales})
		require.NoError(t, err)
		_, err = o.Win(w.ctx, r.ID, opportunity.WinInput{Reasons: w.choose(w.win), Summary: "Signed"})
		require.NoError(t, err)
		s := w.get(r.ID)
		require.Equal(t, opportunity.Won, s.Status)
		require.Equal(t, 10000, s.Probability)
		require.Equal(t, "300.00", s.Outcome.Amount.Amount())
		shares, err := opportunity.SplitAmounts(&s) // T05
		require.NoError(t, err)
		require.Equal(t, "200.01", shares["ann"].Amount())
		require.Equal(t, "99.99", shares["bob"].Amount())
		_, err = w.s.Lines().Add(w.ctx, r.ID, []opportunity.LineInput{{Description: "More", Quantity: dec("1"), Price: dec("1")}})
		require.ErrorIs(t, err, fault.ErrNotAllowed) // O08
		_, err = o.Close(w.ctx, r.ID, opportunity.CloseInput{})
		require.NoError(t, err)
		_, err = o.Reopen(w.ctx, r.ID, opportunity.ReopenInput{Reason: "Cancelled by the customer"})
		require.NoError(t, err)
		require.Len(t, w.get(r.ID).Cycles, 1)
		_, err = o.Lose(w.ctx, r.ID, opportunity.LoseInput{Reasons: w.choose(w.lossTo), Summary: "Gone"})
		require.ErrorIs(t, err, fault.ErrInvalid) // A05
		_, err = o.Lose(w.ctx, r.ID, opportunity.LoseInput{Reasons: w.choose(w.lossTo), Summary: "Gone", Competitor: w.rival})
		require.NoError(t, err)
		s = w.get(r.ID)
		require.Equal(t, "engaging", s.Outcome.Stage) // O07
		require.Equal(t, stage.Omitted, s.Category)
		w.same(r.ID)
	})
}

func TestP07_P08_RefusalListsAllUnmetGates(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		r, err := w.s.Opportunities().Record(w.ctx, opportunity.RecordInput{Name: "Bare", Customer: w.customer, Currency: money.CNY})
		require.NoError(t, err)
		before := w.get(r.ID)
		_, err = w.s.Opportunities().Advance(w.ctx, r.ID, opportunity.AdvanceInput{To: "engaging", Summary: "go"})
		require.ErrorIs(t, err, fault.ErrNotAllowed)
		require.Len(t, fault.FieldsOf(err), 2)
		require.Equal(t, before, w.get(r.ID)) // nothing changed
		_, err = w.s.Opportunities().Advance(w.ctx, r.ID, opportunity.AdvanceInput{To: "engaging", Summary: "go", Override: "the board says so"})
		require.NoError(t, err) // P07
		w.same(r.ID)
	})
}

// TestO02_AllPairs tries every command of the lifecycle in every status.
func TestO02_AllPairs(t *testing.T) {
	onEach(t, func(t *testing.T) {
		into := map[opportunity.Status][]opportunity.Command{
			opportunity.Open: {}, opportunity.OnHold: {opportunity.CommandHold}, opportunity.Won: {opportunity.CommandWin},
			opportunity.Lost: {opportunity.CommandLose}, opportunity.Void: {opportunity.CommandVoid},
			opportunity.Closed: {opportunity.CommandWin, opportunity.CommandClose},
		}
		allowed := map[opportunity.Status]map[opportunity.Command]opportunity.Status{
			opportunity.Open:   {opportunity.CommandWin: opportunity.Won, opportunity.CommandLose: opportunity.Lost, opportunity.CommandHold: opportunity.OnHold, opportunity.CommandVoid: opportunity.Void},
			opportunity.OnHold: {opportunity.CommandResume: opportunity.Open, opportunity.CommandLose: opportunity.Lost, opportunity.CommandVoid: opportunity.Void},
			opportunity.Won:    {opportunity.CommandClose: opportunity.Closed, opportunity.CommandReopen: opportunity.Open},
			opportunity.Lost:   {opportunity.CommandReopen: opportunity.Open},
			opportunity.Void:   {opportunity.CommandReopen: opportunity.Open},
			opportunity.Closed: {opportunity.CommandReopen: opportunity.Open},
		}
		w := newTenant(t)
		for _, from := range opportunity.Statuses() {
			for _, c := range opportunity.Commands() {
				t.Run("O02/"+from.String()+"/"+c.String(), func(t *testing.T) {
					id := w.record().ID
					for _, x := range into[from] {
						require.NoError(t, w.command(id, x))
					}
					before := w.get(id)
					require.Equal(t, from, before.Status)
					err := w.command(id, c)
					if to, ok := allowed[from][c]; ok {
						require.NoError(t, err)
						require.Equal(t, to, w.get(id).Status)
					} else {
						require.ErrorIs(t, err, fault.ErrNotAllowed)
						require.Equal(t, before, w.get(id))
					}
					w.same(id)
				})
			}
		}
	})
}

func TestO11_VersionGuards(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		r := w.record()
		_, err := w.s.Opportunities().Hold(w.ctx, r.ID, opportunity.HoldInput{Reason: "budget", ResumeOn: calendar.Date{}}, pursuit.IfVersion(7))
		require.ErrorIs(t, err, fault.ErrConflict)
		got, err := w.s.Opportunities().Hold(w.ctx, r.ID, opportunity.HoldInput{Reason: "budget", ResumeOn: calendar.Date{}}, pursuit.IfVersion(r.Version))
		require.NoError(t, err)
		require.Equal(t, r.Version+1, got.Version)
	})
}

func TestO12_TimeNeverRunsBackwards(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		r := w.record()
		_, err := w.s.Opportunities().Hold(w.ctx, r.ID, opportunity.HoldInput{Reason: "budget", ResumeOn: calendar.Date{}}, pursuit.At(w.now.Add(-time.Hour)))
		require.ErrorIs(t, err, fault.ErrInvalid)
		_, err = w.s.Opportunities().Hold(w.ctx, r.ID, opportunity.HoldInput{Reason: "budget", ResumeOn: calendar.Date{}}, pursuit.At(w.now.Add(time.Hour)))
		require.ErrorIs(t, err, fault.ErrInvalid)
	})
}

func TestO13_RequestIDs(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		first := w.record(pursuit.RequestID("k1"))
		again := w.record(pursuit.RequestID("k1"))
		require.True(t, again.Repeated)
		again.Repeated = false
		require.Equal(t, first, again)
		n, err := w.s.Opportunities().Count(w.ctx, opportunity.Filter{})
		require.NoError(t, err)
		require.EqualValues(t, 1, n)
		_, err = w.s.Opportunities().Void(w.ctx, first.ID, opportunity.VoidInput{Reason: "x"}, pursuit.RequestID("k1"))
		require.ErrorIs(t, err, fault.ErrRequestReused)
	})
}

func TestC06_AllOrNone(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		nc := pursuit.RecordForNewCustomerInput{Customer: customer.CreateInput{Name: "Fabrikam", Code: "C2", Contacts: []customer.ContactInput{{Name: "Zoe", Primary: true}}}, Roles: []opportunity.ContactRole{opportunity.Champion}, Opportunity: opportunity.RecordInput{Currency: money.USD}}
		_, err := w.s.Opportunities().RecordForNewCustomer(w.ctx, nc)
		require.ErrorIs(t, err, fault.ErrInvalid)
		_, err = w.s.Customers().ByCode(w.ctx, "C2")
		require.ErrorIs(t, err, fault.ErrNotFound)
		nc.Opportunity.Name = "First"
		r, err := w.s.Opportunities().RecordForNewCustomer(w.ctx, nc)
		require.NoError(t, err)
		s := w.get(r.ID)
		require.Equal(t, r.Customer, s.Customer)
		require.Equal(t, r.Contacts[0], s.PrimaryContact.Contact)
		w.same(r.ID)
	})
}

func TestC04_InactiveCustomer(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		r := w.record()
		_, err := w.s.Customers().SetStatus(w.ctx, w.customer, customer.Inactive)
		require.NoError(t, err)
		_, err = w.s.Opportunities().Record(w.ctx, opportunity.RecordInput{Name: "Late", Customer: w.customer, Currency: money.USD})
		require.ErrorIs(t, err, fault.ErrNotAllowed)
		require.NoError(t, w.command(r.ID, opportunity.CommandWin))
	})
}

func TestJ06_TamperingIsFound(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		r := w.record()
		require.NoError(t, w.command(r.ID, opportunity.CommandWin))
		entries, err := w.s.Opportunities().Journal(w.ctx, r.ID)
		require.NoError(t, err)
		head := w.get(r.ID).Head
		require.NoError(t, journal.Verify(entries, head))
		entries[0].Moment.By = "mallory"
		require.ErrorIs(t, journal.Verify(entries, head), fault.ErrCorrupt)
		entries[0].Moment.By = "ann"
		require.ErrorIs(t, journal.Verify(entries[:1], head), fault.ErrCorrupt)
	})
}

func TestO01_NumbersUnderConcurrency(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		var wg sync.WaitGroup
		var mu sync.Mutex
		seen := map[string]bool{}
		for range 8 {
			wg.Go(func() {
				for range 25 {
					r := w.record()
					mu.Lock()
					seen[r.Number] = true
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		require.Len(t, seen, 200)
	})
}

func TestBatchAndHostTransaction(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		boom := errors.New("boom")
		err := w.s.Batch(w.ctx, func(ctx context.Context, b *pursuit.Session) error {
			_, err := b.Opportunities().Record(ctx, opportunity.RecordInput{Name: "In a batch", Customer: w.customer, Currency: money.USD})
			require.NoError(t, err)
			return boom
		})
		require.ErrorIs(t, err, boom)
		n, err := w.s.Opportunities().Count(w.ctx, opportunity.Filter{})
		require.NoError(t, err)
		require.Zero(t, n)

		r := w.record()
		h := w.host()
		_, err = w.eng.In(h.bound).As(w.s.Actor()).Opportunities().Hold(w.ctx, r.ID, opportunity.HoldInput{Reason: "budget", ResumeOn: calendar.Date{}})
		require.NoError(t, err)
		require.NoError(t, h.rollback())
		require.Equal(t, opportunity.Open, w.get(r.ID).Status)
	})
}

func TestReports_AsOfAndAsKnown(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		r := w.record()
		before := w.now
		require.NoError(t, w.command(r.ID, opportunity.CommandWin))
		now, err := w.s.Reports().Pipeline(w.ctx, pursuit.PipelineQuery{By: pipeline.ByStage})
		require.NoError(t, err)
		require.EqualValues(t, 1, now[0].Won)
		require.Equal(t, "1", now[0].WinRate.String())
		then, err := w.s.Reports().Pipeline(w.ctx, pursuit.PipelineQuery{By: pipeline.ByStage, AsOf: before})
		require.NoError(t, err)
		require.EqualValues(t, 1, then[0].Open)
		require.Nil(t, then[0].WinRate)
		require.Equal(t, "27.14", then[0].Amounts[money.USD].Weighted.Amount()) // 271.35 × 10 %, half even
		known, err := w.s.Reports().Pipeline(w.ctx, pursuit.PipelineQuery{KnownAt: before})
		require.NoError(t, err)
		require.EqualValues(t, 1, known[0].Open) // the win wasn't known then
		_, err = w.s.Reports().Pipeline(w.ctx, pursuit.PipelineQuery{By: pipeline.ByProduct, AsOf: before})
		require.ErrorIs(t, err, fault.ErrInvalid)
	})
}

func TestPagesAndCursors(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		for range 5 {
			w.record()
		}
		q := pursuit.OpportunityQuery{Filter: opportunity.Filter{Currency: money.USD}, Sort: opportunity.ByAmount, Desc: true}
		var got []string
		page := pursuit.Page{Size: 2}
		for {
			l, err := w.s.Opportunities().List(w.ctx, q, page)
			require.NoError(t, err)
			for _, r := range l.Items {
				got = append(got, r.Number)
			}
			if l.Next == "" {
				break
			}
			page.Cursor = l.Next
		}
		require.Len(t, got, 5)
		_, err := w.s.Opportunities().List(w.ctx, pursuit.OpportunityQuery{}, page)
		require.ErrorIs(t, err, fault.ErrInvalid) // another query's cursor
	})
}
