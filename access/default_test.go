package access_test

import (
	"context"
	"errors"
	"fmt"
	"go/doc/comment"
	"go/parser"
	"go/token"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/fault"
)

var someID = uuid.MustParse("0197c3a0-0000-7000-8000-000000000001")

func actor(roles ...access.Role) access.Actor {
	return access.Actor{Tenant: "acme", User: "ann", Department: "north", Roles: roles}
}

// subDepartments lets managers of the north answer for the harbour.
func subDepartments(a access.Actor) []string {
	if a.Department == "north" {
		return []string{"harbour", "", "north"}
	}
	return nil
}

// verdict is "yes", "no" (forbidden) or "hidden" (not found).
func verdict(t *testing.T, err error) string {
	t.Helper()
	switch {
	case err == nil:
		return "yes"
	case errors.Is(err, fault.ErrForbidden):
		require.Equal(t, "access.forbidden", fault.CodeOf(err))
		return "no"
	case errors.Is(err, fault.ErrNotFound):
		return "hidden"
	}
	t.Fatalf("neither forbidden nor hidden: %v", err)
	return ""
}

// situation is a subject, and what it is to ann of the north.
type situation struct {
	name                string
	on                  access.Subject
	mine, writes, unit  bool
	member, fresh, kept bool
}

func situations() []situation {
	return []situation{
		{name: "owned elsewhere", on: access.Subject{ID: someID, Department: "south", Owner: "ann", Relation: access.Owner}, mine: true, writes: true, member: true},
		{name: "owned, relation untold", on: access.Subject{ID: someID, Department: "south", Owner: "ann"}, mine: true, writes: true, member: true},
		{name: "team, may write", on: access.Subject{ID: someID, Department: "south", Owner: "bob", Relation: access.Writer}, writes: true, member: true},
		{name: "team, may read", on: access.Subject{ID: someID, Department: "south", Owner: "bob", Relation: access.Reader}, member: true},
		{name: "own department", on: access.Subject{ID: someID, Department: "north", Owner: "bob"}, unit: true},
		{name: "department below", on: access.Subject{ID: someID, Department: "harbour", Owner: "bob"}, unit: true},
		{name: "a stranger's", on: access.Subject{ID: someID, Department: "south", Owner: "bob"}},
		{name: "without department and owner", on: access.Subject{ID: someID}},
		{name: "new, nothing given", on: access.Subject{}, fresh: true, mine: true, unit: true},
		{name: "new, own", on: access.Subject{Department: "north", Owner: "ann"}, fresh: true, mine: true, unit: true},
		{name: "new, for a colleague", on: access.Subject{Department: "north", Owner: "bob"}, fresh: true, unit: true},
		{name: "new, for strangers", on: access.Subject{Department: "south", Owner: "bob"}, fresh: true},
		{name: "a source", on: access.Subject{ID: someID, Kind: "source"}, kept: true},
		{name: "a new source", on: access.Subject{Kind: "source"}, fresh: true, mine: true, unit: true, kept: true},
	}
}

// sees is the section "What Default shows", said once more.
func sees(role access.Role, resource string, s situation) bool {
	switch {
	case s.fresh || role == access.Administrator:
		return true
	case resource != "opportunity" && resource != "quote" && resource != "order" && resource != "journal":
		return true
	case role == access.Marketing:
		return resource != "order" && resource != "quote" || s.member
	case role == access.Sales:
		return s.member
	}
	return s.member || s.unit
}

// expected is the legend below the table, said once more.
func expected(word string, role access.Role, resource string, s situation) string {
	if !sees(role, resource, s) {
		return "hidden"
	}
	yes := false
	switch word {
	case "own":
		yes = s.mine
	case "written":
		yes = s.mine || s.writes
	case "unit":
		yes = s.unit || !s.fresh && s.writes
	case "seen":
		yes = true
	case "listed":
		yes = s.kept
	}
	if yes {
		return "yes"
	}
	return "no"
}

