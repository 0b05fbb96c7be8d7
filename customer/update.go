package customer

import (
	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/internal/optional"
)

// UpdateInput changes a customer's data; nil fields stay as they are. A pointer to the
// zero value clears what may be empty.
type UpdateInput struct {
	Code   *string `json:"code,omitempty"`
	Name   *string `json:"name,omitempty"`
	Kind   *Kind   `json:"kind,omitempty"`
	Status *Status `json:"status,omitempty"`
	// uuid.Nil clears Parent.
	Parent      *uuid.UUID `json:"parent,omitempty"`
	Sector      *string    `json:"sector,omitempty"`
	TaxID       *string    `json:"tax_id,omitempty"`
	Email       *string    `json:"email,omitempty"`
	Phone       *string    `json:"phone,omitempty"`
	URL         *string    `json:"url,omitempty"`
	Address     *string    `json:"address,omitempty"`
	Country     *string    `json:"country,omitempty"`
	Owner       *string    `json:"owner,omitempty" host:"user"`
	Department  *string    `json:"department,omitempty" host:"department"`
	Description *string    `json:"description,omitempty"`
	// Attributes replaces all of them.
	Attributes *map[string]string `json:"attributes,omitempty"`
}

// Update returns the update that replaces everything with the input. It clears
// fields that are empty in the input, except Kind and Status.
func (in CreateInput) Update() UpdateInput {
	u := UpdateInput{
		Code: &in.Code, Name: &in.Name, Parent: &in.Parent, Sector: &in.Sector, TaxID: &in.TaxID,
		Email: &in.Email, Phone: &in.Phone, URL: &in.URL, Address: &in.Address, Country: &in.Country,
		Owner: &in.Owner, Department: &in.Department, Description: &in.Description, Attributes: &in.Attributes,
	}
	if in.Kind != "" {
		u.Kind = &in.Kind
	}
	if in.Status != "" {
		u.Status = &in.Status
	}
	return u
}

// on returns the customer's data after the update.
func (u *UpdateInput) on(c *Customer) CreateInput {
	in := CreateInput{
		Code: c.Code, Name: c.Name, Kind: c.Kind, Status: c.Status, Parent: c.Parent, Sector: c.Sector, TaxID: c.TaxID,
		Email: c.Email, Phone: c.Phone, URL: c.URL, Address: c.Address, Country: c.Country,
		Owner: c.Owner, Department: c.Department, Description: c.Description, Attributes: c.Attributes,
	}
	optional.Set(&in.Code, u.Code)
	optional.Set(&in.Name, u.Name)
	optional.Set(&in.Kind, u.Kind)
	optional.Set(&in.Status, u.Status)
	optional.Set(&in.Parent, u.Parent)
	optional.Set(&in.Sector, u.Sector)
	optional.Set(&in.TaxID, u.TaxID)
	optional.Set(&in.Email, u.Email)
	optional.Set(&in.Phone, u.Phone)
	optional.Set(&in.URL, u.URL)
	optional.Set(&in.Address, u.Address)
	optional.Set(&in.Country, u.Country)
	optional.Set(&in.Owner, u.Owner)
	optional.Set(&in.Department, u.Department)
	optional.Set(&in.Description, u.Description)
	optional.Set(&in.Attributes, u.Attributes)
	return in
}

// UpdateContactInput changes a contact's data; nil fields stay as they are. A pointer
// to the zero value clears what may be empty.
type UpdateContactInput struct {
	Name  *string `json:"name,omitempty"`
	Title *string `json:"title,omitempty"`
	Email *string `json:"email,omitempty"`
	Phone *string `json:"phone,omitempty"`
	// Primary moves the mark of the main contact to this one, or removes it
	// (C02).
	Primary *bool   `json:"primary,omitempty"`
	Note    *string `json:"note,omitempty"`
	// Attributes replaces all of them.
	Attributes *map[string]string `json:"attributes,omitempty"`
}

// Update returns the update that replaces everything with the input. It clears
// fields that are empty in the input.
func (in ContactInput) Update() UpdateContactInput {
	return UpdateContactInput{
		Name: &in.Name, Title: &in.Title, Email: &in.Email, Phone: &in.Phone,
		Primary: &in.Primary, Note: &in.Note, Attributes: &in.Attributes,
	}
}

// on returns the contact's data after the update.
func (u *UpdateContactInput) on(c *Contact) ContactInput {
	in := ContactInput{
		Name: c.Name, Title: c.Title, Email: c.Email, Phone: c.Phone,
		Primary: c.Primary, Note: c.Note, Attributes: c.Attributes,
	}
	optional.Set(&in.Name, u.Name)
	optional.Set(&in.Title, u.Title)
	optional.Set(&in.Email, u.Email)
	optional.Set(&in.Phone, u.Phone)
	optional.Set(&in.Primary, u.Primary)
	optional.Set(&in.Note, u.Note)
	optional.Set(&in.Attributes, u.Attributes)
	return in
}
