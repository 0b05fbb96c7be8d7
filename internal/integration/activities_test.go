package integration

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/stage"
)

// plan plans an activity, and gives its id.
func (w *tenant) plan(id uuid.UUID, in opportunity.PlanActivityInput) uuid.UUID {
	w.t.Helper()
	r, err := w.s.Activities().Plan(w.ctx, id, in)
	require.NoError(w.t, err)
	require.NotZero(w.t, r.Activity)
	return r.Activity
}

func (w *tenant) log(id uuid.UUID, kind opportunity.ActivityKind) uuid.UUID {
	w.t.Helper()
	r, err := w.s.Activities().Log(w.ctx, id, opportunity.LogActivityInput{Kind: kind, Subject: "Talk", Result: "fine"})
	require.NoError(w.t, err)
	return r.Activity
}

// TestR01_ActivitiesFollowTheDeal lets a deal's next and last activity follow, over
// a win and until it is closed.
func TestR01_ActivitiesFollowTheDeal(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		a, id := w.s.Activities(), w.record().ID
		w.must(w.s.Team().Set(w.ctx, id, opportunity.MemberInput{User: "bob", Role: opportunity.RoleSales, Access: opportunity.Write}))
		in := w.call()
		soon, later := in.Due, in.Due.AddDate(0, 0, 7)
		first := w.plan(id, in)
		in.Due, in.Assignee, in.Note = later, "bob", "after lunch"
		second := w.plan(id, in)
		require.Equal(t, soon, w.get(id).NextActivity)
		w.must(a.Complete(w.ctx, id, first, opportunity.CompleteActivityInput{Result: "she calls back", Done: w.now.Add(-time.Hour)}))
		s := w.get(id)
		require.Equal(t, later, s.NextActivity)
		require.Equal(t, s.Activities[0].Done, s.LastActivity)
		require.Equal(t, opportunity.Counts{Members: 2, Lines: 1, LineSeq: 1, Activities: 2, OpenActivities: 1, DoneActivities: opportunity.ActivityCounts{Call: 1}}, s.Counts)
		w.must(w.s.Team().Transfer(w.ctx, id, opportunity.TransferInput{To: "bob"})) // T03
		require.Equal(t, s.Activities, w.get(id).Activities)

		t.Run("O09/an open one keeps it from being closed", func(t *testing.T) {
			require.NoError(t, w.command(id, opportunity.CommandWin))
			third := w.plan(id, in) // O08: follow-up goes on
			err := w.command(id, opportunity.CommandClose)
			require.ErrorIs(t, err, fault.ErrNotAllowed)
			require.Equal(t, []string{"/activities"}, pathsOf(err))
			w.must(a.Cancel(w.ctx, id, second, opportunity.CancelActivityInput{Reason: "not needed"}))
			w.must(a.Remove(w.ctx, id, third))
			require.NoError(t, w.command(id, opportunity.CommandClose))
			require.Zero(t, w.get(id).NextActivity)
		})
		t.Run("O08/a closed one takes none", func(t *testing.T) {
			before := w.written()
			for _, f := range []func() (pursuit.Result, error){
				func() (pursuit.Result, error) { return a.Plan(w.ctx, id, in) },
				func() (pursuit.Result, error) {
					return a.Complete(w.ctx, id, second, opportunity.CompleteActivityInput{Result: "x"})
				},
				func() (pursuit.Result, error) { return a.Remove(w.ctx, id, first) },
				func() (pursuit.Result, error) { return w.s.Expenses().Add(w.ctx, id, w.train()) },
			} {
				_, err := f()
				require.ErrorIs(t, err, fault.ErrNotAllowed)
			}
			require.Equal(t, before+1, w.written()) // the kind of expense
		})
		w.same(id)
	})
}

