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
		`(?m)^S3 .*\n   next activity on \d{4}-\d{2}-\d{2}; 486\.00 CNY spent, submitted$`,
		`what-they-need\.txt: 50 bytes, SHA-256 00bf935d790a…`,
		`(?m)^S4 .*\n   opportunity\.gates: `,
		`gate/has_primary_contact unmet`,
		`gate/expected_close_set unmet`,
		`gate/evaluation_min unmet: needs an evaluation of at least 60`,
		`(?m)^S5 .*\n   version 13, repeated: false\n   version 13, repeated: true\n   evaluated at 80 %$`,
		`000001 is in negotiate at 80 %, forecast as commit`,
		`(?m)^S5 .*\n   refused: sales_system\.disabled: .*\n   the sales system is enabled and initialised$`,
		`(?m)^   QUO-\d{4}-000001, revision 1, is sent: 174990\.50 CNY net, 22748\.77 CNY tax, 197739\.27 CNY to pay$`,
		`(?m)^   QUO-\d{4}-000001, revision 2, is accepted: 171490\.69 CNY net, 22293\.79 CNY tax, 193784\.48 CNY to pay$`,
		`(?m)^S6 .*\n   OPP-\d{4}-000001 is won at 171490\.69 CNY, as the accepted quote says; its lines come to 174990\.50 CNY$`,
		`(?m)^S7 .*\n   OPP-\d{4}-\d+ of bob is lost in qualify, to a competitor that is on the deal now: true$`,
		`(?m)^S8 .*\n   ORD-\d{4}-000001 over 193784\.48 CNY, 2 lines, is confirmed\n   ORD-\d{4}-000001 is executing$`,
		`line 1 WS-1   delivered 10 of 20, invoiced 113612\.93 CNY of 189354\.88 CNY`,
		`in total delivered 48\.85 %, invoiced 58\.62 %, received 51\.6 %; to be received: 13612\.93 CNY`,
		`closing now is refused:\n +there are open activities\n +there are unsettled expenses\n +an order is still in execution\n`,
		`ORD-\d{4}-000001 is completed`,
		`line 2 SETUP  delivered 1 of 1, invoiced 4429\.60 CNY of 4429\.60 CNY`,
		`in total delivered 100 %, invoiced 100 %, received 100 %; to be received: 0\.00 CNY`,
		`(?m)^S9 .*\n   OPP-\d{4}-000001 is closed$`,
		`(?m)^The timeline\n   recorded by ann$`,
		`qualify → advance by ann: They want a quote`,
		`negotiate → won by ann: Signed`,
		`visit by bob: Hand over and train, done`,
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
