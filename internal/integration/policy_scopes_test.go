package integration

import (
	"context"
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
)

// scoper is a policy by which nobody sees all customers, and which counts how often it
// is asked for each scope. With again it is asked as by a library that forgets answers.
type scoper struct {
	separate
	asked map[access.Resource]int
	again int
}

func (s *scoper) Scope(ctx context.Context, a access.Actor, of access.Resource) (access.Scope, error) {
	s.asked[of] += 1 + s.again
	return s.separate.Scope(ctx, a, of)
}

// naming are commands that name several things which are looked up in scopes, on a deal
// and customers of the actor's department.
func naming(w *tenant, s *pursuit.Session) map[string]give {
	made := func(name string) pursuit.Result {
		r, err := s.Customers().Create(w.ctx, customer.CreateInput{Name: name, Department: "east", Contacts: []customer.ContactInput{{Name: "Li Wei"}}})
		w.must(r, err)
		return r
	}
	buyer, payer, user := made("Buyer"), made("Payer"), made("User")
	in := opportunity.RecordInput{Name: "Deal", Customer: buyer.ID, BillTo: payer.ID, EndUser: user.ID, Currency: money.USD,
		Contacts: []opportunity.ContactInput{{Contact: buyer.Contacts[0], Role: opportunity.Champion}, {Contact: payer.Contacts[0], Role: opportunity.DecisionMaker}}}
	old, err := s.Opportunities().Record(w.ctx, opportunity.RecordInput{Name: "Old", Customer: buyer.ID, Currency: money.USD})
	w.must(old, err)
	nameless := in
	nameless.Customer, nameless.Contacts = uuid.Nil, []opportunity.ContactInput{{Contact: payer.Contacts[0], Role: opportunity.DecisionMaker}}
	same := made("Same")
	return map[string]give{
		"record": func(s *pursuit.Session, o ...pursuit.CallOption) (pursuit.Result, error) {
			return s.Opportunities().Record(w.ctx, in, o...)
		},
		"record for a new customer": func(s *pursuit.Session, o ...pursuit.CallOption) (pursuit.Result, error) {
			return s.Opportunities().RecordForNewCustomer(w.ctx, pursuit.RecordForNewCustomerInput{Customer: customer.CreateInput{Name: "New", Parent: user.ID}, Opportunity: nameless}, o...)
		},
		"update": func(s *pursuit.Session, o ...pursuit.CallOption) (pursuit.Result, error) {
			return s.Opportunities().Update(w.ctx, old.ID, opportunity.UpdateInput{BillTo: &payer.ID, EndUser: &user.ID}, o...)
		},
		"add a contact": func(s *pursuit.Session, o ...pursuit.CallOption) (pursuit.Result, error) {
			return s.DealContacts().Add(w.ctx, old.ID, opportunity.ContactInput{Contact: buyer.Contacts[0], Role: opportunity.Champion}, o...)
		},
		"hang a customer below another": func(s *pursuit.Session, o ...pursuit.CallOption) (pursuit.Result, error) {
			return s.Customers().Update(w.ctx, user.ID, customer.UpdateInput{Parent: &payer.ID}, o...)
		},
		"merge": func(s *pursuit.Session, o ...pursuit.CallOption) (pursuit.Result, error) {
			return s.Customers().Merge(w.ctx, buyer.ID, customer.MergeInput{Loser: same.ID, Reason: "same"}, o...)
		},
	}
}

// onceScoped says what is wrong with how often a command asks for scopes, if its first
// attempts are given up.
func onceScoped(w *tenant, name string, fail, again int) error {
	p := &scoper{asked: map[access.Resource]int{}, again: again}
	store := &stubborn{Store: w.store}
	eng, err := pursuit.New(store, &pursuit.Options{Clock: w.clock, Policy: p})
	require.NoError(w.t, err)
	s := eng.As(pursuit.Actor{Tenant: w.called, User: "ann", Department: "east", Roles: []access.Role{access.Manager}})
	do := naming(w, s)[name]
	for range 2 { // the second time it needs no number
		clear(p.asked)
		store.fail, store.runs = fail, 0
		if _, err := do(s); err != nil {
			return err
		}
		if want := (map[access.Resource]int{access.Customers: store.runs}); store.runs != fail+1 || !maps.Equal(p.asked, want) {
			return fmt.Errorf("%s: %d attempts asked for %v, and have to ask for %v", name, store.runs, p.asked, want)
		}
		if !strings.HasPrefix(name, "record") {
			break // the others can be done once
		}
	}
	return nil
}

// TestJ01_AScopeIsAskedForOnceAnAttempt: however many customers and contacts a command
// names, the policy is asked for the scope of customers once.
func TestJ01_AScopeIsAskedForOnceAnAttempt(t *testing.T) {
	onEach(t, func(t *testing.T) {
		fresh := tenants(t)
		for _, name := range []string{"record", "record for a new customer", "update", "add a contact", "hang a customer below another", "merge"} {
			for _, fail := range []int{0, 2} {
				t.Run(fmt.Sprint(name, fail), func(t *testing.T) {
					require.NoError(t, onceScoped(fresh(t), name, fail, 0))
				})
			}
		}
		require.ErrorContains(t, onceScoped(fresh(t), "record", 0, 1), "have to ask", "the twin is found")
	})
}
