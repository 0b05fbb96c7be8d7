package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/pursuittest"
	"github.com/pursuit-crm/pursuit/storage"
)

// TestWhatWasImportedIsIntact: the test kit audits what was imported: chains, replay,
// ledger, owners and splits.
func TestWhatWasImportedIsIntact(t *testing.T) {
	stores(t, func(t *testing.T, store storage.Store) {
		d, err := read(small("A,Ann,GTX Pro,Child,Engaging,2017-01-02,,", "B,Ann,GTX Pro,Child,Won,2017-01-02,2017-03-01,1000",
			"C,Ann,GTX Pro,Child,Lost,2017-01-03,2017-02-01,0").open)
		require.NoError(t, err)
		out, err := replay(t.Context(), store, d, options{}, quiet)
		require.NoError(t, err)
		require.Equal(t, 3, out.Imported)
		pursuittest.RequireIntact(t, &pursuittest.World{T: t, Ctx: t.Context(), Store: store, Tenant: importer().Tenant})
	})
}
