package integration

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
)

func TestO05_HandSetProbabilitySticksUntilTheStageChanges(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		r := w.record()
		p := 4200
		_, err := w.s.Opportunities().Update(w.ctx, r.ID, opportunity.UpdateInput{Probability: &p})
		require.NoError(t, err)
		require.Equal(t, 4200, w.get(r.ID).Probability)
		_, err = w.s.Opportunities().Advance(w.ctx, r.ID, opportunity.AdvanceInput{To: "engaging", Summary: "done"})
		require.NoError(t, err)
		require.Equal(t, 5000, w.get(r.ID).Probability)
		w.same(r.ID)
	})
}

func TestO16_OverrideSticksUntilReleased(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		r := w.record()
		m := money.FromMinor(100, money.USD)
		_, err := w.s.Opportunities().Update(w.ctx, r.ID, opportunity.UpdateInput{Override: &m})
		require.NoError(t, err)
		_, err = w.s.Lines().Add(w.ctx, r.ID, []opportunity.LineInput{{Description: "x", Quantity: dec("1"), Price: dec("1")}})
		require.NoError(t, err)
		s := w.get(r.ID)
		require.Equal(t, m, s.Amount())
		_, err = w.s.Opportunities().Update(w.ctx, r.ID, opportunity.UpdateInput{ReleaseOverride: true})
		require.NoError(t, err)
		s = w.get(r.ID)
		require.Equal(t, "272.35", s.Amount().Amount())
		w.same(r.ID)
	})
}

func TestO17_CurrencyIsFixedByLines(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		r := w.record()
		_, err := w.s.Opportunities().Update(w.ctx, r.ID, opportunity.UpdateInput{Currency: money.EUR})
		require.ErrorIs(t, err, fault.ErrNotAllowed)
		_, err = w.s.Lines().Remove(w.ctx, r.ID, []int{1})
		require.NoError(t, err)
		_, err = w.s.Opportunities().Update(w.ctx, r.ID, opportunity.UpdateInput{Currency: money.EUR})
		require.NoError(t, err)
		w.same(r.ID)
	})
}

func TestO14_OnlyMistakesAreDeleted(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		r := w.record()
		require.NoError(t, w.command(r.ID, opportunity.CommandWin))
		_, err := w.s.Opportunities().Delete(w.ctx, r.ID, opportunity.DeleteInput{Reason: "typo"})
		require.ErrorIs(t, err, fault.ErrNotAllowed)
		r = w.record()
		_, err = w.s.Opportunities().Delete(w.ctx, r.ID, opportunity.DeleteInput{Reason: "typo"})
		require.NoError(t, err)
		_, err = w.s.Opportunities().Get(w.ctx, r.ID, 0)
		require.ErrorIs(t, err, fault.ErrNotFound)
		groups, err := w.s.Reports().Pipeline(w.ctx, pursuit.PipelineQuery{KnownAt: w.now})
		require.NoError(t, err)
		require.EqualValues(t, 1, groups[0].Count) // the deleted one counts no more
	})
}

func TestL03_LineNumbersAreStable(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		r := w.record()
		line := opportunity.LineInput{Description: "x", Quantity: dec("1"), Price: dec("1")}
		_, err := w.s.Lines().Add(w.ctx, r.ID, []opportunity.LineInput{line, line})
		require.NoError(t, err)
		_, err = w.s.Lines().Remove(w.ctx, r.ID, []int{2, 3})
		require.NoError(t, err)
		got, err := w.s.Lines().Add(w.ctx, r.ID, []opportunity.LineInput{line})
		require.NoError(t, err)
		require.Equal(t, []int{4}, got.Lines)
		_, err = w.s.Lines().Add(w.ctx, r.ID, make([]opportunity.LineInput, opportunity.MaxLines))
		require.ErrorIs(t, err, fault.ErrLimit)
		_, err = w.s.Lines().Add(w.ctx, r.ID, []opportunity.LineInput{{Description: "x", Quantity: dec("-1"), Price: dec("1.1234567"), Discount: dec("101")}})
		require.ErrorIs(t, err, fault.ErrInvalid)
		w.same(r.ID)
	})
}

