package opportunity

import (
	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
)

// MaxQuotes is the most quotes of an opportunity.
const MaxQuotes = 500

// OpenQuotes is how winning, losing and voiding treat quotes that await an answer
// (Q03, Q15). Losing and voiding treat the accepted quote in the same way,
// because an opportunity that wasn't won has none.
type OpenQuotes string

// The policies for open quotes. All except the first act, in the same command, on
// every sent quote of the opportunity, and on the accepted one if the opportunity
// isn't won.
const (
	// RefuseQuotes refuses the command while there are open quotes, and lists
	// them.
	RefuseQuotes OpenQuotes = ""
	// WithdrawQuotes withdraws them.
	WithdrawQuotes OpenQuotes = "withdraw"
	// RejectQuotes records the customer's rejection.
	RejectQuotes OpenQuotes = "reject"
	// ExpireQuotes expires the quotes whose validity has passed, and refuses the
	// command if others remain. An accepted quote doesn't expire.
	ExpireQuotes OpenQuotes = "expire"
)

func (p OpenQuotes) check(f *fault.Fields) {
	switch p {
	case RefuseQuotes, WithdrawQuotes, RejectQuotes, ExpireQuotes:
	default:
		f.Add("/quotes", "unknown", "must be withdraw, reject or expire")
	}
}

// SettledQuotes is the effect on quotes of a command that wins, loses or voids.
type SettledQuotes struct {
	// Accepted is the quote by which the opportunity is won, accepted by the
	// command or before, or Nil; Net is its amount.
	Accepted uuid.UUID
	Net      money.Money
	// Ended is the number of quotes that no longer await an answer, the accepted
	// one included. Superseded is the number of previously accepted quotes that
	// no longer are, or that are Accepted.
	Ended      int
	Superseded int
	// Open are the numbers of quotes that still await an answer, Standing of
	// those still accepted.
	Open     []string
	Standing []string
}

// SettleQuotes sets the effect on quotes of the command that follows: Win, Lose
// or Void.
func (o *Opportunity) SettleQuotes(x SettledQuotes) { o.settled = &x }

// settling returns the event of the settled quotes, before the status changes, or
// nil. Errors: ErrNotAllowed listing the quotes that await an answer (Q03) and,
// unless the opportunity is won, the accepted ones (Q15).
func (o *Opportunity) settling(next Status) (*QuotesChangedPayload, error) {
	x := SettledQuotes{}
	if o.settled != nil {
		x = *o.settled
		o.settled = nil
	}
	n := &o.s.Counts
	var f fault.Fields
	if n.OpenQuotes > x.Ended {
		unsettled(&f, x.Open, "open", "awaits an answer")
	}
	if next != Won && n.AcceptedQuotes > x.Superseded {
		unsettled(&f, x.Standing, "accepted", "is accepted")
	}
	if err := f.NotAllowed("opportunity.quotes.open", "some quotes are still open"); err != nil {
		return nil, err
	}
	taken := 0
	if x.Accepted != uuid.Nil {
		taken = 1
	}
	ev := o.quotes(x.Accepted, "settled", 0, -x.Ended, taken-x.Superseded)
	switch {
	case x.Accepted != uuid.Nil:
		ev.Quoted, ev.AcceptedNet = x.Net, &x.Net
	case ev.Accepted == 0:
		ev.Quoted = money.Zero(o.s.Currency)
	}
	if x.Ended+x.Superseded == 0 && (ev.AcceptedNet == nil) == (o.s.Accepted == nil) {
		return nil, nil
	}
	return ev, nil
}

func unsettled(f *fault.Fields, numbers []string, code, message string) {
	for _, number := range numbers {
		f.Add("/quotes/"+number, code, message)
	}
	if len(numbers) == 0 {
		f.Add("/quotes", code, "one "+message)
	}
}

// quotes returns the event for changed counts. The net of a still accepted quote
// stays the quoted amount, and from now on the opportunity's amount follows it,
// even if the quote was accepted before amounts did so.
func (o *Opportunity) quotes(quote uuid.UUID, what string, made, open, accepted int) *QuotesChangedPayload {
	n := &o.s.Counts
	ev := &QuotesChangedPayload{Quote: quote, What: what, Quotes: n.Quotes + made, Open: max(0, n.OpenQuotes+open),
		Accepted: max(0, n.AcceptedQuotes+accepted), Quoted: o.s.Quoted}
	if ev.Accepted > 0 {
		if o.s.Accepted != nil {
			ev.Quoted = *o.s.Accepted
		}
		ev.AcceptedNet = copied(&ev.Quoted)
	}
	return ev
}

