package archive

import (
	"context"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/journal"
)

// Record is a stored entry with the end of its journal chain.
type Record struct {
	Entry Entry
	Head  journal.Head
}

// Change is everything that one command writes, atomically.
type Change struct {
	// Entry is the new state; Entry.Version is Expected + 1.
	Entry Entry
	// Expected is the version that the command read; 0 inserts.
	Expected int64
	// Delete removes the entry's row; its journal remains.
	Delete bool
	// Scorecard is a version to insert, or nil.
	Scorecard *ScorecardVersion
	// Head is the chain's end after Entries.
	Head    journal.Head
	Entries []journal.Entry
}

// Query selects entries. Zero fields select all. Repositories may rely on
// Validate.
type Query struct {
	Kind   Kind
	Status Status
	// AfterKind and AfterCode identify the last entry of the previous page.
	AfterKind Kind
	AfterCode string
	// Limit is the page size, 1 or more.
	Limit int
}

// Repository stores archive entries. Errors not named here are storage errors
// (such as fault.ErrInternal).
type Repository interface {
	// Get returns one entry. Errors: ErrNotFound.
	Get(ctx context.Context, tenant string, id uuid.UUID) (Record, error)
	// Named returns the existing entries among the ids, in any order, in one
	// statement.
	Named(ctx context.Context, tenant string, ids []uuid.UUID) ([]Entry, error)
	// Coded returns the entries of a kind that have one of the codes, in any
	// order, in one statement for up to 500 codes.
	Coded(ctx context.Context, tenant string, kind Kind, codes []string) ([]Entry, error)
	// List returns a page, ordered by kind and code (byte by byte).
	List(ctx context.Context, tenant string, q Query) ([]Entry, error)
	// Save writes a change. Errors: ErrDuplicate ("archive.code.taken") for a
	// code that the kind already has; ErrConflict if the stored version isn't
	// Expected, or the entry no longer exists.
	Save(ctx context.Context, c Change) error
	// ScorecardVersion returns a version of a scorecard; number 0 is the latest.
	// Errors: ErrNotFound ("scorecard.not_found").
	ScorecardVersion(ctx context.Context, tenant string, scorecard uuid.UUID, number int) (ScorecardVersion, error)
	// Used reports whether anything refers to the entry (A04).
	Used(ctx context.Context, tenant string, id uuid.UUID) (bool, error)
}
