package access_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/fault"
)

func TestActorValidate(t *testing.T) {
	require.NoError(t, access.Actor{Tenant: "acme", User: "ann"}.Validate())
	err := access.Actor{Department: " north"}.Validate()
	require.ErrorIs(t, err, fault.ErrInvalid)
	require.Equal(t, "actor.invalid", fault.CodeOf(err))
	var paths []string
	for _, f := range fault.FieldsOf(err) {
		paths = append(paths, f.Path+" "+f.Code)
	}
	require.Equal(t, []string{"/tenant required", "/user required", "/department blank_ends"}, paths)
	require.ErrorIs(t, access.Actor{Tenant: "acme", User: strings.Repeat("x", 129)}.Validate(), fault.ErrInvalid)
}

func TestActorHas(t *testing.T) {
	a := access.Actor{Roles: []access.Role{access.Sales}}
	require.True(t, a.Has(access.Manager, access.Sales))
	require.False(t, a.Has(access.Manager))
	require.False(t, a.Has())
}

func TestJ02_ScopeSees(t *testing.T) {
	require.False(t, access.Scope{}.Sees("", "", true), "the zero scope sees nothing")
	require.True(t, access.Scope{All: true}.Sees("", "", false))
	mixed := access.Scope{Departments: []string{"north"}, User: "ann"}
	require.True(t, mixed.Sees("north", "bob", false))
	require.True(t, mixed.Sees("south", "ann", false))
	require.True(t, mixed.Sees("south", "bob", true))
	require.False(t, mixed.Sees("south", "bob", false))
	require.False(t, access.Scope{Departments: []string{""}}.Sees("", "", false), "no department is none of anybody's")
}

func ExampleDefault() {
	policy := access.Default{Departments: func(a access.Actor) []string {
		if a.Department == "west" {
			return []string{"west/online"}
		}
		return nil
	}}
	ctx := context.Background()
	seller := access.Actor{Tenant: "acme", User: "ann", Department: "west", Roles: []access.Role{access.Sales}}
	boss := access.Actor{Tenant: "acme", User: "joe", Department: "west", Roles: []access.Role{access.Manager}}
	deal := access.Subject{ID: someID, Department: "west/online", Owner: "ann"}

	fmt.Println("seller wins:", policy.Allow(ctx, seller, access.OpportunityWin, deal) == nil)
	fmt.Println("seller may not reopen:", errors.Is(policy.Allow(ctx, seller, access.OpportunityReopen, deal), fault.ErrForbidden))
	fmt.Println("boss reopens:", policy.Allow(ctx, boss, access.OpportunityReopen, deal) == nil)
	scope, _ := policy.Scope(ctx, boss, access.Opportunities)
	fmt.Printf("boss sees: %+v\n", scope)
	// Output:
	// seller wins: true
	// seller may not reopen: true
	// boss reopens: true
	// boss sees: {All:false Departments:[west west/online] User:joe}
}

// An actor's list of roles is bounded (B14).
func TestB14_RolesAreBounded(t *testing.T) {
	a := access.Actor{Tenant: "acme", User: "ann", Roles: make([]access.Role, access.MaxRoles)}
	require.NoError(t, a.Validate())
	a.Roles = append(a.Roles, access.Administrator)
	err := a.Validate()
	require.ErrorIs(t, err, fault.ErrInvalid)
	fields := fault.FieldsOf(err)
	require.Len(t, fields, 1)
	require.Equal(t, "/roles too_many", fields[0].Path+" "+fields[0].Code)
}
