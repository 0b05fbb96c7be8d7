package customer

import (
	"maps"

	"github.com/google/uuid"
)

// The names of a customer's events, each with its payload's type. Together they
// rebuild the customer (Replay); fields are only ever added.
const (
	EventCreated              = "customer.created.v1"                // Created
	EventUpdated              = "customer.updated.v1"                // Updated
	EventStatusChanged        = "customer.status_changed.v1"         // StatusChanged
	EventDeleted              = "customer.deleted.v1"                // Deleted
	EventMerged               = "customer.merged.v1"                 // Merged
	EventMergedAway           = "customer.merged_away.v1"            // MergedAway
	EventContactAdded         = "customer.contact_added.v1"          // ContactAdded
	EventContactUpdated       = "customer.contact_updated.v1"        // ContactUpdated
	EventContactPrimarySet    = "customer.contact_primary_set.v1"    // ContactPrimarySet
	EventContactStatusChanged = "customer.contact_status_changed.v1" // ContactStatusChanged
	EventContactRemoved       = "customer.contact_removed.v1"        // ContactRemoved
)

// Created says that a customer was recorded: its first state. Its first contacts
// follow, each with an event of its own.
type Created struct {
	Customer Customer `json:"customer"`
}

// Updated says that the customer's data was replaced: the state afterwards, but
// for the status, which has its own event; and the JSON names of the fields that
// differ, in order, none if it was replaced by the same.
type Updated struct {
	Customer Customer `json:"customer"`
	Changed  []string `json:"changed,omitempty"`
}

// StatusChanged says that the customer was activated, deactivated or promoted.
type StatusChanged struct {
	From Status `json:"from"`
	To   Status `json:"to"`
}

// Deleted says that the customer and its contacts are gone.
type Deleted struct {
	Name string `json:"name"`
}

// ContactAdded says that a contact was added: its first state. Demoted, here and
// below, is the contact that lost the mark of the main contact to it; Nil for none.
type ContactAdded struct {
	Contact Contact   `json:"contact"`
	Demoted uuid.UUID `json:"demoted,omitzero"`
}

// ContactUpdated says that a contact's data was replaced: the state afterwards,
// and the JSON names of the fields that differ.
type ContactUpdated struct {
	Contact Contact   `json:"contact"`
	Demoted uuid.UUID `json:"demoted,omitzero"`
	Changed []string  `json:"changed,omitempty"`
}

// ContactPrimarySet says that a contact became the main one.
type ContactPrimarySet struct {
	Contact uuid.UUID `json:"contact"`
	Demoted uuid.UUID `json:"demoted,omitzero"`
}

// ContactStatusChanged says that a contact was activated or deactivated. An
// inactive one isn't the main contact any more.
type ContactStatusChanged struct {
	Contact uuid.UUID `json:"contact"`
	Active  bool      `json:"active"`
}

// ContactRemoved says that a contact was deleted.
type ContactRemoved struct {
	Contact uuid.UUID `json:"contact"`
}

type diff []string

func (d *diff) add(differs bool, name string) {
	if differs {
		*d = append(*d, name)
	}
}

func changed(a, b Customer) []string {
	var d diff
	d.add(a.Code != b.Code, "code")
	d.add(a.Name != b.Name, "name")
	d.add(a.Kind != b.Kind, "kind")
	d.add(a.Parent != b.Parent, "parent")
	d.add(a.Sector != b.Sector, "sector")
	d.add(a.TaxID != b.TaxID, "tax_id")
	d.add(a.Email != b.Email, "email")
	d.add(a.Phone != b.Phone, "phone")
	d.add(a.URL != b.URL, "url")
	d.add(a.Address != b.Address, "address")
	d.add(a.Country != b.Country, "country")
	d.add(a.Owner != b.Owner, "owner")
	d.add(a.Department != b.Department, "department")
	d.add(a.Description != b.Description, "description")
	d.add(!maps.Equal(a.Attributes, b.Attributes), "attributes")
	return d
}

func changedContact(a, b Contact) []string {
	var d diff
	d.add(a.Name != b.Name, "name")
	d.add(a.Title != b.Title, "title")
	d.add(a.Email != b.Email, "email")
	d.add(a.Phone != b.Phone, "phone")
	d.add(a.Primary != b.Primary, "primary")
	d.add(a.Note != b.Note, "note")
	d.add(!maps.Equal(a.Attributes, b.Attributes), "attributes")
	return d
}
