package customer

import (
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/text"
)

// Limits of a search for duplicates.
const (
	// MaxDuplicates is the most hits listed; more are "too many" (C07).
	MaxDuplicates = 20
	// MaxProbeKeys is the most addresses, and the most phones, of a Probe.
	MaxProbeKeys = 50
)

// Probe is the input of a search for duplicates 商机查重: a new or stored customer
// (C07). An empty or malformed value matches nothing.
type Probe struct {
	Name  string `json:"name,omitempty"`
	TaxID string `json:"tax_id,omitempty"`
	// Emails and Phones include those of the contacts.
	Emails []string `json:"emails,omitempty"`
	Phones []string `json:"phones,omitempty"`
	// Except is a customer to leave out, usually the one being compared; or Nil.
	Except uuid.UUID `json:"except,omitzero"`
}

// ProbeOf returns the probe of a new customer.
func ProbeOf(in CreateInput, contacts []ContactInput) Probe {
	p := Probe{Name: in.Name, TaxID: in.TaxID}
	p.add(in.Email, in.Phone)
	for _, c := range contacts {
		p.add(c.Email, c.Phone)
	}
	return p
}

// ProbeOfStored returns the probe of a stored customer, which it excepts.
func ProbeOfStored(c Customer, contacts []Contact) Probe {
	p := Probe{Name: c.Name, TaxID: c.TaxID, Except: c.ID}
	p.add(c.Email, c.Phone)
	for _, x := range contacts {
		p.add(x.Email, x.Phone)
	}
	return p
}

// add adds a non-empty address and phone, up to the limit.
func (p *Probe) add(email, phone string) {
	if email != "" && len(p.Emails) < MaxProbeKeys {
		p.Emails = append(p.Emails, email)
	}
	if phone != "" && len(p.Phones) < MaxProbeKeys {
		p.Phones = append(p.Phones, phone)
	}
}

// Match names what a hit and the probe have in common.
type Match string

// The matches. The domain of a public mail provider doesn't count, only the exact
// address.
const (
	SameName   Match = "name"
	SameEmail  Match = "email"
	SameDomain Match = "email_domain"
	SamePhone  Match = "phone"
	SameTaxID  Match = "tax_id"
)

// Matches returns all matches, in order.
func Matches() []Match { return []Match{SameName, SameEmail, SameDomain, SamePhone, SameTaxID} }

// Hit is a customer that may be the same, with at least one match, in the order
// of Matches.
type Hit struct {
	Customer Customer `json:"customer"`
	By       []Match  `json:"by"`
}

// Duplicates is the result of a search: at most MaxDuplicates hits, by name; or
// no hits and TooMany, if the probe is too common to tell (C07).
type Duplicates struct {
	Hits    []Hit `json:"hits,omitempty"`
	TooMany bool  `json:"too_many,omitempty"`
}

// AlikeQuery is a Probe reduced to its keys. Empty keys match nothing. Addresses
// of customers and of contacts are compared in the same way.
type AlikeQuery struct {
	Scope       access.Scope
	Name, TaxID string
	Emails      []string
	Domains     []string
	Phones      []string
	Except      uuid.UUID
	// Limit is the most customers to return, 1 or more.
	Limit int
}

// Empty reports whether the query has no keys.
func (q *AlikeQuery) Empty() bool {
	return q.Name == "" && q.TaxID == "" && len(q.Emails)+len(q.Domains)+len(q.Phones) == 0
}

// Keys returns the query of a probe; the caller sets its Scope. Errors:
// ErrInvalid for text that is too long or malformed, and for too many addresses.
func (p Probe) Keys() (AlikeQuery, error) {
	var f fault.Fields
	check := func(path, s string, most int) {
		if code, msg := text.Problem(s, 0, most, false); code != "" {
			f.Add(path, code, msg)
		}
	}
	check("/name", text.Clean(p.Name), MaxName)
	check("/tax_id", text.Clean(p.TaxID), MaxTaxID)
	for _, x := range []struct {
		path string
		list []string
		most int
	}{{"/emails", p.Emails, MaxEmail}, {"/phones", p.Phones, MaxPhone}} {
		if len(x.list) > MaxProbeKeys {
			f.Add(x.path, "too_many", "has too many values")
			continue
		}
		for i, s := range x.list {
			check(fault.Index(x.path, i), s, x.most)
		}
	}
	if err := f.Invalid("customer.probe.invalid"); err != nil {
		return AlikeQuery{}, err
	}
	q := AlikeQuery{Name: nameKey(p.Name), TaxID: taxKey(p.TaxID), Except: p.Except, Limit: MaxDuplicates + 1}
	for _, s := range p.Emails {
		key, domain, ok := EmailKey(s)
		if !ok {
			continue
		}
		q.Emails = append(q.Emails, key)
		if !PublicMailDomain(domain) {
			q.Domains = append(q.Domains, domain)
		}
	}
	for _, s := range p.Phones {
		if key, ok := PhoneKey(s); ok {
			q.Phones = append(q.Phones, key)
		}
	}
	q.Emails, q.Domains, q.Phones = distinct(q.Emails), distinct(q.Domains), distinct(q.Phones)
	return q, nil
}

func distinct(list []string) []string {
	slices.SortFunc(list, strings.Compare)
	return slices.Compact(list)
}

// DuplicatesOf returns the result for hits; it lists none if there are too many
// (C07).
func DuplicatesOf(hits []Hit) Duplicates {
	if len(hits) > MaxDuplicates {
		return Duplicates{TooMany: true}
	}
	return Duplicates{Hits: hits}
}

// Dependents are the ids of the records that depend on a customer.
type Dependents struct {
	Opportunities []uuid.UUID
	Quotes        []uuid.UUID
	Orders        []uuid.UUID
	Children      []uuid.UUID
}

// Len returns the number of dependents.
func (d Dependents) Len() int {
	return len(d.Opportunities) + len(d.Quotes) + len(d.Orders) + len(d.Children)
}
