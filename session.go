package pursuit

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/text"
	"github.com/pursuit-crm/pursuit/quote"
	"github.com/pursuit-crm/pursuit/storage"
)

// Session holds an actor's commands and queries, on small handles. It holds no
// resources and is as safe for concurrent use as its engine; a batch's session
// isn't.
type Session struct {
	eng     *Engine
	actor   Actor
	err     error
	tx      storage.Tx // of a batch
	numbers *numbers   // of a batch
	batch   *batch     // of a batch
}

// Actor returns a copy of the session's actor.
func (s *Session) Actor() Actor { return own(s.made().actor) }

// own returns an actor with its own copy of the roles.
func own(a Actor) Actor {
	a.Roles = slices.Clone(a.Roles)
	return a
}

// Result is the result of a command.
type Result struct {
	// ID is the id of the new or changed record.
	ID uuid.UUID `json:"id"`
	// Number is the number of an opportunity, quote or order.
	Number string `json:"number,omitempty"`
	// Version is the new version.
	Version int64 `json:"version"`
	// Activity, Expense, Document and Evaluation are the part that the command
	// added to an opportunity, Contact the one added to a customer.
	Activity   uuid.UUID `json:"activity,omitzero"`
	Expense    uuid.UUID `json:"expense,omitzero"`
	Document   uuid.UUID `json:"document,omitzero"`
	Evaluation uuid.UUID `json:"evaluation,omitzero"`
	Contact    uuid.UUID `json:"contact,omitzero"`
	// Lines are the numbers of added lines.
	Lines []int `json:"lines,omitempty"`
	// Customer was created with an opportunity (C06); Contacts were created with
	// a customer, in the input's order.
	Customer uuid.UUID   `json:"customer,omitzero"`
	Contacts []uuid.UUID `json:"contacts,omitempty"`
	// ProcessVersion is the version made by Publish.
	ProcessVersion uuid.UUID `json:"process_version,omitzero"`
	// Opportunities are those that Processes.Migrate moved.
	Opportunities []uuid.UUID `json:"opportunities,omitempty"`
	// Repeated means that the RequestID had been used for this command before:
	// nothing was done, and this is the first result.
	Repeated bool `json:"-"`
}

// command is one run of a command: its data beyond the domain's input.
type command struct {
	s    *Session
	call call
	name string
	// input and target enter the fingerprint of a RequestID.
	input  any
	target uuid.UUID
	// looked means that the RequestID was already looked up, and was free.
	looked bool
	tx     storage.Tx
	now    time.Time
	// customers is the actor's scope of customers, once requested (J01).
	customers *access.Scope
	// codes are those in a new opportunity's input.
	codes *codes
	// quotes are saved after the opportunity.
	quotes []*quote.Quote
}

// run runs fn in a transaction: the batch's or the host's, or one of its own. Its
// own is retried if the database abandons it or, with again, after a conflict.
func (s *Session) run(ctx context.Context, again bool, fn func(context.Context, storage.Tx) error) error {
	if err := s.enter(ctx); err != nil {
		return err
	}
	if s.tx != nil {
		tried(ctx)
		return s.batch.run(func() error { return fn(ctx, s.tx) })
	}
	return s.attempts(ctx, again, func() error { return s.eng.store.Update(ctx, fn) })
}

// maxBackoff is the approximate longest wait before a retry, unless
// Options.Backoff is longer.
const maxBackoff = 250 * time.Millisecond

// attempts tries a transaction until it is done or refused; see run.
func (s *Session) attempts(ctx context.Context, again bool, transaction func() error) (err error) {
	defer rescue(&err)
	watch, wait := started(), s.eng.opts.Backoff
	for attempt := 1; ; attempt++ {
		if s.eng.opts.Observe != nil {
			tried(ctx)
		}
		err := transaction()
		if err == nil || s.eng.bound || attempt >= s.eng.opts.Attempts {
			return err
		}
		if !errors.Is(err, fault.ErrRetry) && (!again || !errors.Is(err, fault.ErrConflict)) {
			return err
		}
		if errors.Is(err, fault.ErrRetry) && watch.passed(s.eng.opts.Patience) {
			return err // it waits for locks each time
		}
		timer := time.NewTimer(jitter(wait))
		select {
		case <-ctx.Done():
			timer.Stop()
			return fault.Wrap(fault.ErrCancelled, "storage.cancelled", "the context ended", ctx.Err())
		case <-timer.C:
		}
		wait = min(wait, maxBackoff/2) * 2
	}
}