// documented reads the table of doc.go.
func documented(t *testing.T) map[access.Action][]string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "doc.go", nil, parser.ParseComments)
	require.NoError(t, err)
	table := map[access.Action][]string{}
	for _, block := range new(comment.Parser).Parse(file.Doc.Text()).Content {
		code, ok := block.(*comment.Code)
		if !ok || !strings.HasPrefix(code.Text, "action ") {
			continue
		}
		for _, line := range strings.Split(strings.TrimSpace(code.Text), "\n")[1:] {
			if words := strings.Fields(line); len(words) == 5 && strings.Contains(words[0], ".") {
				table[access.Action(words[0])] = words[1:]
			}
		}
	}
	return table
}

// Every role × action × situation, against the table that the documentation shows.
func TestC6_J01_RolesAndActions(t *testing.T) {
	table := documented(t)
	actions := access.Actions()
	require.Len(t, table, len(actions))
	policy := access.Default{Departments: subDepartments}
	columns := []access.Role{access.Marketing, access.Sales, access.Manager, access.Support}
	for _, action := range actions {
		words := table[action]
		require.Len(t, words, 4, "%s isn't documented", action)
		resource, _, _ := strings.Cut(string(action), ".")
		for i, role := range append(columns, access.Administrator) {
			word := "seen"
			if i < len(words) {
				word = words[i]
			}
			for _, s := range situations() {
				got := verdict(t, policy.Allow(context.Background(), actor(role), action, s.on))
				require.Equal(t, expected(word, role, resource, s), got, "%s, %s, %s (%s)", role, action, s.name, word)
			}
		}
	}
}

