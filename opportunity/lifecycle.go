package opportunity

import (
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/text"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/stage"
)

// Command is a command that moves an opportunity's status.
type Command uint8

// The commands of the lifecycle (O02).
const (
	CommandWin Command = iota + 1
	CommandLose
	CommandHold
	CommandResume
	CommandVoid
	CommandClose
	CommandReopen
)

var commandNames = [...]string{CommandWin: "win", CommandLose: "lose", CommandHold: "hold", CommandResume: "resume",
	CommandVoid: "void", CommandClose: "close", CommandReopen: "reopen"}

// Commands returns all commands, in order.
func Commands() []Command {
	return []Command{CommandWin, CommandLose, CommandHold, CommandResume, CommandVoid, CommandClose, CommandReopen}
}

// String returns the stable name: "win", "lose", …
func (c Command) String() string {
	if int(c) < len(commandNames) {
		return commandNames[c]
	}
	return ""
}

// Lifecycle returns the status machine of opportunities (O02), for look-ups and
// drawings.
func Lifecycle() *stage.Table[Status, Command] { return lifecycle }

// A test checks that the definition is valid.
var lifecycle, _ = stage.NewTable(stage.Definition[Status, Command]{
	Name:      "opportunity",
	States:    Statuses(),
	Events:    Commands(),
	StateName: Status.String,
	EventName: Command.String,
	Initial:   Open,
	Final:     []Status{Closed, Lost, Void},
	Transitions: []stage.Transition[Status, Command]{
		{From: Open, Event: CommandWin, To: Won},
		{From: Open, Event: CommandLose, To: Lost},
		{From: Open, Event: CommandHold, To: OnHold},
		{From: Open, Event: CommandVoid, To: Void},
		{From: OnHold, Event: CommandResume, To: Open},
		{From: OnHold, Event: CommandLose, To: Lost},
		{From: OnHold, Event: CommandVoid, To: Void},
		{From: Won, Event: CommandClose, To: Closed},
		{From: Won, Event: CommandReopen, To: Open},
		{From: Lost, Event: CommandReopen, To: Open},
		{From: Void, Event: CommandReopen, To: Open},
		{From: Closed, Event: CommandReopen, To: Open},
	},
})

// may refuses a lifecycle command that the status doesn't permit.
func (o *Opportunity) may(c Command) error {
	if _, ok := lifecycle.Next(o.s.Status, c); !ok {
		return o.badStatus("opportunity." + c.String() + ".status")
	}
	return nil
}

func (o *Opportunity) badStatus(code string) error {
	return fault.NotAllowed(code, "the opportunity's status forbids this",
		fault.Field{Path: "/status", Code: o.s.Status.String(), Message: "is " + o.s.Status.String()})
}

// commercial refuses changes of commercial content after a decision (O08): the
// opportunity must be open or on hold. A hold stops only the stage (O03):
// content, ticks and approvals can still be prepared, and the loss of a held
// opportunity may even require them.
func (o *Opportunity) commercial(code string) error {
	if o.s.Status != Open && o.s.Status != OnHold {
		return o.badStatus(code)
	}
	return nil
}

// followUp refuses follow-up on a closed or void opportunity, which can only be
// reopened (O08).
func (o *Opportunity) followUp(code string) error {
	if !o.s.Status.TakesFollowUp() {
		return o.badStatus(code)
	}
	return nil
}

// reasoned begins a lifecycle command that needs a reason, and checks the reason.
func (o *Opportunity) reasoned(c Command, f *fault.Fields, reason *string, at journal.Moment) error {
	if err := o.begin(at); err != nil {
		return err
	}
	if err := o.may(c); err != nil {
		return err
	}
	text.Block(f, "/reason", reason, 1, text.MaxDescription)
	return nil
}
