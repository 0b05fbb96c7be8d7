package opportunity

import (
	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/stage"
)

// Update changes details; nil fields stay as they are.
type Update struct {
	Name        *string    `json:"name,omitempty"`
	Description *string    `json:"description,omitempty"`
	Customer    *uuid.UUID `json:"customer,omitempty"`
	// BillTo, EndUser and Source are taken away by uuid.Nil.
	BillTo     *uuid.UUID `json:"bill_to,omitempty"`
	EndUser    *uuid.UUID `json:"end_user,omitempty"`
	Source     *uuid.UUID `json:"source,omitempty"`
	Department *string    `json:"department,omitempty"`
	// Currency may change only while there are no lines and quotes (O17); then
	// Estimated must be given in the new one, or is zero.
	Currency  money.Currency `json:"currency,omitempty"`
	Estimated *money.Money   `json:"estimated,omitempty"`
	// Override sets the amount by hand; ReleaseOverride lets it go (O16).
	Override        *money.Money `json:"override,omitempty"`
	ReleaseOverride bool         `json:"release_override,omitempty"`
	// Probability and Category set by hand stick until the stage changes (O05);
	// the Release fields go back to the stage's.
	Probability        *int               `json:"probability,omitempty"`
	ReleaseProbability bool               `json:"release_probability,omitempty"`
	Category           *stage.Category    `json:"category,omitempty"`
	ReleaseCategory    bool               `json:"release_category,omitempty"`
	ExpectedClose      *calendar.Date     `json:"expected_close,omitempty"`
	Rating             *int               `json:"rating,omitempty"`
	Attributes         *map[string]string `json:"attributes,omitempty"`
}

func (u *Update) commercial() bool {
	return u.Customer != nil || u.BillTo != nil || u.EndUser != nil || u.Currency != "" || u.Estimated != nil || u.Override != nil ||
		u.ReleaseOverride || u.Probability != nil || u.ReleaseProbability || u.Category != nil || u.ReleaseCategory || u.ExpectedClose != nil
}

// Update changes details (S3). found holds the customers that are named.
// Errors: ErrInvalid; ErrNotAllowed for what the status forbids (O08), and for
// the customer or currency once they are fixed (O17, O18).
func (o *Opportunity) Update(in Update, found Found, at journal.Moment) error {
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
	r := o.s.Root
	ev := &updated{ExpectedClose: in.ExpectedClose, Release: in.ReleaseOverride}
	set(&r.Name, in.Name)
	set(&r.Description, in.Description)
	set(&r.Customer, in.Customer)
	set(&r.BillTo, in.BillTo)
	set(&r.EndUser, in.EndUser)
	set(&r.Source, in.Source)
	set(&r.Department, in.Department)
	set(&r.Rating, in.Rating)
	if in.Attributes != nil {
		r.Attributes = cloneMap(*in.Attributes)
		ev.Attributes = &r.Attributes
	}
	checkDetails(&f, &r)
	if in.Name != nil {
		ev.Name = &r.Name
	}
	if in.Description != nil {
		ev.Description = &r.Description
	}
	if in.Department != nil {
		ev.Department = &r.Department
	}
	if in.Rating != nil {
		ev.Rating = &r.Rating
	}
	if in.Source != nil && *in.Source != o.s.Source {
		if *in.Source != uuid.Nil {
			o.usable(&f, "/source", *in.Source, archive.Source)
		}
		ev.Source = &r.Source
	}
	if in.Customer != nil || in.BillTo != nil || in.EndUser != nil {
		named := Root{}
		if in.Customer != nil {
			named.Customer = *in.Customer
			if *in.Customer == uuid.Nil {
				f.Add("/customer", "required", "is required")
			}
			if *in.Customer != o.s.Customer && (o.s.Counts.LiveOrders+o.s.Counts.DoneOrders+o.s.Counts.OpenQuotes+o.s.Counts.AcceptedQuotes) > 0 {
				refused.Add("/customer", "fixed", "can't change while there is a live quote or order")
			}
			if *in.Customer == o.s.Customer {
				named.Customer = uuid.Nil // an inactive customer keeps what it has (C04)
			}
		}
		set(&named.BillTo, in.BillTo)
		set(&named.EndUser, in.EndUser)
		checkCustomers(&f, &refused, &named, found.Customers)
		ev.Customer, ev.BillTo, ev.EndUser = &r.Customer, &r.BillTo, &r.EndUser
	}
	if in.Currency != "" && in.Currency != o.s.Currency {
		if !in.Currency.Valid() {
			f.Add("/currency", "unknown", "must be an active ISO 4217 currency")
		}
		if o.s.Counts.Lines > 0 || o.s.Counts.Quotes > 0 {
			refused.Add("/currency", "fixed", "can't change while there are lines or quotes")
		}
		r.Currency = in.Currency
		zero := money.Zero(in.Currency)
		ev.Currency, ev.Estimated = in.Currency, &zero
	}
	if in.Estimated != nil {
		checkAmount(&f, "/estimated", *in.Estimated, r.Currency)
		v := *in.Estimated
		ev.Estimated = &v
	}
	if in.Override != nil {
		checkAmount(&f, "/override", *in.Override, r.Currency)
		v := *in.Override
		ev.Override = &v
		if in.ReleaseOverride {
			f.Add("/release_override", "contradiction", "can't set and release at once")
		}
	}
	st, _ := o.rules.Version.Stage(o.s.Stage)
	yes, no := true, false
	if in.Probability != nil {
		byHand(&f, &r, in.Probability, "")
		v := *in.Probability
		ev.Probability, ev.ProbByHand = &v, &yes
	} else if in.ReleaseProbability {
		v := st.Probability
		ev.Probability, ev.ProbByHand = &v, &no
	}
	if in.Category != nil {
		byHand(&f, &r, nil, *in.Category)
		v := *in.Category
		if v == "" {
			f.Add("/category", "required", "must be a category")
		}
		ev.Category, ev.CatByHand = &v, &yes
	} else if in.ReleaseCategory {
		v := st.Category
		ev.Category, ev.CatByHand = &v, &no
	}
	if err := f.Invalid("opportunity.update.invalid"); err != nil {
		return err
	}
	if err := refused.NotAllowed("opportunity.update.refused", "the opportunity can't be changed so"); err != nil {
		return err
	}
	o.do(ev, at)
	return nil
}

