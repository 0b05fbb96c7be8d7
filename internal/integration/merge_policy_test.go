package integration

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
)

// guarded is a policy that lets nobody merge one customer, and notes about which
// ones it was asked. With forgets it answers like one that is asked about the
// survivor only.
type guarded struct {
	access.Default
	closed  uuid.UUID
	forgets bool
	asked   []uuid.UUID
}

func (g *guarded) Allow(ctx context.Context, a access.Actor, act access.Action, on access.Subject) error {
	if act == access.CustomerMerge {
		g.asked = append(g.asked, on.ID)
		if on.ID == g.closed && !g.forgets {
			return fault.New(fault.ErrForbidden, "access.forbidden", "no")
		}
	}
	return g.Default.Allow(ctx, a, act, on)
}

// A merge asks about the customer that goes as well as about the survivor.
func TestJ01_MergeAsksAboutBothCustomers(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		kept, gone := w.newCustomer(customer.CreateInput{Name: "Kept"}), w.newCustomer(customer.CreateInput{Name: "Gone"})
		merge := func(g *guarded) error {
			h := w.engine(g).As(w.s.Actor()).Customers()
			_, err := h.Merge(w.ctx, kept.ID, customer.MergeInput{Loser: gone.ID, Reason: "the same"})
			return err
		}
		before := w.written()
		for _, closed := range []pursuit.Result{kept, gone} {
			require.ErrorIs(t, merge(&guarded{closed: closed.ID}), fault.ErrForbidden)
			require.Equal(t, before, w.written(), "nothing is written")
		}
		twin := &guarded{closed: gone.ID, forgets: true}
		require.NoError(t, merge(twin), "the refusal above came from the question about the loser")
		require.Equal(t, []uuid.UUID{kept.ID, gone.ID}, twin.asked)
		require.Greater(t, w.written(), before)
	})
}

// takers say what is wrong with how a manager of the east is kept from the south's
// customer: neither merging it nor taking it first is allowed.
func takers(w *tenant, boss *pursuit.Session) error {
	of := func(department string) uuid.UUID {
		r := w.newCustomer(customer.CreateInput{Name: "Of " + department, Owner: "zoe", Department: department})
		return r.ID
	}
	east, south, nobodys := of("east"), of("south"), w.newCustomer(customer.CreateInput{Name: "Of nobody"}).ID
	h, before := boss.Customers(), w.written()
	merge := func(survivor, loser uuid.UUID) error {
		_, err := h.Merge(w.ctx, survivor, customer.MergeInput{Loser: loser, Reason: "same"})
		return err
	}
	update := func(id uuid.UUID, in customer.UpdateInput) error {
		_, err := h.Update(w.ctx, id, in)
		return err
	}
	for name, err := range map[string]error{
		"merging":                 merge(east, south),
		"merging into it":         merge(south, east),
		"taking over":             update(south, customer.UpdateInput{Department: ptr("east")}),
		"becoming its owner":      update(south, customer.UpdateInput{Name: ptr("Ours"), Owner: ptr("joe")}),
		"replacing it":            update(south, customer.CreateInput{Name: "Ours", Department: "east", Owner: "zoe"}.Update()),
		"clearing its department": update(south, customer.UpdateInput{Department: ptr("")}),
		"taking nobody's":         update(nobodys, customer.UpdateInput{Department: ptr("east")}),
	} {
		if !errors.Is(err, fault.ErrForbidden) {
			return fmt.Errorf("%s: %w", name, cmpError(err))
		}
	}
	if w.written() != before {
		return errors.New("something was written")
	}
	// What changes nothing of whose it is is an update like others, and one's own
	// department's customers are given away and merged.
	for name, err := range map[string]error{
		"updating":          update(south, customer.UpdateInput{Name: ptr("Theirs"), Owner: ptr("zoe"), Department: ptr("south")}),
		"giving away":       update(of("east"), customer.UpdateInput{Owner: ptr("xu"), Department: ptr("south")}),
		"merging one's own": merge(east, of("east")),
		"creating for others": func() error {
			_, err := h.Create(w.ctx, customer.CreateInput{Name: "New", Owner: "xu", Department: "south"})
			return err
		}(),
	} {
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// TestJ01_NobodyTakesACustomerToMergeIt: a change of a customer's owner or department
// takes the right to transfer it; otherwise it would be the way around the rights to
// merge and to delete.
func TestJ01_NobodyTakesACustomerToMergeIt(t *testing.T) {
	onEach(t, func(t *testing.T) {
		boss := pursuit.Actor{Tenant: "acme", User: "joe", Department: "east", Roles: []access.Role{access.Manager}}
		w := newTenant(t)
		require.NoError(t, takers(w, w.eng.As(boss)))
		w = newTenant(t)
		bug := wrong{recorder: &recorder{}, allow: weaker(access.CustomerTransfer, access.CustomerUpdate)}
		require.Error(t, takers(w, w.engine(bug).As(boss)), "the twin is found")
	})
}

// movers say what is wrong with how a deal changes its department: it is the owner's
// and the manager's to give away, and not the team's.
func movers(w *tenant, eng *pursuit.Engine) error {
	w.team = []opportunity.MemberInput{{User: "wren", Role: opportunity.RoleSales, Access: opportunity.Write}}
	id := w.record().ID
	w.team = nil
	as := func(user, department string, role access.Role) pursuit.Opportunities {
		return eng.As(pursuit.Actor{Tenant: "acme", User: user, Department: department, Roles: []access.Role{role}}).Opportunities()
	}
	to := func(department string) opportunity.UpdateInput {
		return opportunity.UpdateInput{Department: &department}
	}
	wren, before := as("wren", "south", access.Sales), w.written()
	if _, err := wren.Update(w.ctx, id, to("south")); !errors.Is(err, fault.ErrForbidden) || w.written() != before {
		return fmt.Errorf("a member moved it: %w", cmpError(err))
	}
	if _, err := wren.Update(w.ctx, id, opportunity.UpdateInput{Name: ptr("Renamed"), Department: ptr("east")}); err != nil {
		return fmt.Errorf("a member may not update it: %w", err)
	}
	if _, err := as("joe", "east", access.Manager).Update(w.ctx, id, to("west")); err != nil {
		return fmt.Errorf("the manager may not move it: %w", err)
	}
	if _, err := as("joe", "east", access.Manager).Update(w.ctx, id, to("east")); !errors.Is(err, fault.ErrNotFound) {
		return fmt.Errorf("the old manager took it back: %w", cmpError(err))
	}
	if _, err := as("ann", "north", access.Sales).Update(w.ctx, id, to("north")); err != nil {
		return fmt.Errorf("the owner may not move it: %w", err)
	}
	return nil
}

// TestJ01_ADepartmentChangesByARightToTransfer is the same for deals.
func TestJ01_ADepartmentChangesByARightToTransfer(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		require.NoError(t, movers(w, w.eng))
		w = newTenant(t)
		bug := wrong{recorder: &recorder{}, allow: weaker(access.OpportunityTransfer, access.OpportunityUpdate)}
		require.Error(t, movers(w, w.engine(bug)), "the twin is found")
	})
}
