package customer

import (
	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/text"
)

// Limits, in characters unless noted.
const (
	MaxName        = text.MaxName
	MaxCode        = text.MaxCode
	MaxSector      = 200
	MaxTaxID       = 64
	MaxEmail       = 254
	MaxPhone       = 64
	MaxURL         = 500
	MaxAddress     = 500
	MaxOwner       = text.MaxKey
	MaxDescription = text.MaxDescription
	MaxTitle       = 200
	MaxNote        = text.MaxDescription
	// MaxContacts is the most contacts of one customer.
	MaxContacts = 1000
)

// CreateInput is the input for a new customer. UpdateInput changes one.
type CreateInput struct {
	// Code is optional: letters, digits and "._-/", unique per tenant.
	Code string `json:"code,omitempty"`
	// Name is required.
	Name string `json:"name"`
	// Kind is Organisation for a new customer if empty.
	Kind Kind `json:"kind,omitempty"`
	// Status is Prospect for a new customer if empty.
	Status Status `json:"status,omitempty"`
	// Parent is another customer of the tenant, or Nil. The engine finds circles
	// longer than "itself".
	Parent  uuid.UUID `json:"parent,omitzero"`
	Sector  string    `json:"sector,omitempty"`
	TaxID   string    `json:"tax_id,omitempty"`
	Email   string    `json:"email,omitempty"`
	Phone   string    `json:"phone,omitempty"`
	URL     string    `json:"url,omitempty"`
	Address string    `json:"address,omitempty"`
	// Country is two upper-case letters (ISO 3166-1 alpha-2), or empty.
	Country     string            `json:"country,omitempty"`
	Owner       string            `json:"owner,omitempty" host:"user"`
	Department  string            `json:"department,omitempty" host:"department"`
	Description string            `json:"description,omitempty"`
	Attributes  map[string]string `json:"attributes,omitempty"`
	// Contacts are created with the customer; Update ignores them.
	Contacts []ContactInput `json:"contacts,omitempty"`
}

// ContactInput is the input for a new contact. UpdateContactInput changes one.
type ContactInput struct {
	// Name is required.
	Name  string `json:"name"`
	Title string `json:"title,omitempty"`
	Email string `json:"email,omitempty"`
	Phone string `json:"phone,omitempty"`
	// Primary makes it the main contact and removes the mark from another (C02).
	Primary    bool              `json:"primary,omitempty"`
	Note       string            `json:"note,omitempty"`
	Attributes map[string]string `json:"attributes,omitempty"`
}

// Valid reports whether k is a known kind (C01).
func (k Kind) Valid() bool { return k == Organisation || k == Person }

// Valid reports whether s is a known status (C01).
func (s Status) Valid() bool { return s == Prospect || s == Active || s == Inactive }

// check cleans the input in place and notes every fault.
func (in *CreateInput) check(f *fault.Fields, self uuid.UUID) {
	text.Code(f, "/code", in.Code, 0)
	text.Line(f, "/name", &in.Name, 1, MaxName)
	if !in.Kind.Valid() {
		f.Add("/kind", "unknown", "must be organisation or person")
	}
	if !in.Status.Valid() {
		f.Add("/status", "unknown", "must be prospect, active or inactive")
	}
	if in.Parent != uuid.Nil && in.Parent == self {
		f.Add("/parent", "self", "must be another customer")
	}
	text.Line(f, "/sector", &in.Sector, 0, MaxSector)
	text.Name(f, "/tax_id", &in.TaxID, 0, MaxTaxID)
	checkReach(f, "", &in.Email, &in.Phone)
	if clean(f, "/url", &in.URL, MaxURL) {
		if _, ok := URLKey(in.URL); !ok {
			f.Add("/url", "bad_url", "must look like example.com or https://example.com/path")
		}
	}
	text.Block(f, "/address", &in.Address, 0, MaxAddress)
	if !country(in.Country) {
		f.Add("/country", "bad_country", "must be two upper-case letters")
	}
	text.Key(f, "/owner", in.Owner, 0, MaxOwner)
	text.Key(f, "/department", in.Department, 0, MaxOwner)
	text.Block(f, "/description", &in.Description, 0, MaxDescription)
	text.Attributes(f, "/attributes", in.Attributes)
}

func (in *ContactInput) check(f *fault.Fields, path string) {
	text.Line(f, path+"/name", &in.Name, 1, MaxName)
	text.Line(f, path+"/title", &in.Title, 0, MaxTitle)
	checkReach(f, path, &in.Email, &in.Phone)
	text.Block(f, path+"/note", &in.Note, 0, MaxNote)
	text.Attributes(f, path+"/attributes", in.Attributes)
}

// checkReach checks e-mail and phone (C03).
func checkReach(f *fault.Fields, path string, email, phone *string) {
	if clean(f, path+"/email", email, MaxEmail) {
		if _, _, ok := EmailKey(*email); !ok {
			f.Add(path+"/email", "bad_email", "must look like name@example.com")
		}
	}
	if clean(f, path+"/phone", phone, MaxPhone) {
		if _, ok := PhoneKey(*phone); !ok {
			f.Add(path+"/phone", "bad_phone", "must be a phone number")
		}
	}
}

// clean applies text.Name, because people trust an address (R06), and reports
// whether a value remains whose shape must be checked.
func clean(f *fault.Fields, path string, s *string, max int) bool {
	before := len(f.List())
	text.Name(f, path, s, 0, max)
	return *s != "" && len(f.List()) == before
}

func country(s string) bool {
	return s == "" || len(s) == 2 && s[0] >= 'A' && s[0] <= 'Z' && s[1] >= 'A' && s[1] <= 'Z'
}
