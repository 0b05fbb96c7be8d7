package sqlstore

import (
	"context"
	"math"
	"strconv"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
)

// inTeam says that a user is in the team of o.
const inTeam = "EXISTS (SELECT 1 FROM pursuit_opportunity_member m WHERE m.tenant = o.tenant AND m.opportunity_id = o.id AND m.user_id = ?)"

// sortColumn is the column whose values opportunity.KeyOf gives as text;
// numeric says that they are numbers. Moments that are NULL take the place of the
// last one in the direction.
func sortColumn(o opportunity.Sort, desc bool) (col string, numeric bool) {
	last := strconv.FormatInt(lastOf(desc), 10)
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
	case opportunity.ByStageEntered:
		return "o.stage_entered", true
	case opportunity.ByProbability:
		return "o.probability", true
	case opportunity.ByNextActivity:
		return "COALESCE(o.next_activity, " + last + ")", true
	case opportunity.ByLastActivity:
		return "COALESCE(o.last_activity, " + last + ")", true
	}
	return "o.created", true
}

// lastOf comes after all moments in a direction.
func lastOf(desc bool) int64 {
	if desc {
		return -math.MaxInt64
	}
	return math.MaxInt64
}

func (t *tx) selected(tenant string, q *opportunity.Query) *where {
	w := t.where("o", tenant)
	w.scope(q.Scope, "o.department", "o.owner", inTeam)
	w.common("o", &q.Filter)
	w.current(&q.Filter, q.Customers)
	return w
}

// List takes a statement, and for those without an expected close, which stand
// before the others along the index, one more where they come.
func (t opportunities) List(ctx context.Context, tenant string, q opportunity.Query) ([]opportunity.Root, error) {
	if q.Sort != opportunity.ByExpectedClose || q.Desc {
		return t.page(ctx, tenant, &q, "")
	}
	var out []opportunity.Root
	var err error
	if q.AfterID == uuid.Nil || q.After != "" {
		begin := "o.expected_close > ''"
		if q.AfterID != uuid.Nil {
			begin = "" // the page begins behind a date
		}
		if out, err = t.page(ctx, tenant, &q, begin); err != nil || len(out) == q.Limit {
			return out, err
		}
		q.AfterID = uuid.Nil
	}
	q.Limit -= len(out)
	more, err := t.page(ctx, tenant, &q, withoutClose)
	if err != nil {
		return nil, err
	}
	return append(out, more...), nil
}

// withoutClose selects what has no expected close: in order of the ids.
const withoutClose = "o.expected_close = ''"

// page reads those of a list for which a condition holds, if there is one.
func (t opportunities) page(ctx context.Context, tenant string, q *opportunity.Query, cond string) ([]opportunity.Root, error) {
	w := t.selected(tenant, q)
	if cond != "" {
		w.and(cond)
	}
	col, numeric := sortColumn(q.Sort, q.Desc)
	if cond == withoutClose && q.AfterID != uuid.Nil {
		w.and("o.id > ?").id(q.AfterID)
	} else if q.AfterID != uuid.Nil {
		var key any = q.After
		if numeric && q.After == "" {
			key = lastOf(q.Desc)
		} else if numeric {
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

func (t opportunities) OfContact(ctx context.Context, tenant string, q opportunity.ContactQuery) ([]opportunity.ContactDeal, error) {
	w := t.where("o", tenant)
	w.and("d.contact_id = ?").id(q.Contact)
	w.scope(q.Scope, "o.department", "o.owner", inTeam)
	if q.AfterID != uuid.Nil {
		w.and("o.id <= ? AND (o.id < ? OR d.role < ?)").id(q.AfterID).id(q.AfterID).text(string(q.AfterRole))
	}
	var out []opportunity.ContactDeal
	err := t.search(ctx, "SELECT "+t.s.d.aliased("o", opportunityTable.cols)+", "+t.s.d.aliased("d", dealContactTable.cols[2:])+
		" FROM pursuit_opportunity_contact d JOIN pursuit_opportunity o ON o.tenant = d.tenant AND o.id = d.opportunity_id"+w.text()+
		" ORDER BY o.id DESC, d.role DESC LIMIT ?", len(opportunityTable.cols)+len(dealContactTable.cols)-2, w.args.int(q.Limit), func(r *row) {
		var x opportunity.ContactDeal
		readOpportunity(r, &x.Deal)
		x.Contact = readDealContact(r)
		out = append(out, x)
	})
	return out, err
}

func (t opportunities) Count(ctx context.Context, tenant string, q opportunity.Query) (int64, error) {
	w := t.selected(tenant, &q)
	var n int64
	err := t.search(ctx, "SELECT COUNT(*) FROM pursuit_opportunity o"+w.text(), 1, w.args, func(r *row) { n = r.num() })
	return n, err
}
