package pursuit

import (
	"context"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/opportunity"
)

// Team works on opportunities' teams (S2). Errors common to all methods are those
// of [Opportunities].
type Team struct{ handle }

// Team returns the handle of teams.
func (s *Session) Team() Team { return Team{handle{s}} }

type change = func(context.Context, *command, *opportunity.Opportunity, journal.Moment, *Result) error

func simple(f func(o *opportunity.Opportunity, at journal.Moment) error) change {
	return func(_ context.Context, _ *command, o *opportunity.Opportunity, at journal.Moment, _ *Result) error {
		return f(o, at)
	}
}

// Set adds a member, or changes a member's role and access (T02). Errors:
// ErrInvalid, ErrNotAllowed, ErrLimit.
func (h Team) Set(ctx context.Context, id uuid.UUID, in opportunity.MemberInput, opts ...CallOption) (Result, error) {
	return h.s().on(ctx, id, what{name: "team.set", action: access.OpportunityTeam, parts: opportunity.PartMembers}, in, opts,
		simple(func(o *opportunity.Opportunity, at journal.Moment) error { return o.SetMember(in, at) }))
}

// Remove removes a member (T04, T05); the owner takes over the member's open
// activities (H04). Errors: ErrNotFound, ErrNotAllowed.
func (h Team) Remove(ctx context.Context, id uuid.UUID, user string, opts ...CallOption) (Result, error) {
	return h.s().on(ctx, id, what{name: "team.remove", action: access.OpportunityTeam, parts: opportunity.PartMembers}, user, opts,
		func(ctx context.Context, c *command, o *opportunity.Opportunity, at journal.Moment, _ *Result) error {
			if err := c.leaving(ctx, o, user); err != nil {
				return err
			}
			return o.RemoveMember(user, at)
		})
}

// SetSplits sets all shares at once (T05). Errors: ErrInvalid, ErrNotAllowed.
func (h Team) SetSplits(ctx context.Context, id uuid.UUID, in opportunity.SetSplitsInput, opts ...CallOption) (Result, error) {
	return h.s().on(ctx, id, what{name: "team.splits", action: access.OpportunityTeam, parts: opportunity.PartMembers}, in, opts,
		simple(func(o *opportunity.Opportunity, at journal.Moment) error { return o.SetSplits(in, at) }))
}

// Transfer makes another user the owner (T03, T06), who takes over the previous
// owner's open activities unless the input keeps them (H04): if there are any, it
// takes two more statements, one read and one write. Errors: ErrInvalid,
// ErrNotAllowed, ErrLimit.
func (h Team) Transfer(ctx context.Context, id uuid.UUID, in opportunity.TransferInput, opts ...CallOption) (Result, error) {
	return h.s().on(ctx, id, what{name: "team.transfer", action: access.OpportunityTransfer, parts: opportunity.PartMembers, owner: in.To}, in, opts,
		func(ctx context.Context, c *command, o *opportunity.Opportunity, at journal.Moment, _ *Result) error {
			if !in.KeepActivities {
				if err := c.leaving(ctx, o, o.Snapshot().Owner); err != nil {
					return err
				}
			}
			return o.Transfer(in, at)
		})
}

// Lines works on opportunities' products 商机产品. Errors common to all methods are
// those of [Opportunities].
type Lines struct{ handle }

// Lines returns the handle of lines.
func (s *Session) Lines() Lines { return Lines{handle{s}} }

// Add adds lines; Result.Lines are their numbers. Errors: ErrInvalid (L01,
// L02), ErrLimit (L03), ErrNotAllowed (O08).
func (h Lines) Add(ctx context.Context, id uuid.UUID, in []opportunity.LineInput, opts ...CallOption) (Result, error) {
	if err := h.s().bounded("/lines", in); err != nil {
		return Result{}, err
	}
	return h.s().on(ctx, id, what{name: "lines.add", action: access.OpportunityLines}, in, opts,
		func(_ context.Context, _ *command, o *opportunity.Opportunity, at journal.Moment, res *Result) (err error) {
			res.Lines, err = o.AddLines(in, at)
			return err
		})
}

// Update changes a line, and recomputes its amount; nil fields stay as they are.
// Errors: ErrNotFound, ErrInvalid, ErrNotAllowed.
func (h Lines) Update(ctx context.Context, id uuid.UUID, number int, in opportunity.UpdateLineInput, opts ...CallOption) (Result, error) {
	input := struct {
		Number int
		Line   opportunity.UpdateLineInput `at:""`
	}{number, in}
	return h.s().on(ctx, id, what{name: "lines.update", action: access.OpportunityLines, parts: opportunity.PartLines}, input, opts,
		simple(func(o *opportunity.Opportunity, at journal.Moment) error { return o.UpdateLine(number, in, at) }))
}

