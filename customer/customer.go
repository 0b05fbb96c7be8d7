package customer

import (
	"maps"
	"time"

	"github.com/google/uuid"
)

// Kind is the kind of a customer.
type Kind string

// The kinds of customers (C01).
const (
	Organisation Kind = "organisation"
	Person       Kind = "person"
)

// Status is a customer's status (C01).
type Status string

// The statuses of a customer. An inactive customer takes no new opportunity
// (C04); an order needs a customer that is no longer a prospect (O18).
const (
	Prospect Status = "prospect"
	Active   Status = "active"
	Inactive Status = "inactive"
)

// Customer is an entry of the customer archive 客户档案.
type Customer struct {
	ID     uuid.UUID `json:"id,omitzero"`
	Tenant string    `json:"tenant,omitzero"`
	// Code is optional, and unique within the tenant, compared byte by byte.
	Code   string `json:"code,omitempty"`
	Name   string `json:"name,omitzero"`
	Kind   Kind   `json:"kind,omitzero"`
	Status Status `json:"status,omitzero"`
	// Parent is the customer to which this one belongs; Nil for none.
	Parent  uuid.UUID `json:"parent,omitzero"`
	Sector  string    `json:"sector,omitempty"`
	TaxID   string    `json:"tax_id,omitempty"`
	Email   string    `json:"email,omitempty"`
	Phone   string    `json:"phone,omitempty"`
	URL     string    `json:"url,omitempty"`
	Address string    `json:"address,omitempty"`
	// Country is an ISO 3166-1 alpha-2 code, or empty.
	Country string `json:"country,omitempty"`
	// Owner and Department are the host's names of those responsible for the
	// customer.
	Owner       string            `json:"owner,omitempty"`
	Department  string            `json:"department,omitempty"`
	Description string            `json:"description,omitempty"`
	Attributes  map[string]string `json:"attributes,omitempty"`
	// MergedInto is the customer that this one is an alias of; Nil for none (C08).
	MergedInto uuid.UUID `json:"merged_into,omitzero"`
	// Version counts changes of the customer or of its contacts, from 1.
	Version int64     `json:"version,omitzero"`
	Created time.Time `json:"created,omitzero"`
	Updated time.Time `json:"updated,omitzero"`
}

// Contact is an entry of the contact archive 联系人档案; it belongs to one
// customer (C02).
type Contact struct {
	ID       uuid.UUID `json:"id,omitzero"`
	Customer uuid.UUID `json:"customer,omitzero"`
	Name     string    `json:"name,omitzero"`
	Title    string    `json:"title,omitempty"`
	Email    string    `json:"email,omitempty"`
	Phone    string    `json:"phone,omitempty"`
	// Primary marks the customer's main contact; at most one has the mark.
	Primary    bool              `json:"primary,omitempty"`
	Active     bool              `json:"active"`
	Note       string            `json:"note,omitempty"`
	Attributes map[string]string `json:"attributes,omitempty"`
	Created    time.Time         `json:"created,omitzero"`
	Updated    time.Time         `json:"updated,omitzero"`
}

// Keys are the values compared in a search for duplicates: the folded name, the
// normalised e-mail, its domain, phone and tax id. Go computes them, and they are
// never shown. Empty keys match nothing (C03, C07).
type Keys struct {
	Name, Email, EmailDomain, Phone, URL, TaxID string
}

// Clone returns a deep copy.
func (c Customer) Clone() Customer {
	c.Attributes = maps.Clone(c.Attributes)
	return c
}

// Clone returns a deep copy.
func (c Contact) Clone() Contact {
	c.Attributes = maps.Clone(c.Attributes)
	return c
}
