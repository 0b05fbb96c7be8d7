package storagetest_test

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/opportunity/pipeline"
	"github.com/pursuit-crm/pursuit/storage/memory"
)

// instead lists what a filter without one of its fields finds and wrong keeps,
// where that field is asked for.
func instead(without func(f *opportunity.Filter) bool, wrong func(f *opportunity.Filter, r *opportunity.Root) bool) func(*memory.Store) *broken {
	return func(*memory.Store) *broken {
		return &broken{list: func(ctx context.Context, r opportunity.Repository, tenant string, q opportunity.Query) ([]opportunity.Root, error) {
			asked := q.Filter
			if !without(&q.Filter) {
				return r.List(ctx, tenant, q)
			}
			list, err := r.List(ctx, tenant, q)
			return slices.DeleteFunc(list, func(x opportunity.Root) bool { return !wrong(&asked, &x) }), err
		}}
	}
}

func readBugs() []bug {
	return []bug{
		{"searches hidden names", "opportunity/list/J02_names-of-customers", func(*memory.Store) *broken {
			return &broken{list: func(ctx context.Context, r opportunity.Repository, tenant string, q opportunity.Query) ([]opportunity.Root, error) {
				q.Customers = access.Scope{All: true}
				return r.List(ctx, tenant, q)
			}}
		}},
		{"finds deals by reasons of past cycles", "opportunity/list/F4_reasons-of-the-current-cycle", instead(
			func(f *opportunity.Filter) bool {
				asked := f.Reason != uuid.Nil
				f.Reason = uuid.Nil
				return asked
			},
			func(f *opportunity.Filter, r *opportunity.Root) bool {
				return r.Cycle > 1 || r.Outcome != nil && slices.ContainsFunc(r.Outcome.Reasons, func(c opportunity.Choice) bool { return c.Reason == f.Reason })
			})},
		{"counts time on hold", "opportunity/list/F10_time-on-hold", instead(
			func(f *opportunity.Filter) bool {
				asked := !f.StageEnteredTo.IsZero()
				*f = opportunity.Filter{}
				return asked
			},
			func(f *opportunity.Filter, r *opportunity.Root) bool {
				return r.Status != opportunity.OnHold && r.StageEntered.Before(f.StageEnteredTo)
			})},
		{"takes a new deal for idle", "opportunity/list/J02_filters", instead(
			func(f *opportunity.Filter) bool {
				asked := !f.IdleSince.IsZero()
				if asked {
					*f = opportunity.Filter{IdleSince: f.IdleSince.AddDate(1000, 0, 0)}
				}
				return asked
			},
			func(f *opportunity.Filter, r *opportunity.Root) bool { return r.LastActivity.Before(f.IdleSince) })},
		{"begins with what lacks the value", "opportunity/list/pages", func(*memory.Store) *broken {
			return &broken{list: func(ctx context.Context, r opportunity.Repository, tenant string, q opportunity.Query) ([]opportunity.Root, error) {
				list, err := r.List(ctx, tenant, q)
				if q.Sort == opportunity.ByExpectedClose && !q.Desc {
					slices.SortStableFunc(list, func(a, b opportunity.Root) int { return a.ExpectedClose.Compare(b.ExpectedClose) })
				}
				return list, err
			}}
		}},
		{"forgets whose a deleted deal was", "ledger/J02_deleted-deals", summing(func(q *pipeline.Query) {
			if q.AsOf != nil && len(q.Scope.Departments) > 0 {
				q.Scope = access.Scope{User: "ann"}
			}
		})},
	}
}
