package sqlstore

import (
	"context"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
)

// othersMarks are the marks of all activities but x; of none, if there is no x.
const othersMarks = "(SELECT MIN(n.takes_place) FROM pursuit_opportunity_activity n WHERE n.tenant = o.tenant AND n.opportunity_id = o.id AND n.status = 'open' AND n.id <> x.id)" +
	", (SELECT MAX(n.takes_place) FROM pursuit_opportunity_activity n WHERE n.tenant = o.tenant AND n.opportunity_id = o.id AND n.status = 'done' AND n.id <> x.id)"

// oneOf joins one part, which is named, to the root's statement.
func oneOf(t *table, alias string) string {
	return " LEFT JOIN " + t.name + " " + alias + " ON " + alias + ".tenant = o.tenant AND " + alias + ".opportunity_id = o.id AND " + alias + ".id = ?"
}

// named reads the parts that are named; each row has them.
func (g *getShape) named(r *row, rec *opportunity.Record, first bool) {
	if g.activity {
		if first && !r.isNull() {
			a := readActivity(r)
			rec.Activity, rec.Others = &a, opportunity.ActivityMarks{Next: r.timeOr0(), Last: r.timeOr0()}
		} else {
			r.skip(len(activityTable.cols))
		}
	}
	if g.expense {
		if first && !r.isNull() {
			x := readExpense(r)
			rec.Expense = &x
		} else {
			r.skip(len(expenseTable.cols) - 2)
		}
	}
}

func readActivity(r *row) opportunity.Activity {
	a := opportunity.Activity{ID: r.id(), Kind: opportunity.ActivityKind(r.text()), Subject: r.text(), Note: r.text(), Assignee: r.text(),
		Status: opportunity.ActivityStatus(r.text()), Due: r.timeOr0(), Done: r.timeOr0()}
	r.skip(1)
	a.Result, a.Reason, a.Created, a.CreatedBy = r.text(), r.text(), r.time(), r.text()
	return a
}

func readExpense(r *row) opportunity.Expense {
	x := opportunity.Expense{ID: r.id(), Category: r.id()}
	minor := r.num()
	x.Amount = money.FromMinor(minor, r.currency())
	x.Date, x.Description, x.User, x.Status = r.date(), r.text(), r.text(), opportunity.ExpenseStatus(r.text())
	x.SubmittedBy, x.Submitted, x.DecidedBy, x.Decided, x.Reason = r.text(), r.timeOr0(), r.text(), r.timeOr0(), r.text()
	x.SettledBy, x.Settled, x.Reference, x.Created, x.CreatedBy = r.text(), r.timeOr0(), r.text(), r.time(), r.text()
	return x
}

func (t opportunities) saveFollowUps(ctx context.Context, c *opportunity.Change) error {
	tenant, id := c.Root.Tenant, c.Root.ID
	err := t.putThen(ctx, &activityTable, upsert, len(c.Activities), func(a *args, i int) {
		x := &c.Activities[i]
		a.text(tenant).id(id).id(x.ID).text(string(x.Kind), x.Subject, x.Note, x.Assignee, string(x.Status)).timeOrNull(x.Due).timeOrNull(x.Done).
			time(x.When()).text(x.Result, x.Reason).time(x.Created).text(x.CreatedBy)
	}, nil)
	if err != nil {
		return err
	}
	return t.putThen(ctx, &expenseTable, upsert, len(c.Expenses), func(a *args, i int) {
		x := &c.Expenses[i]
		a.text(tenant).id(id).id(x.ID).id(x.Category).num(x.Amount.Minor()).text(string(x.Amount.Currency())).date(x.Date).
			text(x.Description, x.User, string(x.Status), x.SubmittedBy).timeOrNull(x.Submitted).text(x.DecidedBy).timeOrNull(x.Decided).
			text(x.Reason, x.SettledBy).timeOrNull(x.Settled).text(x.Reference).time(x.Created).text(x.CreatedBy)
	}, nil)
}

