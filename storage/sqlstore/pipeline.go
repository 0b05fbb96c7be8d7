package sqlstore

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/opportunity/pipeline"
)

type sums struct{ *tx }

// lastRow says something of the last row, z, of a deal in the ledger.
const lastRow = "EXISTS (SELECT 1 FROM pursuit_opportunity_ledger z WHERE z.tenant = o.tenant AND z.opportunity_id = o.opportunity_id AND %s AND" +
	" NOT EXISTS (SELECT 1 FROM pursuit_opportunity_ledger y WHERE y.tenant = z.tenant AND y.opportunity_id = z.opportunity_id AND y.seq > z.seq))"

// grouping is how a query is put together: o is the current row or the ledger's.
type grouping struct {
	from   string
	key    string // the group's expression
	ids    bool   // the key is an id
	count  string
	amount string
	where  *where
}

func (t sums) grouping(tenant string, q *pipeline.Query) grouping {
	g := grouping{from: " FROM pursuit_opportunity o", count: "COUNT(*)", amount: "o.amount"}
	if q.AsOf != nil {
		g.from = " FROM pursuit_opportunity_ledger o"
		w := t.where("o", tenant)
		e, k := q.AsOf.Effective, q.AsOf.Known
		w.and("o.effective_from <= ? AND o.recorded_from <= ? AND (o.effective_to > ? OR o.recorded_to > ?)").time(e).time(k).time(e).time(k)
		if !q.Scope.All { // decided by the deal as it is now, or as it was when it was deleted
			g.from += " LEFT JOIN pursuit_opportunity r ON r.tenant = o.tenant AND r.id = o.opportunity_id"
			now, vals := seen(q.Scope, "r.department", "r.owner", strings.ReplaceAll(inTeam, "o.id", "o.opportunity_id"))
			last, more := seen(q.Scope, "z.department", "z.owner", "")
			w.and("(r.id IS NOT NULL AND " + now + " OR r.id IS NULL AND " + fmt.Sprintf(lastRow, last) + ")").text(vals...).text(more...)
		}
		w.common("o", &q.Filter)
		g.where = w
	} else {
		g.where = t.selected(tenant, &opportunity.Query{Scope: q.Scope, Customers: q.Customers, Filter: q.Filter})
	}
	switch q.By {
	case pipeline.ByStage:
		g.key = "o.stage"
	case pipeline.ByOwner:
		g.key = "o.owner"
	case pipeline.ByDepartment:
		g.key = "o.department"
	case pipeline.ByCategory:
		g.key = "o.category"
	case pipeline.ByCustomer:
		g.key, g.ids = "o.customer_id", true
	case pipeline.BySource:
		g.key, g.ids = "o.source_id", true
	case pipeline.ByProcess:
		g.key, g.ids = "o.process_id", true
	case pipeline.BySector:
		g.key = "COALESCE(c.sector, '')"
		g.from += " LEFT JOIN pursuit_customer c ON c.tenant = o.tenant AND c.id = o.customer_id"
	case pipeline.ByProduct: // each line under its product, a deal without lines under ''
		g.key, g.count, g.amount = "COALESCE(l.product, '')", "COUNT(DISTINCT o.id)", "COALESCE(l.amount, o.amount)"
		g.from += " LEFT JOIN pursuit_opportunity_line l ON l.tenant = o.tenant AND l.opportunity_id = o.id"
	default:
		g.key = "''"
	}
	return g
}

func (g *grouping) read(r *row) string {
	if !g.ids {
		return r.text()
	}
	if id := r.idOrNil(); id != uuid.Nil {
		return id.String()
	}
	return ""
}

func (t sums) Sums(ctx context.Context, tenant string, q pipeline.Query) ([]pipeline.Bucket, error) {
	g := t.grouping(tenant, &q)
	query := "SELECT " + g.key + ", o.status, o.currency, o.probability, o.category, " + g.count + ", SUM(" + g.amount + ")" +
		g.from + g.where.text() + " GROUP BY 1, 2, 3, 4, 5"
	var out []pipeline.Bucket
	over := false
	err := t.search(ctx, query, 7, g.where.args, func(r *row) {
		b := pipeline.Bucket{Key: g.read(r), Status: readStatus(r), Currency: r.currency(), Probability: r.int(), Category: r.text(), Count: r.num()}
		// Databases that sum beyond 64 bits give the sum as text.
		c := r.next()
		b.Amount = c.n
		if c.kind != number {
			n, err := strconv.ParseInt(c.text(), 10, 64)
			over = over || errors.Is(err, strconv.ErrRange)
			b.Amount = n
		}
		out = append(out, b)
	})
	if err == nil && over {
		err = fault.New(fault.ErrLimit, "pipeline.overflow", "a sum is too large")
	}
	if err != nil {
		return nil, err
	}
	slices.SortFunc(out, func(a, b pipeline.Bucket) int {
		return cmp.Or(strings.Compare(a.Key, b.Key), cmp.Compare(a.Status, b.Status), cmp.Compare(a.Currency, b.Currency),
			cmp.Compare(a.Probability, b.Probability), strings.Compare(a.Category, b.Category))
	})
	return out, nil
}

func (t sums) CycleDays(ctx context.Context, tenant string, q pipeline.Query) ([]pipeline.Days, error) {
	g := t.grouping(tenant, &q)
	g.where.and("o.cycle_days IS NOT NULL AND o.status IN ('won', 'closed', 'lost')")
	query := "SELECT " + g.key + ", o.status, o.cycle_days, " + g.count + g.from + g.where.text() + " GROUP BY 1, 2, 3"
	var out []pipeline.Days
	err := t.search(ctx, query, 4, g.where.args, func(r *row) {
		out = append(out, pipeline.Days{Key: g.read(r), Status: readStatus(r), Days: r.int(), Count: r.num()})
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(out, func(a, b pipeline.Days) int {
		return cmp.Or(strings.Compare(a.Key, b.Key), cmp.Compare(a.Status, b.Status), cmp.Compare(a.Days, b.Days))
	})
	return out, nil
}
