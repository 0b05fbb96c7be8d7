package reliability

import (
	"context"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/opportunity"
)

// bare records a deal that has nothing but a competitor.
func bare(ctx context.Context, w *World) (uuid.UUID, error) {
	in := w.Deal(0)
	in.Members, in.Competitors = nil, []opportunity.CompetitorInput{{Competitor: w.Rival}}
	return made(w.S.Opportunities().Record(ctx, in))
}

// variants are commands given in another way than those of the catalogue, so that
// they write other columns, or are refused for another reason.
var variants = []Command{
	{"Customers.Create with a code", none, func(ctx context.Context, w *World, _ uuid.UUID, o ...pursuit.CallOption) (result, error) {
		return w.S.Customers().Create(ctx, customer.CreateInput{Name: "Fabrikam", Code: "C7"}, o...)
	}},
	{"Team.Transfer to a stranger", bare, func(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
		return w.S.Team().Transfer(ctx, id, opportunity.TransferInput{To: "eve", Reason: "leave"}, o...)
	}},
	{"Opportunities.Lose to somebody on the deal", bare, lose},
	{"Opportunities.Lose what is held", chain(deal, hold), lose},
	{"Opportunities.Lose to somebody what is held", chain(bare, hold), lose},
}
