package opportunity_test

import (
	"encoding/json"
	"regexp"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
)

func counts(d *deal) []int {
	n := d.snap.Counts
	return []int{n.Quotes, n.OpenQuotes, n.AcceptedQuotes}
}

// lined is rich without an amount set by hand.
func lined() opportunity.RecordInput {
	in := rich()
	in.Override = nil
	return in
}

// older makes the deal what its journal would give, had it been written before
// amounts followed accepted quotes.
func (d *deal) older() {
	d.t.Helper()
	var head journal.Head
	d.entries = slices.Clone(d.entries)
	for i, e := range d.entries {
		payload := regexp.MustCompile(`,"accepted_net":\{[^}]*\}`).ReplaceAll(e.Payload, nil)
		old, err := head.Append(e.Tenant, e.Kind, e.Aggregate, e.ID, e.Version, journal.Event{Type: e.Type, Payload: json.RawMessage(payload)}, e.Moment)
		require.NoError(d.t, err)
		d.entries[i] = old
	}
	s, ledger, _, err := opportunity.Replay(d.entries)
	require.NoError(d.t, err)
	d.snap, d.ledger = s, ledger
}

// TestQ10_TheAmountsFollowTheQuotes counts quotes, open ones and accepted ones, what
// is quoted, and what the deal comes to: the accepted quote, or else its lines.
func TestQ10_TheAmountsFollowTheQuotes(t *testing.T) {
	d := record(t, lined())
	line := d.snap.LineTotal
	for _, x := range []struct {
		what   string
		do     command
		counts []int
		quoted int64
	}{
		{"made", quoteMade, []int{1, 0, 0}, 0},
		{"sent", quoteSent(usd(500)), []int{1, 1, 0}, 500},
		{"another made", quoteMade, []int{2, 1, 0}, 500},
		{"another sent", quoteSent(usd(450)), []int{2, 2, 0}, 450},
		{"one extended", quoteExtended(usd(500), false), []int{2, 2, 0}, 450},
		{"the second expired: the first stands", quoteEnded("expired", false, usd(500)), []int{2, 1, 0}, 500},
		{"extended, it is what was sent last", quoteExtended(usd(450), true), []int{2, 2, 0}, 450},
		{"the first withdrawn", quoteEnded("withdrawn", false, usd(450)), []int{2, 1, 0}, 450},
		{"both withdrawn", quoteEnded("withdrawn", false, usd(0)), []int{2, 0, 0}, 0},
		{"sent again", quoteSent(usd(500)), []int{2, 1, 0}, 500},
		{"and the other", quoteSent(usd(450)), []int{2, 2, 0}, 450},
		{"one accepted, the other superseded", quoteAccepted(usd(450), 1, 0), []int{2, 0, 1}, 450},
		{"sent beside an accepted one", quoteSent(usd(1)), []int{2, 1, 1}, 450},
		{"accepted in its place", quoteAccepted(usd(400), 0, 1), []int{2, 0, 1}, 400},
		{"the accepted one revised", quoteEnded("revised", true, usd(0)), []int{2, 0, 0}, 0},
		{"and sent", quoteSent(usd(390)), []int{2, 1, 0}, 390},
		{"and accepted", quoteAccepted(usd(390), 0, 0), []int{2, 0, 1}, 390},
		{"and a third sent", quoteSent(usd(5)), []int{2, 1, 1}, 390},
		{"the accepted one withdrawn after all", quoteEnded("withdrawn", true, usd(5)), []int{2, 1, 0}, 5},
	} {
		before := d.snap.Version
		d.must(none, x.do)
		require.Equal(t, x.counts, counts(d), x.what)
		require.Equal(t, usd(x.quoted), d.snap.Quoted, x.what)
		require.Equal(t, before+1, d.snap.Version, "O11")
		require.Equal(t, line, d.snap.LineTotal) // kept apart
		if x.counts[2] > 0 {
			require.Equal(t, usd(x.quoted), d.snap.Amount(), x.what)
			require.Equal(t, usd(x.quoted), *d.snap.Accepted)
		} else {
			require.Equal(t, line, d.snap.Amount(), x.what)
			require.Nil(t, d.snap.Accepted)
		}
	}
	require.Equal(t, []string{"/net/currency mismatch"}, d.refused(fault.ErrInvalid, none, quoteSent(money.FromMinor(1, money.EUR))))
	require.Equal(t, []string{"/net/amount negative"}, d.refused(fault.ErrInvalid, none, quoteAccepted(usd(-1), 0, 0)))
	d.refused(fault.ErrNotAllowed, none, quoteEnded("revised", true, usd(0))) // none is accepted
}

