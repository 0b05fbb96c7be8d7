package pursuit

import (
	"encoding/hex"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/stage"
)

// TestO13_FingerprintsOutliveUpgrades holds the fingerprints of commands, which
// are stored: a field that is added to an input must not show while it is empty,
// or a repetition across an upgrade would be refused.
func TestO13_FingerprintsOutliveUpgrades(t *testing.T) {
	id := uuid.MustParse("01936a5e-0000-7000-8000-000000000001")
	line := opportunity.LineInput{Product: "WS-1", Quantity: decimal.NewFromInt(2), Price: decimal.RequireFromString("9.50")}
	s := &Session{actor: Actor{Tenant: "acme", User: "ann"}}
	for name, x := range map[string]struct {
		input any
		want  string
	}{
		"record":          {opportunity.RecordInput{Name: "Big deal", Customer: id, Owner: "ann", Currency: money.CNY, Lines: []opportunity.LineInput{line}}, "0030d7168326"},
		"update":          {opportunity.UpdateInput{}, "79e86cfe4d0a"},
		"advance":         {opportunity.AdvanceInput{To: "b", Summary: "done"}, "ceca590dd334"},
		"win":             {opportunity.WinInput{Reasons: []opportunity.Choice{{Reason: id}}, Summary: "signed"}, "2682eab0d80a"},
		"lose":            {opportunity.LoseInput{Reasons: []opportunity.Choice{{Reason: id}}, Summary: "gone"}, "c35ceb747e0c"},
		"hold":            {opportunity.HoldInput{Reason: "budget"}, "d69021d3a0c8"},
		"reopen":          {opportunity.ReopenInput{Reason: "mistake"}, "3f9d62b393b9"},
		"close":           {opportunity.CloseInput{}, "958f2adee423"},
		"migrate":         {opportunity.MigrateInput{Process: id}, "63585c964251"},
		"approve":         {opportunity.ApproveInput{Role: access.Manager}, "df298499cfa0"},
		"member":          {opportunity.MemberInput{User: "bob", Role: opportunity.RoleSales, Access: opportunity.Read}, "4bcc3176d5a9"},
		"contact":         {opportunity.ContactInput{Contact: id, Role: opportunity.Champion}, "290ec1a70251"},
		"rival":           {opportunity.CompetitorInput{Competitor: id}, "caad6873d6c4"},
		"plan":            {opportunity.PlanActivityInput{Kind: opportunity.Call, Subject: "Call", Due: time.Date(2026, 3, 6, 9, 0, 0, 0, time.UTC)}, "72c549670c8b"},
		"log":             {opportunity.LogActivityInput{Kind: opportunity.Call, Subject: "Call", Result: "fine"}, "44d2b737c623"},
		"activity":        {ofPart{id, opportunity.UpdateActivityInput{}}, "204b2cd0e225"},
		"complete":        {ofPart{id, opportunity.CompleteActivityInput{Result: "fine"}}, "f745d31dfa73"},
		"cancel activity": {ofPart{id, opportunity.CancelActivityInput{}}, "68cc92b53c29"},
		"remove":          {ofPart{id, nil}, "d3925e3e19fd"},
		"spend":           {opportunity.AddExpenseInput{Category: id, Amount: money.FromMinor(1, money.EUR)}, "11f62117ffdf"},
		"expense":         {ofPart{id, opportunity.UpdateExpenseInput{}}, "9b69eea96927"},
		"reject":          {ofPart{id, opportunity.RejectExpenseInput{Reason: "no"}}, "0f6c823ddbfd"},
		"settle":          {ofPart{id, opportunity.SettleExpenseInput{}}, "b471e6891d0e"},
		"buyer":           {customer.CreateInput{Name: "Northwind"}, "5a7730448253"},
		"entry":           {archive.CreateInput{Kind: archive.Source, Code: "web", Names: map[string]string{"en": "Web"}}, "d85651013b2e"},
		"buyer change":    {customer.UpdateInput{}, "859c068ef4c7"},
		"contact change":  {customer.UpdateContactInput{}, "64d10526f666"},
		"entry change":    {archive.UpdateInput{}, "ad1276d73878"},
		"line change":     {opportunity.UpdateLineInput{Price: &line.Price}, "c146ff1bc959"},
		"rival change":    {opportunity.UpdateCompetitorInput{Competitor: id}, "fbacca952cd0"},
		"process":         {stage.Simple(), "f6a6b1753282"},
		"order":           {order.CreateInput{}, "1ad9ce2cf41d"},
		"event":           {[]order.EventInput{{External: "D-1", Kind: order.Delivery, Line: 1, Quantity: decimal.NewFromInt(1)}}, "e27411319940"},
	} {
		c := command{s: s, name: name, input: x.input, target: id, call: call{at: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}}
		sum, err := c.fingerprint()
		require.NoError(t, err)
		require.Equal(t, x.want, hex.EncodeToString(sum[:6]), name)
	}
}

// TestB14_WhatIsTooLargeIsNotPrinted: an input of a million lines is refused before
// its fingerprint would print it; one that is as large as commands take is not.
func TestB14_WhatIsTooLargeIsNotPrinted(t *testing.T) {
	long := strings.Repeat("x", 9<<20)
	many := make([]opportunity.LineInput, 1_000_000)
	inputs := map[string]any{
		"/lines too_many": opportunity.RecordInput{Lines: many},
		" too_many":       many,
		"/name too_long":  opportunity.RecordInput{Name: long},
		"/attributes/k too_long": struct {
			A map[string]string `json:"attributes"`
		}{map[string]string{"k": long}},
		"/In/attributes too_many": struct{ In opportunity.RecordInput }{opportunity.RecordInput{Attributes: func() map[string]string {
			m := map[string]string{}
			for i := range maxInputValues + 1 {
				m[strconv.Itoa(i)] = ""
			}
			return m
		}()}},
	}
	for want, in := range inputs {
		require.Less(t, allocated(func() { _ = encodable(in) }), uint64(1<<20), want)
		f := fault.FieldsOf(encodable(in))
		require.Len(t, f, 1, want)
		path, code, _ := strings.Cut(want, " ")
		if path != "/attributes/k" { // a map's values have its own path
			require.Equal(t, path, f[0].Path)
		}
		require.Equal(t, code, f[0].Code)
	}
	require.NoError(t, encodable(opportunity.RecordInput{Lines: many[:opportunity.MaxLines]}))
	// The twin: what isn't looked at is printed, whole.
	require.Greater(t, allocated(func() {
		_, err := (&command{s: &Session{}, input: many[:100_000]}).fingerprint()
		require.NoError(t, err)
	}), uint64(1<<20))
}

// allocated is how many bytes f allocates.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}
