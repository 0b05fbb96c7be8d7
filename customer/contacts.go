package customer

import (
	"bytes"
	"maps"
	"slices"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
)

// AddContact adds an active contact. If it is primary, the mark moves to it
// (C02). Errors: ErrInvalid with every field at fault
// ("customer.contact.invalid"); ErrLimit at MaxContacts; ErrDuplicate if the id
// is taken; ErrNotAllowed ("customer.deleted").
func (a *Aggregate) AddContact(id uuid.UUID, in ContactInput, at journal.Moment) error {
	if err := a.alive(); err != nil {
		return err
	}
	var f fault.Fields
	if id == uuid.Nil {
		f.Add("/id", "required", "is required")
	}
	in.check(&f, "")
	full := len(a.Contacts) >= MaxContacts
	if !f.Empty() && full {
		f.Add("/contacts", "too_many", "has too many already")
	}
	if err := f.Invalid("customer.contact.invalid"); err != nil {
		return err
	}
	if full {
		return tooMany()
	}
	if _, taken := a.find(id); taken || slices.Contains(a.removed, id) {
		return fault.New(fault.ErrDuplicate, "customer.contact.id_taken", "the contact's id is taken")
	}
	a.addContact(id, in, at)
	return nil
}

func (a *Aggregate) addContact(id uuid.UUID, in ContactInput, at journal.Moment) {
	c := Contact{ID: id, Customer: a.Customer.ID, Active: true, Created: at.Recorded, Updated: at.Recorded}
	in.onto(&c)
	a.fresh[id] = true
	a.do(&ContactAddedPayload{Contact: c, Demoted: a.demoted(&c)}, at)
}

// UpdateContact changes a contact's data; nil fields stay as they are. It checks
// the result as a whole. Primary moves the mark to the contact, or removes it.
// Errors: ErrNotFound ("customer.contact.not_found"); ErrInvalid with every field
// at fault; ErrNotAllowed ("customer.contact.inactive" if an inactive one is to
// be primary; "customer.deleted").
func (a *Aggregate) UpdateContact(id uuid.UUID, u UpdateContactInput, at journal.Moment) error {
	i, err := a.contact(id)
	if err != nil {
		return err
	}
	c := &a.Contacts[i]
	in := u.on(c)
	var f fault.Fields
	in.check(&f, "")
	if err := f.Invalid("customer.contact.invalid"); err != nil {
		return err
	}
	if in.Primary && !c.Active {
		return inactive()
	}
	to := c.Clone()
	in.onto(&to)
	to.Updated = at.Recorded
	ev := &ContactUpdatedPayload{Contact: to, Demoted: a.demoted(&to)}
	ev.Changed, ev.Before = changedContact(c, &to)
	a.do(ev, at)
	return nil
}

// SetPrimary moves the mark of the main contact (C02). Errors: ErrNotFound;
// ErrNotAllowed ("customer.contact.inactive", "customer.contact.primary" if the
// contact already has the mark, "customer.deleted").
func (a *Aggregate) SetPrimary(id uuid.UUID, at journal.Moment) error {
	i, err := a.contact(id)
	if err != nil {
		return err
	}
	c := &a.Contacts[i]
	if !c.Active {
		return inactive()
	}
	if c.Primary {
		return fault.NotAllowed("customer.contact.primary", "the contact is the primary one already")
	}
	to := *c
	to.Primary = true
	a.do(&ContactPrimarySetPayload{Contact: id, Demoted: a.demoted(&to)}, at)
	return nil
}

// DeactivateContact keeps a contact but takes it out of use; it can't be the main
// contact any longer (C05). Errors: ErrNotFound; ErrNotAllowed
// ("customer.contact.inactive", "customer.deleted").
func (a *Aggregate) DeactivateContact(id uuid.UUID, at journal.Moment) error {
	i, err := a.contact(id)
	if err != nil {
		return err
	}
	if !a.Contacts[i].Active {
		return inactive()
	}
	a.setActive(&a.Contacts[i], false, at)
	return nil
}

// ActivateContact puts a contact back into use. Errors: ErrNotFound;
// ErrNotAllowed ("customer.contact.active", "customer.deleted").
func (a *Aggregate) ActivateContact(id uuid.UUID, at journal.Moment) error {
	i, err := a.contact(id)
	if err != nil {
		return err
	}
	if a.Contacts[i].Active {
		return fault.NotAllowed("customer.contact.active", "the contact is active")
	}
	a.setActive(&a.Contacts[i], true, at)
	return nil
}

func (a *Aggregate) setActive(c *Contact, active bool, at journal.Moment) {
	a.written[c.ID] = true
	a.do(&ContactStatusChangedPayload{Contact: c.ID, Active: active, Primary: c.Primary && !active}, at)
}

// RemoveContact deletes an unused contact. used reports whether anything refers
// to it (C05). Errors: ErrNotFound; ErrInUse ("customer.contact.in_use"):
// deactivate it instead; ErrNotAllowed ("customer.deleted").
func (a *Aggregate) RemoveContact(id uuid.UUID, used bool, at journal.Moment) error {
	i, err := a.contact(id)
	if err != nil {
		return err
	}
	if used {
		return fault.New(fault.ErrInUse, "customer.contact.in_use", "the contact is still referenced; deactivate it instead")
	}
	c := a.Contacts[i]
	if !a.fresh[id] {
		a.removed = append(a.removed, id)
	}
	delete(a.fresh, id)
	delete(a.written, id)
	a.do(&ContactRemovedPayload{Contact: id, Removed: &c}, at)
	return nil
}

// onto copies a checked input into a contact.
func (in *ContactInput) onto(c *Contact) {
	c.Name, c.Title, c.Email, c.Phone = in.Name, in.Title, in.Email, in.Phone
	c.Primary, c.Note, c.Attributes = in.Primary, in.Note, attributes(in.Attributes)
}

// demoted returns the contact that loses the mark to c, or Nil. Both must be
// written.
func (a *Aggregate) demoted(c *Contact) uuid.UUID {
	a.written[c.ID] = true
	for i := range a.Contacts {
		if x := &a.Contacts[i]; c.Primary && x.Primary && x.ID != c.ID {
			a.written[x.ID] = true
			return x.ID
		}
	}
	return uuid.Nil
}

// find returns the index of a contact in the order of ids.
func (a *Aggregate) find(id uuid.UUID) (int, bool) { return find(a.Contacts, id) }

func find(contacts []Contact, id uuid.UUID) (int, bool) {
	return slices.BinarySearchFunc(contacts, id, func(c Contact, id uuid.UUID) int { return bytes.Compare(c.ID[:], id[:]) })
}

func (a *Aggregate) contact(id uuid.UUID) (int, error) {
	if err := a.alive(); err != nil {
		return 0, err
	}
	i, ok := a.find(id)
	if !ok {
		return 0, fault.NotFound("customer.contact.not_found")
	}
	return i, nil
}

func inactive() error {
	return fault.NotAllowed("customer.contact.inactive", "the contact is inactive")
}

// attributes copies a map; it returns nil for an empty one.
func attributes(m map[string]string) map[string]string {
	if len(m) == 0 {
		return nil
	}
	return maps.Clone(m)
}
