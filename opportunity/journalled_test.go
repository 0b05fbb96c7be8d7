package opportunity_test

import (
	"testing"

	"github.com/pursuit-crm/pursuit/internal/journalled"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/opportunity"
)

// TestJ05_J06_WhatWasJournalledReplays holds what was journalled before the wire form
// was settled; see package journalled.
func TestJ05_J06_WhatWasJournalledReplays(t *testing.T) {
	journalled.Holds(t, "testdata/journalled.json", "opportunity", func(entries []journal.Entry) (any, error) {
		s, ledger, deleted, err := opportunity.Replay(entries)
		return map[string]any{"snapshot": s, "ledger": ledger, "deleted": deleted}, err
	}, opportunity.EventClosed, opportunity.EventDeleted, opportunity.EventResumed)
}
