package pursuit_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/stage"
)

// gated is the world's process with a credit check before a win and before the second
// stage.
func gated() stage.Process {
	credit := []stage.Gate{{ID: "credit", Kind: "erp.credit", Params: map[string]string{"limit": "9"}}}
	return stage.Process{Code: "gated", Names: names("Gated"), WinGates: credit, Stages: []stage.Stage{
		{ID: "first", Names: names("First"), Probability: 1000, Category: stage.Pipeline},
		{ID: "second", Names: names("Second"), Probability: 5000, Category: stage.Commit, Start: true, Entry: credit},
	}}
}

// TestP07_AHostsGateIsAskedOnce with everything that it needs, by each command that
// passes it; a failure or a panic refuses, and writes nothing.
func TestP07_AHostsGateIsAskedOnce(t *testing.T) {
	w := newTenant(t)
	var seen []pursuit.GateInput
	answer := func() (stage.Verdict, error) { return stage.Verdict{Met: true}, nil }
	eng, err := pursuit.New(w.store, &pursuit.Options{Clock: w.clock, Gates: map[string]pursuit.GateKind{"erp.credit": {
		Evaluate: func(ctx context.Context, in pursuit.GateInput) (stage.Verdict, error) {
			in.Gate.Params["limit"] += "!" // the host writes to what it is given
			seen = append(seen, in)
			return answer()
		},
	}}})
	require.NoError(t, err)
	s := eng.As(w.s.Actor())
	p, err := s.Processes().Publish(w.ctx, gated())
	w.must(p, err)
	in := w.input()
	in.Process, in.Lines = p.ID, []opportunity.LineInput{{Product: "GTX", Quantity: dec("2"), Price: dec("10")}}
	asked := func(want stage.Facts, customer uuid.UUID) {
		t.Helper()
		require.Len(t, seen, 1)
		x := seen[0]
		seen = nil
		require.Equal(t, []any{want.Stage, want.Target, want.End, "ann"}, []any{x.Facts.Stage, x.Facts.Target, x.Facts.End, x.Facts.Requester})
		require.Equal(t, []any{customer, "9!", "GTX", 1}, []any{x.Customer.ID, x.Gate.Params["limit"], x.Lines[0].Product, x.Facts.Lines})
		require.Equal(t, w.s.Actor(), x.Actor)
		require.NotNil(t, x.Tx)
	}
	deal, err := s.Opportunities().Record(w.ctx, in)
	w.must(deal, err)
	require.Empty(t, seen, "no gate stands before the first stage")
	in.Stage = "second"
	in.Customer = uuid.Nil
	fresh, err := s.Opportunities().RecordForNewCustomer(w.ctx, pursuit.RecordForNewCustomerInput{Customer: customerNamed("Fresh"), Opportunity: in})
	w.must(fresh, err)
	require.NotEmpty(t, seen)
	seen = seen[len(seen)-1:] // an attempt that went to take a number asked before
	asked(stage.Facts{Stage: "second", Target: "second"}, fresh.Customer)
	seen = nil

	o := s.Opportunities()
	before := w.written()
	for name, broken := range map[string]func() (stage.Verdict, error){
		"gate.failed": func() (stage.Verdict, error) { return stage.Verdict{Met: true}, errors.New("secret") },
		"gate.panic":  func() (stage.Verdict, error) { panic("secret") },
		"storage.failed": func() (stage.Verdict, error) {
			return stage.Verdict{}, fault.New(fault.ErrTxAborted, "storage.failed", "gone")
		},
	} {
		good := answer
		answer = broken
		for _, override := range []string{"", "with a reason"} {
			_, err := o.Advance(w.ctx, deal.ID, opportunity.AdvanceInput{To: "second", Summary: "done", Override: override})
			require.Equal(t, name, fault.CodeOf(err), "%v", err)
			require.NotContains(t, err.Error(), "secret")
			require.Equal(t, before, w.written())
		}
		answer, seen = good, nil
	}
	w.must(o.Advance(w.ctx, deal.ID, opportunity.AdvanceInput{To: "second", Summary: "done"}))
	asked(stage.Facts{Stage: "first", Target: "second"}, w.customer)
	answer = func() (stage.Verdict, error) { return stage.Verdict{Message: "over the limit"}, nil }
	_, err = o.Win(w.ctx, deal.ID, opportunity.WinInput{Summary: "won", Reasons: w.choose(w.win)})
	require.Equal(t, []string{"gate/credit unmet"}, faults(err))
	asked(stage.Facts{Stage: "second", End: "won"}, w.customer)
	w.must(o.Win(w.ctx, deal.ID, opportunity.WinInput{Summary: "won", Reasons: w.choose(w.win), Override: "the boss said so"}))
	asked(stage.Facts{Stage: "second", End: "won"}, w.customer)

	// A gate of a kind that this engine doesn't know is unmet.
	_, err = w.s.Opportunities().Win(w.ctx, fresh.ID, opportunity.WinInput{Summary: "won", Reasons: w.choose(w.win)})
	require.Equal(t, []string{"gate/credit unmet"}, faults(err))
	require.Equal(t, "no one can evaluate gates of kind erp.credit", fault.FieldsOf(err)[0].Message)

	// Nor may a gate call the library on its own store.
	answer = func() (stage.Verdict, error) { panic("unreachable") }
	nested, err := pursuit.New(w.store, &pursuit.Options{Clock: w.clock, Gates: map[string]pursuit.GateKind{"erp.credit": {
		Evaluate: func(ctx context.Context, in pursuit.GateInput) (stage.Verdict, error) {
			_, err := s.Opportunities().Get(ctx, in.Facts.ID, 0)
			return stage.Verdict{Met: true}, err
		},
	}}})
	require.NoError(t, err)
	_, err = nested.As(w.s.Actor()).Opportunities().Win(w.ctx, fresh.ID, opportunity.WinInput{Summary: "won", Reasons: w.choose(w.win)})
	require.Equal(t, "gate.failed", fault.CodeOf(err))
}
