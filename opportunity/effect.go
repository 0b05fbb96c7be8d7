package opportunity

import (
	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/stage"
)

// AmountFromTo is an amount before and after.
type AmountFromTo struct {
	From money.Money `json:"from"`
	To   money.Money `json:"to"`
}

// Changes are the changes of an event to values that lists and reports show.
// Unchanged values are omitted.
type Changes struct {
	Status        journal.FromTo[Status]         `json:"status,omitzero"`
	Stage         journal.FromTo[string]         `json:"stage,omitzero"`
	Owner         journal.FromTo[string]         `json:"owner,omitzero"`
	Department    journal.FromTo[string]         `json:"department,omitzero"`
	Customer      journal.FromTo[uuid.UUID]      `json:"customer,omitzero"`
	Amount        AmountFromTo                   `json:"amount,omitzero"`
	LineTotal     AmountFromTo                   `json:"line_total,omitzero"`
	Quoted        AmountFromTo                   `json:"quoted,omitzero"`
	Ordered       AmountFromTo                   `json:"ordered,omitzero"`
	Probability   journal.FromTo[int]            `json:"probability,omitzero"`
	Category      journal.FromTo[stage.Category] `json:"category,omitzero"`
	ExpectedClose journal.FromTo[calendar.Date]  `json:"expected_close,omitzero"`
}

// Effect is the part of a payload that holds the event's changes.
type Effect struct {
	// Changes is empty in entries from before v0.1.
	Changes Changes `json:"changes,omitzero"`
}

func (e *Effect) effect() *Effect { return e }

func (e *Effect) note(a, b *Root) {
	c := &e.Changes
	c.Status.Set(a.Status, b.Status)
	c.Stage.Set(a.Stage, b.Stage)
	c.Owner.Set(a.Owner, b.Owner)
	c.Department.Set(a.Department, b.Department)
	c.Customer.Set(a.Customer, b.Customer)
	c.Amount.Set(a.Amount(), b.Amount())
	c.LineTotal.Set(a.LineTotal, b.LineTotal)
	c.Quoted.Set(a.Quoted, b.Quoted)
	c.Ordered.Set(a.Ordered, b.Ordered)
	c.Probability.Set(a.Probability, b.Probability)
	c.Category.Set(a.Category, b.Category)
	c.ExpectedClose.Set(a.ExpectedClose, b.ExpectedClose)
}

// Set records a change; it ignores a change from zero to zero, whatever the
// currencies.
func (x *AmountFromTo) Set(from, to money.Money) {
	if from != to && (from.Sign() != 0 || to.Sign() != 0) {
		*x = AmountFromTo{from, to}
	}
}

// before returns the details of a root that an update changes.
func (d *Details) before(r *Root) (b Details) {
	was(&b.Name, d.Name, r.Name)
	was(&b.Description, d.Description, r.Description)
	was(&b.Customer, d.Customer, r.Customer)
	was(&b.BillTo, d.BillTo, r.BillTo)
	was(&b.EndUser, d.EndUser, r.EndUser)
	was(&b.Source, d.Source, r.Source)
	was(&b.Department, d.Department, r.Department)
	was(&b.Estimated, d.Estimated, r.Estimated)
	was(&b.Probability, d.Probability, r.Probability)
	was(&b.ProbByHand, d.ProbByHand, r.ProbabilityByHand)
	was(&b.Category, d.Category, r.Category)
	was(&b.CatByHand, d.CatByHand, r.CategoryByHand)
	was(&b.ExpectedClose, d.ExpectedClose, r.ExpectedClose)
	was(&b.Rating, d.Rating, r.Rating)
	if d.Currency != "" {
		b.Currency = r.Currency
	}
	if d.Attributes != nil && r.Attributes != nil {
		old := r.Attributes
		b.Attributes = &old
	}
	return b
}

// was sets the previous value of a changed field, unless it was empty.
func was[T comparable](to **T, set *T, old T) {
	if set != nil && old != *new(T) {
		*to = &old
	}
}
