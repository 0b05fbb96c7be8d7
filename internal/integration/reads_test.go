package integration

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/opportunity/pipeline"
	"github.com/pursuit-crm/pursuit/storage/memory"
)

// finds wants a filter to find some deals by name, in lists, counts and figures.
func (w *tenant) finds(f opportunity.Filter, want ...string) {
	w.t.Helper()
	var got []string
	for r, err := range w.s.Opportunities().All(w.ctx, pursuit.OpportunityQuery{Filter: f, Sort: opportunity.ByName}) {
		require.NoError(w.t, err)
		got = append(got, r.Name)
	}
	require.Equal(w.t, want, got)
	n, err := w.s.Opportunities().Count(w.ctx, f)
	require.NoError(w.t, err)
	require.EqualValues(w.t, len(want), n)
	groups, err := w.s.Reports().Pipeline(w.ctx, pursuit.PipelineQuery{Filter: f})
	require.NoError(w.t, err)
	sum := int64(0)
	for _, g := range groups {
		sum += g.Open + g.OnHold + g.Won + g.Lost
	}
	require.EqualValues(w.t, len(want), sum)
}

func (w *tenant) named(name string, edit ...func(in *opportunity.RecordInput)) uuid.UUID {
	in := w.input()
	in.Name = name
	for _, e := range edit {
		e(&in)
	}
	r, err := w.s.Opportunities().Record(w.ctx, in)
	require.NoError(w.t, err)
	return r.ID
}

func TestF4_ReasonsOfPastCyclesAreNotFound(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		o := w.s.Opportunities()
		lose := func(id uuid.UUID) {
			w.must(o.Lose(w.ctx, id, opportunity.LoseInput{Summary: "too dear", Reasons: []opportunity.Choice{{Reason: w.loss}}}))
		}
		lose(w.named("lost"))
		again := w.named("reopened")
		lose(again)
		w.must(o.Reopen(w.ctx, again, opportunity.ReopenInput{Reason: "they called"}))
		w.finds(opportunity.Filter{Reason: w.loss}, "lost")
		w.must(o.Win(w.ctx, again, opportunity.WinInput{Summary: "signed", Reasons: []opportunity.Choice{{Reason: w.win}}}))
		w.finds(opportunity.Filter{Reason: w.loss}, "lost")
		w.finds(opportunity.Filter{Reason: w.win}, "reopened")
		w.must(o.Reopen(w.ctx, again, opportunity.ReopenInput{Reason: "they went back on it"}))
		lose(again)
		w.finds(opportunity.Filter{Reason: w.loss}, "lost", "reopened")
	})
}

func TestF19_ANewDealIsIdleFromItsCreation(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		w.named("old")
		w.now = w.now.AddDate(0, 0, 20)
		since := w.now
		w.now = w.now.Add(time.Minute)
		w.named("new")
		busy := w.named("late entry")
		w.finds(opportunity.Filter{IdleSince: since}, "old")
		w.finds(opportunity.Filter{IdleSince: w.now.AddDate(0, 0, 1)}, "late entry", "new", "old")
		done := w.now.Add(time.Second)
		w.now = w.now.Add(time.Hour)
		w.must(w.s.Activities().Log(w.ctx, busy, opportunity.LogActivityInput{Kind: opportunity.Call, Subject: "a call", Done: done, Result: "fine"}))
		w.finds(opportunity.Filter{IdleSince: done}, "new", "old")
		w.finds(opportunity.Filter{IdleSince: done.Add(time.Microsecond)}, "late entry", "new", "old")
	})
}

func TestF6_F10_TimeOnHoldIsNotStaleness(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		o := w.s.Opportunities()
		at := func(days int) { w.now = time.Date(2026, 3, 10+days, 9, 0, 0, 0, time.UTC) }
		at(0)
		w.named("open")
		held, still := w.named("held"), w.named("still held")
		at(1)
		for _, id := range []uuid.UUID{held, still} {
			w.must(o.Hold(w.ctx, id, opportunity.HoldInput{Reason: "budget"}))
		}
		at(5)
		name := "held"
		w.must(o.Update(w.ctx, held, opportunity.UpdateInput{Name: &name, Estimated: ptrTo(money.FromMinor(1, money.USD))})) // another row of the ledger
		at(11)
		w.must(o.Resume(w.ctx, held))
		at(20)
		since := func(days int) time.Time { return w.now.AddDate(0, 0, -days) }
		w.finds(opportunity.Filter{StageEnteredTo: since(0)}, "held", "open")
		w.finds(opportunity.Filter{StageEnteredTo: since(9)}, "held", "open")
		w.finds(opportunity.Filter{StageEnteredTo: since(11)}, "open")
		w.finds(opportunity.Filter{StageEnteredTo: since(20)})
		w.finds(opportunity.Filter{IdleSince: since(1)}, "held", "open")
	})
}

