package integration

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/storage/memory"
)

// verdict is how a call of a cell ends.
type verdict string

const (
	allowed   verdict = "allowed"
	forbidden verdict = "forbidden"
	notFound  verdict = "not found"
)

func verdictOf(err error) verdict {
	switch {
	case err == nil, fault.CodeOf(err) == stopped:
		return allowed
	case errors.Is(err, fault.ErrForbidden):
		return forbidden
	case errors.Is(err, fault.ErrNotFound):
		return notFound
	}
	return verdict("failed: " + err.Error())
}

// stopped is the code of a command that was allowed, and is held up before it writes.
const stopped = "cell.allowed"

// recorder notes what the default policy is asked for. If stop is set, it denies what
// would be the stop-th thing allowed, so that one world serves all cells.
type recorder struct {
	access.Default
	actions  []access.Action
	subjects []access.Subject
	scopes   []access.Resource
	stop     int
}

func (r *recorder) Allow(ctx context.Context, a access.Actor, action access.Action, on access.Subject) error {
	err := r.Default.Allow(ctx, a, action, on)
	r.actions = append(r.actions, action)
	if on.ID != uuid.Nil {
		on.ID = uuid.Max
	}
	r.subjects = append(r.subjects, on)
	if err == nil && len(r.actions) == r.stop {
		return fault.New(fault.ErrForbidden, stopped, "allowed")
	}
	return err
}

func (r *recorder) Scope(ctx context.Context, a access.Actor, of access.Resource) (access.Scope, error) {
	r.scopes = append(r.scopes, of)
	return r.Default.Scope(ctx, a, of)
}

// expected is what package access says of a cell; seen is how many rows there are,
// -1 if that says nothing.
func (c cell) expected(row ask) verdict {
	actions, subjects := c.asks(row)
	for i, on := range subjects {
		if err := (access.Default{}).Allow(context.Background(), c.actor(), actions[i], on); err != nil {
			return verdictOf(err)
		}
	}
	return allowed
}

// sees says whether an actor of the cell finds what a search is about.
func (c cell) sees(row ask) bool {
	sc, _ := access.Default{}.Scope(context.Background(), c.actor(), row.scopes[0])
	return c.position != asOutlander && sc.Sees("east", "ann", c.relation() != "")
}

// staged prepares a probe with ann's team, in which reed reads and wren writes, and
// gives ann the customers.
func staged(w *tenant, name string) uuid.UUID {
	w.team = []opportunity.MemberInput{
		{User: "reed", Role: opportunity.RoleSales, Access: opportunity.Read},
		{User: "wren", Role: opportunity.RoleSales, Access: opportunity.Write},
	}
	p := probes[name]
	var id uuid.UUID
	if p.prepare != nil {
		id = p.prepare(w)
	}
	w.team = nil
	for _, of := range []uuid.UUID{w.customer, id} {
		if of == id && !asked[name].about(aCustomer, twoCustomers) {
			continue
		}
		w.must(w.s.Customers().Update(w.ctx, of, customer.UpdateInput{Owner: ptr("ann"), Department: ptr("east")}))
	}
	return id
}

// tried calls a method as the actor of a cell would, and returns what is wrong. policy
// lets twins put a bug between the library and the recorder.
func tried(w *tenant, name string, id uuid.UUID, c cell, really bool, policy func(*recorder) access.Policy) error {
	row, p, want := asked[name], probes[name], c.expected(asked[name])
	actions, on := c.asks(row)
	r := &recorder{}
	writes := p.sort == creates || p.sort == changes
	outside := c.position == asOutlander && len(on) > 0 && on[0].ID != uuid.Nil
	if writes && !really && !outside {
		r.stop = len(on)
	}
	before := w.written()
	n, err := p.call(w, w.engine(policy(r)).As(c.actor()), id)
	got := verdictOf(err)
	switch {
	case outside: // asked before it is looked up, or never
		if got == allowed || got != notFound && got != want {
			return fmt.Errorf("%s for %v is %s", name, c, got)
		}
	case got != want:
		return fmt.Errorf("%s for %v is %s, and has to be %s", name, c, got, want)
	}
	if changed := w.written() != before; changed != (writes && really && got == allowed) {
		return fmt.Errorf("%s for %v, %s: written is %t", name, c, got, changed)
	}
	if !outside && len(on) > 0 {
		asks := len(r.actions)
		if asks == 0 || asks > len(on) || asks < len(on) && got == allowed {
			return fmt.Errorf("%s for %v asked %d times", name, c, asks)
		}
		for i := range r.actions {
			if r.actions[i] != actions[i] || whose(r.subjects[i]) != on[i] {
				return fmt.Errorf("%s for %v asked for %s on %+v, and has to ask for %s on %+v", name, c, r.actions[i], r.subjects[i], actions[i], on[i])
			}
		}
	}
	if len(on) == 0 && len(r.actions) > 0 {
		return fmt.Errorf("%s asked for %v", name, r.actions)
	}
	if got == allowed && r.stop == 0 && c.position != asOutlander {
		slices.Sort(r.scopes)
		if want := slices.Sorted(slices.Values(row.scopes)); !slices.Equal(r.scopes, want) {
			return fmt.Errorf("%s for %v asked for the scopes %v, and has to ask once for %v", name, c, r.scopes, want)
		}
	}
	if p.sort == searches && got == allowed && (n > 0) != c.sees(row) {
		return fmt.Errorf("%s for %v found %d", name, c, n)
	}
	return nil
}

