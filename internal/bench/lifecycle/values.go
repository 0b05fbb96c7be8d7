package lifecycle

import (
	"database/sql/driver"
	"fmt"

	"github.com/google/uuid"
	"github.com/uptrace/bun/dialect"
	"github.com/uptrace/bun/schema"

	"github.com/pursuit-crm/pursuit/journal"
)

// ident is an id as the tables hold it: 16 bytes, or PostgreSQL's UUID.
type ident uuid.UUID

// Value gives 16 bytes, which every driver takes.
func (i ident) Value() (driver.Value, error) { return i[:], nil }

// Scan takes 16 bytes or text.
func (i *ident) Scan(src any) error {
	switch v := src.(type) {
	case []byte:
		if len(v) == 16 {
			copy(i[:], v)
			return nil
		}
		u, err := uuid.ParseBytes(v)
		*i = ident(u)
		return err
	case string:
		u, err := uuid.Parse(v)
		*i = ident(u)
		return err
	}
	return fmt.Errorf("an id of type %T", src)
}

// AppendQuery is for bun, which writes values into its statements.
func (i ident) AppendQuery(gen schema.QueryGen, b []byte) ([]byte, error) {
	if gen.Dialect().Name() == dialect.PG {
		return fmt.Appendf(b, "'%s'", uuid.UUID(i)), nil
	}
	return fmt.Appendf(b, "X'%x'", i[:]), nil
}

// digest is a hash as the tables hold it.
type digest journal.Hash

// Value gives its bytes.
func (h digest) Value() (driver.Value, error) { return h[:], nil }

// Scan takes bytes.
func (h *digest) Scan(src any) error {
	if b, ok := src.([]byte); ok && len(b) == len(h) {
		copy(h[:], b)
		return nil
	}
	return fmt.Errorf("a hash of type %T", src)
}

func ref[T any](v T) *T { return &v }
