package pursuit_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity/pipeline"
)

// TestHostMistakesAreErrors wants nil and panics of the host to be refused.
func TestHostMistakesAreErrors(t *testing.T) {
	w := newTenant(t)
	id := w.record().ID
	_, err := w.s.Reports().Pipeline(w.ctx, pursuit.PipelineQuery{By: pipeline.ByOwner, Merge: func(string) string { panic("boom") }})
	require.ErrorIs(t, err, fault.ErrHost)
	_, err = w.eng.In(nil).As(w.s.Actor()).Opportunities().Get(w.ctx, id, 0)
	require.ErrorIs(t, err, fault.ErrInvalid)
	require.ErrorIs(t, w.s.Batch(w.ctx, nil), fault.ErrInvalid)
	_, err = pursuit.New(nil, nil)
	require.ErrorIs(t, err, fault.ErrInvalid)
	s, err := w.s.Opportunities().Get(w.ctx, id, 1<<15)
	require.NoError(t, err)
	require.Zero(t, s.Loaded)
	_, err = w.eng.As(pursuit.Actor{}).Opportunities().Get(w.ctx, id, 0)
	require.ErrorIs(t, err, fault.ErrInvalid, "the zero actor")
	_, err = w.s.Opportunities().Record(w.ctx, w.input(), pursuit.At(time.Date(9000, 1, 1, 0, 0, 0, 0, time.UTC)))
	require.ErrorIs(t, err, fault.ErrInvalid)
	require.Equal(t, "OPP-2026-000002", w.record().Number, "no number was taken for it")
	n := 0
	for _, err = range w.s.Orders().ByOpportunity(w.ctx, uuid.Nil) {
		require.ErrorIs(t, err, fault.ErrSalesSystemDisabled)
		n++
	}
	require.Equal(t, 1, n)
}
