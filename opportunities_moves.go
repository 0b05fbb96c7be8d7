package pursuit

import (
	"context"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/stage"
)

// Update changes details; opportunity.UpdateInput documents what may change when.
// A change of the department needs the right to transfer the opportunity
// (access.OpportunityTransfer). Errors: ErrInvalid, ErrNotAllowed (O08, O17,
// O18).
func (h Opportunities) Update(ctx context.Context, id uuid.UUID, in opportunity.UpdateInput, opts ...CallOption) (Result, error) {
	w := what{name: "opportunity.update", action: access.OpportunityUpdate, department: in.Department}
	if in.Source != nil && *in.Source != uuid.Nil {
		w.archive = []uuid.UUID{*in.Source}
	}
	if in.Currency != "" {
		w.parts |= opportunity.PartCompetitors // their prices fix the currency (O17)
	}
	if in.Customer != nil || in.BillTo != nil || in.EndUser != nil {
		w.parts |= opportunity.PartContacts // they must belong to the opportunity's customers (R04)
	}
	return h.s().on(ctx, id, w, in, opts, func(ctx context.Context, c *command, o *opportunity.Opportunity, at journal.Moment, _ *Result) error {
		in := in // each attempt changes its own copy
		in.Customer, in.BillTo, in.EndUser = copied(in.Customer), copied(in.BillTo), copied(in.EndUser)
		var refs []uuid.UUID
		for _, p := range []*uuid.UUID{in.Customer, in.BillTo, in.EndUser} {
			if p != nil && *p != uuid.Nil {
				refs = append(refs, *p)
			}
		}
		var found opportunity.Found
		if len(refs) > 0 {
			list, err := c.tx.Customers().Named(ctx, h.s().actor.Tenant, refs)
			if err != nil {
				return err
			}
			if _, err := h.s().unaliased(ctx, c.tx, list, in.Customer, in.BillTo, in.EndUser); err != nil {
				return err
			}
			if found.Customers, err = c.visible(ctx, list); err != nil {
				return err
			}
		}
		var contacts []uuid.UUID
		for _, x := range o.Snapshot().Contacts {
			contacts = append(contacts, x.Contact)
		}
		if len(contacts) > 0 {
			list, err := c.tx.Customers().ContactsNamed(ctx, h.s().actor.Tenant, contacts)
			if err != nil {
				return err
			}
			found.Contacts = list
		}
		return o.Update(in, found, at)
	})
}

func copied[T any](p *T) *T {
	if p == nil {
		return nil
	}
	v := *p
	return &v
}

// overriding asks for the right to override in place of the plain action.
func overriding(plain access.Action, reason string) access.Action {
	if reason != "" {
		return access.OpportunityOverrideGates
	}
	return plain
}

// Advance moves to another stage with a summary of the work done (S4, S5; O03–
// O05). Errors: ErrInvalid, ErrNotAllowed with all unmet gates (P08).
func (h Opportunities) Advance(ctx context.Context, id uuid.UUID, in opportunity.AdvanceInput, opts ...CallOption) (Result, error) {
	w := what{name: "opportunity.advance", action: overriding(access.OpportunityAdvance, in.Override)}
	return h.s().on(ctx, id, w, in, opts, func(ctx context.Context, c *command, o *opportunity.Opportunity, at journal.Moment, _ *Result) error {
		return c.judged(ctx, o.Judge, func() error { return o.Advance(in, at) })
	})
}

// Win marks an open opportunity as won, with its reasons (S6; O06). It is
// refused, with a list, while quotes await an answer, unless the input decides
// about them (Q03). The opportunity is won at the accepted quote's net, unless
// its amount is set by hand (Q10). Errors: ErrInvalid (A02, A03, A05),
// ErrNotAllowed, ErrNotFound for a quote to accept that isn't the opportunity's.
func (h Opportunities) Win(ctx context.Context, id uuid.UUID, in opportunity.WinInput, opts ...CallOption) (Result, error) {
	given, by := in, codes{}
	w := what{name: "opportunity.win", action: overriding(access.OpportunityWin, in.Override), archive: reasonIDs(in.Reasons), codes: &by}
	in.Reasons = by.reasons(archive.WinReason, in.Reasons)
	return h.s().on(ctx, id, w, given, opts, func(ctx context.Context, c *command, o *opportunity.Opportunity, at journal.Moment, _ *Result) error {
		if err := c.settleQuotes(ctx, o, ending{won: true, policy: in.Quotes, accept: in.AcceptQuote, reason: "the opportunity was won"}, at); err != nil {
			return err
		}
		return c.judged(ctx, o.Judge, func() error { return o.Win(in, at) })
	})
}

