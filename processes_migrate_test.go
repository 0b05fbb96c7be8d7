package pursuit_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/stage"
)

// bare records a deal without lines and expected close.
func (w *tenant) bare() pursuit.Result {
	w.t.Helper()
	r, err := w.s.Opportunities().Record(w.ctx, opportunity.RecordInput{Name: "Bare", Customer: w.customer, Currency: money.USD})
	require.NoError(w.t, err)
	return r
}

func TestP05_MigratingAProcess(t *testing.T) {
	w := newTenant(t)
	h := w.s.Processes()
	full, bare, held := w.record(), w.bare(), w.record()
	w.must(w.s.Opportunities().Hold(w.ctx, held.ID, opportunity.HoldInput{Reason: "budget"}))
	won := w.won()
	versions, err := h.Versions(w.ctx, w.process)
	require.NoError(t, err)
	next := versions[0].Clone()
	next.Stages = []stage.Stage{
		{ID: "first", Names: names("First"), Probability: 2000, Category: stage.Pipeline, Entry: []stage.Gate{{Kind: stage.GateLines, Params: map[string]string{"n": "1"}}, {Kind: stage.GateExpectedClose}}},
		{ID: "engaging", Names: names("Engaging"), Probability: 6000, Category: stage.BestCase},
	}
	published, err := h.Publish(w.ctx, next)
	require.NoError(t, err)
	in := pursuit.MigrateInput{Version: versions[0].VersionID, Process: w.process}

	// Nothing is mapped yet.
	plan, err := h.PlanMigration(w.ctx, in)
	require.NoError(t, err)
	require.Empty(t, plan.Moves)
	require.Len(t, plan.Deals, 3, "what is decided keeps its version")
	require.Len(t, plan.Unmapped, 1)
	_, err = h.Migrate(w.ctx, in)
	require.ErrorIs(t, err, fault.ErrNotAllowed)
	require.Equal(t, plan.Unmapped, fault.FieldsOf(err))
	long := in
	long.Override = strings.Repeat("x", 4001)
	_, err = h.PlanMigration(w.ctx, long)
	require.ErrorIs(t, err, fault.ErrInvalid)
	_, err = h.Migrate(w.ctx, long)
	require.Equal(t, "/override", fault.FieldsOf(err)[0].Path)

	// P08: what isn't mapped and what isn't met are listed together.
	w.must(w.s.Opportunities().Advance(w.ctx, full.ID, opportunity.AdvanceInput{To: "engaging", Summary: "done"}))
	some := in
	some.Stages = map[string]string{"prospecting": "first", "engaging": "nowhere"}
	_, err = h.Migrate(w.ctx, some)
	require.Equal(t, "process.migration", fault.CodeOf(err))
	var paths []string
	for _, f := range fault.FieldsOf(err) {
		paths = append(paths, f.Path)
	}
	require.Equal(t, []string{"/stages/engaging", "/opportunities/" + bare.Number + "/gate/lines_min", "/opportunities/" + bare.Number + "/gate/expected_close_set"}, paths)
	w.must(w.s.Opportunities().Advance(w.ctx, full.ID, opportunity.AdvanceInput{To: "prospecting", Summary: "back"}))

	// One of them doesn't meet the gates of where it would go.
	in.Stages = map[string]string{"prospecting": "first"}
	plan, err = h.PlanMigration(w.ctx, in)
	require.NoError(t, err)
	require.Empty(t, plan.Unmapped)
	require.False(t, plan.More)
	require.Equal(t, []pursuit.MigrationMove{{From: "prospecting", To: "first", Count: 3}}, plan.Moves)
	unmet := map[uuid.UUID]int{}
	for _, d := range plan.Deals {
		unmet[d.ID] = len(d.Unmet)
		require.Equal(t, "first", d.To)
	}
	require.Equal(t, map[uuid.UUID]int{full.ID: 0, bare.ID: 2, held.ID: 0}, unmet)
	_, err = h.Migrate(w.ctx, in)
	require.ErrorIs(t, err, fault.ErrNotAllowed)
	require.Equal(t, "process.migrate.gates", fault.CodeOf(err))
	require.Len(t, fault.FieldsOf(err), 2, "P08: all of them")
	require.Contains(t, fault.FieldsOf(err)[0].Path, "/opportunities/"+bare.Number+"/")
	for _, r := range []uuid.UUID{full.ID, bare.ID, held.ID} {
		require.Equal(t, "prospecting", w.get(r).Stage, "all or none, and a plan changes nothing")
	}

	in.Override = "the board wants it"
	res, err := h.Migrate(w.ctx, in, pursuit.RequestID("m"))
	require.NoError(t, err)
	require.ElementsMatch(t, []uuid.UUID{full.ID, bare.ID, held.ID}, res.Opportunities)
	again, err := h.Migrate(w.ctx, in, pursuit.RequestID("m"))
	require.NoError(t, err)
	require.True(t, again.Repeated)
	require.Equal(t, res.Opportunities, again.Opportunities)
	for _, id := range res.Opportunities {
		s := w.get(id)
		require.Equal(t, "first", s.Stage)
		require.Equal(t, published.ProcessVersion, s.ProcessVersion)
		require.Equal(t, 2000, s.Probability)
	}
	require.Equal(t, versions[0].VersionID, w.get(won).ProcessVersion)
	res, err = h.Migrate(w.ctx, in)
	require.NoError(t, err)
	require.Empty(t, res.Opportunities, "nothing is left")

	_, err = h.PlanMigration(w.ctx, pursuit.MigrateInput{Version: published.ProcessVersion, Process: w.process})
	require.Equal(t, "opportunity.migrate.same", fault.CodeOf(err))
	for _, bad := range []pursuit.MigrateInput{{Version: uuid.New(), Process: w.process}, {Version: in.Version, Process: uuid.New()}, {}} {
		_, err = h.PlanMigration(w.ctx, bad)
		require.ErrorIs(t, err, fault.ErrNotFound)
		_, err = h.Migrate(w.ctx, bad)
		require.ErrorIs(t, err, fault.ErrNotFound)
	}
	_, err = w.as(access.Manager).Processes().Migrate(w.ctx, in)
	require.ErrorIs(t, err, fault.ErrForbidden)
}
