package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/pursuittest"
)

// TestSalesMode tests the example's sales mode as a host tests its own: what the gates
// of the negotiation ask for, and that nothing else does.
func TestSalesMode(t *testing.T) {
	w := pursuittest.New(t, pursuittest.Process(salesMode()))
	ann := w.As("ann").Opportunities()
	deal := w.Deal().Record()
	negotiate := opportunity.AdvanceInput{To: "negotiate", Summary: "They want it"}
	_, err := ann.Advance(w.Ctx, deal, negotiate)
	pursuittest.RequireRefused(t, err, fault.ErrNotAllowed, fault.OpportunityGates)
	require.Len(t, fault.FieldsOf(err), 3, "all unmet gates at once: lines, a primary contact, an evaluation; the kit gives an expected close")

	w.Do(ann.Advance(w.Ctx, deal, opportunity.AdvanceInput{To: "propose", Summary: "No gate before the proposal"}))
	ready := w.Deal().Lines(1).Contact().Record()
	_, err = ann.Advance(w.Ctx, ready, negotiate)
	pursuittest.RequireRefused(t, err, fault.ErrNotAllowed, fault.OpportunityGates)
	require.Len(t, fault.FieldsOf(err), 1, "the evaluation")
	w.Do(w.Admin.Opportunities().Advance(w.Ctx, ready, opportunity.AdvanceInput{To: "negotiate", Summary: "They can't wait", Override: "Evaluated on paper"}))
	pursuittest.RequireEvents(t, w, ready, opportunity.EventRecorded, opportunity.EventMoved)
}
