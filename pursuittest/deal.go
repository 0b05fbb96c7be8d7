package pursuittest

import (
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/quote"
	"github.com/pursuit-crm/pursuit/stage"
)

// Deal builds an opportunity. Each method changes the Deal and returns it;
// Record, Won, Lost, Closed, Quote and Order create it, with the library's own
// commands, as the owner.
type Deal struct {
	w  *World
	in opportunity.RecordInput
	to string
}

// Deal returns a deal of 100.00 CNY for the world's customer, in the first stage,
// owned by "ann" in the department "east", with an expected close in ninety days.
func (w *World) Deal() *Deal {
	return &Deal{w: w, in: opportunity.RecordInput{
		Name: "A deal", Customer: w.Customer, Currency: money.CNY, Owner: "ann", Department: "east", Process: w.Process,
		Estimated: money.FromMinor(100_00, money.CNY), ExpectedClose: calendar.Of(w.Clock.Now(), nil).AddDays(90),
	}}
}

// Named sets its name.
func (d *Deal) Named(name string) *Deal { d.in.Name = name; return d }

// For sets its customer.
func (d *Deal) For(customer uuid.UUID) *Deal { d.in.Customer = customer; return d }

// Owner sets its owner.
func (d *Deal) Owner(user string) *Deal { d.in.Owner = user; return d }

// Department sets its department.
func (d *Deal) Department(name string) *Deal { d.in.Department = name; return d }

// Amount sets the estimate and the currency. The estimate is the deal's amount
// unless it has lines.
func (d *Deal) Amount(m money.Money) *Deal {
	d.in.Estimated, d.in.Currency = m, m.Currency()
	return d
}

// Lines adds n products, "P-1" and so on, of 10 × 100.00 each, at 13 % tax.
func (d *Deal) Lines(n int) *Deal {
	for range n {
		d.Line(fmt.Sprintf("P-%d", len(d.in.Lines)+1), "10", "100.00")
	}
	return d
}

// Line adds a product, at 13 % tax. It panics if the quantity or the price isn't
// a decimal.
func (d *Deal) Line(product, quantity, price string) *Deal {
	tax := decimal.NewFromInt(13)
	d.in.Lines = append(d.in.Lines, opportunity.LineInput{Product: product, Unit: "pcs", Tax: &tax,
		Quantity: decimal.RequireFromString(quantity), Price: decimal.RequireFromString(price)})
	return d
}

// Member adds a user to the team.
func (d *Deal) Member(user string, access opportunity.Access) *Deal {
	d.in.Members = append(d.in.Members, opportunity.MemberInput{User: user, Role: opportunity.RoleSales, Access: access})
	return d
}

// Contact makes the world's contact its decision maker and primary contact.
func (d *Deal) Contact() *Deal {
	d.in.Contacts = append(d.in.Contacts, opportunity.ContactInput{Contact: d.w.Contact, Role: opportunity.DecisionMaker, Primary: true})
	return d
}

// In moves it to a stage after recording it, by the shortest path.
func (d *Deal) In(stage string) *Deal { d.to = stage; return d }

// Input returns the input of Record, for tests of their own.
func (d *Deal) Input() opportunity.RecordInput { return d.in }

// Record records the deal and returns its id.
func (d *Deal) Record() uuid.UUID {
	d.w.T.Helper()
	w := d.w
	s := w.As(d.in.Owner)
	if a, known := w.cast[d.in.Owner]; !known || a.Department != d.in.Department {
		s = w.Admin
	}
	id := w.Do(s.Opportunities().Record(w.Ctx, d.in)).ID
	if d.to == "" {
		return id
	}
	at := must(w, func() (opportunity.Snapshot, error) { return w.Admin.Opportunities().Get(w.Ctx, id, 0) }).Stage
	for _, next := range way(w.stages, at, d.to) {
		w.Do(s.Opportunities().Advance(w.Ctx, id, opportunity.AdvanceInput{To: next, Summary: "Done in " + at}))
		at = next
	}
	if at != d.to {
		w.T.Fatalf("no way leads from %s to %s", at, d.to)
	}
	return id
}

// way returns the shortest path between two stages, without the first.
func way(p stage.Process, from, to string) []string {
	before := map[string]string{from: from}
	for todo := []string{from}; len(todo) > 0; todo = todo[1:] {
		for _, next := range p.Targets(todo[0]) {
			if before[next] == "" {
				before[next] = todo[0]
				todo = append(todo, next)
			}
		}
	}
	var out []string
	for at := to; at != from; at = before[at] {
		if before[at] == "" {
			return nil
		}
		out = append(out, at)
	}
	slices.Reverse(out)
	return out
}

// Win returns an input of Win with the world's reason.
func (w *World) Win() opportunity.WinInput {
	return opportunity.WinInput{Summary: "Signed", Reasons: []opportunity.Choice{{Reason: w.WinReason}}}
}

// Lose returns an input of Lose with the world's reason.
func (w *World) Lose() opportunity.LoseInput {
	return opportunity.LoseInput{Summary: "No budget this year", Reasons: []opportunity.Choice{{Reason: w.LossReason}}}
}

// Won records the deal and wins it.
func (d *Deal) Won() uuid.UUID {
	d.w.T.Helper()
	id := d.Record()
	d.w.Do(d.w.Admin.Opportunities().Win(d.w.Ctx, id, d.w.Win()))
	return id
}

// Lost records the deal and loses it.
func (d *Deal) Lost() uuid.UUID {
	d.w.T.Helper()
	id := d.Record()
	d.w.Do(d.w.Admin.Opportunities().Lose(d.w.Ctx, id, d.w.Lose()))
	return id
}

// Closed records, wins and closes the deal.
func (d *Deal) Closed() uuid.UUID {
	d.w.T.Helper()
	id := d.Won()
	d.w.Do(d.w.Admin.Opportunities().Close(d.w.Ctx, id, opportunity.CloseInput{}))
	return id
}

// Quote records the deal, and a sent quote of its lines. Without lines it gets
// one.
func (d *Deal) Quote() (deal, offer uuid.UUID) {
	d.w.T.Helper()
	w := d.w
	w.Sales()
	if len(d.in.Lines) == 0 {
		d.Lines(1)
	}
	deal = d.Record()
	offer = w.Do(w.Admin.Quotes().Create(w.Ctx, deal, quote.CreateInput{ValidUntil: calendar.Of(w.Clock.Now(), nil).AddDays(30)})).ID
	w.Do(w.Admin.Quotes().Send(w.Ctx, offer))
	return deal, offer
}

// Order records the deal, wins it, and creates a confirmed order of its lines.
// Without lines it gets one.
func (d *Deal) Order() (deal, made uuid.UUID) {
	d.w.T.Helper()
	w := d.w
	w.Sales()
	if len(d.in.Lines) == 0 {
		d.Lines(1)
	}
	deal = d.Won()
	made = w.Do(w.Admin.Orders().Create(w.Ctx, deal, order.CreateInput{})).ID
	w.Do(w.Admin.Orders().Confirm(w.Ctx, made))
	return deal, made
}

// Get returns a deal with all its parts, as an administrator sees it.
func (w *World) Get(deal uuid.UUID) opportunity.Snapshot {
	w.T.Helper()
	return must(w, func() (opportunity.Snapshot, error) {
		return w.Admin.Opportunities().Get(w.Ctx, deal, opportunity.AllParts)
	})
}
