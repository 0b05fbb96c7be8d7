package opportunity

import (
	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
)

// OrderMade records an order created for the won opportunity, with its total
// (Q04). Errors: ErrNotAllowed unless won; ErrInvalid for another currency (Q07);
// ErrLimit if all orders together are too large.
func (o *Opportunity) OrderMade(order uuid.UUID, total money.Money, at journal.Moment) error {
	if err := o.begin(at); err != nil {
		return err
	}
	if o.s.Status != Won {
		return o.badStatus("opportunity.order.status")
	}
	var f fault.Fields
	checkAmount(&f, "/total", total, o.s.Currency)
	if err := f.Invalid("opportunity.order.invalid"); err != nil {
		return err
	}
	sum, err := o.s.Ordered.Add(total)
	if err != nil {
		return err
	}
	o.do(&OrderMadePayload{Order: order, Total: sum}, at)
	return nil
}

// OrderEnded records that a live order was completed or cancelled; total is the
// order's. A cancellation never changes the win: the opportunity is flagged
// (Q09), and the total no longer counts as ordered. It also applies to a closed
// opportunity: an order lives on after a closing by override, and its end isn't a
// change of the opportunity's own (O08). Errors: ErrNotAllowed if there is no
// live order; ErrInvalid for another currency, or more than the ordered total.
func (o *Opportunity) OrderEnded(order uuid.UUID, total money.Money, cancelled bool, at journal.Moment) error {
	if err := o.begin(at); err != nil {
		return err
	}
	if o.s.Counts.LiveOrders < 1 {
		return fault.NotAllowed("opportunity.order.none", "there is no live order")
	}
	sum := o.s.Ordered
	var f fault.Fields
	checkAmount(&f, "/total", total, o.s.Currency)
	if err := f.Invalid("opportunity.order.invalid"); err != nil {
		return err
	}
	if cancelled {
		rest, err := sum.Sub(total)
		if err != nil || rest.Sign() < 0 {
			return fault.Invalid("opportunity.order.invalid", fault.Field{Path: "/total", Code: "too_large", Message: "is more than is ordered"})
		}
		sum = rest
	}
	o.do(&OrderEndedPayload{Order: order, Cancelled: cancelled, Total: sum}, at)
	return nil
}