// view runs fn in a read transaction, which is retried if the database abandons
// it; fn returns its results by assignment.
func (s *Session) view(ctx context.Context, name string, fn func(context.Context, storage.Tx) error) error {
	if err := s.enter(ctx); err != nil {
		return err
	}
	return s.observe(ctx, name, false, func(ctx context.Context) (bool, error) {
		if s.tx != nil {
			tried(ctx)
			return false, s.batch.run(func() error { return fn(ctx, s.tx) })
		}
		return false, s.attempts(ctx, false, func() error { return s.eng.store.View(ctx, fn) })
	})
}

// do runs a command. body loads, asks the policy, changes, and calls finish
// before it writes.
func (s *Session) do(ctx context.Context, name string, target uuid.UUID, input any, opts []CallOption, body func(ctx context.Context, c *command) (Result, error)) (Result, error) {
	if s.err != nil {
		return Result{}, s.err
	}
	cl, err := calls(opts)
	if err != nil {
		return Result{}, err
	}
	return s.command(ctx, name, func(ctx context.Context) (Result, error) {
		return s.try(ctx, command{s: s, call: cl, name: name, input: input, target: target}, body)
	})
}

// try runs a command until it is done or refused; see run.
func (s *Session) try(ctx context.Context, proto command, body func(ctx context.Context, c *command) (Result, error)) (Result, error) {
	if err := s.bounded("", proto.input); err != nil {
		return Result{}, err
	}
	var res Result
	var at time.Time
	looked := proto.looked
	err := s.run(ctx, !proto.call.versioned, func(ctx context.Context, tx storage.Tx) error {
		c := proto
		c.tx, c.now = tx, s.eng.now()
		at = c.now
		if d, ok := tx.(storage.Deferring); ok && s.tx == nil { // a batch continues after a refusal
			d.Defer()
		}
		if err := future(c.call, c.now); err != nil {
			return err
		}
		if c.call.requested && !looked {
			first, err := c.repeated(ctx)
			if err != nil || first != nil {
				if first != nil {
					res = *first
				}
				return err
			}
		}
		looked = false // someone else may be faster before the next attempt
		if err := c.validate(ctx); err != nil {
			return err
		}
		r, err := body(ctx, &c)
		if err == nil {
			res = r
		}
		return err
	})
	if err != nil && proto.call.requested && s.tx == nil && refused(err) && !errors.Is(err, fault.ErrRequestReused) {
		// The same command may have taken effect meanwhile, and caused this
		// refusal.
		if first, e := s.earlier(ctx, proto); e == nil && first != nil {
			return *first, nil
		}
	}
	if err != nil {
		return Result{}, located(err)
	}
	if !res.Repeated {
		s.done(at)
	}
	return res, nil
}

// earlier is repeated in a transaction of its own.
func (s *Session) earlier(ctx context.Context, c command) (first *Result, err error) {
	err = s.quietly(ctx, func(ctx context.Context, tx storage.Tx) (err error) {
		c := c
		c.tx = tx
		first, err = c.repeated(ctx)
		return err
	})
	return first, err
}

