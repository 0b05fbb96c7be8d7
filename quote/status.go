package quote

import (
	"slices"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/stage"
)

// Status is the status of a quote's active revision (Q02, Q03).
type Status uint8

// The statuses of a quote. The zero Status is no status.
const (
	Draft Status = iota + 1
	Sent
	Accepted
	Rejected
	Expired
	Withdrawn
	Superseded
)

var statusNames = [...]string{Draft: "draft", Sent: "sent", Accepted: "accepted", Rejected: "rejected",
	Expired: "expired", Withdrawn: "withdrawn", Superseded: "superseded"}

// Statuses returns all statuses, in order.
func Statuses() []Status {
	return []Status{Draft, Sent, Accepted, Rejected, Expired, Withdrawn, Superseded}
}

// String returns the stable name: "draft", "sent", …
func (s Status) String() string {
	if int(s) < len(statusNames) {
		return statusNames[s]
	}
	return ""
}

// Valid reports whether s is a known status.
func (s Status) Valid() bool { return s >= Draft && s <= Superseded }

// ParseStatus parses a stable name. Errors: ErrInvalid.
func ParseStatus(name string) (Status, error) {
	if i := slices.Index(statusNames[:], name); i > 0 {
		return Status(i), nil
	}
	return 0, fault.Invalid("quote.status.unknown", fault.Field{Path: "/status", Code: "unknown", Message: "is not a status"})
}

// MarshalText returns the stable name, "" for none.
func (s Status) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText parses a stable name, or "" for none.
func (s *Status) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*s = 0
		return nil
	}
	v, err := ParseStatus(string(b))
	if err == nil {
		*s = v
	}
	return err
}

// Command is a command that moves a quote's status.
type Command uint8

// The commands of a quote's lifecycle.
const (
	Send Command = iota + 1
	Accept
	Reject
	Withdraw
	Expire
	Extend
	Revise
	// Supersede is the effect of accepting another quote (Q03).
	Supersede
)

var commandNames = [...]string{Send: "send", Accept: "accept", Reject: "reject", Withdraw: "withdraw",
	Expire: "expire", Extend: "extend", Revise: "revise", Supersede: "supersede"}

// Commands returns all commands, in order.
func Commands() []Command {
	return []Command{Send, Accept, Reject, Withdraw, Expire, Extend, Revise, Supersede}
}

// String returns the stable name: "send", "accept", …
func (c Command) String() string {
	if int(c) < len(commandNames) {
		return commandNames[c]
	}
	return ""
}

// Lifecycle returns the status machine of quotes, for look-ups and drawings.
// Extending an expired quote sends it again; revising starts the next revision as
// a draft.
func Lifecycle() *stage.Table[Status, Command] { return lifecycle }

// A test checks that the definition is valid.
var lifecycle, _ = stage.NewTable(stage.Definition[Status, Command]{
	Name:      "quote",
	States:    Statuses(),
	Events:    Commands(),
	StateName: Status.String,
	EventName: Command.String,
	Initial:   Draft,
	Final:     []Status{Accepted, Rejected, Expired, Withdrawn, Superseded},
	Transitions: []stage.Transition[Status, Command]{
		{From: Draft, Event: Send, To: Sent},
		{From: Draft, Event: Withdraw, To: Withdrawn},
		{From: Sent, Event: Accept, To: Accepted},
		{From: Sent, Event: Reject, To: Rejected},
		{From: Sent, Event: Withdraw, To: Withdrawn},
		{From: Sent, Event: Expire, To: Expired},
		{From: Sent, Event: Extend, To: Sent},
		{From: Sent, Event: Revise, To: Draft},
		{From: Sent, Event: Supersede, To: Superseded},
		{From: Accepted, Event: Reject, To: Rejected},
		{From: Accepted, Event: Withdraw, To: Withdrawn},
		{From: Accepted, Event: Revise, To: Draft},
		{From: Accepted, Event: Supersede, To: Superseded},
		{From: Rejected, Event: Revise, To: Draft},
		{From: Expired, Event: Extend, To: Sent},
		{From: Expired, Event: Revise, To: Draft},
		{From: Withdrawn, Event: Revise, To: Draft},
	},
})

// may refuses a command that the status doesn't permit.
func (q *Quote) may(c Command) error {
	if _, ok := lifecycle.Next(q.s.Status, c); !ok {
		return q.badStatus("quote." + c.String() + ".status")
	}
	return nil
}

func (q *Quote) badStatus(code string) error {
	return fault.NotAllowed(code, "the quote's status forbids this",
		fault.Field{Path: "/status", Code: q.s.Status.String(), Message: "is " + q.s.Status.String()})
}
