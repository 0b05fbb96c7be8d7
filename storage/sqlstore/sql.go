package sqlstore

import (
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"github.com/pursuit-crm/pursuit/fault"
)

// Direction selects a half of a migration.
type Direction int

// Up applies a version; Down drops it, with its data.
const (
	Up Direction = iota + 1
	Down
)

// SQL returns one migration as plain SQL, with prefix and schema filled in:
// statements that end with a semicolon, and comments, for a host that applies
// them with its own tool or manually. Versions count from 1 without gaps; the one
// after the last is ErrNotFound. nil options mean the defaults.
func SQL(d Dialect, opts *Options, version int, dir Direction) (string, error) {
	files, err := Migrations(d, opts)
	if err != nil {
		return "", err
	}
	if dir != Up && dir != Down {
		return "", fault.Invalid("storage.migration.direction", fault.Field{Path: "/direction", Code: "unknown", Message: "must be Up or Down"})
	}
	names, err := fs.Glob(files, fmt.Sprintf("%05d_*.sql", version))
	if err != nil || len(names) != 1 || version < 1 {
		return "", fault.New(fault.ErrNotFound, "storage.migration", "there is no migration "+strconv.Itoa(version))
	}
	b, err := fs.ReadFile(files, names[0])
	if err != nil {
		return "", fault.Wrap(fault.ErrInternal, "storage.migrations", "a migration can't be read", err)
	}
	// What stands before the first mark explains the migration, either half of it.
	wanted := true
	var out strings.Builder
	for line := range strings.Lines(string(b)) {
		switch trimmed := strings.TrimSpace(line); {
		case strings.HasPrefix(trimmed, "-- +goose Up"):
			wanted = dir == Up
		case strings.HasPrefix(trimmed, "-- +goose Down"):
			wanted = dir == Down
		case strings.HasPrefix(trimmed, "-- +goose"):
		case wanted:
			out.WriteString(line)
		}
	}
	return strings.TrimSpace(out.String()) + "\n", nil
}
