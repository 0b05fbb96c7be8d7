package pursuit_test

import (
	"context"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/quote"
)

// pumps records a deal for which quotes can be made.
func pumps(ctx context.Context, s shop) pursuit.Result {
	must(s.SalesSystem().Enable(ctx))
	must(s.SalesSystem().Initialise(ctx, order.InitialiseInput{BaseCurrency: money.CNY, TaxTreatment: money.TaxExclusive}))
	vat := decimal.NewFromInt(13)
	return must(s.Opportunities().Record(ctx, opportunity.RecordInput{
		Name: "Pumps", Customer: s.customer, Currency: money.CNY,
		Lines: []opportunity.LineInput{{Product: "pump", Quantity: decimal.NewFromInt(5), Price: decimal.RequireFromString("199.99"), Tax: &vat}},
	}))
}

// A quote takes the opportunity's lines; tax is worked out by rate.
func ExampleQuotes_Create() {
	ctx, s := context.Background(), open()
	deal := pumps(ctx, s)
	q := must(s.Quotes().Create(ctx, deal.ID, quote.CreateInput{Title: "Pumps for the east plant", Discount: decimal.NewFromInt(10)}))
	must(s.Quotes().Send(ctx, q.ID))
	offer := must(s.Quotes().Get(ctx, q.ID))
	fmt.Println(offer.Number, offer.Status)
	fmt.Println(offer.Subtotal, "−", offer.Discounted, "=", offer.Net)
	for _, r := range must(quote.RateTotals(offer.Items)) {
		fmt.Println("tax", r.Rate, "% of", r.Net, "is", r.Tax)
	}
	fmt.Println("to pay", offer.Gross)
	fmt.Println("quoted", must(s.Opportunities().Get(ctx, deal.ID, 0)).Quoted)
	// Output:
	// QUO-2026-000001 sent
	// 999.95 CNY − 100.00 CNY = 899.95 CNY
	// tax 13 % of 899.95 CNY is 116.99 CNY
	// to pay 1016.94 CNY
	// quoted 899.95 CNY
}

// What was sent never changes: a better offer is the next revision (Q02).
func ExampleQuotes_Revise() {
	ctx, s := context.Background(), open()
	q := must(s.Quotes().Create(ctx, pumps(ctx, s).ID, quote.CreateInput{}))
	must(s.Quotes().Send(ctx, q.ID))
	off := money.FromMinor(5000, money.CNY)
	_, err := s.Quotes().Update(ctx, q.ID, quote.UpdateInput{DiscountAmount: &off})
	fmt.Println(err)
	must(s.Quotes().Revise(ctx, q.ID, quote.ReviseInput{Reason: "they asked for less"}))
	must(s.Quotes().Update(ctx, q.ID, quote.UpdateInput{DiscountAmount: &off}))
	must(s.Quotes().Send(ctx, q.ID))
	offer := must(s.Quotes().Get(ctx, q.ID))
	fmt.Println("revision", offer.Past[0].Number, offer.Past[0].Net)
	fmt.Println("revision", offer.Revision, offer.Net)
	// Output:
	// quote.update.status: the quote's status forbids this (/status: is sent)
	// revision 1 999.95 CNY
	// revision 2 949.95 CNY
}

// A deal isn't won while quotes await an answer, unless the command says what
// becomes of them (Q03); the order is made of the accepted one (Q04).
func ExampleQuotes_Accept() {
	ctx, s := context.Background(), open()
	deal := pumps(ctx, s).ID
	first := must(s.Quotes().Create(ctx, deal, quote.CreateInput{Discount: decimal.NewFromInt(5)}))
	second := must(s.Quotes().Copy(ctx, first.ID, pursuit.CopyQuoteInput{}))
	must(s.Quotes().Send(ctx, first.ID))
	must(s.Quotes().Send(ctx, second.ID))
	win := opportunity.WinInput{Summary: "Signed", Reasons: []opportunity.Choice{{Reason: s.won}}}
	_, err := s.Opportunities().Win(ctx, deal, win)
	fmt.Println(err)
	must(s.Quotes().Accept(ctx, first.ID, quote.AcceptInput{Note: "by mail"}))
	fmt.Println("the other one is", must(s.Quotes().Get(ctx, second.ID)).Status)
	must(s.Opportunities().Win(ctx, deal, win))
	o := must(s.Orders().Create(ctx, deal, order.CreateInput{Promote: true}))
	fmt.Println("ordered", must(s.Orders().Get(ctx, o.ID)).Total)
	// Output:
	// opportunity.quotes.open: some quotes are still open (/quotes/QUO-2026-000001: awaits an answer; /quotes/QUO-2026-000002: awaits an answer)
	// the other one is superseded
	// ordered 949.95 CNY
}

// A host's scheduler ends quotes whose validity has passed.
func ExampleQuotes_ExpireQuotes() {
	ctx, s := context.Background(), open()
	q := must(s.Quotes().Create(ctx, pumps(ctx, s).ID, quote.CreateInput{ValidUntil: must(calendar.Parse("2026-03-31"))}))
	must(s.Quotes().Send(ctx, q.ID))

	april := func() time.Time { return time.Date(2026, 4, 1, 2, 0, 0, 0, time.UTC) }
	later := must(pursuit.New(s.store, &pursuit.Options{Clock: april})).As(s.Actor())
	fmt.Println(must(later.Quotes().ExpireQuotes(ctx, calendar.Date{})), "expired") // as of today
	fmt.Println(must(later.Quotes().ExpireQuotes(ctx, calendar.Date{})), "expired") // nothing is left
	fmt.Println(must(later.Quotes().Get(ctx, q.ID)).Status)
	// Output:
	// 1 expired
	// 0 expired
	// expired
}
