package order

import (
	"slices"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/stage"
)

// QuoteStatus says where the active revision of a quote stands (Q02, Q03).
type QuoteStatus uint8

// The statuses of a quote. The zero QuoteStatus is no status.
const (
	QuoteDraft QuoteStatus = iota + 1
	QuoteSent
	QuoteAccepted
	QuoteRejected
	QuoteExpired
	QuoteWithdrawn
	QuoteSuperseded
)

var quoteStatusNames = [...]string{QuoteDraft: "draft", QuoteSent: "sent", QuoteAccepted: "accepted", QuoteRejected: "rejected",
	QuoteExpired: "expired", QuoteWithdrawn: "withdrawn", QuoteSuperseded: "superseded"}

// QuoteStatuses returns all of them, in order.
func QuoteStatuses() []QuoteStatus {
	return []QuoteStatus{QuoteDraft, QuoteSent, QuoteAccepted, QuoteRejected, QuoteExpired, QuoteWithdrawn, QuoteSuperseded}
}

// String gives the stable name: "draft", "sent", …
func (s QuoteStatus) String() string {
	if int(s) < len(quoteStatusNames) {
		return quoteStatusNames[s]
	}
	return ""
}

// Valid says whether s is one of the statuses.
func (s QuoteStatus) Valid() bool { return s >= QuoteDraft && s <= QuoteSuperseded }

// ParseQuoteStatus reads a stable name. Errors: ErrInvalid.
func ParseQuoteStatus(name string) (QuoteStatus, error) {
	if i := slices.Index(quoteStatusNames[:], name); i > 0 {
		return QuoteStatus(i), nil
	}
	return 0, fault.Invalid("quote.status.unknown", fault.Field{Path: "/status", Code: "unknown", Message: "is not a status"})
}

// MarshalText gives the stable name, "" for none.
func (s QuoteStatus) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads a stable name, or "" for none.
func (s *QuoteStatus) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*s = 0
		return nil
	}
	v, err := ParseQuoteStatus(string(b))
	if err == nil {
		*s = v
	}
	return err
}

// QuoteCommand is what moves a quote's status.
type QuoteCommand uint8

// The commands of a quote's lifecycle.
const (
	QuoteSend QuoteCommand = iota + 1
	QuoteAccept
	QuoteReject
	QuoteWithdraw
	QuoteExpire
	QuoteExtend
	QuoteRevise
	// QuoteSupersede is what accepting another quote does to this one (Q03).
	QuoteSupersede
)

var quoteCommandNames = [...]string{QuoteSend: "send", QuoteAccept: "accept", QuoteReject: "reject", QuoteWithdraw: "withdraw",
	QuoteExpire: "expire", QuoteExtend: "extend", QuoteRevise: "revise", QuoteSupersede: "supersede"}

// QuoteCommands returns all of them, in order.
func QuoteCommands() []QuoteCommand {
	return []QuoteCommand{QuoteSend, QuoteAccept, QuoteReject, QuoteWithdraw, QuoteExpire, QuoteExtend, QuoteRevise, QuoteSupersede}
}

// String gives the stable name: "send", "accept", …
func (c QuoteCommand) String() string {
	if int(c) < len(quoteCommandNames) {
		return quoteCommandNames[c]
	}
	return ""
}

// QuoteLifecycle returns the status machine of quotes, to look moves up and to
// draw it. Extending an expired quote sends it again; revising begins the next
// revision as a draft.
func QuoteLifecycle() *stage.Table[QuoteStatus, QuoteCommand] { return quoteLifecycle }

// A test holds that the definition is accepted.
var quoteLifecycle, _ = stage.NewTable(stage.Definition[QuoteStatus, QuoteCommand]{
	Name:      "quote",
	States:    QuoteStatuses(),
	Events:    QuoteCommands(),
	StateName: QuoteStatus.String,
	EventName: QuoteCommand.String,
	Initial:   QuoteDraft,
	Final:     []QuoteStatus{QuoteAccepted, QuoteRejected, QuoteExpired, QuoteWithdrawn, QuoteSuperseded},
	Transitions: []stage.Transition[QuoteStatus, QuoteCommand]{
		{From: QuoteDraft, Event: QuoteSend, To: QuoteSent},
		{From: QuoteDraft, Event: QuoteWithdraw, To: QuoteWithdrawn},
		{From: QuoteSent, Event: QuoteAccept, To: QuoteAccepted},
		{From: QuoteSent, Event: QuoteReject, To: QuoteRejected},
		{From: QuoteSent, Event: QuoteWithdraw, To: QuoteWithdrawn},
		{From: QuoteSent, Event: QuoteExpire, To: QuoteExpired},
		{From: QuoteSent, Event: QuoteExtend, To: QuoteSent},
		{From: QuoteSent, Event: QuoteRevise, To: QuoteDraft},
		{From: QuoteSent, Event: QuoteSupersede, To: QuoteSuperseded},
		{From: QuoteAccepted, Event: QuoteReject, To: QuoteRejected},
		{From: QuoteAccepted, Event: QuoteWithdraw, To: QuoteWithdrawn},
		{From: QuoteAccepted, Event: QuoteRevise, To: QuoteDraft},
		{From: QuoteAccepted, Event: QuoteSupersede, To: QuoteSuperseded},
		{From: QuoteRejected, Event: QuoteRevise, To: QuoteDraft},
		{From: QuoteExpired, Event: QuoteExtend, To: QuoteSent},
		{From: QuoteExpired, Event: QuoteRevise, To: QuoteDraft},
		{From: QuoteWithdrawn, Event: QuoteRevise, To: QuoteDraft},
	},
})

// may refuses a command that the status doesn't permit.
func (q *Quote) may(c QuoteCommand) error {
	if _, ok := quoteLifecycle.Next(q.s.Status, c); !ok {
		return q.badStatus("quote." + c.String() + ".status")
	}
	return nil
}

func (q *Quote) badStatus(code string) error {
	return fault.NotAllowed(code, "the quote's status forbids this",
		fault.Field{Path: "/status", Code: q.s.Status.String(), Message: "is " + q.s.Status.String()})
}
