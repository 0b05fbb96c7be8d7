package pursuit

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/stage"
)

// Record records an opportunity (S1). An empty Owner means the actor, an empty
// Department the actor's. Errors: ErrInvalid with all fields at fault;
// ErrNotAllowed (C04, P06, P08).
func (h Opportunities) Record(ctx context.Context, in opportunity.RecordInput, opts ...CallOption) (Result, error) {
	return h.record(ctx, "opportunity.record", nil, in, opts)
}

// RecordForNewCustomerInput is an opportunity with its new customer (C06).
type RecordForNewCustomerInput struct {
	Customer customer.CreateInput `json:"customer"`
	// Roles, if given, adds the customer's contacts to the opportunity, in their
	// order.
	Roles []opportunity.ContactRole `json:"roles,omitempty"`
	// Opportunity names no customer; its contacts are those of other customers.
	Opportunity opportunity.RecordInput `json:"opportunity"`
}

// RecordForNewCustomer records a customer, its contacts and an opportunity in one
// command: all or nothing (S1, C06). The policy must allow recording the
// opportunity and creating the customer. Errors as for Record, for both together
// ("/customer/contacts/0/name", "/opportunity/lines/2/price"); ErrDuplicate
// ("customer.code.taken").
func (h Opportunities) RecordForNewCustomer(ctx context.Context, in RecordForNewCustomerInput, opts ...CallOption) (Result, error) {
	return h.record(ctx, "opportunity.record_for_new_customer", &in, in.Opportunity, opts)
}

func (h Opportunities) record(ctx context.Context, name string, nc *RecordForNewCustomerInput, in opportunity.RecordInput, opts []CallOption) (Result, error) {
	s := h.s()
	cl, err := calls(opts)
	if s.err != nil || err != nil {
		return Result{}, cmp.Or(s.err, err)
	}
	var input any = in // as given: the actor may change departments before repeating it
	if nc != nil {
		input = *nc
	}
	if in.Owner == "" {
		in.Owner = s.actor.User
	}
	if in.Department == "" {
		in.Department = s.actor.Department
	}
	if cl.versioned {
		return Result{}, fault.Invalid("call.invalid", fault.Field{Path: "/version", Code: "new", Message: "a new opportunity has no version"})
	}
	by := &codes{}
	by.add(archive.Source, in.SourceCode, "/source_code", "/source", &in.Source)
	if len(in.Competitors) <= opportunity.MaxCompetitors { // more are refused
		in.Competitors = slices.Clone(in.Competitors)
		for i := range in.Competitors {
			x, path := &in.Competitors[i], fault.Index("/competitors", i)
			by.add(archive.Competitor, x.CompetitorCode, path+"/competitor_code", path+"/competitor", &x.Competitor)
		}
	}
	cmd := command{s: s, call: cl, name: name, input: input, codes: by}
	sub := access.Subject{Department: in.Department, Owner: in.Owner}
	if in.Owner == s.actor.User {
		sub.Relation = access.Owner
	}
	res, err := s.numbered(ctx, cmd, func(ctx context.Context, c *command, x *numbering) (Result, error) {
		owner, err := c.customerOwner(ctx, nc, in.Customer)
		if err != nil {
			return Result{}, err
		}
		sub := sub
		sub.CustomerOwner = owner
		if err := x.allow(ctx, access.OpportunityRecord, sub); err != nil {
			return Result{}, err
		}
		if nc != nil {
			if err := x.allow(ctx, access.CustomerCreate, newCustomerSubject(&nc.Customer)); err != nil {
				return Result{}, err
			}
		}
		if err := c.resolve(ctx, c.codes); err != nil {
			return Result{}, err
		}
		at, err := c.firstMoment(ctx)
		if err != nil {
			return Result{}, err
		}
		var cust *customer.Aggregate
		var bad error
		given := len(in.Contacts)
		in := in // each attempt changes its own copy
		if nc != nil {
			var err error
			if cust, bad, err = c.customerOf(ctx, nc, &in, at); err != nil {
				return Result{}, err
			}
		}
		o, err := c.newOpportunity(ctx, x, in, cust, bad, given, at)
		if err != nil {
			return Result{}, err
		}
		snap := o.Snapshot()
		res := Result{ID: snap.ID, Number: snap.Number, Version: 1}
		if cust != nil {
			res.Customer = cust.Customer.ID
			for _, x := range cust.Contacts {
				res.Contacts = append(res.Contacts, x.ID)
			}
		}
		if cust != nil {
			ch, err := cust.Change(s.eng.newID)
			if err != nil {
				return Result{}, err
			}
			if err := c.tx.Customers().Save(ctx, ch); err != nil {
				return Result{}, err
			}
		}
		if err := c.save(ctx, o); err != nil {
			return Result{}, err
		}
		return res, c.finish(ctx, res)
	})
	if nc != nil {
		switch fault.CodeOf(err) {
		case fault.CustomerCodeTaken:
			err = fault.New(fault.ErrDuplicate, fault.CustomerCodeTaken, "is taken", fault.Field{Path: "/customer/code", Code: "taken", Message: "is taken"})
		case fault.OpportunityNumberTaken:
			err = fault.New(fault.ErrDuplicate, fault.OpportunityNumberTaken, "is taken", fault.Field{Path: "/opportunity/number", Code: "taken", Message: "is taken"})
		}
	}
	return res, err
}

