package opportunity

import (
	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
)

// OrderMade notes that an order of a total was made from the won opportunity
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

// OrderEnded notes that a live order was completed or cancelled. A cancelled
// one never changes the win; it is flagged (Q09), and its total counts as ordered
// no more. Total is the order's. It is noted on a closed opportunity too: the
// order's life goes on after a closing by override, which isn't a change of the
// opportunity's own (O08).
// Errors: ErrNotAllowed if there is no live order; ErrInvalid for another
// currency, or more than is ordered.
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
