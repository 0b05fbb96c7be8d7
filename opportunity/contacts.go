package opportunity

import (
	"slices"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/text"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
)

// ContactInput is a contact to add to the opportunity (R04).
type ContactInput struct {
	Contact uuid.UUID   `json:"contact"`
	Role    ContactRole `json:"role"`
	Primary bool        `json:"primary,omitempty"`
	// External allows a contact of none of the opportunity's customers. The
	// contact is marked only if that is the case.
	External bool   `json:"external,omitempty"`
	Note     string `json:"note,omitempty"`
}

func (in ContactInput) contact(f *fault.Fields, path string, r *Root, found []customer.Contact, at journal.Moment) DealContact {
	c := DealContact{ContactKey: ContactKey{in.Contact, in.Role}, External: in.External, Note: in.Note, Added: at.Effective}
	text.Block(f, path+"/note", &c.Note, 0, text.MaxDescription)
	if !in.Role.Valid() {
		f.Add(path+"/role", "unknown", "isn't a role of a contact")
	}
	i := slices.IndexFunc(found, func(x customer.Contact) bool { return x.ID == in.Contact })
	if i < 0 {
		f.Add(path+"/contact", "not_found", "isn't a contact")
		return c
	}
	if !found[i].Active {
		f.Add(path+"/contact", "inactive", "is no longer active")
	}
	ours := r.with(found[i].Customer)
	if !ours && !in.External {
		f.Add(path+"/contact", "other_customer", "is a contact of none of the deal's customers; mark it external")
	}
	c.External = !ours
	return c
}

// AddContact adds a contact with a role; it needs no parts. found holds the
// contact. Errors: ErrInvalid (R04), ErrNotAllowed (O08), ErrLimit; the store
// returns ErrDuplicate if the contact already has the role.
func (o *Opportunity) AddContact(in ContactInput, found Found, at journal.Moment) error {
	if err := o.begin(at); err != nil {
		return err
	}
	if err := o.followUp("opportunity.contacts.status"); err != nil {
		return err
	}
	var f fault.Fields
	c := in.contact(&f, "", &o.s.Root, found.Contacts, at)
	if err := f.Invalid("opportunity.contact.invalid"); err != nil {
		return err
	}
	if o.s.Counts.Contacts >= MaxContacts {
		return fault.New(fault.ErrLimit, "opportunity.contacts.too_many", "an opportunity has at most 200 contacts")
	}
	if o.s.has(PartContacts) && slices.ContainsFunc(o.s.Contacts, func(x DealContact) bool { return x.ContactKey == c.ContactKey }) {
		return fault.New(fault.ErrDuplicate, "opportunity.contact.exists", "the contact already has this role")
	}
	ev := &ContactAddedPayload{Contact: c, Primary: in.Primary}
	if in.Primary {
		ev.From = o.s.PrimaryContact
	}
	o.do(ev, at)
	o.dirty.AddedContacts = append(o.dirty.AddedContacts, c)
	return nil
}

// RemoveContact removes a contact's role. It needs PartContacts. Errors:
// ErrNotFound, ErrNotAllowed (O08).
func (o *Opportunity) RemoveContact(key ContactKey, at journal.Moment) error {
	c, err := o.contactCommand(key, at)
	if err != nil {
		return err
	}
	o.do(&ContactRemovedPayload{Key: key, Removed: c}, at)
	o.dirty.RemovedContacts = append(o.dirty.RemovedContacts, key)
	return nil
}

// SetPrimaryContact makes one of the opportunity's contacts the primary one
// (R04). It needs PartContacts. Errors as for RemoveContact.
func (o *Opportunity) SetPrimaryContact(key ContactKey, at journal.Moment) error {
	if _, err := o.contactCommand(key, at); err != nil {
		return err
	}
	o.do(&PrimarySetPayload{Key: &key, From: o.s.PrimaryContact}, at)
	return nil
}

func (o *Opportunity) contactCommand(key ContactKey, at journal.Moment) (*DealContact, error) {
	if err := o.follow("opportunity.contacts.status", at); err != nil {
		return nil, err
	}
	if err := o.needs(PartContacts); err != nil {
		return nil, err
	}
	i := slices.IndexFunc(o.s.Contacts, func(c DealContact) bool { return c.ContactKey == key })
	if i < 0 {
		return nil, fault.NotFound("opportunity.contact.not_found")
	}
	return copied(&o.s.Contacts[i]), nil
}

// CompetitorInput is a competitor on the opportunity (R05). Its code may identify
// it.
type CompetitorInput struct {
	Competitor     uuid.UUID `json:"competitor,omitzero"`
	CompetitorCode string    `json:"competitor_code,omitempty"`

	Strengths  string       `json:"strengths,omitempty"`
	Weaknesses string       `json:"weaknesses,omitempty"`
	Price      *money.Money `json:"price,omitempty"`
}

