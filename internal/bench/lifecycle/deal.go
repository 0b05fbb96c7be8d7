package lifecycle

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
)

// Who acts, and in which currency.
const (
	tenant     = "acme"
	user       = "ann"
	department = "east"
	currency   = money.CNY
)

// stages are the process's, with their probabilities in basis points; an
// opportunity begins in the first one and advances four times.
var stages = [...]struct {
	id          string
	probability int
	category    string
}{
	{"lead", 500, "pipeline"}, {"qualify", 2000, "pipeline"}, {"propose", 5000, "best_case"}, {"negotiate", 8000, "commit"}, {"sign", 9000, "commit"},
}

// commands is how many a life has, and so how many transactions.
const commands = 9

// world is what an enterprise sets up once, before any deal.
type world struct {
	process, version uuid.UUID
	reason           uuid.UUID
	now              func() time.Time
	newID            func() uuid.UUID
}

// deal is one life: its inputs, and the ids that its commands got.
type deal struct {
	*world
	customerName, contactName, name string
	lines                           []opportunity.LineInput
	members                         []opportunity.MemberInput
	close                           calendar.Date
	summary                         string

	customer, contact, opportunity, order uuid.UUID
}

func (w *world) deal(n int) *deal {
	d := &deal{
		world:        w,
		customerName: fmt.Sprintf("Northwind %d Ltd.", n), contactName: fmt.Sprintf("Li Wei %d", n),
		name:    fmt.Sprintf("Workstations for Northwind %d", n),
		close:   calendar.Of(time.Date(2030, 6, 30, 0, 0, 0, 0, time.UTC), time.UTC),
		summary: "Met the buyer; the next step is agreed.",
		members: []opportunity.MemberInput{
			{User: "bob", Role: opportunity.RolePresales, Access: opportunity.Write},
			{User: "eva", Role: opportunity.RoleSupport, Access: opportunity.Read},
		},
	}
	for i, price := range [...]string{"8999.5", "1200", "349.95"} {
		d.lines = append(d.lines, opportunity.LineInput{
			Product: fmt.Sprintf("WS-%d", i+1), Quantity: decimal.New(int64(20-i), 0), Unit: "pcs",
			Price: decimal.RequireFromString(price), Discount: decimal.New(5, 0),
		})
	}
	return d
}

// contender is a way of writing lives.
type contender interface {
	createCustomer(ctx context.Context, d *deal) error
	record(ctx context.Context, d *deal) error
	advance(ctx context.Context, d *deal, to string) error
	win(ctx context.Context, d *deal) error
	createOrder(ctx context.Context, d *deal) error
	closeDeal(ctx context.Context, d *deal) error
	// end frees what the contender holds; the database stays open.
	end() error
}

// live runs one life.
func live(ctx context.Context, c contender, d *deal) error {
	if err := c.createCustomer(ctx, d); err != nil {
		return fmt.Errorf("customer: %w", err)
	}
	if err := c.record(ctx, d); err != nil {
		return fmt.Errorf("record: %w", err)
	}
	for i := 1; i < len(stages); i++ {
		if err := c.advance(ctx, d, stages[i].id); err != nil {
			return fmt.Errorf("advance: %w", err)
		}
	}
	if err := c.win(ctx, d); err != nil {
		return fmt.Errorf("win: %w", err)
	}
	if err := c.createOrder(ctx, d); err != nil {
		return fmt.Errorf("order: %w", err)
	}
	if err := c.closeDeal(ctx, d); err != nil {
		return fmt.Errorf("close: %w", err)
	}
	return nil
}