// TestQ03_OpenQuotesAreSettledByWinningAndLosing holds the default and what
// replaces it.
func TestQ03_OpenQuotesAreSettledByWinningAndLosing(t *testing.T) {
	offered := func() *deal {
		d := record(t, lined())
		d.must(none, quoteMade)
		d.must(none, quoteMade)
		d.must(none, quoteSent(usd(500)))
		d.must(none, quoteSent(usd(450)))
		return d
	}
	for name, end := range map[string]command{"win": win(price), "lose": lose(opportunity.LoseInput{Reasons: chosen(noBudget)})} {
		t.Run("Q03/"+name, func(t *testing.T) {
			d := offered()
			require.Equal(t, []string{"/quotes open"}, d.refused(fault.ErrNotAllowed, none, end))
			left := opportunity.SettledQuotes{Ended: 1, Open: []string{"QUO-2"}}
			require.Equal(t, []string{"/quotes/QUO-2 open"}, d.refused(fault.ErrNotAllowed, none, settled(left, end)))
			d.must(none, settled(opportunity.SettledQuotes{Ended: 2}, end))
			require.Equal(t, []int{2, 0, 0}, counts(d))
			require.Equal(t, usd(0), d.snap.Quoted, "Q10: none stands")
		})
	}
	t.Run("Q03/win with an accepted one", func(t *testing.T) {
		d := offered()
		d.must(none, quoteAccepted(usd(450), 0, 0))
		d.must(none, settled(opportunity.SettledQuotes{Accepted: id(82), Net: usd(500), Ended: 1, Superseded: 1}, win(price)))
		require.Equal(t, []int{2, 0, 1}, counts(d))
		require.Equal(t, usd(500), d.snap.Quoted)
		d.refused(fault.ErrNotAllowed, none, quoteSent(usd(1)))
		require.Equal(t, usd(500), d.snap.Outcome.Amount, "Q10")
		require.Equal(t, []string{"/status won"}, d.refused(fault.ErrNotAllowed, none, quoteEnded("rejected", true, usd(0))), "what was won stays accepted")
	})
	t.Run("Q03/an unknown policy", func(t *testing.T) {
		d := record(t, rich())
		require.Equal(t, []string{"/quotes unknown"}, d.refused(fault.ErrInvalid, none, lose(opportunity.LoseInput{Reasons: chosen(noBudget), Quotes: "burn"})))
	})
}

// TestO09_AnOpenQuoteForbidsClosing, as an open one of a won deal, which only an
// older journal can hold, would.
func TestO09_AnOpenQuoteForbidsClosing(t *testing.T) {
	d := in(t, opportunity.Won)
	d.snap.Counts.OpenQuotes = 1
	require.Equal(t, []string{"/quotes open"}, d.refused(fault.ErrNotAllowed, none, closeIt))
}

func TestO14_O17_O18_QuotesKeepWhatTheyRestOn(t *testing.T) {
	in := basic()
	d := record(t, in)
	d.must(none, quoteMade) // a draft
	require.Equal(t, []string{"/quotes exist"}, d.refused(fault.ErrNotAllowed, none, remove))
	require.Equal(t, []string{"/currency fixed"}, d.refused(fault.ErrNotAllowed, none, update(opportunity.UpdateInput{Currency: money.EUR, Estimated: ptr(money.FromMinor(5, money.EUR))})))
	d.must(contacts, update(opportunity.UpdateInput{Customer: &user})) // a draft isn't live
	d.must(none, quoteSent(usd(1)))
	require.Equal(t, []string{"/customer fixed"}, d.refused(fault.ErrNotAllowed, contacts, update(opportunity.UpdateInput{Customer: &buyer})))
	d.must(none, quoteAccepted(usd(1), 0, 0))
	require.Equal(t, []string{"/customer fixed"}, d.refused(fault.ErrNotAllowed, contacts, update(opportunity.UpdateInput{Customer: &buyer})))
	d.snap.Counts.Quotes = opportunity.MaxQuotes
	require.ErrorIs(t, quoteMade(d.load(none), d.next()), fault.ErrLimit)
}