// repeated returns the first result of the command's RequestID, if its user used
// it and may still see the command's target (J01).
func (c *command) repeated(ctx context.Context) (*Result, error) {
	r, err := c.tx.Requests().Find(ctx, c.s.actor.Tenant, c.requestKey(), c.call.request)
	if errors.Is(err, fault.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if err := encodable(c.input); err != nil {
		return nil, err
	}
	print, err := c.fingerprint()
	if err != nil {
		return nil, err
	}
	if r.Command != c.name || r.Fingerprint != print {
		if r.Key == c.call.request { // stored before keys were per user: it may be someone else's
			return nil, nil
		}
		return nil, fault.New(fault.ErrRequestReused, "request.reused", "the request id was used for another command")
	}
	res, err := storedResult(r)
	if err != nil {
		return nil, fault.Wrap(fault.ErrCorrupt, "request.corrupt", "a stored result can't be read", err)
	}
	if err := c.see(ctx, res.ID); err != nil {
		return nil, err
	}
	res.Repeated = true
	return &res, nil
}

// storedResult decodes a result. Results from before v0.1.0 have all new ids in
// one list; the command tells which they are.
func storedResult(r storage.Request) (Result, error) {
	var old struct {
		Result
		Parts []uuid.UUID `json:"parts"`
	}
	err := json.Unmarshal(r.Result, &old)
	res := old.Result
	if len(old.Parts) == 0 {
		return res, err
	}
	switch verb, first := r.Command, old.Parts[0]; {
	case strings.HasPrefix(verb, "activities."):
		res.Activity = first
	case strings.HasPrefix(verb, "expenses."):
		res.Expense = first
	case strings.HasPrefix(verb, "documents."):
		res.Document = first
	case strings.HasPrefix(verb, "evaluations."):
		res.Evaluation = first
	case verb == "customer.contact_add":
		res.Contact = first
	case verb == "process.publish":
		res.ProcessVersion = first
	case verb == "process.migrate":
		res.Opportunities = old.Parts
	default:
		res.Contacts = old.Parts
	}
	return res, err
}

// requestKey returns the stored form of the command's RequestID.
func (c *command) requestKey() string { return text.RequestKey(c.s.actor.User, c.call.request) }

func (c *command) fingerprint() ([32]byte, error) {
	b, err := json.Marshal(struct {
		Command string
		User    string
		Target  uuid.UUID
		At      time.Time
		Input   any
	}{c.name, c.s.actor.User, c.target, c.call.at, c.input})
	if err != nil {
		return [32]byte{}, fault.Wrap(fault.ErrInvalid, "request.input", "the input doesn't encode", err)
	}
	return sha256.Sum256(b), nil
}

// finish claims the RequestID, if there is one, for a result. It comes after the
// writes, whose first statement is the one that may be refused, so a refused
// command leaves nothing behind, not even in the host's transaction.
func (c *command) finish(ctx context.Context, res Result) error {
	if !c.call.requested {
		return nil
	}
	print, err := c.fingerprint()
	if err != nil {
		return err
	}
	b, err := json.Marshal(res)
	if err != nil {
		return fault.Wrap(fault.ErrInternal, "request.encode", "the result can't be encoded", err)
	}
	ok, err := c.tx.Requests().Claim(ctx, storage.Request{Tenant: c.s.actor.Tenant, Key: c.requestKey(), Command: c.name, Fingerprint: print, Result: b, Recorded: c.now})
	if err != nil {
		return err
	}
	if !ok { // someone else was faster: the next attempt finds the result
		return fault.New(fault.ErrRetry, "request.busy", "the request id is in use right now")
	}
	return nil
}

func (c *command) id() uuid.UUID { return c.s.eng.newID() }

// allow asks the policy. A panic or a foreign error in it denies.
func (s *Session) allow(ctx context.Context, action access.Action, on access.Subject) (err error) {
	if err := s.enter(ctx); err != nil {
		return err
	}
	defer func() {
		if p := recover(); p != nil {
			err = fault.New(fault.ErrHost, "policy.panic", "the policy panicked")
		}
	}()
	err = s.eng.opts.Policy.Allow(s.calling(ctx), s.Actor(), action, on)
	switch {
	case err == nil || errors.Is(err, fault.ErrForbidden):
		return err
	case errors.Is(err, fault.ErrNotFound): // the exact error of a missing record (J03)
		of, _, _ := strings.Cut(string(action), ".")
		return fault.NotFound(of + ".not_found")
	}
	return fault.Wrap(fault.ErrHost, "policy.failed", "the policy failed", err)
}

// scope asks the policy which rows the actor may see.
func (s *Session) scope(ctx context.Context, of access.Resource) (sc access.Scope, err error) {
	if err := s.enter(ctx); err != nil {
		return access.Scope{}, err
	}
	defer func() {
		if p := recover(); p != nil {
			sc, err = access.Scope{}, fault.New(fault.ErrHost, "policy.panic", "the policy panicked")
		}
	}()
	sc, err = s.eng.opts.Policy.Scope(s.calling(ctx), s.Actor(), of)
	if err != nil && !errors.Is(err, fault.ErrForbidden) {
		err = fault.Wrap(fault.ErrHost, "policy.failed", "the policy failed", err)
	}
	return sc, err
}
