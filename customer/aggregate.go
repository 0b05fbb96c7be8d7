package customer

import (
	"bytes"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/text"
	"github.com/pursuit-crm/pursuit/journal"
)

// Aggregate is a customer with its contacts during a command. Each method checks
// everything first: it makes its whole change and records an event, or returns an
// error and changes nothing. Several calls before Change make one version
// together. It isn't safe for concurrent use.
type Aggregate struct {
	// Record is the current state; its Head is the stored one until Change.
	Record

	pending journal.Pending[Record]
	written map[uuid.UUID]bool // contacts to write
	removed []uuid.UUID        // contacts to delete
	moved   []uuid.UUID        // contacts moved to another customer
	fresh   map[uuid.UUID]bool // contacts that aren't stored yet
	deleted bool
}

// New records a customer together with its first contacts (C01, C02, C06).
// contactIDs holds one id per contact. Errors: ErrInvalid with every field at
// fault ("/name", "/contacts/1/email"); ErrLimit for more than MaxContacts;
// ErrInternal if the ids don't fit.
func New(id uuid.UUID, tenant string, in CreateInput, contactIDs []uuid.UUID, at journal.Moment) (*Aggregate, error) {
	contacts := slices.Clone(in.Contacts)
	if len(contacts) > MaxContacts {
		return nil, tooMany()
	}
	if id == uuid.Nil || len(contactIDs) != len(contacts) || repeated(contactIDs) {
		return nil, fault.New(fault.ErrInternal, "customer.ids", "ids are missing or repeated")
	}
	if in.Kind == "" {
		in.Kind = Organisation
	}
	if in.Status == "" {
		in.Status = Prospect
	}
	var f fault.Fields
	text.AnyKey(&f, "/tenant", tenant, 1, text.MaxCode)
	in.check(&f, id)
	primary := false
	for i := range contacts {
		path := fault.Index("/contacts", i)
		contacts[i].check(&f, path)
		if contacts[i].Primary && primary {
			f.Add(path+"/primary", "second_primary", "only one contact can be the primary one")
		}
		primary = primary || contacts[i].Primary
	}
	if err := f.Invalid("customer.invalid"); err != nil {
		return nil, err
	}

	a := Open(Record{})
	c := Customer{ID: id, Tenant: tenant, Created: at.Recorded, Status: in.Status}
	in.onto(&c)
	a.do(&CreatedPayload{Customer: c}, at)
	for i, c := range contacts {
		a.addContact(contactIDs[i], c, at)
	}
	return a, nil
}

// Open returns the aggregate of a stored customer. Commands on contacts need a
// record that was read with its contacts. Open checks nothing, so that old data
// loads.
func Open(rec Record) *Aggregate {
	rec.Customer = rec.Customer.Clone()
	rec.Contacts = slices.Clone(rec.Contacts)
	slices.SortFunc(rec.Contacts, func(x, y Contact) int { return bytes.Compare(x.ID[:], y.ID[:]) })
	return &Aggregate{
		Record: rec, pending: events.Pending(rec.Customer.Version),
		written: map[uuid.UUID]bool{}, fresh: map[uuid.UUID]bool{},
	}
}

// onto copies a checked input into a customer, except the status.
func (in *CreateInput) onto(c *Customer) {
	c.Code, c.Name, c.Kind, c.Parent = in.Code, in.Name, in.Kind, in.Parent
	c.Sector, c.TaxID = in.Sector, in.TaxID
	c.Email, c.Phone, c.URL, c.Address, c.Country = in.Email, in.Phone, in.URL, in.Address, in.Country
	c.Owner, c.Department, c.Description = in.Owner, in.Department, in.Description
	c.Attributes = attributes(in.Attributes)
}

// Update changes the customer's data; nil fields stay as they are. It checks the
// result as a whole. It changes the status as SetStatus does. Errors: ErrInvalid
// with every field at fault; ErrNotAllowed ("customer.status.move",
// "customer.deleted").
func (a *Aggregate) Update(u UpdateInput, at journal.Moment) error {
	if err := a.alive(); err != nil {
		return err
	}
	in := u.on(&a.Customer)
	var f fault.Fields
	in.check(&f, a.Customer.ID)
	if err := f.Invalid("customer.invalid"); err != nil {
		return err
	}
	old := a.Customer.Status
	if in.Status != old && !old.leadsTo(in.Status) {
		return badMove(old, in.Status)
	}
	a.update(in.onto, at)
	if in.Status != old {
		a.setStatus(in.Status, at)
	}
	return nil
}

