package integration

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"testing"

	"github.com/pursuit-crm/pursuit/storage"
	"github.com/pursuit-crm/pursuit/storage/sqlstore"
	"github.com/pursuit-crm/pursuit/storage/storagetest"
)

// harness runs the conformance suite on a database; each rule has one of its own.
func (d database) harness() storagetest.Harness {
	var made sync.Map // store to *sql.DB
	return storagetest.Harness{
		Open: func(rule storagetest.T) storage.Store {
			t, ok := rule.(testing.TB)
			if !ok {
				rule.Fatalf("the suite runs under go test, not with %T", rule)
			}
			s, db := d.store(t, nil)
			made.Store(s, db)
			return s
		},
		Begin: func(rule storagetest.T, s storage.Store) storagetest.HostTx {
			db, _ := made.Load(s)
			tx, err := db.(*sql.DB).BeginTx(context.Background(), nil)
			if err != nil {
				rule.Fatalf("begin: %v", err)
			}
			return storagetest.HostTx{Bound: s.(*sqlstore.Store).Bind(sqlstore.Std(tx)), Commit: tx.Commit, Rollback: func() error {
				if err := tx.Rollback(); !errors.Is(err, sql.ErrTxDone) {
					return err
				}
				return nil
			}}
		},
	}
}
