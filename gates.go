package pursuit

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/stage"
	"github.com/pursuit-crm/pursuit/storage"
)

// GateKind is a host's own kind of gate, such as a credit check (P07).
type GateKind struct {
	// Evaluate judges one gate. It is called once per attempt of a command. A
	// panic or an error refuses the command with ErrHost ("gate.panic",
	// "gate.failed"), and nothing is written; an error of the transaction itself
	// (ErrRetry, ErrTxAborted, ErrCancelled) is passed on. The context forbids
	// calling the library on the same store ("session.nested").
	Evaluate func(ctx context.Context, in GateInput) (stage.Verdict, error)
	// CheckParams refuses invalid parameters when a process is published; nil
	// accepts all. It gets a copy of them.
	CheckParams func(params map[string]string) error
}

// GateInput is the input for judging a host's gate.
type GateInput struct {
	// Actor asks for the step.
	Actor Actor
	// Gate has the kind, the parameters, and the id by which refusals name it.
	Gate stage.Gate
	// Facts are the opportunity's, as they will be after the step. Stage, Target
	// and End identify the step.
	Facts stage.Facts
	// Customer is the buyer.
	Customer customer.Customer
	// Lines are the products, by number.
	Lines []opportunity.Line
	// Tx is the command's transaction, which includes the host's earlier writes
	// in it. sqlstore.ConnOf returns its connection.
	Tx storage.Tx
}

// gateKinds returns the kinds that a process is checked against.
func (o *Options) gateKinds() stage.Kinds {
	out := stage.Kinds{}
	for name, k := range o.Gates {
		if k.Evaluate != nil {
			out[name] = k.CheckParams
		}
	}
	return out
}

// judged lets the domain decide. If the decision depends on gates of the host's
// own kinds, it gets the host's verdicts and lets the domain decide again.
func (c *command) judged(ctx context.Context, rule func(stage.Verdicts), decide func() error, known ...customer.Customer) error {
	err := decide()
	var open *opportunity.Unjudged
	if !errors.As(err, &open) {
		return err
	}
	in := GateInput{Actor: c.s.Actor(), Facts: open.Facts, Lines: open.Lines, Tx: c.tx}
	if !open.LinesLoaded {
		rec, err := c.tx.Opportunities().Get(ctx, c.s.actor.Tenant, open.Facts.ID, opportunity.Load{Parts: opportunity.PartLines})
		if err != nil {
			return err
		}
		in.Lines = rec.Snapshot.Lines
	}
	i := slices.IndexFunc(known, func(x customer.Customer) bool { return x.ID == open.Customer })
	if i < 0 {
		if known, err = c.tx.Customers().Named(ctx, c.s.actor.Tenant, []uuid.UUID{open.Customer}); err != nil {
			return err
		}
		if i = 0; len(known) == 0 {
			return fault.New(fault.ErrCorrupt, "opportunity.corrupt", "the opportunity's customer isn't there")
		}
	}
	in.Customer = known[i].Clone()
	verdicts := stage.Verdicts{}
	for _, g := range open.Gates {
		in.Gate = g
		in.Gate.Params, in.Lines = maps.Clone(g.Params), slices.Clone(in.Lines)
		if verdicts[g.Key()], err = c.verdict(ctx, in); err != nil {
			return err
		}
	}
	rule(verdicts)
	return decide()
}

// verdict asks the host about one gate.
func (c *command) verdict(ctx context.Context, in GateInput) (v stage.Verdict, err error) {
	k := c.s.eng.opts.Gates[in.Gate.Kind]
	if k.Evaluate == nil {
		return stage.Unknown(in.Gate.Kind), nil
	}
	defer func() {
		if recover() != nil {
			err = fault.New(fault.ErrHost, "gate.panic", "the host's gate "+in.Gate.Kind+" panicked")
		}
	}()
	v, err = k.Evaluate(c.s.calling(ctx), in)
	return v, hosted(ctx, err, "gate.failed", "the host's gate "+in.Gate.Kind+" failed")
}

// hosted returns a callback's error as the API reports it. Errors of the
// transaction itself stay as they are, so that it can be retried.
func hosted(ctx context.Context, err error, code, message string) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, fault.ErrRetry), errors.Is(err, fault.ErrTxAborted), errors.Is(err, fault.ErrCancelled):
		return err
	case ctx.Err() != nil:
		return fault.Wrap(fault.ErrCancelled, "storage.cancelled", "the context ended", err)
	}
	return fault.Wrap(fault.ErrHost, code, message, err)
}
