package gatetest_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/pursuittest/gatetest"
	"github.com/pursuit-crm/pursuit/stage"
	"github.com/pursuit-crm/pursuit/storage"
	"github.com/pursuit-crm/pursuit/storage/memory"
)

// credit is a host's kind: the customer must not be blocked. The limit must be given.
func credit() pursuit.GateKind {
	return pursuit.GateKind{
		Evaluate: func(_ context.Context, in pursuit.GateInput) (stage.Verdict, error) {
			if in.Customer.Code == "" {
				return stage.Verdict{}, errors.New("the customer has no code")
			}
			return stage.Verdict{Met: in.Customer.Code != "BAD", Message: "the customer is over " + in.Gate.Params["limit"]}, nil
		},
		CheckParams: func(p map[string]string) error {
			if p["limit"] == "" {
				return errors.New("needs a limit")
			}
			return nil
		},
	}
}

func of(code string) pursuit.GateInput {
	return pursuit.GateInput{Customer: customer.Customer{Code: code}, Gate: stage.Gate{Kind: "erp.credit", Params: map[string]string{"limit": "9"}}}
}

func TestCredit(t *testing.T) {
	gatetest.Run(t, credit(), nil, []gatetest.Case{
		{Name: "a good customer", In: of("NW")},
		{Name: "a bad one", In: of("BAD"), Unmet: "over 9"},
		{Name: "nobody", In: of(""), Fails: true},
	})
}

// TestTheSuiteHasTeeth: each seeded bug is found.
func TestTheSuiteHasTeeth(t *testing.T) {
	n := 0
	says := func(f func(in pursuit.GateInput) (stage.Verdict, error)) pursuit.GateKind {
		return pursuit.GateKind{Evaluate: func(_ context.Context, in pursuit.GateInput) (stage.Verdict, error) { return f(in) }}
	}
	unmet := gatetest.Case{In: of("BAD"), Unmet: "over"}
	for name, x := range map[string]struct {
		kind pursuit.GateKind
		c    gatetest.Case
		want string
	}{
		"none":                {pursuit.GateKind{}, unmet, "no Evaluate"},
		"met, wanted unmet":   {says(func(pursuit.GateInput) (stage.Verdict, error) { return stage.Verdict{Met: true}, nil }), unmet, "is met"},
		"unmet, wanted met":   {credit(), gatetest.Case{In: of("BAD")}, "isn't met"},
		"says nothing":        {says(func(pursuit.GateInput) (stage.Verdict, error) { return stage.Verdict{}, nil }), unmet, "says nothing"},
		"says something else": {says(func(pursuit.GateInput) (stage.Verdict, error) { return stage.Verdict{Message: "no"}, nil }), unmet, "wanted"},
		"fails":               {credit(), gatetest.Case{In: of("")}, "fails"},
		"doesn't fail":        {credit(), gatetest.Case{In: of("NW"), Fails: true}, "wanted an error"},
		"panics":              {says(func(pursuit.GateInput) (stage.Verdict, error) { panic("boom") }), unmet, "panics"},
		"two answers": {says(func(pursuit.GateInput) (stage.Verdict, error) {
			n++
			return stage.Verdict{Met: n%2 == 0, Message: "over"}, nil
		}), unmet, "asked twice"},
		"writes to its input": {says(func(in pursuit.GateInput) (stage.Verdict, error) {
			in.Gate.Params["limit"] = "0"
			return stage.Verdict{Met: true}, nil
		}), gatetest.Case{In: of("NW")}, "writes to"},
		"refuses its own case": {credit(), gatetest.Case{In: pursuit.GateInput{}}, "CheckParams"},
		"a preparation that fails": {credit(), gatetest.Case{In: of("NW"), Prepare: func(context.Context, storage.Tx) error {
			return errors.New("not prepared")
		}}, "not prepared"},
	} {
		require.ErrorContains(t, gatetest.Check(t.Context(), x.kind, nil, x.c), x.want, name)
	}
	texts := says(func(pursuit.GateInput) (stage.Verdict, error) {
		return stage.Verdict{Texts: stage.Names{"en": "over the limit"}}, nil
	})
	require.NoError(t, gatetest.Check(t.Context(), texts, nil, unmet))
}

// TestTheGateIsAskedInATransaction that has what was prepared, and is undone.
func TestTheGateIsAskedInATransaction(t *testing.T) {
	store := memory.New()
	var first int64
	take := func(ctx context.Context, tx storage.Tx) (n int64, err error) {
		return tx.Numbers().Take(ctx, "acme", "S", 1)
	}
	c := gatetest.Case{In: of("NW"), Prepare: func(ctx context.Context, tx storage.Tx) (err error) {
		first, err = take(ctx, tx)
		return err
	}}
	kind := pursuit.GateKind{Evaluate: func(ctx context.Context, in pursuit.GateInput) (stage.Verdict, error) {
		_, err := in.Tx.Numbers().Take(ctx, "acme", "T", 1)
		return stage.Verdict{Met: true}, err
	}}
	require.NoError(t, gatetest.Check(t.Context(), kind, store, c))
	require.EqualValues(t, 1, first)
	require.NoError(t, store.Update(t.Context(), func(ctx context.Context, tx storage.Tx) error {
		n, err := take(ctx, tx)
		require.EqualValues(t, 1, n, "what was prepared was undone")
		return err
	}))
}