func reasonIDs(cs []opportunity.Choice) []uuid.UUID {
	var out []uuid.UUID
	for i, c := range cs {
		if i <= opportunity.MaxReasons && c.Reason != uuid.Nil {
			out = append(out, c.Reason)
		}
	}
	return out
}

// Lose marks an open or held opportunity as lost, and adds the competitor that
// the customer chose if it isn't recorded yet (S7; O07). An accepted quote must
// be settled as well (Q15). Errors as for Win.
func (h Opportunities) Lose(ctx context.Context, id uuid.UUID, in opportunity.LoseInput, opts ...CallOption) (Result, error) {
	given, by := in, codes{}
	w := what{name: "opportunity.lose", action: overriding(access.OpportunityLose, in.Override), archive: reasonIDs(in.Reasons), codes: &by}
	in.Reasons = by.reasons(archive.LossReason, in.Reasons)
	by.add(archive.Competitor, in.CompetitorCode, "/competitor_code", "/competitor", &in.Competitor)
	if in.Competitor != uuid.Nil {
		w.archive = append(w.archive, in.Competitor)
	}
	return h.s().on(ctx, id, w, given, opts, func(ctx context.Context, c *command, o *opportunity.Opportunity, at journal.Moment, _ *Result) error {
		if err := c.settleQuotes(ctx, o, ending{policy: in.Quotes, reason: "the opportunity was lost"}, at); err != nil {
			return err
		}
		return c.judged(ctx, o.Judge, func() error { return o.Lose(in, at) })
	})
}

// Hold puts an open opportunity on hold, optionally until a date (O19). Errors:
// ErrInvalid, ErrNotAllowed.
func (h Opportunities) Hold(ctx context.Context, id uuid.UUID, in opportunity.HoldInput, opts ...CallOption) (Result, error) {
	return h.s().on(ctx, id, what{name: "opportunity.hold", action: access.OpportunityHold}, in, opts,
		func(_ context.Context, _ *command, o *opportunity.Opportunity, at journal.Moment, _ *Result) error {
			return o.Hold(in, at)
		})
}

// Resume opens a held opportunity again. Errors: ErrNotAllowed.
func (h Opportunities) Resume(ctx context.Context, id uuid.UUID, opts ...CallOption) (Result, error) {
	return h.s().on(ctx, id, what{name: "opportunity.resume", action: access.OpportunityResume}, nil, opts,
		func(_ context.Context, _ *command, o *opportunity.Opportunity, at journal.Moment, _ *Result) error {
			return o.Resume(at)
		})
}

// Void excludes an open or held opportunity from every rate (O19). It is refused,
// with a list, while quotes await an answer or are accepted, unless the input
// decides about them (Q15). Errors: ErrInvalid, ErrNotAllowed.
func (h Opportunities) Void(ctx context.Context, id uuid.UUID, in opportunity.VoidInput, opts ...CallOption) (Result, error) {
	return h.s().on(ctx, id, what{name: "opportunity.void", action: access.OpportunityVoid}, in, opts,
		func(ctx context.Context, c *command, o *opportunity.Opportunity, at journal.Moment, _ *Result) error {
			if err := c.settleQuotes(ctx, o, ending{policy: in.Quotes, reason: "the opportunity was voided"}, at); err != nil {
				return err
			}
			return o.Void(in, at)
		})
}

// Close closes a won opportunity whose follow-up is complete (S9; O09). Errors:
// ErrNotAllowed listing each shortfall.
func (h Opportunities) Close(ctx context.Context, id uuid.UUID, in opportunity.CloseInput, opts ...CallOption) (Result, error) {
	w := what{name: "opportunity.close", action: access.OpportunityClose}
	if in.Override != "" {
		w.action = access.OpportunityOverrideClose
	}
	return h.s().on(ctx, id, w, in, opts, func(_ context.Context, _ *command, o *opportunity.Opportunity, at journal.Moment, _ *Result) error {
		return o.Close(in, at)
	})
}

// Reopen opens a decided or closed opportunity again, and archives its outcome as
// a past cycle (O10). Errors: ErrInvalid, ErrNotAllowed.
func (h Opportunities) Reopen(ctx context.Context, id uuid.UUID, in opportunity.ReopenInput, opts ...CallOption) (Result, error) {
	return h.s().on(ctx, id, what{name: "opportunity.reopen", action: access.OpportunityReopen}, in, opts,
		func(ctx context.Context, c *command, o *opportunity.Opportunity, at journal.Moment, _ *Result) error {
			return c.judged(ctx, o.Judge, func() error { return o.Reopen(in, at) })
		})
}

