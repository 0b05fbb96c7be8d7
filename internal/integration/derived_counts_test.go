package integration

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
)

// derivedFrom lists what is derived on a deal and isn't what its parts give (C13).
func derivedFrom(t *testing.T, s *opportunity.Snapshot) (wrong []string) {
	check := func(name string, ok bool) {
		if !ok {
			wrong = append(wrong, name)
		}
	}
	c := &s.Counts
	total := money.FromMinor(0, s.Currency)
	for _, l := range s.Lines {
		var err error
		total, err = total.Add(l.Amount)
		require.NoError(t, err)
	}
	open, done, unsettled, submitted := 0, map[opportunity.ActivityKind]int{}, 0, 0
	var next, last time.Time
	for _, a := range s.Activities {
		switch a.Status {
		case opportunity.ActivityOpen:
			open++
			if next.IsZero() || a.Due.Before(next) {
				next = a.Due
			}
		case opportunity.ActivityDone:
			done[a.Kind]++
			if a.Done.After(last) {
				last = a.Done
			}
		}
	}
	for _, x := range s.Expenses {
		if x.Status != opportunity.ExpenseSettled && x.Status != opportunity.ExpenseRejected {
			unsettled++
		}
	}
	for _, e := range s.Evaluations {
		if e.Status == opportunity.EvaluationSubmitted {
			submitted++
		}
	}
	check("members", c.Members == len(s.Members))
	check("lines", c.Lines == len(s.Lines))
	check("line total", s.LineTotal == total)
	check("contacts", c.Contacts == len(s.Contacts))
	check("competitors", c.Competitors == len(s.Competitors))
	check("activities", c.Activities == len(s.Activities) && c.OpenActivities == open)
	for _, k := range opportunity.ActivityKinds() {
		check("done activities", c.DoneActivities.Of(k) == done[k])
	}
	check("next activity", s.NextActivity.Equal(next))
	check("last activity", s.LastActivity.Equal(last))
	check("expenses", c.Expenses == len(s.Expenses) && c.UnsettledExpenses == unsettled)
	check("documents", c.Documents == len(s.Documents))
	check("evaluations", c.Evaluations == len(s.Evaluations) && c.Submitted == submitted)
	check("primary contact", s.PrimaryContact == nil || slices.ContainsFunc(s.Contacts, func(x opportunity.DealContact) bool { return x.ContactKey == *s.PrimaryContact }))
	check("owner", slices.ContainsFunc(s.Members, func(m opportunity.Member) bool { return m.User == s.Owner && m.Role == opportunity.RoleOwner }))
	return wrong
}

// TestC13_WhatIsDerivedFollowsItsParts holds counts, sums, marks and moments against a
// deal's parts after every content command in every status, a transfer, and a merge of
// its customer; and the mark and the keys of customers after a merge and a removal.
func TestC13_WhatIsDerivedFollowsItsParts(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := filled(t)
		for _, status := range opportunity.Statuses() {
			id := w.fill(status)
			for _, c := range contentCommands() {
				if !slices.Contains(c.in, status) {
					continue
				}
				err := w.s.Batch(w.ctx, func(ctx context.Context, b *pursuit.Session) error {
					_, err := c.give(w, b, id)
					require.NoError(t, err, c.name)
					s, err := b.Opportunities().Get(ctx, id, opportunity.AllParts)
					if errors.Is(err, fault.ErrNotFound) { // deleted
						return errEnough
					}
					require.NoError(t, err)
					require.Empty(t, derivedFrom(t, &s), "%s/%s", status, c.name)
					return errEnough
				})
				require.ErrorIs(t, err, errEnough)
			}
		}
		id := w.fill(opportunity.Open)
		for _, in := range []opportunity.TransferInput{{To: "bob"}, {To: "zoe", Remove: true}, {To: "ann", KeepActivities: true}} {
			w.must(w.s.Team().Transfer(w.ctx, id, in))
			s := w.get(id)
			require.Empty(t, derivedFrom(t, &s), in.To)
		}

		// A merge takes contacts over: one is primary at most, and all are found by their keys.
		in := customer.CreateInput{Name: "Double"}
		one := w.newCustomer(in, customer.ContactInput{Name: "Uma", Primary: true, Phone: "021-68886888"})
		two := w.newCustomer(in, customer.ContactInput{Name: "Tom", Primary: true, Email: "tom@double.example"})
		marks := func() (primary, all int) {
			list, err := w.s.Customers().Get(w.ctx, one.ID)
			require.NoError(t, err)
			for _, c := range list.Contacts {
				if c.Primary {
					primary++
				}
			}
			return primary, len(list.Contacts)
		}
		hits := func(p customer.Probe) int {
			d, err := w.s.Customers().Duplicates(w.ctx, p)
			require.NoError(t, err)
			return len(d.Hits)
		}
		of := w.input()
		of.Customer, of.Contacts = two.ID, []opportunity.ContactInput{{Contact: two.Contacts[0], Role: opportunity.Champion, Primary: true}}
		deal, err := w.s.Opportunities().Record(w.ctx, of)
		require.NoError(t, err)
		w.must(w.s.Customers().Merge(w.ctx, one.ID, customer.MergeInput{Loser: two.ID, Reason: "the same"}))
		moved := w.get(deal.ID)
		require.Empty(t, derivedFrom(t, &moved))
		require.Equal(t, []any{one.ID, two.Contacts[0], false}, []any{moved.Customer, moved.PrimaryContact.Contact, moved.Contacts[0].External})
		w.must(w.s.DealContacts().Remove(w.ctx, deal.ID, *moved.PrimaryContact))
		moved = w.get(deal.ID)
		require.Empty(t, derivedFrom(t, &moved))
		require.Nil(t, moved.PrimaryContact)
		primary, all := marks()
		require.Equal(t, []int{1, 2}, []int{primary, all})
		byMail, byPhone := customer.Probe{Emails: []string{"tom@double.example"}}, customer.Probe{Phones: []string{"021 6888 6888"}}
		require.Equal(t, []int{1, 1}, []int{hits(byMail), hits(byPhone)})
		w.must(w.s.Customers().RemoveContact(w.ctx, one.ID, two.Contacts[0]))
		require.Equal(t, []int{0, 1}, []int{hits(byMail), hits(byPhone)})
		w.must(w.s.Customers().RemoveContact(w.ctx, one.ID, one.Contacts[0]))
		primary, all = marks()
		require.Equal(t, []int{0, 0, 0}, []int{primary, all, hits(byPhone)})
	})
	t.Run("the twin", func(t *testing.T) {
		s := opportunity.Snapshot{}
		s.Currency, s.Owner = money.USD, "ann"
		s.Counts.Contacts, s.Counts.OpenActivities, s.PrimaryContact = 1, 1, &opportunity.ContactKey{}
		require.Subset(t, derivedFrom(t, &s), []string{"contacts", "activities", "primary contact", "owner"})
	})
}
