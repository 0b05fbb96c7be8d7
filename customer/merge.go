package customer

import (
	"slices"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/text"
	"github.com/pursuit-crm/pursuit/journal"
)

// MaxMerged bounds what one merging may move: opportunities, orders and
// quotes together, and the customers that have the loser as parent.
const MaxMerged = 1000

// MergeInput says which customer goes up in another one (C08).
type MergeInput struct {
	// Loser is the one that goes; it stays as an alias of the survivor.
	Loser uuid.UUID `json:"loser"`
	// Reason says why the two are one.
	Reason string `json:"reason"`
}

// Merged says, in the survivor's journal, that another customer went up in it,
// and which contacts came with it, as they are now.
type Merged struct {
	Loser    uuid.UUID `json:"loser"`
	Name     string    `json:"name"`
	Code     string    `json:"code,omitempty"`
	Reason   string    `json:"reason"`
	Contacts []Contact `json:"contacts,omitempty"`
}

// MergedAway says, in the loser's journal, where it went: it is an inactive
// alias without contacts from then on.
type MergedAway struct {
	Into   uuid.UUID `json:"into"`
	Reason string    `json:"reason"`
}

// IsAlias says whether the customer was merged into another one, MergedInto.
func (c Customer) IsAlias() bool { return c.MergedInto != uuid.Nil }

// Merge makes loser an alias of a: its contacts come over, without their mark
// if a has a primary contact (C02, C08). Both must have been read with their
// contacts. What else hangs on the loser is for the engine to move. Errors:
// ErrInvalid for a customer and itself ("/loser" "self"), or of other tenants,
// and without reason; ErrNotAllowed ("customer.merged", "customer.deleted");
// ErrLimit for more than MaxContacts together.
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
	ev := Merged{Loser: loser.Customer.ID, Name: loser.Customer.Name, Code: loser.Customer.Code, Reason: in.Reason}
	for _, c := range loser.Contacts {
		c = c.Clone()
		c.Customer, c.Primary, c.Updated = a.Customer.ID, c.Primary && !primary, at.Recorded
		i, _ := a.find(c.ID)
		a.Contacts = slices.Insert(a.Contacts, i, c)
		a.written[c.ID] = true
		ev.Contacts = append(ev.Contacts, c.Clone())
		loser.moved = append(loser.moved, c.ID)
	}
	if a.Customer.Parent == loser.Customer.ID { // it would be its own parent
		a.Customer.Parent = uuid.Nil
	}
	a.touch(at)
	a.note(at, EventMerged, ev)
	loser.Contacts = nil
	loser.Customer.Status, loser.Customer.MergedInto, loser.Customer.Parent = Inactive, a.Customer.ID, uuid.Nil
	loser.touch(at)
	loser.note(at, EventMergedAway, MergedAway{Into: a.Customer.ID, Reason: in.Reason})
	return nil
}

// SetParent hangs the customer below another one, Nil for none, and leaves all
// else as it is: for children of a customer that goes up in another. Errors:
// ErrNotAllowed ("customer.deleted", "customer.merged").
func (a *Aggregate) SetParent(parent uuid.UUID, at journal.Moment) error {
	if err := a.alive(); err != nil {
		return err
	}
	old := a.Customer.Clone()
	a.Customer.Parent = parent
	a.touch(at)
	a.note(at, EventUpdated, Updated{Customer: a.Customer.Clone(), Changed: changed(old, a.Customer)})
	return nil
}