// Analyse revises the analysis of a won or lost outcome: the given lessons,
// reasons, and competitor that the customer chose (S6, S7; O08). Errors:
// ErrInvalid, ErrNotAllowed.
func (h Opportunities) Analyse(ctx context.Context, id uuid.UUID, in opportunity.AnalyseInput, opts ...CallOption) (Result, error) {
	given, by := in, codes{}
	w := what{name: "opportunity.analyse", action: access.OpportunityAnalyse, archive: reasonIDs(in.Reasons), codes: &by}
	wins, losses := by.reasons(archive.WinReason, in.Reasons), by.reasons(archive.LossReason, in.Reasons)
	if in.Competitor != nil && *in.Competitor != uuid.Nil {
		w.archive = append(w.archive, *in.Competitor)
	}
	return h.s().on(ctx, id, w, given, opts, func(_ context.Context, _ *command, o *opportunity.Opportunity, at journal.Moment, _ *Result) error {
		in := in
		if in.Reasons = losses; o.Snapshot().Status == opportunity.Won {
			in.Reasons = wins
		}
		return o.Analyse(in, at)
	})
}

// Tick ticks an item of the current stage's checklist, or removes the tick.
// Errors: ErrInvalid, ErrNotAllowed.
func (h Opportunities) Tick(ctx context.Context, id uuid.UUID, in opportunity.TickInput, opts ...CallOption) (Result, error) {
	return h.s().on(ctx, id, what{name: "opportunity.tick", action: access.OpportunityChecklist}, in, opts,
		func(_ context.Context, _ *command, o *opportunity.Opportunity, at journal.Moment, _ *Result) error {
			return o.Tick(in, at)
		})
}

// Approve records the actor's consent, in a role of the actor's, to the next step
// (J10). Errors: ErrForbidden if the actor lacks the role; ErrInvalid;
// ErrNotAllowed.
func (h Opportunities) Approve(ctx context.Context, id uuid.UUID, in opportunity.ApproveInput, opts ...CallOption) (Result, error) {
	return h.s().on(ctx, id, what{name: "opportunity.approve", action: access.OpportunityApprove}, in, opts,
		func(_ context.Context, _ *command, o *opportunity.Opportunity, at journal.Moment, _ *Result) error {
			if !h.s().actor.Has(in.Role) {
				return fault.New(fault.ErrForbidden, "opportunity.approve.role", "the actor doesn't have the role")
			}
			return o.Approve(in, at)
		})
}

// Migrate moves an opportunity to the current version of its own or another
// process, by a mapping of stages; an unmapped stage keeps its id (P05). An
// override reason passes unmet gates (P07). Errors: ErrNotFound, ErrNotAllowed.
func (h Opportunities) Migrate(ctx context.Context, id uuid.UUID, in opportunity.MigrateInput, opts ...CallOption) (Result, error) {
	w := what{name: "opportunity.migrate", action: overriding(access.OpportunityMigrate, in.Override)}
	return h.s().on(ctx, id, w, in, opts, func(ctx context.Context, c *command, o *opportunity.Opportunity, at journal.Moment, _ *Result) error {
		p, err := c.tx.Processes().Get(ctx, h.s().actor.Tenant, in.Process)
		if err != nil {
			return err
		}
		if p.State == stage.RetiredProcess && p.ID != o.Snapshot().Process {
			return fault.NotAllowed("process.retired", "a retired process takes no opportunities", fault.Field{Path: "/process", Code: "retired", Message: "is retired"})
		}
		to, err := h.s().eng.version(ctx, c.tx, h.s().actor.Tenant, p.Current)
		if err != nil {
			return err
		}
		return c.judged(ctx, o.Judge, func() error { return o.Migrate(p.Current, to, in, at) })
	})
}

// Delete deletes an opportunity that was a mistake (O14); its journal and ledger
// remain. Errors: ErrInvalid, ErrNotAllowed.
func (h Opportunities) Delete(ctx context.Context, id uuid.UUID, in opportunity.DeleteInput, opts ...CallOption) (Result, error) {
	return h.s().on(ctx, id, what{name: "opportunity.delete", action: access.OpportunityDelete}, in, opts,
		func(_ context.Context, _ *command, o *opportunity.Opportunity, at journal.Moment, _ *Result) error {
			return o.Delete(in, at)
		})
}
