package policytest_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/pursuittest/policytest"
)

func suite(p access.Policy) policytest.Suite {
	actor := func(user, department string, roles ...access.Role) access.Actor {
		return access.Actor{Tenant: "acme", User: user, Department: department, Roles: roles}
	}
	return policytest.Suite{Policy: p, Actors: []access.Actor{
		actor("ada", "office", access.Administrator), actor("max", "east", access.Manager), actor("ann", "east", access.Sales),
		actor("mia", "marketing", access.Marketing), actor("sue", "support", access.Support), actor("both", "east", access.Sales, access.Support),
	}}
}

func TestJ01_J02_TheDefaultPolicyKeepsThePromises(t *testing.T) {
	policytest.Run(t, suite(access.Default{}))
}

// bent is the default policy with a seeded bug.
type bent struct {
	allow func(a access.Actor, action access.Action, on access.Subject) error
	scope func(a access.Actor, of access.Resource) (access.Scope, error)
}

func (b bent) Allow(ctx context.Context, a access.Actor, action access.Action, on access.Subject) error {
	if b.allow != nil {
		return b.allow(a, action, on)
	}
	return access.Default{}.Allow(ctx, a, action, on)
}

func (b bent) Scope(ctx context.Context, a access.Actor, of access.Resource) (access.Scope, error) {
	if b.scope != nil {
		return b.scope(a, of)
	}
	return access.Default{}.Scope(ctx, a, of)
}

// TestTheSuiteHasTeeth: each seeded bug is found, and named.
func TestTheSuiteHasTeeth(t *testing.T) {
	right := access.Default{}
	ctx := t.Context()
	var kept access.Actor
	n := 0
	for name, x := range map[string]struct {
		p    access.Policy
		want string
	}{
		"allows what it doesn't know": {bent{allow: func(a access.Actor, action access.Action, on access.Subject) error {
			if err := right.Allow(ctx, a, action, on); err == nil || action != "policytest.unknown" {
				return err
			}
			return nil
		}}, "not denied by default"},
		"allows who has no role": {bent{allow: func(a access.Actor, action access.Action, on access.Subject) error {
			if len(a.Roles) == 0 {
				return nil
			}
			return right.Allow(ctx, a, action, on)
		}}, "not denied by default"},
		"denies with an error of its own": {bent{allow: func(access.Actor, access.Action, access.Subject) error { return errors.New("no") }}, "an error of another kind"},
		"tosses a coin": {bent{allow: func(access.Actor, access.Action, access.Subject) error {
			if n++; n%2 == 0 {
				return nil
			}
			return fault.New(fault.ErrForbidden, "coin", "tails")
		}}, "two answers"},
		"panics for a stranger": {bent{allow: func(a access.Actor, action access.Action, on access.Subject) error {
			if on.Department == "another department" {
				panic("no such department")
			}
			return right.Allow(ctx, a, action, on)
		}}, "a panic"},
		"keeps the roles it was given": {bent{allow: func(a access.Actor, action access.Action, on access.Subject) error {
			if kept.User != a.User {
				kept = a
			}
			return right.Allow(ctx, kept, action, on)
		}}, "two answers"},
		"shows all": {bent{scope: func(access.Actor, access.Resource) (access.Scope, error) { return access.Scope{All: true}, nil }}, "scope and Allow disagree"},
		"shows too little": {bent{scope: func(a access.Actor, _ access.Resource) (access.Scope, error) {
			return access.Scope{User: a.User}, nil
		}}, "scope and Allow disagree"},
		"a scope that fails": {bent{scope: func(access.Actor, access.Resource) (access.Scope, error) {
			return access.Scope{}, errors.New("no")
		}}, "a scope's error"},
		"a scope that panics": {bent{scope: func(access.Actor, access.Resource) (access.Scope, error) { panic("no") }}, "a panic"},
	} {
		err := policytest.Check(ctx, suite(x.p))
		require.ErrorContains(t, err, x.want, name)
	}
	require.Error(t, policytest.Check(ctx, policytest.Suite{}))
}
