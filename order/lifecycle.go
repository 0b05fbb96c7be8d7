package order

import (
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/stage"
)

// Command is a command that moves an order's status.
type Command uint8

// The commands of the lifecycle (Q05).
const (
	CommandConfirm Command = iota + 1
	CommandExecute
	CommandComplete
	CommandCancel
)

var commandNames = [...]string{CommandConfirm: "confirm", CommandExecute: "execute", CommandComplete: "complete", CommandCancel: "cancel"}

// Commands returns all commands, in order.
func Commands() []Command {
	return []Command{CommandConfirm, CommandExecute, CommandComplete, CommandCancel}
}

// String returns the stable name: "confirm", "execute", …
func (c Command) String() string {
	if int(c) < len(commandNames) {
		return commandNames[c]
	}
	return ""
}

// Lifecycle returns the status machine of orders (Q05), for look-ups and
// drawings. Completed and cancelled orders accept events without leaving their
// status (Q06); the package comment lists which.
func Lifecycle() *stage.Table[Status, Command] { return lifecycle }

// A test checks that the definition is valid.
var lifecycle, _ = stage.NewTable(stage.Definition[Status, Command]{
	Name:      "order",
	States:    Statuses(),
	Events:    Commands(),
	StateName: Status.String,
	EventName: Command.String,
	Initial:   Draft,
	Final:     []Status{Completed, Cancelled},
	Transitions: []stage.Transition[Status, Command]{
		{From: Draft, Event: CommandConfirm, To: Confirmed},
		{From: Draft, Event: CommandCancel, To: Cancelled},
		{From: Confirmed, Event: CommandExecute, To: Executing},
		{From: Confirmed, Event: CommandCancel, To: Cancelled},
		{From: Executing, Event: CommandExecute, To: Executing},
		{From: Executing, Event: CommandComplete, To: Completed},
		{From: Executing, Event: CommandCancel, To: Cancelled},
		{From: Completed, Event: CommandExecute, To: Completed},
		{From: Cancelled, Event: CommandExecute, To: Cancelled},
	},
})

// may returns the status after a lifecycle command, or refuses it.
func (o *Order) may(c Command) (Status, error) {
	to, ok := lifecycle.Next(o.s.Status, c)
	if !ok {
		return 0, o.badStatus("order." + c.String() + ".status")
	}
	return to, nil
}

func (o *Order) badStatus(code string) error {
	return fault.NotAllowed(code, "the order's status forbids this",
		fault.Field{Path: "/status", Code: o.s.Status.String(), Message: "is " + o.s.Status.String()})
}
