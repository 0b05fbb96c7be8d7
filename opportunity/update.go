package opportunity

import (
	"maps"
	"slices"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/optional"
	"github.com/pursuit-crm/pursuit/internal/text"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/stage"
)

// UpdateInput changes details; nil fields stay as they are.
type UpdateInput struct {
	Name        *string    `json:"name,omitempty"`
	Description *string    `json:"description,omitempty"`
	Customer    *uuid.UUID `json:"customer,omitempty"`
	// uuid.Nil clears BillTo, EndUser and Source.
	BillTo     *uuid.UUID `json:"bill_to,omitempty"`
	EndUser    *uuid.UUID `json:"end_user,omitempty"`
	Source     *uuid.UUID `json:"source,omitempty"`
	Department *string    `json:"department,omitempty" host:"department"`
	// Currency may change only while there are no lines, quotes and orders, and
	// no competitor has a price (O17). A nonzero estimate must then be given in
	// the new currency; an amount set by hand must be given again, or released.
	// Amounts of past cycles stay unchanged (O10).
	Currency  money.Currency `json:"currency,omitempty"`
	Estimated *money.Money   `json:"estimated,omitempty"`
	// Override sets the amount by hand; ReleaseOverride releases it (O16).
	Override        *money.Money `json:"override,omitempty"`
	ReleaseOverride bool         `json:"release_override,omitempty"`
	// Probability and Category set by hand stay until the stage changes (O05);
	// the Release fields return to the stage's values.
	Probability        *int            `json:"probability,omitempty"`
	ReleaseProbability bool            `json:"release_probability,omitempty"`
	Category           *stage.Category `json:"category,omitempty"`
	ReleaseCategory    bool            `json:"release_category,omitempty"`
	ExpectedClose      *calendar.Date  `json:"expected_close,omitempty"`
	Rating             *int            `json:"rating,omitempty"`
	// Attributes replaces all attributes (O15).
	Attributes *map[string]string `json:"attributes,omitempty"`
}

// commercial reports whether the update changes content that a decision fixes
// (O08): the buyer, amounts, and the forecast.
func (u *UpdateInput) commercial() bool {
	return u.Customer != nil || u.BillTo != nil || u.EndUser != nil || u.Currency != "" || u.Estimated != nil || u.Override != nil ||
		u.ReleaseOverride || u.Probability != nil || u.ReleaseProbability || u.Category != nil || u.ReleaseCategory || u.ExpectedClose != nil
}

// Update changes details (S3). found holds the named customers and, if one of the
// opportunity's customers is replaced, the opportunity's contacts. It needs
// PartCompetitors to change the currency, and PartContacts to replace a customer,
// if there are any. Errors: ErrInvalid with all fields at fault; ErrNotAllowed
// for changes that the status forbids (O08), for the customer or currency once
// they are fixed (O17, O18), and while the opportunity has contacts of a customer
// to be removed (R04).
func (o *Opportunity) Update(in UpdateInput, found Found, at journal.Moment) error {
	if err := o.begin(at); err != nil {
		return err
	}
	if in.commercial() {
		if err := o.commercial("opportunity.update.status"); err != nil {
			return err
		}
	} else if err := o.followUp("opportunity.update.status"); err != nil {
		return err
	}
	var f, refused fault.Fields
	ev := &UpdatedPayload{Release: in.ReleaseOverride}
	o.updateDetails(&f, ev, &in)
	if err := o.updateCustomers(&f, &refused, ev, &in, found); err != nil {
		return err
	}
	if err := o.updateAmounts(&f, &refused, ev, &in); err != nil {
		return err
	}
	if err := o.updateForecast(&f, ev, &in); err != nil {
		return err
	}
	if err := f.Invalid("opportunity.update.invalid"); err != nil {
		return err
	}
	if err := refused.NotAllowed("opportunity.update.refused", "the opportunity can't be changed that way"); err != nil {
		return err
	}
	ev.Before = ev.Details.before(&o.s.Root)
	if ev.Override != nil || ev.Release {
		ev.Before.Override = o.s.Override
	}
	o.do(ev, at)
	o.insideChanged(ev.Inside)
	return nil
}

func copied[T any](p *T) *T {
	if p == nil {
		return nil
	}
	v := *p
	return &v
}

// updateDetails checks only the given fields: old data needn't satisfy newer
// rules.
func (o *Opportunity) updateDetails(f *fault.Fields, ev *UpdatedPayload, in *UpdateInput) {
	ev.Name, ev.Description, ev.Department, ev.Rating = copied(in.Name), copied(in.Description), copied(in.Department), copied(in.Rating)
	if ev.Name != nil {
		text.Line(f, "/name", ev.Name, 1, text.MaxName)
	}
	if ev.Description != nil {
		text.Block(f, "/description", ev.Description, 0, text.MaxDescription)
	}
	if ev.Department != nil {
		text.Key(f, "/department", *ev.Department, 0, text.MaxKey)
	}
	if ev.Rating != nil {
		checkRating(f, *ev.Rating)
	}
	if in.Attributes != nil {
		text.Attributes(f, "/attributes", *in.Attributes)
		m := map[string]string{} // not nil: null in the journal would mean no change
		maps.Copy(m, *in.Attributes)
		ev.Attributes = &m
	}
	if in.Source != nil && *in.Source != o.s.Source { // an earlier choice stays valid (A02)
		if *in.Source != uuid.Nil {
			o.usable(f, "/source", *in.Source, archive.Source)
		}
		ev.Source = copied(in.Source)
	}
}

