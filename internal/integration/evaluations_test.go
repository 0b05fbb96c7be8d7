package integration

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/stage"
)

// gated publishes a process whose second stage, and whose win, ask for a good
// evaluation and for a contract, and makes it the default.
func (w *tenant) gated() {
	w.t.Helper()
	gates := []stage.Gate{
		{Kind: stage.GateEvaluation, Params: map[string]string{"scorecard": "bant", "score": "60"}},
		{Kind: stage.GateDocument, Params: map[string]string{"kind": "contract"}},
	}
	r, err := w.s.Processes().Publish(w.ctx, stage.Process{Code: "gated", Names: names("Gated"), AllowBack: true, WinGates: gates, Stages: []stage.Stage{
		{ID: "prospecting", Names: names("Prospecting"), Probability: 1000, Category: stage.Pipeline},
		{ID: "engaging", Names: names("Engaging"), Probability: 5000, Category: stage.BestCase, Entry: gates},
	}})
	require.NoError(w.t, err)
	_, err = w.s.Processes().SetDefault(w.ctx, r.ID)
	require.NoError(w.t, err)
}

func TestE02_E03_Evaluations(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		id := withCard(w)
		ev := w.s.Evaluations()
		draft, err := ev.SaveDraft(w.ctx, id, opportunity.EvaluationInput{Scorecard: w.card, Note: ptr("first look")})
		require.NoError(t, err)
		_, err = w.s.Archives().PublishScorecard(w.ctx, w.card, archive.MEDDIC().Scorecard) // the draft keeps its version
		require.NoError(t, err)
		in := w.judged(3)
		_, err = ev.Submit(w.ctx, id, in)
		require.ErrorIs(t, err, fault.ErrInvalid, "a new one goes by the new version")
		in.ID = draft.Evaluation
		r, err := ev.Submit(w.ctx, id, in)
		require.NoError(t, err)
		require.Equal(t, draft.Evaluation, r.Evaluation)
		_, err = ev.Discard(w.ctx, id, draft.Evaluation)
		require.ErrorIs(t, err, fault.ErrNotAllowed, "E02: submitted")
		_, err = ev.Submit(w.ctx, id, in)
		require.ErrorIs(t, err, fault.ErrNotAllowed, "E02: submitted")

		s := w.get(id)
		require.Len(t, s.Evaluations, 1)
		e := s.Evaluations[0]
		card, err := w.s.Archives().Scorecard(w.ctx, e.Scorecard, e.Version)
		require.NoError(t, err)
		require.Equal(t, 1, card.Number)
		score, err := e.Recompute(card)
		require.NoError(t, err)
		require.Equal(t, []int{6000, 6000}, []int{e.Score, score})
		require.Equal(t, map[string]int{"bant": 6000}, s.Counts.Scores)

		latest, err := w.s.Archives().Scorecard(w.ctx, w.card, 0)
		require.NoError(t, err)
		require.Equal(t, 2, latest.Number)
		_, err = w.s.Archives().Scorecard(w.ctx, w.card, 3)
		require.ErrorIs(t, err, fault.ErrNotFound)
		_, err = w.s.Archives().Delete(w.ctx, w.card)
		require.ErrorIs(t, err, fault.ErrInUse, "A04")
		_, err = w.s.Archives().Retire(w.ctx, w.card)
		require.NoError(t, err)
		_, err = ev.SaveDraft(w.ctx, id, opportunity.EvaluationInput{Scorecard: w.card})
		require.ErrorIs(t, err, fault.ErrInvalid, "A02")
		w.same(id) // J05

		t.Run("E02/not by a scorecard without a version, nor by another's", func(t *testing.T) {
			bare := w.entry(archive.CreateInput{Kind: archive.Scorecard, Code: "bare"})
			for _, card := range []uuid.UUID{bare, w.rival, uuid.Nil, uuid.MustParse("01936a5e-0000-7000-8000-000000000000")} {
				_, err := ev.SaveDraft(w.ctx, id, opportunity.EvaluationInput{Scorecard: card})
				require.ErrorIs(t, err, fault.ErrInvalid)
				require.Equal(t, "/scorecard", fault.FieldsOf(err)[0].Path)
			}
		})
	})
}

