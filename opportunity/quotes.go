package opportunity

import (
	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
)

// MaxQuotes is how many quotes an opportunity may have.
const MaxQuotes = 500

// OpenQuotes says what winning, losing and voiding do about quotes that await an
// answer (Q03, Q15), and losing and voiding about the accepted one as well: a deal
// that wasn't won has none.
type OpenQuotes string

// The policies for open quotes. All but the first act by the same command on every
// sent quote of the opportunity, and on the accepted one if the deal isn't won.
const (
	// RefuseQuotes refuses the command while there are some, and lists them.
	RefuseQuotes OpenQuotes = ""
	// WithdrawQuotes takes them back.
	WithdrawQuotes OpenQuotes = "withdraw"
	// RejectQuotes takes the customer's no in.
	RejectQuotes OpenQuotes = "reject"
	// ExpireQuotes lets those expire whose validity has passed, and refuses the
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

// SettledQuotes is what a command that wins, loses or voids did about quotes.
type SettledQuotes struct {
	// Accepted is the quote that was accepted, by the command or before, and by which
	// the deal is won, or Nil; Net is its amount.
	Accepted uuid.UUID
	Net      money.Money
	// Ended is how many await an answer no more, the accepted one included, and
	// Superseded how many that were accepted before are so no more, or are Accepted.
	Ended      int
	Superseded int
	// Open are the numbers of those that still await an answer, and Standing of those
	// that are accepted still.
	Open     []string
	Standing []string
}

// SettleQuotes says what is done about quotes by the command that follows: Win, Lose
// and Void take it in.
func (o *Opportunity) SettleQuotes(x SettledQuotes) { o.settled = &x }

// settling gives the event of what was settled before the deal takes a status, or
// nil. Errors: ErrNotAllowed listing the quotes that await an answer (Q03) and, unless
// the deal is won, those that are accepted (Q15).
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

// quotes is the event of changes of the counts. What is accepted still stays what was
// quoted, and is what the amount follows from now on, also if it was accepted when
// the amount didn't.
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
// which is the quoted amount unless a quote is accepted (Q10). Errors:
// ErrNotAllowed unless open or on hold; ErrInvalid for another currency.
func (o *Opportunity) QuoteSent(quote uuid.UUID, net money.Money, at journal.Moment) error {
	return o.offered(quote, "sent", 1, net, at)
}

// QuoteExtended notes that a quote that awaits an answer has more time, or that one
// that had expired awaits an answer again: then latest is the net of the one that was
// sent last of all that await one. Errors: as QuoteSent.
func (o *Opportunity) QuoteExtended(quote uuid.UUID, latest money.Money, expired bool, at journal.Moment) error {
	if expired {
		return o.offered(quote, "extended", 1, latest, at)
	}
	return o.offered(quote, "extended", 0, o.s.Quoted, at)
}

// offered notes a quote that awaits an answer; latest is what is quoted unless one is
// accepted.
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

// QuoteAccepted notes that a quote was accepted, and that it superseded so many
// that awaited an answer, and so many that were accepted before (Q03). Its net is
// what is quoted, and the deal's amount unless that is set by hand (Q10). Errors: as
// QuoteSent.
func (o *Opportunity) QuoteAccepted(quote uuid.UUID, net money.Money, open, accepted int, at journal.Moment) error {
	if err := o.quoting(net, at); err != nil {
		return err
	}
	ev := o.quotes(quote, "accepted", 0, -1-open, 1-accepted)
	ev.Quoted, ev.AcceptedNet = net, &net
	o.do(ev, at)
	return nil
}

// quoting begins to note a quote of an amount.
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

// QuoteEnded notes that a quote that awaited an answer, or was accepted, does so
// no more: it was rejected, withdrawn or revised, or expired. latest is the net of
// the one that was sent last of those that still await an answer, and zero if there
// is none; it is what is quoted now, unless a quote is accepted (Q10). It is noted in
// every status, as OrderEnded is, but what was won stays accepted. Errors:
// ErrNotAllowed if there is no such quote, or if the accepted one of a deal that is
// won or closed would end; ErrInvalid for another currency.
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
