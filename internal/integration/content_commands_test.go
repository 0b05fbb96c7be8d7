package integration

import (
	"context"
	"errors"
	"slices"
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
	"github.com/pursuit-crm/pursuit/quote"
)

// contentCommand is a command that doesn't move the status, and the statuses in
// which it is allowed (O08).
type contentCommand struct {
	name string
	in   []opportunity.Status
	give func(w *tenant, s *pursuit.Session, id uuid.UUID, o ...pursuit.CallOption) (pursuit.Result, error)
}

// contentCommands are those that a deal of filled takes; what has states of its own,
// as activities, expenses and quotes, has tests of its own too.
func contentCommands() []contentCommand {
	const open, held, won, lost = opportunity.Open, opportunity.OnHold, opportunity.Won, opportunity.Lost
	commercial := []opportunity.Status{open, held}
	followUp := []opportunity.Status{open, held, won, lost}
	type (
		T = tenant
		S = pursuit.Session
		U = uuid.UUID
		O = pursuit.CallOption
		R = pursuit.Result
	)
	update := func(in func() opportunity.UpdateInput) func(*T, *S, U, ...O) (R, error) {
		return func(w *T, s *S, id U, o ...O) (R, error) { return s.Opportunities().Update(w.ctx, id, in(), o...) }
	}
	return []contentCommand{
		{"name", followUp, update(func() opportunity.UpdateInput { name := "Renamed"; return opportunity.UpdateInput{Name: &name} })},
		{"estimate", commercial, update(func() opportunity.UpdateInput { m := usd("5.00"); return opportunity.UpdateInput{Estimated: &m} })},
		{"amount by hand", commercial, update(func() opportunity.UpdateInput { m := usd("7.00"); return opportunity.UpdateInput{Override: &m} })},
		{"probability", commercial, update(func() opportunity.UpdateInput { p := 4200; return opportunity.UpdateInput{Probability: &p} })},
		{"expected close", commercial, update(func() opportunity.UpdateInput { d := onDay(); return opportunity.UpdateInput{ExpectedClose: &d} })},
		{"end user", commercial, func(w *T, s *S, id U, o ...O) (R, error) {
			return s.Opportunities().Update(w.ctx, id, opportunity.UpdateInput{EndUser: &uuid.Nil}, o...)
		}},
		{"advance", []opportunity.Status{open}, func(w *T, s *S, id U, o ...O) (R, error) {
			return s.Opportunities().Advance(w.ctx, id, opportunity.AdvanceInput{To: "engaging", Summary: "met"}, o...)
		}},
		{"tick", commercial, func(w *T, s *S, id U, o ...O) (R, error) {
			return s.Opportunities().Tick(w.ctx, id, opportunity.TickInput{Item: "called"}, o...)
		}},
		{"approve", commercial, func(w *T, s *S, id U, o ...O) (R, error) {
			return s.Opportunities().Approve(w.ctx, id, opportunity.ApproveInput{Role: access.Manager}, o...)
		}},
		{"migrate", commercial, func(w *T, s *S, id U, o ...O) (R, error) {
			return s.Opportunities().Migrate(w.ctx, id, opportunity.MigrateInput{Process: w.second, Stages: map[string]string{"prospecting": "only"}}, o...)
		}},
		{"delete", []opportunity.Status{open}, func(w *T, s *S, id U, o ...O) (R, error) {
			return s.Opportunities().Delete(w.ctx, id, opportunity.DeleteInput{Reason: "typed twice"}, o...)
		}},
		{"analyse", []opportunity.Status{won, lost}, func(w *T, s *S, id U, o ...O) (R, error) {
			return s.Opportunities().Analyse(w.ctx, id, opportunity.AnalyseInput{Analysis: "price"}, o...)
		}},
		{"order", []opportunity.Status{won}, func(w *T, s *S, id U, o ...O) (R, error) {
			return s.Orders().Create(w.ctx, id, orderOfAll, o...)
		}},
		{"member set", followUp, func(w *T, s *S, id U, o ...O) (R, error) {
			return s.Team().Set(w.ctx, id, opportunity.MemberInput{User: "zoe", Role: opportunity.RolePresales, Access: opportunity.Read}, o...)
		}},
		{"member removed", followUp, func(w *T, s *S, id U, o ...O) (R, error) { return s.Team().Remove(w.ctx, id, "bob", o...) }},
		{"owner", followUp, func(w *T, s *S, id U, o ...O) (R, error) {
			return s.Team().Transfer(w.ctx, id, opportunity.TransferInput{To: "bob"}, o...)
		}},
		{"splits", commercial, func(w *T, s *S, id U, o ...O) (R, error) {
			return s.Team().SetSplits(w.ctx, id, opportunity.SetSplitsInput{Revenue: map[string]int{"ann": 10000}}, o...)
		}},
		{"lines added", commercial, func(w *T, s *S, id U, o ...O) (R, error) {
			return s.Lines().Add(w.ctx, id, []opportunity.LineInput{service}, o...)
		}},
		{"line changed", commercial, func(w *T, s *S, id U, o ...O) (R, error) {
			return s.Lines().Update(w.ctx, id, 1, service.Update(), o...)
		}},
		{"lines removed", commercial, func(w *T, s *S, id U, o ...O) (R, error) { return s.Lines().Remove(w.ctx, id, []int{1}, o...) }},
		{"contact added", followUp, func(w *T, s *S, id U, o ...O) (R, error) {
			return s.DealContacts().Add(w.ctx, id, opportunity.ContactInput{Contact: w.contact, Role: opportunity.Influencer}, o...)
		}},
		{"contact removed", followUp, func(w *T, s *S, id U, o ...O) (R, error) {
			return s.DealContacts().Remove(w.ctx, id, opportunity.ContactKey{Contact: w.contact, Role: opportunity.Champion}, o...)
		}},
		{"primary contact", followUp, func(w *T, s *S, id U, o ...O) (R, error) {
			return s.DealContacts().SetPrimary(w.ctx, id, opportunity.ContactKey{Contact: w.contact, Role: opportunity.Champion}, o...)
		}},
		{"competitor added", followUp, func(w *T, s *S, id U, o ...O) (R, error) {
			return s.DealCompetitors().Add(w.ctx, id, opportunity.CompetitorInput{Competitor: w.other}, o...)
		}},
		{"competitor described", followUp, func(w *T, s *S, id U, o ...O) (R, error) {
			return s.DealCompetitors().Update(w.ctx, id, opportunity.CompetitorInput{Competitor: w.rival, Strengths: "cheap"}.Update(), o...)
		}},
		{"competitor priced", commercial, func(w *T, s *S, id U, o ...O) (R, error) {
			m := usd("9.00")
			return s.DealCompetitors().Update(w.ctx, id, opportunity.CompetitorInput{Competitor: w.rival, Price: &m}.Update(), o...)
		}},
		{"competitor removed", commercial, func(w *T, s *S, id U, o ...O) (R, error) {
			return s.DealCompetitors().Remove(w.ctx, id, w.rival, o...)
		}},
		{"activity planned", followUp, func(w *T, s *S, id U, o ...O) (R, error) {
			return s.Activities().Plan(w.ctx, id, opportunity.PlanActivityInput{Kind: opportunity.Visit, Subject: "See the plant", Due: time.Date(2026, 4, 1, 9, 0, 0, 0, time.UTC)}, o...)
		}},
		{"activity logged", followUp, func(w *T, s *S, id U, o ...O) (R, error) {
			return s.Activities().Log(w.ctx, id, opportunity.LogActivityInput{Kind: opportunity.Call, Subject: "They called", Result: "All is well"}, o...)
		}},
		{"expense added", followUp, func(w *T, s *S, id U, o ...O) (R, error) {
			return s.Expenses().Add(w.ctx, id, w.train(), o...)
		}},
		{"document added", followUp, func(w *T, s *S, id U, o ...O) (R, error) {
			return s.Documents().Add(w.ctx, id, opportunity.AddDocumentInput{Name: "plan.pdf", Location: "shelf 7"}, nil, o...)
		}},
		{"document removed", followUp, func(w *T, s *S, id U, o ...O) (R, error) {
			return s.Documents().Remove(w.ctx, id, w.papers[id], o...)
		}},
		{"evaluation drafted", followUp, func(w *T, s *S, id U, o ...O) (R, error) {
			return s.Evaluations().SaveDraft(w.ctx, id, w.judged(1), o...)
		}},
		{"evaluation submitted", followUp, func(w *T, s *S, id U, o ...O) (R, error) {
			return s.Evaluations().Submit(w.ctx, id, w.judged(2), o...)
		}},
		{"quote made", []opportunity.Status{open}, func(w *T, s *S, id U, o ...O) (R, error) {
			return s.Quotes().Create(w.ctx, id, quote.CreateInput{}, o...)
		}},
	}
}

