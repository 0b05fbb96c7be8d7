package order

import (
	"context"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/opportunity"
)

// Change is everything that one command on an order writes, atomically.
type Change struct {
	// Root is the new state; Root.Version is Expected + 1.
	Root Root
	// Expected is the version that the command read; 0 inserts.
	Expected int64
	// Lines are written whole: inserted or replaced by number.
	Lines        []Line
	RemovedLines []int
	// Events are new.
	Events  []ExecutionEvent
	Entries []journal.Entry
}

// SettingsChange is what one command on the sales system writes.
type SettingsChange struct {
	// Settings is the new state; Settings.Version is Expected + 1.
	Settings Settings
	// Expected is the version that the command read; 0 inserts.
	Expected int64
	Entries  []journal.Entry
}

// Query selects a page of orders. Zero fields select everything that Scope sees;
// an order is visible with its opportunity's owner, department and team.
type Query struct {
	Scope       access.Scope
	Statuses    []Status
	Opportunity uuid.UUID
	Customer    uuid.UUID
	// Number selects the order with this number.
	Number string
	// AfterNumber is the last number of the previous page.
	AfterNumber string
	// Limit is the page size, 1 or more.
	Limit int
}

// Basis is the stored data that a new order is based on.
type Basis struct {
	Settings Settings
	// Opportunity has its lines, and the viewer's membership.
	Opportunity opportunity.Record
	// Customer is the opportunity's, without contacts.
	Customer customer.Record
}

// Repository stores orders and the settings of sales systems. Errors not named
// here are storage errors (such as fault.ErrInternal).
type Repository interface {
	// Get returns one order with its lines and, if requested, its events, and the
	// viewer's relation to its opportunity. Errors: ErrNotFound.
	Get(ctx context.Context, tenant string, id uuid.UUID, events bool, viewer string) (Snapshot, access.Relation, error)
	// Basis returns the basis of an order for an opportunity, as the repositories
	// of each would; on SQL in one statement. Errors: ErrNotFound if the
	// opportunity doesn't exist.
	Basis(ctx context.Context, tenant string, opportunity uuid.UUID, viewer string) (Basis, error)
	// List returns a page of roots, ordered by number (byte by byte).
	List(ctx context.Context, tenant string, q Query) ([]Root, error)
	// Snapshots returns a page of whole orders, with lines and events, in the
	// selection of List; on SQL in two statements.
	Snapshots(ctx context.Context, tenant string, q Query) ([]Snapshot, error)
	// Save writes a change. Errors: ErrConflict ("order.changed") if the stored
	// version isn't Expected; ErrDuplicate ("order.number.taken",
	// "order.event.exists").
	Save(ctx context.Context, c Change) error
	// Settings returns the tenant's settings; the zero Settings with Tenant set
	// if there are none.
	Settings(ctx context.Context, tenant string) (Settings, error)
	// SaveSettings writes a change. Errors: ErrConflict if the stored version
	// isn't Expected.
	SaveSettings(ctx context.Context, c SettingsChange) error
}