// Quotable returns nil if quotes of the opportunity may be changed and answered:
// while it is open or on hold. Errors: ErrNotAllowed.
func (o *Opportunity) Quotable() error {
	if o.s.Status != Open && o.s.Status != OnHold {
		return o.badStatus("opportunity.quote.status")
	}
	return nil
}

// QuoteMade records a new quote for the open opportunity (Q02). Errors:
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

// QuoteSent records that a quote awaits an answer. net is its amount without tax,
// which becomes the quoted amount unless a quote is accepted (Q10). Errors:
// ErrNotAllowed unless open or on hold; ErrInvalid for another currency.
func (o *Opportunity) QuoteSent(quote uuid.UUID, net money.Money, at journal.Moment) error {
	return o.offered(quote, "sent", 1, net, at)
}

// QuoteExtended records that a quote that awaits an answer has more time, or that
// an expired quote awaits one again. In that case, latest is the net of the last
// quote sent among those awaiting an answer. Errors as for QuoteSent.
func (o *Opportunity) QuoteExtended(quote uuid.UUID, latest money.Money, expired bool, at journal.Moment) error {
	if expired {
		return o.offered(quote, "extended", 1, latest, at)
	}
	return o.offered(quote, "extended", 0, o.s.Quoted, at)
}

// offered records a quote that awaits an answer; latest is the quoted amount
// unless a quote is accepted.
func (o *Opportunity) offered(quote uuid.UUID, what string, open int, latest money.Money, at journal.Moment) error {
	if err := o.quoting(latest, at); err != nil {
		return err
	}
	ev := o.quotes(quote, what, 0, open, 0)
	if ev.Accepted == 0 {
		ev.Quoted = latest
	}
	o.do(ev, at)
	return nil
}

// QuoteAccepted records that a quote was accepted. open and accepted are the
// numbers of quotes it superseded that awaited an answer, or had been accepted
// (Q03). Its net becomes the quoted amount, and the opportunity's amount unless
// that is set by hand (Q10). Errors as for QuoteSent.
func (o *Opportunity) QuoteAccepted(quote uuid.UUID, net money.Money, open, accepted int, at journal.Moment) error {
	if err := o.quoting(net, at); err != nil {
		return err
	}
	ev := o.quotes(quote, "accepted", 0, -1-open, 1-accepted)
	ev.Quoted, ev.AcceptedNet = net, &net
	o.do(ev, at)
	return nil
}

// quoting begins to record a quote with an amount.
func (o *Opportunity) quoting(net money.Money, at journal.Moment) error {
	if err := o.begin(at); err != nil {
		return err
	}
	if err := o.Quotable(); err != nil {
		return err
	}
	var f fault.Fields
	checkAmount(&f, "/net", net, o.s.Currency)
	return f.Invalid("opportunity.quote.invalid")
}

// QuoteEnded records that a quote no longer awaits an answer, or is no longer
// accepted, because it was rejected, withdrawn, revised or expired. latest is the
// net of the last quote sent among those still awaiting an answer, or zero if
// there is none; it becomes the quoted amount, unless a quote is accepted (Q10).
// It applies in every status, like OrderEnded, but a won quote stays accepted.
// Errors: ErrNotAllowed if there is no such quote, or for the accepted quote of a
// won or closed opportunity; ErrInvalid for another currency.
func (o *Opportunity) QuoteEnded(quote uuid.UUID, what string, accepted bool, latest money.Money, at journal.Moment) error {
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
	if accepted && (o.s.Status == Won || o.s.Status == Closed) {
		return o.badStatus("opportunity.quote.status")
	}
	var f fault.Fields
	checkAmount(&f, "/net", latest, o.s.Currency)
	if err := f.Invalid("opportunity.quote.invalid"); err != nil {
		return err
	}
	ev := o.quotes(quote, what, 0, open, taken)
	if ev.Accepted == 0 {
		ev.Quoted = latest
	}
	o.do(ev, at)
	return nil
}
