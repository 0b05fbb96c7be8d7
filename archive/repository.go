package archive

import (
	"context"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/journal"
)

// Record is an entry as stored: with the end of its journal chain.
type Record struct {
	Entry Entry
	Head  journal.Head
}

// Change is what one command writes, all of it or nothing.
type Change struct {
	// Entry is the new state; Entry.Version is Expected + 1.
	Entry Entry
	// Expected is the version that the command read; 0 inserts.
	Expected int64
	// Delete removes the entry's row; its journal stays.
	Delete bool
	// Scorecard is a version to insert, or nil.
	Scorecard *ScorecardVersion
	// Head is the chain's end after Entries.
	Head    journal.Head
	Entries []journal.Entry
}

// Query selects entries. Zero fields select all. Repositories may count on
// Validate's having passed.
type Query struct {
	Kind   Kind
	Status Status
	// After is the (kind, code) of the last entry of the page before.
	AfterKind Kind
	AfterCode string
	// Limit is the page's size, 1 or more.
	Limit int
}

// Repository keeps archive entries.
// Errors that aren't named are storage errors (fault.ErrInternal and kin).
type Repository interface {
	// Get returns one entry. Errors: ErrNotFound.
	Get(ctx context.Context, tenant string, id uuid.UUID) (Record, error)
	// Named returns those of the ids that exist, in any order, in one statement.
	Named(ctx context.Context, tenant string, ids []uuid.UUID) ([]Entry, error)
	// Coded returns those entries of a kind that have one of the codes, in any order,
	// in one statement for up to 500 codes.
	Coded(ctx context.Context, tenant string, kind Kind, codes []string) ([]Entry, error)
	// List returns a page, ordered by kind, code (by byte).
	List(ctx context.Context, tenant string, q Query) ([]Entry, error)
	// Save writes a change. Errors: ErrDuplicate ("archive.code.taken") for a
	// code that the kind has already; ErrConflict if the stored version isn't
	// Expected, or the entry is gone.
	Save(ctx context.Context, c Change) error
	// ScorecardVersion returns a version of a scorecard, the latest for number 0.
	// Errors: ErrNotFound ("scorecard.not_found").
	ScorecardVersion(ctx context.Context, tenant string, scorecard uuid.UUID, number int) (ScorecardVersion, error)
	// Used says whether anything refers to the entry (A04).
	Used(ctx context.Context, tenant string, id uuid.UUID) (bool, error)
}
