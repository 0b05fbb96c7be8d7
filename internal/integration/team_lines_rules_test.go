package integration

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
)

// owners are the members with the owner's role.
func owners(s opportunity.Snapshot) (list []string) {
	for _, m := range s.Members {
		if m.Role == opportunity.RoleOwner {
			list = append(list, m.User)
		}
	}
	return list
}

// TestT01_T03_T04_T06_ASimpleSaleChangesItsOwner follows a sale that has just its
// owner.
func TestT01_T03_T04_T06_ASimpleSaleChangesItsOwner(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		team := w.s.Team()
		for _, c := range []opportunity.Command{0, opportunity.CommandHold, opportunity.CommandWin, opportunity.CommandLose} {
			id := w.record().ID
			require.NoError(t, w.command(id, c))
			before := w.get(id)
			require.Len(t, before.Members, 1, "T06: just its owner")
			require.Equal(t, []string{"ann"}, owners(before))
			for name, err := range map[string]error{
				"removed":     second(team.Remove(w.ctx, id, "ann")),
				"made a part": second(team.Set(w.ctx, id, opportunity.MemberInput{User: "ann", Role: opportunity.RoleSales, Access: opportunity.Write})),
			} {
				require.ErrorIs(t, err, fault.ErrNotAllowed, name)
			}
			require.ErrorIs(t, second(team.Set(w.ctx, id, opportunity.MemberInput{User: "bob", Role: opportunity.RoleOwner, Access: opportunity.Write})),
				fault.ErrInvalid, "an owner is made by a transfer only")
			for _, to := range []string{"", "ann", "\x00", "\xff", strings.Repeat("x", 1000)} {
				require.ErrorIs(t, second(team.Transfer(w.ctx, id, opportunity.TransferInput{To: to})), fault.ErrInvalid)
			}
			require.Equal(t, before, w.get(id))

			w.must(team.Transfer(w.ctx, id, opportunity.TransferInput{To: "bob", Reason: "on leave"}))
			s := w.get(id)
			require.Equal(t, "bob", s.Owner)
			require.Equal(t, []string{"bob"}, owners(s))
			require.True(t, slices.ContainsFunc(s.Members, func(m opportunity.Member) bool {
				return m.User == "ann" && m.Role == opportunity.RoleSales && m.Access == opportunity.Write
			}), "the old owner stays")
			require.Equal(t, []any{before.Status, before.Stage, before.StageEntered, before.Lines, before.Outcome, before.Amount()},
				[]any{s.Status, s.Stage, s.StageEntered, s.Lines, s.Outcome, s.Amount()}, "T03: all else stays")
			w.must(team.Transfer(w.ctx, id, opportunity.TransferInput{To: "carol", Remove: true}))
			s = w.get(id)
			require.Equal(t, []string{"carol"}, owners(s))
			require.Len(t, s.Members, 2, "ann and carol: bob was removed")
			entries, err := w.s.Opportunities().Journal(w.ctx, id)
			require.NoError(t, err)
			require.Contains(t, string(entries[len(entries)-2].Payload), "on leave", "it is journalled")
			rows, err := w.s.Opportunities().History(w.ctx, id)
			require.NoError(t, err)
			require.Equal(t, "carol", rows[len(rows)-1].Owner)
			w.same(id)
		}
	})
}

func second[T any](_ T, err error) error { return err }

// TestT02_AMemberIsThereOnce sets somebody twice, and by an import.
func TestT02_AMemberIsThereOnce(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		id := w.record().ID
		for _, role := range []opportunity.MemberRole{opportunity.RoleSales, opportunity.RolePresales, opportunity.RoleSupport, opportunity.RoleManager, opportunity.RolePartner} {
			for _, right := range []opportunity.Access{opportunity.Read, opportunity.Write} {
				w.must(w.s.Team().Set(w.ctx, id, opportunity.MemberInput{User: "bob", Role: role, Access: right}))
				s := w.get(id)
				require.Len(t, s.Members, 2)
				i := slices.IndexFunc(s.Members, func(m opportunity.Member) bool { return m.User == "bob" })
				require.Equal(t, []any{role, right}, []any{s.Members[i].Role, s.Members[i].Access})
			}
		}
		w.must(w.s.Team().Set(w.ctx, id, opportunity.MemberInput{User: "Bob", Role: opportunity.RoleSales, Access: opportunity.Read}))
		require.Len(t, w.get(id).Members, 3, "users are compared by byte")
		before := w.get(id)
		for _, bad := range []opportunity.MemberInput{{}, {User: "x", Role: "chief", Access: opportunity.Read}, {User: "x", Role: opportunity.RoleSales, Access: "all"}, {User: "a\x00", Role: opportunity.RoleSales, Access: opportunity.Read}} {
			require.ErrorIs(t, second(w.s.Team().Set(w.ctx, id, bad)), fault.ErrInvalid)
		}
		for _, twice := range [][]opportunity.MemberInput{{bob, bob}, {{User: "ann", Role: opportunity.RoleSales, Access: opportunity.Write}}} {
			in := w.input()
			in.Members = twice
			require.ErrorIs(t, second(w.s.Opportunities().Record(w.ctx, in)), fault.ErrInvalid)
		}
		require.ErrorIs(t, second(w.s.Team().Remove(w.ctx, id, "nobody")), fault.ErrNotFound)
		require.Equal(t, before, w.get(id))
		w.same(id)
	})
}