func TestP07_GatesOfEvaluationsAndDocumentsOnAllPaths(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		w.gated()
		kind := w.entry(archive.CreateInput{Kind: archive.DocumentKind, Code: "contract"})
		scorecard(w)
		advance := func(s *pursuit.Session, id uuid.UUID) error {
			_, err := s.Opportunities().Advance(w.ctx, id, opportunity.AdvanceInput{To: "engaging", Summary: "done"})
			return err
		}
		win := func(s *pursuit.Session, id uuid.UUID) error {
			_, err := s.Opportunities().Win(w.ctx, id, opportunity.WinInput{Reasons: w.choose(w.win), Summary: "won"})
			return err
		}
		migrate := func(s *pursuit.Session, id uuid.UUID) error {
			_, err := s.Opportunities().Migrate(w.ctx, id, opportunity.MigrateInput{Process: w.second, Stages: map[string]string{"prospecting": "engaging"}})
			return err
		}
		list, err := w.s.Processes().List(w.ctx, pursuit.ProcessQuery{}, pursuit.Page{})
		require.NoError(t, err)
		for _, p := range list.Items {
			if p.Code == "gated" {
				w.second = p.ID
			}
		}
		for name, path := range map[string]func(id uuid.UUID) error{
			"command": func(id uuid.UUID) error { return advance(w.s, id) },
			"win":     func(id uuid.UUID) error { return win(w.s, id) },
			"batch": func(id uuid.UUID) error {
				return w.s.Batch(w.ctx, func(_ context.Context, b *pursuit.Session) error { return advance(b, id) })
			},
			"migration": func(id uuid.UUID) error { return migrate(w.s, id) },
		} {
			t.Run("P07/"+name, func(t *testing.T) {
				in := w.input()
				if name == "migration" {
					in.Process = w.process
				}
				r, err := w.s.Opportunities().Record(w.ctx, in)
				require.NoError(t, err)
				id := r.ID
				err = path(id)
				require.ErrorIs(t, err, fault.ErrNotAllowed)
				require.Len(t, fault.FieldsOf(err), 2, "P08: both")
				_, err = w.s.Evaluations().Submit(w.ctx, id, w.judged(5))
				require.NoError(t, err)
				_, err = w.s.Documents().Add(w.ctx, id, opportunity.AddDocumentInput{Name: "a", Kind: kind, Location: "x"}, nil)
				require.NoError(t, err)
				_, err = w.s.Evaluations().Submit(w.ctx, id, w.judged(2))
				require.NoError(t, err)
				err = path(id)
				require.ErrorIs(t, err, fault.ErrNotAllowed, "the latest counts")
				require.Len(t, fault.FieldsOf(err), 1)
				_, err = w.s.Evaluations().Submit(w.ctx, id, w.judged(3))
				require.NoError(t, err)
				require.NoError(t, path(id))
				w.same(id)
			})
		}
	})
}

func TestO08_O14_FollowUpOfDocumentsAndEvaluations(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		scorecard(w)
		follow := func(id uuid.UUID) error {
			_, err := w.s.Documents().Add(w.ctx, id, opportunity.AddDocumentInput{Name: "a", Location: "x"}, nil)
			if err == nil {
				_, err = w.s.Evaluations().Submit(w.ctx, id, w.judged(4))
			}
			return err
		}
		won := after(opportunity.CommandWin)(w)
		outcome := w.get(won).Outcome
		require.NoError(t, follow(won))
		require.Equal(t, outcome, w.get(won).Outcome)
		require.NoError(t, follow(after(opportunity.CommandLose)(w)))
		require.ErrorIs(t, follow(after(opportunity.CommandWin, opportunity.CommandClose)(w)), fault.ErrNotAllowed)
		w.same(won)
		gone := deal(w)
		require.NoError(t, follow(gone))
		_, err := w.s.Opportunities().Delete(w.ctx, gone, opportunity.DeleteInput{Reason: "a typo"})
		require.NoError(t, err)
	})
}
