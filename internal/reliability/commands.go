package reliability

import (
	"context"
	"errors"
	"slices"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
)

type (
	result = pursuit.Result
)

// Command is one of the library's commands, and what must be there before it.
type Command struct {
	// Name is handle and method: "Lines.Add".
	Name string
	// On brings about what it works on, and gives the id.
	On func(ctx context.Context, w *World) (uuid.UUID, error)
	// Give gives the command.
	Give func(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error)
}

// chain gives what is made by a first command and changed by others.
func chain(first func(context.Context, *World) (uuid.UUID, error), then ...func(context.Context, *World, uuid.UUID, ...pursuit.CallOption) (result, error)) func(context.Context, *World) (uuid.UUID, error) {
	return func(ctx context.Context, w *World) (uuid.UUID, error) {
		id, err := first(ctx, w)
		for _, f := range then {
			if err == nil {
				_, err = f(ctx, w, id)
			}
		}
		return id, err
	}
}

func deal(ctx context.Context, w *World) (uuid.UUID, error) { return w.Record(ctx, 3) }

func none(context.Context, *World) (uuid.UUID, error) { return uuid.Nil, nil }

func buyer(_ context.Context, w *World) (uuid.UUID, error) { return w.Customer, nil }

func made(r result, err error) (uuid.UUID, error) { return r.ID, err }

func fresh(ctx context.Context, w *World) (uuid.UUID, error) {
	return made(w.S.Customers().Create(ctx, customer.CreateInput{Name: "Fabrikam"}))
}

func entry(ctx context.Context, w *World) (uuid.UUID, error) {
	return made(w.S.Archives().Create(ctx, archive.CreateInput{Kind: archive.Source, Code: "web", Names: map[string]string{"en": "Web"}}))
}

func mode(ctx context.Context, w *World) (uuid.UUID, error) {
	return made(w.S.Processes().Publish(ctx, process("second", "only")))
}

// selling enables and initialises the sales system, unless it is so already.
func selling(ctx context.Context, w *World) (uuid.UUID, error) {
	_, err := w.S.SalesSystem().Enable(ctx)
	if fault.CodeOf(err) == "sales_system.enabled" {
		err = nil
	}
	if err == nil {
		_, err = w.S.SalesSystem().Initialise(ctx, order.InitialiseInput{BaseCurrency: money.CNY})
	}
	return uuid.Nil, err
}

func draft(ctx context.Context, w *World) (uuid.UUID, error) {
	_, err1 := selling(ctx, w)
	id, err2 := chain(deal, win)(ctx, w)
	if err := errors.Join(err1, err2); err != nil {
		return id, err
	}
	return made(w.S.Orders().Create(ctx, id, order.CreateInput{}))
}

func win(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
	return w.S.Opportunities().Win(ctx, id, w.won(), o...)
}

func lose(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
	return w.S.Opportunities().Lose(ctx, id, w.lost(), o...)
}

func hold(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
	return w.S.Opportunities().Hold(ctx, id, opportunity.HoldInput{Reason: "budget"}, o...)
}

func champion(w *World) opportunity.ContactKey {
	return opportunity.ContactKey{Contact: w.Contact, Role: opportunity.Champion}
}

func addContact(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
	return w.S.DealContacts().Add(ctx, id, opportunity.ContactInput{Contact: w.Contact, Role: opportunity.Champion}, o...)
}

func addRival(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
	return w.S.DealCompetitors().Add(ctx, id, opportunity.CompetitorInput{Competitor: w.Rival}, o...)
}

func retire(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
	return w.S.Archives().Retire(ctx, id, o...)
}

func retireMode(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
	return w.S.Processes().Retire(ctx, id, o...)
}

func confirm(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
	return w.S.Orders().Confirm(ctx, id, o...)
}

func execute(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
	today := calendar.Of(w.now(), nil)
	return w.S.Orders().Execute(ctx, id, []order.EventInput{
		{External: "D-1", Kind: order.Delivery, Line: 1, Quantity: Dec("1"), On: today},
		{External: "D-2", Kind: order.Delivery, Line: 2, Quantity: Dec("2"), On: today},
	}, o...)
}

// Commands are all of the library's commands.
var Commands = slices.Concat(coreCommands, followUpCommands, quoteCommands)
