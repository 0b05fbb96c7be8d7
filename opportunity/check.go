package opportunity

import (
	"slices"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/text"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/stage"
)

// checkDetails cleans and checks the descriptive fields.
func checkDetails(f *fault.Fields, r *Root) {
	text.Line(f, "/name", &r.Name, 1, text.MaxName)
	text.Block(f, "/description", &r.Description, 0, text.MaxDescription)
	text.Key(f, "/department", r.Department, 0, text.MaxKey)
	text.Attributes(f, "/attributes", r.Attributes)
	if r.Rating < 0 || r.Rating > 5 {
		f.Add("/rating", "out_of_range", "must be 0 to 5")
	}
	if r.BillTo == r.Customer {
		r.BillTo = uuid.Nil
	}
	if r.EndUser == r.Customer {
		r.EndUser = uuid.Nil
	}
}

// checkCustomers wants the customers to exist (O01, O18), and the buying one to
// take new opportunities (C04).
func checkCustomers(f, refused *fault.Fields, r *Root, found []customer.Customer) {
	look := func(path string, id uuid.UUID) {
		if id == uuid.Nil {
			return
		}
		i := slices.IndexFunc(found, func(c customer.Customer) bool { return c.ID == id })
		switch {
		case i < 0:
			f.Add(path, "not_found", "isn't a customer")
		case found[i].Status == customer.Inactive && refused != nil:
			refused.Add(path, "inactive", "takes no new opportunity")
		}
	}
	look("/customer", r.Customer)
	look("/bill_to", r.BillTo)
	look("/end_user", r.EndUser)
}

func checkAmount(f *fault.Fields, path string, m money.Money, c money.Currency) {
	switch {
	case m.Currency() != c:
		f.Add(path+"/currency", "mismatch", "must be in the opportunity's currency")
	case m.Sign() < 0:
		f.Add(path+"/amount", "negative", "must not be negative")
	}
}

// byHand sets a probability or category given by hand (O05).
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