// filled makes a tenant ready for contentCommands.
func filled(t *testing.T) *tenant {
	w := newTenant(t)
	w.selling()
	w.second = secondProcess(w)
	w.other = w.entry(archive.CreateInput{Kind: archive.Competitor, Code: "fabrikam"}) // another rival
	scorecard(w)
	w.train() // makes its kind of expense
	w.papers = map[uuid.UUID]uuid.UUID{}
	return w
}

// fill records a deal with a bit of everything and brings it into a status.
func (w *tenant) fill(to opportunity.Status) uuid.UUID {
	w.t.Helper()
	id := withContact(w)
	w.must(w.s.Team().Set(w.ctx, id, bob))
	w.must(w.s.DealCompetitors().Add(w.ctx, id, opportunity.CompetitorInput{Competitor: w.rival}))
	paper, err := w.s.Documents().Add(w.ctx, id, opportunity.AddDocumentInput{Name: "spec.pdf", Location: "shelf 1"}, nil)
	require.NoError(w.t, err)
	w.papers[id] = paper.Document
	for _, c := range map[opportunity.Status][]opportunity.Command{
		opportunity.OnHold: {opportunity.CommandHold}, opportunity.Won: {opportunity.CommandWin}, opportunity.Lost: {opportunity.CommandLose},
		opportunity.Void: {opportunity.CommandVoid}, opportunity.Closed: {opportunity.CommandWin, opportunity.CommandClose},
	}[to] {
		require.NoError(w.t, w.command(id, c))
	}
	return id
}

