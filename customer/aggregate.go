package customer

import (
	"bytes"
	"slices"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/text"
	"github.com/pursuit-crm/pursuit/journal"
)

// Aggregate is a customer with its contacts while a command works on it. Its
// methods check everything first: they change all that they should and note an
// event, or return an error and change nothing. Several may be called before
// Change; together they make one version. It isn't safe for use by several
// goroutines at once.
type Aggregate struct {
	// Record is the state as it is now; its Head is still the one that was read.
	Record

	expected int64
	events   []noted
	written  map[uuid.UUID]bool // contacts to write
	removed  []uuid.UUID        // contacts to delete
	moved    []uuid.UUID        // contacts that went to another customer
	fresh    map[uuid.UUID]bool // contacts that aren't stored yet
	deleted  bool
}

type noted struct {
	event journal.Event
	at    journal.Moment
}

// New records a customer with its first contacts, in one (C01, C02, C06).
// contactIDs gives one id for each of its contacts.
// Errors: ErrInvalid with every field at fault ("/name", "/contacts/1/email");
// ErrLimit for more than MaxContacts; ErrInternal if the ids don't fit.
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

	a := Open(Record{Customer: Customer{ID: id, Tenant: tenant, Created: at.Recorded}})
	in.onto(&a.Customer)
	a.Customer.Status = in.Status
	a.touch(at)
	a.note(at, EventCreated, Created{Customer: a.Customer.Clone()})
	for i, c := range contacts {
		a.addContact(contactIDs[i], c, at)
	}
	return a, nil
}

// Open takes up a stored customer. Commands on contacts need a record that was
// read with its contacts; the others don't. It checks nothing: old data loads.
func Open(rec Record) *Aggregate {
	rec.Customer = rec.Customer.Clone()
	rec.Contacts = slices.Clone(rec.Contacts)
	slices.SortFunc(rec.Contacts, func(x, y Contact) int { return bytes.Compare(x.ID[:], y.ID[:]) })
	return &Aggregate{
		Record: rec, expected: rec.Customer.Version,
		written: map[uuid.UUID]bool{}, fresh: map[uuid.UUID]bool{},
	}
}

// onto puts a checked input onto a customer, but for the status.
func (in *CreateInput) onto(c *Customer) {
	c.Code, c.Name, c.Kind, c.Parent = in.Code, in.Name, in.Kind, in.Parent
	c.Sector, c.TaxID = in.Sector, in.TaxID
	c.Email, c.Phone, c.URL, c.Address, c.Country = in.Email, in.Phone, in.URL, in.Address, in.Country
	c.Owner, c.Department, c.Description = in.Owner, in.Department, in.Description
	c.Attributes = attributes(in.Attributes)
}

// Update changes the customer's data; nil fields stay as they are. What it leads
// to is checked whole. A status that differs is a change of status as SetStatus
// makes it.
// Errors: ErrInvalid with every field at fault; ErrNotAllowed
// ("customer.status.move", "customer.deleted").
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
	old := a.Customer.Clone()
	if in.Status != old.Status && !old.Status.leadsTo(in.Status) {
		return badMove(old.Status, in.Status)
	}
	in.onto(&a.Customer)
	a.touch(at)
	a.note(at, EventUpdated, Updated{Customer: a.Customer.Clone(), Changed: changed(old, a.Customer)})
	if in.Status != old.Status {
		a.setStatus(in.Status, at)
	}
	return nil
}

// SetStatus activates, deactivates or promotes the customer: a prospect may
// become active, both may become inactive, and an inactive one may become either
// again. An active one doesn't turn into a prospect (C01, C04, O18).
// Errors: ErrInvalid for an unknown status; ErrNotAllowed ("customer.status.move",
// also if the customer has it already; "customer.deleted").
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
	from := a.Customer.Status
	a.Customer.Status = status
	a.touch(at)
	a.note(at, EventStatusChanged, StatusChanged{From: from, To: status})
}

// leadsTo is the table of status moves.
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

// Delete removes the customer and its contacts. used says that something refers
// to it (C05); its own contacts don't count.
// Errors: ErrInUse ("customer.in_use"): deactivate it instead; ErrNotAllowed
// ("customer.deleted", or "customer.new" if it was never stored).
func (a *Aggregate) Delete(used bool, at journal.Moment) error {
	if err := a.alive(); err != nil {
		return err
	}
	if a.expected == 0 {
		return fault.NotAllowed("customer.new", "the customer isn't stored yet")
	}
	if used {
		return fault.New(fault.ErrInUse, "customer.in_use", "something refers to the customer; deactivate it instead")
	}
	a.touch(at)
	a.note(at, EventDeleted, Deleted{Name: a.Customer.Name})
	a.deleted = true
	return nil
}

// Change says what to save: the new state with a version one higher, the contacts
// that changed, and the journal's entries at the end of the chain. newEntryID gives
// the entries' ids, in growing order. The aggregate itself stays as it is.
// Errors: ErrInternal if nothing happened ("customer.unchanged") or a payload
// doesn't encode.
func (a *Aggregate) Change(newEntryID func() uuid.UUID) (Change, error) {
	if len(a.events) == 0 {
		return Change{}, fault.New(fault.ErrInternal, "customer.unchanged", "no command was given")
	}
	c := Change{Customer: a.Customer.Clone(), Expected: a.expected, Delete: a.deleted, Head: a.Head}
	if !a.deleted {
		c.Removed, c.Moved = slices.Clone(a.removed), slices.Clone(a.moved)
		for _, primary := range []bool{false, true} { // who loses the mark stands first
			for _, x := range a.Contacts {
				if a.written[x.ID] && x.Primary == primary {
					c.Contacts = append(c.Contacts, x.Clone())
				}
			}
		}
	}
	for _, n := range a.events {
		e, err := c.Head.Append(c.Customer.Tenant, journal.KindCustomer, c.Customer.ID, newEntryID(), c.Customer.Version, n.event, n.at)
		if err != nil {
			return Change{}, err
		}
		c.Entries = append(c.Entries, e)
	}
	return c, nil
}

// touch gives the customer the version and the time of this change.
func (a *Aggregate) touch(at journal.Moment) {
	a.Customer.Version = a.expected + 1
	a.Customer.Updated = at.Recorded
}

func (a *Aggregate) note(at journal.Moment, name string, payload any) {
	a.events = append(a.events, noted{journal.Event{Type: name, Payload: payload}, at})
}

func (a *Aggregate) alive() error {
	if a.deleted {
		return fault.NotAllowed("customer.deleted", "the customer was deleted")
	}
	if a.Customer.IsAlias() {
		return fault.NotAllowed("customer.merged", "the customer went up in another one")
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