func TestR01_ARepeatedRequestAddsOneActivity(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		id, in := w.record().ID, w.call()
		first, err := w.s.Activities().Plan(w.ctx, id, in, pursuit.RequestID("plan"))
		require.NoError(t, err)
		again, err := w.s.Activities().Plan(w.ctx, id, in, pursuit.RequestID("plan"))
		require.NoError(t, err)
		require.True(t, again.Repeated)
		require.Equal(t, first.Activity, again.Activity)
		require.Len(t, w.get(id).Activities, 1)
		// The part is in the request's fingerprint (O13).
		other := w.plan(id, in)
		w.must(w.s.Activities().Remove(w.ctx, id, first.Activity, pursuit.RequestID("gone")))
		_, err = w.s.Activities().Remove(w.ctx, id, other, pursuit.RequestID("gone"))
		require.ErrorIs(t, err, fault.ErrRequestReused)
		_, err = w.s.Activities().Remove(w.ctx, id, other, pursuit.IfVersion(1))
		require.ErrorIs(t, err, fault.ErrConflict)
	})
}

// TestP07_ActivityGatesAreAskedOnEveryPath: by command, in a batch, by migration and
// by reopening.
func TestP07_ActivityGatesAreAskedOnEveryPath(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		demo := []stage.Gate{{Kind: stage.GateActivity, Params: map[string]string{"kind": "demo", "n": "1"}}}
		r, err := w.s.Processes().Publish(w.ctx, stage.Process{Code: "gated", Names: names("Gated"), AllowBack: true, Stages: []stage.Stage{
			{ID: "first", Names: names("First"), Probability: 1000, Category: stage.Pipeline},
			{ID: "second", Names: names("Second"), Probability: 2000, Category: stage.Pipeline, Entry: demo},
		}, WinGates: demo})
		w.must(r, err)
		o, in := w.s.Opportunities(), w.input()
		in.Process = r.ID
		gated, err := o.Record(w.ctx, in)
		w.must(gated, err)
		id, plain := gated.ID, w.record().ID
		advance := func(s *pursuit.Session) error {
			_, err := s.Opportunities().Advance(w.ctx, id, opportunity.AdvanceInput{To: "second", Summary: "shown"})
			return err
		}
		refused := func(err error) {
			t.Helper()
			require.ErrorIs(t, err, fault.ErrNotAllowed)
			require.Equal(t, []string{"gate/activity_done"}, pathsOf(err))
		}
		all := func() {
			t.Helper()
			refused(advance(w.s))
			refused(w.s.Batch(w.ctx, func(_ context.Context, b *pursuit.Session) error { return advance(b) }))
			refused(w.command(id, opportunity.CommandWin))
			_, err := o.Migrate(w.ctx, plain, opportunity.MigrateInput{Process: r.ID, Stages: map[string]string{"prospecting": "second"}})
			refused(err)
		}
		all()
		call := w.plan(id, w.call())
		w.must(w.s.Activities().Complete(w.ctx, id, call, opportunity.CompleteActivityInput{Result: "another kind"}))
		mistake := w.log(id, opportunity.Demo)
		w.must(w.s.Activities().Remove(w.ctx, id, mistake))
		all()
		w.log(plain, opportunity.Demo)
		w.must(o.Migrate(w.ctx, plain, opportunity.MigrateInput{Process: r.ID, Stages: map[string]string{"prospecting": "second"}}))
		require.NoError(t, w.s.Batch(w.ctx, func(_ context.Context, b *pursuit.Session) error {
			if _, err := b.Activities().Log(w.ctx, id, opportunity.LogActivityInput{Kind: opportunity.Demo, Subject: "Demo", Result: "they like it"}); err != nil {
				return err
			}
			return advance(b) // seen at once, in the same transaction
		}))
		require.NoError(t, w.command(id, opportunity.CommandWin))
		w.same(id)
		w.same(plain)
	})
}

