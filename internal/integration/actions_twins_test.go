package integration

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/storage/memory"
)

// wrong is a bug of the library, put between it and the policy.
type wrong struct {
	*recorder
	allow func(action access.Action, on access.Subject) (access.Action, access.Subject)
	scope func(of access.Resource) access.Resource
	// twice asks each question twice, again each scope.
	twice, again bool
	// forgets leaves a question out.
	forgets access.Action
}

func (x wrong) Allow(ctx context.Context, a access.Actor, action access.Action, on access.Subject) error {
	if x.allow != nil {
		action, on = x.allow(action, on)
	}
	if action == x.forgets {
		return nil
	}
	if x.twice {
		_ = x.recorder.Allow(ctx, a, action, on)
	}
	return x.recorder.Allow(ctx, a, action, on)
}

func (x wrong) Scope(ctx context.Context, a access.Actor, of access.Resource) (access.Scope, error) {
	if x.scope != nil {
		if of = x.scope(of); of == "" {
			return access.Scope{All: true}, nil
		}
	}
	if x.again {
		_, _ = x.recorder.Scope(ctx, a, of)
	}
	return x.recorder.Scope(ctx, a, of)
}

// weaker asks for another action than a command's own.
func weaker(from, to access.Action) func(access.Action, access.Subject) (access.Action, access.Subject) {
	return func(a access.Action, on access.Subject) (access.Action, access.Subject) {
		if a == from {
			a = to
		}
		return a, on
	}
}

// TestJ01_TwinsOfTheActionAreFound seeds bugs one at a time. Each has to be found by
// the method that it is in.
func TestJ01_TwinsOfTheActionAreFound(t *testing.T) {
	type subject = access.Subject
	on := func(change func(*subject)) func(access.Action, subject) (access.Action, subject) {
		return func(a access.Action, on subject) (access.Action, subject) { change(&on); return a, on }
	}
	for name, x := range map[string]struct {
		in  string
		bug wrong
	}{
		"a member with read access may write": {"Opportunities.Update", wrong{allow: on(func(s *subject) {
			if s.Relation == access.Reader {
				s.Relation = access.Writer
			}
		})}},
		"a member with read access may write, lines": {"Lines.Add", wrong{allow: on(func(s *subject) {
			if s.Relation == access.Reader {
				s.Relation = access.Writer
			}
		})}},
		"a member with write access may only read":     {"Activities.Plan", wrong{allow: on(func(s *subject) { s.Relation = access.Reader })}},
		"the owner is left out":                        {"Team.Transfer", wrong{allow: on(func(s *subject) { s.Owner = "" })}},
		"the department is left out":                   {"Orders.Cancel", wrong{allow: on(func(s *subject) { s.Department = "" })}},
		"the id is left out":                           {"Processes.Journal", wrong{allow: on(func(s *subject) { s.ID = uuid.Nil })}},
		"the kind is left out":                         {"Archives.Update", wrong{allow: on(func(s *subject) { s.Kind = "" })}},
		"winning asks for updating":                    {"Opportunities.Win", wrong{allow: weaker(access.OpportunityWin, access.OpportunityUpdate)}},
		"deleting asks for voiding":                    {"Opportunities.Delete", wrong{allow: weaker(access.OpportunityDelete, access.OpportunityVoid)}},
		"transferring asks for the team":               {"Team.Transfer", wrong{allow: weaker(access.OpportunityTransfer, access.OpportunityTeam)}},
		"approving an expense asks for following up":   {"Expenses.Approve", wrong{allow: weaker(access.OpportunityExpenseApprove, access.OpportunityFollowUp)}},
		"withdrawing asks for sending":                 {"Quotes.Withdraw", wrong{allow: weaker(access.QuoteWithdraw, access.QuoteSend)}},
		"a journal asks for reading":                   {"Opportunities.Journal", wrong{allow: weaker(access.JournalRead, access.OpportunityRead)}},
		"merging asks for updating":                    {"Customers.Merge", wrong{allow: weaker(access.CustomerMerge, access.CustomerUpdate)}},
		"planning a migration asks for reading":        {"Processes.PlanMigration", wrong{allow: weaker(access.ProcessMigrate, access.ProcessRead)}},
		"taking a customer asks for updating":          {"Customers.Update/owner", wrong{allow: weaker(access.CustomerTransfer, access.CustomerUpdate)}},
		"moving a customer asks for updating":          {"Customers.Update/department", wrong{allow: weaker(access.CustomerTransfer, access.CustomerUpdate)}},
		"leaving the owner out asks for updating":      {"Customers.Update/all", wrong{allow: weaker(access.CustomerTransfer, access.CustomerUpdate)}},
		"updating a customer asks for a transfer":      {"Customers.Update", wrong{allow: weaker(access.CustomerUpdate, access.CustomerTransfer)}},
		"moving a deal asks for updating":              {"Opportunities.Update/department", wrong{allow: weaker(access.OpportunityTransfer, access.OpportunityUpdate)}},
		"a new customer is left out":                   {"Opportunities.RecordForNewCustomer", wrong{forgets: access.CustomerCreate}},
		"a scope is asked for twice":                   {"Opportunities.Record", wrong{again: true}},
		"the policy is asked twice":                    {"Quotes.Send", wrong{twice: true}},
		"a scope is left out of a migration":           {"Processes.Migrate", wrong{scope: func(access.Resource) access.Resource { return "" }}},
		"a scope is left out of a migration's plan":    {"Processes.PlanMigration", wrong{scope: func(access.Resource) access.Resource { return "" }}},
		"a scope is left out of a migration's check":   {"Processes.CheckMigration", wrong{scope: func(access.Resource) access.Resource { return "" }}},
		"a scope is left out of a list":                {"Expenses.List", wrong{scope: func(access.Resource) access.Resource { return "" }}},
		"quotes are searched in the scope of deals":    {"Quotes.List", wrong{scope: func(access.Resource) access.Resource { return access.Opportunities }}},
		"a list is searched in the scope of customers": {"Activities.List", wrong{scope: func(access.Resource) access.Resource { return access.Customers }}},
	} {
		t.Run(name, func(t *testing.T) {
			w := tenantOn(t, memory.New(), nil)
			id, found := staged(w, x.in), 0
			buggy := func(r *recorder) access.Policy { b := x.bug; b.recorder = r; return b }
			for _, c := range cells() {
				require.NoError(t, tried(w, x.in, id, c, false, honest))
				if tried(w, x.in, id, c, false, buggy) != nil {
					found++
				}
			}
			if x.bug.scope != nil || x.bug.again { // commands are held up before they ask for it
				if tried(w, x.in, id, cell{asOwner, access.Administrator}, true, buggy) != nil {
					found++
				}
			}
			require.Positive(t, found)
		})
	}
}