var errEnough = errors.New("enough")

// TestO02_O08_EveryContentCommandInEveryStatus tries each: allowed, it makes one
// version; refused, it changes nothing.
func TestO02_O08_EveryContentCommandInEveryStatus(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := filled(t)
		refused := 0
		for _, status := range opportunity.Statuses() {
			id := w.fill(status)
			before, written := w.get(id), w.written()
			require.Equal(t, status, before.Status)
			for _, c := range contentCommands() {
				name := status.String() + "/" + c.name
				if !slices.Contains(c.in, status) {
					refused++
					_, err := c.give(w, w.s, id)
					require.ErrorIs(t, err, fault.ErrNotAllowed, name)
					require.Contains(t, fault.FieldsOf(err)[0].Path, "/status", name)
					continue
				}
				err := w.s.Batch(w.ctx, func(ctx context.Context, b *pursuit.Session) error { // not kept: the next one finds the deal as it was
					_, err := c.give(w, b, id)
					require.NoError(t, err, name)
					if c.name != "delete" {
						after, err := b.Opportunities().Get(ctx, id, 0)
						require.NoError(t, err, name)
						require.Equal(t, before.Version+1, after.Version, name)
						require.Equal(t, status, after.Status, name)
					}
					return errEnough
				})
				require.ErrorIs(t, err, errEnough, name)
			}
			require.Equal(t, before, w.get(id))
			require.Equal(t, written, w.written())
			w.same(id)
		}
		require.Greater(t, refused, 60)
	})
}

// TestO11_O12_O13_GuardsOfEveryContentCommand tries each command with an old
// version, with a moment before the last one and in the future, and twice.
func TestO11_O12_O13_GuardsOfEveryContentCommand(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := filled(t)
		for _, c := range contentCommands() {
			id := w.fill(c.in[0])
			before, written := w.get(id), w.written()
			_, err := c.give(w, w.s, id, pursuit.IfVersion(before.Version-1))
			require.ErrorIs(t, err, fault.ErrConflict, c.name)
			_, err = c.give(w, w.s, id, pursuit.IfVersion(before.Version+1))
			require.ErrorIs(t, err, fault.ErrConflict, c.name)
			_, err = c.give(w, w.s, id, pursuit.At(before.Updated.Add(-time.Microsecond)))
			require.ErrorIs(t, err, fault.ErrInvalid, c.name)
			_, err = c.give(w, w.s, id, pursuit.At(w.now.Add(time.Hour)))
			require.ErrorIs(t, err, fault.ErrInvalid, c.name)
			require.Equal(t, before, w.get(id), c.name)
			require.Equal(t, written, w.written(), c.name)

			key := pursuit.RequestID("k-" + c.name)
			first, err := c.give(w, w.s, id, key)
			require.NoError(t, err, c.name)
			written = w.written()
			again, err := c.give(w, w.s, id, key)
			require.NoError(t, err, c.name)
			require.True(t, again.Repeated, c.name)
			again.Repeated = false
			require.Equal(t, first, again, c.name)
			_, err = w.s.Opportunities().Hold(w.ctx, id, opportunity.HoldInput{Reason: "another"}, key)
			require.ErrorIs(t, err, fault.ErrRequestReused, c.name)
			require.Equal(t, written, w.written(), c.name)
			if c.name != "delete" {
				require.Equal(t, before.Version+1, w.get(id).Version, c.name)
				w.same(id)
			}
		}
	})
}

