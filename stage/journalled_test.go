package stage_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/internal/journalled"
	"github.com/pursuit-crm/pursuit/journal"
)

// TestJ06_WhatWasJournalledVerifies holds what was journalled before the wire form
// was settled; see package journalled.
func TestJ06_WhatWasJournalledVerifies(t *testing.T) {
	list, err := journalled.Read("testdata/journalled.json")
	require.NoError(t, err)
	for _, j := range list {
		require.NoError(t, journal.Verify(j.Entries, j.Head), j.Name)
	}
	declared, err := journalled.Declared("..", "process")
	require.NoError(t, err)
	require.Equal(t, declared, journalled.Types(list))
}
