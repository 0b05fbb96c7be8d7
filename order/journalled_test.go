package order_test

import (
	"testing"

	"github.com/pursuit-crm/pursuit/internal/journalled"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/order"
)

// TestJ05_J06_WhatWasJournalledReplays holds what was journalled before the wire form
// was settled; see package journalled.
func TestJ05_J06_WhatWasJournalledReplays(t *testing.T) {
	journalled.Holds(t, "testdata/journalled.json", "order", func(entries []journal.Entry) (any, error) { return order.Replay(entries) },
		order.EventConfirmed)
	journalled.Holds(t, "testdata/journalled_settings.json", "sales_system", func(entries []journal.Entry) (any, error) { return order.ReplaySettings(entries) },
		order.EventDisabled, order.EventEnabled)
}
