package opportunity

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/stage"
)

// Load names the data that a command needs.
type Load struct {
	Parts Parts
	// Viewer is the user whose membership to return.
	Viewer string
	// CustomerOwner asks for the owner of the deal's customer.
	CustomerOwner bool
	// Archive are the archive entries that the command names.
	Archive []uuid.UUID
	// Activity and Expense are the part that the command is on; Nil for none.
	Activity, Expense uuid.UUID
	// Names requests the names of the opportunity's customers and, with
	// PartContacts, of its contacts.
	Names bool
}

// CustomerName is the name of an opportunity's customer.
type CustomerName struct {
	ID   uuid.UUID `json:"id"`
	Code string    `json:"code,omitempty"`
	Name string    `json:"name"`
}

// ContactName is the name of an opportunity's contact, with the contact's
// customer.
type ContactName struct {
	ID       uuid.UUID `json:"id"`
	Customer uuid.UUID `json:"customer"`
	Name     string    `json:"name"`
	Title    string    `json:"title,omitempty"`
	Active   bool      `json:"active"`
}

// Names are the names of an opportunity's customers and contacts, each once: the
// customer, then bill-to and end user, if they differ; contacts by id.
type Names struct {
	Customers []CustomerName `json:"customers"`
	Contacts  []ContactName  `json:"contacts,omitempty"`
}

// AddCustomer adds a customer unless it is present.
func (n *Names) AddCustomer(c CustomerName) {
	if !slices.ContainsFunc(n.Customers, func(x CustomerName) bool { return x.ID == c.ID }) {
		n.Customers = append(n.Customers, c)
	}
}

// AddContact adds a contact unless it is present.
func (n *Names) AddContact(c ContactName) {
	if !slices.ContainsFunc(n.Contacts, func(x ContactName) bool { return x.ID == c.ID }) {
		n.Contacts = append(n.Contacts, c)
	}
}

// Named is an archive entry; it records whether the entry is a competitor on the
// opportunity.
type Named struct {
	Entry  archive.Entry
	OnDeal bool
}

// Record is a stored opportunity with the data that Load requested.
type Record struct {
	Snapshot Snapshot
	// Viewer is the viewer's membership, or nil.
	Viewer *Member
	// CustomerOwner is empty unless Load asks for it.
	CustomerOwner string
	// Archive are the existing entries among those named, in any order.
	Archive []Named
	// Activity is the one that Load names, or nil if it doesn't exist; Others are
	// the marks of all others.
	Activity *Activity
	Others   ActivityMarks
	// Expense is the one that Load names, or nil if it doesn't exist.
	Expense *Expense
	// Names are empty unless Load requests them.
	Names Names
}

// Refs are the records that a new opportunity refers to.
type Refs struct {
	Customers []uuid.UUID
	Contacts  []uuid.UUID
	Archive   []uuid.UUID
	// Process is a process's id; Nil requests the tenant's default.
	Process uuid.UUID
}

// Found are the existing records among Refs. Customers have at least ID, Status,
// Kind, Owner, Department and MergedInto; contacts at least ID, Customer and
// Active; archive entries at least ID, Kind, Code and Status, NeedsExplanation
// and NeedsCompetitor. Process is nil if there is none.
type Found struct {
	Customers []customer.Customer
	Contacts  []customer.Contact
	Archive   []archive.Entry
	Process   *stage.Record
}

// OutcomeChange is a command's effect on the current cycle's outcome.
type OutcomeChange uint8

// The effects on an outcome.
const (
	// OutcomeRevised: it changed, or may have. Write it again.
	OutcomeRevised OutcomeChange = iota
	// OutcomeFresh: it isn't stored yet.
	OutcomeFresh
	// OutcomeKept: it didn't change, or there is none.
	OutcomeKept
)

// Change is everything that one command writes, atomically. Write the root first,
// guarded by Expected.
type Change struct {
	// Root is the new state; Root.Version is Expected + 1.
	Root Root
	// Expected is the version that the command read; 0 inserts.
	Expected int64
	// Delete removes the root and the parts. Journal and ledger remain (O14),
	// with the ledger's open row closed as in Prior.
	Delete bool

	// Members, Lines and the others below are written whole: inserted or replaced
	// by key.
	Members     []Member
	Lines       []Line
	Contacts    []DealContact
	Competitors []DealCompetitor
	Activities  []Activity
	Expenses    []Expense
	// AddedContacts and AddedCompetitors are new: return ErrDuplicate if their
	// key exists.
	AddedContacts    []DealContact
	AddedCompetitors []DealCompetitor
	// Documents and Evaluations are written whole as well.
	Documents   []Document
	Evaluations []Evaluation

	RemovedMembers     []string
	RemovedLines       []int
	RemovedContacts    []ContactKey
	RemovedCompetitors []uuid.UUID
	RemovedActivities  []uuid.UUID
	RemovedExpenses    []uuid.UUID
	RemovedDocuments   []uuid.UUID
	RemovedEvaluations []uuid.UUID
	// Cycle is a past cycle to insert.
	Cycle *Cycle
	// Outcome is the effect on Root.Outcome.
	Outcome OutcomeChange

	// Prior is the ledger row that ends; only its ends need be written. Next is
	// the row that begins. Both are nil if nothing in the ledger changed; Prior
	// is nil for a new opportunity.
	Prior, Next *LedgerRow
	Entries     []journal.Entry
}