// TestJ02_ListsOfFollowUp are inside the scope, and page by page.
func TestJ02_ListsOfFollowUp(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		mine, other := w.record().ID, w.record().ID
		w.must(w.s.Team().Transfer(w.ctx, other, opportunity.TransferInput{To: "zoe", Remove: true}))
		in := w.call()
		var want []string
		for i := range 7 {
			in.Subject, in.Due = fmt.Sprint("call ", i), w.now.AddDate(0, 0, 10-i/2)
			want = append(want, in.Subject)
			w.plan(mine, in)
		}
		in.Subject = "not to be seen"
		w.plan(other, in)
		w.must(w.s.Activities().Log(w.ctx, mine, opportunity.LogActivityInput{Kind: opportunity.Email, Subject: "mail", Result: "sent", Assignee: "bob"}))
		todo := pursuit.ActivityQuery{Filter: opportunity.ActivityFilter{Assignee: "ann", Status: opportunity.ActivityOpen}}
		sales := w.as(access.Sales)
		var got []string
		page := pursuit.Page{Size: 2}
		for {
			l, err := sales.Activities().List(w.ctx, todo, page)
			require.NoError(t, err)
			for _, a := range l.Items {
				got = append(got, a.Subject)
				require.Equal(t, mine, a.Deal.ID)
				require.Equal(t, "Big deal", a.Deal.Name)
			}
			if l.Next == "" {
				break
			}
			page.Cursor = l.Next
			_, err = sales.Expenses().List(w.ctx, pursuit.ExpenseQuery{}, page)
			require.ErrorIs(t, err, fault.ErrInvalid, "another list's cursor")
		}
		// The earliest first; of one moment the first that was planned.
		require.Equal(t, []string{"call 6", "call 4", "call 5", "call 2", "call 3", "call 0", "call 1"}, got)
		require.ElementsMatch(t, want, got)
		n, err := walk(w.s.Activities().All(w.ctx, todo))
		require.NoError(t, err)
		require.Equal(t, 8, n, "an administrator sees all")

		require.NoError(t, w.command(mine, opportunity.CommandVoid))
		n, err = walk(sales.Activities().All(w.ctx, todo))
		require.NoError(t, err)
		require.Zero(t, n, "what is void is nobody's work")
		for _, bad := range []opportunity.ActivityFilter{{Assignee: "\x00"}, {Kind: "dinner"}, {Status: "late"}, {From: time.Unix(-1, 0)}} {
			_, err := sales.Activities().List(w.ctx, pursuit.ActivityQuery{Filter: bad}, pursuit.Page{})
			require.ErrorIs(t, err, fault.ErrInvalid)
		}
		_, err = sales.Activities().List(w.ctx, todo, pursuit.Page{Cursor: "AAAA"})
		require.ErrorIs(t, err, fault.ErrInvalid)
	})
}

// TestR02_AnExpenseIsApprovedByAnother runs an expense's whole life, in a currency
// of its own.
func TestR02_AnExpenseIsApprovedByAnother(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		x, id := w.s.Expenses(), withExpense(w)
		before := w.get(id)
		require.Equal(t, money.EUR, before.Expenses[0].Amount.Currency())
		require.Equal(t, before.LineTotal, before.Amount(), "O17")
		for _, c := range []func() error{
			func() error { _, err := x.Approve(w.ctx, id, w.part); return err },
			func() error { _, err := x.Settle(w.ctx, id, w.part, opportunity.SettleExpenseInput{}); return err },
			func() error {
				_, err := x.Reject(w.ctx, id, w.part, opportunity.RejectExpenseInput{Reason: "x"})
				return err
			},
		} {
			require.ErrorIs(t, c(), fault.ErrNotAllowed)
		}
		w.must(x.Submit(w.ctx, id, w.part))
		for _, by := range []string{"ann", "bob"} { // she submitted it, he spent it
			_, err := w.user(by).Expenses().Approve(w.ctx, id, w.part)
			require.Equal(t, "opportunity.expense.own", fault.CodeOf(err))
		}
		w.must(w.user("zoe").Expenses().Reject(w.ctx, id, w.part, opportunity.RejectExpenseInput{Reason: "no receipt"}))
		require.Zero(t, w.get(id).Counts.UnsettledExpenses)
		text := "with receipt"
		w.must(x.Update(w.ctx, id, w.part, opportunity.UpdateExpenseInput{Description: &text}))
		w.must(x.Submit(w.ctx, id, w.part))
		w.must(w.user("zoe").Expenses().Approve(w.ctx, id, w.part))
		require.NoError(t, w.command(id, opportunity.CommandWin))
		err := w.command(id, opportunity.CommandClose)
		require.Equal(t, []string{"/expenses"}, pathsOf(err), "O09: approved isn't settled")
		w.must(x.Settle(w.ctx, id, w.part, opportunity.SettleExpenseInput{Reference: "PAY-7"}))
		require.NoError(t, w.command(id, opportunity.CommandClose))
		w.same(id)

		t.Run("A04/its kind is in use", func(t *testing.T) {
			_, err := w.s.Archives().Delete(w.ctx, w.travel)
			require.ErrorIs(t, err, fault.ErrInUse)
		})
		t.Run("A02/a retired kind can't be chosen", func(t *testing.T) {
			w.must(w.s.Archives().Retire(w.ctx, w.travel))
			other := w.record().ID
			_, err := x.Add(w.ctx, other, w.train())
			require.ErrorIs(t, err, fault.ErrInvalid)
			require.Equal(t, []string{"/category"}, pathsOf(err))
		})
		t.Run("O14/a deal with expenses isn't deleted", func(t *testing.T) {
			fresh := w.record().ID
			in := w.train()
			in.Category = w.entry(archive.CreateInput{Kind: archive.ExpenseKind, Code: "meals"})
			r, err := x.Add(w.ctx, fresh, in)
			w.must(r, err)
			w.log(fresh, opportunity.Call)
			_, err = w.s.Opportunities().Delete(w.ctx, fresh, opportunity.DeleteInput{Reason: "a typo"})
			require.Equal(t, []string{"/activities", "/expenses"}, pathsOf(err))
		})
	})
}

