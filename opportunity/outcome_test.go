package opportunity_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/opportunity"
)

// TestO06_O07_ChangesSayWhatBecameOfTheOutcome holds what stores go by instead of the
// names of events.
func TestO06_O07_ChangesSayWhatBecameOfTheOutcome(t *testing.T) {
	of := func(d *deal, parts opportunity.Parts, c command) opportunity.OutcomeChange {
		o := d.load(parts)
		require.NoError(t, c(o, d.next()))
		ch, ok, err := o.Change(d.newID)
		require.NoError(t, err)
		require.True(t, ok)
		d.apply(copied(ch))
		return ch.Outcome
	}
	d := record(t, rich())
	require.Equal(t, opportunity.OutcomeKept, of(d, none, tick("draft", false)))
	require.Equal(t, opportunity.OutcomeFresh, of(d, none, win(price)))
	require.Equal(t, opportunity.OutcomeKept, of(d, none, orderMade(usd(1))), "an outcome stays as it is")
	require.Equal(t, opportunity.OutcomeKept, of(d, none, orderEnded(usd(1), true)))
	require.Equal(t, opportunity.OutcomeRevised, of(d, none, analyse("too dear")))
	require.Equal(t, opportunity.OutcomeKept, of(d, none, reopen("")), "there is none")
	require.Equal(t, opportunity.OutcomeFresh, of(d, none, void), "another cycle")
	quoted := record(t, basic())
	quoted.must(none, quoteMade)
	quoted.must(none, quoteSent(usd(600_00)))
	require.Equal(t, opportunity.OutcomeFresh, of(quoted, none, settled(opportunity.SettledQuotes{Accepted: id(81), Net: usd(600_00), Ended: 1}, win(price))))
	require.Zero(t, opportunity.Change{}.Outcome, "who doesn't say lets it be written anew")
}
