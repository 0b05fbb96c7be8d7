package pursuit

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/storage"
)

// Evaluations works on opportunities' evaluations 商机评估 (E01–E03).
// Opportunities.Get with opportunity.PartEvaluations returns them. Errors common
// to all methods are those of [Opportunities].
type Evaluations struct{ handle }

// Evaluations returns the handle of evaluations.
func (s *Session) Evaluations() Evaluations { return Evaluations{handle{s}} }

// SaveDraft saves an unfinished evaluation: a new one by the scorecard's latest
// version, or the actor's own draft that in.ID names. Result.Evaluation is its
// id. Errors: ErrInvalid (A02, E02), ErrNotFound, ErrNotAllowed (O08), ErrLimit.
func (h Evaluations) SaveDraft(ctx context.Context, id uuid.UUID, in opportunity.EvaluationInput, opts ...CallOption) (Result, error) {
	return h.write(ctx, "evaluations.save_draft", id, in, opts, (*opportunity.Opportunity).SaveEvaluation)
}

// Submit submits an evaluation, directly or from the actor's own draft. It then
// never changes, and gates use its score (E02). Result.Evaluation is its id.
// Errors as for SaveDraft.
func (h Evaluations) Submit(ctx context.Context, id uuid.UUID, in opportunity.EvaluationInput, opts ...CallOption) (Result, error) {
	return h.write(ctx, "evaluations.submit", id, in, opts, (*opportunity.Opportunity).SubmitEvaluation)
}

func (h Evaluations) write(ctx context.Context, name string, id uuid.UUID, in opportunity.EvaluationInput, opts []CallOption,
	f func(o *opportunity.Opportunity, newID uuid.UUID, in opportunity.EvaluationInput, card archive.ScorecardVersion, at journal.Moment) error,
) (Result, error) {
	given, by := in, codes{}
	by.add(archive.Scorecard, in.ScorecardCode, "/scorecard_code", "/scorecard", &in.Scorecard)
	w := what{name: name, action: access.OpportunityFollowUp, unruled: true, codes: &by}
	if in.ID == uuid.Nil {
		w.archive = []uuid.UUID{in.Scorecard}
	} else {
		w.parts = opportunity.PartEvaluations
	}
	return h.s().on(ctx, id, w, given, opts, func(ctx context.Context, c *command, o *opportunity.Opportunity, at journal.Moment, res *Result) error {
		scorecard, number, part := in.Scorecard, 0, in.ID
		if part == uuid.Nil {
			part = c.id()
		} else {
			e, err := o.Evaluation(part)
			if err != nil {
				return err
			}
			scorecard, number = e.Scorecard, e.Version
		}
		card, err := c.tx.Archives().ScorecardVersion(ctx, h.s().actor.Tenant, scorecard, number)
		if err != nil && !errors.Is(err, fault.ErrNotFound) {
			return err
		}
		res.Evaluation = part
		return f(o, part, in, card, at)
	})
}

// Discard deletes a draft; submitted evaluations stay (E03). Errors: ErrNotFound,
// ErrNotAllowed (O08).
func (h Evaluations) Discard(ctx context.Context, id, evaluation uuid.UUID, opts ...CallOption) (Result, error) {
	w := what{name: "evaluations.discard", action: access.OpportunityFollowUp, unruled: true, parts: opportunity.PartEvaluations}
	return h.s().on(ctx, id, w, evaluation, opts,
		simple(func(o *opportunity.Opportunity, at journal.Moment) error { return o.DiscardEvaluation(evaluation, at) }))
}

// PublishScorecard makes the next version of a scorecard 评估模板, an archive entry
// of its kind (E01). Evaluations keep the version they were started with. Errors:
// ErrInvalid with every field at fault, ErrNotAllowed for another kind of entry
// or a retired one, ErrLimit.
func (h Archives) PublishScorecard(ctx context.Context, id uuid.UUID, in archive.PublishScorecardInput, opts ...CallOption) (Result, error) {
	return h.change(ctx, "archive.publish_scorecard", access.ArchiveUpdate, id, in, opts,
		func(ctx context.Context, c *command, a *archive.Aggregate, at journal.Moment) error {
			latest, err := c.tx.Archives().ScorecardVersion(ctx, h.s().actor.Tenant, id, 0)
			if err != nil && !errors.Is(err, fault.ErrNotFound) {
				return err
			}
			return a.Publish(in, latest.Number, at)
		})
}

// Scorecard returns a version of a scorecard, the latest one for 0. Errors:
// ErrNotFound, also if none was published.
func (h Archives) Scorecard(ctx context.Context, id uuid.UUID, number int) (archive.ScorecardVersion, error) {
	var v archive.ScorecardVersion
	err := h.s().view(ctx, "archives.scorecard", func(ctx context.Context, tx storage.Tx) error {
		rec, err := tx.Archives().Get(ctx, h.s().actor.Tenant, id)
		if err != nil {
			return err
		}
		if err := h.s().allow(ctx, access.ArchiveRead, access.Subject{ID: id, Kind: string(rec.Entry.Kind)}); err != nil {
			return err
		}
		v, err = tx.Archives().ScorecardVersion(ctx, h.s().actor.Tenant, id, number)
		return err
	})
	if err != nil {
		return archive.ScorecardVersion{}, err
	}
	return v, nil
}