// Sort is the order of a list; ties are broken by id, ascending. Rows without the
// value, such as an expected close, come last in both directions.
type Sort string

// The sorts of lists. The zero Sort is ByCreated. The first six use an index
// each; the others sort the opportunities that the filter selects.
const (
	ByCreated       Sort = "created"
	ByNumber        Sort = "number"
	ByName          Sort = "name"
	ByAmount        Sort = "amount" // requires a currency in the filter; see Sort.Check
	ByExpectedClose Sort = "expected_close"
	ByUpdated       Sort = "updated"
	ByStageEntered  Sort = "stage_entered"
	ByProbability   Sort = "probability"
	ByNextActivity  Sort = "next_activity"
	ByLastActivity  Sort = "last_activity"
)

// Sorts returns all sorts, in order.
func Sorts() []Sort {
	return []Sort{ByCreated, ByNumber, ByName, ByAmount, ByExpectedClose, ByUpdated, ByStageEntered, ByProbability, ByNextActivity, ByLastActivity}
}

// Query selects a page.
type Query struct {
	Scope access.Scope
	// Customers limits the customers by whose names Filter.Search and
	// Filter.Prefix find opportunities: a search must not reveal a name that the
	// actor may not see.
	Customers access.Scope
	Filter    Filter
	Sort      Sort
	Desc      bool
	// After and AfterID are the sort key (see KeyOf) and id of the last row of
	// the previous page. After is "" if that row lacks the value. AfterID is Nil
	// for the first page.
	After   string
	AfterID uuid.UUID
	// Limit is the page size, 1 or more.
	Limit int
}

// ContactQuery selects the roles of a contact across opportunities: the newest
// opportunity first, by its id, then its roles in descending order.
type ContactQuery struct {
	Scope   access.Scope
	Contact uuid.UUID
	// AfterID and AfterRole are the opportunity and the role that ended the
	// previous page; AfterID is Nil for the first page.
	AfterID   uuid.UUID
	AfterRole ContactRole
	// Limit is the page size, 1 or more.
	Limit int
}

// ContactDeal is a role of a contact on an opportunity (R04).
type ContactDeal struct {
	Deal    Root        `json:"deal"`
	Contact DealContact `json:"contact"`
}

// Repository stores opportunities with their parts, ledger and journal. Errors
// not named here are storage errors (such as fault.ErrInternal).
type Repository interface {
	// Get returns one opportunity. On SQL it is one statement for the root with
	// viewer, archive entries, named parts and at most one kind of part, and one
	// more per further kind. Errors: ErrNotFound.
	Get(ctx context.Context, tenant string, id uuid.UUID, load Load) (Record, error)
	// ByNumber returns the id of the opportunity with a number. Errors: ErrNotFound.
	ByNumber(ctx context.Context, tenant, number string) (uuid.UUID, error)
	// References returns the records that a new opportunity refers to, in one
	// statement.
	References(ctx context.Context, tenant string, refs Refs) (Found, error)
	// Save writes a change. Errors: ErrConflict ("opportunity.changed") if the
	// stored version isn't Expected, or the opportunity no longer exists;
	// ErrDuplicate ("opportunity.number.taken", "opportunity.contact.exists",
	// "opportunity.competitor.exists").
	Save(ctx context.Context, c Change) error
	// List returns a page of roots.
	List(ctx context.Context, tenant string, q Query) ([]Root, error)
	// Count returns the number of selected opportunities; it ignores the page.
	Count(ctx context.Context, tenant string, q Query) (int64, error)
	// OfContact returns a page of the roles of one contact across opportunities,
	// in one statement.
	OfContact(ctx context.Context, tenant string, q ContactQuery) ([]ContactDeal, error)
	// Ledger returns the ledger rows of one opportunity, by Seq.
	Ledger(ctx context.Context, tenant string, id uuid.UUID) ([]LedgerRow, error)
	// StoredDocuments returns the ids that are documents of the tenant, on any
	// opportunity, with content stored by the library; in any order.
	StoredDocuments(ctx context.Context, tenant string, ids []uuid.UUID) ([]uuid.UUID, error)
}
