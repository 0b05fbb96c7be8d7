package customer

import (
	"encoding/json"
	"slices"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
)

// Replay rebuilds a customer and its contacts, in order of their ids, from all
// entries of its journal, in order. After a deletion both are empty. It doesn't
// check the chain; journal.Verify does.
// Errors: ErrCorrupt ("customer.replay") naming the first entry that doesn't fit:
// another aggregate's, an unknown event, a payload that doesn't decode, or one
// that can't follow what came before.
func Replay(entries []journal.Entry) (Customer, []Contact, error) {
	var r replay
	for i := range entries {
		if code := r.apply(&entries[i]); code != "" {
			return Customer{}, nil, fault.New(fault.ErrCorrupt, "customer.replay", "the customer's journal can't be replayed",
				fault.Field{Path: fault.Index("/entries", i), Code: code, Message: "doesn't fit: " + code})
		}
	}
	return r.customer, r.contacts, nil
}

type replay struct {
	customer Customer
	contacts []Contact
}

// apply returns what is wrong, or "".
func (r *replay) apply(e *journal.Entry) string {
	if e.Kind != journal.KindCustomer {
		return "kind"
	}
	if (e.Type == EventCreated) != (r.customer.ID == uuid.Nil) || r.customer.ID != uuid.Nil && r.customer.ID != e.Aggregate {
		return "order"
	}
	code := "unknown_event"
	switch e.Type {
	case EventCreated:
		code = on(e, func(p Created) bool { r.customer = p.Customer; return p.Customer.ID == e.Aggregate })
	case EventUpdated:
		code = on(e, func(p Updated) bool {
			p.Customer.Status = r.customer.Status
			r.customer = p.Customer
			return p.Customer.ID == e.Aggregate
		})
	case EventStatusChanged:
		code = on(e, func(p StatusChanged) bool {
			ok := r.customer.Status == p.From
			r.customer.Status = p.To
			return ok
		})
	case EventDeleted:
		*r = replay{}
		return ""
	case EventMerged:
		code = on(e, func(p Merged) bool {
			for _, c := range p.Contacts {
				i, taken := find(r.contacts, c.ID)
				if taken {
					return false
				}
				r.contacts = slices.Insert(r.contacts, i, c)
			}
			if r.customer.Parent == p.Loser {
				r.customer.Parent = uuid.Nil
			}
			return true
		})
	case EventMergedAway:
		code = on(e, func(p MergedAway) bool {
			r.customer.Status, r.customer.MergedInto, r.customer.Parent = Inactive, p.Into, uuid.Nil
			r.contacts = nil
			return p.Into != uuid.Nil
		})
	case EventContactAdded:
		code = on(e, func(p ContactAdded) bool {
			i, taken := find(r.contacts, p.Contact.ID)
			r.contacts = slices.Insert(r.contacts, i, p.Contact)
			return !taken && r.demote(p.Demoted, e)
		})
	case EventContactUpdated:
		code = on(e, func(p ContactUpdated) bool {
			return r.change(p.Contact.ID, e, func(c *Contact) { *c = p.Contact }) && r.demote(p.Demoted, e)
		})
	case EventContactPrimarySet:
		code = on(e, func(p ContactPrimarySet) bool {
			return r.change(p.Contact, e, func(c *Contact) { c.Primary = true }) && r.demote(p.Demoted, e)
		})
	case EventContactStatusChanged:
		code = on(e, func(p ContactStatusChanged) bool {
			return r.change(p.Contact, e, func(c *Contact) { c.Active, c.Primary = p.Active, c.Primary && p.Active })
		})
	case EventContactRemoved:
		code = on(e, func(p ContactRemoved) bool {
			i, ok := find(r.contacts, p.Contact)
			if ok {
				r.contacts = slices.Delete(r.contacts, i, i+1)
			}
			return ok
		})
	}
	if code == "" {
		r.customer.Version, r.customer.Updated = e.Version, e.Moment.Recorded
	}
	return code
}

// on decodes an entry's payload and applies it.
func on[P any](e *journal.Entry, apply func(P) bool) string {
	var p P
	if json.Unmarshal(e.Payload, &p) != nil {
		return "payload"
	}
	if !apply(p) {
		return "state"
	}
	return ""
}

func (r *replay) change(id uuid.UUID, e *journal.Entry, do func(*Contact)) bool {
	i, ok := find(r.contacts, id)
	if ok {
		do(&r.contacts[i])
		r.contacts[i].Updated = e.Moment.Recorded
	}
	return ok
}

func (r *replay) demote(id uuid.UUID, e *journal.Entry) bool {
	return id == uuid.Nil || r.change(id, e, func(c *Contact) { c.Primary = false })
}
