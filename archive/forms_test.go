package archive_test

import (
	"flag"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/internal/journalled"
	"github.com/pursuit-crm/pursuit/journal"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestJ05_EventForms holds the payload of every type of event.
func TestJ05_EventForms(t *testing.T) {
	no, text := false, "whoever it was"
	in := archive.CreateInput{Kind: archive.LossReason, Code: "rival", Names: map[string]string{"en": "Rival", "zh-CN": "竞争对手"}, NeedsExplanation: true, NeedsCompetitor: true}
	a, err := archive.New(id(1), "acme", in, at(0))
	require.NoError(t, err)
	require.NoError(t, a.Update(archive.UpdateInput{NeedsExplanation: &no, Description: &text}, at(1)))
	require.NoError(t, a.Retire(at(2)))
	require.NoError(t, a.Activate(at(3)))
	c, err := a.Change(ids(100))
	require.NoError(t, err)
	require.NoError(t, a.Delete(false, at(4)), "ready for more")
	gone, err := a.Change(ids(200))
	require.NoError(t, err)
	all := append(c.Entries, gone.Entries...)
	require.NoError(t, journal.Verify(all, gone.Head))
	card, err := archive.New(id(2), "acme", archive.CreateInput{Kind: archive.Scorecard, Code: "bant", Names: map[string]string{"en": "BANT"}}, at(5))
	require.NoError(t, err)
	require.NoError(t, card.Publish(archive.BANT().Scorecard, 0, at(6)))
	published, err := card.Change(ids(300))
	require.NoError(t, err)
	journalled.Forms(t, "testdata/events.golden", archive.Events(), append(all, published.Entries...), *update)
}
