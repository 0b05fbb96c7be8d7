package pursuit

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/text"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/storage"
)

// Opportunities records opportunities and moves them through the process.
// Every method may fail with ErrInvalid for a malformed actor or option, with
// ErrForbidden, ErrHost if the policy fails, and with the store's errors
// (ErrRetry in a host's transaction, ErrTxAborted, ErrOutcomeUnknown,
// ErrInternal); those on one opportunity also with ErrNotFound (J03) and, with
// IfVersion, ErrConflict (O11). What else is named at the method.
type Opportunities struct{ s *Session }

// Opportunities gives the handle of opportunities.
func (s *Session) Opportunities() Opportunities { return Opportunities{s} }

// what a command on one opportunity needs to know.
type what struct {
	name    string
	action  access.Action
	parts   opportunity.Parts
	archive []uuid.UUID
}

// on runs a command on one opportunity: load, ask, change, save.
func (s *Session) on(ctx context.Context, id uuid.UUID, w what, input any, opts []CallOption,
	change func(ctx context.Context, c *command, o *opportunity.Opportunity, at journal.Moment, res *Result) error,
) (Result, error) {
	return s.do(ctx, w.name, id, input, opts, func(ctx context.Context, c *command) (Result, error) {
		o, err := c.load(ctx, id, w)
		if err != nil {
			return Result{}, err
		}
		snap := o.Snapshot()
		res := Result{ID: id, Number: snap.Number, Version: snap.Version + 1}
		if err := change(ctx, c, o, c.opportunityMoment(&snap), &res); err != nil {
			return Result{}, err
		}
		if err := c.finish(ctx, res); err != nil {
			return Result{}, err
		}
		return res, c.save(ctx, o)
	})
}

func (c *command) opportunityMoment(s *opportunity.Snapshot) journal.Moment {
	return c.moment(s.Updated, s.Ledger.Recorded)
}

// load gets an opportunity for a command, asks the policy, and compares the
// version.
func (c *command) load(ctx context.Context, id uuid.UUID, w what) (*opportunity.Opportunity, error) {
	s := c.s
	rec, err := c.tx.Opportunities().Get(ctx, s.actor.Tenant, id, opportunity.Load{Parts: w.parts, Viewer: s.actor.User, Archive: w.archive})
	if err != nil {
		return nil, err
	}
	if err := s.allow(ctx, w.action, subject(&rec)); err != nil {
		return nil, err
	}
	if err := c.expect(rec.Snapshot.Version, "opportunity.changed"); err != nil {
		return nil, err
	}
	rules, err := c.rules(ctx, rec.Snapshot.ProcessVersion)
	if err != nil {
		return nil, err
	}
	return opportunity.Restore(rec, rules)
}

func (c *command) rules(ctx context.Context, version uuid.UUID) (opportunity.Rules, error) {
	v, err := c.s.eng.version(ctx, c.tx, c.s.actor.Tenant, version)
	return opportunity.Rules{Version: v, Kinds: c.s.eng.opts.Gates, Zone: c.s.eng.zone(c.s.actor.Tenant)}, err
}

func (c *command) save(ctx context.Context, o *opportunity.Opportunity) error {
	ch, ok, err := o.Change(c.s.eng.opts.NewID)
	if err != nil || !ok {
		return err
	}
	return c.tx.Opportunities().Save(ctx, ch)
}

