package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"github.com/pursuit-crm/pursuit/fault"
)

// Migrate updates the tables to this version of the library. It may run at each
// start, and in several processes at once: each migration is applied once, and
// recorded in the table schema_version. Hosts with a migration tool of their own
// use Migrations instead. Errors: ErrNotAllowed ("storage.schema.newer") if the
// tables belong to a newer version of the library; storage errors.
func (s *Store) Migrate(ctx context.Context) error {
	db, closeDB := s.opened()
	if db == nil {
		return noDB()
	}
	defer closeDB()
	all, err := s.migrations()
	if err != nil {
		return err
	}
	if err := s.makeVersions(ctx, db); err != nil {
		return err
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return s.fault(ctx, err)
	}
	defer conn.Close()
	base := context.WithoutCancel(ctx)
	begin, began := heard(ctx, base)
	tx, err := conn.BeginTx(begin, &s.d.update)
	if err != nil {
		return s.fault(ctx, err)
	}
	if !began() {
		s.rollback(base, conn, tx)
		return s.fault(ctx, ctx.Err())
	}
	done := false
	defer func() {
		if !done {
			s.rollback(base, conn, tx)
		}
	}()
	// A first statement that writes: whoever comes second waits here. Where DDL
	// commits by itself both go on, and what is there already is passed over.
	if _, err := tx.ExecContext(ctx, s.text("UPDATE pursuit_schema_version SET version = version WHERE version = 0")); err != nil {
		return s.fault(ctx, err)
	}
	at, err := s.schemaVersion(ctx, Std(tx))
	if err != nil {
		return err
	}
	if last := all[len(all)-1].number; at > last {
		return fault.NotAllowed("storage.schema.newer", "the tables belong to a newer version of the library",
			fault.Field{Path: "/schema_version", Code: "newer", Message: fmt.Sprintf("is %d, this library knows %d", at, last)})
	}
	for _, m := range all {
		if m.number <= at {
			continue
		}
		if err := s.apply(ctx, tx, m); err != nil {
			return err
		}
	}
	done = true
	if err := tx.Commit(); err != nil {
		s.undo(base, conn)
		return s.commitFault(err)
	}
	return nil
}

func (s *Store) apply(ctx context.Context, tx *sql.Tx, m migration) error {
	for _, q := range m.up {
		if _, err := tx.ExecContext(ctx, q); err != nil && (s.d.there == nil || !s.d.there(err)) {
			return s.fault(ctx, fmt.Errorf("migration %d: %w", m.number, err))
		}
	}
	return s.noteVersion(ctx, Std(tx), m.number)
}

// makeVersions creates the table of versions, with a row to be locked. Of several
// that create it at once, PostgreSQL lets all but one fail in spite of IF NOT
// EXISTS, with one of several errors; the next attempt finds it.
func (s *Store) makeVersions(ctx context.Context, db *sql.DB) error {
	const attempts = 5
	p := s.patience()
	defer p.end()
	for try := 1; ; try++ {
		_, err := db.ExecContext(ctx, s.text(s.d.versionTable))
		if err == nil {
			return s.noteVersion(ctx, Std(db), 0)
		}
		if try == attempts || ctx.Err() != nil || p.over() {
			return s.fault(ctx, err)
		}
	}
}

// noteVersion notes a version unless somebody else did.
func (s *Store) noteVersion(ctx context.Context, c Conn, n int) error {
	_, err := c.Exec(ctx, s.insert(&schemaTable, 1, nothing), int64(n))
	if err != nil && s.d.nothing == "" && s.class(err) == classUnique {
		return nil
	}
	return s.fault(ctx, err)
}

var schemaTable = table{name: "pursuit_schema_version", cols: []string{"version"}, key: []string{"version"}}

func (s *Store) schemaVersion(ctx context.Context, c Conn) (int, error) {
	rows, err := c.Query(ctx, s.text("SELECT MAX(version) FROM pursuit_schema_version"))
	if err != nil {
		return 0, s.fault(ctx, err)
	}
	defer rows.Close()
	at := int64(0)
	r := new(row).sized(1)
	if rows.Next() {
		if err := rows.Scan(r.dest...); err != nil {
			return 0, s.fault(ctx, err)
		}
		if at = r.numOr0(); r.err != nil {
			return 0, corrupt(r.err)
		}
	}
	return int(at), s.fault(ctx, rows.Err())
}