func honest(r *recorder) access.Policy { return r }

// TestJ01_EveryMethodHasARow fails for a method of which the table doesn't say what it asks for.
func TestJ01_EveryMethodHasARow(t *testing.T) {
	for name, h := range handles() {
		for i := range h.NumMethod() {
			m := name + "." + h.Method(i).Name
			row, ok := asked[m]
			require.True(t, ok && len(row.of)+len(row.scopes) > 0, "%s has no row", m)
		}
	}
	for name := range asked {
		require.Contains(t, probes, name)
	}
	used := map[access.Action]bool{access.OpportunityOverrideGates: true, access.OpportunityOverrideClose: true} // TestJ01_OverridesAskForMore
	for _, row := range asked {
		for _, q := range row.of {
			used[q.action] = true
		}
	}
	for _, a := range access.Actions() {
		require.True(t, used[a], "nobody asks for %s", a)
	}
}

// TestJ01_J02_J03_TheActionThatIsAsked holds every method against package access, with
// an actor for each cell. What is allowed is done really, too: in memory for each cell.
func TestJ01_J02_J03_TheActionThatIsAsked(t *testing.T) {
	onEach(t, func(t *testing.T) {
		for name, p := range probes {
			if !everywhere(t) && !slices.Contains(ofStores, name) {
				continue
			}
			t.Run(name, func(t *testing.T) {
				w := newTenant(t)
				id := staged(w, name)
				var can []cell
				for _, c := range cells() {
					require.NoError(t, tried(w, name, id, c, false, honest))
					if c.expected(asked[name]) == allowed && c.position != asOutlander && !refusedAnyway(name, c) {
						can = append(can, c)
					}
				}
				if p.sort != changes && p.sort != creates {
					return
				}
				require.NotEmpty(t, can)
				require.NoError(t, tried(w, name, id, can[0], true, honest))
				if !inMemory(t) {
					return
				}
				for _, c := range can[1:] {
					w := tenantOn(t, memory.New(), nil)
					require.NoError(t, tried(w, name, staged(w, name), c, true, honest))
				}
			})
		}
	})
}

// refusedAnyway says that the domain refuses what the policy allows: the probe
// approves as administrator.
func refusedAnyway(name string, c cell) bool {
	return name == "Opportunities.Approve" && c.role != access.Administrator
}

// ofStores are methods whose subjects, relations and scopes are read in each way that
// there is, for the stores on which not all are tried.
var ofStores = []string{
	"Opportunities.Update", "Opportunities.Update/department", "Opportunities.RecordForNewCustomer", "Opportunities.ByNumber", "Opportunities.View", "Opportunities.List", "Opportunities.Count", "Opportunities.Journal",
	"Customers.Update/owner", "Customers.Delete", "Customers.Merge", "Customers.ContactDeals", "Activities.List", "Expenses.List", "Quotes.Send", "Quotes.ByOpportunity",
	"Orders.Confirm", "Orders.Executions", "Archives.Update", "Processes.Migrate", "Reports.Pipeline",
}

// everywhere says whether the running subtest is of a store on which all is tried.
func everywhere(t *testing.T) bool { return inMemory(t) || strings.Contains(t.Name()+"/", "/sqlite/") }

// inMemory says whether the running subtest is the one of the memory store.
func inMemory(t *testing.T) bool { return strings.Contains(t.Name()+"/", "/memory/") }

// whose is what rights hang on by the access table. What else a policy is told has a
// test of its own (TestJ01_APolicyIsToldWhatItNeeds).
func whose(on access.Subject) access.Subject {
	return access.Subject{ID: on.ID, Department: on.Department, Owner: on.Owner, Relation: on.Relation, Kind: on.Kind}
}
