package main

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/storage"
	"github.com/pursuit-crm/pursuit/storage/memory"
)

// TestO12_RowsThatTheEngineRefuses: a row that only the engine can judge is rejected
// with its line, and the rows around it aren't lost.
func TestO12_RowsThatTheEngineRefuses(t *testing.T) {
	stores(t, func(t *testing.T, store storage.Store) {
		d, err := read(small("A,Ann,GTX Pro,Child,Engaging,2017-01-02,,", "B,Ann,GTX Pro,Child,Won,2017-01-02,9000-01-01,1", "C,Ann,GTX Pro,Child,Engaging,9000-01-02,,",
			"D,Ann,GTX Pro,Child,Engaging,2017-01-02,,").open)
		require.NoError(t, err)
		out, err := replay(t.Context(), store, d, options{}, quiet)
		require.NoError(t, err)
		require.Equal(t, []string{"sales_pipeline.csv:3 /at future", "sales_pipeline.csv:4 /at future"}, faults(out.Rejected))
		require.Equal(t, 2, out.Imported)
		require.EqualValues(t, 2, out.Opportunities, "nothing of the refused win is there, not even its beginning")
	})
}

// TestO13_LaterStateOfTheFile: what has been decided since is added; what says
// something else about a known deal is rejected.
func TestO13_LaterStateOfTheFile(t *testing.T) {
	stores(t, func(t *testing.T, store storage.Store) {
		imported := func(rows ...string) *figures {
			d, err := read(small(rows...).open)
			require.NoError(t, err)
			out, err := replay(t.Context(), store, d, options{}, quiet)
			require.NoError(t, err)
			return out
		}
		imported("A,Ann,GTX Pro,Child,Engaging,2017-01-02,,", "B,Ann,GTX Pro,Child,Engaging,2017-01-02,,", "C,Ann,GTX Pro,Child,Engaging,2017-01-02,,",
			"D,Ann,GTX Pro,Child,Won,2017-01-02,2017-01-04,5")
		out := imported("A,Ann,GTX Pro,Child,Won,2017-01-02,2017-02-02,4000", "B,Ann,GTX Pro,Child,Lost,2017-01-02,2017-02-02,0", "C,Bob,GTX Pro,Child,Engaging,2017-01-02,,",
			"D,Ann,GTX Pro,Child,Won,2017-01-02,2017-01-04,6", "E,Ann,GTX Pro,Child,Engaging,2017-01-02,,")
		require.Equal(t, []int{1, 2, 0}, []int{out.Imported, out.Updated, out.Repeated})
		require.Len(t, out.Rejected, 2)
		for i, line := range []int{4, 5} {
			require.Equal(t, line, out.Rejected[i].Line)
			require.Equal(t, "request.reused", out.Rejected[i].Code)
		}
		require.Equal(t, []int64{5, 2, 1, 2}, []int64{out.Opportunities, out.Won, out.Lost, out.Open})
		require.Equal(t, "4005.00", out.WonAmount)
	})
}

func TestStopsWithTheContext(t *testing.T) {
	stores(t, func(t *testing.T, store storage.Store) {
		ctx, cancel := context.WithCancel(t.Context())
		d, err := read(generate(1, 2*batchSize).open)
		require.NoError(t, err)
		_, err = replay(ctx, store, d, options{}, func(done, _ int) { cancel() })
		require.ErrorIs(t, err, context.Canceled)
		require.ErrorContains(t, err, "lines ")
		eng, err := pursuit.New(store, nil)
		require.NoError(t, err)
		n, err := eng.As(importer()).Opportunities().Count(t.Context(), opportunity.Filter{})
		require.NoError(t, err)
		require.EqualValues(t, batchSize, n, "the first batch is there, the second isn't, not even a part of it")
		out, err := replay(t.Context(), store, d, options{}, quiet)
		require.NoError(t, err)
		require.Equal(t, []int{len(d.rows) - batchSize, batchSize}, []int{out.Imported, out.Repeated}, "it goes on where it stopped")
	})
}

func TestAccountsThatChangedStopTheImport(t *testing.T) {
	store := memory.New()
	d, err := read(small().open)
	require.NoError(t, err)
	_, err = replay(t.Context(), store, d, options{}, quiet)
	require.NoError(t, err)
	d.accounts[1].sector = "retail"
	_, err = replay(t.Context(), store, d, options{}, quiet)
	require.ErrorIs(t, err, fault.ErrRequestReused)
	require.ErrorContains(t, err, "accounts.csv, line 2")
}