// TestC6_WhoApprovesExpenses: managers do; sales staff don't, and support settles.
func TestC6_WhoApprovesExpenses(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		in := w.train()
		mgr := func(role access.Role, user string) *pursuit.Session {
			return w.eng.As(pursuit.Actor{Tenant: "acme", User: user, Department: "east", Roles: []access.Role{role}})
		}
		d := w.input()
		d.Department, d.Owner = "east", "bob"
		r, err := w.s.Opportunities().Record(w.ctx, d)
		w.must(r, err)
		bob := mgr(access.Sales, "bob").Expenses()
		x, err := bob.Add(w.ctx, r.ID, in)
		w.must(x, err)
		w.must(bob.Submit(w.ctx, r.ID, x.Expense))
		for _, role := range []access.Role{access.Sales, access.Support} {
			_, err = mgr(role, "zoe").Expenses().Approve(w.ctx, r.ID, x.Expense)
			require.Contains(t, []string{"access.forbidden", "opportunity.not_found"}, fault.CodeOf(err))
		}
		w.must(mgr(access.Manager, "max").Expenses().Approve(w.ctx, r.ID, x.Expense))
		_, err = bob.Settle(w.ctx, r.ID, x.Expense, opportunity.SettleExpenseInput{})
		require.ErrorIs(t, err, fault.ErrForbidden)
		w.must(mgr(access.Support, "sue").Expenses().Settle(w.ctx, r.ID, x.Expense, opportunity.SettleExpenseInput{}))
	})
}

