package quote

import (
	"context"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/calendar"
)

// Load names the parts to load with a quote's root.
type Load struct {
	// Items are the active revision's lines; Past the past revisions with theirs.
	Items, Past bool
	// Viewer is the user whose relation to the opportunity to return.
	Viewer string
}

// Query selects a page of quotes. Zero fields select everything that Scope sees;
// a quote is visible with its opportunity's owner, department and team.
type Query struct {
	Scope       access.Scope
	Statuses    []Status
	Opportunity uuid.UUID
	Customer    uuid.UUID
	// Number selects the quote with this number.
	Number string
	// ValidBefore, if not zero, selects quotes whose last valid day is before it;
	// quotes without one don't match.
	ValidBefore calendar.Date
	// AfterNumber is the last number of the previous page.
	AfterNumber string
	// Limit is the page size, 1 or more.
	Limit int
}

// Repository stores quotes. Errors not named here are storage errors (such as
// fault.ErrInternal).
type Repository interface {
	// Get returns one quote, with the parts that load names, and the viewer's
	// relation to its opportunity. Errors: ErrNotFound ("quote.not_found").
	Get(ctx context.Context, tenant string, id uuid.UUID, load Load) (Snapshot, access.Relation, error)
	// List returns a page of roots, ordered by number (byte by byte).
	List(ctx context.Context, tenant string, q Query) ([]Root, error)
	// Save writes a change. Errors: ErrConflict ("quote.changed") if the stored
	// version isn't Expected; ErrDuplicate ("quote.number.taken").
	Save(ctx context.Context, c Change) error
}
