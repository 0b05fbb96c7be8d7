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
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
)

// todo plans a call for somebody, and gives its id.
func (w *tenant) todo(id uuid.UUID, user string) uuid.UUID {
	in := w.call()
	in.Assignee = user
	return w.plan(id, in)
}

// whose gives the assignees of a deal's activities, in order of their ids.
func (w *tenant) whose(id uuid.UUID) (out []string) {
	for _, a := range w.get(id).Activities {
		out = append(out, a.Assignee)
	}
	return out
}

// teamOf is a deal of ann's with bob, where ann has an open and a done activity and bob
// has an open one.
func (w *tenant) teamOf() uuid.UUID {
	id := w.record().ID
	w.must(w.s.Team().Set(w.ctx, id, bob))
	w.todo(id, "")
	done := w.todo(id, "ann")
	w.must(w.s.Activities().Complete(w.ctx, id, done, opportunity.CompleteActivityInput{Result: "fine"}))
	w.todo(id, "bob")
	return id
}

func TestH04_OpenActivitiesGoWithTheDeal(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		for _, x := range []struct {
			name string
			do   func(id uuid.UUID) (pursuit.Result, error)
			want []string
		}{
			{"a transfer", func(id uuid.UUID) (pursuit.Result, error) {
				return w.s.Team().Transfer(w.ctx, id, opportunity.TransferInput{To: "cat"})
			}, []string{"cat", "ann", "bob"}},
			{"the old owner leaves", func(id uuid.UUID) (pursuit.Result, error) {
				return w.s.Team().Transfer(w.ctx, id, opportunity.TransferInput{To: "cat", Remove: true})
			}, []string{"cat", "ann", "bob"}},
			{"told not to", func(id uuid.UUID) (pursuit.Result, error) {
				return w.s.Team().Transfer(w.ctx, id, opportunity.TransferInput{To: "cat", KeepActivities: true})
			}, []string{"ann", "ann", "bob"}},
			{"a member leaves", func(id uuid.UUID) (pursuit.Result, error) { return w.s.Team().Remove(w.ctx, id, "bob") }, []string{"ann", "ann", "ann"}},
		} {
			id, other := w.teamOf(), w.teamOf()
			before := w.get(id)
			w.must(x.do(id))
			require.Equal(t, x.want, w.whose(id), x.name)
			require.Equal(t, []string{"ann", "ann", "bob"}, w.whose(other), "another deal's stay")
			s := w.get(id)
			require.Equal(t, []any{before.NextActivity, before.LastActivity, before.Counts.OpenActivities}, []any{s.NextActivity, s.LastActivity, s.Counts.OpenActivities})
			w.same(id)
		}
		id := w.teamOf()
		before := w.get(id)
		_, err := w.s.Team().Transfer(w.ctx, id, opportunity.TransferInput{To: "cat", KeepActivities: true, Remove: true})
		require.ErrorIs(t, err, fault.ErrInvalid)
		require.Equal(t, []string{"/keep_activities"}, pathsOf(err))
		require.Equal(t, before, w.get(id))
	})
}

// oracle is a policy that knows what others see.
type oracle struct {
	access.Default
	sees func(user string, on access.Subject) (bool, error)
}

func (o oracle) MaySee(_ context.Context, tenant, user string, on access.Subject) (bool, error) {
	if tenant != "acme" || on.Relation != access.Stranger || on.ID == uuid.Nil {
		return false, fmt.Errorf("asked about %v", on)
	}
	return o.sees(user, on)
}

func TestH04_WhatIsToDoIsForThoseWhoSeeTheDeal(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		id := w.teamOf()
		owner := "ann"
		mine := w.get(id).Activities[0].ID
		for _, x := range []struct {
			name string
			user string
			want error
			by   pursuit.Policy
		}{
			{"the team", "bob", nil, nil},
			{"a stranger", "eve", fault.ErrInvalid, nil},
			{"whom the policy names", "eve", nil, oracle{sees: func(user string, on access.Subject) (bool, error) { return user == "eve" && on.Owner == "ann", nil }}},
			{"whom it doesn't", "eve", fault.ErrInvalid, oracle{sees: func(string, access.Subject) (bool, error) { return false, nil }}},
			{"a policy that fails", "eve", fault.ErrHost, oracle{sees: func(string, access.Subject) (bool, error) { return true, errors.New("down") }}},
			{"a policy that panics", "eve", fault.ErrHost, oracle{sees: func(string, access.Subject) (bool, error) { panic("down") }}},
			{"the team isn't asked about", "bob", nil, oracle{sees: func(string, access.Subject) (bool, error) { panic("asked") }}},
		} {
			s, in := w.s, w.call()
			if x.by != nil {
				s = w.engine(x.by).As(w.s.Actor())
			}
			in.Assignee = x.user
			before := w.get(id)
			_, planned := s.Activities().Plan(w.ctx, id, in)
			_, given := s.Activities().Update(w.ctx, id, mine, opportunity.UpdateActivityInput{Assignee: &x.user})
			if x.want == nil {
				require.NoError(t, planned, x.name)
				require.NoError(t, given, x.name)
				w.must(w.s.Activities().Update(w.ctx, id, mine, opportunity.UpdateActivityInput{Assignee: &owner}))
				continue
			}
			for _, err := range []error{planned, given} {
				require.ErrorIs(t, err, x.want, x.name)
				if x.want == fault.ErrInvalid {
					require.Equal(t, []string{"/assignee"}, pathsOf(err))
				}
			}
			require.Equal(t, before, w.get(id), x.name)
		}
		w.must(w.s.Activities().Log(w.ctx, id, opportunity.LogActivityInput{Kind: opportunity.Visit, Subject: "Visit", Assignee: "eve", Result: "fine"}))
		w.same(id)
	})
}