// The sentences of the process, one by one.
func TestC6_Posts(t *testing.T) {
	id := someID
	cases := []struct {
		who    access.Role
		action access.Action
		on     access.Subject
		want   string
	}{
		{access.Marketing, access.OpportunityRecord, access.Subject{Owner: "bob", Department: "south"}, "yes"},
		{access.Marketing, access.OpportunityTransfer, access.Subject{ID: id, Owner: "ann"}, "yes"},
		{access.Marketing, access.OpportunityTransfer, access.Subject{ID: id, Owner: "bob"}, "no"},
		{access.Marketing, access.OpportunityWin, access.Subject{ID: id, Owner: "ann"}, "no"},
		{access.Marketing, access.ArchiveCreate, access.Subject{Kind: "source"}, "yes"},
		{access.Marketing, access.ArchiveCreate, access.Subject{Kind: "competitor"}, "no"},
		{access.Marketing, access.OrderRead, access.Subject{ID: id, Owner: "bob"}, "hidden"},
		{access.Sales, access.OpportunityWin, access.Subject{ID: id, Owner: "bob", Relation: access.Writer}, "yes"},
		{access.Sales, access.OpportunityWin, access.Subject{ID: id, Owner: "bob", Relation: access.Reader}, "no"},
		{access.Sales, access.OpportunityWin, access.Subject{ID: id, Owner: "bob", Department: "north"}, "hidden"},
		{access.Sales, access.OpportunityTransfer, access.Subject{ID: id, Owner: "bob", Relation: access.Writer}, "no"},
		{access.Sales, access.OpportunityReopen, access.Subject{ID: id, Owner: "ann"}, "no"},
		{access.Sales, access.OpportunityOverrideGates, access.Subject{ID: id, Owner: "ann"}, "no"},
		{access.Sales, access.CustomerCreate, access.Subject{}, "yes"},
		{access.Sales, access.CustomerDelete, access.Subject{ID: id, Owner: "bob"}, "no"},
		{access.Sales, access.CustomerUpdate, access.Subject{ID: id, Owner: "bob", Department: "south"}, "yes"},
		{access.Sales, access.CustomerTransfer, access.Subject{ID: id, Owner: "bob", Department: "north"}, "no"},
		{access.Sales, access.CustomerTransfer, access.Subject{ID: id, Owner: "ann", Department: "south"}, "yes"},
		{access.Sales, access.CustomerTransfer, access.Subject{ID: id}, "no"},
		{access.Marketing, access.CustomerTransfer, access.Subject{ID: id, Owner: "ann"}, "yes"},
		{access.Support, access.CustomerTransfer, access.Subject{ID: id, Owner: "ann"}, "yes"},
		{access.Support, access.CustomerTransfer, access.Subject{ID: id, Owner: "bob", Department: "north"}, "no"},
		{access.Manager, access.CustomerTransfer, access.Subject{ID: id, Owner: "bob", Department: "north"}, "yes"},
		{access.Manager, access.CustomerTransfer, access.Subject{ID: id, Owner: "bob", Department: "south"}, "no"},
		{access.Manager, access.CustomerTransfer, access.Subject{ID: id}, "no"},
		{access.Administrator, access.CustomerTransfer, access.Subject{ID: id}, "yes"},
		{access.Manager, access.OpportunityReopen, access.Subject{ID: id, Owner: "bob", Department: "north"}, "yes"},
		{access.Manager, access.OpportunityReopen, access.Subject{ID: id, Owner: "bob", Department: "south"}, "hidden"},
		{access.Manager, access.ArchiveUpdate, access.Subject{ID: id, Kind: "loss_reason"}, "yes"},
		{access.Manager, access.ArchiveUpdate, access.Subject{ID: id, Kind: "scorecard"}, "no"},
		{access.Manager, access.ProcessPublish, access.Subject{}, "no"},
		{access.Support, access.OpportunityContacts, access.Subject{ID: id, Department: "north"}, "yes"},
		{access.Support, access.OpportunityAdvance, access.Subject{ID: id, Department: "north"}, "no"},
		{access.Support, access.OrderExecute, access.Subject{ID: id, Department: "north"}, "yes"},
		{access.Administrator, access.ProcessPublish, access.Subject{}, "yes"},
		{access.Administrator, access.SalesSystemEnable, access.Subject{}, "yes"},
		{access.Administrator, access.ArchiveUpdate, access.Subject{ID: id, Kind: "scorecard"}, "yes"},
		{access.Administrator, access.OpportunityReopen, access.Subject{ID: id, Department: "south"}, "yes"},
		{"auditor", access.OpportunityRead, access.Subject{ID: id, Owner: "ann"}, "hidden"},
		{"auditor", access.OpportunityRead, access.Subject{}, "no"},
		{"auditor", access.ReportRead, access.Subject{}, "no"},
		{access.Administrator, "opportunity.explode", access.Subject{ID: id}, "no"},
	}
	for _, c := range cases {
		t.Run(fmt.Sprintf("%s %s", c.who, c.action), func(t *testing.T) {
			require.Equal(t, c.want, verdict(t, access.Default{}.Allow(context.Background(), actor(c.who), c.action, c.on)))
		})
	}
}

// A right to override, or to transfer, holds the right to the plain action (J01).
func TestJ01_OverridesHoldThePlainAction(t *testing.T) {
	table := documented(t)
	rank := map[string]int{"-": 0, "own": 1, "written": 2, "unit": 3, "seen": 4}
	implied := map[access.Action][]access.Action{
		access.OpportunityOverrideGates: {access.OpportunityAdvance, access.OpportunityWin, access.OpportunityLose, access.OpportunityClose},
		access.OpportunityOverrideClose: {access.OpportunityClose},
		access.OpportunityTransfer:      {access.OpportunityUpdate},
		access.CustomerTransfer:         {access.CustomerUpdate},
	}
	for override, plain := range implied {
		for _, p := range plain {
			for i := range table[override] {
				require.LessOrEqual(t, rank[table[override][i]], rank[table[p][i]], "%s, %s, column %d", override, p, i)
			}
		}
	}
}

