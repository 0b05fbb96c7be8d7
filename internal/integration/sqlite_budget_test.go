package integration

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/storage/memory"
)

// TestStatementBudgets holds how many statements a command may take, whatever the size.
func TestStatementBudgets(t *testing.T) { onSQL(t, budgets) }

func budgets(t *testing.T, d database) {
	c := &counter{}
	db := opened(t, watchedSource{open: d.made(t), c: c})
	db.SetMaxOpenConns(2) // statements are prepared on each connection
	store := d.on(t, db, nil)
	w := newWorld(t, store)
	o := w.s.Opportunities()
	eng, err := pursuit.New(store, &pursuit.Options{Clock: func() time.Time { w.now = w.now.Add(time.Second); return w.now }, Blobs: memory.NewBlobs()})
	require.NoError(t, err)
	stored := eng.As(w.s.Actor())
	card, err := w.s.Archives().Create(w.ctx, archive.BANT().Entry)
	require.NoError(t, err)
	_, err = w.s.Archives().PublishScorecard(w.ctx, card.ID, archive.BANT().Scorecard)
	require.NoError(t, err)
	kind, err := w.s.Archives().Create(w.ctx, archive.CreateInput{Kind: archive.DocumentKind, Code: "contract", Names: map[string]string{"en": "Contract"}})
	require.NoError(t, err)
	judged := opportunity.EvaluationInput{Scorecard: card.ID}
	for _, c := range archive.BANT().Scorecard.Criteria {
		judged.Values = append(judged.Values, opportunity.Value{Criterion: c.Code, Value: 3})
	}
	w.record("takes a block of numbers", 0)
	for round := range 4 { // also once statements are prepared
		var id, call, trip uuid.UUID
		keep := func(to *uuid.UUID, r pursuit.Result, err error) (pursuit.Result, error) {
			if part := added(r); part != uuid.Nil {
				*to = part
			}
			return r, err
		}
		plan := func() (pursuit.Result, error) {
			r, err := w.s.Activities().Plan(w.ctx, id, opportunity.PlanActivityInput{Kind: opportunity.Call, Subject: "Call", Due: w.now})
			return keep(&call, r, err)
		}
		var part uuid.UUID
		for _, x := range []struct {
			name string
			most int
			run  func() (pursuit.Result, error)
		}{
			{"record with 200 lines and 50 members", 7, func() (pursuit.Result, error) {
				in := w.input("big", 200)
				for i := range 50 {
					in.Members = append(in.Members, opportunity.MemberInput{User: "m" + string(rune('a'+i%26)) + string(rune('a'+i/26)), Role: opportunity.RoleSupport, Access: opportunity.Read})
				}
				r, err := o.Record(w.ctx, in)
				id = r.ID
				return r, err
			}},
			{"add lines", 5, func() (pursuit.Result, error) { return w.s.Lines().Add(w.ctx, id, w.input("", 20).Lines) }},
			{"add contact", 5, func() (pursuit.Result, error) {
				return w.s.DealContacts().Add(w.ctx, id, opportunity.ContactInput{Contact: w.contact, Role: opportunity.Champion})
			}},
			{"add member", 5, func() (pursuit.Result, error) {
				return w.s.Team().Set(w.ctx, id, opportunity.MemberInput{User: "zoe", Role: opportunity.RoleSupport, Access: opportunity.Read})
			}},
			{"transfer", 5, func() (pursuit.Result, error) {
				return w.s.Team().Transfer(w.ctx, id, opportunity.TransferInput{To: "bob"})
			}},
			{"transfer back", 5, func() (pursuit.Result, error) {
				return w.s.Team().Transfer(w.ctx, id, opportunity.TransferInput{To: "ann"})
			}},
			{"plan for a member", 4, func() (pursuit.Result, error) {
				return w.s.Activities().Plan(w.ctx, id, opportunity.PlanActivityInput{Kind: opportunity.Call, Subject: "Call", Due: w.now, Assignee: "zoe"})
			}},
			{"remove a member with open activities", 7, func() (pursuit.Result, error) { return w.s.Team().Remove(w.ctx, id, "zoe") }},
			{"plan activity", 4, plan},
			{"plan another", 4, plan},
			{"log activity", 4, func() (pursuit.Result, error) {
				return w.s.Activities().Log(w.ctx, id, opportunity.LogActivityInput{Kind: opportunity.Visit, Subject: "Visit", Result: "fine"})
			}},
			{"update activity", 4, func() (pursuit.Result, error) {
				due := w.now.AddDate(0, 1, 0)
				return w.s.Activities().Update(w.ctx, id, call, opportunity.UpdateActivityInput{Due: &due})
			}},
			{"complete activity", 4, func() (pursuit.Result, error) {
				return w.s.Activities().Complete(w.ctx, id, call, opportunity.CompleteActivityInput{Result: "fine"})
			}},
			{"remove activity", 4, func() (pursuit.Result, error) { return w.s.Activities().Remove(w.ctx, id, call) }},
			{"add expense", 4, func() (pursuit.Result, error) {
				r, err := w.s.Expenses().Add(w.ctx, id, w.trip("Train"))
				return keep(&trip, r, err)
			}},
			{"update expense", 4, func() (pursuit.Result, error) {
				return w.s.Expenses().Update(w.ctx, id, trip, opportunity.UpdateExpenseInput{Category: &w.travel})
			}},
			{"submit expense", 4, func() (pursuit.Result, error) { return w.s.Expenses().Submit(w.ctx, id, trip) }},
			{"approve expense", 4, func() (pursuit.Result, error) { return w.as("bob").Expenses().Approve(w.ctx, id, trip) }},
			{"settle expense", 4, func() (pursuit.Result, error) {
				return w.s.Expenses().Settle(w.ctx, id, trip, opportunity.SettleExpenseInput{})
			}},
			{"list activities", 2, func() (pursuit.Result, error) {
				_, err := w.s.Activities().List(w.ctx, pursuit.ActivityQuery{Filter: opportunity.ActivityFilter{Assignee: "ann", Status: opportunity.ActivityOpen}}, pursuit.Page{Size: 1})
				return pursuit.Result{}, err
			}},
			{"list expenses", 2, func() (pursuit.Result, error) {
				_, err := w.s.Expenses().List(w.ctx, pursuit.ExpenseQuery{}, pursuit.Page{Size: 1})
				return pursuit.Result{}, err
			}},
			{"full view", 13, func() (pursuit.Result, error) {
				v, err := o.View(w.ctx, id)
				if err == nil && len(v.Opportunity.Members) < 50 {
					err = errors.New("the view lacks members")
				}
				return pursuit.Result{}, err
			}},
			{"timeline", 2, func() (pursuit.Result, error) {
				_, err := o.Timeline(w.ctx, id, pursuit.Page{})
				return pursuit.Result{}, err
			}},
			{"advance", 5, func() (pursuit.Result, error) {
				return o.Advance(w.ctx, id, opportunity.AdvanceInput{To: "engaging", Summary: "done"})
			}},
			{"transfer with open activities", 7, func() (pursuit.Result, error) {
				return w.s.Team().Transfer(w.ctx, id, opportunity.TransferInput{To: "bob"})
			}},
			{"lose to a competitor that wasn't on the deal", 5, func() (pursuit.Result, error) {
				return o.Lose(w.ctx, id, opportunity.LoseInput{Summary: "lost", Reasons: choose(w.lossTo), Competitor: w.rival})
			}},
			{"reopen", 7, func() (pursuit.Result, error) { return o.Reopen(w.ctx, id, opportunity.ReopenInput{Reason: "again"}) }},
			{"remove competitor", 5, func() (pursuit.Result, error) { return w.s.DealCompetitors().Remove(w.ctx, id, w.rival) }},
			{"win", 5, func() (pursuit.Result, error) {
				return o.Win(w.ctx, id, opportunity.WinInput{Summary: "won", Reasons: choose(w.win)})
			}},
			{"draft an evaluation", 5, func() (pursuit.Result, error) {
				r, err := w.s.Evaluations().SaveDraft(w.ctx, id, judged)
				if err == nil {
					part = r.Evaluation
				}
				return r, err
			}},
			{"submit a draft", 5, func() (pursuit.Result, error) {
				in := judged
				in.ID = part
				return w.s.Evaluations().Submit(w.ctx, id, in)
			}},
			{"submit an evaluation", 5, func() (pursuit.Result, error) { return w.s.Evaluations().Submit(w.ctx, id, judged) }},
			{"link a document", 5, func() (pursuit.Result, error) {
				r, err := w.s.Documents().Add(w.ctx, id, opportunity.AddDocumentInput{Name: "a", Kind: kind.ID, Location: "x"}, nil)
				if err == nil {
					part = r.Document
				}
				return r, err
			}},
			{"remove a document", 5, func() (pursuit.Result, error) { return w.s.Documents().Remove(w.ctx, id, part) }},
			{"store a document", 5, func() (pursuit.Result, error) {
				return stored.Documents().Add(w.ctx, id, opportunity.AddDocumentInput{Name: "a", Kind: kind.ID}, strings.NewReader("hello"))
			}},
			{"close", 5, func() (pursuit.Result, error) {
				return o.Close(w.ctx, id, opportunity.CloseInput{Override: "no order"})
			}},
		} {
			c.take()
			c.prepared.Store(0)
			_, err := x.run()
			require.NoError(t, err, x.name)
			got := c.take()
			require.NotEmpty(t, got, x.name)
			require.LessOrEqual(t, len(got), x.most, "%s:\n%s", x.name, strings.Join(got, "\n"))
			if round == 3 {
				t.Logf("%s: %d statements, %d prepared", x.name, len(got), c.prepared.Load())
			}
		}
	}
}
