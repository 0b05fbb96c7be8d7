package integration

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/opportunity/pipeline"
)

// TestO09_AnOrderInExecutionForbidsClosing closes a won deal too early, by right,
// and when everything is done.
func TestO09_AnOrderInExecutionForbidsClosing(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		w.selling()
		o := w.s.Opportunities()
		open := w.record().ID
		_, err := o.Close(w.ctx, open, opportunity.CloseInput{Override: "the board says so"})
		require.ErrorIs(t, err, fault.ErrNotAllowed, "an override isn't a way around the status")

		deal, id := w.ordered()
		before, written := w.get(deal), w.written()
		_, err = o.Close(w.ctx, deal, opportunity.CloseInput{})
		require.ErrorIs(t, err, fault.ErrNotAllowed)
		require.Equal(t, []fault.Field{{Path: "/orders", Code: "open", Message: "an order is still in execution"}}, fault.FieldsOf(err))
		_, err = o.Close(w.ctx, deal, opportunity.CloseInput{Override: " "})
		require.ErrorIs(t, err, fault.ErrNotAllowed, "blanks are no reason")
		_, err = w.colleague("ann", access.Sales).Opportunities().Close(w.ctx, deal, opportunity.CloseInput{Override: "the board says so"})
		require.ErrorIs(t, err, fault.ErrForbidden, "a seller may close, not override")
		require.Equal(t, before, w.get(deal))
		require.Equal(t, written, w.written())
		w.must(w.s.Orders().Confirm(w.ctx, id))
		w.must(w.s.Orders().Execute(w.ctx, id, everythingDone()))
		_, err = w.colleague("ann", access.Sales).Opportunities().Close(w.ctx, deal, opportunity.CloseInput{Summary: "all done"})
		require.NoError(t, err)
		require.Equal(t, opportunity.Closed, w.get(deal).Status)
		w.same(deal)

		deal, _ = w.ordered()
		w.must(o.Close(w.ctx, deal, opportunity.CloseInput{Override: "the board says so"}))
		w.overridden(deal)
		w.same(deal)
	})
}

// TestO10_WhatReopeningTakes tries the right, the reason, a live order and another
// stage, and wants past cycles to stay.
func TestO10_WhatReopeningTakes(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		w.selling()
		o := w.s.Opportunities()
		deal, id := w.ordered()
		before := w.get(deal)
		_, err := o.Reopen(w.ctx, deal, opportunity.ReopenInput{Reason: "a mistake"})
		require.ErrorIs(t, err, fault.ErrNotAllowed, "a live order")
		w.must(w.s.Orders().Cancel(w.ctx, id, orderGone))
		_, err = w.colleague("ann", access.Sales).Opportunities().Reopen(w.ctx, deal, opportunity.ReopenInput{Reason: "a mistake"})
		require.ErrorIs(t, err, fault.ErrForbidden)
		_, err = o.Reopen(w.ctx, deal, opportunity.ReopenInput{Reason: " ", Stage: "nowhere"})
		require.ErrorIs(t, err, fault.ErrInvalid)
		require.Len(t, fault.FieldsOf(err), 2)
		w.must(o.Reopen(w.ctx, deal, opportunity.ReopenInput{Reason: "a mistake", Stage: "engaging"}))
		s := w.get(deal)
		require.Equal(t, opportunity.Open, s.Status)
		require.Nil(t, s.Outcome)
		require.Equal(t, 2, s.Cycle)
		require.Equal(t, "engaging", s.Stage)
		require.Equal(t, 5000, s.Probability)
		require.Equal(t, *before.Outcome, s.Cycles[0].Outcome, "as it was")
		require.Equal(t, "a mistake", s.Cycles[0].Reason)

		past := s.Cycles[0]
		w.must(o.Lose(w.ctx, deal, opportunity.LoseInput{Reasons: w.choose(w.loss), Summary: "gone"}))
		w.must(o.Analyse(w.ctx, deal, opportunity.AnalyseInput{Analysis: "all else"}))
		w.must(o.Reopen(w.ctx, deal, opportunity.ReopenInput{Reason: "again"}))
		s = w.get(deal)
		require.Equal(t, past, s.Cycles[0], "nothing edits it any more")
		require.Equal(t, "engaging", s.Stage, "where it ended")
		_, err = o.Delete(w.ctx, deal, opportunity.DeleteInput{Reason: "typo"})
		require.ErrorIs(t, err, fault.ErrNotAllowed, "O14: nor takes it away")
		require.Len(t, fault.FieldsOf(err), 2, "orders and cycles")
		w.same(deal)
	})
}

