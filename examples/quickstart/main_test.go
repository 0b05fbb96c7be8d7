package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/opportunity"
)

// TestStory runs the program and looks for what each step has to show, in order.
func TestStory(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, run(t.Context(), &b, filepath.Join(t.TempDir(), "story.db")))
	out := b.String()
	for _, want := range []string{
		`negotiate +Negotiation +商务谈判, 80 %`,
		`(?m)^S1 .*\n   recorded as OPP-\d{4}-000001, for a customer with 2 contacts$`,
		`(?m)^S2 .*\n   ann: owner, write\n   bob: presales, write$`,
		`(?m)^S3 .*\n   line 1: 20 × WS-1 at 8999.5, 5 % off: 170990.50 CNY$`,
		`2 roles of contacts, 1 competitor; the amount is now 174990.50 CNY`,
		`(?m)^S4 .*\n   opportunity\.gates: `,
		`gate/has_primary_contact unmet`,
		`gate/expected_close_set unmet`,
		`(?m)^S5 .*\n   version 8, repeated: false\n   version 8, repeated: true$`,
		`000001 is in negotiate at 80 %, forecast as commit`,
		`(?m)^S6 .*\n   OPP-\d{4}-000001 is won: 174990.50 CNY$`,
		`(?m)^S7 .*\n   OPP-\d{4}-\d+ of bob is lost in qualify, to a competitor that is on the deal now: true$`,
		`(?m)^S8 .*\n   refused: sales_system\.disabled: .*\n   the sales system is enabled and initialised$`,
		`(?m)^   (ORD-\d{4}-000001) over 174990\.50 CNY, 2 lines, is confirmed\n   ORD-\d{4}-000001 is executing$`,
		`line 1 WS-1   delivered 12 of 20, invoiced 102594\.30 CNY of 170990\.50 CNY`,
		`in total delivered 58\.62 %, invoiced 58\.62 %, received 57\.14 %; to be received: 2594\.30 CNY`,
		`closing now is refused: opportunity\.close\.incomplete: .*order`,
		`ORD-\d{4}-000001 is completed`,
		`line 2 SETUP  delivered 1 of 1, invoiced 4000\.00 CNY of 4000\.00 CNY`,
		`in total delivered 100 %, invoiced 100 %, received 100 %; to be received: 0\.00 CNY`,
		`(?m)^S9 .*\n   OPP-\d{4}-000001 is closed$`,
		`qualify → advance by ann: They want a quote`,
		`negotiate → won by ann: Signed`,
		`(?m)^The journal, verified\n    1 opportunity\.recorded\.v1 +[0-9a-f]{12}…$`,
		`opportunity\.closed\.v1`,
	} {
		at := regexp.MustCompile(want).FindStringIndex(out)
		require.NotNil(t, at, "%s isn't in what is left:\n%s", want, out)
		out = out[at[1]:]
	}
	require.True(t, strings.HasSuffix(strings.TrimSpace(out), strings.TrimSpace(opportunity.Lifecycle().Mermaid())), out)
}

func TestNeedsANewFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "story.db")
	require.NoError(t, run(t.Context(), io.Discard, file))
	before, err := os.ReadFile(file)
	require.NoError(t, err)
	require.ErrorContains(t, run(t.Context(), io.Discard, file), "there already")
	after, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, before, after)
}