// updateCustomers changes the parties (O18).
func (o *Opportunity) updateCustomers(f, refused *fault.Fields, ev *UpdatedPayload, in *UpdateInput, found Found) error {
	if in.Customer == nil && in.BillTo == nil && in.EndUser == nil {
		return nil
	}
	r := Root{Customer: o.s.Customer, BillTo: o.s.BillTo, EndUser: o.s.EndUser}
	optional.Set(&r.Customer, in.Customer)
	optional.Set(&r.BillTo, in.BillTo)
	optional.Set(&r.EndUser, in.EndUser)
	r.sameCustomers()
	n := &o.s.Counts
	switch {
	case r.Customer == o.s.Customer:
	case r.Customer == uuid.Nil:
		f.Add("/customer", "required", "is required")
	case n.LiveOrders+n.DoneOrders+n.OpenQuotes+n.AcceptedQuotes > 0:
		refused.Add("/customer", "fixed", "can't change while there is a live quote or order")
	}
	// Existing parties stay, even if inactive since (C04).
	for _, x := range []struct {
		path    string
		id, old uuid.UUID
	}{{"/customer", r.Customer, o.s.Customer}, {"/bill_to", r.BillTo, o.s.BillTo}, {"/end_user", r.EndUser, o.s.EndUser}} {
		if x.id != x.old {
			checkCustomer(f, refused, x.path, x.id, found.Customers)
		}
	}
	leaves := func(id uuid.UUID) bool { return o.s.with(id) && !r.with(id) }
	if n.Contacts > 0 && (leaves(o.s.Customer) || leaves(o.s.BillTo) || leaves(o.s.EndUser)) {
		if err := o.needs(PartContacts); err != nil {
			return err
		}
		for i, c := range o.s.Contacts {
			k := slices.IndexFunc(found.Contacts, func(x customer.Contact) bool { return x.ID == c.Contact })
			if !c.External && (k < 0 || !r.with(found.Contacts[k].Customer)) {
				refused.Add(fault.Index("/contacts", i), "other_customer", "is a contact of a customer that leaves the deal; remove it first")
			}
		}
	}
	ev.Customer, ev.BillTo, ev.EndUser = &r.Customer, &r.BillTo, &r.EndUser
	var err error
	ev.Inside, err = o.inside(&r, found.Contacts) // C13
	return err
}

// updateAmounts changes the currency, the estimate and the amount set by hand
// (O16, O17).
func (o *Opportunity) updateAmounts(f, refused *fault.Fields, ev *UpdatedPayload, in *UpdateInput) error {
	c := o.s.Currency
	if in.Currency != "" && in.Currency != c {
		c = in.Currency
		checkCurrency(f, c)
		before := len(refused.List())
		n := &o.s.Counts
		if n.Lines+n.Quotes+n.Orders > 0 {
			refused.Add("/currency", "fixed", "can't change while there are lines, quotes or orders")
		}
		if n.Competitors > 0 {
			if err := o.needs(PartCompetitors); err != nil {
				return err
			}
			if slices.ContainsFunc(o.s.Competitors, func(x DealCompetitor) bool { return x.Price != nil }) {
				refused.Add("/currency", "fixed", "can't change while a competitor has a price")
			}
		}
		if o.s.Override != nil && in.Override == nil && !in.ReleaseOverride {
			f.Add("/override", "required", "must be given in the new currency, or released")
		}
		if o.s.Estimated.Sign() != 0 && in.Estimated == nil && len(refused.List()) == before { // a currency that can't change needs none
			f.Add("/estimated", "required", "must be given in the new currency")
		}
		zero := money.Zero(c)
		ev.Currency, ev.Estimated = c, &zero
	}
	if in.Estimated != nil {
		checkAmount(f, "/estimated", *in.Estimated, c)
		ev.Estimated = copied(in.Estimated)
	}
	if in.Override != nil {
		checkAmount(f, "/override", *in.Override, c)
		ev.Override = copied(in.Override)
		if in.ReleaseOverride {
			f.Add("/release_override", "contradiction", "can't set and release at once")
		}
	}
	return nil
}

// updateForecast changes the date, and sets or releases manual values (O05).
func (o *Opportunity) updateForecast(f *fault.Fields, ev *UpdatedPayload, in *UpdateInput) error {
	ev.ExpectedClose = copied(in.ExpectedClose)
	if in.Probability != nil && in.ReleaseProbability {
		f.Add("/release_probability", "contradiction", "can't set and release at once")
	}
	if in.Category != nil && in.ReleaseCategory {
		f.Add("/release_category", "contradiction", "can't set and release at once")
	}
	var st stage.Stage
	if in.ReleaseProbability || in.ReleaseCategory {
		if err := o.ruled(); err != nil {
			return err
		}
		st, _ = o.rules.Version.Stage(o.s.Stage)
	}
	var r Root
	yes, no := true, false
	if in.Probability != nil {
		byHand(f, &r, in.Probability, "")
		ev.Probability, ev.ProbByHand = copied(in.Probability), &yes
	} else if in.ReleaseProbability {
		ev.Probability, ev.ProbByHand = &st.Probability, &no
	}
	if in.Category != nil {
		byHand(f, &r, nil, *in.Category)
		if *in.Category == "" {
			f.Add("/category", "required", "must be a category")
		}
		ev.Category, ev.CatByHand = copied(in.Category), &yes
	} else if in.ReleaseCategory {
		ev.Category, ev.CatByHand = &st.Category, &no
	}
	return nil
}
