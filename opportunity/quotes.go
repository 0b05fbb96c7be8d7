package opportunity

import (
	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
)

// MaxQuotes is how many quotes an opportunity may have.
const MaxQuotes = 500

// OpenQuotes says what winning or losing does about quotes that await an answer
// (Q03).
type OpenQuotes string

// The policies for open quotes. All but the first act on every sent quote of the
// opportunity, by the same command.
const (
	// RefuseQuotes refuses the command while there are some, and lists them.
	RefuseQuotes OpenQuotes = ""
	// WithdrawQuotes takes them back.
	WithdrawQuotes OpenQuotes = "withdraw"
	// RejectQuotes takes the customer's no in.
	RejectQuotes OpenQuotes = "reject"
	// ExpireQuotes lets those expire whose validity has passed, and refuses the
	// command if others remain.
	ExpireQuotes OpenQuotes = "expire"
)

func (p OpenQuotes) check(f *fault.Fields) {
	switch p {
	case RefuseQuotes, WithdrawQuotes, RejectQuotes, ExpireQuotes:
	default:
		f.Add("/quotes", "unknown", "must be withdraw, reject or expire")
	}
}

// SettledQuotes is what a command that wins or loses did about open quotes.
type SettledQuotes struct {
	// Accepted is the quote that was accepted, or Nil; Net is its amount.
	Accepted uuid.UUID
	Net      money.Money
	// Ended is how many await an answer no more, the accepted one included, and
	// Superseded how many were accepted before.
	Ended      int
	Superseded int
	// Open are the numbers of those that still await one.
	Open []string
}

// SettleQuotes says what is done about open quotes by the command that follows:
// Win and Lose take it in.
func (o *Opportunity) SettleQuotes(x SettledQuotes) { o.settled = &x }

// settling gives the event of what was settled, or nil. Errors: ErrNotAllowed
// listing the quotes that await an answer (Q03).
func (o *Opportunity) settling() (*quotesChanged, error) {
	x := SettledQuotes{}
	if o.settled != nil {
		x = *o.settled
		o.settled = nil
	}
	if o.s.Counts.OpenQuotes > x.Ended {
		var f fault.Fields
		for _, number := range x.Open {
			f.Add("/quotes/"+number, "open", "awaits an answer")
		}
		if f.Empty() {
			f.Add("/quotes", "open", "some await an answer")
		}
		return nil, f.NotAllowed("opportunity.quotes.open", "quotes await an answer")
	}
	if x.Ended == 0 {
		return nil, nil
	}
	ev := o.quotes(x.Accepted, "settled", 0, -x.Ended, -x.Superseded)
	if x.Accepted != uuid.Nil {
		ev.Accepted++
		ev.Quoted = x.Net
	}
	return ev, nil
}

// quotes is the event of changes of the counts.
func (o *Opportunity) quotes(quote uuid.UUID, what string, made, open, accepted int) *quotesChanged {
	n := &o.s.Counts
	return &quotesChanged{Quote: quote, What: what, Quotes: n.Quotes + made, Open: max(0, n.OpenQuotes+open),
		Accepted: max(0, n.AcceptedQuotes+accepted), Quoted: o.s.Quoted}
}

// Quotable says whether quotes of the opportunity may be worked on and answered:
// while it is open or on hold. Errors: ErrNotAllowed.
func (o *Opportunity) Quotable() error {
	if o.s.Status != Open && o.s.Status != OnHold {
		return o.badStatus("opportunity.quote.status")
	}
	return nil
}

// QuoteMade notes that a quote was made for the open opportunity (Q02). Errors:
// ErrNotAllowed unless open; ErrLimit.
func (o *Opportunity) QuoteMade(quote uuid.UUID, at journal.Moment) error {
	if err := o.begin(at); err != nil {
		return err
	}
	if o.s.Status != Open {
		return o.badStatus("opportunity.quote.status")
	}
	if o.s.Counts.Quotes >= MaxQuotes {
		return fault.New(fault.ErrLimit, "opportunity.quotes.too_many", "an opportunity has at most 500 quotes")
	}
	o.do(o.quotes(quote, "made", 1, 0, 0), at)
	return nil
}

// QuoteSent notes that a quote awaits an answer; net is its amount without tax,
// which is the quoted amount unless a quote is accepted (O16). Errors:
// ErrNotAllowed unless open or on hold; ErrInvalid for another currency.
func (o *Opportunity) QuoteSent(quote uuid.UUID, net money.Money, at journal.Moment) error {
	ev, err := o.quoted(quote, "sent", 1, 0, net, at)
	if err != nil {
		return err
	}
	if ev.Accepted > 0 {
		ev.Quoted = o.s.Quoted
	}
	o.do(ev, at)
	return nil
}

// QuoteExtended notes that a quote that awaits an answer has more time, or that one
// that had expired awaits an answer again. Errors: as QuoteSent.
func (o *Opportunity) QuoteExtended(quote uuid.UUID, net money.Money, expired bool, at journal.Moment) error {
	open := 0
	if expired {
		open = 1
	}
	ev, err := o.quoted(quote, "extended", open, 0, net, at)
	if err != nil {
		return err
	}
	if !expired || ev.Accepted > 0 {
		ev.Quoted = o.s.Quoted
	}
	o.do(ev, at)
	return nil
}

// QuoteAccepted notes that a quote was accepted, and that it superseded so many
// that awaited an answer, and so many that were accepted before (Q03). Errors: as
// QuoteSent.
func (o *Opportunity) QuoteAccepted(quote uuid.UUID, net money.Money, open, accepted int, at journal.Moment) error {
	ev, err := o.quoted(quote, "accepted", -1-open, 1-accepted, net, at)
	if err != nil {
		return err
	}
	o.do(ev, at)
	return nil
}

// quoted is the event of a quote that says what is offered.
func (o *Opportunity) quoted(quote uuid.UUID, what string, open, accepted int, net money.Money, at journal.Moment) (*quotesChanged, error) {
	if err := o.begin(at); err != nil {
		return nil, err
	}
	if err := o.Quotable(); err != nil {
		return nil, err
	}
	var f fault.Fields
	checkAmount(&f, "/net", net, o.s.Currency)
	if err := f.Invalid("opportunity.quote.invalid"); err != nil {
		return nil, err
	}
	ev := o.quotes(quote, what, 0, open, accepted)
	ev.Quoted = net
	return ev, nil
}

// QuoteEnded notes that a quote that awaited an answer, or was accepted, does so
// no more: it was rejected, withdrawn or revised, or expired. What was quoted
// stays. It is noted in every status, as OrderEnded is. Errors: ErrNotAllowed if
// there is no such quote.
func (o *Opportunity) QuoteEnded(quote uuid.UUID, what string, accepted bool, at journal.Moment) error {
	if err := o.begin(at); err != nil {
		return err
	}
	open, taken := -1, 0
	if accepted {
		open, taken = 0, -1
	}
	if o.s.Counts.OpenQuotes+open < 0 || o.s.Counts.AcceptedQuotes+taken < 0 {
		return fault.NotAllowed("opportunity.quote.none", "there is no such quote")
	}
	o.do(o.quotes(quote, what, 0, open, taken), at)
	return nil
}
