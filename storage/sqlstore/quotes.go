package sqlstore

import (
	"context"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/quote"
)

type quotes struct{ *tx }

func (t quotes) Get(ctx context.Context, tenant string, id uuid.UUID, load quote.Load) (quote.Snapshot, access.Relation, error) {
	s := quote.Snapshot{ItemsLoaded: load.Items, PastLoaded: load.Past}
	found, rel := false, access.Stranger
	err := t.query(ctx, "SELECT "+t.s.d.aliased("q", quoteTable.cols)+", v.role, v.access FROM pursuit_quote q"+
		" LEFT JOIN pursuit_opportunity_member v ON v.tenant = q.tenant AND v.opportunity_id = q.opportunity_id AND v.user_id = ?"+
		" WHERE q.tenant = ? AND q.id = ?", len(quoteTable.cols)+2, t.args(3).text(load.Viewer, tenant).id(id), func(r *row) {
		s.Root, found = readQuote(r), true
		rel = viewerRelation(r, load.Viewer)
	})
	if err == nil && !found {
		err = fault.NotFound("quote.not_found")
	}
	if err == nil && load.Past {
		err = t.query(ctx, "SELECT "+t.s.d.aliased("p", quoteRevisionTable.cols[2:])+" FROM pursuit_quote_revision p WHERE p.tenant = ? AND p.quote_id = ? ORDER BY p.revision",
			len(quoteRevisionTable.cols)-2, t.args(2).text(tenant).id(id), func(r *row) { s.Past = append(s.Past, readQuoteRevision(r)) })
	}
	if err == nil && (load.Items || load.Past) {
		err = t.lines(ctx, tenant, &s, load)
	}
	if err != nil {
		return quote.Snapshot{}, "", err
	}
	return s, rel, nil
}

// lines reads those of the active revision, of past ones, or of all.
func (t quotes) lines(ctx context.Context, tenant string, s *quote.Snapshot, load quote.Load) error {
	only := ""
	switch {
	case !load.Past:
		only = " AND l.revision = ?"
	case !load.Items:
		only = " AND l.revision <> ?"
	}
	a := t.args(3).text(tenant).id(s.ID)
	if only != "" {
		a.int(s.Revision)
	}
	return t.query(ctx, "SELECT "+t.s.d.aliased("l", quoteLineTable.cols[2:])+" FROM pursuit_quote_line l WHERE l.tenant = ? AND l.quote_id = ?"+only+
		" ORDER BY l.revision, l.number", len(quoteLineTable.cols)-2, a, func(r *row) {
		revision, l := r.int(), readQuoteLine(r)
		if revision == s.Revision {
			s.Items = append(s.Items, l)
			return
		}
		for i := range s.Past {
			if p := &s.Past[i]; p.Number == revision {
				p.Items = append(p.Items, l)
			}
		}
	})
}

// viewerRelation reads a member's role and access: both NULL for a stranger.
func viewerRelation(r *row, viewer string) access.Relation {
	if viewer == "" || r.isNull() {
		return access.Stranger
	}
	owner := opportunity.MemberRole(r.text()) == opportunity.RoleOwner
	if rel := access.Relation(r.text()); !owner {
		return rel
	}
	return access.Owner
}

func (t quotes) List(ctx context.Context, tenant string, q quote.Query) ([]quote.Root, error) {
	w := t.where("q", tenant)
	w.scope(q.Scope, "o.department", "o.owner", inTeam)
	if len(q.Statuses) > 0 {
		names := make([]string, len(q.Statuses))
		for i, s := range q.Statuses {
			names[i] = s.String()
		}
		w.in("q.status", names)
	}
	if q.Opportunity != uuid.Nil {
		w.and("q.opportunity_id = ?").id(q.Opportunity)
	}
	if q.Customer != uuid.Nil {
		w.and("q.customer_id = ?").id(q.Customer)
	}
	if !q.ValidBefore.IsZero() { // a date's text sorts as the date; '' is none
		w.and("q.valid_until > '' AND q.valid_until < ?").date(q.ValidBefore)
	}
	if q.Number != "" {
		w.and("q.number = ?").text(q.Number)
	}
	if q.AfterNumber != "" {
		w.and("q.number > ?").text(q.AfterNumber)
	}
	var out []quote.Root
	err := t.search(ctx, "SELECT "+t.s.d.aliased("q", quoteTable.cols)+" FROM pursuit_quote q"+
		" JOIN pursuit_opportunity o ON o.tenant = q.tenant AND o.id = q.opportunity_id"+w.text()+" ORDER BY q.number LIMIT ?",
		len(quoteTable.cols), w.args.int(q.Limit), func(r *row) { out = append(out, readQuote(r)) })
	return out, err
}

func (t quotes) Save(ctx context.Context, c quote.Change) error {
	return t.together(ctx, func() error {
		q := &c.Root
		if err := t.saveQuote(ctx, &c); err != nil {
			return err
		}
		if c.Past != nil {
			err := t.putThen(ctx, &quoteRevisionTable, plain, 1, func(a *args, _ int) {
				quoteRevisionValues(a.text(q.Tenant).id(q.ID), c.Past, q.Currency)
			}, nil)
			if err != nil {
				return err
			}
		}
		if n := len(c.RemovedLines); n > 0 {
			a := t.args(3 + n).text(q.Tenant).id(q.ID).int(q.Revision)
			for i := range padded(n) {
				a.int(c.RemovedLines[min(i, n-1)])
			}
			if err := t.later(ctx, "DELETE FROM pursuit_quote_line WHERE tenant = ? AND quote_id = ? AND revision = ? AND number"+list(n), a); err != nil {
				return err
			}
		}
		err := t.putThen(ctx, &quoteLineTable, upsert, len(c.Lines), func(a *args, i int) {
			quoteLineValues(a.text(q.Tenant).id(q.ID).int(q.Revision), &c.Lines[i])
		}, nil)
		if err != nil {
			return err
		}
		return t.log(ctx, c.Entries)
	})
}

func (t quotes) saveQuote(ctx context.Context, c *quote.Change) error {
	const changed, number = "quote.changed", "quote.number.taken"
	q := &c.Root
	if c.Expected == 0 {
		return t.create(ctx, &quoteTable, q.Tenant, q.ID, changed, number, func(a *args, _ int) {
			quoteValues(a.text(q.Tenant).id(q.ID).text(q.Number), q)
		})
	}
	a := t.args(len(quoteTable.cols))
	quoteValues(a, q)
	return t.guarded(ctx, t.s.text(quoteTable.update(quoteTable.cols[quoteFixed:])), changed, number, a.text(q.Tenant).id(q.ID).num(c.Expected))
}