// subject tells the policy what an opportunity is to the actor.
func subject(rec *opportunity.Record) access.Subject {
	sub := access.Subject{ID: rec.Snapshot.ID, Department: rec.Snapshot.Department, Owner: rec.Snapshot.Owner}
	if m := rec.Viewer; m != nil {
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

// Record records an opportunity (S1). An empty Owner is the actor, an empty
// Department the actor's. Errors: ErrInvalid with all fields at fault;
// ErrNotAllowed (C04, P06, P08).
func (h Opportunities) Record(ctx context.Context, in opportunity.RecordInput, opts ...CallOption) (Result, error) {
	return h.record(ctx, "opportunity.record", nil, in, opts)
}

// NewCustomer is a customer to be made together with an opportunity (C06).
type NewCustomer struct {
	Customer customer.Input          `json:"customer"`
	Contacts []customer.ContactInput `json:"contacts,omitempty"`
	// Roles, if given, makes deal contacts of the contacts, in their order.
	Roles []opportunity.ContactRole `json:"roles,omitempty"`
}

// RecordForNewCustomer records a customer, its contacts and an opportunity in
// one command: all or none (S1, C06). The policy is asked whether the actor may
// record opportunities; that includes the customer. Errors: as Record, with
// paths of the customer's fields below /new_customer.
func (h Opportunities) RecordForNewCustomer(ctx context.Context, nc NewCustomer, in opportunity.RecordInput, opts ...CallOption) (Result, error) {
	return h.record(ctx, "opportunity.record_for_new_customer", &nc, in, opts)
}

func (h Opportunities) record(ctx context.Context, name string, nc *NewCustomer, in opportunity.RecordInput, opts []CallOption) (Result, error) {
	s := h.s
	cl, err := calls(opts)
	if s.err != nil || err != nil {
		return Result{}, cmpErr(s.err, err)
	}
	if in.Owner == "" {
		in.Owner = s.actor.User
	}
	if in.Department == "" {
		in.Department = s.actor.Department
	}
	input := struct {
		New *NewCustomer            `json:"new,omitempty"`
		In  opportunity.RecordInput `json:"in"`
	}{nc, in}
	if cl.versioned {
		return Result{}, fault.Invalid("call.invalid", fault.Field{Path: "/version", Code: "new", Message: "a new opportunity has no version"})
	}
	// The policy is asked before the number is taken, and once, however often the
	// command is tried: nothing that it is told can change between attempts. A
	// number can't be taken inside a transaction of our own.
	sub := access.Subject{Department: in.Department, Owner: in.Owner}
	if in.Owner == s.actor.User {
		sub.Relation = access.Owner
	}
	if err := s.allow(ctx, access.OpportunityRecord, sub); err != nil {
		return Result{}, err
	}
	on := cl.at
	if !cl.dated {
		on = s.eng.now()
	}
	number, err := s.number(ctx, s.eng.opts.NumberPrefix, on)
	if err != nil {
		return Result{}, err
	}
	return s.do(ctx, name, uuid.Nil, input, opts, func(ctx context.Context, c *command) (Result, error) {
		at := c.moment(time.Time{}, time.Time{})
		var cust *customer.Aggregate
		in := in
		if nc != nil {
			var err error
			if cust, err = c.newCustomer(nc, &in, at); err != nil {
				return Result{}, err
			}
		}
		found, err := c.references(ctx, in, cust)
		if err != nil {
			return Result{}, err
		}
		var rules opportunity.Rules
		if found.Process != nil {
			if rules, err = c.rules(ctx, found.Process.Current); err != nil {
				return Result{}, err
			}
		}
		o, err := opportunity.New(c.id(), s.actor.Tenant, number, in, found, rules, at)
		if err != nil {
			return Result{}, err
		}
		snap := o.Snapshot()
		res := Result{ID: snap.ID, Number: snap.Number, Version: 1}
		if cust != nil {
			res.Customer = cust.Customer.ID
			for _, x := range cust.Contacts {
				res.Parts = append(res.Parts, x.ID)
			}
		}
		if err := c.finish(ctx, res); err != nil {
			return Result{}, err
		}
		if cust != nil {
			ch, err := cust.Change(s.eng.opts.NewID)
			if err != nil {
				return Result{}, err
			}
			if err := c.tx.Customers().Save(ctx, ch); err != nil {
				return Result{}, err
			}
		}
		return res, c.save(ctx, o)
	})
}

func cmpErr(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// newCustomer makes the customer of a new opportunity, and names it there.
func (c *command) newCustomer(nc *NewCustomer, in *opportunity.RecordInput, at journal.Moment) (*customer.Aggregate, error) {
	ids := make([]uuid.UUID, len(nc.Contacts))
	for i := range ids {
		ids[i] = c.id()
	}
	var f fault.Fields
	cust, err := customer.New(c.id(), c.s.actor.Tenant, nc.Customer, nc.Contacts, ids, at)
	f.Merge("/new_customer", err)
	if len(nc.Roles) > len(nc.Contacts) {
		f.Add("/new_customer/roles", "too_many", "there are more roles than contacts")
	}
	if err := f.Invalid("opportunity.invalid"); err != nil {
		return nil, err
	}
	in.Customer = cust.Customer.ID
	in.Contacts = slices.Clone(in.Contacts)
	for i, role := range nc.Roles {
		in.Contacts = append(in.Contacts, opportunity.ContactInput{Contact: ids[i], Role: role, Primary: nc.Contacts[i].Primary})
	}
	return cust, nil
}

// references looks up what a new opportunity refers to; a customer that is made
// by the same command is added to what was found.
func (c *command) references(ctx context.Context, in opportunity.RecordInput, cust *customer.Aggregate) (opportunity.Found, error) {
	refs := opportunity.Refs{Process: in.Process}
	for _, id := range []uuid.UUID{in.Customer, in.BillTo, in.EndUser} {
		if id != uuid.Nil && (cust == nil || id != cust.Customer.ID) {
			refs.Customers = append(refs.Customers, id)
		}
	}
	if in.Source != uuid.Nil {
		refs.Archive = append(refs.Archive, in.Source)
	}
	for i, x := range in.Competitors {
		if i <= opportunity.MaxCompetitors {
			refs.Archive = append(refs.Archive, x.Competitor)
		}
	}
	for i, x := range in.Contacts {
		if i <= opportunity.MaxContacts {
			refs.Contacts = append(refs.Contacts, x.Contact)
		}
	}
	found, err := c.tx.Opportunities().References(ctx, c.s.actor.Tenant, refs)
	if cust != nil {
		found.Customers = append(found.Customers, cust.Customer)
		found.Contacts = append(found.Contacts, cust.Contacts...)
	}
	return found, err
}

// Update changes details; see opportunity.Update for what may change when.
// Errors: ErrInvalid, ErrNotAllowed (O08, O17, O18).
func (h Opportunities) Update(ctx context.Context, id uuid.UUID, in opportunity.Update, opts ...CallOption) (Result, error) {
	w := what{name: "opportunity.update", action: access.OpportunityUpdate}
	if in.Source != nil && *in.Source != uuid.Nil {
		w.archive = []uuid.UUID{*in.Source}
	}
	if in.Currency != "" {
		w.parts |= opportunity.PartCompetitors // their prices fix the currency (O17)
	}
	if in.Customer != nil || in.BillTo != nil || in.EndUser != nil {
		w.parts |= opportunity.PartContacts // they must be of the deal's customers (R04)
	}
	return h.s.on(ctx, id, w, in, opts, func(ctx context.Context, c *command, o *opportunity.Opportunity, at journal.Moment, _ *Result) error {
		var refs []uuid.UUID
		for _, p := range []*uuid.UUID{in.Customer, in.BillTo, in.EndUser} {
			if p != nil && *p != uuid.Nil {
				refs = append(refs, *p)
			}
		}
		var found opportunity.Found
		if len(refs) > 0 {
			list, err := c.tx.Customers().Named(ctx, h.s.actor.Tenant, refs)
			if err != nil {
				return err
			}
			found.Customers = list
		}
		var contacts []uuid.UUID
		for _, x := range o.Snapshot().Contacts {
			contacts = append(contacts, x.Contact)
		}
		if len(contacts) > 0 {
			list, err := c.tx.Customers().ContactsNamed(ctx, h.s.actor.Tenant, contacts)
			if err != nil {
				return err
			}
			found.Contacts = list
		}
		return o.Update(in, found, at)
	})
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
func (h Opportunities) Advance(ctx context.Context, id uuid.UUID, in opportunity.Advance, opts ...CallOption) (Result, error) {
	w := what{name: "opportunity.advance", action: overriding(access.OpportunityAdvance, in.Override)}
	return h.s.on(ctx, id, w, in, opts, func(_ context.Context, _ *command, o *opportunity.Opportunity, at journal.Moment, _ *Result) error {
		return o.Advance(in, at)
	})
}

// Win ends an open opportunity as won, with its reasons analysed (S6; O06).
// Errors: ErrInvalid (A02, A03, A05), ErrNotAllowed.
func (h Opportunities) Win(ctx context.Context, id uuid.UUID, in opportunity.Win, opts ...CallOption) (Result, error) {
	w := what{name: "opportunity.win", action: overriding(access.OpportunityWin, in.Override), archive: reasonIDs(in.Reasons)}
	return h.s.on(ctx, id, w, in, opts, func(_ context.Context, _ *command, o *opportunity.Opportunity, at journal.Moment, _ *Result) error {
		return o.Win(in, at)
	})
}

func reasonIDs(cs []opportunity.Choice) []uuid.UUID {
	var out []uuid.UUID
	for i, c := range cs {
		if i <= opportunity.MaxReasons {
			out = append(out, c.Reason)
		}
	}
	return out
}

// Lose ends an open or held opportunity as lost; the competitor that the
// customer chose is recorded if it wasn't (S7; O07). Errors: as Win.
func (h Opportunities) Lose(ctx context.Context, id uuid.UUID, in opportunity.Lose, opts ...CallOption) (Result, error) {
	w := what{name: "opportunity.lose", action: overriding(access.OpportunityLose, in.Override), archive: reasonIDs(in.Reasons)}
	if in.Competitor != uuid.Nil {
		w.archive = append(w.archive, in.Competitor)
	}
	return h.s.on(ctx, id, w, in, opts, func(_ context.Context, _ *command, o *opportunity.Opportunity, at journal.Moment, _ *Result) error {
		return o.Lose(in, at)
	})
}

// Hold puts an open opportunity on hold, until a date if it isn't zero (O19).
// Errors: ErrInvalid, ErrNotAllowed.
func (h Opportunities) Hold(ctx context.Context, id uuid.UUID, reason string, resume calendar.Date, opts ...CallOption) (Result, error) {
	input := struct {
		Reason string
		Resume calendar.Date
	}{reason, resume}
	return h.s.on(ctx, id, what{name: "opportunity.hold", action: access.OpportunityHold}, input, opts,
		func(_ context.Context, _ *command, o *opportunity.Opportunity, at journal.Moment, _ *Result) error {
			return o.Hold(reason, resume, at)
		})
}

// Resume opens a held opportunity again. Errors: ErrNotAllowed.
func (h Opportunities) Resume(ctx context.Context, id uuid.UUID, opts ...CallOption) (Result, error) {
	return h.s.on(ctx, id, what{name: "opportunity.resume", action: access.OpportunityResume}, nil, opts,
		func(_ context.Context, _ *command, o *opportunity.Opportunity, at journal.Moment, _ *Result) error {
			return o.Resume(at)
		})
}

// Void takes an open or held opportunity out of every rate (O19). Errors:
// ErrInvalid, ErrNotAllowed.
func (h Opportunities) Void(ctx context.Context, id uuid.UUID, reason string, opts ...CallOption) (Result, error) {
	return h.s.on(ctx, id, what{name: "opportunity.void", action: access.OpportunityVoid}, reason, opts,
		func(_ context.Context, _ *command, o *opportunity.Opportunity, at journal.Moment, _ *Result) error {
			return o.Void(reason, at)
		})
}

// Close closes a won opportunity whose follow-up is complete (S9; O09). Errors:
// ErrNotAllowed listing each shortfall.
func (h Opportunities) Close(ctx context.Context, id uuid.UUID, in opportunity.Close, opts ...CallOption) (Result, error) {
	w := what{name: "opportunity.close", action: access.OpportunityClose}
	if in.Override != "" {
		w.action = access.OpportunityOverrideClose
	}
	return h.s.on(ctx, id, w, in, opts, func(_ context.Context, _ *command, o *opportunity.Opportunity, at journal.Moment, _ *Result) error {
		return o.Close(in, at)
	})
}

// Reopen opens a decided or closed opportunity again, with its outcome archived
// as a past cycle (O10). Errors: ErrInvalid, ErrNotAllowed.
func (h Opportunities) Reopen(ctx context.Context, id uuid.UUID, in opportunity.Reopen, opts ...CallOption) (Result, error) {
	return h.s.on(ctx, id, what{name: "opportunity.reopen", action: access.OpportunityReopen}, in, opts,
		func(_ context.Context, _ *command, o *opportunity.Opportunity, at journal.Moment, _ *Result) error {
			return o.Reopen(in, at)
		})
}

// Analyse revises the analysis of a won or lost outcome, and its reasons unless
// none are given (S6, S7). Errors: ErrInvalid, ErrNotAllowed.
func (h Opportunities) Analyse(ctx context.Context, id uuid.UUID, analysis string, reasons []opportunity.Choice, opts ...CallOption) (Result, error) {
	input := struct {
		Analysis string
		Reasons  []opportunity.Choice
	}{analysis, reasons}
	w := what{name: "opportunity.analyse", action: access.OpportunityAnalyse, archive: reasonIDs(reasons)}
	return h.s.on(ctx, id, w, input, opts, func(_ context.Context, _ *command, o *opportunity.Opportunity, at journal.Moment, _ *Result) error {
		return o.Analyse(analysis, reasons, at)
	})
}

// Tick checks an item of the current stage's checklist, or, with off, unchecks
// it. Errors: ErrInvalid, ErrNotAllowed.
func (h Opportunities) Tick(ctx context.Context, id uuid.UUID, item string, off bool, opts ...CallOption) (Result, error) {
	input := struct {
		Item string
		Off  bool
	}{item, off}
	return h.s.on(ctx, id, what{name: "opportunity.tick", action: access.OpportunityChecklist}, input, opts,
		func(_ context.Context, _ *command, o *opportunity.Opportunity, at journal.Moment, _ *Result) error {
			return o.Tick(item, off, at)
		})
}

// Approve gives the actor's consent, in one of his roles, to the next step
// (J10). Errors: ErrForbidden if the actor lacks the role; ErrInvalid;
// ErrNotAllowed.
func (h Opportunities) Approve(ctx context.Context, id uuid.UUID, role access.Role, note string, opts ...CallOption) (Result, error) {
	input := struct {
		Role access.Role
		Note string
	}{role, note}
	return h.s.on(ctx, id, what{name: "opportunity.approve", action: access.OpportunityApprove}, input, opts,
		func(_ context.Context, _ *command, o *opportunity.Opportunity, at journal.Moment, _ *Result) error {
			if !h.s.actor.Has(role) {
				return fault.New(fault.ErrForbidden, "opportunity.approve.role", "the actor doesn't have the role")
			}
			return o.Approve(string(role), note, at)
		})
}

// Migrate moves an opportunity to the current version of a process, its own or
// another one, by a map of stages; a stage that isn't in the map keeps its id
// (P05). A reason in override passes unmet entry gates (P07). Errors:
// ErrNotFound, ErrNotAllowed.
func (h Opportunities) Migrate(ctx context.Context, id, process uuid.UUID, stages map[string]string, override string, opts ...CallOption) (Result, error) {
	input := struct {
		Process  uuid.UUID
		Stages   map[string]string
		Override string
	}{process, stages, override}
	w := what{name: "opportunity.migrate", action: overriding(access.OpportunityMigrate, override)}
	return h.s.on(ctx, id, w, input, opts, func(ctx context.Context, c *command, o *opportunity.Opportunity, at journal.Moment, _ *Result) error {
		p, err := c.tx.Processes().Get(ctx, h.s.actor.Tenant, process)
		if err != nil {
			return err
		}
		to, err := h.s.eng.version(ctx, c.tx, h.s.actor.Tenant, p.Current)
		if err != nil {
			return err
		}
		return o.Migrate(p.ID, p.Current, to, stages, override, at)
	})
}

// Delete removes an opportunity that was a mistake (O14); its journal and
// ledger stay. Errors: ErrInvalid, ErrNotAllowed.
func (h Opportunities) Delete(ctx context.Context, id uuid.UUID, reason string, opts ...CallOption) (Result, error) {
	return h.s.on(ctx, id, what{name: "opportunity.delete", action: access.OpportunityDelete}, reason, opts,
		func(_ context.Context, _ *command, o *opportunity.Opportunity, at journal.Moment, _ *Result) error {
			return o.Delete(reason, at)
		})
}

// Get returns an opportunity with the parts asked for. Errors: ErrNotFound,
// also for what the actor may not see.
func (h Opportunities) Get(ctx context.Context, id uuid.UUID, parts opportunity.Parts) (opportunity.Snapshot, error) {
	var out opportunity.Snapshot
	err := h.s.view(ctx, func(ctx context.Context, tx storage.Tx) error {
		rec, err := h.s.read(ctx, tx, id, parts, access.OpportunityRead)
		out = rec.Snapshot
		return err
	})
	if err != nil {
		return opportunity.Snapshot{}, err
	}
	return out, nil
}

func (s *Session) read(ctx context.Context, tx storage.Tx, id uuid.UUID, parts opportunity.Parts, action access.Action) (opportunity.Record, error) {
	rec, err := tx.Opportunities().Get(ctx, s.actor.Tenant, id, opportunity.Load{Parts: parts, Viewer: s.actor.User})
	if err != nil {
		return opportunity.Record{}, err
	}
	if err := s.allow(ctx, action, subject(&rec)); err != nil {
		return opportunity.Record{}, err
	}
	return rec, nil
}

// ByNumber returns an opportunity by its number. Errors: as Get.
func (h Opportunities) ByNumber(ctx context.Context, number string, parts opportunity.Parts) (opportunity.Snapshot, error) {
	var f fault.Fields
	text.Key(&f, "/number", number, 1, text.MaxCode)
	if err := f.Invalid("opportunity.number.invalid"); err != nil {
		return opportunity.Snapshot{}, err
	}
	var out opportunity.Snapshot
	err := h.s.view(ctx, func(ctx context.Context, tx storage.Tx) error {
		id, err := tx.Opportunities().ByNumber(ctx, h.s.actor.Tenant, number)
		if err != nil {
			return err
		}
		rec, err := h.s.read(ctx, tx, id, parts, access.OpportunityRead)
		out = rec.Snapshot
		return err
	})
	if err != nil {
		return opportunity.Snapshot{}, err
	}
	return out, nil
}

// History returns the ledger of an opportunity: what counted in figures, from
// when to when, with the summaries of stages' work 商机进程 (O04). Errors: as Get.
func (h Opportunities) History(ctx context.Context, id uuid.UUID) ([]opportunity.LedgerRow, error) {
	var out []opportunity.LedgerRow
	err := h.s.view(ctx, func(ctx context.Context, tx storage.Tx) error {
		if _, err := h.s.read(ctx, tx, id, 0, access.OpportunityRead); err != nil {
			return err
		}
		var err error
		out, err = tx.Opportunities().Ledger(ctx, h.s.actor.Tenant, id)
		return err
	})
	return out, err
}

// Journal returns everything that happened to an opportunity, after checking
// that the chain is whole (J06). Errors: as Get; ErrForbidden; ErrCorrupt if
// the journal was tampered with.
func (h Opportunities) Journal(ctx context.Context, id uuid.UUID) ([]journal.Entry, error) {
	var out []journal.Entry
	err := h.s.view(ctx, func(ctx context.Context, tx storage.Tx) error {
		rec, err := h.s.read(ctx, tx, id, 0, access.JournalRead)
		if err != nil {
			return err
		}
		for {
			var after int64
			if len(out) > 0 {
				after = out[len(out)-1].Seq
			}
			page, err := tx.Journal().Entries(ctx, h.s.actor.Tenant, journal.KindOpportunity, id, after, 1000)
			if err != nil {
				return err
			}
			out = append(out, page...)
			if len(page) < 1000 {
				break
			}
		}
		return journal.Verify(out, rec.Snapshot.Head)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}
