package integration

import (
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
)

// TestA01_EntriesAreGivenByTheirCodes wherever a command takes an id, and stand for it:
// what is stored has the id. An unknown code is refused at its own place, one of another
// kind is unknown, and a code beside an id contradicts it.
func TestA01_EntriesAreGivenByTheirCodes(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		w.entry(archive.CreateInput{Kind: archive.ExpenseKind, Code: "travel"})
		w.entry(archive.CreateInput{Kind: archive.DocumentKind, Code: "contract"})
		card := w.entry(archive.BANT().Entry)
		w.must(w.s.Archives().PublishScorecard(w.ctx, card, archive.BANT().Scorecard))
		o := w.s.Opportunities()
		record := func(f func(in *opportunity.RecordInput)) (pursuit.Result, error) {
			in := w.input()
			f(&in)
			return o.Record(w.ctx, in)
		}
		fresh := func() uuid.UUID {
			r, err := record(func(*opportunity.RecordInput) {})
			w.must(r, err)
			return r.ID
		}
		date := calendar.Of(w.clock(), nil)
		trip := opportunity.AddExpenseInput{Amount: money.FromMinor(1, money.EUR), Date: date}
		for name, x := range map[string]struct {
			at   string
			give func(id uuid.UUID, code string, other uuid.UUID) (pursuit.Result, error)
			ok   string
			got  func(s opportunity.Snapshot) uuid.UUID
			want uuid.UUID
		}{
			"source": {"/source_code", func(_ uuid.UUID, code string, other uuid.UUID) (pursuit.Result, error) {
				return record(func(in *opportunity.RecordInput) { in.SourceCode, in.Source = code, other })
			}, "fair", func(s opportunity.Snapshot) uuid.UUID { return s.Source }, w.source},
			"a competitor of a new deal": {"/competitors/0/competitor_code", func(_ uuid.UUID, code string, other uuid.UUID) (pursuit.Result, error) {
				return record(func(in *opportunity.RecordInput) {
					in.Competitors = []opportunity.CompetitorInput{{CompetitorCode: code, Competitor: other}}
				})
			}, "contoso", func(s opportunity.Snapshot) uuid.UUID { return s.Competitors[0].Competitor }, w.rival},
			"a competitor": {"/competitor_code", func(id uuid.UUID, code string, other uuid.UUID) (pursuit.Result, error) {
				return w.s.DealCompetitors().Add(w.ctx, id, opportunity.CompetitorInput{CompetitorCode: code, Competitor: other})
			}, "contoso", func(s opportunity.Snapshot) uuid.UUID { return s.Competitors[0].Competitor }, w.rival},
			"a win": {"/reasons/0/code", func(id uuid.UUID, code string, other uuid.UUID) (pursuit.Result, error) {
				return o.Win(w.ctx, id, opportunity.WinInput{Summary: "won", Reasons: []opportunity.Choice{{Code: code, Reason: other}}})
			}, "price", func(s opportunity.Snapshot) uuid.UUID { return s.Outcome.Reasons[0].Reason }, w.win},
			"a loss": {"/reasons/0/code", func(id uuid.UUID, code string, other uuid.UUID) (pursuit.Result, error) {
				return o.Lose(w.ctx, id, opportunity.LoseInput{Summary: "lost", Reasons: []opportunity.Choice{{Code: code, Reason: other}}})
			}, "price", func(s opportunity.Snapshot) uuid.UUID { return s.Outcome.Reasons[0].Reason }, w.loss},
			"an analysis": {"/reasons/0/code", func(id uuid.UUID, code string, other uuid.UUID) (pursuit.Result, error) {
				w.must(o.Lose(w.ctx, id, opportunity.LoseInput{Summary: "lost", Reasons: w.choose(w.lossTo), Competitor: w.rival}))
				return o.Analyse(w.ctx, id, opportunity.AnalyseInput{Analysis: "why", Reasons: []opportunity.Choice{{Code: code, Reason: other}}})
			}, "price", func(s opportunity.Snapshot) uuid.UUID { return s.Outcome.Reasons[0].Reason }, w.loss},
			"an analysis of a win": {"/reasons/0/code", func(id uuid.UUID, code string, other uuid.UUID) (pursuit.Result, error) {
				w.must(o.Win(w.ctx, id, opportunity.WinInput{Summary: "won", Reasons: w.choose(w.win)}))
				return o.Analyse(w.ctx, id, opportunity.AnalyseInput{Analysis: "why", Reasons: []opportunity.Choice{{Code: code, Reason: other}}})
			}, "price", func(s opportunity.Snapshot) uuid.UUID { return s.Outcome.Reasons[0].Reason }, w.win},
			"who won it": {"/competitor_code", func(id uuid.UUID, code string, other uuid.UUID) (pursuit.Result, error) {
				return o.Lose(w.ctx, id, opportunity.LoseInput{Summary: "lost", Reasons: w.choose(w.lossTo), CompetitorCode: code, Competitor: other})
			}, "contoso", func(s opportunity.Snapshot) uuid.UUID { return s.Outcome.Competitor }, w.rival},
			"an expense": {"/category_code", func(id uuid.UUID, code string, other uuid.UUID) (pursuit.Result, error) {
				in := trip
				in.CategoryCode, in.Category = code, other
				return w.s.Expenses().Add(w.ctx, id, in)
			}, "travel", nil, uuid.Nil},
			"a document": {"/kind_code", func(id uuid.UUID, code string, other uuid.UUID) (pursuit.Result, error) {
				return w.s.Documents().Add(w.ctx, id, opportunity.AddDocumentInput{Name: "a.txt", KindCode: code, Kind: other}, strings.NewReader("text"))
			}, "contract", nil, uuid.Nil},
			"a link": {"/kind_code", func(id uuid.UUID, code string, other uuid.UUID) (pursuit.Result, error) {
				return w.s.Documents().Add(w.ctx, id, opportunity.AddDocumentInput{Name: "a.txt", KindCode: code, Kind: other, Location: "x"}, nil)
			}, "contract", nil, uuid.Nil},
			"an evaluation": {"/scorecard_code", func(id uuid.UUID, code string, other uuid.UUID) (pursuit.Result, error) {
				return w.s.Evaluations().SaveDraft(w.ctx, id, opportunity.EvaluationInput{ScorecardCode: code, Scorecard: other})
			}, "bant", func(s opportunity.Snapshot) uuid.UUID { return s.Evaluations[0].Scorecard }, card},
		} {
			for _, code := range []string{"nobody", "crm"} {
				_, err := x.give(fresh(), code, uuid.Nil)
				require.Equal(t, []string{x.at + " not_found"}, faults(err), name)
			}
			_, err := x.give(fresh(), "no code", uuid.Nil)
			require.Equal(t, []string{x.at + " bad_code"}, faults(err), name)
			_, err = x.give(fresh(), x.ok, w.win)
			require.Equal(t, []string{x.at + " contradiction"}, faults(err), name)
			r, err := x.give(fresh(), x.ok, uuid.Nil)
			require.NoError(t, err, name)
			if x.got != nil {
				require.Equal(t, x.want, x.got(w.get(r.ID)), name)
			}
			w.same(r.ID)
		}

		// A repetition is the same command, and what the caller gave stays as it was.
		id := fresh()
		reasons := []opportunity.Choice{{Code: "price"}}
		win := func() pursuit.Result {
			r, err := o.Win(w.ctx, id, opportunity.WinInput{Summary: "won", Reasons: reasons}, pursuit.RequestID("once"))
			w.must(r, err)
			return r
		}
		require.False(t, win().Repeated)
		require.Equal(t, []opportunity.Choice{{Code: "price"}}, reasons)
		require.True(t, win().Repeated)
		require.Empty(t, w.get(id).Outcome.Reasons[0].Code)

		// The getters by code.
		h := w.s.Archives()
		e, err := h.ByCode(w.ctx, archive.WinReason, "price")
		require.NoError(t, err)
		require.Equal(t, w.win, e.ID)
		_, err = h.ByCode(w.ctx, archive.Source, "price")
		require.ErrorIs(t, err, fault.ErrNotFound)
		_, err = h.ByCode(w.ctx, "x", "no code")
		require.Equal(t, []string{"/kind unknown", "/code bad_code"}, faults(err))
	})
}
