package lifecycle

import (
	"database/sql"

	"modernc.org/sqlite"
)

// openSQLite opens a file with one connection, since SQLite has one writer: more
// connections make every contender slower. Transactions begin with IMMEDIATE.
// count, if not nil, notes what is run.
func openSQLite(path, synchronous string, count *counter) (*sql.DB, error) {
	source := "file:" + path + "?_pragma=foreign_keys(1)&_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(" + synchronous + ")&_txlock=immediate"
	db := sql.OpenDB(counted(opener{&sqlite.Driver{}, source}, count))
	db.SetMaxOpenConns(1)
	return db, nil
}
