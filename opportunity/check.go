package opportunity

import (
	"slices"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/stage"
)

// checkCustomer requires that a customer exists (O01, O18) and takes new
// opportunities (C04). Nil is no customer.
func checkCustomer(f, refused *fault.Fields, path string, id uuid.UUID, found []customer.Customer) {
	if id == uuid.Nil {
		return
	}
	i := slices.IndexFunc(found, func(c customer.Customer) bool { return c.ID == id })
	switch {
	case i < 0:
		f.Add(path, "not_found", "isn't a customer")
	case found[i].TakesOpportunity() != nil:
		refused.Add(path, "inactive", "takes no new opportunity")
	}
}

// sameCustomers clears parties that are the customer itself (O18).
func (r *Root) sameCustomers() {
	if r.BillTo == r.Customer {
		r.BillTo = uuid.Nil
	}
	if r.EndUser == r.Customer {
		r.EndUser = uuid.Nil
	}
}

// with reports whether a customer is one of the opportunity's parties.
func (r *Root) with(id uuid.UUID) bool {
	return id != uuid.Nil && (id == r.Customer || id == r.BillTo || id == r.EndUser)
}

func checkRating(f *fault.Fields, rating int) {
	if rating < 0 || rating > 5 {
		f.Add("/rating", "out_of_range", "must be 0 to 5")
	}
}

func checkCurrency(f *fault.Fields, c money.Currency) {
	if !c.Valid() {
		f.Add("/currency", "unknown", "must be an active ISO 4217 currency")
	}
}

// checkAmount requires an amount of at least zero in the opportunity's currency,
// if that is valid (O17).
func checkAmount(f *fault.Fields, path string, m money.Money, c money.Currency) {
	if c.Valid() && m.Currency() != c {
		f.Add(path+"/currency", "mismatch", "must be in the opportunity's currency")
	}
	if m.Sign() < 0 {
		f.Add(path+"/amount", "negative", "must not be negative")
	}
}

// byHand sets a manual probability or category (O05).
func byHand(f *fault.Fields, r *Root, probability *int, category stage.Category) {
	if probability != nil {
		if *probability < 0 || *probability > stage.MaxProbability {
			f.Add("/probability", "out_of_range", "must be 0 to 9900 basis points while open")
		}
		r.Probability, r.ProbabilityByHand = *probability, true
	}
	if category != "" {
		if !category.Open() && category != stage.Omitted {
			f.Add("/category", "not_open", "must be a category of an open deal")
		}
		r.Category, r.CategoryByHand = category, true
	}
}
