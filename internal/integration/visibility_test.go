package integration

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

// What was seen by one actor isn't known to another one.
func TestJ03_WhatOthersSawIsHidden(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w, ann, theirs, _ := neighbours(t)
		eng := w.engine(separate{})
		record := func(s *pursuit.Session) error {
			_, err := s.Opportunities().Record(w.ctx, opportunity.RecordInput{Name: "x", Customer: theirs.ID, Currency: money.CNY})
			return err
		}
		zoe := eng.As(pursuit.Actor{Tenant: "acme", User: "zoe", Department: "south", Roles: []access.Role{access.Manager}})
		require.NoError(t, record(zoe))
		require.NoError(t, record(zoe))
		require.Equal(t, "opportunity.invalid", fault.CodeOf(record(eng.As(ann.Actor()))))
	})
}
