package quote_test

import (
	"testing"

	"github.com/pursuit-crm/pursuit/internal/journalled"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/quote"
)

// TestJ05_J06_WhatWasJournalledReplays holds what was journalled before the wire form
// was settled; see package journalled.
func TestJ05_J06_WhatWasJournalledReplays(t *testing.T) {
	journalled.Holds(t, "testdata/journalled.json", "quote", func(entries []journal.Entry) (any, error) { return quote.Replay(entries) },
		quote.EventAccepted, quote.EventExpired, quote.EventRevised, quote.EventSuperseded)
}
