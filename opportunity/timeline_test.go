package opportunity_test

import (
	"os"
	"path/filepath"
	"regexp"
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

// TestEveryEventHasALabel reads the types of events from the source.
func TestEveryEventHasALabel(t *testing.T) {
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	types := regexp.MustCompile(`(?m)^\s*(?:const )?Event\w+\s*= "(opportunity\.[a-z_.0-9]+)"`)
	seen := map[string]string{}
	for _, name := range files {
		src, err := os.ReadFile(name)
		require.NoError(t, err)
		for _, m := range types.FindAllStringSubmatch(string(src), -1) {
			event := m[1]
			en, zh := opportunity.EventLabel(event, "en"), opportunity.EventLabel(event, "zh-CN")
			require.NotEqual(t, event, en, "%s has no label", event)
			require.NotEqual(t, en, zh)
			for _, l := range []string{en, zh} {
				require.Empty(t, seen[l], "%s: %s is said twice", event, l)
				seen[l] = event
			}
		}
	}
	require.Greater(t, len(seen), 2*40)
	require.Equal(t, "unheard", opportunity.EventLabel("unheard", "zh"))

	held := opportunity.TimelineItem{Kind: opportunity.TimelineEvent, Event: opportunity.EventHeld}
	require.Equal(t, "暂停", held.Label("zh"))
	won := opportunity.TimelineItem{Kind: opportunity.TimelineProgress, Event: opportunity.EventWon, Progress: opportunity.EndedWon}
	require.Equal(t, "成功", won.Label("zh"))
	call := opportunity.TimelineOfActivity(opportunity.Activity{Kind: opportunity.Call})
	require.Equal(t, "call", call.Label("en"))
}
