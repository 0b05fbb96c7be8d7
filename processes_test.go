package pursuit_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/stage"
)

func (w *tenant) recordIn(process uuid.UUID) (opportunity.Snapshot, error) {
	r, err := w.s.Opportunities().Record(w.ctx, opportunity.RecordInput{Name: "Deal", Customer: w.customer, Currency: money.USD, Process: process})
	if err != nil {
		return opportunity.Snapshot{}, err
	}
	return w.get(r.ID), nil
}

func (w *tenant) defaults() (codes []string) {
	list, err := w.s.Processes().List(w.ctx, pursuit.ProcessQuery{}, pursuit.Page{})
	require.NoError(w.t, err)
	for _, p := range list.Items {
		if p.Default {
			codes = append(codes, p.Code)
		}
	}
	return codes
}

func TestP01_OneProcessIsTheDefault(t *testing.T) {
	w := newTenant(t)
	b2b, err := w.s.Processes().Publish(w.ctx, stage.B2B())
	require.NoError(t, err)
	simple, err := w.s.Processes().Publish(w.ctx, stage.Simple())
	require.NoError(t, err)
	require.Equal(t, []string{"crm"}, w.defaults(), "the first one")
	for process, first := range map[uuid.UUID]string{uuid.Nil: "prospecting", b2b.ID: "qualification", simple.ID: "contact"} {
		s, err := w.recordIn(process)
		require.NoError(t, err)
		require.Equal(t, first, s.Stage)
	}
	_, err = w.s.Processes().SetDefault(w.ctx, simple.ID)
	require.NoError(t, err)
	require.Equal(t, []string{"simple"}, w.defaults(), "the mark moves")
	s, err := w.recordIn(uuid.Nil)
	require.NoError(t, err)
	require.Equal(t, "contact", s.Stage)
	_, err = w.s.Processes().Retire(w.ctx, simple.ID)
	require.ErrorIs(t, err, fault.ErrNotAllowed, "there is always a default")
}

func TestP02_AChangeMakesTheNextVersion(t *testing.T) {
	w := newTenant(t)
	before, err := w.s.Processes().Get(w.ctx, w.process)
	require.NoError(t, err)
	s, err := w.recordIn(w.process)
	require.NoError(t, err)
	next := before.Definition.Clone()
	next.Stages[0].Names["en"] = "Renamed"
	_, err = w.s.Processes().Publish(w.ctx, next)
	require.NoError(t, err)
	after, err := w.s.Processes().Get(w.ctx, w.process)
	require.NoError(t, err)
	require.Equal(t, before.Latest+1, after.Latest)
	require.NotEqual(t, before.Definition.VersionID, after.Definition.VersionID)
	old, err := w.s.Processes().Version(w.ctx, before.Definition.VersionID)
	require.NoError(t, err)
	require.Equal(t, before.Definition, old, "P02: the published version stays")
	require.Equal(t, before.Definition.VersionID, w.get(s.ID).ProcessVersion, "P05: and its opportunities stay on it")
	next.Code = "other"
	_, err = w.s.Processes().Publish(w.ctx, next)
	require.ErrorIs(t, err, fault.ErrInvalid)
}

func TestP06_RetiredTakesNoOpportunity_UsedIsNotDeleted(t *testing.T) {
	w := newTenant(t)
	simple, err := w.s.Processes().Publish(w.ctx, stage.Simple())
	require.NoError(t, err)
	s, err := w.recordIn(simple.ID)
	require.NoError(t, err)
	_, err = w.s.Processes().Delete(w.ctx, simple.ID)
	require.ErrorIs(t, err, fault.ErrInUse)
	_, err = w.s.Processes().Retire(w.ctx, simple.ID)
	require.NoError(t, err)
	_, err = w.recordIn(simple.ID)
	require.ErrorIs(t, err, fault.ErrNotAllowed)
	_, err = w.s.Opportunities().Advance(w.ctx, s.ID, opportunity.AdvanceInput{To: "offer", Summary: "met"})
	require.NoError(t, err, "existing ones go on")
	_, err = w.s.Processes().SetDefault(w.ctx, simple.ID)
	require.ErrorIs(t, err, fault.ErrNotAllowed)
	_, err = w.s.Processes().Activate(w.ctx, simple.ID)
	require.NoError(t, err)
	_, err = w.recordIn(simple.ID)
	require.NoError(t, err)
	spare := stage.Simple()
	spare.Code = "spare"
	r, err := w.s.Processes().Publish(w.ctx, spare)
	require.NoError(t, err)
	_, err = w.s.Processes().Delete(w.ctx, r.ID)
	require.NoError(t, err, "one that nothing used")
}
