package main

import (
	"database/sql"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"github.com/pursuit-crm/pursuit/examples/orm/erp"
	"github.com/pursuit-crm/pursuit/examples/orm/erp/erptest"
	"github.com/pursuit-crm/pursuit/opportunity"
)

// TestTransactionIsFound, with statements that GORM prepares too, and a pool isn't
// taken for one. A nested transaction of GORM's is a savepoint, and takes ours back.
func TestTransactionIsFound(t *testing.T) {
	erptest.OnEach(t, func(t *testing.T, d erp.Database) {
		e, err := erp.Open(t.Context(), d)
		require.NoError(t, err)
		defer e.Close()
		for _, prepare := range []bool{false, true} {
			db, err := gorm.Open(dialector(d), &gorm.Config{PrepareStmt: prepare})
			require.NoError(t, err)
			_, err = connOf(db)
			require.Error(t, err)
			deal, err := e.Offer(t.Context(), "x", 1)
			require.NoError(t, err)
			undone := errors.New("undone")
			require.NoError(t, db.Transaction(func(tx *gorm.DB) error {
				err := tx.Transaction(func(tx *gorm.DB) error {
					c, err := connOf(tx)
					require.NoError(t, err)
					require.IsType(t, &sql.Tx{}, c)
					s, _ := e.In(c)
					require.NoError(t, e.Win(t.Context(), s, deal, "INV-1"))
					return undone
				})
				require.ErrorIs(t, err, undone)
				return nil
			}))
			o, err := e.Session().Opportunities().Get(t.Context(), deal, 0)
			require.NoError(t, err)
			require.Equal(t, opportunity.Open, o.Status)
		}
	})
}
