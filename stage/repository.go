package stage

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/journal"
)

// State is whether a process takes new opportunities (P06).
type State string

// The states of a process.
const (
	ActiveProcess  State = "active"
	RetiredProcess State = "retired"
)

// Snapshot is a process's own row and its current version.
type Snapshot struct {
	Record
	Definition Process `json:"definition"`
}

// Record is a process's own row: its current version and its state.
type Record struct {
	ID     uuid.UUID `json:"id"`
	Tenant string    `json:"tenant"`
	Code   string    `json:"code"`
	State  State     `json:"state"`
	// Default marks the tenant's default process; at most one has the mark (P01).
	Default bool `json:"default,omitempty"`
	// Current is the id of the version that new opportunities start on; Latest is
	// its number.
	Current uuid.UUID `json:"current"`
	Latest  int       `json:"latest"`
	// Version counts changes of this row.
	Version int64        `json:"version"`
	Created time.Time    `json:"created"`
	Updated time.Time    `json:"updated"`
	Head    journal.Head `json:"head"`
}

// Change is everything that one command on a process writes, atomically.
type Change struct {
	// Record is the new state; Record.Version is Expected + 1. If it is the
	// default, Save removes the mark from the previous default.
	Record Record
	// Expected is the version that the command read; 0 inserts.
	Expected int64
	// Publish is a version to add, or nil. Versions are never changed (P02).
	Publish *Process
	// Delete removes the process with all versions; the journal remains.
	Delete  bool
	Entries []journal.Entry
}

// Repository stores processes. Errors not named here are storage errors (such as
// fault.ErrInternal).
type Repository interface {
	// Get returns a process's row. Errors: ErrNotFound.
	Get(ctx context.Context, tenant string, process uuid.UUID) (Record, error)
	// ByCode returns a process's row by code. Errors: ErrNotFound.
	ByCode(ctx context.Context, tenant, code string) (Record, error)
	// List returns all processes of a tenant by code, including retired ones.
	List(ctx context.Context, tenant string) ([]Record, error)
	// Version returns one version by its own id. Errors: ErrNotFound.
	Version(ctx context.Context, tenant string, version uuid.UUID) (Process, error)
	// Versions returns all versions of a process by number.
	Versions(ctx context.Context, tenant string, process uuid.UUID) ([]Process, error)
	// Save writes a change. Errors: ErrDuplicate ("process.code.taken");
	// ErrConflict if the stored version isn't Expected, or the process no longer
	// exists.
	Save(ctx context.Context, c Change) error
	// InUse returns the number of opportunities in each stage of a version,
	// except closed and void ones (P05).
	InUse(ctx context.Context, tenant string, version uuid.UUID) (map[string]int64, error)
	// Used reports whether any opportunity refers to the process (P06).
	Used(ctx context.Context, tenant string, process uuid.UUID) (bool, error)
}
