package pursuit_test

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/opportunity/pipeline"
)

// separate is a host's policy that lets departments see their own customers only.
type separate struct{ access.Default }

func (separate) Scope(_ context.Context, a access.Actor, _ access.Resource) (access.Scope, error) {
	return access.Scope{Departments: []string{a.Department}, User: a.User}, nil
}

func (separate) Allow(_ context.Context, a access.Actor, _ access.Action, on access.Subject) error {
	if on.ID != uuid.Nil && on.Department != a.Department && on.Owner != a.User && on.Relation == access.Stranger && on.Kind == "" {
		return fault.NotFound("hidden")
	}
	return nil
}

// neighbours has a customer of the south, with a contact and a deal that ann of the
// east is in the team of, and ann's session under the policy.
func neighbours(t *testing.T) (w *tenant, ann *pursuit.Session, theirs pursuit.Result, deal uuid.UUID) {
	w = newTenant(t)
	var err error
	theirs, err = w.s.Customers().Create(w.ctx, customer.CreateInput{Name: "Hidden Harbour", Owner: "zoe", Department: "south", Contacts: []customer.ContactInput{{Name: "Secret Wu"}}})
	require.NoError(t, err)
	r, err := w.s.Opportunities().Record(w.ctx, opportunity.RecordInput{Name: "shared", Customer: theirs.ID, Owner: "zoe", Department: "south", Currency: money.CNY,
		Contacts: []opportunity.ContactInput{{Contact: theirs.Contacts[0], Role: opportunity.Champion}},
		Members:  []opportunity.MemberInput{{User: "ann", Role: opportunity.RoleSales, Access: opportunity.Write}}})
	require.NoError(t, err)
	ann = w.engine(separate{}).As(pursuit.Actor{Tenant: "acme", User: "ann", Department: "east", Roles: []access.Role{access.Manager}})
	return w, ann, theirs, r.ID
}

// A customer or contact that the actor can't see is named like one that doesn't
// exist: same answer, nothing written (J02, J03).
func TestJ03_HiddenCustomersAreNoReferences(t *testing.T) {
	w, ann, theirs, deal := neighbours(t)
	own, err := ann.Customers().Create(w.ctx, customer.CreateInput{Name: "Ours", Owner: "ann", Department: "east"})
	require.NoError(t, err)
	mine, err := ann.Opportunities().Record(w.ctx, opportunity.RecordInput{Name: "ours", Customer: own.ID, Currency: money.CNY})
	require.NoError(t, err)
	before := w.written()
	unknown := uuid.MustParse("01936a5e-0000-7000-8000-000000000000")
	for name, call := range map[string]func(customer, contact uuid.UUID) error{
		"record": func(c, _ uuid.UUID) error {
			_, err := ann.Opportunities().Record(w.ctx, opportunity.RecordInput{Name: "x", Customer: c, Currency: money.CNY})
			return err
		},
		"record, bill-to": func(c, _ uuid.UUID) error {
			_, err := ann.Opportunities().Record(w.ctx, opportunity.RecordInput{Name: "x", Customer: own.ID, BillTo: c, Currency: money.CNY})
			return err
		},
		"record, end user": func(c, _ uuid.UUID) error {
			_, err := ann.Opportunities().Record(w.ctx, opportunity.RecordInput{Name: "x", Customer: own.ID, EndUser: c, Currency: money.CNY})
			return err
		},
		"record, contact": func(_, x uuid.UUID) error {
			_, err := ann.Opportunities().Record(w.ctx, opportunity.RecordInput{Name: "x", Customer: own.ID, Currency: money.CNY,
				Contacts: []opportunity.ContactInput{{Contact: x, Role: opportunity.Champion, External: true}}})
			return err
		},
		"customer": func(c, _ uuid.UUID) error {
			_, err := ann.Opportunities().Update(w.ctx, mine.ID, opportunity.UpdateInput{Customer: &c})
			return err
		},
		"bill-to": func(c, _ uuid.UUID) error {
			_, err := ann.Opportunities().Update(w.ctx, mine.ID, opportunity.UpdateInput{BillTo: &c})
			return err
		},
		"end user": func(c, _ uuid.UUID) error {
			_, err := ann.Opportunities().Update(w.ctx, mine.ID, opportunity.UpdateInput{EndUser: &c})
			return err
		},
		"contact": func(_, x uuid.UUID) error {
			_, err := ann.DealContacts().Add(w.ctx, mine.ID, opportunity.ContactInput{Contact: x, Role: opportunity.Champion, External: true})
			return err
		},
		"parent": func(c, _ uuid.UUID) error {
			_, err := ann.Customers().Create(w.ctx, customer.CreateInput{Name: "x", Parent: c})
			return err
		},
		"parent, later": func(c, _ uuid.UUID) error {
			_, err := ann.Customers().Update(w.ctx, own.ID, customer.CreateInput{Name: "Ours", Parent: c}.Update())
			return err
		},
		"merge": func(c, _ uuid.UUID) error {
			_, err := ann.Customers().Merge(w.ctx, own.ID, customer.MergeInput{Loser: c, Reason: "same"})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			want := call(unknown, unknown)
			require.Error(t, want)
			got := call(theirs.ID, theirs.Contacts[0])
			require.Equal(t, want, got, "J03")
			require.Equal(t, before, w.written())
		})
	}
	// A deal that the actor is in the team of is shown, without the names that aren't
	// to be seen, and isn't found by them.
	v, err := ann.Opportunities().View(w.ctx, deal)
	require.NoError(t, err)
	require.Empty(t, v.Names.Customers)
	require.Empty(t, v.Names.Contacts)
	for _, f := range []opportunity.Filter{{Search: "harbour"}, {Prefix: "hidden"}} {
		list, err := ann.Opportunities().List(w.ctx, pursuit.OpportunityQuery{Filter: f}, pursuit.Page{})
		require.NoError(t, err)
		require.Empty(t, list.Items)
		n, err := ann.Opportunities().Count(w.ctx, f)
		require.NoError(t, err)
		require.Zero(t, n)
		groups, err := ann.Reports().Pipeline(w.ctx, pursuit.PipelineQuery{Filter: f, By: pipeline.ByOwner})
		require.NoError(t, err)
		require.Empty(t, groups)
		n, err = w.s.Opportunities().Count(w.ctx, f)
		require.NoError(t, err)
		require.EqualValues(t, 1, n, "whoever sees the customer finds it")
	}
}