// customerOwner returns the owner of a new opportunity's customer for a policy of
// the host's own, with one more statement unless the customer is new too. It
// returns "" for a missing customer; the command is refused later.
func (c *command) customerOwner(ctx context.Context, nc *RecordForNewCustomerInput, id uuid.UUID) (string, error) {
	switch {
	case !c.s.eng.shared.ownPolicy:
		return "", nil
	case nc != nil:
		return nc.Customer.Owner, nil
	}
	rec, err := c.tx.Customers().Get(ctx, c.s.actor.Tenant, id, false)
	if err != nil && !errors.Is(err, fault.ErrNotFound) {
		return "", err
	}
	return rec.Customer.Owner, nil
}

// customerOf makes the customer of a new opportunity, and sets it there. If the
// input is invalid, bad lists the faults, and the customer is a placeholder, so
// that the opportunity can be checked too.
func (c *command) customerOf(ctx context.Context, nc *RecordForNewCustomerInput, in *opportunity.RecordInput, at journal.Moment) (cust *customer.Aggregate, bad, err error) {
	ids := make([]uuid.UUID, len(nc.Customer.Contacts))
	for i := range ids {
		ids[i] = c.id()
	}
	var f fault.Fields
	id := c.id()
	cust, err = c.newCustomer(ctx, id, nc.Customer, ids, at)
	if err != nil && !errors.Is(err, fault.ErrInvalid) {
		return nil, nil, err
	}
	f.Merge("/customer", err)
	if in.Customer != uuid.Nil {
		f.Add("/opportunity/customer", "contradiction", "can't be named beside a new one")
	}
	if len(nc.Roles) > len(ids) {
		f.Add("/roles", "too_many", "there are more roles than contacts")
	}
	if bad = f.Invalid("opportunity.invalid"); bad != nil {
		rec := customer.Record{Customer: customer.Customer{ID: id, Status: customer.Prospect}}
		for _, contact := range ids {
			rec.Contacts = append(rec.Contacts, customer.Contact{ID: contact, Customer: id, Active: true})
		}
		cust = customer.Open(rec)
	}
	in.Customer = id
	in.Contacts = slices.Clone(in.Contacts)
	for i, role := range nc.Roles[:min(len(nc.Roles), len(ids))] {
		in.Contacts = append(in.Contacts, opportunity.ContactInput{Contact: ids[i], Role: role, Primary: nc.Customer.Contacts[i].Primary})
	}
	return cust, bad, nil
}

// besideNew rewrites the paths of an opportunity's refusal to those of a
// RecordForNewCustomerInput: the contacts after those given are its roles.
func besideNew(err error, given int) error {
	var e *fault.Error
	if !errors.As(err, &e) {
		return err
	}
	fields := slices.Clone(e.Fields)
	for i, f := range fields {
		if !strings.HasPrefix(f.Path, "gate/") { // a gate isn't in the input
			fields[i].Path = "/opportunity" + f.Path
		}
		if rest, ok := strings.CutPrefix(f.Path, "/contacts/"); ok {
			at, _, _ := strings.Cut(rest, "/")
			if n, err := strconv.Atoi(at); err == nil && n >= given {
				fields[i].Path = fault.Index("/roles", n-given)
			}
		}
	}
	named := *e
	named.Fields = fields
	return &named
}

// newOpportunity makes an opportunity from the records it refers to. The faults
// of a new customer (bad) are listed together with those of the opportunity.
// given is the number of contacts in the opportunity's input before those of the
// new customer.
func (c *command) newOpportunity(ctx context.Context, x *numbering, in opportunity.RecordInput, cust *customer.Aggregate, bad error, given int, at journal.Moment) (*opportunity.Opportunity, error) {
	refs, id := references(in, cust), c.id()
	placed := func(err error) error {
		err = c.codes.placed(err)
		if cust != nil {
			return besideNew(err, given)
		}
		return err
	}
	made := func(f opportunity.Found) (o *opportunity.Opportunity, err error) {
		if cust != nil {
			f.Customers = append(f.Customers, cust.Customer)
			f.Contacts = append(f.Contacts, cust.Contacts...)
		}
		var rules opportunity.Rules
		if f.Process != nil {
			if rules, err = c.rules(ctx, f.Process.Current); err != nil {
				return nil, err
			}
		}
		err = x.decide(ctx, c, wanted{NumberedOpportunity, "OPP", in.Number, c.on()}, func(number string) (err error) {
			err = c.judged(ctx, func(v stage.Verdicts) { rules.Verdicts = v }, func() (err error) {
				o, err = opportunity.New(id, c.s.actor.Tenant, number, in, f, rules, at)
				return err
			}, f.Customers...)
			return bothInvalid("opportunity.invalid", bad, placed(err))
		})
		if err != nil {
			return nil, err
		}
		return o, nil
	}
	f, err := c.tx.Opportunities().References(ctx, c.s.actor.Tenant, refs)
	if err == nil {
		_, err = c.s.unaliased(ctx, c.tx, f.Customers, &in.Customer, &in.BillTo, &in.EndUser)
	}
	if err == nil {
		err = c.onlyVisible(ctx, &f)
	}
	if err != nil {
		return nil, placed(err)
	}
	return made(f)
}

// onlyVisible removes records that the actor may not see from those found.
func (c *command) onlyVisible(ctx context.Context, f *opportunity.Found) (err error) {
	known := slices.Clone(f.Customers)
	if f.Customers, err = c.visible(ctx, f.Customers); err != nil {
		return err
	}
	f.Contacts, err = c.visibleContacts(ctx, f.Contacts, known)
	return err
}

// references lists the records that a new opportunity refers to, without a
// customer made by the same command.
func references(in opportunity.RecordInput, cust *customer.Aggregate) opportunity.Refs {
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
	return refs
}
