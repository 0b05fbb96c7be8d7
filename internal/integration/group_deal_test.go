package integration

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/stage"
	"github.com/pursuit-crm/pursuit/storage"
)

// firm is a tenant in which many people work at once: its clock and its ids are
// the machine's.
type firm struct {
	s      *pursuit.Session
	reason uuid.UUID
}

var firmStages = []string{"lead", "qualify", "propose", "negotiate", "sign"}

func newFirm(t testing.TB, store storage.Store) *firm {
	t.Helper()
	f, err := openFirm(context.Background(), store)
	require.NoError(t, err)
	return f
}

func openFirm(ctx context.Context, store storage.Store) (*firm, error) {
	eng, err := pursuit.New(store, nil)
	if err != nil {
		return nil, err
	}
	f := &firm{s: eng.As(pursuit.Actor{Tenant: "acme", User: "ann", Department: "east", Roles: []access.Role{access.Administrator, access.Manager}})}
	en := func(s string) map[string]string { return map[string]string{"en": s} }
	p := stage.Process{Code: "b2b", Names: en("Complex sale")}
	for i, id := range firmStages {
		p.Stages = append(p.Stages, stage.Stage{ID: id, Names: en(id), Probability: 1000 * (i + 1), Category: stage.Pipeline})
	}
	if _, err := f.s.Processes().Publish(ctx, p); err != nil {
		return nil, err
	}
	r, err := f.s.Archives().Create(ctx, archive.CreateInput{Kind: archive.WinReason, Code: "service", Names: en("Better service")})
	if err != nil {
		return nil, err
	}
	f.reason = r.ID
	if _, err := f.s.SalesSystem().Enable(ctx); err != nil {
		return nil, err
	}
	_, err = f.s.SalesSystem().Initialise(ctx, order.InitialiseInput{BaseCurrency: money.CNY})
	return f, err
}

// deal is what a life begins with.
func (f *firm) deal(who uuid.UUID) opportunity.RecordInput {
	in := opportunity.RecordInput{Name: "Workstations", Customer: who, Currency: money.CNY, ExpectedClose: calendar.Of(time.Now(), time.UTC).AddDays(60),
		Members: []opportunity.MemberInput{{User: "bob", Role: opportunity.RolePresales, Access: opportunity.Write}, {User: "eva", Role: opportunity.RoleSupport, Access: opportunity.Read}}}
	for i, price := range []string{"8999.5", "1200", "349.95"} {
		in.Lines = append(in.Lines, opportunity.LineInput{Product: fmt.Sprint("WS-", i), Quantity: dec("20"), Unit: "pcs", Price: dec(price), Discount: dec("5")})
	}
	return in
}

// life is an opportunity's whole life, in nine commands.
func (f *firm) life(ctx context.Context, name string) error {
	c, err := f.s.Customers().Create(ctx, customer.CreateInput{Name: name, Status: customer.Active, Contacts: []customer.ContactInput{{Name: "Li Wei", Primary: true}}})
	if err != nil {
		return err
	}
	o := f.s.Opportunities()
	r, err := o.Record(ctx, f.deal(c.ID))
	if err != nil {
		return err
	}
	for _, to := range firmStages[1:] {
		if _, err := o.Advance(ctx, r.ID, opportunity.AdvanceInput{To: to, Summary: "Met the buyer; the next step is agreed."}); err != nil {
			return err
		}
	}
	if _, err := o.Win(ctx, r.ID, opportunity.WinInput{Summary: "won", Reasons: []opportunity.Choice{{Reason: f.reason}}}); err != nil {
		return err
	}
	if _, err := f.s.Orders().Create(ctx, r.ID, order.CreateInput{}); err != nil {
		return err
	}
	_, err = o.Close(ctx, r.ID, opportunity.CloseInput{Override: "the order is followed elsewhere"})
	return err
}
