package main

import (
	"context"
	"slices"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/opportunity"
)

// close is S9: what the refusal listed is done.
func (st *story) close(ctx context.Context) error {
	st.title("S9 Closed, once all follow-up is done")
	if _, err := st.bob.Activities().Complete(ctx, st.deal.ID, st.visit, opportunity.CompleteActivityInput{Result: "They work on them"}); err != nil {
		return err
	}
	// Whoever spent it, or submitted it, can't approve it.
	if _, err := st.admin.Expenses().Approve(ctx, st.deal.ID, st.expense); err != nil {
		return err
	}
	if _, err := st.admin.Expenses().Settle(ctx, st.deal.ID, st.expense, opportunity.SettleExpenseInput{Reference: "PAY-88"}); err != nil {
		return err
	}
	if _, err := st.ann.Opportunities().Close(ctx, st.deal.ID, opportunity.CloseInput{Summary: "Delivered, invoiced and paid"}); err != nil {
		return err
	}
	o, err := st.ann.Opportunities().Get(ctx, st.deal.ID, 0)
	if err != nil {
		return err
	}
	st.say("%s is %s", o.Number, o.Status)
	return nil
}

// prove shows the timeline 商机轨迹 and the journal. Reading the journal checks
// the chain of hashes: an entry that was changed, removed or put in is found.
func (st *story) prove(ctx context.Context) error {
	st.title("The timeline")
	list, err := st.ann.Opportunities().Timeline(ctx, st.deal.ID, pursuit.Page{})
	if err != nil {
		return err
	}
	for _, t := range slices.Backward(list.Items) {
		switch t.Kind {
		case opportunity.TimelineProgress:
			st.say("%s → %s by %s: %s", t.FromStage, t.Progress, t.By, t.Summary)
		case opportunity.TimelineActivity:
			st.say("%s by %s: %s, %s", t.Activity.Kind, t.Activity.Assignee, t.Activity.Subject, t.Activity.Status)
		default:
			st.say("%s by %s", t.Label("en"), t.By)
		}
	}
	st.title("The journal, verified")
	entries, err := st.ann.Opportunities().Journal(ctx, st.deal.ID)
	if err != nil {
		return err
	}
	for _, e := range entries {
		st.say("%2d %-40s %x…", e.Seq, e.Type, e.Hash[:6])
	}
	return nil
}
