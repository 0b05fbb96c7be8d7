package customer_test

import (
	"testing"

	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/internal/journalled"
	"github.com/pursuit-crm/pursuit/journal"
)

// TestJ05_J06_WhatWasJournalledReplays holds what was journalled before the wire form
// was settled; see package journalled.
func TestJ05_J06_WhatWasJournalledReplays(t *testing.T) {
	journalled.Holds(t, "testdata/journalled.json", "customer", func(entries []journal.Entry) (any, error) {
		c, contacts, err := customer.Replay(entries)
		return map[string]any{"customer": c, "contacts": contacts}, err
	}, customer.EventDeleted)
}
