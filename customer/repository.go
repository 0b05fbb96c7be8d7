package customer

import (
	"context"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/journal"
)

// Record is a stored customer with the end of its journal chain and, if
// requested, its contacts ordered by id.
type Record struct {
	Customer Customer
	Contacts []Contact
	Head     journal.Head
}

// Snapshot is a customer with its contacts, in order of their ids.
type Snapshot struct {
	Customer
	Contacts []Contact `json:"contacts,omitempty"`
}

// Change is everything that one command writes, atomically.
type Change struct {
	// Customer is the new state; Customer.Version is Expected + 1.
	Customer Customer
	// Expected is the version that the command read; 0 inserts.
	Expected int64
	// Delete removes the customer and its contacts; the journal remains.
	Delete bool
	// Contacts are new and changed contacts, to be written whole. A contact that
	// loses the primary mark precedes the one that gains it.
	Contacts []Contact
	// Removed are contacts to delete before Contacts are written, because the
	// mark may pass from one of the former to one of the latter.
	Removed []uuid.UUID
	// Moved are contacts that move to another customer, whose change in the same
	// transaction writes them (C08).
	Moved []uuid.UUID
	// Head is the chain's end after Entries.
	Head    journal.Head
	Entries []journal.Entry
}

// Query selects customers. Zero fields select everything that Scope sees.
// Repositories may rely on Validate.
type Query struct {
	Scope  access.Scope
	Status Status
	Kind   Kind
	Owner  string
	Parent uuid.UUID
	// Search matches names whose folded form contains it, literally.
	Search string
	// AfterKey and AfterID identify the last customer of the previous page by
	// name key and id.
	AfterKey string
	AfterID  uuid.UUID
	// Limit is the page size, 1 or more.
	Limit int
}

// Repository stores customers and their contacts. Errors not named here are
// storage errors (such as fault.ErrInternal).
type Repository interface {
	// Get returns one customer, with its contacts if requested. Errors:
	// ErrNotFound.
	Get(ctx context.Context, tenant string, id uuid.UUID, contacts bool) (Record, error)
	// ByCode returns the customer with a code, without contacts. Errors: ErrNotFound.
	ByCode(ctx context.Context, tenant, code string) (Record, error)
	// Named returns the existing customers among the ids, in any order, in one
	// statement.
	Named(ctx context.Context, tenant string, ids []uuid.UUID) ([]Customer, error)
	// ContactsNamed returns the existing contacts among the ids, in any order.
	ContactsNamed(ctx context.Context, tenant string, ids []uuid.UUID) ([]Contact, error)
	// List returns a page, ordered by name key, then id.
	List(ctx context.Context, tenant string, q Query) ([]Customer, error)
	// Save writes a change. Errors: ErrDuplicate ("customer.code.taken");
	// ErrConflict if the stored version isn't Expected, or the customer no longer
	// exists.
	Save(ctx context.Context, c Change) error
	// Alike returns up to q.Limit customers that resemble a probe, ordered by
	// name key, then id, in one statement (C07). A match of an alias counts for
	// the customer it leads to, through any number of aliases; the scope applies
	// only to that customer (C08).
	Alike(ctx context.Context, tenant string, q AlikeQuery) ([]Hit, error)
	// Dependents returns the ids of a customer's dependents, each kind ordered by
	// id, at most limit in all: opportunities that name it as customer, bill-to
	// or end user, its quotes and orders likewise, and customers whose parent it
	// is.
	Dependents(ctx context.Context, tenant string, id uuid.UUID, limit int) (Dependents, error)
	// Used reports whether anything else refers to the customer (contact Nil) or
	// to one of its contacts: opportunities, orders, child customers and aliases
	// (C05).
	Used(ctx context.Context, tenant string, id, contact uuid.UUID) (bool, error)
}