// TestT05_SplitsAddUpToTheDeal shares 271.35 dollars by about a third each, so that
// a cent is left over.
func TestT05_SplitsAddUpToTheDeal(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		team := w.s.Team()
		id := w.record().ID
		for _, u := range []string{"bob", "zoe"} {
			w.must(team.Set(w.ctx, id, opportunity.MemberInput{User: u, Role: opportunity.RoleSales, Access: opportunity.Write}))
		}
		before := w.get(id)
		for name, bad := range map[string]opportunity.SetSplitsInput{
			"99.99 %":     {Revenue: map[string]int{"ann": 5000, "bob": 4999}},
			"100.01 %":    {Revenue: map[string]int{"ann": 5000, "bob": 5001}},
			"below 0":     {Revenue: map[string]int{"ann": 10001, "bob": -1}},
			"a stranger":  {Revenue: map[string]int{"ann": 5000, "eve": 5000}},
			"overlay < 0": {Overlay: map[string]int{"ann": -1}},
		} {
			require.ErrorIs(t, second(team.SetSplits(w.ctx, id, bad)), fault.ErrInvalid, name)
		}
		require.Equal(t, before, w.get(id))
		w.must(team.SetSplits(w.ctx, id, opportunity.SetSplitsInput{
			Revenue: map[string]int{"ann": 3334, "bob": 3333, "zoe": 3333}, Overlay: map[string]int{"ann": 10000, "bob": 9000},
		}))
		s := w.get(id)
		shares, err := opportunity.SplitAmounts(&s)
		require.NoError(t, err)
		// 27135 cents × 0.3334 = 9046.809, × 0.3333 = 9044.0955: 9046 + 9044 + 9044
		// leave one, for the largest remainder.
		require.Equal(t, []string{"90.47", "90.44", "90.44"}, []string{shares["ann"].Amount(), shares["bob"].Amount(), shares["zoe"].Amount()})
		require.ErrorIs(t, second(team.Remove(w.ctx, id, "zoe")), fault.ErrNotAllowed)
		require.NoError(t, w.command(id, opportunity.CommandWin))
		before = w.get(id)
		require.ErrorIs(t, second(team.SetSplits(w.ctx, id, opportunity.SetSplitsInput{})), fault.ErrNotAllowed, "frozen")
		require.ErrorIs(t, second(team.Transfer(w.ctx, id, opportunity.TransferInput{To: "eve", Remove: true})), fault.ErrNotAllowed, "ann has a split")
		require.Equal(t, before, w.get(id))
		w.must(team.Transfer(w.ctx, id, opportunity.TransferInput{To: "eve"}))
		s = w.get(id)
		after, err := opportunity.SplitAmounts(&s)
		require.NoError(t, err)
		require.Equal(t, shares, after, "nor does a new owner move them")
		w.same(id)
	})
}

