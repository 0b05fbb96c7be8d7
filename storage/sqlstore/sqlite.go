package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
)

// SQLite is the dialect of SQLite 3.35 or later. The host's data source must turn
// foreign keys on, wait for locks (busy_timeout), use the write-ahead log, and
// keep synchronous=FULL; Store.Check verifies it. With modernc.org/sqlite:
//
//	file:p.db?_pragma=foreign_keys(1)&_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=temp_store(MEMORY)
//
// An Update that finds the lock for writing taken by another process, another Store,
// or a transaction of the host's own, asks again for five seconds in all, however
// short busy_timeout is, and gives up with ErrRetry; with a longer busy_timeout it
// waits for that once. The engine tries it again only within its Options.Patience. So
// a command returns after 10 s or, if busy_timeout is longer, after that; a moment
// more is possible where an attempt begins just before.
//
// It returns sooner if its context ends. modernc.org/sqlite 1.61 and later hears of
// that at once, in a statement and in the BEGIN of _txlock=immediate; so does Migrate,
// and a command in a host's transaction. Other drivers may not hear before
// busy_timeout has passed: with them busy_timeout(100) makes it a fraction of a
// second, and no less patient.
//
// temp_store(MEMORY) keeps what SQLite needs to take a statement or a savepoint back
// out of temporary files; large sorts are in memory then too. With modernc.org/sqlite
// 1.62 it makes groups faster by a fifth, since each of their members has a savepoint,
// and a lone writer a little. With 1.57, which gave memory back to the system each
// time, it cost groups a fifth.
//
// A host's transaction that the store is bound to should begin with BEGIN
// IMMEDIATE (_txlock=immediate): one that reads first and then writes is given up
// (ErrRetry) if somebody wrote in between.
func SQLite() Dialect {
	return Dialect{
		name: "sqlite",
		// Drivers that begin with IMMEDIATE if the host says so leave readers alone.
		view: sql.TxOptions{ReadOnly: true},
		// A first statement that writes takes the lock for writing through the busy
		// handler, as BEGIN IMMEDIATE does, with any driver.
		lock:        "UPDATE pursuit_number_series SET last_number = last_number WHERE tenant = '' AND series = ''",
		groups:      true,
		id:          func(u uuid.UUID) any { return u[:] },
		nothing:     " ON CONFLICT DO NOTHING",
		upsert:      onConflict,
		prepareWait: localWait,
		local:       true,
		// An expression has no declared type, and a name of one letter is never copied.
		column:   struct{ before, after string }{"+", " x"},
		classify: sqliteClass,
		noTx: func(err error) bool {
			return strings.Contains(err.Error(), "no transaction is active")
		},
		check:        sqliteCheck,
		versionTable: "CREATE TABLE IF NOT EXISTS pursuit_schema_version (version INTEGER NOT NULL PRIMARY KEY)",
	}
}

// Result codes of SQLite; extended ones have the primary one in their low byte.
const (
	sqliteBusy       = 5
	sqliteLocked     = 6
	sqliteFull       = 13
	sqliteForeignKey = 787
	sqlitePrimaryKey = 1555
	sqliteUnique     = 2067
)

// sqliteClass reads the code where the driver tells it through a method
// (modernc.org/sqlite), and the message otherwise.
func sqliteClass(err error) class {
	msg := err.Error()
	var coded interface{ Code() int }
	if errors.As(err, &coded) {
		code := coded.Code()
		switch primary := code & 0xff; {
		case primary == sqliteBusy, primary == sqliteLocked:
			return classRetry
		case primary == sqliteFull:
			return classFull
		case code == sqliteUnique, code == sqlitePrimaryKey:
			return classUnique
		case code == sqliteForeignKey:
			return classReference
		}
	}
	has := func(s string) bool { return strings.Contains(msg, s) }
	switch {
	case has("database is locked"), has("database table is locked"), has("database schema is locked"):
		return classRetry
	case has("UNIQUE constraint failed"), has("PRIMARY KEY constraint failed"):
		return classUnique
	case has("FOREIGN KEY constraint failed"):
		return classReference
	case has("integer overflow"):
		return classOverflow
	case has("database or disk is full"):
		return classFull
	}
	return classOther
}

func sqliteCheck(ctx context.Context, c Conn, o *Options, f *fault.Fields) error {
	// last gives the last column of the first row: the value of a setting, the
	// file of the main database.
	last := func(query string, columns int) (string, error) {
		rows, err := c.Query(ctx, query)
		if err != nil {
			return "", err
		}
		defer rows.Close()
		v, dest := make([]cell, columns), make([]any, columns)
		for i := range v {
			dest[i] = &v[i]
		}
		if rows.Next() {
			if err := rows.Scan(dest...); err != nil {
				return "", err
			}
		}
		return v[columns-1].text(), rows.Err()
	}
	pragma := func(name string) (string, error) { return last("PRAGMA "+name, 1) }
	path, err := last("PRAGMA database_list", 3)
	if err != nil {
		return err
	}
	got := map[string]string{}
	for _, name := range []string{"foreign_keys", "journal_mode", "synchronous", "busy_timeout"} {
		v, err := pragma(name)
		if err != nil {
			return err
		}
		got[name] = strings.ToLower(v)
	}
	need := func(ok bool, name, want string) {
		if !ok {
			f.Add("/"+name, "bad_setting", fmt.Sprintf("is %q, must be %s", got[name], want))
		}
	}
	need(got["foreign_keys"] == "1", "foreign_keys", "on")
	// A file's journal may be "memory" too, which a crash turns into a corrupt file.
	memory := got["journal_mode"] == "memory" && path == ""
	need(memory || got["journal_mode"] == "wal", "journal_mode", "WAL")
	least := 2
	if o.NormalSync {
		least = 1
	}
	sync, err := strconv.Atoi(got["synchronous"])
	need(memory || (err == nil && sync >= least), "synchronous", "FULL")
	wait, err := strconv.Atoi(got["busy_timeout"])
	need(err == nil && wait > 0, "busy_timeout", "above 0")
	return nil
}
