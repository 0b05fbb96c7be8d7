package pursuit_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/pursuittest"
)

// TestView_NamesAreAtHand: a client needs nothing but the view to show a deal.
func TestView_NamesAreAtHand(t *testing.T) {
	var asked []pursuit.NamesInput
	names := func(_ context.Context, in pursuit.NamesInput) (pursuit.KeyNames, error) {
		asked = append(asked, in)
		return pursuit.KeyNames{
			Users:       map[string]string{"ann": "Ann Lee"},
			Departments: map[string]string{"east": "Eastern region"},
			Products:    map[string]string{"pump": "Pump P-100"},
			Units:       map[string]string{"pcs": "pieces"},
		}, nil
	}
	w := pursuittest.New(t, pursuittest.With(pursuit.Options{Names: names}))
	deal := w.Deal().Line("pump", "2", "1000").Member("bob", opportunity.Write).Contact().Record()
	ann := w.As("ann")
	w.Do(ann.Opportunities().Update(w.Ctx, deal, opportunity.UpdateInput{Source: &w.Source}))
	w.Do(ann.DealCompetitors().Add(w.Ctx, deal, opportunity.CompetitorInput{Competitor: w.Rival}))
	w.Do(ann.Opportunities().Win(w.Ctx, deal, w.Win()))
	asked = nil
	v, err := ann.Opportunities().View(w.Ctx, deal)
	require.NoError(t, err)
	require.Len(t, asked, 1, "once an answer")
	require.Equal(t, pursuit.Keys{Users: []string{"ann", "bob"}, Departments: []string{"east"}, Products: []string{"pump"}, Units: asked[0].Keys.Units}, asked[0].Keys)
	require.Equal(t, "ann", asked[0].Actor.User)
	require.Equal(t, "Ann Lee", v.Names.Users["ann"])
	require.Equal(t, "2000.00 CNY", v.Opportunity.Amount.String())

	b, err := json.Marshal(v)
	require.NoError(t, err)
	var seen struct {
		Opportunity map[string]json.RawMessage
		Names       struct {
			Customers, Contacts []struct{ Name string }
			Process             map[string]string
			Stages              map[string]map[string]string
			Archive             []struct {
				Kind, Code string
				Names      map[string]string
			}
			Users, Departments, Products, Units map[string]string
		}
	}
	require.NoError(t, json.Unmarshal(b, &seen))
	require.JSONEq(t, `{"amount":"2000.00","currency":"CNY"}`, string(seen.Opportunity["amount"]))
	for _, own := range []string{"ledger", "head", "loaded"} {
		require.NotContains(t, seen.Opportunity, own, "what only stores need")
	}
	require.Contains(t, seen.Opportunity, "lines")
	require.NotEmpty(t, seen.Names.Customers)
	require.NotEmpty(t, seen.Names.Contacts)
	require.NotEmpty(t, seen.Names.Process["en"])
	require.Contains(t, seen.Names.Stages, v.Opportunity.Stage)
	kinds := []string{}
	for _, e := range seen.Names.Archive {
		kinds = append(kinds, e.Kind)
		require.NotEmpty(t, e.Names["en"], e.Code)
	}
	require.Equal(t, []string{"competitor", "source", "win_reason"}, kinds)
	require.Equal(t, map[string]string{"pump": "Pump P-100"}, seen.Names.Products)

	// Whoever has a snapshot has the view without names.
	require.Equal(t, v.Opportunity, opportunity.ViewOf(w.Get(deal)))
	// Without the hook there are no names of keys, and all else is there.
	plain, err := w.With(pursuit.Options{}).As("ann").Opportunities().View(w.Ctx, deal)
	require.NoError(t, err)
	require.Zero(t, plain.Names.KeyNames)
	require.Equal(t, v.Names.Archive, plain.Names.Archive)
}

// TestView_NamesThatFail: an error and a panic of the hook fail the question; the hook
// can't call the library.
func TestView_NamesThatFail(t *testing.T) {
	w := pursuittest.New(t)
	deal := w.Deal().Record()
	down := errors.New("the directory is down")
	var nested error
	for code, names := range map[string]func(context.Context, pursuit.NamesInput) (pursuit.KeyNames, error){
		fault.HostNames: func(context.Context, pursuit.NamesInput) (pursuit.KeyNames, error) { return pursuit.KeyNames{}, down },
		fault.HostPanic: func(context.Context, pursuit.NamesInput) (pursuit.KeyNames, error) { panic("boom") },
		"": func(ctx context.Context, _ pursuit.NamesInput) (pursuit.KeyNames, error) {
			_, nested = w.As("ann").Opportunities().Get(ctx, deal, 0)
			return pursuit.KeyNames{}, nil
		},
	} {
		v, err := w.With(pursuit.Options{Names: names}).As("ann").Opportunities().View(w.Ctx, deal)
		if code == "" {
			require.NoError(t, err)
			continue
		}
		require.Zero(t, v)
		require.ErrorIs(t, err, fault.ErrHost)
		require.Equal(t, code, fault.CodeOf(err))
	}
	require.Equal(t, fault.SessionNested, fault.CodeOf(nested))
}
