package pursuit_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/pursuittest"
	"github.com/pursuit-crm/pursuit/quote"
	"github.com/pursuit-crm/pursuit/stage"
	"github.com/pursuit-crm/pursuit/storage"
	"github.com/pursuit-crm/pursuit/storage/memory"
)

// tenant is a world on the memory store, seen by ann, an administrator and manager of
// the east, with the short names that scenarios are told with. What they leave is audited
// when the test ends.
type tenant struct {
	*pursuittest.World
	t                                                    *testing.T
	ctx                                                  context.Context
	store                                                storage.Store
	blobs                                                storage.Blobs
	eng                                                  *pursuit.Engine
	s                                                    *pursuit.Session
	clock                                                func() time.Time
	customer, contact, win, loss, lossTo, rival, process uuid.UUID
}

func newTenant(t *testing.T) *tenant {
	t.Helper()
	blobs := memory.NewBlobs()
	world := pursuittest.New(t, pursuittest.With(pursuit.Options{Blobs: blobs}), pursuittest.Process(stage.Process{
		Code: "crm", Names: names("CRM"), AllowBack: true, Stages: []stage.Stage{
			{ID: "prospecting", Names: names("Prospecting"), Probability: 1000, Category: stage.Pipeline},
			{ID: "engaging", Names: names("Engaging"), Probability: 5000, Category: stage.BestCase, Start: true,
				Entry: []stage.Gate{{Kind: stage.GateLines, Params: map[string]string{"n": "1"}}, {Kind: stage.GateExpectedClose}}},
		}}))
	w := &tenant{World: world, t: t, ctx: world.Ctx, store: world.Store, blobs: blobs, eng: world.Engine, clock: world.Clock.Now,
		customer: world.Customer, contact: world.Contact, process: world.Process,
		win: world.WinReason, loss: world.LossReason, lossTo: world.LostTo, rival: world.Rival}
	w.s = w.as(access.Administrator, access.Manager)
	return w
}

func names(s string) stage.Names { return stage.Names{"en": s} }

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

func ptr[T any](v T) *T { return &v }

// onDay is the day on which tenants begin.
func onDay() calendar.Date { return calendar.Of(pursuittest.Start, nil) }

// faults tells a refusal's fields in one line each.
func faults(err error) (out []string) {
	for _, f := range fault.FieldsOf(err) {
		out = append(out, f.Path+" "+f.Code)
	}
	return out
}

func pathsOf(err error) (out []string) {
	for _, f := range fault.FieldsOf(err) {
		out = append(out, f.Path)
	}
	return out
}

func customerNamed(name string) customer.CreateInput {
	return customer.CreateInput{Name: name, Status: customer.Active}
}

// as returns a session of ann's in some roles.
func (w *tenant) as(roles ...access.Role) *pursuit.Session { return w.AsActor("ann", "east", roles...) }

// engine returns one with a policy on the same store.
func (w *tenant) engine(p pursuit.Policy) *pursuit.Engine {
	return w.With(pursuit.Options{Policy: p, Blobs: w.blobs}).Engine
}

func (w *tenant) must(r pursuit.Result, err error) { w.t.Helper(); w.Do(r, err) }

func (w *tenant) choose(id uuid.UUID) []opportunity.Choice { return []opportunity.Choice{{Reason: id}} }

func (w *tenant) input() opportunity.RecordInput {
	return opportunity.RecordInput{
		Name: "Big deal", Customer: w.customer, Currency: money.USD, ExpectedClose: onDay().AddDays(120),
		Lines: []opportunity.LineInput{{Product: "GTX", Quantity: dec("3"), Price: dec("100.50"), Discount: dec("10")}},
	}
}

func (w *tenant) record() pursuit.Result {
	w.t.Helper()
	return w.Do(w.s.Opportunities().Record(w.ctx, w.input()))
}

func (w *tenant) get(id uuid.UUID) opportunity.Snapshot { w.t.Helper(); return w.Get(id) }

func deal(w *tenant) uuid.UUID { return w.record().ID }

// written counts the journal entries of the tenant: every command leaves one (J04).
func (w *tenant) written() (n int) {
	w.t.Helper()
	require.NoError(w.t, w.store.View(w.ctx, func(ctx context.Context, tx storage.Tx) error {
		list, err := tx.Journal().Unrelayed(ctx, w.Tenant, 100_000)
		n = len(list)
		return err
	}))
	return n
}

func (w *tenant) won() uuid.UUID {
	w.t.Helper()
	id := deal(w)
	w.must(w.s.Opportunities().Win(w.ctx, id, opportunity.WinInput{Reasons: w.choose(w.win), Summary: "won"}))
	return id
}

func (w *tenant) ordered() (deal, id uuid.UUID) {
	w.t.Helper()
	w.Sales()
	deal = w.won()
	return deal, w.Do(w.s.Orders().Create(w.ctx, deal, order.CreateInput{})).ID
}

func (w *tenant) order(id uuid.UUID) order.Snapshot {
	w.t.Helper()
	s, err := w.s.Orders().Get(w.ctx, id)
	require.NoError(w.t, err)
	return s
}

// quotable records a deal for which quotes can be made.
func quotable(w *tenant) uuid.UUID { w.Sales(); return deal(w) }

func (w *tenant) quote(deal uuid.UUID, in quote.CreateInput) uuid.UUID {
	w.t.Helper()
	return w.Do(w.s.Quotes().Create(w.ctx, deal, in)).ID
}

// sent makes a quote of one line of a price, valid for some days or without a limit, and
// sends it.
func (w *tenant) sent(deal uuid.UUID, price string, days int) uuid.UUID {
	w.t.Helper()
	in := quote.CreateInput{Lines: []opportunity.LineInput{{Description: "Service", Quantity: dec("1"), Price: dec(price)}}}
	if days != 0 {
		in.ValidUntil = onDay().AddDays(days)
	}
	id := w.quote(deal, in)
	w.must(w.s.Quotes().Send(w.ctx, id))
	return id
}

func (w *tenant) offer(id uuid.UUID) quote.Snapshot {
	w.t.Helper()
	s, err := w.s.Quotes().Get(w.ctx, id)
	require.NoError(w.t, err)
	return s
}

func (w *tenant) newCustomer(in customer.CreateInput, contacts ...customer.ContactInput) pursuit.Result {
	w.t.Helper()
	in.Contacts = contacts
	return w.Do(w.s.Customers().Create(w.ctx, in))
}

func (w *tenant) entry(in archive.CreateInput) uuid.UUID {
	w.t.Helper()
	in.Names = names(in.Code)
	return w.Do(w.s.Archives().Create(w.ctx, in)).ID
}
