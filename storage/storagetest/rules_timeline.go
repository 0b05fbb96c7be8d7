package storagetest

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/storage"
)

// happens stores events of an opportunity, in one command; with a progress unless
// it is "".
func (b *books) happens(s *opportunity.Snapshot, at time.Time, p opportunity.Progress, types ...string) (out []opportunity.TimelineItem) {
	b.e.t.Helper()
	s.Version++
	c := opportunity.Change{Expected: s.Version - 1}
	recorded := at.Add(3 * time.Microsecond)
	for _, name := range types {
		j, err := s.Head.Append(b.tenant, journal.KindOpportunity, s.ID, b.e.id(), s.Version, journal.Event{Type: name, Payload: 1},
			journal.Moment{Effective: at, Recorded: recorded, By: "bob"})
		if err != nil {
			b.e.fatalf("making a journal entry: %v", err)
		}
		c.Entries = append(c.Entries, j)
		if !slices.Contains(opportunity.ShownElsewhere(), name) {
			out = append(out, opportunity.TimelineItem{At: at, Kind: opportunity.TimelineEvent, Recorded: recorded, By: "bob", Entry: j.Seq, Event: name})
		}
	}
	if p != "" {
		prior := opportunity.LedgerRow{Opportunity: s.ID, Seq: s.Ledger.Seq, EffectiveFrom: s.Ledger.Effective, RecordedFrom: s.Ledger.Recorded,
			EffectiveTo: at, RecordedTo: recorded}
		next := row(&s.Root, prior.Seq+1, at, recorded)
		next.Event, next.By, next.Progress, next.FromStage, next.Summary = types[len(types)-1], "bob", p, "s0", "summed up 总结"
		s.Ledger = opportunity.LedgerMark{Seq: next.Seq, Effective: at, Recorded: recorded}
		c.Prior, c.Next = &prior, &next
		out = append(out, opportunity.TimelineItem{At: at, Kind: opportunity.TimelineProgress, Recorded: recorded, By: "bob", Entry: next.Entry, Event: next.Event,
			Progress: p, FromStage: "s0", ToStage: s.Stage, Summary: "summed up 总结"})
	}
	c.Root = s.Root
	b.save("an event of a deal", c)
	return out
}

// eventful stores an opportunity with many events, several of them at the same
// time, and returns its timeline.
func (b *books) eventful() (*opportunity.Snapshot, []opportunity.TimelineItem) {
	b.e.t.Helper()
	at := func(n int) time.Time { return day.Add(24*time.Hour + time.Duration(n)*time.Microsecond) }
	activity := func(status opportunity.ActivityStatus, when time.Time) opportunity.Activity {
		a := opportunity.Activity{ID: b.e.id(), Kind: opportunity.Demo, Subject: "subject", Note: "note", Assignee: "cat", Status: status, Due: when,
			Created: day.Add(time.Second), CreatedBy: "dan"}
		switch status {
		case opportunity.ActivityDone:
			a.Due, a.Done, a.Result = at(-90), when, "result"
		case opportunity.ActivityCancelled:
			a.Reason = "reason"
		}
		return a
	}
	early, off := activity(opportunity.ActivityOpen, at(1)), activity(opportunity.ActivityCancelled, at(1))
	done, logged := activity(opportunity.ActivityDone, at(2)), activity(opportunity.ActivityDone, at(2))
	logged.Due = time.Time{}
	late := activity(opportunity.ActivityOpen, at(1_000_000_000))
	s := b.record(func(s *opportunity.Snapshot) { s.Activities = []opportunity.Activity{early, off, done, logged, late} })
	moved := b.happens(s, at(1), opportunity.Advanced, opportunity.EventMoved)
	updated := b.happens(s, at(1), "", opportunity.EventUpdated)
	// The events of a command: a progress has the number of the last one.
	lost := b.happens(s, at(2), opportunity.EndedLost, opportunity.EventLost, opportunity.EventCompetitorAdded)
	removed := b.happens(s, at(3), "", opportunity.EventActivityPlanned, opportunity.EventActivityRemoved)
	var first journal.Entry
	b.e.look("the first entry", func(ctx context.Context, tx storage.Tx) error {
		list, err := tx.Journal().Entries(ctx, b.tenant, journal.KindOpportunity, s.ID, 0, 1)
		if err == nil {
			first = list[0]
		}
		return err
	})
	act := opportunity.TimelineOfActivity
	return s, []opportunity.TimelineItem{
		act(late), removed[0], lost[1], lost[0], act(logged), act(done), updated[0], moved[0], act(off), act(early),
		{At: first.Moment.Effective, Kind: opportunity.TimelineEvent, Recorded: first.Moment.Recorded, By: "ann", Entry: 1, Event: first.Type},
	}
}