// SetStatus activates, deactivates or promotes the customer. A prospect may
// become active, both may become inactive, and an inactive customer may become
// either again; an active one can't become a prospect (C01, C04, O18). Errors:
// ErrInvalid for an unknown status; ErrNotAllowed ("customer.status.move", also
// for the current status; "customer.deleted").
func (a *Aggregate) SetStatus(status Status, at journal.Moment) error {
	if err := a.alive(); err != nil {
		return err
	}
	if !status.Valid() {
		return fault.Invalid("customer.invalid",
			fault.Field{Path: "/status", Code: "unknown", Message: "must be prospect, active or inactive"})
	}
	if !a.Customer.Status.leadsTo(status) {
		return badMove(a.Customer.Status, status)
	}
	a.setStatus(status, at)
	return nil
}

func (a *Aggregate) setStatus(status Status, at journal.Moment) {
	a.do(&StatusChangedPayload{From: a.Customer.Status, To: status}, at)
}

// update applies a change of the customer's data.
func (a *Aggregate) update(change func(c *Customer), at journal.Moment) {
	c := a.Customer
	change(&c)
	ev := &UpdatedPayload{Customer: c}
	ev.Customer.Version, ev.Customer.Updated = 0, time.Time{} // the event's own
	ev.Changed, ev.Before = changed(&a.Customer, &c)
	a.do(ev, at)
}

// leadsTo reports whether one status may follow another.
func (s Status) leadsTo(to Status) bool {
	switch s {
	case Prospect:
		return to == Active || to == Inactive
	case Active:
		return to == Inactive
	case Inactive:
		return to == Active || to == Prospect
	}
	return false
}

// Delete removes the customer and its contacts. used reports whether anything
// refers to it (C05); its own contacts don't count. Errors: ErrInUse
// ("customer.in_use"): deactivate it instead; ErrNotAllowed ("customer.deleted",
// or "customer.new" if it was never stored).
func (a *Aggregate) Delete(used bool, at journal.Moment) error {
	if err := a.alive(); err != nil {
		return err
	}
	if a.pending.Loaded() == 0 {
		return fault.NotAllowed("customer.new", "the customer isn't stored yet")
	}
	if used {
		return fault.New(fault.ErrInUse, "customer.in_use", "the customer is still referenced; deactivate it instead")
	}
	a.do(&DeletedPayload{Name: a.Customer.Name, Code: a.Customer.Code}, at)
	a.deleted = true
	return nil
}

// Change returns the change to save: the new state with the version raised by
// one, the changed contacts, and the journal entries that continue the chain. It
// readies the customer for more. newEntryID returns the entries' ids, in growing
// order. Errors: ErrInternal if nothing changed ("customer.unchanged") or a
// payload can't be encoded.
func (a *Aggregate) Change(newEntryID func() uuid.UUID) (c Change, err error) {
	if a.pending.Empty() {
		return Change{}, fault.New(fault.ErrInternal, "customer.unchanged", "no command was given")
	}
	c = Change{Expected: a.pending.Loaded(), Delete: a.deleted}
	if c.Entries, err = a.pending.Take(&a.Record, a.Customer.Tenant, a.Customer.ID, newEntryID); err != nil {
		return Change{}, err
	}
	c.Customer, c.Head = a.Customer.Clone(), a.Head
	if !a.deleted {
		c.Removed, c.Moved = a.removed, a.moved
		for _, primary := range []bool{false, true} { // the contact that loses the mark comes first
			for _, x := range a.Contacts {
				if a.written[x.ID] && x.Primary == primary {
					c.Contacts = append(c.Contacts, x.Clone())
				}
			}
		}
	}
	a.removed, a.moved = nil, nil
	clear(a.written)
	clear(a.fresh)
	return c, nil
}

func (a *Aggregate) do(payload any, at journal.Moment) { a.pending.Do(&a.Record, payload, at) }

func (a *Aggregate) alive() error {
	if a.deleted {
		return fault.NotAllowed("customer.deleted", "the customer was deleted")
	}
	if a.Customer.IsAlias() {
		return fault.NotAllowed("customer.merged", "the customer was merged into another")
	}
	return nil
}

func badMove(from, to Status) error {
	return fault.NotAllowed("customer.status.move", "a customer that is "+string(from)+" can't become "+string(to),
		fault.Field{Path: "/status", Code: string(from), Message: "is " + string(from)})
}

func tooMany() error {
	return fault.New(fault.ErrLimit, "customer.contacts.too_many", "a customer has at most 1000 contacts")
}

func repeated(ids []uuid.UUID) bool {
	seen := make(map[uuid.UUID]bool, len(ids))
	for _, id := range ids {
		if id == uuid.Nil || seen[id] {
			return true
		}
		seen[id] = true
	}
	return false
}
