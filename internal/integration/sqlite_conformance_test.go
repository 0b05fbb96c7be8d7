package integration

import (
	"context"
	"database/sql"
	"path/filepath"
	"sync"

	"github.com/pursuit-crm/pursuit/storage"
	"github.com/pursuit-crm/pursuit/storage/sqlstore"
	"github.com/pursuit-crm/pursuit/storage/storagetest"
)

// sqliteHarness runs the suite on files.
func sqliteHarness() storagetest.Harness {
	var files sync.Map // store to file
	return storagetest.Harness{
		Open: func(t storagetest.T) storage.Store {
			db, err := sql.Open("sqlite", sqliteSource(filepath.Join(t.TempDir(), "p.db")))
			if err != nil {
				t.Fatalf("open: %v", err)
			}
			t.Cleanup(func() {
				if err := db.Close(); err != nil {
					t.Errorf("close: %v", err)
				}
			})
			s, err := sqlstore.New(db, sqlstore.SQLite(), nil)
			if err != nil {
				t.Fatalf("new: %v", err)
			}
			if err := s.Migrate(context.Background()); err != nil {
				t.Fatalf("migrate: %v", err)
			}
			files.Store(s, db)
			return s
		},
		Begin: func(t storagetest.T, s storage.Store) storagetest.HostTx {
			db, _ := files.Load(s)
			tx, err := db.(*sql.DB).Begin()
			if err != nil {
				t.Fatalf("begin: %v", err)
			}
			return storagetest.HostTx{Bound: s.(*sqlstore.Store).Bind(sqlstore.Std(tx)), Commit: tx.Commit, Rollback: func() error {
				if err := tx.Rollback(); err != nil && err != sql.ErrTxDone {
					return err
				}
				return nil
			}}
		},
	}
}