func (t opportunities) removeFollowUps(ctx context.Context, c *opportunity.Change) error {
	for _, x := range []struct {
		t    *table
		gone []uuid.UUID
	}{{&activityTable, c.RemovedActivities}, {&expenseTable, c.RemovedExpenses}} {
		if n := len(x.gone); n > 0 {
			err := t.later(ctx, "DELETE FROM "+x.t.name+" WHERE tenant = ? AND opportunity_id = ? AND id"+list(n),
				t.args(2+n).text(c.Root.Tenant).id(c.Root.ID).ids(x.gone))
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// followUps lists parts of many opportunities.
type followUps struct{ *tx }

// dealColumns say which opportunity a listed part belongs to.
var dealColumns = []string{"id", "number", "name", "customer_id", "status"}

func readDeal(r *row) opportunity.Deal {
	return opportunity.Deal{ID: r.id(), Number: r.text(), Name: r.text(), Customer: r.id(), Status: readStatus(r)}
}

// Of one opportunity there are few parts: their order must not tempt a database to
// walk an index of all the tenant's by time, which an expression keeps it from.
const (
	byTime, byTimeOfOne = "p.takes_place", "p.takes_place + 0"
	byDate, byDateOfOne = "p.on_date", "COALESCE(p.on_date, '')"
)

// listed gives the statement of a list of parts, in order of a column and the id.
func (t followUps) listed(of *table, w *where, col string, desc bool) (query string, columns int) {
	if desc {
		col += " DESC"
	}
	return "SELECT " + t.s.d.aliased("p", of.cols[2:]) + ", " + t.s.d.aliased("o", dealColumns) + " FROM " + of.name + " p JOIN pursuit_opportunity o" +
		" ON o.tenant = p.tenant AND o.id = p.opportunity_id" + w.text() + " ORDER BY " + col + ", p.id LIMIT ?", len(of.cols) - 2 + len(dealColumns)
}

func (t followUps) Activities(ctx context.Context, tenant string, q opportunity.ActivityQuery) ([]opportunity.ListedActivity, error) {
	w, f, order := t.where("p", tenant), &q.Filter, byTime
	if f.Opportunity != uuid.Nil {
		w.and("p.opportunity_id = ?").id(f.Opportunity)
		order = byTimeOfOne
	}
	if f.Assignee != "" {
		w.and("p.assignee = ?").text(f.Assignee)
	}
	if f.Status != "" {
		w.and("p.status = ?").text(string(f.Status))
	}
	if f.Status == opportunity.ActivityOpen {
		w.and("o.status NOT IN (?, ?)").text(opportunity.Void.String(), opportunity.Closed.String())
	}
	if f.Kind != "" {
		w.and("p.kind = ?").text(string(f.Kind))
	}
	if !f.From.IsZero() {
		w.and("p.takes_place >= ?").time(f.From)
	}
	if !f.To.IsZero() {
		w.and("p.takes_place < ?").time(f.To)
	}
	w.scope(q.Scope, "o.department", "o.owner", inTeam)
	if q.AfterID != uuid.Nil {
		w.after(order, "p.id", q.Desc, q.After.UnixMicro(), q.AfterID)
	}
	var out []opportunity.ListedActivity
	query, n := t.listed(&activityTable, w, order, q.Desc)
	err := t.search(ctx, query, n, w.args.int(q.Limit), func(r *row) {
		out = append(out, opportunity.ListedActivity{Activity: readActivity(r), Deal: readDeal(r)})
	})
	return out, err
}

func (t followUps) Expenses(ctx context.Context, tenant string, q opportunity.ExpenseQuery) ([]opportunity.ListedExpense, error) {
	w, f, order := t.where("p", tenant), &q.Filter, byDate
	if f.Opportunity != uuid.Nil {
		w.and("p.opportunity_id = ?").id(f.Opportunity)
		order = byDateOfOne
	}
	if f.User != "" {
		w.and("p.user_id = ?").text(f.User)
	}
	if f.Status != "" {
		w.and("p.status = ?").text(string(f.Status))
	}
	if f.Category != uuid.Nil {
		w.and("p.category_id = ?").id(f.Category)
	}
	if !f.From.IsZero() {
		w.and("p.on_date >= ?").date(f.From)
	}
	if !f.To.IsZero() {
		w.and("p.on_date <= ?").date(f.To)
	}
	w.scope(q.Scope, "o.department", "o.owner", inTeam)
	if q.AfterID != uuid.Nil {
		w.after(order, "p.id", q.Desc, q.After.String(), q.AfterID)
	}
	var out []opportunity.ListedExpense
	query, n := t.listed(&expenseTable, w, order, q.Desc)
	err := t.search(ctx, query, n, w.args.int(q.Limit), func(r *row) {
		out = append(out, opportunity.ListedExpense{Expense: readExpense(r), Deal: readDeal(r)})
	})
	return out, err
}