// TestB13_HostileFollowUp wants a typed error, or exactly what was written.
func TestB13_HostileFollowUp(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		id, in := w.record().ID, w.train()
		before := w.written()
		for _, bad := range []string{"\x00", "a\x00b", "\xff\xfe", strings.Repeat("x", 5000), "\u0001", strings.Repeat("\u0344", 90_000)} {
			plan := w.call()
			plan.Subject = bad
			_, err := w.s.Activities().Plan(w.ctx, id, plan)
			require.ErrorIs(t, err, fault.ErrInvalid)
			plan = w.call()
			plan.Assignee = bad
			_, err = w.s.Activities().Plan(w.ctx, id, plan, pursuit.RequestID("bad"))
			require.ErrorIs(t, err, fault.ErrInvalid)
			_, err = w.s.Activities().Log(w.ctx, id, opportunity.LogActivityInput{Kind: opportunity.ActivityKind(bad), Subject: "s", Result: bad})
			require.ErrorIs(t, err, fault.ErrInvalid)
			trip := in
			trip.Description, trip.User = bad, bad
			_, err = w.s.Expenses().Add(w.ctx, id, trip)
			require.ErrorIs(t, err, fault.ErrInvalid)
			_, err = w.s.Expenses().List(w.ctx, pursuit.ExpenseQuery{Filter: opportunity.ExpenseFilter{User: bad}}, pursuit.Page{})
			require.ErrorIs(t, err, fault.ErrInvalid)
		}
		far := w.call()
		far.Due = time.Date(292277, 1, 1, 0, 0, 0, 0, time.UTC)
		for _, opts := range [][]pursuit.CallOption{nil, {pursuit.RequestID("far")}} {
			_, err := w.s.Activities().Plan(w.ctx, id, far, opts...)
			require.ErrorIs(t, err, fault.ErrInvalid)
		}
		trip := in
		trip.Category, trip.Date = w.customer, calendar.Of(w.now.AddDate(0, 0, 2), nil)
		trip.Amount = money.Money{}
		_, err := w.s.Expenses().Add(w.ctx, id, trip)
		require.Equal(t, []string{"/category", "/amount/currency", "/date"}, pathsOf(err))
		for _, nobody := range []uuid.UUID{uuid.Nil, uuid.Max, w.customer, id} {
			_, err := w.s.Activities().Remove(w.ctx, id, nobody)
			require.Equal(t, "opportunity.activity.not_found", fault.CodeOf(err))
			_, err = w.s.Expenses().Remove(w.ctx, id, nobody)
			require.Equal(t, "opportunity.expense.not_found", fault.CodeOf(err))
		}
		require.Equal(t, before, w.written())
		good := w.call()
		good.Subject, good.Note = "'; DROP TABLE pursuit_opportunity_activity; --", "行1\n\t行2 \U0001F600 \\ % _ \" é"
		part := w.plan(id, good)
		s := w.get(id)
		require.Equal(t, []string{good.Subject, good.Note}, []string{s.Activities[0].Subject, s.Activities[0].Note})
		// Another opportunity's part isn't there.
		other := w.record().ID
		_, err = w.s.Activities().Complete(w.ctx, other, part, opportunity.CompleteActivityInput{Result: "x"})
		require.Equal(t, "opportunity.activity.not_found", fault.CodeOf(err))
	})
}

// TestR01_NextStaysRightUnderConcurrency lets several plan, complete and remove at
// once: each reckons with what the others did.
func TestR01_NextStaysRightUnderConcurrency(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		id := w.record().ID
		eng, err := pursuit.New(w.store, &pursuit.Options{Clock: w.clock, Attempts: 1000, Backoff: time.Millisecond})
		require.NoError(t, err)
		s := eng.As(w.s.Actor())
		var wg sync.WaitGroup
		failed, call := make(chan error, 100), w.call() // which looks at the clock
		for i := range 5 {
			wg.Go(func() {
				for j := range 4 {
					in := call
					in.Due = time.Date(2026, 5, 1+i, j, 0, 0, 0, time.UTC)
					r, err := s.Activities().Plan(w.ctx, id, in)
					switch {
					case err != nil:
					case j%3 == 0:
						_, err = s.Activities().Complete(w.ctx, id, r.Activity, opportunity.CompleteActivityInput{Result: "fine"})
					case j%3 == 1:
						_, err = s.Activities().Remove(w.ctx, id, r.Activity)
					}
					if err != nil {
						failed <- err
					}
				}
			})
		}
		wg.Wait()
		close(failed)
		for err := range failed {
			require.NoError(t, err)
		}
		got := w.get(id)
		m := opportunity.MarksOf(got.Activities, uuid.Nil)
		require.Equal(t, []time.Time{time.Date(2026, 5, 1, 2, 0, 0, 0, time.UTC), m.Last}, []time.Time{got.NextActivity, got.LastActivity})
		require.Equal(t, m.Next, got.NextActivity)
		require.Equal(t, []int{15, 5, 10}, []int{got.Counts.Activities, got.Counts.OpenActivities, got.Counts.DoneActivities.Call})
		require.EqualValues(t, 1+5*(4+3), got.Version, "O11")
		w.same(id)
	})
}
