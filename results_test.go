package pursuit

import (
	"encoding/json"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/storage"
)

// TestO13_ResultsOfBeforeAreRead: what was stored under a RequestID before results
// named their ids answers a repetition with the names.
func TestO13_ResultsOfBeforeAreRead(t *testing.T) {
	id, one, two := uuid.UUID{15: 1}, uuid.UUID{15: 2}, uuid.UUID{15: 3}
	whole := func(parts ...uuid.UUID) []byte {
		b, err := json.Marshal(map[string]any{"id": id, "number": "OPP-2026-000001", "version": 2, "parts": parts})
		require.NoError(t, err)
		return b
	}
	for command, change := range map[string]func(r *Result){
		"activities.plan":                     func(r *Result) { r.Activity = one },
		"activities.log":                      func(r *Result) { r.Activity = one },
		"expenses.add":                        func(r *Result) { r.Expense = one },
		"documents.add":                       func(r *Result) { r.Document = one },
		"evaluations.submit":                  func(r *Result) { r.Evaluation = one },
		"customer.contact_add":                func(r *Result) { r.Contact = one },
		"process.publish":                     func(r *Result) { r.ProcessVersion = one },
		"process.migrate":                     func(r *Result) { r.Opportunities = []uuid.UUID{one, two} },
		"customer.create":                     func(r *Result) { r.Contacts = []uuid.UUID{one, two} },
		"opportunity.record_for_new_customer": func(r *Result) { r.Contacts = []uuid.UUID{one, two} },
	} {
		want := Result{ID: id, Number: "OPP-2026-000001", Version: 2}
		change(&want)
		got, err := storedResult(storage.Request{Command: command, Result: whole(one, two)})
		require.NoError(t, err)
		require.Equal(t, want, got, command)
		b, err := json.Marshal(want)
		require.NoError(t, err)
		got, err = storedResult(storage.Request{Command: command, Result: b})
		require.NoError(t, err)
		require.Equal(t, want, got, command)
	}
	_, err := storedResult(storage.Request{Result: []byte("{")})
	require.Error(t, err)
}
