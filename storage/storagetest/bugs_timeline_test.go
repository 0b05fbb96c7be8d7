package storagetest_test

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/storage"
	"github.com/pursuit-crm/pursuit/storage/memory"
)

// teller edits what is asked of timelines, and what comes back.
type teller struct {
	opportunity.FollowUps
	ask    func(q *opportunity.TimelineQuery)
	answer func(list []opportunity.TimelineItem) []opportunity.TimelineItem
}

func (l *teller) Timeline(ctx context.Context, tenant string, q opportunity.TimelineQuery) ([]opportunity.TimelineItem, error) {
	if q.After != nil {
		place := *q.After
		q.After = &place
	}
	if l.ask != nil {
		l.ask(&q)
	}
	list, err := l.FollowUps.Timeline(ctx, tenant, q)
	if l.answer != nil {
		list = l.answer(list)
	}
	return list, err
}

func timelineBugs() []bug {
	const rule = "followups/timeline/O12_pages"
	told := func(l teller) func(*memory.Store) *broken {
		return swapping(func(tx storage.Tx) swapped {
			l := l
			l.FollowUps = tx.FollowUps()
			return swapped{followUps: &l}
		})
	}
	each := func(edit func(x *opportunity.TimelineItem)) teller {
		return teller{answer: func(list []opportunity.TimelineItem) []opportunity.TimelineItem {
			for i := range list {
				edit(&list[i])
			}
			return list
		}}
	}
	after := func(edit func(p *opportunity.TimelinePlace)) teller {
		return teller{ask: func(q *opportunity.TimelineQuery) {
			if q.After != nil {
				edit(q.After)
			}
		}}
	}
	naming := func(edit func(n *opportunity.Names)) func(*memory.Store) *broken {
		return func(*memory.Store) *broken {
			return &broken{get: func(ctx context.Context, r opportunity.Repository, tenant string, id uuid.UUID, l opportunity.Load) (opportunity.Record, error) {
				rec, err := r.Get(ctx, tenant, id, l)
				edit(&rec.Names)
				return rec, err
			}}
		}
	}
	const names = "opportunity/get/O18_R04_names"
	return []bug{
		{"pages a timeline by moments alone", rule, told(after(func(p *opportunity.TimelinePlace) { p.Entry, p.Progress, p.Activity = 0, false, uuid.Nil }))},
		{"forgets that a progress and an event share a number", rule, told(after(func(p *opportunity.TimelinePlace) { p.Progress = false }))},
		{"shows an event beside its progress", rule, told(teller{answer: func(list []opportunity.TimelineItem) []opportunity.TimelineItem {
			for i := range list {
				if list[i].Event == opportunity.EventMoved {
					x := list[i]
					x.Kind = opportunity.TimelineEvent
					return slices.Insert(list, i+1, x)
				}
			}
			return list
		}})},
		{"shows no activities that are only planned", rule, told(teller{answer: func(list []opportunity.TimelineItem) []opportunity.TimelineItem {
			return slices.DeleteFunc(list, func(x opportunity.TimelineItem) bool {
				return x.Activity != nil && x.Activity.Status == opportunity.ActivityOpen
			})
		}})},
		{"drops a summary", rule, told(each(func(x *opportunity.TimelineItem) { x.Summary = "" }))},
		{"drops an activity's result", rule, told(each(func(x *opportunity.TimelineItem) {
			if x.Activity != nil {
				x.Activity.Result = ""
			}
		}))},
		{"tells another deal's history", rule, told(teller{answer: func(list []opportunity.TimelineItem) []opportunity.TimelineItem {
			if len(list) == 0 {
				return []opportunity.TimelineItem{{Kind: opportunity.TimelineEvent}}
			}
			return list
		}})},
		{"names who is billed as the customer", names, naming(func(n *opportunity.Names) {
			if len(n.Customers) > 1 {
				n.Customers[0], n.Customers[1] = n.Customers[1], n.Customers[0]
			}
		})},
		{"forgets who owns the customer", "opportunity/get/J01_customer_owner", func(*memory.Store) *broken {
			return &broken{get: func(ctx context.Context, r opportunity.Repository, tenant string, id uuid.UUID, l opportunity.Load) (opportunity.Record, error) {
				l.CustomerOwner = false
				return r.Get(ctx, tenant, id, l)
			}}
		}},
		{"forgets a contact's name", names, naming(func(n *opportunity.Names) {
			if len(n.Contacts) > 0 {
				n.Contacts = n.Contacts[:1]
			}
		})},
	}
}