// TestQ10_WhatIsWonIsWhatWasAccepted wins deals with an estimate only, and with an
// amount set by hand.
func TestQ10_WhatIsWonIsWhatWasAccepted(t *testing.T) {
	in := basic()
	in.Estimated = usd(500_00)
	accept := opportunity.SettledQuotes{Accepted: id(81), Net: usd(450_00), Ended: 1}
	offered := func() *deal {
		d := record(t, in)
		d.must(none, quoteMade)
		d.must(none, quoteSent(usd(450_00)))
		require.Equal(t, usd(500_00), d.snap.Amount(), "what is sent isn't accepted")
		return d
	}
	t.Run("Q10/by the win", func(t *testing.T) {
		d := offered()
		d.must(none, settled(accept, win(price)))
		require.Equal(t, usd(450_00), d.snap.Outcome.Amount)
		require.Equal(t, usd(450_00), d.snap.Amount())
	})
	t.Run("Q10/before it", func(t *testing.T) {
		d := offered()
		d.must(none, quoteAccepted(usd(450_00), 0, 0))
		d.must(none, win(price))
		require.Equal(t, usd(450_00), d.snap.Outcome.Amount)
	})
	t.Run("Q10/what is set by hand sticks", func(t *testing.T) {
		d := offered()
		d.must(none, update(opportunity.UpdateInput{Override: ptr(usd(7))}))
		d.must(none, settled(accept, win(price)))
		require.Equal(t, usd(7), d.snap.Outcome.Amount)
		require.Equal(t, usd(450_00), *d.snap.Accepted)
	})
	t.Run("Q10/accepted when amounts didn't follow", func(t *testing.T) {
		d := offered()
		d.must(none, quoteAccepted(usd(450_00), 0, 0))
		d.older()
		require.Nil(t, d.snap.Accepted)
		require.Equal(t, usd(500_00), d.snap.Amount(), "J05: an older journal replays to what it was")
		require.Equal(t, usd(500_00), d.ledger[len(d.ledger)-1].Amount)
		won := *d
		won.must(none, win(price))
		require.Equal(t, usd(450_00), won.snap.Outcome.Amount)
		d.must(none, quoteMade)
		require.Equal(t, usd(450_00), d.snap.Amount(), "the next word about its quotes brings it along")
		require.Equal(t, usd(450_00), d.ledger[len(d.ledger)-1].Amount)
	})
}

// TestQ15_NoQuoteStandsOnADealThatWasntWon loses and voids deals whose quote is
// accepted, open ones and one that was reopened.
func TestQ15_NoQuoteStandsOnADealThatWasntWon(t *testing.T) {
	void := func(o *opportunity.Opportunity, at journal.Moment) error {
		return o.Void(opportunity.VoidInput{Reason: "a mistake"}, at)
	}
	for name, end := range map[string]command{"lose": lose(opportunity.LoseInput{Reasons: chosen(noBudget)}), "void": void} {
		t.Run("Q15/"+name, func(t *testing.T) {
			d := record(t, lined())
			line := d.snap.LineTotal
			d.must(none, quoteMade)
			d.must(none, quoteSent(usd(500)))
			require.Equal(t, []string{"/quotes open"}, d.refused(fault.ErrNotAllowed, none, end))
			d.must(none, settled(opportunity.SettledQuotes{Accepted: id(81), Net: usd(500), Ended: 1}, win(price)))
			d.must(none, reopen(""))
			require.Equal(t, []int{1, 0, 1}, counts(d))
			require.Equal(t, usd(500), d.snap.Amount(), "it is what is won again")
			require.Equal(t, []string{"/quotes accepted"}, d.refused(fault.ErrNotAllowed, none, end))
			require.Equal(t, []string{"/quotes/QUO-1 accepted"}, d.refused(fault.ErrNotAllowed, none, settled(opportunity.SettledQuotes{Standing: []string{"QUO-1"}}, end)))
			d.must(none, settled(opportunity.SettledQuotes{Superseded: 1}, end))
			require.Equal(t, []int{1, 0, 0}, counts(d))
			require.Equal(t, []money.Money{usd(0), line, line}, []money.Money{d.snap.Quoted, d.snap.Amount(), d.snap.Outcome.Amount})
		})
	}
	t.Run("Q15/win", func(t *testing.T) {
		d := record(t, lined())
		d.must(none, quoteMade)
		d.must(none, quoteSent(usd(500)))
		d.must(none, settled(opportunity.SettledQuotes{Accepted: id(81), Net: usd(500), Ended: 1}, win(price)))
		d.must(none, reopen(""))
		d.must(none, settled(opportunity.SettledQuotes{Accepted: id(81), Net: usd(500), Superseded: 1}, win(price))) // named again
		require.Equal(t, []int{1, 0, 1}, counts(d))
		require.Equal(t, usd(500), d.snap.Outcome.Amount)
	})
}
