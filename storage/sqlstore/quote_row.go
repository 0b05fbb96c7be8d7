package sqlstore

import (
	"slices"

	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/quote"
)

// quoteContent are the columns of what a revision offers.
var quoteContent = []string{"title", "terms", "valid_until", "discount", "discount_amount", "subtotal", "discounted", "net", "tax", "gross", "line_count"}

var (
	quoteTable = table{
		name: "pursuit_quote",
		cols: slices.Concat([]string{"tenant", "id", "number", "created", "opportunity_id", "customer_id", "currency", "tax_treatment", "status", "revision"},
			quoteContent, []string{"updated", "effective", "sent_at", "decided_at", "reason", "version", "journal_seq", "journal_hash"}),
		key: []string{"tenant", "id"},
	}
	quoteRevisionTable = table{
		name: "pursuit_quote_revision",
		cols: slices.Concat([]string{"tenant", "quote_id", "revision", "currency", "status"}, quoteContent, []string{"sent_at", "decided_at", "reason", "superseded"}),
		key:  []string{"tenant", "quote_id", "revision"},
	}
	quoteLineTable = table{
		name: "pursuit_quote_line",
		cols: []string{"tenant", "quote_id", "revision", "number", "product", "description", "quantity", "unit", "price", "discount", "tax",
			"currency", "amount", "share", "net", "tax_amount"},
		key: []string{"tenant", "quote_id", "revision", "number"},
	}
)

// quoteFixed is how many of the columns never change.
const quoteFixed = 3

func quoteContentValues(a *args, c *quote.Content) {
	a.text(c.Title, c.Terms).date(c.ValidUntil).decimal(c.Discount).num(c.DiscountAmount.Minor()).num(c.Subtotal.Minor()).num(c.Discounted.Minor()).
		num(c.Net.Minor()).num(c.Tax.Minor()).num(c.Gross.Minor()).int(c.Lines)
}

func readQuoteContent(r *row, currency money.Currency) quote.Content {
	m := func() money.Money { return money.FromMinor(r.num(), currency) }
	return quote.Content{Title: r.text(), Terms: r.text(), ValidUntil: r.date(), Discount: r.decimal(), DiscountAmount: m(), Subtotal: m(),
		Discounted: m(), Net: m(), Tax: m(), Gross: m(), Lines: r.int()}
}

func quoteValues(a *args, q *quote.Root) {
	a.time(q.Created).id(q.Opportunity).id(q.Customer).text(string(q.Currency), string(q.TaxTreatment), q.Status.String()).int(q.Revision)
	quoteContentValues(a, &q.Content)
	a.time(q.Updated).time(q.Effective).timeOrNull(q.SentAt).timeOrNull(q.DecidedAt).text(q.Reason).num(q.Version).head(q.Head)
}

func readQuote(r *row) (q quote.Root) {
	q.Tenant, q.ID, q.Number, q.Created = r.text(), r.id(), r.text(), r.time()
	q.Opportunity, q.Customer, q.Currency, q.TaxTreatment = r.id(), r.id(), r.currency(), money.TaxTreatment(r.text())
	r.bad(q.Status.UnmarshalText([]byte(r.text())))
	q.Revision, q.Content = r.int(), readQuoteContent(r, q.Currency)
	q.Updated, q.Effective, q.SentAt, q.DecidedAt, q.Reason, q.Version, q.Head = r.time(), r.time(), r.timeOr0(), r.timeOr0(), r.text(), r.num(), r.head()
	return q
}

func quoteRevisionValues(a *args, x *quote.Revision, currency money.Currency) {
	a.int(x.Number).text(string(currency), x.Status.String())
	quoteContentValues(a, &x.Content)
	a.timeOrNull(x.SentAt).timeOrNull(x.DecidedAt).text(x.Reason).time(x.Superseded)
}

func readQuoteRevision(r *row) (x quote.Revision) {
	x.Number = r.int()
	currency := r.currency()
	r.bad(x.Status.UnmarshalText([]byte(r.text())))
	x.Content = readQuoteContent(r, currency)
	x.SentAt, x.DecidedAt, x.Reason, x.Superseded = r.timeOr0(), r.timeOr0(), r.text(), r.time()
	return x
}

func quoteLineValues(a *args, l *quote.Line) {
	a.int(l.Number).text(l.Product, l.Description).decimal(l.Quantity).text(l.Unit).decimal(l.Price).decimal(l.Discount).decimalOrNull(l.Tax).
		text(string(l.Amount.Currency())).num(l.Amount.Minor()).num(l.Share.Minor()).num(l.Net.Minor()).num(l.TaxAmount.Minor())
}

func readQuoteLine(r *row) quote.Line {
	l := quote.Line{Number: r.int(), Product: r.text(), Description: r.text(), Quantity: r.decimal(), Unit: r.text(),
		Price: r.decimal(), Discount: r.decimal(), Tax: r.decimalOrNil()}
	currency := r.currency()
	m := func() money.Money { return money.FromMinor(r.num(), currency) }
	l.Amount, l.Share, l.Net, l.TaxAmount = m(), m(), m(), m()
	return l
}