// Check verifies, on one connection of the pool, that the tables match this
// version of the library, and that the database's settings keep its promises.
// Errors: ErrNotAllowed ("storage.settings") listing every fault; storage errors.
func (s *Store) Check(ctx context.Context) error {
	db, closeDB := s.opened()
	if db == nil {
		return noDB()
	}
	defer closeDB()
	all, err := s.migrations()
	if err != nil {
		return err
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return s.fault(ctx, err)
	}
	defer conn.Close()
	var f fault.Fields
	if err := s.d.check(ctx, Std(conn), &s.opts, &f); err != nil {
		return s.fault(ctx, err)
	}
	want := all[len(all)-1].number
	// A host's own migration tool doesn't write our table, and Migrate, tried on
	// what such a tool made, leaves it at 0: then the newest table has to answer.
	at, err := s.schemaVersion(ctx, Std(conn))
	if err != nil || at == 0 {
		if cerr := cancelled(ctx); cerr != nil {
			return cerr
		}
		at = want
		if _, err := conn.ExecContext(ctx, s.text(newestTable)); err != nil {
			at = 0
		}
	}
	switch {
	case at == 0:
		f.Add("/schema_version", "wrong_version", fmt.Sprintf("the tables aren't there, or aren't of version %d: run Migrate, or your own tool with all migrations", want))
	case at < want:
		f.Add("/schema_version", "wrong_version", fmt.Sprintf("is %d, must be %d: run Migrate, or your own tool with the newer migrations", at, want))
	case at > want:
		f.Add("/schema_version", "wrong_version", fmt.Sprintf("is %d, of a newer version of the library, which knows %d", at, want))
	}
	return f.NotAllowed("storage.settings", "the database isn't set up as the store requires")
}

// newestTable asks for something that only the newest migration makes.
const newestTable = "SELECT name FROM pursuit_lease WHERE tenant = ''"

// migration is a file of migrations/: 00001_core.sql.
type migration struct {
	number int
	up     []string
}

func (s *Store) migrations() ([]migration, error) {
	files, err := Migrations(s.d, &s.opts)
	if err != nil {
		return nil, err
	}
	names, err := fs.Glob(files, "*.sql")
	if err != nil || len(names) == 0 {
		return nil, fault.Wrap(fault.ErrInternal, "storage.migrations", "there are no migrations", err)
	}
	var out []migration
	for _, name := range names { // Glob sorts
		digits, _, _ := strings.Cut(name, "_")
		n, err := strconv.Atoi(digits)
		if err != nil {
			return nil, fault.Wrap(fault.ErrInternal, "storage.migrations", "a migration has no number", err)
		}
		b, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fault.Wrap(fault.ErrInternal, "storage.migrations", "a migration can't be read", err)
		}
		out = append(out, migration{n, ups(string(b))})
	}
	return out, nil
}

// ups takes the statements of the Up part of a file in goose's format.
// Statements end with a semicolon at the end of a line.
func ups(text string) []string {
	var out []string
	var b strings.Builder
	up := false
	for line := range strings.Lines(text) {
		trimmed := strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(trimmed, "-- +goose Up"):
			up = true
			continue
		case strings.HasPrefix(trimmed, "-- +goose Down"):
			up = false
		}
		if !up || trimmed == "" || strings.HasPrefix(trimmed, "--") {
			continue
		}
		code, _, _ := strings.Cut(line, " -- ")
		b.WriteString(strings.TrimRight(code, " \n") + "\n")
		if q, ok := strings.CutSuffix(strings.TrimSpace(code), ";"); ok {
			stmt := strings.TrimSpace(b.String())
			if q != "" {
				out = append(out, strings.TrimSuffix(stmt, ";"))
			}
			b.Reset()
		}
	}
	return out
}
