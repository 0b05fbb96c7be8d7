package archive_test

import (
	"testing"

	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/internal/journalled"
	"github.com/pursuit-crm/pursuit/journal"
)

// TestJ05_J06_WhatWasJournalledReplays holds what was journalled before the wire form
// was settled; see package journalled.
func TestJ05_J06_WhatWasJournalledReplays(t *testing.T) {
	journalled.Holds(t, "testdata/journalled.json", "archive", func(entries []journal.Entry) (any, error) { return archive.Replay(entries) },
		archive.EventActivated, archive.EventDeleted, archive.EventRetired, archive.EventScorecardPublished)
}