func (e *env) timelinePages(id uuid.UUID, limit int) []opportunity.TimelineItem {
	return inPages(e, limit, func(ctx context.Context, tx storage.Tx, last *opportunity.TimelineItem) ([]opportunity.TimelineItem, error) {
		q := opportunity.TimelineQuery{Opportunity: id, Limit: limit}
		if last != nil {
			place := last.Place()
			q.After = &place
		}
		return tx.FollowUps().Timeline(ctx, "t", q)
	})
}

func timelineRules() []Rule {
	return []Rule{
		{"followups/timeline/O12_pages", "loses an item between two pages, shows one twice, or mixes deals up would tell a history that wasn't so", func(e *env) {
			b := e.open("t")
			_, _ = b.eventful()
			s, want := b.eventful()
			e.do("an order with the id of the deal", func(ctx context.Context, tx storage.Tx) error {
				c := b.order("SAME", s)
				c.Root.ID, c.Root.Head = s.ID, journal.Head{}
				c.Entries = []journal.Entry{e.entry("t", journal.KindOrder, s.ID, 1, &c.Root.Head)}
				return tx.Orders().Save(ctx, c)
			})
			for _, limit := range []int{1, 2, 3, 4, 100} {
				e.equal(fmt.Sprintf("the timeline, in pages of %d", limit), e.timelinePages(s.ID, limit), want)
			}
			if got := e.timelinePages(b.customer.ID, 10); len(got) != 0 {
				e.errorf("an unknown deal has %d items", len(got))
			}
		}},
		{"opportunity/get/O18_R04_names", "gives the wrong names would send the offer to somebody else", func(e *env) {
			b := e.open("t")
			role := func(contact uuid.UUID, r opportunity.ContactRole) opportunity.DealContact {
				return opportunity.DealContact{ContactKey: opportunity.ContactKey{Contact: contact, Role: r}, Added: day}
			}
			coded := e.newCustomer("t", "Third")
			coded.Customer.Code = "K3"
			e.do("a customer with a code", saveCustomer(coded))
			s := b.record(func(s *opportunity.Snapshot) {
				s.BillTo, s.EndUser = b.second.ID, coded.Customer.ID
				s.Contacts = []opportunity.DealContact{role(b.contact.ID, opportunity.Champion), role(b.contact.ID, opportunity.Influencer), role(b.stranger.ID, opportunity.Champion)}
				s.Members = append(s.Members, opportunity.Member{User: "ann", Role: opportunity.RoleOwner, Access: opportunity.Write, Joined: day},
					opportunity.Member{User: "bob", Role: opportunity.RoleSales, Access: opportunity.Read, Joined: day})
			})
			twice := b.record(func(s *opportunity.Snapshot) { s.BillTo, s.EndUser = b.second.ID, b.second.ID })
			plain := b.record()
			acme := opportunity.CustomerName{ID: b.customer.ID, Name: b.customer.Name}
			bolt := opportunity.CustomerName{ID: b.second.ID, Name: b.second.Name}
			third := opportunity.CustomerName{ID: coded.Customer.ID, Code: "K3", Name: "Third"}
			people := []opportunity.ContactName{{ID: b.contact.ID, Customer: b.customer.ID, Name: "Ada", Active: true}, {ID: b.stranger.ID, Customer: b.second.ID, Name: "Bob", Active: true}}
			for _, c := range []struct {
				of   *opportunity.Snapshot
				load opportunity.Load
				want opportunity.Names
			}{
				{s, opportunity.Load{Parts: opportunity.AllParts}, opportunity.Names{}},
				{s, opportunity.Load{Names: true, Parts: opportunity.AllParts, Viewer: "bob"}, opportunity.Names{Customers: []opportunity.CustomerName{acme, bolt, third}, Contacts: people}},
				{s, opportunity.Load{Names: true, Parts: opportunity.PartContacts, Viewer: "bob"}, opportunity.Names{Customers: []opportunity.CustomerName{acme, bolt, third}, Contacts: people}},
				{s, opportunity.Load{Names: true, Archive: []uuid.UUID{b.rival.ID, b.why.ID}}, opportunity.Names{Customers: []opportunity.CustomerName{acme, bolt, third}}},
				{twice, opportunity.Load{Names: true, Parts: opportunity.AllParts}, opportunity.Names{Customers: []opportunity.CustomerName{acme, bolt}}},
				{plain, opportunity.Load{Names: true, Activity: b.rival.ID}, opportunity.Names{Customers: []opportunity.CustomerName{acme}}},
			} {
				e.readBack("names", func(ctx context.Context, tx storage.Tx) (any, any, error) {
					rec, err := tx.Opportunities().Get(ctx, "t", c.of.ID, c.load)
					return rec.Names, c.want, err
				})
				if c.load.Parts == opportunity.AllParts {
					e.readBack("the parts beside names", func(ctx context.Context, tx storage.Tx) (any, any, error) {
						rec, err := tx.Opportunities().Get(ctx, "t", c.of.ID, c.load)
						return rec.Snapshot, *c.of, err
					})
				}
			}
		}},
		{"opportunity/get/J01_customer_owner", "gives another customer's owner would let a policy decide by somebody else's", func(e *env) {
			b := e.open("t")
			theirs := e.newCustomer("t", "Third")
			theirs.Customer.Owner = "zoe"
			e.do("a customer with an owner", saveCustomer(theirs))
			s := b.record(func(s *opportunity.Snapshot) {
				s.Customer, s.BillTo = theirs.Customer.ID, b.second.ID
				s.Members = append(s.Members, opportunity.Member{User: "ann", Role: opportunity.RoleOwner, Access: opportunity.Write, Joined: day},
					opportunity.Member{User: "bob", Role: opportunity.RoleSales, Access: opportunity.Read, Joined: day})
			})
			nobodys := b.record()
			for _, c := range []struct {
				of   *opportunity.Snapshot
				load opportunity.Load
				want string
			}{
				{s, opportunity.Load{Viewer: "bob"}, ""},
				{s, opportunity.Load{CustomerOwner: true}, "zoe"},
				{s, opportunity.Load{CustomerOwner: true, Names: true, Parts: opportunity.AllParts, Viewer: "bob"}, "zoe"},
				{s, opportunity.Load{CustomerOwner: true, Parts: opportunity.PartMembers, Viewer: "bob"}, "zoe"},
				{s, opportunity.Load{CustomerOwner: true, Archive: []uuid.UUID{b.rival.ID, b.why.ID}, Activity: b.rival.ID, Viewer: "eve"}, "zoe"},
				{nobodys, opportunity.Load{CustomerOwner: true}, ""},
			} {
				e.readBack("the customer's owner", func(ctx context.Context, tx storage.Tx) (any, any, error) {
					rec, err := tx.Opportunities().Get(ctx, "t", c.of.ID, c.load)
					return rec.CustomerOwner, c.want, err
				})
				e.readBack("the members beside it", func(ctx context.Context, tx storage.Tx) (any, any, error) {
					rec, err := tx.Opportunities().Get(ctx, "t", c.of.ID, c.load)
					return len(rec.Snapshot.Members), map[bool]int{true: len(c.of.Members)}[c.load.Parts&opportunity.PartMembers != 0], err
				})
			}
		}},
	}
}
