package customer

import (
	"context"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/journal"
)

// Record is a customer as stored: with its contacts, if they were asked for,
// in order of their ids, and the end of its journal chain.
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

// Change is what one command writes, all of it or nothing.
type Change struct {
	// Customer is the new state; Customer.Version is Expected + 1.
	Customer Customer
	// Expected is the version that the command read; 0 inserts.
	Expected int64
	// Delete removes the customer and its contacts; the journal stays.
	Delete bool
	// Contacts are written whole, new ones and changed ones. A contact that
	// stops being primary stands before the one that becomes it.
	Contacts []Contact
	// Removed are contacts to delete, before Contacts are written: the mark may
	// pass from one of them to one of those.
	Removed []uuid.UUID
	// Moved are contacts that go to another customer, whose change in the same
	// transaction writes them (C08).
	Moved []uuid.UUID
	// Head is the chain's end after Entries.
	Head    journal.Head
	Entries []journal.Entry
}

// Query selects customers. Zero fields select all that Scope sees. Repositories
// may count on Validate's having passed.
type Query struct {
	Scope  access.Scope
	Status Status
	Kind   Kind
	Owner  string
	Parent uuid.UUID
	// Search matches names whose folded form contains it, literally.
	Search string
	// After is the (name key, id) of the last one of the page before.
	AfterKey string
	AfterID  uuid.UUID
	// Limit is the page's size, 1 or more.
	Limit int
}

// Repository keeps customers and their contacts.
// Errors that aren't named are storage errors (fault.ErrInternal and kin).
type Repository interface {
	// Get returns one customer, with contacts if asked. Errors: ErrNotFound.
	Get(ctx context.Context, tenant string, id uuid.UUID, contacts bool) (Record, error)
	// ByCode returns the customer with a code, without contacts. Errors: ErrNotFound.
	ByCode(ctx context.Context, tenant, code string) (Record, error)
	// Named returns those of the ids that exist, in any order, in one statement.
	Named(ctx context.Context, tenant string, ids []uuid.UUID) ([]Customer, error)
	// ContactsNamed returns those of the contacts that exist, in any order.
	ContactsNamed(ctx context.Context, tenant string, ids []uuid.UUID) ([]Contact, error)
	// List returns a page, ordered by name key, then id.
	List(ctx context.Context, tenant string, q Query) ([]Customer, error)
	// Save writes a change. Errors: ErrDuplicate ("customer.code.taken");
	// ErrConflict if the stored version isn't Expected, or the customer is gone.
	Save(ctx context.Context, c Change) error
	// Alike returns customers that a probe resembles, ordered by name key, then id;
	// at most a page of q.Limit, in one statement (C07). What an alias has in common
	// with the probe counts for the customer that it leads to, through any number of
	// aliases; the scope is asked about that one only (C08).
	Alike(ctx context.Context, tenant string, q AlikeQuery) ([]Hit, error)
	// Dependents returns what hangs on a customer, each sort in order of ids, at
	// most limit in all: opportunities that name it as customer, bill-to or end
	// user, quotes for it, orders likewise, and customers that have it as parent.
	Dependents(ctx context.Context, tenant string, id uuid.UUID, limit int) (Dependents, error)
	// Used says whether anything else refers to the customer (contact Nil) or to
	// one of its contacts: opportunities, orders, customers that have it as
	// parent or are its aliases (C05).
	Used(ctx context.Context, tenant string, id, contact uuid.UUID) (bool, error)
}