func TestT01_T03_T04_T05_TeamRules(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		r := w.record()
		team := w.s.Team()
		_, err := team.Remove(w.ctx, r.ID, "ann")
		require.ErrorIs(t, err, fault.ErrNotAllowed) // T04
		_, err = team.Set(w.ctx, r.ID, opportunity.MemberInput{User: "bob", Role: opportunity.RoleSales, Access: opportunity.Write})
		require.NoError(t, err)
		_, err = team.SetSplits(w.ctx, r.ID, opportunity.SetSplitsInput{Revenue: map[string]int{"bob": 9999}})
		require.ErrorIs(t, err, fault.ErrInvalid) // T05
		_, err = team.SetSplits(w.ctx, r.ID, opportunity.SetSplitsInput{Revenue: map[string]int{"bob": 10000}})
		require.NoError(t, err)
		_, err = team.Remove(w.ctx, r.ID, "bob")
		require.ErrorIs(t, err, fault.ErrNotAllowed)
		require.NoError(t, w.command(r.ID, opportunity.CommandWin))
		_, err = team.SetSplits(w.ctx, r.ID, opportunity.SetSplitsInput{})
		require.ErrorIs(t, err, fault.ErrNotAllowed)
		_, err = team.Transfer(w.ctx, r.ID, opportunity.TransferInput{To: "carol"}) // T03: on won ones too
		require.NoError(t, err)
		owners := 0
		for _, m := range w.get(r.ID).Members {
			if m.Role == opportunity.RoleOwner {
				owners++
				require.Equal(t, "carol", m.User)
			}
		}
		require.Equal(t, 1, owners) // T01
		w.same(r.ID)
	})
}

func TestA02_A03_ReasonsMustFit(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		r := w.record()
		_, err := w.s.Opportunities().Win(w.ctx, r.ID, opportunity.WinInput{Reasons: w.choose(w.loss), Summary: "x"})
		require.ErrorIs(t, err, fault.ErrInvalid) // A03
		_, err = w.s.Archives().Retire(w.ctx, w.win)
		require.NoError(t, err)
		_, err = w.s.Opportunities().Win(w.ctx, r.ID, opportunity.WinInput{Reasons: w.choose(w.win), Summary: "x"})
		require.ErrorIs(t, err, fault.ErrInvalid) // A02
		_, err = w.s.Opportunities().Win(w.ctx, r.ID, opportunity.WinInput{})
		require.ErrorIs(t, err, fault.ErrInvalid) // O04, O06
		require.Len(t, fault.FieldsOf(err), 2)
	})
}

func TestA04_C05_P06_WhatIsUsedStays(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		r := w.record()
		require.NoError(t, w.command(r.ID, opportunity.CommandLose))
		_, err := w.s.Archives().Delete(w.ctx, w.loss)
		require.ErrorIs(t, err, fault.ErrInUse)
		_, err = w.s.Archives().Delete(w.ctx, w.rival)
		require.ErrorIs(t, err, fault.ErrInUse)
		_, err = w.s.Customers().Delete(w.ctx, w.customer)
		require.ErrorIs(t, err, fault.ErrInUse)
		spare, err := w.s.Archives().Create(w.ctx, archive.CreateInput{Kind: archive.Source, Code: "spare", Names: map[string]string{"en": "Spare"}})
		require.NoError(t, err)
		_, err = w.s.Archives().Delete(w.ctx, spare.ID)
		require.NoError(t, err)
	})
}

func TestR04_R05_OncePerRoleAndDeal(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		r := w.record()
		in := opportunity.ContactInput{Contact: w.contact, Role: opportunity.Influencer}
		_, err := w.s.DealContacts().Add(w.ctx, r.ID, in)
		require.NoError(t, err)
		before := w.get(r.ID)
		_, err = w.s.DealContacts().Add(w.ctx, r.ID, in)
		require.ErrorIs(t, err, fault.ErrDuplicate)
		require.Equal(t, before, w.get(r.ID)) // J08: nothing half-written
		_, err = w.s.DealCompetitors().Add(w.ctx, r.ID, opportunity.CompetitorInput{Competitor: w.rival})
		require.NoError(t, err)
		_, err = w.s.DealCompetitors().Add(w.ctx, r.ID, opportunity.CompetitorInput{Competitor: w.rival})
		require.ErrorIs(t, err, fault.ErrDuplicate)
		w.same(r.ID)
	})
}
