package opportunity

import (
	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
)

// OrderMade notes that an order of a total was made from the won opportunity
// (Q04). Errors: ErrNotAllowed unless won; ErrInvalid for another currency (Q07).
func (o *Opportunity) OrderMade(order uuid.UUID, total money.Money, at journal.Moment) error {
	if err := o.begin(at); err != nil {
		return err
	}
	if o.s.Status != Won {
		return o.badStatus("opportunity.order.status")
	}
	sum, err := o.s.Ordered.Add(total)
	if err != nil {
		return err
	}
	o.do(&orderMade{Order: order, Total: sum}, at)
	return nil
}

// OrderEnded notes that a live order was completed or cancelled. A cancelled
// one never changes the win; it is flagged (Q09). Total is the order's.
// Errors: ErrNotAllowed if there is no live order.
func (o *Opportunity) OrderEnded(order uuid.UUID, total money.Money, cancelled bool, at journal.Moment) error {
	if err := o.begin(at); err != nil {
		return err
	}
	if o.s.Counts.LiveOrders < 1 {
		return fault.NotAllowed("opportunity.order.none", "there is no live order")
	}
	sum := o.s.Ordered
	if cancelled {
		rest, err := sum.Sub(total)
		if err != nil {
			return err
		}
		sum = rest
	}
	o.do(&orderEnded{Order: order, Cancelled: cancelled, Total: sum}, at)
	return nil
}
