package opportunity

import (
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/text"
	"github.com/pursuit-crm/pursuit/journal"
)

// DeleteInput deletes an opportunity recorded by mistake (O14).
type DeleteInput struct {
	Reason string `json:"reason"`
}

// Delete deletes an opportunity that was a mistake. It must be open, and have no
// activities, expenses, quotes, orders (O14) or past cycles, which are permanent
// (O10). Errors: ErrNotAllowed listing every obstacle; ErrInvalid without a
// reason.
func (o *Opportunity) Delete(in DeleteInput, at journal.Moment) error {
	if err := o.begin(at); err != nil {
		return err
	}
	var f, kept fault.Fields
	text.Block(&f, "/reason", &in.Reason, 1, text.MaxDescription)
	if err := f.Invalid("opportunity.delete.invalid"); err != nil {
		return err
	}
	if o.s.Status != Open {
		kept.Add("/status", o.s.Status.String(), "only an open opportunity can be deleted")
	}
	n := &o.s.Counts
	for _, x := range []struct {
		count int
		path  string
	}{{n.Activities, "/activities"}, {n.Expenses, "/expenses"}, {n.Quotes, "/quotes"}, {n.Orders, "/orders"}} {
		if x.count > 0 {
			kept.Add(x.path, "exist", "there are some; lose or void it instead")
		}
	}
	if o.s.Cycle > 1 {
		kept.Add("/cycles", "exist", "it was decided before; lose or void it instead")
	}
	if err := kept.NotAllowed("opportunity.delete.refused", "only mistakes are deleted"); err != nil {
		return err
	}
	o.do(&DeletedPayload{Reason: in.Reason, Number: o.s.Number, Name: o.s.Name}, at)
	o.deleted = true
	return nil
}
