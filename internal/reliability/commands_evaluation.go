package reliability

import (
	"context"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
)

// card makes a scorecard without a version.
func card(ctx context.Context, w *World) (uuid.UUID, error) {
	return made(w.S.Archives().Create(ctx, archive.BANT().Entry))
}

func publishCard(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
	in := archive.BANT().Scorecard
	for _, c := range in.Criteria {
		c.Names["en"] += w.Mark
	}
	return w.S.Archives().PublishScorecard(ctx, id, in, o...)
}

// judgement values all criteria of the one scorecard alike.
func (w *World) judgement(ctx context.Context, value int) (opportunity.EvaluationInput, error) {
	var in opportunity.EvaluationInput
	list, err := w.S.Archives().List(ctx, pursuit.ArchiveQuery{Kind: archive.Scorecard}, pursuit.Page{})
	if err != nil {
		return in, err
	}
	if len(list.Items) == 0 {
		return in, fault.NotFound("archive.not_found")
	}
	in.Scorecard = list.Items[0].ID
	for _, c := range archive.BANT().Scorecard.Criteria {
		in.Values = append(in.Values, opportunity.Value{Criterion: c.Code, Value: value})
	}
	return in, nil
}

// judged records a deal with a draft of an evaluation.
func judged(ctx context.Context, w *World) (uuid.UUID, error) {
	if _, err := chain(card, publishCard)(ctx, w); err != nil {
		return uuid.Nil, err
	}
	in, err := w.judgement(ctx, 2)
	if err != nil {
		return uuid.Nil, err
	}
	id, err := deal(ctx, w)
	if err == nil {
		var r result
		if r, err = w.S.Evaluations().SaveDraft(ctx, id, in); err == nil {
			w.Part = r.Evaluation
		}
	}
	return id, err
}

func addDocument(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
	return w.S.Documents().Add(ctx, id, opportunity.AddDocumentInput{Name: "a.pdf", MediaType: "application/pdf", Location: "https://files.example/1"}, nil, o...)
}
