package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	_ "modernc.org/sqlite" // SQLite in pure Go; the host chooses the driver

	"github.com/pursuit-crm/pursuit/storage"
	"github.com/pursuit-crm/pursuit/storage/sqlstore"
)

// open makes a new SQLite file with the library's tables, in a temporary folder
// if no name is given. The second result closes it.
func open(ctx context.Context, file string) (_ storage.Store, closeStore func() error, err error) {
	remove := func() error { return nil }
	if file == "" {
		dir, err := os.MkdirTemp("", "pursuit-quickstart-")
		if err != nil {
			return nil, nil, err
		}
		file, remove = filepath.Join(dir, "quickstart.db"), func() error { return os.RemoveAll(dir) }
	} else if _, err := os.Stat(file); err == nil {
		return nil, nil, fmt.Errorf("%s is there already; the story needs a new file", file)
	}
	// WAL and FULL: what was committed survives a power cut.
	db, err := sql.Open("sqlite", "file:"+file+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=busy_timeout(10000)&_pragma=foreign_keys(1)&_pragma=temp_store(MEMORY)")
	if err != nil {
		return nil, nil, errors.Join(err, remove())
	}
	closeStore = func() error { return errors.Join(db.Close(), remove()) }
	store, err := sqlstore.New(db, sqlstore.SQLite(), nil)
	if err == nil {
		err = store.Migrate(ctx)
	}
	if err == nil {
		err = store.Check(ctx) // that the database is set up as the library needs it
	}
	if err != nil {
		return nil, nil, errors.Join(err, closeStore())
	}
	return store, closeStore, nil
}
