package quote

import (
	"context"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/calendar"
)

// Load says what to load of a quote beside its root.
type Load struct {
	// Items are the active revision's lines; Past the past revisions with theirs.
	Items, Past bool
	// Viewer is whose relation to the opportunity is asked for.
	Viewer string
}

// Query asks for a page of quotes. Zero fields select all that Scope sees; a
// quote is seen with its opportunity's owner, department and team.
type Query struct {
	Scope       access.Scope
	Statuses    []Status
	Opportunity uuid.UUID
	Customer    uuid.UUID
	// Number selects the one that has it.
	Number string
	// ValidBefore, if not zero, selects quotes whose last valid day is before it;
	// those without one aren't.
	ValidBefore calendar.Date
	// AfterNumber is the number of the last one of the page before.
	AfterNumber string
	// Limit is the page's size, 1 or more.
	Limit int
}

// Repository keeps quotes.
// Errors that aren't named are storage errors (fault.ErrInternal and kin).
type Repository interface {
	// Get returns one quote, with what load says, and the viewer's relation to its
	// opportunity. Errors: ErrNotFound ("quote.not_found").
	Get(ctx context.Context, tenant string, id uuid.UUID, load Load) (Snapshot, access.Relation, error)
	// List returns a page of roots, by number (by byte).
	List(ctx context.Context, tenant string, q Query) ([]Root, error)
	// Save writes a change. Errors: ErrConflict ("quote.changed") if the stored
	// version isn't Expected; ErrDuplicate ("quote.number.taken").
	Save(ctx context.Context, c Change) error
}
