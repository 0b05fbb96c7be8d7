package main

import (
	"context"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/storage"
)

// What the tests know of the files by themselves, apart from the program.

// deal is a row of the file as the test itself reads it, apart from the program.
type deal struct {
	stage, agent, region, manager, product, sector, account string
	engaged, closed                                         time.Time
	list, value                                             int64
}

func table(t *testing.T, dir, name string) []map[string]string {
	t.Helper()
	f, err := os.Open(filepath.Join(dir, name))
	require.NoError(t, err)
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	require.NoError(t, err)
	var out []map[string]string
	for _, l := range lines[1:] {
		m := map[string]string{}
		for i, v := range l {
			m[lines[0][i]] = v
		}
		out = append(out, m)
	}
	return out
}

func deals(t *testing.T, dir string) []deal {
	t.Helper()
	whole := func(s string) int64 {
		if s == "" {
			return 0
		}
		d, err := decimal.NewFromString(s)
		require.NoError(t, err)
		return d.IntPart()
	}
	parse := func(s string) time.Time {
		if s == "" {
			return time.Time{}
		}
		at, err := time.Parse(time.DateOnly, s)
		require.NoError(t, err)
		return at
	}
	sector, price := map[string]string{"": "Unknown"}, map[string]int64{}
	for _, a := range table(t, dir, "accounts.csv") {
		sector[a["account"]] = a["sector"]
	}
	for _, p := range table(t, dir, "products.csv") {
		price[p["product"]] = whole(p["sales_price"])
	}
	team := map[string]map[string]string{}
	for _, a := range table(t, dir, "sales_teams.csv") {
		team[a["sales_agent"]] = a
	}
	var out []deal
	for _, r := range table(t, dir, "sales_pipeline.csv") {
		product := r["product"]
		if product == "GTXPro" {
			product = "GTX Pro"
		}
		account := r["account"]
		if account == "" {
			account = "Unknown"
		}
		out = append(out, deal{
			stage: r["deal_stage"], agent: r["sales_agent"], region: team[r["sales_agent"]]["regional_office"],
			manager: team[r["sales_agent"]]["manager"], product: product, sector: sector[r["account"]], account: account,
			engaged: parse(r["engage_date"]), closed: parse(r["close_date"]), list: price[product], value: whole(r["close_value"]),
		})
	}
	return out
}

func dollars(n int64) string { return fmt.Sprintf("%d.00", n) }

// grouped adds deals up by one of their properties.
func grouped(list []deal, by func(deal) string) map[string]group {
	type sums struct{ won, open int64 }
	out, amounts := map[string]group{}, map[string]sums{}
	for _, d := range list {
		g, a := out[by(d)], amounts[by(d)]
		g.N++
		switch d.stage {
		case "Won":
			g.Won++
			a.won += d.value
		case "Lost":
			g.Lost++
		default:
			g.Open++
			a.open += d.list
		}
		g.WonAmount, g.OpenAmount = dollars(a.won), dollars(a.open)
		out[by(d)], amounts[by(d)] = g, a
	}
	return out
}

// engagingAt counts the deals in Engaging at the end of a day.
func engagingAt(list []deal, at time.Time) (n, amount int64) {
	end := at.AddDate(0, 0, 1)
	for _, d := range list {
		if !d.engaged.IsZero() && d.engaged.Before(end) && (d.closed.IsZero() || !d.closed.Before(end)) {
			n++
			amount += d.list
		}
	}
	return n, amount
}

// fingerprint tells two states of a store apart: every opportunity with its
// version and the end of its journal, every customer, and the next numbers.
func fingerprint(t *testing.T, store storage.Store) string {
	t.Helper()
	eng, err := pursuit.New(store, nil)
	require.NoError(t, err)
	s := eng.As(importer())
	var b strings.Builder
	n := 0
	for o, err := range s.Opportunities().All(t.Context(), pursuit.OpportunityQuery{}) {
		require.NoError(t, err)
		n++
		fmt.Fprintln(&b, o.ID, o.Number, o.Version, o.Ledger.Seq, o.Head, o.Updated)
	}
	require.NotZero(t, n)
	for c, err := range s.Customers().All(t.Context(), pursuit.CustomerQuery{}) {
		require.NoError(t, err)
		fmt.Fprintln(&b, c.ID, c.Name, c.Version)
	}
	undo := fmt.Errorf("undo")
	err = store.Update(t.Context(), func(ctx context.Context, tx storage.Tx) error {
		for year := 2016; year <= 2018; year++ {
			next, err := tx.Numbers().Take(ctx, importer().Tenant, fmt.Sprintf("OPP-%d", year), 1)
			require.NoError(t, err)
			fmt.Fprintln(&b, year, next)
		}
		return undo
	})
	require.ErrorIs(t, err, undo)
	return b.String()
}