// TestL01_L02_LinesAreExact stores lines of three currencies and adds them up.
func TestL01_L02_LinesAreExact(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		tax := dec("13.0000")
		for _, x := range []struct {
			currency                  money.Currency
			quantity, price, discount string
			amount, total             string // of one line, and of two
		}{
			{money.USD, "0.5", "0.01", "0", "0.01", "0.02"},                                      // half up: 0.005, each line by itself
			{money.USD, "0.000001", "0.000001", "0", "0.00", "0.00"},                             // the smallest
			{money.USD, "1.000001", "99.999999", "33.333333", "66.67", "133.34"},                 // 66.6667…
			{money.JPY, "3", "333.5", "0", "1001", "2002"},                                       // 1000.5 yen
			{money.KWD, "1.5", "1.001", "0", "1.502", "3.004"},                                   // 1.5015 dinars
			{money.USD, "2", "50", "100", "0.00", "0.00"},                                        // a present
			{money.USD, "999999999999.999999", "1", "0", "1000000000000.00", "2000000000000.00"}, // 12 digits
		} {
			name := fmt.Sprint(x)
			l := opportunity.LineInput{Product: "GTX", Quantity: dec(x.quantity), Price: dec(x.price), Discount: dec(x.discount), Tax: &tax}
			in := opportunity.RecordInput{Name: "Exact", Customer: w.customer, Currency: x.currency, Lines: []opportunity.LineInput{l, l}}
			r, err := w.s.Opportunities().Record(w.ctx, in)
			require.NoError(t, err, name)
			s := w.get(r.ID)
			require.Equal(t, x.amount, s.Lines[0].Amount.Amount(), name)
			require.Equal(t, x.total, s.LineTotal.Amount(), name)
			for _, p := range [][2]decimal.Decimal{{l.Quantity, s.Lines[1].Quantity}, {l.Price, s.Lines[1].Price}, {l.Discount, s.Lines[1].Discount}, {tax, *s.Lines[1].Tax}} {
				require.True(t, p[0].Equal(p[1]), "%s: %s was stored as %s", name, p[0], p[1])
			}
			w.same(r.ID)
		}
	})
}

// TestL01_L02_WhatALineCantBe tries each bound, and a total that overflows.
func TestL01_L02_WhatALineCantBe(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		id := w.record().ID
		before, written := w.get(id), w.written()
		over, good := dec("100.0001"), opportunity.LineInput{Product: "GTX", Quantity: dec("1"), Price: dec("1")}
		for name, spoil := range map[string]func(l *opportunity.LineInput){
			"nothing sold":         func(l *opportunity.LineInput) { l.Product = "" },
			"no quantity":          func(l *opportunity.LineInput) { l.Quantity = dec("0") },
			"quantity below 0":     func(l *opportunity.LineInput) { l.Quantity = dec("-0.000001") },
			"quantity too fine":    func(l *opportunity.LineInput) { l.Quantity = dec("1.0000001") },
			"price below 0":        func(l *opportunity.LineInput) { l.Price = dec("-0.000001") },
			"price too fine":       func(l *opportunity.LineInput) { l.Price = dec("1.0000001") },
			"discount below 0":     func(l *opportunity.LineInput) { l.Discount = dec("-1") },
			"discount above 100 %": func(l *opportunity.LineInput) { l.Discount = dec("100.000001") },
			"tax above 100 %":      func(l *opportunity.LineInput) { l.Tax = &over },
			"an amount too large":  func(l *opportunity.LineInput) { l.Quantity, l.Price = dec("999999999999"), dec("99999999999999") },
			"a total too large":    func(l *opportunity.LineInput) { l.Quantity, l.Price = dec("900"), dec("99999999999999") },
		} {
			bad := good
			spoil(&bad)
			list := []opportunity.LineInput{good, bad}
			if name == "a total too large" { // 89 999 999 999 999 100.00 each: two are more than can be held
				list = []opportunity.LineInput{bad, bad}
			}
			require.ErrorIs(t, second(w.s.Lines().Add(w.ctx, id, list)), fault.ErrInvalid, name)
			if name != "a total too large" {
				require.ErrorIs(t, second(w.s.Lines().Update(w.ctx, id, 1, bad.Update())), fault.ErrInvalid, name)
			}
		}
		require.Equal(t, before, w.get(id))
		require.Equal(t, written, w.written())
	})
}

// TestL03_AtMost500Lines fills a deal up; a removed line's number isn't used again.
func TestL03_AtMost500Lines(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		in := w.input()
		in.Lines = slices.Repeat([]opportunity.LineInput{service}, 500)
		r, err := w.s.Opportunities().Record(w.ctx, in)
		w.must(r, err)
		require.ErrorIs(t, second(w.s.Lines().Add(w.ctx, r.ID, []opportunity.LineInput{service})), fault.ErrLimit)
		w.must(w.s.Lines().Remove(w.ctx, r.ID, []int{7, 500}))
		got, err := w.s.Lines().Add(w.ctx, r.ID, []opportunity.LineInput{service, service})
		w.must(got, err)
		require.Equal(t, []int{501, 502}, got.Lines)
		s := w.get(r.ID)
		require.Len(t, s.Lines, 500)
		require.Equal(t, []int{6, 8}, []int{s.Lines[5].Number, s.Lines[6].Number})
		require.Equal(t, "5000.00", s.LineTotal.Amount())
		in.Lines = append(in.Lines, service)
		require.Error(t, second(w.s.Opportunities().Record(w.ctx, in)))
	})
}
