package sqlstore

import (
	"context"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/opportunity"
)

// saveFollowUp writes documents and evaluations.
func (t opportunities) saveFollowUp(ctx context.Context, c *opportunity.Change) error {
	tenant, id := c.Root.Tenant, c.Root.ID
	err := t.putThen(ctx, &documentTable, upsert, len(c.Documents), func(a *args, i int) {
		d := &c.Documents[i]
		a.text(tenant).id(id).id(d.ID).text(d.Name).idOrNull(d.Kind).text(d.KindCode, d.MediaType).num(d.Size).text(d.SHA256).
			flag(d.Stored).text(d.Location, d.Note).time(d.Added).text(d.By)
	}, nil)
	if err != nil {
		return err
	}
	return t.putThen(ctx, &evaluationTable, upsert, len(c.Evaluations), func(a *args, i int) {
		e := &c.Evaluations[i]
		a.text(tenant).id(id).id(e.ID).id(e.Scorecard).text(e.Code).int(e.Version).text(e.Evaluator, string(e.Status)).
			json(e.Values, len(e.Values) == 0).text(e.Note).int(e.Score).int(e.Number).time(e.Started).timeOrNull(e.Submitted)
	}, nil)
}

func (t opportunities) removeFollowUp(ctx context.Context, c *opportunity.Change) error {
	for _, x := range []struct {
		text string
		ids  []uuid.UUID
	}{
		{"DELETE FROM pursuit_opportunity_document WHERE tenant = ? AND opportunity_id = ? AND id", c.RemovedDocuments},
		{"DELETE FROM pursuit_opportunity_evaluation WHERE tenant = ? AND opportunity_id = ? AND id", c.RemovedEvaluations},
	} {
		if n := len(x.ids); n > 0 {
			if err := t.later(ctx, x.text+list(n), t.args(2+n).text(c.Root.Tenant).id(c.Root.ID).ids(x.ids)); err != nil {
				return err
			}
		}
	}
	return nil
}

func (t opportunities) StoredDocuments(ctx context.Context, tenant string, ids []uuid.UUID) ([]uuid.UUID, error) {
	var out []uuid.UUID
	for part := range chunks(ids) {
		err := t.query(ctx, "SELECT id FROM pursuit_opportunity_document WHERE tenant = ? AND stored = 1 AND id"+list(len(part)), 1,
			t.args(1+len(part)).text(tenant).ids(part), func(r *row) { out = append(out, r.id()) })
		if err != nil {
			return nil, err
		}
	}
	return out, t.can(ctx, false)
}