func ptrTo[T any](v T) *T { return &v }

// What lacks the value is last in both directions, over pages of every size.
func TestLists_WhatLacksTheValueComesLast(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		var ids []uuid.UUID
		for i := range 6 {
			id := w.named("deal", func(in *opportunity.RecordInput) {
				in.ExpectedClose = calendar.Date{}
				if i%2 == 0 {
					in.ExpectedClose = calendar.Of(w.now.AddDate(0, 0, 10-i), nil)
				}
			})
			ids = append(ids, id)
			if i%2 == 0 {
				w.must(w.s.Activities().Plan(w.ctx, id, opportunity.PlanActivityInput{Kind: opportunity.Call, Subject: "next", Due: w.now.AddDate(0, 0, 10-i)}))
				w.must(w.s.Activities().Log(w.ctx, id, opportunity.LogActivityInput{Kind: opportunity.Call, Subject: "last", Done: w.now.Add(-time.Duration(i) * time.Hour), Result: "fine"}))
			}
		}
		lacking := []uuid.UUID{ids[1], ids[3], ids[5]}
		for _, sort := range []opportunity.Sort{opportunity.ByExpectedClose, opportunity.ByNextActivity, opportunity.ByLastActivity} {
			for _, desc := range []bool{false, true} {
				want := []uuid.UUID{ids[4], ids[2], ids[0]}
				if desc {
					slices.Reverse(want)
				}
				want = append(want, lacking...)
				for size := 1; size <= 7; size++ {
					var got []uuid.UUID
					page := pursuit.Page{Size: size}
					for {
						l, err := w.s.Opportunities().List(w.ctx, pursuit.OpportunityQuery{Sort: sort, Desc: desc}, page)
						require.NoError(t, err)
						for _, r := range l.Items {
							got = append(got, r.ID)
						}
						if page.Cursor = l.Next; l.Next == "" {
							break
						}
					}
					require.Equal(t, want, got, "%s, descending %v, by %d", sort, desc, size)
				}
			}
		}
	})
}

func TestO17_AmountsOfSeveralCurrenciesHaveNoOrder(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		for _, m := range []money.Money{money.FromMinor(7_000_000, money.JPY), money.FromMinor(6_000_000, money.EUR), money.FromMinor(10, money.EUR)} {
			w.named(string(m.Currency())+" "+m.Amount(), func(in *opportunity.RecordInput) { in.Lines, in.Currency, in.Estimated = nil, m.Currency(), m })
		}
		q := pursuit.OpportunityQuery{Sort: opportunity.ByAmount, Desc: true}
		_, err := w.s.Opportunities().List(w.ctx, q, pursuit.Page{})
		require.ErrorIs(t, err, fault.ErrInvalid)
		require.Equal(t, "/currency", fault.FieldsOf(err)[0].Path)
		q.Filter.Currency = money.EUR
		l, err := w.s.Opportunities().List(w.ctx, q, pursuit.Page{})
		require.NoError(t, err)
		require.Len(t, l.Items, 2)
		require.Equal(t, "EUR 60000.00", l.Items[0].Name)
	})
}

func TestReports_RefusalsNameTheFieldOfTheFilter(t *testing.T) {
	w := tenantOn(t, memory.New(), nil)
	_, err := w.s.Reports().Pipeline(w.ctx, pursuit.PipelineQuery{By: pipeline.ByStage, AsOf: w.now, Filter: opportunity.Filter{DecidedFrom: w.now}})
	require.ErrorIs(t, err, fault.ErrInvalid)
	require.Equal(t, "/filter/decided_from", fault.FieldsOf(err)[0].Path)
}
