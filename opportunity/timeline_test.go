package opportunity_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/opportunity"
)

func TestTimelinePlacesAreInOneOrder(t *testing.T) {
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	want := []opportunity.TimelinePlace{
		{At: at.Add(time.Microsecond), Activity: uuid.UUID{1}},
		{At: at, Entry: 3, Progress: true}, {At: at, Entry: 3}, {At: at, Entry: 2, Progress: true},
		{At: at, Activity: uuid.UUID{9}}, {At: at, Activity: uuid.UUID{1}},
		{At: at.Add(-time.Microsecond), Entry: 4},
	}
	for i, a := range want {
		for k, b := range want {
			switch got := a.Compare(b); {
			case i < k:
				require.Negative(t, got, "%d %d", i, k)
			case i > k:
				require.Positive(t, got, "%d %d", i, k)
			default:
				require.Zero(t, got)
			}
		}
	}
}

func TestTimelineItemsKnowTheirPlace(t *testing.T) {
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	a := opportunity.Activity{ID: uuid.UUID{7}, Status: opportunity.ActivityOpen, Due: at, Created: at.Add(-time.Hour), CreatedBy: "ann"}
	x := opportunity.TimelineOfActivity(a)
	require.Equal(t, opportunity.TimelinePlace{At: at, Activity: a.ID}, x.Place())
	require.Equal(t, "ann", x.By)
	a.Status, a.Done = opportunity.ActivityDone, at.Add(time.Hour)
	done := opportunity.TimelineOfActivity(a)
	require.Equal(t, a.Done, done.At, "R01: it stands where it was done")
	require.Equal(t, opportunity.ActivityOpen, x.Activity.Status, "items share nothing")
	p := opportunity.TimelineOf(&opportunity.LedgerRow{EffectiveFrom: at, RecordedFrom: at, Entry: 4, Progress: opportunity.EndedWon, FromStage: "a", Stage: "b", Summary: "s", By: "bob", Event: opportunity.EventWon})
	require.Equal(t, opportunity.TimelinePlace{At: at, Entry: 4, Progress: true}, p.Place())
	require.Equal(t, "b", p.ToStage)
}

// TestO04_ProgressIsNoEventInATimeline: what sums a stage's work up, and nothing
// else but what is done to activities, is shown elsewhere than as an event.
func TestO04_ProgressIsNoEventInATimeline(t *testing.T) {
	list := opportunity.ShownElsewhere()
	for _, e := range []string{opportunity.EventMoved, opportunity.EventWon, opportunity.EventLost, opportunity.EventActivityPlanned,
		opportunity.EventActivityLogged, opportunity.EventActivityUpdated, opportunity.EventActivityCompleted, opportunity.EventActivityCancelled} {
		require.Contains(t, list, e)
	}
	require.Len(t, list, 8)
	list[0] = "changed"
	require.False(t, slices.Contains(opportunity.ShownElsewhere(), "changed"))
}
