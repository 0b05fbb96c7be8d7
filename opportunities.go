package pursuit

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/opportunity"
)

// Opportunities records opportunities and moves them through the process. Every
// method may fail with ErrInvalid for a malformed actor or option, with
// ErrForbidden, with ErrHost if the policy fails, and with the store's errors
// (ErrRetry in a host's transaction, ErrTxAborted, ErrOutcomeUnknown,
// ErrInternal). Methods on one opportunity may also fail with ErrNotFound (J03)
// and, with IfVersion, ErrConflict (O11). Each method documents further errors.
type Opportunities struct{ handle }

// Opportunities returns the handle of opportunities.
func (s *Session) Opportunities() Opportunities { return Opportunities{handle{s}} }

// what describes the needs of a command on one opportunity.
type what struct {
	name    string
	action  access.Action
	parts   opportunity.Parts
	archive []uuid.UUID
	// codes are the archive entries that the input identifies by code.
	codes *codes
	// activity and expense are the part that the command is on.
	activity, expense uuid.UUID
	// department, if set, is the opportunity's new department: a change is a
	// transfer, and needs that right.
	department *string
	// owner is the new owner in a transfer.
	owner string
	// asked means that the policy was already asked in this attempt; unruled
	// means that the command doesn't use the process.
	asked, unruled bool
}

// on runs a command on one opportunity: load, ask, change, save.
func (s *Session) on(ctx context.Context, id uuid.UUID, w what, input any, opts []CallOption,
	change func(ctx context.Context, c *command, o *opportunity.Opportunity, at journal.Moment, res *Result) error,
) (Result, error) {
	return s.do(ctx, w.name, id, input, opts, working(id, w, change))
}

// working is a command's body on one opportunity.
func working(id uuid.UUID, w what, change change) func(ctx context.Context, c *command) (Result, error) {
	return func(ctx context.Context, c *command) (Result, error) {
		o, err := c.load(ctx, id, w)
		if err != nil {
			return Result{}, err
		}
		snap := o.Snapshot()
		res := Result{ID: id, Number: snap.Number, Version: snap.Version + 1}
		if err := change(ctx, c, o, c.opportunityMoment(&snap), &res); err != nil {
			return Result{}, w.codes.placed(err)
		}
		if err := c.save(ctx, o); err != nil {
			return Result{}, err
		}
		if err := c.saveQuotes(ctx, nil, c.quotes...); err != nil {
			return Result{}, err
		}
		return res, c.finish(ctx, res)
	}
}

func (c *command) opportunityMoment(s *opportunity.Snapshot) journal.Moment {
	return c.moment(s.Effective, latest(s.Updated, s.Ledger.Recorded))
}

// load loads an opportunity for a command, asks the policy, and compares the
// version.
func (c *command) load(ctx context.Context, id uuid.UUID, w what) (*opportunity.Opportunity, error) {
	s := c.s
	if err := c.resolve(ctx, w.codes); err != nil {
		return nil, err
	}
	rec, err := c.tx.Opportunities().Get(ctx, s.actor.Tenant, id, s.asking(opportunity.Load{Parts: w.parts, Archive: append(slices.Clip(w.archive), w.codes.ids()...),
		Activity: w.activity, Expense: w.expense}))
	if err != nil {
		return nil, err
	}
	on := subject(&rec)
	on.NewOwner = w.owner
	if differs(w.department, rec.Snapshot.Department) {
		w.action, on.NewDepartment = access.OpportunityTransfer, *w.department
	}
	if !w.asked {
		if err := s.allow(ctx, w.action, on); err != nil {
			return nil, hidden(err, "opportunity.not_found")
		}
	}
	if err := c.expect(rec.Snapshot.Version, "opportunity.changed"); err != nil {
		return nil, err
	}
	if w.unruled {
		return opportunity.Restore(rec, opportunity.Rules{})
	}
	rules, err := c.rules(ctx, rec.Snapshot.ProcessVersion)
	if err != nil {
		return nil, err
	}
	return opportunity.Restore(rec, rules)
}

func (c *command) rules(ctx context.Context, version uuid.UUID) (opportunity.Rules, error) {
	v, err := c.s.eng.version(ctx, c.tx, c.s.actor.Tenant, version)
	return opportunity.Rules{Version: v, Zone: c.s.eng.zone(c.s.actor.Tenant)}, err
}

func (c *command) save(ctx context.Context, o *opportunity.Opportunity) error {
	ch, ok, err := o.Change(c.s.eng.newID)
	if err != nil || !ok {
		return err
	}
	return c.tx.Opportunities().Save(ctx, ch)
}

// asking adds the data that the policy's subject needs.
func (s *Session) asking(load opportunity.Load) opportunity.Load {
	load.Viewer, load.CustomerOwner = s.actor.User, s.eng.shared.ownPolicy
	return load
}

// subject returns the policy's subject for an opportunity.
func subject(rec *opportunity.Record) access.Subject {
	s := &rec.Snapshot
	sub := access.Subject{ID: s.ID, Department: s.Department, Owner: s.Owner, Process: s.Process, Amount: s.Amount(), CustomerOwner: rec.CustomerOwner}
	if m := rec.Viewer; m != nil {
		sub.TeamRole = string(m.Role)
		switch {
		case m.Role == opportunity.RoleOwner:
			sub.Relation = access.Owner
		case m.Access == opportunity.Write:
			sub.Relation = access.Writer
		default:
			sub.Relation = access.Reader
		}
	}
	return sub
}