// Reading one is allowed exactly if the list would show it (J02).
func TestJ02_ReadAgreesWithScope(t *testing.T) {
	pick := rand.New(rand.NewPCG(2, 6))
	all := []access.Role{access.Marketing, access.Sales, access.Manager, access.Support, access.Administrator, "auditor"}
	names := []string{"", "ann", "bob"}
	units := []string{"", "north", "south", "harbour"}
	relations := []access.Relation{access.Stranger, access.Reader, access.Writer, access.Owner}
	reads := map[access.Resource]access.Action{
		access.Opportunities: access.OpportunityRead, access.Quotes: access.QuoteRead, access.Orders: access.OrderRead,
		access.Customers: access.CustomerRead, access.Archives: access.ArchiveRead,
	}
	seen, hidden := 0, 0
	for range 20_000 {
		a := access.Actor{Tenant: "acme", User: names[pick.IntN(3)], Department: units[pick.IntN(4)]}
		for range pick.IntN(3) {
			a.Roles = append(a.Roles, all[pick.IntN(len(all))])
		}
		on := access.Subject{ID: someID, Department: units[pick.IntN(4)], Owner: names[pick.IntN(3)], Relation: relations[pick.IntN(4)]}
		policy := access.Default{}
		if pick.IntN(2) == 0 {
			policy.Departments = subDepartments
		}
		for resource, read := range reads {
			scope, err := policy.Scope(context.Background(), a, resource)
			require.NoError(t, err)
			inside := scope.Sees(on.Department, on.Owner, on.Relation != access.Stranger)
			want := "hidden"
			if inside {
				want, seen = "yes", seen+1
			} else {
				hidden++
			}
			require.Equal(t, want, verdict(t, policy.Allow(context.Background(), a, read, on)), "%+v %+v %+v", a, on, scope)
		}
	}
	require.Greater(t, seen, 1000)
	require.Greater(t, hidden, 1000)
}

// Whatever is hidden is hidden to every action on it alike (J03).
func TestJ03_HiddenIsNotFoundForEveryAction(t *testing.T) {
	on := access.Subject{ID: someID, Department: "south", Owner: "bob"}
	for _, action := range access.Actions() {
		resource, _, _ := strings.Cut(string(action), ".")
		if resource != "opportunity" && resource != "quote" && resource != "order" {
			continue
		}
		err := access.Default{}.Allow(context.Background(), actor(access.Sales), action, on)
		require.ErrorIs(t, err, fault.ErrNotFound, action)
		require.Equal(t, resource+".not_found", fault.CodeOf(err))
	}
}

// Several roles add up, and none lends its sight to another's rights.
func TestC6_SeveralRoles(t *testing.T) {
	ctx, policy := context.Background(), access.Default{}
	both := actor(access.Marketing, access.Sales)
	foreign := access.Subject{ID: someID, Department: "south", Owner: "bob"}
	require.NoError(t, policy.Allow(ctx, both, access.OpportunityRead, foreign))
	require.Equal(t, "no", verdict(t, policy.Allow(ctx, both, access.JournalRead, foreign)))
	require.NoError(t, policy.Allow(ctx, both, access.OpportunityWin, access.Subject{ID: someID, Owner: "ann"}))

	scope, err := policy.Scope(ctx, actor(access.Sales, access.Manager), access.Orders)
	require.NoError(t, err)
	require.Equal(t, access.Scope{Departments: []string{"north"}, User: "ann"}, scope)
	scope, err = policy.Scope(ctx, actor(access.Administrator), "planets")
	require.NoError(t, err)
	require.Equal(t, access.Scope{}, scope)
}

// What a host adds is taken without blanks and repetitions.
func TestJ02_DepartmentsAreKeptOnce(t *testing.T) {
	policy := access.Default{Departments: func(access.Actor) []string { return []string{"", "north", "harbour", "harbour", ""} }}
	boss := access.Actor{Tenant: "acme", User: "ann", Department: "north", Roles: []access.Role{access.Manager}}
	scope, err := policy.Scope(context.Background(), boss, access.Opportunities)
	require.NoError(t, err)
	require.Equal(t, []string{"north", "harbour"}, scope.Departments)
}
