package memory

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/opportunity"
)

// names are those of the customers, and of the contacts that are loaded.
func (b *books) names(s *opportunity.Snapshot) (n opportunity.Names) {
	for _, c := range b.customersOf([]uuid.UUID{s.Customer, s.BillTo, s.EndUser}) {
		n.AddCustomer(opportunity.CustomerName{ID: c.ID, Code: c.Code, Name: c.Name})
	}
	for i := range s.Contacts {
		for _, c := range b.contactsOf([]uuid.UUID{s.Contacts[i].Contact}) {
			n.AddContact(opportunity.ContactName{ID: c.ID, Customer: c.Customer, Name: c.Name, Title: c.Title, Active: c.Active})
		}
	}
	return n
}

func (r followUps) Timeline(ctx context.Context, tenant string, q opportunity.TimelineQuery) ([]opportunity.TimelineItem, error) {
	b, err := r.t.read(ctx, tenant)
	if err != nil {
		return nil, err
	}
	var list []opportunity.TimelineItem
	add := func(x opportunity.TimelineItem) {
		if q.After == nil || q.After.Compare(x.Place()) < 0 {
			list = append(list, x)
		}
	}
	elsewhere := opportunity.ShownElsewhere()
	for _, e := range b.journal[chain{journal.KindOpportunity, q.Opportunity}] {
		if !slices.Contains(elsewhere, e.Type) {
			add(opportunity.TimelineItem{At: e.Moment.Effective, Kind: opportunity.TimelineEvent, Recorded: e.Moment.Recorded, By: e.Moment.By, Entry: e.Seq, Event: e.Type})
		}
	}
	rows := b.ledger[q.Opportunity]
	for i := range rows {
		if rows[i].Progress != "" {
			add(opportunity.TimelineOf(&rows[i]))
		}
	}
	if d := b.deals[q.Opportunity]; d != nil {
		for _, a := range d.Activities {
			add(opportunity.TimelineOfActivity(a))
		}
	}
	slices.SortFunc(list, func(x, y opportunity.TimelineItem) int { return x.Place().Compare(y.Place()) })
	return list[:min(q.Limit, len(list))], nil
}
