package reliability

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
)

// act is one command out of a mix of all sorts on an opportunity.
func (w *World) act(ctx context.Context, rnd *rand.Rand, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
	users := []string{"ann", "bob", "carl", "dora"}
	user := users[rnd.IntN(len(users))]
	stages := []string{"lead", "offer", "talks"}
	opp, team := w.S.Opportunities(), w.S.Team()
	switch rnd.IntN(18) {
	case 0:
		return opp.Record(ctx, w.Deal(1+rnd.IntN(4)), o...)
	case 1, 2:
		amount, rating := money.FromMinor(rnd.Int64N(1e6), money.USD), rnd.IntN(6)
		return opp.Update(ctx, id, opportunity.UpdateInput{Override: &amount, Rating: &rating}, o...)
	case 3:
		return opp.Update(ctx, id, opportunity.UpdateInput{ReleaseOverride: true, ReleaseProbability: true}, o...)
	case 4, 5:
		return opp.Advance(ctx, id, opportunity.AdvanceInput{To: stages[rnd.IntN(len(stages))], Summary: "done"}, o...)
	case 6, 7:
		return w.S.Lines().Add(ctx, id, Lines(1+rnd.IntN(3)), o...)
	case 8:
		return w.S.Lines().Remove(ctx, id, []int{1 + rnd.IntN(6)}, o...)
	case 9:
		return team.Set(ctx, id, opportunity.MemberInput{User: user, Role: opportunity.RolePresales, Access: opportunity.Write}, o...)
	case 10:
		return team.Transfer(ctx, id, opportunity.TransferInput{To: user, Remove: rnd.IntN(2) == 0}, o...)
	case 11:
		return team.SetSplits(ctx, id, opportunity.SetSplitsInput{Revenue: map[string]int{"ann": 4000, user: 6000}}, o...)
	case 12:
		if rnd.IntN(2) == 0 {
			return addContact(ctx, w, id, o...)
		}
		return w.S.DealContacts().Remove(ctx, id, champion(w), o...)
	case 13:
		if rnd.IntN(2) == 0 {
			return addRival(ctx, w, id, o...)
		}
		return w.S.DealCompetitors().Remove(ctx, id, w.Rival, o...)
	case 14:
		if rnd.IntN(2) == 0 {
			return hold(ctx, w, id, o...)
		}
		return opp.Resume(ctx, id, o...)
	case 15:
		if rnd.IntN(2) == 0 {
			return plan(ctx, w, id, o...)
		}
		return visit(ctx, w, id, o...)
	case 16:
		return spend(ctx, w, id, o...)
	}
	switch rnd.IntN(3) {
	case 0:
		return win(ctx, w, id, o...)
	case 1:
		return lose(ctx, w, id, o...)
	}
	return opp.Reopen(ctx, id, opportunity.ReopenInput{Reason: "again"}, o...)
}

// refused says that a command was refused by a rule, so that nothing was done.
func refused(err error) bool {
	for _, kind := range []error{fault.ErrInvalid, fault.ErrNotAllowed, fault.ErrNotFound, fault.ErrDuplicate, fault.ErrLimit, fault.ErrConflict} {
		if errors.Is(err, kind) {
			return true
		}
	}
	return false
}

// records records n opportunities.
func (w *World) records(ctx context.Context, n int) ([]uuid.UUID, error) {
	out := make([]uuid.UUID, n)
	for i := range out {
		var err error
		if out[i], err = w.Record(ctx, 3, pursuit.RequestID(fmt.Sprint("deal", i))); err != nil {
			return nil, err
		}
	}
	return out, nil
}
