package order

import (
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/stage"
)

// Command is what moves an order's status.
type Command uint8

// The commands of the lifecycle (Q05).
const (
	CommandConfirm Command = iota + 1
	CommandExecute
	CommandComplete
	CommandCancel
)

var commandNames = [...]string{CommandConfirm: "confirm", CommandExecute: "execute", CommandComplete: "complete", CommandCancel: "cancel"}

// Commands returns all of them, in order.
func Commands() []Command {
	return []Command{CommandConfirm, CommandExecute, CommandComplete, CommandCancel}
}

// String gives the stable name: "confirm", "execute", …
func (c Command) String() string {
	if int(c) < len(commandNames) {
		return commandNames[c]
	}
	return ""
}

// Lifecycle returns the status machine of orders (Q05), to look moves up and to
// draw it. Completed and cancelled orders take events in without leaving their
// status (Q06); which ones, the package's comment says.
func Lifecycle() *stage.Table[Status, Command] { return lifecycle }

// A test holds that the definition is accepted.
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

// may refuses a lifecycle command that the status doesn't permit, and gives
// where it leads.
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