// TestO16_O18_WhatAnOrderFixes reopens a deal whose order is done.
func TestO16_O18_WhatAnOrderFixes(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		w.selling()
		o := w.s.Opportunities()
		m := usd("500.00")
		in := w.input()
		in.Estimated = m
		r, err := o.Record(w.ctx, in)
		w.must(r, err)
		require.NoError(t, w.command(r.ID, opportunity.CommandWin))
		made, err := w.s.Orders().Create(w.ctx, r.ID, orderOfAll)
		w.must(made, err)
		w.must(w.s.Orders().Confirm(w.ctx, made.ID))
		w.must(w.s.Orders().Execute(w.ctx, made.ID, everythingDone()[:1]))
		w.must(w.s.Orders().Complete(w.ctx, made.ID, orderEnough))
		w.must(o.Reopen(w.ctx, r.ID, opportunity.ReopenInput{Reason: "more to sell"}))
		w.must(o.Update(w.ctx, r.ID, opportunity.UpdateInput{Override: &m}))
		w.must(w.s.Lines().Add(w.ctx, r.ID, []opportunity.LineInput{service}))
		s := w.get(r.ID)
		require.Equal(t, []string{"500.00", "281.35", "0.00", "271.35", "500.00"},
			[]string{s.Estimated.Amount(), s.LineTotal.Amount(), s.Quoted.Amount(), s.Ordered.Amount(), s.Amount().Amount()}, "kept apart")
		require.Equal(t, "271.35", s.Cycles[0].Outcome.Amount.Amount(), "frozen")

		other := freshCustomer(w)
		_, err = o.Update(w.ctx, r.ID, opportunity.UpdateInput{Customer: &other})
		require.ErrorIs(t, err, fault.ErrNotAllowed)
		require.Equal(t, "/customer", fault.FieldsOf(err)[0].Path)
		w.must(w.s.Lines().Remove(w.ctx, r.ID, []int{1, 2}))
		_, err = o.Update(w.ctx, r.ID, opportunity.UpdateInput{Currency: money.EUR, ReleaseOverride: true})
		require.ErrorIs(t, err, fault.ErrNotAllowed, "O17: there is an order")
		w.must(o.Update(w.ctx, r.ID, opportunity.UpdateInput{BillTo: &other, EndUser: &other, ReleaseOverride: true}))
		s = w.get(r.ID)
		require.Equal(t, []uuid.UUID{other, other}, []uuid.UUID{s.BillTo, s.EndUser})
		require.Equal(t, "500.00", s.Amount().Amount(), "the estimate, without lines")
		w.same(r.ID)
	})
}

// TestO18_TheDealsCustomersAreTheTenants names another tenant's, and nobody.
func TestO18_TheDealsCustomersAreTheTenants(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		theirs, err := w.evil().Customers().Create(w.ctx, customer.CreateInput{Name: "Evil"})
		w.must(theirs, err)
		id := w.record().ID
		written := w.written()
		for _, bad := range []uuid.UUID{theirs.ID, uuid.Max} {
			in := w.input()
			in.Customer, in.BillTo, in.EndUser = bad, bad, bad
			_, err := w.s.Opportunities().Record(w.ctx, in)
			require.ErrorIs(t, err, fault.ErrInvalid)
			in = w.input()
			in.BillTo, in.EndUser = bad, bad
			_, err = w.s.Opportunities().Record(w.ctx, in)
			require.ErrorIs(t, err, fault.ErrInvalid)
			require.Len(t, fault.FieldsOf(err), 2)
			_, err = w.s.Opportunities().Update(w.ctx, id, opportunity.UpdateInput{BillTo: &bad, EndUser: &bad})
			require.ErrorIs(t, err, fault.ErrInvalid)
			require.Len(t, fault.FieldsOf(err), 2)
		}
		require.Equal(t, written, w.written())
		w.must(w.s.Opportunities().Update(w.ctx, id, opportunity.UpdateInput{BillTo: &w.customer, EndUser: &w.customer}))
		require.Equal(t, uuid.Nil, w.get(id).BillTo, "the customer itself is no other")
		w.same(id)
	})
}

// TestO15_AttributesAreBounded stores as much as there may be, and tries more.
func TestO15_AttributesAreBounded(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		full := map[string]string{}
		for i := range 50 {
			key := fmt.Sprintf("%02d._", i)
			full[key+strings.Repeat("k", 64-len(key))] = strings.Repeat("值", 1000)
		}
		in := w.input()
		in.Attributes = full
		r, err := w.s.Opportunities().Record(w.ctx, in)
		w.must(r, err)
		require.Equal(t, full, w.get(r.ID).Attributes)
		before := w.get(r.ID)
		more := map[string]string{"one.more": "x"}
		for k, v := range full {
			more[k] = v
		}
		for name, m := range map[string]map[string]string{
			"51": more, "no key": {"": "x"}, "65": {strings.Repeat("k", 65): "x"}, "capitals": {"Key": "x"}, "blank": {"a b": "x"},
			"NUL": {"k": "\x00"}, "bad UTF-8": {"k": "\xff"}, "1001": {"k": strings.Repeat("值", 1001)},
		} {
			in.Attributes = m
			_, err := w.s.Opportunities().Record(w.ctx, in)
			require.ErrorIs(t, err, fault.ErrInvalid, name)
			_, err = w.s.Opportunities().Update(w.ctx, r.ID, opportunity.UpdateInput{Attributes: &m})
			require.ErrorIs(t, err, fault.ErrInvalid, name)
		}
		require.Equal(t, before, w.get(r.ID))
		w.must(w.s.Opportunities().Update(w.ctx, r.ID, opportunity.UpdateInput{Attributes: &map[string]string{}}))
		require.Empty(t, w.get(r.ID).Attributes)
		w.same(r.ID)
	})
}

