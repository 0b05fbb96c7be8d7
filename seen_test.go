package pursuit_test

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

// flattered is a policy that is told of whatever is asked about that it is the actor's own.
type flattered struct{ access.Policy }

func (f flattered) Allow(ctx context.Context, a access.Actor, act access.Action, on access.Subject) error {
	on.Owner, on.Department, on.Relation = a.User, a.Department, access.Owner
	return f.Policy.Allow(ctx, a, act, on)
}

// deletedSince says what is wrong with how commands on things are repeated that were
// given away and deleted since: those who could see them last get the first result.
func deletedSince(w *tenant, policy access.Policy) error {
	before := w.engine(access.Default{})
	now := w.engine(policy)
	in := func(eng *pursuit.Engine, user, department string, role access.Role) *pursuit.Session {
		return eng.As(pursuit.Actor{Tenant: "acme", User: user, Department: department, Roles: []access.Role{role}})
	}
	type who struct {
		user, department string
		role             access.Role
		sees             bool
	}
	all := []who{
		{"ann", "east", access.Sales, false}, // owned it
		{"wren", "north", access.Sales, true},
		{"zoe", "west", access.Sales, true},    // owns it
		{"joe", "east", access.Manager, false}, // of its first department
		{"xu", "west", access.Manager, true},
		{"root", "", access.Administrator, true},
	}
	name := func(x who) opportunity.UpdateInput { return opportunity.UpdateInput{Name: ptr("Deal of " + x.user)} }
	given := w.input()
	given.Members = []opportunity.MemberInput{{User: "wren", Role: opportunity.RoleSales, Access: opportunity.Write}}
	id := w.Do(w.s.Opportunities().Record(w.ctx, given)).ID
	do := func(eng *pursuit.Engine, x who) (pursuit.Result, error) {
		return in(eng, x.user, x.department, x.role).Opportunities().Update(w.ctx, id, name(x), pursuit.RequestID("once"))
	}
	first := map[string]pursuit.Result{}
	step := func(users ...string) {
		for _, x := range all {
			for _, u := range users {
				if x.user == u {
					r, err := do(before, x)
					w.must(r, err)
					first[u] = r
				}
			}
		}
	}
	step("ann", "wren", "joe", "root")
	w.must(w.s.Team().Transfer(w.ctx, id, opportunity.TransferInput{To: "zoe", Remove: true}))
	w.must(w.s.Opportunities().Update(w.ctx, id, opportunity.UpdateInput{Department: ptr("west")}))
	step("zoe", "xu")
	boss := in(now, "xu", "west", access.Manager).Opportunities()
	drop := func(o pursuit.Opportunities) (pursuit.Result, error) {
		return o.Delete(w.ctx, id, opportunity.DeleteInput{Reason: "a mistake"}, pursuit.RequestID("drop"))
	}
	w.must(drop(in(before, "xu", "west", access.Manager).Opportunities()))
	if r, err := drop(boss); err != nil || !r.Repeated {
		return fmt.Errorf("the deletion isn't repeated: %w", cmpError(err))
	}
	written := w.written()
	for _, x := range all {
		r, err := do(now, x)
		switch {
		case x.sees && (err != nil || !r.Repeated || r.Version != first[x.user].Version):
			return fmt.Errorf("%s gets %+v: %w", x.user, r, cmpError(err))
		case !x.sees && (!errors.Is(err, fault.ErrNotFound) || fault.CodeOf(err) != "opportunity.not_found" || r.ID != uuid.Nil):
			return fmt.Errorf("%s gets %+v: %w", x.user, r, cmpError(err))
		}
	}
	if w.written() != written {
		return errors.New("something was written")
	}
	return nil
}

// TestJ01_WhatWasDeletedIsAskedAboutAsItWas: a repetition on a deal that was transferred
// and deleted since answers those who could see it last.
func TestJ01_WhatWasDeletedIsAskedAboutAsItWas(t *testing.T) {
	require.NoError(t, deletedSince(newTenant(t), access.Default{}))
	require.ErrorContains(t, deletedSince(newTenant(t), flattered{access.Default{}}), "ann gets", "the twin is found")
}

// customersDeletedSince is deletedSince for a customer, by a policy that shows departments
// their own ones.
func customersDeletedSince(w *tenant, policy access.Policy) error {
	eng := w.engine(policy)
	as := func(user, department string) pursuit.Customers {
		return eng.As(pursuit.Actor{Tenant: "acme", User: user, Department: department, Roles: []access.Role{access.Manager}}).Customers()
	}
	id := w.newCustomer(customer.CreateInput{Name: "Fabrikam", Owner: "ann", Department: "east"}).ID
	rename := func(h pursuit.Customers) (pursuit.Result, error) {
		return h.Update(w.ctx, id, customer.UpdateInput{Name: ptr("Fabrikam AG")}, pursuit.RequestID("once"))
	}
	w.must(rename(as("ann", "east")))
	w.must(w.s.Customers().Update(w.ctx, id, customer.UpdateInput{Owner: ptr("zoe"), Department: ptr("west")}))
	w.must(rename(as("zoe", "west")))
	w.must(w.s.Customers().Delete(w.ctx, id))
	if r, err := rename(as("zoe", "west")); err != nil || !r.Repeated {
		return fmt.Errorf("zoe gets %+v: %w", r, cmpError(err))
	}
	if r, err := rename(as("ann", "east")); fault.CodeOf(err) != "customer.not_found" || r.ID != uuid.Nil {
		return fmt.Errorf("ann gets %+v: %w", r, cmpError(err))
	}
	return nil
}

func TestJ01_ADeletedCustomerIsAskedAboutAsItWas(t *testing.T) {
	require.NoError(t, customersDeletedSince(newTenant(t), separate{}))
	require.ErrorContains(t, customersDeletedSince(newTenant(t), flattered{separate{}}), "ann gets", "the twin is found")
}
