package pursuit

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/storage"
)

// MaxExecutions is the most orders summed up at once.
const MaxExecutions = 500

// Execution returns the execution view of an order 商机订单执行查询: the amounts ordered,
// delivered, returned, invoiced, received and outstanding, by line and in total,
// and the lines overdue as of today in the tenant's time zone (S8; Q06, Q07).
// Errors as for Get; ErrLimit for amounts that overflow.
func (h Orders) Execution(ctx context.Context, id uuid.UUID) (order.Execution, error) {
	s, err := h.Get(ctx, id)
	if err != nil {
		return order.Execution{}, err
	}
	on, err := h.s().today(ctx)
	if err != nil {
		return order.Execution{}, err
	}
	x, err := order.ExecutionOf(s)
	if err != nil {
		return order.Execution{}, err
	}
	return x.AsOf(on), nil
}

// today returns the current day in the tenant's time zone.
func (s *Session) today(ctx context.Context) (day calendar.Date, err error) {
	defer rescue(&err)
	if err := s.enter(ctx); err != nil {
		return day, err
	}
	return calendar.Of(s.eng.now(), s.eng.zone(s.actor.Tenant)), nil
}

// ExecutionOfOpportunity returns the execution view of all orders of an
// opportunity that the actor may see (J02), and their sums by currency; it is
// empty if there are none. It always takes three statements. Errors: ErrLimit for
// more than MaxExecutions orders, which Executions returns page by page, and for
// amounts that overflow.
func (h Orders) ExecutionOfOpportunity(ctx context.Context, id uuid.UUID) (order.Summary, error) {
	if id == uuid.Nil { // it would select all
		id = uuid.Max
	}
	return h.summary(ctx, OrderQuery{Opportunity: id})
}

// ExecutionOfCustomer is ExecutionOfOpportunity for all orders of a customer; for
// a merged customer, of its survivor, with two more statements (C08).
func (h Orders) ExecutionOfCustomer(ctx context.Context, id uuid.UUID) (order.Summary, error) {
	if id == uuid.Nil {
		id = uuid.Max
	}
	return h.summary(ctx, OrderQuery{Customer: id})
}

func (h Orders) summary(ctx context.Context, q OrderQuery) (order.Summary, error) {
	sc, err := h.s().scope(ctx, access.Orders)
	if err != nil {
		return order.Summary{}, err
	}
	on, err := h.s().today(ctx)
	if err != nil {
		return order.Summary{}, err
	}
	var list []order.Snapshot
	err = h.s().view(ctx, "orders.summary", func(ctx context.Context, tx storage.Tx) (err error) {
		list, err = h.snapshots(ctx, tx, sc, q, "", MaxExecutions+1)
		return err
	})
	if err != nil {
		return order.Summary{}, err
	}
	if len(list) > MaxExecutions {
		return order.Summary{}, fault.New(fault.ErrLimit, "order.execution.too_many", "the opportunity has more than 500 orders",
			fault.Field{Path: "/orders", Code: "too_many", Message: "ask for them page by page"})
	}
	return order.Summarise(list, on)
}

func (h Orders) snapshots(ctx context.Context, tx storage.Tx, sc access.Scope, q OrderQuery, after string, limit int) ([]order.Snapshot, error) {
	if _, err := h.s().sales(ctx, tx); err != nil {
		return nil, err
	}
	oq := order.Query{Scope: sc, Statuses: q.Statuses, Opportunity: q.Opportunity, Customer: q.Customer, AfterNumber: after, Limit: limit}
	return rowsOf(ctx, h.s(), tx, func() ([]order.Snapshot, error) { return h.s().system(tx).Snapshots(ctx, h.s().actor.Tenant, oq) }, &oq.Customer)
}

// Executions returns a page of execution views, ordered by number, as of today,
// of the orders that the actor may see (J02), in three statements. Pages have at
// most MaxExecutions orders. Errors: ErrInvalid; ErrLimit for amounts that
// overflow.
func (h Orders) Executions(ctx context.Context, q OrderQuery, page Page) (List[order.Execution], error) {
	if err := q.validate(); err != nil {
		return List[order.Execution]{}, err
	}
	if page.Size > MaxExecutions {
		return List[order.Execution]{}, fault.Invalid("page.invalid", fault.Field{Path: "/size", Code: "out_of_range", Message: "must be 1 to 500"})
	}
	sc, err := h.s().scope(ctx, access.Orders)
	if err != nil {
		return List[order.Execution]{}, err
	}
	on, err := h.s().today(ctx)
	if err != nil {
		return List[order.Execution]{}, err
	}
	return list(ctx, h.s(), "orders.executions", page, executionsQuery{q}, byText, func(ctx context.Context, tx storage.Tx, from position, limit int) ([]order.Execution, error) {
		found, err := h.snapshots(ctx, tx, sc, q, from.Key, limit)
		if err != nil {
			return nil, err
		}
		sum, err := order.Summarise(found, on)
		return sum.Orders, err
	}, func(x order.Execution) position { return position{x.Number, x.Order} })
}

// Events returns a page of an order's execution events, ordered by recorded time
// (Q06). Errors as for Get; ErrInvalid.
func (h Orders) Events(ctx context.Context, id uuid.UUID, page Page) (List[order.ExecutionEvent], error) {
	return list(ctx, h.s(), "orders.events", page, eventsQuery{id}, byEvent, func(ctx context.Context, tx storage.Tx, from position, limit int) ([]order.ExecutionEvent, error) {
		s, _, err := h.s().loadOrder(ctx, tx, id, true, access.OrderRead)
		if err != nil {
			return nil, err
		}
		at := 0
		if from.Key != "" {
			var found bool
			if at, found = slices.BinarySearchFunc(s.Events, from.Key, func(e order.ExecutionEvent, key string) int { return strings.Compare(eventKey(e), key) }); found {
				at++
			}
		}
		return s.Events[at:min(at+limit, len(s.Events))], nil
	}, func(e order.ExecutionEvent) position { return position{Key: eventKey(e)} })
}

// The queries of the cursors of executions and events.
type (
	executionsQuery struct{ OrderQuery }
	eventsQuery     struct{ Order uuid.UUID }
)

// eventKey grows along an order's events. No external id holds a NUL.
func eventKey(e order.ExecutionEvent) string {
	return fmt.Sprintf("%020d%s\x00%06d", e.Recorded.UnixMicro(), e.External, e.Line)
}
