package quote_test

import (
	"encoding/json"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/journalled"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/quote"
)

var quoteEvents = []string{
	quote.EventCreated, quote.EventUpdated, quote.EventSent, quote.EventAccepted, quote.EventRejected,
	quote.EventWithdrawn, quote.EventExpired, quote.EventExtended, quote.EventRevised, quote.EventSuperseded,
}

// scriptedQuotes have every type of event, each followed by what shows its effect.
func scriptedQuotes(t *testing.T) []*offerBook {
	begin := func() *offerBook { return offerOf(t, open(money.CNY, money.TaxExclusive), oneLine()) }
	b := begin()
	title, discount := "Better offer", dec("5")
	require.NoError(t, b.do(func(q *quote.Quote, at journal.Moment) error {
		return q.Update(quote.UpdateInput{Title: &title, Discount: &discount, Lines: []opportunity.LineInput{item("1", "99.99", "1", "13"), item("2", "5", "0", "")}}, at)
	}))
	return []*offerBook{
		b, begin().must(quote.Send), b.fork().must(quote.Send, quote.Reject, quote.Revise, quote.Send, quote.Accept),
		begin().must(quote.Send, quote.Reject), begin().must(quote.Withdraw), begin().must(quote.Send, quote.Expire),
		begin().must(quote.Send, quote.Expire, quote.Extend), begin().must(quote.Send, quote.Supersede),
	}
}

// fork goes on from the same state by itself.
func (b *offerBook) fork() *offerBook {
	c := *b
	c.entries = slices.Clone(b.entries)
	return &c
}

// TestJ05_QuoteForms holds what is stored and sent: fields are only ever added.
func TestJ05_QuoteForms(t *testing.T) {
	var all []journal.Entry
	for _, b := range scriptedQuotes(t) {
		all = append(all, b.entries...)
	}
	merged := offerOf(t, open(money.CNY, money.TaxExclusive), oneLine())
	require.NoError(t, merged.do(func(q *quote.Quote, at journal.Moment) error { return q.CustomerMerged(id(2), id(5), at) }))
	journalled.Forms(t, "testdata/events.golden", quote.Events(), append(all, merged.entries...), *updateGolden)
	x, err := json.MarshalIndent(scriptedQuotes(t)[2].s, "", "  ")
	require.NoError(t, err)
	golden(t, "quote.golden", append(x, '\n'))
	golden(t, "quote_lifecycle.mermaid.golden", []byte(quote.Lifecycle().Mermaid()))
}

// TestJ05_TheQuotesCheckHasTeeth is the twin: without any single field of any
// event, some history must no longer replay.
func TestJ05_TheQuotesCheckHasTeeth(t *testing.T) {
	noted := map[string]bool{"accepted.note": true, "expired.as_of": true, "revised.reason": true, "revised.from": true, "superseded.by": true,
		"sent.net": true, "sent.gross": true, "accepted.net": true, "accepted.gross": true, "extended.from": true}
	caught := map[string]bool{}
	for _, b := range scriptedQuotes(t) {
		for i, e := range b.entries {
			var payload map[string]json.RawMessage
			require.NoError(t, json.Unmarshal(e.Payload, &payload))
			for key := range payload {
				name := strings.TrimSuffix(strings.TrimPrefix(e.Type, "quote."), ".v1") + "." + key
				without := maps.Clone(payload)
				delete(without, key)
				bad := slices.Clone(b.entries)
				var err error
				bad[i].Payload, err = json.Marshal(without)
				require.NoError(t, err)
				got, err := quote.Replay(bad)
				caught[name] = caught[name] || err != nil || !reflect.DeepEqual(b.s, got)
			}
		}
	}
	require.NotEmpty(t, caught)
	for name, found := range caught {
		_, field, _ := strings.Cut(name, ".")
		told := field == "status" || field == "before" || field == "lines_before"
		require.True(t, found || noted[name] || told, "nothing depends on %s", name)
	}
}

func TestJ05_BrokenJournalsOfQuotes(t *testing.T) {
	b := offerOf(t, open(money.CNY, money.TaxExclusive), oneLine()).must(quote.Send)
	for name, entries := range map[string][]journal.Entry{
		"none": nil, "without its beginning": b.entries[1:], "twice begun": {b.entries[0], b.entries[0]},
		"another kind": func() []journal.Entry { e := slices.Clone(b.entries); e[1].Kind = journal.KindOrder; return e }(),
		"another type": func() []journal.Entry { e := slices.Clone(b.entries); e[1].Type = "quote.eaten.v1"; return e }(),
		"no payload":   func() []journal.Entry { e := slices.Clone(b.entries); e[1].Payload = []byte("{"); return e }(),
	} {
		_, err := quote.Replay(entries)
		require.ErrorIs(t, err, fault.ErrCorrupt, name)
	}
}

// TestJ05_J06_RandomHistoriesOfQuotes replays after every command, and keeps all
// sums right.
func TestJ05_J06_RandomHistoriesOfQuotes(t *testing.T) {
	g := rand.New(rand.NewPCG(7, 9))
	seen := map[string]int{}
	for range 60 {
		b := offerOf(t, open(money.CNY, []money.TaxTreatment{money.TaxExclusive, money.TaxInclusive}[g.IntN(2)]), oneLine())
		for range 30 {
			commands := quote.Commands()
			if g.IntN(4) > 0 {
				_ = b.do(command(commands[g.IntN(len(commands))]))
				continue
			}
			var u quote.UpdateInput
			if g.IntN(2) == 0 {
				for range 1 + g.IntN(4) {
					u.Lines = append(u.Lines, item("3", "33.335", []string{"0", "10", "101"}[g.IntN(3)], []string{"", "13", "6"}[g.IntN(3)]))
				}
			}
			if g.IntN(2) == 0 {
				d := dec([]string{"0", "7.7", "100"}[g.IntN(3)])
				u.Discount = &d
			}
			_ = b.do(func(q *quote.Quote, at journal.Moment) error { return q.Update(u, at) })
		}
		sums(t, b.s)
		for _, e := range b.entries {
			seen[e.Type]++
		}
		for i, p := range b.s.Past {
			require.Equal(t, i+1, p.Number)
			require.NotEqual(t, quote.Draft, p.Status)
		}
	}
	for _, typ := range quoteEvents {
		require.Positive(t, seen[typ], "%s never happened", typ)
	}
}

func TestQuoteClonesShareNothing(t *testing.T) {
	b := scriptedQuotes(t)[2]
	before, err := json.Marshal(b.s)
	require.NoError(t, err)
	c := b.s.Clone()
	for _, lines := range [][]quote.Line{c.Items, c.Past[0].Items} {
		lines[0].Number = 99
		*lines[0].Tax = dec("99")
	}
	c.Past[0].Title = "changed"
	after, err := json.Marshal(b.s)
	require.NoError(t, err)
	require.Equal(t, string(before), string(after))
}
