package integration

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/storage"
	"github.com/pursuit-crm/pursuit/storage/sqlstore"
	"github.com/pursuit-crm/pursuit/storage/storagetest"
)

// harness runs the conformance suite on a database; each rule has one of its own.
func (d database) harness(t testing.TB) storagetest.Harness {
	var made sync.Map // store to *sql.DB
	return storagetest.Harness{
		Open: func(rule storagetest.T) storage.Store {
			tb, ok := rule.(testing.TB)
			require.True(t, ok, "the suite runs under go test")
			s, db := d.store(tb, nil)
			made.Store(s, db)
			return s
		},
		Begin: func(rule storagetest.T, s storage.Store) storagetest.HostTx {
			db, _ := made.Load(s)
			tx, err := db.(*sql.DB).BeginTx(context.Background(), nil)
			require.NoError(t, err)
			return storagetest.HostTx{Bound: s.(*sqlstore.Store).Bind(sqlstore.Std(tx)), Commit: tx.Commit, Rollback: func() error {
				if err := tx.Rollback(); !errors.Is(err, sql.ErrTxDone) {
					return err
				}
				return nil
			}}
		},
	}
}
