package customer

import (
	"maps"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/journal"
)

// CreatedPayload is the first state of a customer. Events for its first contacts
// follow, one each.
type CreatedPayload struct {
	Customer Customer `json:"customer"`
}

// UpdatedPayload holds the customer after a change of its data, the names of the
// changed fields in order, and their previous values. Changes of status have an
// event of their own. Before omits fields that were empty.
type UpdatedPayload struct {
	Customer Customer `json:"customer"`
	Changed  []string `json:"changed,omitempty"`
	Before   Customer `json:"before,omitzero"`
}

// StatusChangedPayload records an activation, a deactivation or a promotion.
type StatusChangedPayload struct {
	From Status `json:"from"`
	To   Status `json:"to"`
}

// DeletedPayload records the deletion of a customer and its contacts.
type DeletedPayload struct {
	Name string `json:"name"`
	Code string `json:"code,omitempty"`
}

// MergedPayload records, in the survivor's journal, that another customer was
// merged into it, with the contacts that moved, in their new state.
type MergedPayload struct {
	Loser    uuid.UUID `json:"loser"`
	Name     string    `json:"name"`
	Code     string    `json:"code,omitempty"`
	Reason   string    `json:"reason"`
	Contacts []Contact `json:"contacts,omitempty"`
}

// MergedAwayPayload records, in the loser's journal, the customer it was merged
// into. The loser is an inactive alias without contacts from then on.
type MergedAwayPayload struct {
	Into   uuid.UUID              `json:"into"`
	Reason string                 `json:"reason"`
	Status journal.FromTo[Status] `json:"status,omitzero"`
}

// ContactAddedPayload is the first state of a contact. Demoted, here and below, is
// the contact that lost the mark of the main contact to it.
type ContactAddedPayload struct {
	Contact Contact   `json:"contact"`
	Demoted uuid.UUID `json:"demoted,omitzero"`
}

// ContactUpdatedPayload holds a contact after a change of its data; see
// UpdatedPayload.
type ContactUpdatedPayload struct {
	Contact Contact   `json:"contact"`
	Demoted uuid.UUID `json:"demoted,omitzero"`
	Changed []string  `json:"changed,omitempty"`
	Before  Contact   `json:"before,omitzero"`
}

// ContactPrimarySetPayload records that a contact became the main one.
type ContactPrimarySetPayload struct {
	Contact uuid.UUID `json:"contact"`
	Demoted uuid.UUID `json:"demoted,omitzero"`
}

// ContactStatusChangedPayload records that a contact was activated or
// deactivated. Primary reports whether a deactivated contact was the main one,
// which it no longer is.
type ContactStatusChangedPayload struct {
	Contact uuid.UUID `json:"contact"`
	Active  bool      `json:"active"`
	Primary bool      `json:"was_primary,omitempty"`
}

// ContactRemovedPayload records the deletion of a contact.
type ContactRemovedPayload struct {
	Contact uuid.UUID `json:"contact"`
	Removed *Contact  `json:"removed,omitempty"`
}

type diff []string

// was notes a changed field and its previous value.
func was[T comparable](d *diff, name string, before *T, a, b T) {
	if a != b {
		*d, *before = append(*d, name), a
	}
}

func changed(a, b *Customer) (d diff, before Customer) {
	was(&d, "code", &before.Code, a.Code, b.Code)
	was(&d, "name", &before.Name, a.Name, b.Name)
	was(&d, "kind", &before.Kind, a.Kind, b.Kind)
	was(&d, "parent", &before.Parent, a.Parent, b.Parent)
	was(&d, "sector", &before.Sector, a.Sector, b.Sector)
	was(&d, "tax_id", &before.TaxID, a.TaxID, b.TaxID)
	was(&d, "email", &before.Email, a.Email, b.Email)
	was(&d, "phone", &before.Phone, a.Phone, b.Phone)
	was(&d, "url", &before.URL, a.URL, b.URL)
	was(&d, "address", &before.Address, a.Address, b.Address)
	was(&d, "country", &before.Country, a.Country, b.Country)
	was(&d, "owner", &before.Owner, a.Owner, b.Owner)
	was(&d, "department", &before.Department, a.Department, b.Department)
	was(&d, "description", &before.Description, a.Description, b.Description)
	if !maps.Equal(a.Attributes, b.Attributes) {
		d, before.Attributes = append(d, "attributes"), a.Attributes
	}
	return d, before
}

func changedContact(a, b *Contact) (d diff, before Contact) {
	before.Active = a.Active
	was(&d, "name", &before.Name, a.Name, b.Name)
	was(&d, "title", &before.Title, a.Title, b.Title)
	was(&d, "email", &before.Email, a.Email, b.Email)
	was(&d, "phone", &before.Phone, a.Phone, b.Phone)
	was(&d, "primary", &before.Primary, a.Primary, b.Primary)
	was(&d, "note", &before.Note, a.Note, b.Note)
	if !maps.Equal(a.Attributes, b.Attributes) {
		d, before.Attributes = append(d, "attributes"), a.Attributes
	}
	return d, before
}
