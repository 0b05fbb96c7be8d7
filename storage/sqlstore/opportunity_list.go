package sqlstore

import (
	"context"
	"strconv"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
)

// inTeam says that a user is in the team of o.
const inTeam = "EXISTS (SELECT 1 FROM pursuit_opportunity_member m WHERE m.tenant = o.tenant AND m.opportunity_id = o.id AND m.user_id = ?)"

// sortColumn is the column whose values opportunity.KeyOf gives as text;
// numeric says that they are numbers.
func sortColumn(o opportunity.Sort) (col string, numeric bool) {
	switch o {
	case opportunity.ByNumber:
		return "o.number", false
	case opportunity.ByName:
		return "o.name_key", false
	case opportunity.ByAmount:
		return "o.amount", true
	case opportunity.ByExpectedClose:
		return "o.expected_close", false
	case opportunity.ByUpdated:
		return "o.updated", true
	}
	return "o.created", true
}

// common are the filters that apply to opportunities and to the ledger, whose
// columns have the same names.
func (w *where) common(alias string, f *opportunity.Filter) {
	col := func(name string) string { return alias + "." + name }
	if len(f.Statuses) > 0 {
		names := make([]string, len(f.Statuses))
		for i, s := range f.Statuses {
			names[i] = s.String()
		}
		w.in(col("status"), names)
	}
	if f.Process != uuid.Nil {
		w.and(col("process_id") + " = ?").id(f.Process)
	}
	if len(f.Stages) > 0 {
		w.in(col("stage"), f.Stages)
	}
	if f.Owner != "" {
		w.and(col("owner") + " = ?").text(f.Owner)
	}
	if f.Department != "" {
		w.and(col("department") + " = ?").text(f.Department)
	}
	if f.Customer != uuid.Nil {
		w.and(col("customer_id") + " = ?").id(f.Customer)
	}
	if f.Source != uuid.Nil {
		w.and(col("source_id") + " = ?").id(f.Source)
	}
	if f.Currency != "" {
		w.and(col("currency") + " = ?").text(string(f.Currency))
	}
	if f.AmountFrom != nil {
		w.and(col("amount") + " >= ?").num(*f.AmountFrom)
	}
	if f.AmountTo != nil {
		w.and(col("amount") + " <= ?").num(*f.AmountTo)
	}
	if !f.ExpectedFrom.IsZero() {
		w.and(col("expected_close") + " >= ?").date(f.ExpectedFrom)
	}
	if !f.ExpectedTo.IsZero() {
		w.and(col("expected_close") + " <> '' AND " + col("expected_close") + " <= ?").date(f.ExpectedTo)
	}
}

// current are the filters that the ledger doesn't know.
func (w *where) current(f *opportunity.Filter) {
	if f.Member != "" {
		w.and(inTeam).text(f.Member)
	}
	if f.Product != "" {
		w.and("EXISTS (SELECT 1 FROM pursuit_opportunity_line l WHERE l.tenant = o.tenant AND l.opportunity_id = o.id AND l.product = ?)").text(f.Product)
	}
	if !f.CreatedFrom.IsZero() {
		w.and("o.created >= ?").time(f.CreatedFrom)
	}
	if !f.CreatedTo.IsZero() {
		w.and("o.created < ?").time(f.CreatedTo)
	}
	if f.Search != "" {
		w.contains("o.name_key", f.Search)
	}
	if f.Number != "" {
		w.and("o.number = ?").text(f.Number)
	}
}

func (t *tx) selected(tenant string, q *opportunity.Query) *where {
	w := t.where("o", tenant)
	w.scope(q.Scope, "o.department", "o.owner", inTeam)
	w.common("o", &q.Filter)
	w.current(&q.Filter)
	return w
}

func (t opportunities) List(ctx context.Context, tenant string, q opportunity.Query) ([]opportunity.Root, error) {
	w := t.selected(tenant, &q)
	col, numeric := sortColumn(q.Sort)
	if q.AfterID != uuid.Nil {
		var key any = q.After
		if numeric {
			u, err := strconv.ParseUint(q.After, 10, 64)
			if err != nil {
				return nil, fault.Invalid("query.invalid", fault.Field{Path: "/after", Code: "bad_key", Message: "isn't a sort key"})
			}
			key = int64(u - 1<<63)
		}
		w.after(col, "o.id", q.Desc, key, q.AfterID)
	}
	order := " ORDER BY " + col + ", o.id LIMIT ?"
	if q.Desc {
		order = " ORDER BY " + col + " DESC, o.id LIMIT ?"
	}
	var out []opportunity.Root
	err := t.search(ctx, "SELECT "+t.s.d.aliased("o", opportunityTable.cols)+" FROM pursuit_opportunity o"+w.text()+order,
		len(opportunityTable.cols), w.args.int(q.Limit), func(r *row) {
			var o opportunity.Root
			readOpportunity(r, &o)
			out = append(out, o)
		})
	return out, err
}

func (t opportunities) Count(ctx context.Context, tenant string, q opportunity.Query) (int64, error) {
	w := t.selected(tenant, &q)
	var n int64
	err := t.search(ctx, "SELECT COUNT(*) FROM pursuit_opportunity o"+w.text(), 1, w.args, func(r *row) { n = r.num() })
	return n, err
}