func (in CompetitorInput) competitor(f *fault.Fields, path string, c money.Currency, at journal.Moment) DealCompetitor {
	d := DealCompetitor{Competitor: in.Competitor, Strengths: in.Strengths, Weaknesses: in.Weaknesses, Added: at.Effective}
	text.Block(f, path+"/strengths", &d.Strengths, 0, text.MaxDescription)
	text.Block(f, path+"/weaknesses", &d.Weaknesses, 0, text.MaxDescription)
	if in.Price != nil {
		p := *in.Price
		checkAmount(f, path+"/price", p, c)
		d.Price = &p
	}
	return d
}

// AddCompetitor adds a competitor to the opportunity. Load must name it. Errors:
// ErrInvalid; ErrDuplicate (R05); ErrNotAllowed (O08), after a decision also for
// a price; ErrLimit.
func (o *Opportunity) AddCompetitor(in CompetitorInput, at journal.Moment) error {
	if err := o.competitorCommand(in.Price != nil, at); err != nil {
		return err
	}
	var f fault.Fields
	n := o.usable(&f, "/competitor", in.Competitor, archive.Competitor)
	c := in.competitor(&f, "", o.s.Currency, at)
	if err := f.Invalid("opportunity.competitor.invalid"); err != nil {
		return err
	}
	if n.OnDeal || (o.s.has(PartCompetitors) && slices.ContainsFunc(o.s.Competitors, func(x DealCompetitor) bool { return x.Competitor == c.Competitor })) {
		return fault.New(fault.ErrDuplicate, "opportunity.competitor.exists", "the competitor is already on the opportunity")
	}
	if o.s.Counts.Competitors >= MaxCompetitors {
		return fault.New(fault.ErrLimit, "opportunity.competitors.too_many", "an opportunity has at most 50 competitors")
	}
	o.do(&CompetitorAddedPayload{Competitor: c}, at)
	n.OnDeal = true
	o.dirty.AddedCompetitors = append(o.dirty.AddedCompetitors, c)
	return nil
}

// UpdateCompetitor changes a competitor's details; nil fields stay as they are.
// It checks the result as a whole. It needs PartCompetitors. Errors: ErrNotFound,
// ErrInvalid; ErrNotAllowed (O08): a decision fixes the price.
func (o *Opportunity) UpdateCompetitor(in UpdateCompetitorInput, at journal.Moment) error {
	i := slices.IndexFunc(o.s.Competitors, func(c DealCompetitor) bool { return c.Competitor == in.Competitor })
	var f fault.Fields
	var to CompetitorInput
	if i >= 0 {
		to = in.on(&f, &o.s.Competitors[i])
	}
	price := i >= 0 && !samePrice(o.s.Competitors[i].Price, to.Price)
	if err := o.competitorCommand(price, at); err != nil {
		return err
	}
	if err := o.needs(PartCompetitors); err != nil {
		return err
	}
	if i < 0 {
		return fault.NotFound("opportunity.competitor.not_found")
	}
	c := to.competitor(&f, "", o.s.Currency, at)
	if err := f.Invalid("opportunity.competitor.invalid"); err != nil {
		return err
	}
	c.Added = o.s.Competitors[i].Added
	o.do(&CompetitorUpdatedPayload{Competitor: c, Before: copied(&o.s.Competitors[i])}, at)
	o.dirty.Competitors = append(o.dirty.Competitors, c)
	return nil
}

// RemoveCompetitor removes a competitor from the opportunity. It needs
// PartCompetitors. Errors: ErrNotFound; ErrNotAllowed after a decision (O08).
func (o *Opportunity) RemoveCompetitor(id uuid.UUID, at journal.Moment) error {
	if err := o.competitorCommand(true, at); err != nil {
		return err
	}
	if err := o.needs(PartCompetitors); err != nil {
		return err
	}
	i := slices.IndexFunc(o.s.Competitors, func(c DealCompetitor) bool { return c.Competitor == id })
	if i < 0 {
		return fault.NotFound("opportunity.competitor.not_found")
	}
	o.do(&CompetitorRemovedPayload{Competitor: id, Removed: copied(&o.s.Competitors[i])}, at)
	if n := o.lookup(id); n != nil {
		n.OnDeal = false
	}
	o.dirty.RemovedCompetitors = append(o.dirty.RemovedCompetitors, id)
	return nil
}

func (o *Opportunity) competitorCommand(price bool, at journal.Moment) error {
	if err := o.begin(at); err != nil {
		return err
	}
	if price {
		return o.commercial("opportunity.competitors.status")
	}
	return o.followUp("opportunity.competitors.status")
}

func samePrice(a, b *money.Money) bool { return a == b || (a != nil && b != nil && *a == *b) }