// TestO19_HoldingAndVoidingAreCountedApart wants reasons, a date that isn't past,
// and figures that leave both out.
func TestO19_HoldingAndVoidingAreCountedApart(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		o := w.s.Opportunities()
		id := w.record().ID
		yesterday := calendar.Of(w.now.AddDate(0, 0, -1), nil)
		_, err := o.Hold(w.ctx, id, opportunity.HoldInput{Reason: " ", ResumeOn: yesterday})
		require.ErrorIs(t, err, fault.ErrInvalid)
		require.Len(t, fault.FieldsOf(err), 2)
		_, err = o.Void(w.ctx, id, opportunity.VoidInput{})
		require.ErrorIs(t, err, fault.ErrInvalid)
		for _, c := range []opportunity.Command{opportunity.CommandWin, opportunity.CommandLose, opportunity.CommandVoid, opportunity.CommandHold} {
			require.NoError(t, w.command(w.record().ID, c))
		}
		g, err := w.s.Reports().Pipeline(w.ctx, pursuit.PipelineQuery{By: pipeline.ByProcess})
		require.NoError(t, err)
		require.Len(t, g, 1)
		require.Equal(t, []int64{1, 1, 1, 1, 1}, []int64{g[0].Open, g[0].OnHold, g[0].Won, g[0].Lost, g[0].Void})
		require.Equal(t, "0.5", g[0].WinRate.String(), "neither counts in a rate")
		w.same(id)
	})
}

// TestA02_A03_A05_O06_O07_ReasonsOfAnOutcome tries what a reason demands, and
// retires reasons afterwards.
func TestA02_A03_A05_O06_O07_ReasonsOfAnOutcome(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		o := w.s.Opportunities()
		id := w.record().ID
		lose := func(competitor uuid.UUID, reasons ...opportunity.Choice) error {
			_, err := o.Lose(w.ctx, id, opportunity.LoseInput{Reasons: reasons, Summary: "gone", Competitor: competitor})
			return err
		}
		explained := opportunity.Choice{Reason: w.other, Explanation: "they moved"}
		before := w.get(id)
		for name, err := range map[string]error{
			"none":                       lose(uuid.Nil),
			"a win's":                    lose(uuid.Nil, opportunity.Choice{Reason: w.win}),
			"a source":                   lose(uuid.Nil, opportunity.Choice{Reason: w.source}),
			"unexplained":                lose(uuid.Nil, opportunity.Choice{Reason: w.other}),
			"explained by blanks":        lose(uuid.Nil, opportunity.Choice{Reason: w.other, Explanation: " "}),
			"without the competitor":     lose(uuid.Nil, explained, opportunity.Choice{Reason: w.lossTo}),
			"with what is no competitor": lose(w.source, explained, opportunity.Choice{Reason: w.lossTo}),
		} {
			require.ErrorIs(t, err, fault.ErrInvalid, name)
		}
		require.Equal(t, before, w.get(id))
		require.NoError(t, lose(w.rival, explained, opportunity.Choice{Reason: w.lossTo}))
		lost := w.get(id)
		require.Equal(t, w.rival, lost.Competitors[0].Competitor, "recorded by the same command")
		require.Equal(t, []any{0, "prospecting", w.rival}, []any{lost.Probability, lost.Outcome.Stage, lost.Outcome.Competitor})
		for _, e := range []uuid.UUID{w.other, w.lossTo, w.rival} {
			w.must(w.s.Archives().Retire(w.ctx, e))
			_, err := w.s.Archives().Update(w.ctx, e, archive.CreateInput{Kind: archive.WinReason, Names: map[string]string{"en": "x"}}.Update())
			require.ErrorIs(t, err, fault.ErrInvalid, "a type never changes")
			got, err := w.s.Archives().Get(w.ctx, e)
			require.NoError(t, err, "it stays readable")
			require.Equal(t, archive.Retired, got.Status)
		}
		require.Equal(t, lost, w.get(id), "retiring alters no outcome")
		w.must(o.Reopen(w.ctx, id, opportunity.ReopenInput{Reason: "again"}))
		require.ErrorIs(t, lose(w.rival, explained), fault.ErrInvalid, "retired ones can't be chosen anew")
		w.same(id)
		for _, e := range []uuid.UUID{w.other, w.lossTo, w.rival} {
			_, err := w.s.Archives().Delete(w.ctx, e)
			require.ErrorIs(t, err, fault.ErrInUse, "A04: a past cycle uses it")
		}
	})
}
