package ordertest

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/stage"
)

// world is a tenant with what a sale needs, and a second one.
type world struct {
	ctx      context.Context
	eng      *pursuit.Engine
	s        *pursuit.Session
	customer uuid.UUID
	reason   uuid.UUID
}

func (w *world) as(tenant, user string, roles ...access.Role) *pursuit.Session {
	return w.eng.As(pursuit.Actor{Tenant: tenant, User: user, Department: "of-" + user, Roles: roles})
}

func newWorld(ctx context.Context, eng *pursuit.Engine) *world {
	w := &world{ctx: ctx, eng: eng}
	w.s = w.as("acme", "ann", access.Administrator)
	must(w.s.Processes().Publish(ctx, stage.Process{Code: "sale", Names: stage.Names{"en": "Sale"}, Stages: []stage.Stage{
		{ID: "offer", Names: stage.Names{"en": "Offer"}, Probability: 5000, Category: stage.Pipeline},
	}}))
	w.reason = must(w.s.Archives().Create(ctx, archive.CreateInput{Kind: archive.WinReason, Code: "price", Names: map[string]string{"en": "Price"}})).ID
	w.customer = must(w.s.Customers().Create(ctx, customer.CreateInput{Name: "Buyer", Status: customer.Active})).ID
	w.sell(order.InitialiseInput{OverDelivery: decimal.NewFromInt(20)})
	return w
}

// sell makes the sales systems of both tenants ready, or changes the first's.
func (w *world) sell(in order.InitialiseInput) {
	in.BaseCurrency = money.CNY
	for _, s := range []*pursuit.Session{w.s, w.as("other", "ann", access.Administrator)} {
		if st := must(s.SalesSystem().Settings(w.ctx)); !st.Enabled {
			must(s.SalesSystem().Enable(w.ctx))
		}
		must(s.SalesSystem().Initialise(w.ctx, in))
	}
}

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

// day is one long past.
func day(n int) calendar.Date {
	return calendar.Of(time.Date(2020, 3, n, 0, 0, 0, 0, time.UTC), nil)
}

func cny(minor int64) money.Money { return money.FromMinor(minor, money.CNY) }

// won wins a deal of 5 pieces at 20.00 with 13 % tax, and 2.5 m of cable at 4.00:
// 110.00, with tax 123.00.
func (w *world) won() uuid.UUID {
	tax := dec("13")
	deal := must(w.s.Opportunities().Record(w.ctx, opportunity.RecordInput{Name: "Pumps", Customer: w.customer, Currency: money.CNY,
		Lines: []opportunity.LineInput{
			{Product: "pump", Quantity: dec("5"), Unit: "pcs", Price: dec("20"), Tax: &tax},
			{Description: "cable, 'blue' 电缆", Quantity: dec("2.5"), Unit: "m", Price: dec("4")},
		}})).ID
	must(w.s.Opportunities().Win(w.ctx, deal, opportunity.WinInput{Summary: "Signed", Reasons: []opportunity.Choice{{Reason: w.reason}}}))
	return deal
}

// ordered makes an order of a deal of its own.
func (w *world) ordered() (deal, id uuid.UUID) {
	deal = w.won()
	return deal, must(w.s.Orders().Create(w.ctx, deal, order.CreateInput{})).ID
}

func (w *world) confirmed() (deal, id uuid.UUID) {
	deal, id = w.ordered()
	must(w.s.Orders().Confirm(w.ctx, id))
	return deal, id
}

func (w *world) execute(id uuid.UUID, events ...order.EventInput) error {
	_, err := w.s.Orders().Execute(w.ctx, id, events)
	return err
}

func (w *world) get(id uuid.UUID) order.Snapshot { return must(w.s.Orders().Get(w.ctx, id)) }

func (w *world) deal(id uuid.UUID) opportunity.Snapshot {
	return must(w.s.Opportunities().Get(w.ctx, id, 0))
}

func (w *world) view(id uuid.UUID) order.Execution { return must(w.s.Orders().Execution(w.ctx, id)) }

// refused wants an error of a kind, and nothing changed.
func (w *world) refused(what string, id uuid.UUID, kind error, call func() error) {
	before := w.get(id)
	if err := call(); !errors.Is(err, kind) {
		fail("%s: got error %v, want %v", what, err, kind)
	}
	same(what+" changes nothing", plain(w.get(id)), plain(before))
}

// plain is a snapshot as comparable text: decimals of one value may differ in form.
func plain(s order.Snapshot) string {
	x, err := order.ExecutionOf(s)
	return text(struct {
		S   order.Snapshot
		X   order.Execution
		Err error
	}{s, x, err})
}

func goods(ext string, kind order.EventKind, line int, q string) order.EventInput {
	return order.EventInput{External: ext, Kind: kind, Line: line, Quantity: dec(q), On: day(2)}
}

func paper(ext string, kind order.EventKind, line int, minor int64) order.EventInput {
	return order.EventInput{External: ext, Kind: kind, Line: line, Amount: cny(minor), On: day(3)}
}

// everything is what completes an order of won.
func everything() []order.EventInput {
	return []order.EventInput{
		goods("D1", order.Delivery, 1, "3"), goods("D2", order.Delivery, 1, "2"), goods("D2", order.Delivery, 2, "2.5"),
		paper("I1", order.Invoice, 1, 11300), paper("I1", order.Invoice, 2, 1000), paper("R1", order.Receipt, 0, 12300),
	}
}

var errStop = fault.New(fault.ErrInternal, "ordertest.stop", "the host gives up")
