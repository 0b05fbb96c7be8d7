package opportunity_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
)

func TestS6_S7_AnalysisOfAnOutcome(t *testing.T) {
	lessons, cheap, other := "ask earlier", usd(90_00), money.FromMinor(1, money.EUR)
	t.Run("O06/the main reason stands first", func(t *testing.T) {
		d := record(t, rich())
		reasons := []opportunity.Choice{{Reason: price}, {Reason: otherWin, Explanation: "service"}}
		require.Equal(t, []string{"/main not_found"}, d.refused(fault.ErrInvalid, none, winning(opportunity.WinInput{Reasons: reasons, Main: noBudget, Summary: "won"})))
		d.must(none, winning(opportunity.WinInput{Reasons: reasons, Main: otherWin, Summary: "won", Lessons: lessons}))
		require.Equal(t, []opportunity.Choice{reasons[1], reasons[0]}, d.snap.Outcome.Reasons)
		require.Equal(t, lessons, d.snap.Outcome.Lessons)
		require.Equal(t, price, reasons[0].Reason, "the caller's list stays")
		d.must(none, study(opportunity.AnalyseInput{Analysis: "x", Main: price}))
		require.Equal(t, reasons, d.snap.Outcome.Reasons)
		require.Equal(t, lessons, d.snap.Outcome.Lessons, "not given: it stays")
		require.Equal(t, []string{"/competitor won"}, d.refused(fault.ErrInvalid, none, study(opportunity.AnalyseInput{Competitor: &contoso})))
	})
	t.Run("O07/the competitor and its price", func(t *testing.T) {
		d := record(t, basic())
		require.Equal(t, []string{"/competitor_price contradiction"}, d.refused(fault.ErrInvalid, none, lose(opportunity.LoseInput{Reasons: chosen(noBudget), CompetitorPrice: &cheap})))
		require.Equal(t, []string{"/competitor_price/currency mismatch"}, d.refused(fault.ErrInvalid, none, lose(opportunity.LoseInput{Reasons: chosen(noBudget), Competitor: fabrikam, CompetitorPrice: &other})))
		d.must(none, lose(opportunity.LoseInput{Reasons: chosen(toRival), Competitor: fabrikam, CompetitorPrice: &cheap, Lessons: lessons}))
		require.Equal(t, cheap, *d.snap.Outcome.CompetitorPrice)
		require.Equal(t, cheap, *d.snap.Competitors[0].Price, "it is recorded with its price")

		// Another one was chosen, as it turned out (O08).
		d.must(none, study(opportunity.AnalyseInput{Analysis: "x", Competitor: &contoso}))
		require.Equal(t, contoso, d.snap.Outcome.Competitor)
		require.Nil(t, d.snap.Outcome.CompetitorPrice)
		require.Len(t, d.snap.Competitors, 2)
		d.must(none, study(opportunity.AnalyseInput{Analysis: "x", CompetitorPrice: &cheap}))
		require.Equal(t, cheap, *d.snap.Outcome.CompetitorPrice)
		require.Equal(t, contoso, d.snap.Outcome.Competitor)
		for _, c := range d.snap.Competitors {
			require.Equal(t, c.Competitor == fabrikam, c.Price != nil, "prices on the deal are fixed (O08)")
		}
		require.Equal(t, []string{"/competitor retired"}, d.refused(fault.ErrInvalid, none, study(opportunity.AnalyseInput{Competitor: &oldRival})))

		// Taking it away asks the reasons again (A05).
		nobody := uuid.Nil
		require.Equal(t, []string{"/reasons required"}, d.refused(fault.ErrInvalid, none, study(opportunity.AnalyseInput{Competitor: &nobody})))
		require.Equal(t, []string{"/reasons/0 needs_competitor"}, d.refused(fault.ErrInvalid, none, study(opportunity.AnalyseInput{Competitor: &nobody, Reasons: chosen(toRival)})))
		d.must(none, study(opportunity.AnalyseInput{Analysis: "x", Competitor: &nobody, Reasons: chosen(noBudget)}))
		require.Equal(t, uuid.Nil, d.snap.Outcome.Competitor)
		require.Equal(t, []string{"/competitor_price contradiction"}, d.refused(fault.ErrInvalid, none, study(opportunity.AnalyseInput{CompetitorPrice: &cheap})))
		require.Equal(t, []string{"/analysis too_long", "/lessons control"}, d.refused(fault.ErrInvalid, none,
			study(opportunity.AnalyseInput{Analysis: strings.Repeat("x", 20_000), Lessons: ptr("a\x00b")})))
	})
}
