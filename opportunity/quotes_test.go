package opportunity_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
)

func counts(d *deal) []int {
	n := d.snap.Counts
	return []int{n.Quotes, n.OpenQuotes, n.AcceptedQuotes}
}

// TestO16_TheQuotedAmountFollowsTheQuotes counts quotes, open ones and accepted
// ones, and what was quoted.
func TestO16_TheQuotedAmountFollowsTheQuotes(t *testing.T) {
	d := record(t, rich())
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
		{"one expired: what was quoted stays", quoteEnded("expired", false), []int{2, 1, 0}, 450},
		{"extended, it is what was quoted last", quoteExtended(usd(500), true), []int{2, 2, 0}, 500},
		{"one accepted, the other superseded", quoteAccepted(usd(450), 1, 0), []int{2, 0, 1}, 450},
		{"sent beside an accepted one", quoteSent(usd(1)), []int{2, 1, 1}, 450},
		{"accepted in its place", quoteAccepted(usd(400), 0, 1), []int{2, 0, 1}, 400},
		{"the accepted one revised", quoteEnded("revised", true), []int{2, 0, 0}, 400},
		{"and sent", quoteSent(usd(390)), []int{2, 1, 0}, 390},
	} {
		before := d.snap.Version
		d.must(none, x.do)
		require.Equal(t, x.counts, counts(d), x.what)
		require.Equal(t, usd(x.quoted), d.snap.Quoted, x.what)
		require.Equal(t, before+1, d.snap.Version, "O11")
		require.Equal(t, line, d.snap.LineTotal) // kept apart
	}
	require.Equal(t, []string{"/net/currency mismatch"}, d.refused(fault.ErrInvalid, none, quoteSent(money.FromMinor(1, money.EUR))))
	require.Equal(t, []string{"/net/amount negative"}, d.refused(fault.ErrInvalid, none, quoteAccepted(usd(-1), 0, 0)))
	d.refused(fault.ErrNotAllowed, none, quoteEnded("revised", true)) // none is accepted
}

// TestQ03_OpenQuotesAreSettledByWinningAndLosing holds the default and what
// replaces it.
func TestQ03_OpenQuotesAreSettledByWinningAndLosing(t *testing.T) {
	offered := func() *deal {
		d := record(t, rich())
		d.must(none, quoteMade)
		d.must(none, quoteMade)
		d.must(none, quoteSent(usd(500)))
		d.must(none, quoteSent(usd(450)))
		return d
	}
	for name, end := range map[string]command{"win": win(price), "lose": lose(opportunity.Lose{Reasons: chosen(noBudget)})} {
		t.Run("Q03/"+name, func(t *testing.T) {
			d := offered()
			require.Equal(t, []string{"/quotes open"}, d.refused(fault.ErrNotAllowed, none, end))
			left := opportunity.SettledQuotes{Ended: 1, Open: []string{"QUO-2"}}
			require.Equal(t, []string{"/quotes/QUO-2 open"}, d.refused(fault.ErrNotAllowed, none, settled(left, end)))
			d.must(none, settled(opportunity.SettledQuotes{Ended: 2}, end))
			require.Equal(t, []int{2, 0, 0}, counts(d))
			require.Equal(t, usd(450), d.snap.Quoted)
		})
	}
	t.Run("Q03/win with an accepted one", func(t *testing.T) {
		d := offered()
		d.must(none, quoteAccepted(usd(450), 0, 0))
		d.must(none, settled(opportunity.SettledQuotes{Accepted: id(82), Net: usd(500), Ended: 1, Superseded: 1}, win(price)))
		require.Equal(t, []int{2, 0, 1}, counts(d))
		require.Equal(t, usd(500), d.snap.Quoted)
		d.refused(fault.ErrNotAllowed, none, quoteSent(usd(1)))
		d.must(none, quoteEnded("rejected", true)) // it is noted in every status
	})
	t.Run("Q03/an unknown policy", func(t *testing.T) {
		d := record(t, rich())
		require.Equal(t, []string{"/quotes unknown"}, d.refused(fault.ErrInvalid, none, lose(opportunity.Lose{Reasons: chosen(noBudget), Quotes: "burn"})))
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
	require.Equal(t, []string{"/currency fixed"}, d.refused(fault.ErrNotAllowed, none, update(opportunity.Update{Currency: money.EUR, Estimated: ptr(money.FromMinor(5, money.EUR))})))
	d.must(contacts, update(opportunity.Update{Customer: &user})) // a draft isn't live
	d.must(none, quoteSent(usd(1)))
	require.Equal(t, []string{"/customer fixed"}, d.refused(fault.ErrNotAllowed, contacts, update(opportunity.Update{Customer: &buyer})))
	d.must(none, quoteAccepted(usd(1), 0, 0))
	require.Equal(t, []string{"/customer fixed"}, d.refused(fault.ErrNotAllowed, contacts, update(opportunity.Update{Customer: &buyer})))
	d.snap.Counts.Quotes = opportunity.MaxQuotes
	require.ErrorIs(t, quoteMade(d.load(none), d.next()), fault.ErrLimit)
}
