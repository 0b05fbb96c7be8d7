package memory

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/opportunity/pipeline"
)

type sums struct{ t *tx }

// views calls fn for each row that a query selects, be it current or of the
// ledger. d is nil for a deal that was deleted.
func (b *books) views(q *pipeline.Query, fn func(x *opportunity.LedgerRow, d *deal)) {
	if q.AsOf == nil {
		b.current(q.Scope, q.Customers, &q.Filter, fn)
		return
	}
	s := b.selecting(q.Scope, q.Customers, &q.Filter)
	for id, rows := range b.ledger {
		if x := at(rows, q.AsOf); x != nil {
			if d := b.deals[id]; s.sees(x, d, &rows[len(rows)-1]) {
				fn(x, d)
			}
		}
	}
}

// at finds the row that holds at a point in both times. Both starts grow along
// the rows, and each row ends where the next one begins (J07): so it can only be
// the last one that had begun.
func at(rows []opportunity.LedgerRow, when *pipeline.AsOf) *opportunity.LedgerRow {
	for i := len(rows) - 1; i >= 0; i-- {
		x := &rows[i]
		if x.EffectiveFrom.After(when.Effective) || x.RecordedFrom.After(when.Known) {
			continue
		}
		if x.EffectiveTo.IsZero() || x.EffectiveTo.After(when.Effective) || x.RecordedTo.After(when.Known) {
			return x
		}
		return nil
	}
	return nil
}

func idText(id uuid.UUID) string {
	if id == uuid.Nil {
		return ""
	}
	return id.String()
}

// groups calls fn for each group that a deal counts under, with its amount there.
func (b *books) groups(by pipeline.Dimension, x *opportunity.LedgerRow, d *deal, fn func(key string, minor int64)) {
	minor := x.Amount.Minor()
	switch by {
	case pipeline.ByStage:
		fn(x.Stage, minor)
	case pipeline.ByOwner:
		fn(x.Owner, minor)
	case pipeline.ByDepartment:
		fn(x.Department, minor)
	case pipeline.ByCustomer:
		fn(idText(x.Customer), minor)
	case pipeline.BySource:
		fn(idText(x.Source), minor)
	case pipeline.ByProcess:
		fn(idText(x.Process), minor)
	case pipeline.ByCategory:
		fn(string(x.Category), minor)
	case pipeline.BySector:
		sector := ""
		if c := b.customers[x.Customer]; c != nil {
			sector = c.Customer.Sector
		}
		fn(sector, minor)
	case pipeline.ByProduct:
		if d == nil || len(d.Lines) == 0 {
			fn("", minor)
			return
		}
		each := map[string]int64{}
		for _, l := range d.Lines {
			each[l.Product] += l.Amount.Minor()
		}
		for product, minor := range each {
			fn(product, minor)
		}
	default:
		fn("", minor)
	}
}

func (r sums) Sums(ctx context.Context, tenant string, q pipeline.Query) ([]pipeline.Bucket, error) {
	b, err := r.t.read(ctx, tenant)
	if err != nil {
		return nil, err
	}
	type figures struct{ count, amount int64 }
	found := map[pipeline.Bucket]figures{}
	overflow := false
	b.views(&q, func(x *opportunity.LedgerRow, d *deal) {
		b.groups(q.By, x, d, func(group string, minor int64) {
			k := pipeline.Bucket{Key: group, Status: x.Status, Currency: x.Amount.Currency(), Probability: x.Probability, Category: string(x.Category)}
			f := found[k]
			sum := f.amount + minor
			overflow = overflow || (minor > 0) != (sum > f.amount) && minor != 0
			found[k] = figures{f.count + 1, sum}
		})
	})
	if overflow {
		return nil, fault.New(fault.ErrLimit, "pipeline.overflow", "a sum is too large")
	}
	var out []pipeline.Bucket
	for k, f := range found {
		k.Count, k.Amount = f.count, f.amount
		out = append(out, k)
	}
	slices.SortFunc(out, func(a, b pipeline.Bucket) int {
		return cmp.Or(strings.Compare(a.Key, b.Key), cmp.Compare(a.Status, b.Status), cmp.Compare(a.Currency, b.Currency),
			cmp.Compare(a.Probability, b.Probability), strings.Compare(a.Category, b.Category))
	})
	return out, nil
}

func (r sums) CycleDays(ctx context.Context, tenant string, q pipeline.Query) ([]pipeline.Days, error) {
	b, err := r.t.read(ctx, tenant)
	if err != nil {
		return nil, err
	}
	found := map[pipeline.Days]int64{}
	b.views(&q, func(x *opportunity.LedgerRow, d *deal) {
		if x.CycleDays == nil || !x.Status.IsDecided() {
			return
		}
		b.groups(q.By, x, d, func(group string, _ int64) {
			found[pipeline.Days{Key: group, Status: x.Status, Days: *x.CycleDays}]++
		})
	})
	var out []pipeline.Days
	for k, n := range found {
		k.Count = n
		out = append(out, k)
	}
	slices.SortFunc(out, func(a, b pipeline.Days) int {
		return cmp.Or(strings.Compare(a.Key, b.Key), cmp.Compare(a.Status, b.Status), cmp.Compare(a.Days, b.Days))
	})
	return out, nil
}