// Remove removes lines; the others keep their numbers (L03). Errors:
// ErrNotFound, ErrInvalid, ErrNotAllowed.
func (h Lines) Remove(ctx context.Context, id uuid.UUID, numbers []int, opts ...CallOption) (Result, error) {
	if err := h.s().bounded("/numbers", numbers); err != nil {
		return Result{}, err
	}
	return h.s().on(ctx, id, what{name: "lines.remove", action: access.OpportunityLines, parts: opportunity.PartLines}, numbers, opts,
		simple(func(o *opportunity.Opportunity, at journal.Moment) error { return o.RemoveLines(numbers, at) }))
}

// DealContacts works on opportunities' contacts (R04). Errors common to all
// methods are those of [Opportunities].
type DealContacts struct{ handle }

// DealContacts returns the handle of an opportunity's contacts.
func (s *Session) DealContacts() DealContacts { return DealContacts{handle{s}} }

// Add adds a contact with a role. Errors: ErrInvalid, ErrDuplicate, ErrNotAllowed,
// ErrLimit.
func (h DealContacts) Add(ctx context.Context, id uuid.UUID, in opportunity.ContactInput, opts ...CallOption) (Result, error) {
	return h.s().on(ctx, id, what{name: "contacts.add", action: access.OpportunityContacts, parts: opportunity.PartContacts}, in, opts,
		func(ctx context.Context, c *command, o *opportunity.Opportunity, at journal.Moment, _ *Result) error {
			list, err := c.tx.Customers().ContactsNamed(ctx, h.s().actor.Tenant, []uuid.UUID{in.Contact})
			if err != nil {
				return err
			}
			if list, err = c.visibleContacts(ctx, list, nil); err != nil {
				return err
			}
			return o.AddContact(in, opportunity.Found{Contacts: list}, at)
		})
}

// Remove removes a contact's role. Errors: ErrNotFound, ErrNotAllowed.
func (h DealContacts) Remove(ctx context.Context, id uuid.UUID, key opportunity.ContactKey, opts ...CallOption) (Result, error) {
	return h.s().on(ctx, id, what{name: "contacts.remove", action: access.OpportunityContacts, parts: opportunity.PartContacts}, key, opts,
		simple(func(o *opportunity.Opportunity, at journal.Moment) error { return o.RemoveContact(key, at) }))
}

// SetPrimary makes one of the opportunity's contacts the primary one. Errors:
// ErrNotFound, ErrNotAllowed.
func (h DealContacts) SetPrimary(ctx context.Context, id uuid.UUID, key opportunity.ContactKey, opts ...CallOption) (Result, error) {
	return h.s().on(ctx, id, what{name: "contacts.primary", action: access.OpportunityContacts, parts: opportunity.PartContacts}, key, opts,
		simple(func(o *opportunity.Opportunity, at journal.Moment) error { return o.SetPrimaryContact(key, at) }))
}

// DealCompetitors works on opportunities' competitors (R05). Errors common to all
// methods are those of [Opportunities].
type DealCompetitors struct{ handle }

// DealCompetitors returns the handle of an opportunity's competitors.
func (s *Session) DealCompetitors() DealCompetitors { return DealCompetitors{handle{s}} }

// Add adds a competitor to the opportunity. Errors: ErrInvalid (A02),
// ErrDuplicate, ErrNotAllowed (O08), ErrLimit.
func (h DealCompetitors) Add(ctx context.Context, id uuid.UUID, in opportunity.CompetitorInput, opts ...CallOption) (Result, error) {
	given, by := in, codes{}
	by.add(archive.Competitor, in.CompetitorCode, "/competitor_code", "/competitor", &in.Competitor)
	return h.s().on(ctx, id, what{name: "competitors.add", action: access.OpportunityCompetitors, archive: []uuid.UUID{in.Competitor}, codes: &by}, given, opts,
		simple(func(o *opportunity.Opportunity, at journal.Moment) error { return o.AddCompetitor(in, at) }))
}

// Update changes a competitor's details; nil fields stay as they are. Errors:
// ErrNotFound, ErrInvalid, ErrNotAllowed.
func (h DealCompetitors) Update(ctx context.Context, id uuid.UUID, in opportunity.UpdateCompetitorInput, opts ...CallOption) (Result, error) {
	return h.s().on(ctx, id, what{name: "competitors.update", action: access.OpportunityCompetitors, parts: opportunity.PartCompetitors}, in, opts,
		simple(func(o *opportunity.Opportunity, at journal.Moment) error { return o.UpdateCompetitor(in, at) }))
}

// Remove removes a competitor from the opportunity. Errors: ErrNotFound,
// ErrNotAllowed.
func (h DealCompetitors) Remove(ctx context.Context, id, competitor uuid.UUID, opts ...CallOption) (Result, error) {
	return h.s().on(ctx, id, what{name: "competitors.remove", action: access.OpportunityCompetitors, parts: opportunity.PartCompetitors}, competitor, opts,
		simple(func(o *opportunity.Opportunity, at journal.Moment) error { return o.RemoveCompetitor(competitor, at) }))
}
