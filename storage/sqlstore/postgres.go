package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"net"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
)

// PostgreSQL is the dialect of PostgreSQL 13 or later, with pgx's stdlib or any
// driver whose errors have a method SQLState. Ids are of type uuid; they travel as
// text, which all drivers take. Transactions of the store's own write at the
// database's default isolation (READ COMMITTED) and read at REPEATABLE READ, READ
// ONLY.
//
// The store prepares no statements: pgx keeps its own, and in front of a pooler in
// transaction mode the host turns that off (default_query_exec_mode=exec).
//
// Designed for, but not tested on: CockroachDB, YugabyteDB and Citus.
func PostgreSQL() Dialect {
	return Dialect{
		name:       "postgres",
		numbered:   true,
		schemas:    true,
		unprepared: true,
		view:       sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true},
		id:         func(u uuid.UUID) any { return u.String() },
		nothing:    " ON CONFLICT DO NOTHING",
		upsert:     onConflict,
		classify:   postgresClass,
		// An answer with a state is the server's, and says that it rolled back; what
		// classLost names is looked at before.
		refused: func(err error) bool {
			state := postgresState(err)
			return state != "" && !strings.HasPrefix(state, "XX") && !strings.HasPrefix(state, "58")
		},
		guard:        postgresGuard,
		guarded:      func(err error) bool { return postgresState(err) == "22012" },
		check:        postgresCheck,
		versionTable: "CREATE TABLE IF NOT EXISTS pursuit_schema_version (version INTEGER NOT NULL PRIMARY KEY)",
	}
}

// postgresState is the SQLSTATE of the server's answer, or "".
func postgresState(err error) string {
	var stated interface{ SQLState() string }
	if errors.As(err, &stated) {
		return stated.SQLState()
	}
	return ""
}

func postgresClass(err error) class {
	switch state := postgresState(err); {
	case state == "":
		if strings.Contains(err.Error(), "commit unexpectedly resulted in rollback") {
			return classAborted // pgx: COMMIT of a transaction that had failed
		}
		if severed(err) {
			return classLost
		}
		return classOther
	case state == "40001", state == "40P01", state == "55P03":
		// Serialization failure, deadlock, and a lock that the host's lock_timeout
		// didn't wait for.
		return classRetry
	case state == "25P02":
		return classAborted
	case state == "23505":
		return classUnique
	case state == "23503", state == "23001":
		return classReference
	case state == "22003":
		return classOverflow
	case state == "53100":
		return classFull
	case strings.HasPrefix(state, "08"), strings.HasPrefix(state, "57P"):
		return classLost
	}
	return classOther
}

// severed tells errors of the network, and of drivers that noticed one earlier.
func severed(err error) bool {
	var op net.Error
	msg := err.Error()
	return errors.As(err, &op) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) ||
		strings.Contains(msg, "conn closed") || strings.Contains(msg, "invalid connection") || strings.Contains(msg, "bad connection")
}

// postgresGuard divides by zero unless a statement touches so many rows.
func postgresGuard(statement string, want int) string {
	return "WITH touched AS (" + statement + " RETURNING 1) SELECT 1 / (CASE COUNT(*) WHEN " + strconv.Itoa(want) + " THEN 1 ELSE 0 END) FROM touched"
}

const minPostgres = 130_000

func postgresCheck(ctx context.Context, c Conn, o *Options, f *fault.Fields) error {
	got, err := settings(ctx, c, "SELECT name, setting FROM pg_settings WHERE name IN ('server_version_num', 'server_encoding', 'client_encoding',"+
		" 'fsync', 'full_page_writes', 'synchronous_commit')")
	if err != nil {
		return err
	}
	if v, err := strconv.Atoi(got["server_version_num"]); err == nil && v < minPostgres {
		f.Add("/server_version", "too_old", "must be 13 or later")
	}
	needs(f, got, "server_encoding", "UTF8", "utf8")
	needs(f, got, "client_encoding", "UTF8", "utf8", "utf-8")
	needs(f, got, "fsync", "on")
	needs(f, got, "full_page_writes", "on")
	if !o.NormalSync {
		needs(f, got, "synchronous_commit", "on", "local", "remote_write", "remote_apply")
	}
	return nil
}

// settings reads pairs of a name and a value.
func settings(ctx context.Context, c Conn, query string) (map[string]string, error) {
	rows, err := c.Query(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	got := map[string]string{}
	r := new(row).sized(2)
	for rows.Next() {
		if err := rows.Scan(r.dest...); err != nil {
			return nil, err
		}
		r.at = 0
		name := strings.ToLower(r.text())
		got[name] = strings.ToLower(r.text())
	}
	return got, rows.Err()
}

// needs notes a setting that is none of what it may be. One that the server
// doesn't have is left alone.
func needs(f *fault.Fields, got map[string]string, name string, want ...string) {
	v, there := got[name]
	for _, w := range want {
		if !there || v == strings.ToLower(w) {
			return
		}
	}
	f.Add("/"+name, "bad_setting", "is "+strconv.Quote(v)+", must be "+want[0])
}