// TestO03_TheStageMovesAsTheProcessAllows tries each pair of stages of a process
// that neither skips nor goes back.
func TestO03_TheStageMovesAsTheProcessAllows(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		p := w.publish("steps", "a", "b", "c")
		for from, stages := range map[string][]string{"a": {}, "b": {"b"}, "c": {"b", "c"}} {
			s, err := w.recordIn(p)
			require.NoError(t, err)
			for _, to := range stages {
				w.must(w.s.Opportunities().Advance(w.ctx, s.ID, opportunity.AdvanceInput{To: to, Summary: "done"}))
			}
			before := w.get(s.ID)
			for _, to := range []string{"a", "b", "c", "elsewhere", "won"} {
				if from == "a" && to == "b" || from == "b" && to == "c" {
					continue
				}
				_, err := w.s.Opportunities().Advance(w.ctx, s.ID, opportunity.AdvanceInput{To: to, Summary: "done", Override: "I say so"})
				want := fault.ErrNotAllowed
				if to == "elsewhere" || to == "won" {
					want = fault.ErrInvalid
				}
				require.ErrorIs(t, err, want, "%s to %s: an override passes gates, not the process", from, to)
			}
			require.Equal(t, before, w.get(s.ID))
			w.must(w.s.Opportunities().Hold(w.ctx, s.ID, opportunity.HoldInput{Reason: "budget"}))
			_, err = w.s.Opportunities().Advance(w.ctx, s.ID, opportunity.AdvanceInput{To: "b", Summary: "done"})
			require.ErrorIs(t, err, fault.ErrNotAllowed, "only while open")
			w.same(s.ID)
		}
	})
}

// TestO12_J07_TheLedgerIsWholeAtEachKnownTime dates commands back, and wants one
// state at every time, as known at every time.
func TestO12_J07_TheLedgerIsWholeAtEachKnownTime(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		start := w.now.Add(-72 * time.Hour)
		r, err := w.s.Opportunities().Record(w.ctx, w.input(), pursuit.At(start))
		w.must(r, err)
		id := r.ID
		w.must(w.s.Opportunities().Hold(w.ctx, id, opportunity.HoldInput{Reason: "budget", ResumeOn: calendar.Date{}}, pursuit.At(start.Add(time.Hour))))
		w.must(w.s.Opportunities().Resume(w.ctx, id, pursuit.At(start.Add(2*time.Hour))))
		w.must(w.s.Opportunities().Advance(w.ctx, id, opportunity.AdvanceInput{To: "engaging", Summary: "met"}, pursuit.At(start.Add(2*time.Hour)))) // times tie
		m := money.FromMinor(1, money.USD)
		w.must(w.s.Opportunities().Update(w.ctx, id, opportunity.UpdateInput{Override: &m}, pursuit.At(start.Add(48*time.Hour))))
		require.NoError(t, w.command(id, opportunity.CommandWin))
		rows, err := w.s.Opportunities().History(w.ctx, id)
		require.NoError(t, err)
		require.Len(t, rows, 6)
		var times, known []time.Time
		for _, row := range rows {
			times = append(times, row.EffectiveFrom, row.EffectiveFrom.Add(time.Microsecond))
			known = append(known, row.RecordedFrom, row.RecordedFrom.Add(time.Microsecond))
		}
		for _, k := range known {
			for _, at := range times {
				n := 0
				for _, row := range rows {
					if row.EffectiveFrom.After(at) || row.RecordedFrom.After(k) {
						continue
					}
					if row.EffectiveTo.IsZero() || row.EffectiveTo.After(at) || row.RecordedTo.After(k) {
						n++
					}
				}
				require.Equal(t, 1, n, "at %s as known at %s", at, k)
			}
		}
		s := w.get(id)
		last := rows[len(rows)-1]
		require.Equal(t, []any{s.Status, s.Stage, s.Owner, s.Amount(), s.Probability, s.Category},
			[]any{last.Status, last.Stage, last.Owner, last.Amount, last.Probability, last.Category})
		w.same(id)
	})
}
