package customer

import (
	"slices"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/text"
	"github.com/pursuit-crm/pursuit/journal"
)

// MaxMerged is the most records that one merge may move: opportunities, orders
// and quotes together, and the customers whose parent is the loser.
const MaxMerged = 1000

// MergeInput names the customer to merge into another (C08).
type MergeInput struct {
	// Loser is the customer to merge; it remains as an alias of the survivor.
	Loser uuid.UUID `json:"loser"`
	// Reason explains why the two are one.
	Reason string `json:"reason"`
}

// IsAlias reports whether the customer was merged into another, MergedInto.
func (c Customer) IsAlias() bool { return c.MergedInto != uuid.Nil }

// Merge merges loser into a. The loser becomes an alias; its contacts move to a,
// without their mark if a has a primary contact (C02, C08). Both must have been
// read with their contacts. The engine moves the loser's other dependents.
// Errors: ErrInvalid for merging a customer into itself ("/loser" "self"), for
// different tenants, and for a missing reason; ErrNotAllowed ("customer.merged",
// "customer.deleted"); ErrLimit for more than MaxContacts together.
func (a *Aggregate) Merge(loser *Aggregate, in MergeInput, at journal.Moment) error {
	for _, x := range []*Aggregate{a, loser} {
		if err := x.alive(); err != nil {
			return err
		}
	}
	var f fault.Fields
	text.Block(&f, "/reason", &in.Reason, 1, text.MaxDescription)
	switch {
	case a.Customer.ID == loser.Customer.ID:
		f.Add("/loser", "self", "is the customer itself")
	case a.Customer.Tenant != loser.Customer.Tenant || in.Loser != loser.Customer.ID:
		f.Add("/loser", "not_found", "isn't the customer that was read")
	}
	if err := f.Invalid("customer.merge.invalid"); err != nil {
		return err
	}
	if len(a.Contacts)+len(loser.Contacts) > MaxContacts {
		return tooMany()
	}
	primary := slices.ContainsFunc(a.Contacts, func(c Contact) bool { return c.Primary })
	ev := &MergedPayload{Loser: loser.Customer.ID, Name: loser.Customer.Name, Code: loser.Customer.Code, Reason: in.Reason}
	for _, c := range loser.Contacts {
		c = c.Clone()
		c.Customer, c.Primary, c.Updated = a.Customer.ID, c.Primary && !primary, at.Recorded
		a.written[c.ID] = true
		ev.Contacts = append(ev.Contacts, c)
		loser.moved = append(loser.moved, c.ID)
	}
	a.do(ev, at)
	loser.do(&MergedAwayPayload{Into: a.Customer.ID, Reason: in.Reason, Status: journal.FromTo[Status]{From: loser.Customer.Status, To: Inactive}}, at)
	return nil
}

// SetParent sets the customer's parent, Nil for none, and leaves everything else
// unchanged. The engine calls it for the children of a merged customer. Errors:
// ErrNotAllowed ("customer.deleted", "customer.merged").
func (a *Aggregate) SetParent(parent uuid.UUID, at journal.Moment) error {
	if err := a.alive(); err != nil {
		return err
	}
	a.update(func(c *Customer) { c.Parent = parent }, at)
	return nil
}
