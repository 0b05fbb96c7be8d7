package main

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"os"
	"path/filepath"

	_ "modernc.org/sqlite" // SQLite in pure Go

	"github.com/pursuit-crm/pursuit/storage"
	"github.com/pursuit-crm/pursuit/storage/memory"
	"github.com/pursuit-crm/pursuit/storage/sqlstore"
)

// openStore opens the store that the flags ask for: kind is "sqlite" or
// "memory"; file is SQLite's, or empty for a temporary one; dsn, if not empty, is
// a server's database. The second result closes it, and removes what was
// temporary.
func openStore(ctx context.Context, kind, file, dsn string) (_ storage.Store, closeStore func() error, err error) {
	remove := func() error { return nil }
	if kind == "memory" {
		return memory.New(), remove, nil
	}
	if dsn != "" {
		db, d, err := openServer(dsn)
		if err != nil {
			return nil, nil, err
		}
		return ready(ctx, db, d, db.Close)
	}
	if file == "" {
		dir, err := os.MkdirTemp("", "pursuit-replay-")
		if err != nil {
			return nil, nil, err
		}
		file, remove = filepath.Join(dir, "replay.db"), func() error { return os.RemoveAll(dir) }
	}
	db, err := openSQLite(file)
	if err != nil {
		return nil, nil, errors.Join(err, remove())
	}
	return ready(ctx, db, sqlstore.SQLite(), func() error { return errors.Join(db.Close(), remove()) })
}

// ready makes the tables where they are missing.
func ready(ctx context.Context, db *sql.DB, d sqlstore.Dialect, closeDB func() error) (storage.Store, func() error, error) {
	store, err := sqlstore.New(db, d, nil)
	closeStore := closeDB
	if err == nil {
		closeStore = func() error { return errors.Join(store.Close(), closeDB()) }
	}
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

// openSQLite opens a file so that what was committed survives a power cut (WAL,
// FULL), and writers wait for each other.
func openSQLite(file string) (*sql.DB, error) {
	path, err := filepath.Abs(file)
	if err != nil {
		return nil, err
	}
	name := url.URL{Scheme: "file", Path: filepath.ToSlash(path), RawQuery: "_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)" +
		"&_pragma=busy_timeout(10000)&_pragma=foreign_keys(1)&_pragma=temp_store(MEMORY)"}
	return sql.Open("sqlite", name.String())
}
