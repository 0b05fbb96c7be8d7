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

// Load says what a command needs to know.
type Load struct {
	Parts Parts
	// Viewer is the user whose membership is asked for.
	Viewer string
	// CustomerOwner asks for the owner of the deal's customer.
	CustomerOwner bool
	// Archive are archive entries that the command names.
	Archive []uuid.UUID
	// Activity and Expense are the one that the command is on; Nil for none.
	Activity, Expense uuid.UUID
	// Names asks for the names of the deal's customers and, with PartContacts, of
	// its contacts.
	Names bool
}

// CustomerName is how a customer of a deal is called.
type CustomerName struct {
	ID   uuid.UUID `json:"id"`
	Code string    `json:"code,omitempty"`
	Name string    `json:"name"`
}

// ContactName is how a contact of a deal is called, and whose contact it is.
type ContactName struct {
	ID       uuid.UUID `json:"id"`
	Customer uuid.UUID `json:"customer"`
	Name     string    `json:"name"`
	Title    string    `json:"title,omitempty"`
	Active   bool      `json:"active"`
}

// Names are how the customers and the contacts of a deal are called, each once:
// the customer, then who is billed and who uses it, if they are others; contacts
// by id.
type Names struct {
	Customers []CustomerName `json:"customers"`
	Contacts  []ContactName  `json:"contacts,omitempty"`
}

// AddCustomer adds a customer unless it is there.
func (n *Names) AddCustomer(c CustomerName) {
	if !slices.ContainsFunc(n.Customers, func(x CustomerName) bool { return x.ID == c.ID }) {
		n.Customers = append(n.Customers, c)
	}
}

// AddContact adds a contact unless it is there.
func (n *Names) AddContact(c ContactName) {
	if !slices.ContainsFunc(n.Contacts, func(x ContactName) bool { return x.ID == c.ID }) {
		n.Contacts = append(n.Contacts, c)
	}
}

// Named is an archive entry, and whether it is a competitor on the deal.
type Named struct {
	Entry  archive.Entry
	OnDeal bool
}

// Record is an opportunity as stored, with what else was asked for.
type Record struct {
	Snapshot Snapshot
	// Viewer is the viewer's member row, or nil.
	Viewer *Member
	// CustomerOwner is empty unless Load asks for it.
	CustomerOwner string
	// Archive are those of the named entries that exist, in any order.
	Archive []Named
	// Activity is the one that Load names, or nil if the opportunity has no such;
	// Others are the marks of all others.
	Activity *Activity
	Others   ActivityMarks
	// Expense is the one that Load names, or nil if the opportunity has no such.
	Expense *Expense
	// Names are empty unless Load asks for them.
	Names Names
}

// Refs are things that a new opportunity refers to.
type Refs struct {
	Customers []uuid.UUID
	Contacts  []uuid.UUID
	Archive   []uuid.UUID
	// Process is a process's id; Nil asks for the tenant's default one.
	Process uuid.UUID
}

// Found are those of Refs that exist. Customers have at least ID, Status, Kind,
// Owner, Department and MergedInto; contacts at least ID, Customer and Active; archive
// entries at least ID, Kind, Code and Status, NeedsExplanation and
// NeedsCompetitor. Process is nil if there is none.
type Found struct {
	Customers []customer.Customer
	Contacts  []customer.Contact
	Archive   []archive.Entry
	Process   *stage.Record
}

// OutcomeChange says what became of the current cycle's outcome.
type OutcomeChange uint8

// What may become of an outcome.
const (
	// OutcomeRevised: it is another one, or may be. It is written anew.
	OutcomeRevised OutcomeChange = iota
	// OutcomeFresh: nothing is stored of it yet.
	OutcomeFresh
	// OutcomeKept: it is as stored, or there is none.
	OutcomeKept
)

// Change is what one command writes, all of it or nothing. The root is written
// first, guarded by Expected.
type Change struct {
	// Root is the new state; Root.Version is Expected + 1.
	Root Root
	// Expected is the version that the command read; 0 inserts.
	Expected int64
	// Delete removes the root and the parts; journal and ledger stay (O14), the
	// ledger's open row closed as Prior says.
	Delete bool

	// Members, Lines, … are written whole: inserted or replaced by their keys.
	Members     []Member
	Lines       []Line
	Contacts    []DealContact
	Competitors []DealCompetitor
	Activities  []Activity
	Expenses    []Expense
	// AddedContacts and AddedCompetitors are new: ErrDuplicate if their key exists.
	AddedContacts    []DealContact
	AddedCompetitors []DealCompetitor
	// Documents and Evaluations are written whole, too.
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
	// Outcome says what became of Root.Outcome.
	Outcome OutcomeChange

	// Prior is the ledger row that ends; of it only the ends need be written. Next
	// is the row that begins. Both are nil if nothing that the ledger watches
	// changed; Prior is nil for a new opportunity.
	Prior, Next *LedgerRow
	Entries     []journal.Entry
}

// Sort says how a list is sorted; ties are broken by id, ascending. Rows without
// the value, such as an expected close, come last, whichever the direction.
type Sort string

// The sorts of lists. The zero Sort is ByCreated. The first six go along an index
// of their own; the others sort what the filter selects.
const (
	ByCreated       Sort = "created"
	ByNumber        Sort = "number"
	ByName          Sort = "name"
	ByAmount        Sort = "amount" // needs a currency in the filter; see Sort.Check
	ByExpectedClose Sort = "expected_close"
	ByUpdated       Sort = "updated"
	ByStageEntered  Sort = "stage_entered"
	ByProbability   Sort = "probability"
	ByNextActivity  Sort = "next_activity"
	ByLastActivity  Sort = "last_activity"
)

// Sorts returns all of them, in order.
func Sorts() []Sort {
	return []Sort{ByCreated, ByNumber, ByName, ByAmount, ByExpectedClose, ByUpdated, ByStageEntered, ByProbability, ByNextActivity, ByLastActivity}
}

// Query asks for a page.
type Query struct {
	Scope access.Scope
	// Customers are those by whose names Filter.Search and Filter.Prefix find deals:
	// a name that the actor may not see must not be guessed by searching.
	Customers access.Scope
	Filter    Filter
	Sort      Sort
	Desc      bool
	// After is where the page before ended: the sort key and id of its last one,
	// as KeyOf gives them, "" if that one lacks the value. AfterID is Nil for the
	// first page.
	After   string
	AfterID uuid.UUID
	// Limit is the page's size, 1 or more.
	Limit int
}

// ContactQuery asks for the roles of a contact over deals: the newest deal
// first, by its id, then the roles of one deal, turned too.
type ContactQuery struct {
	Scope   access.Scope
	Contact uuid.UUID
	// AfterID and AfterRole are the deal and the role where the page before ended;
	// AfterID is Nil for the first page.
	AfterID   uuid.UUID
	AfterRole ContactRole
	// Limit is the page's size, 1 or more.
	Limit int
}

// ContactDeal is a role of a contact in a deal, and the deal (R04).
type ContactDeal struct {
	Deal    Root        `json:"deal"`
	Contact DealContact `json:"contact"`
}

// Repository keeps opportunities with their parts, ledger and journal.
// Errors that aren't named are storage errors (fault.ErrInternal and kin).
type Repository interface {
	// Get returns one opportunity. On SQL it is one statement for the root with
	// viewer, archive entries, named parts and at most one sort of parts, and one
	// more per further sort. Errors: ErrNotFound.
	Get(ctx context.Context, tenant string, id uuid.UUID, load Load) (Record, error)
	// ByNumber returns the id of the opportunity with a number. Errors: ErrNotFound.
	ByNumber(ctx context.Context, tenant, number string) (uuid.UUID, error)
	// References looks up what a new opportunity refers to, in one statement.
	References(ctx context.Context, tenant string, refs Refs) (Found, error)
	// Save writes a change. Errors: ErrConflict ("opportunity.changed") if the
	// stored version isn't Expected, or the opportunity is gone; ErrDuplicate
	// ("opportunity.number.taken", "opportunity.contact.exists",
	// "opportunity.competitor.exists").
	Save(ctx context.Context, c Change) error
	// List returns a page of roots.
	List(ctx context.Context, tenant string, q Query) ([]Root, error)
	// Count returns how many a query selects, its page aside.
	Count(ctx context.Context, tenant string, q Query) (int64, error)
	// OfContact returns the roles of one contact over deals, a page in one statement.
	OfContact(ctx context.Context, tenant string, q ContactQuery) ([]ContactDeal, error)
	// Ledger returns the ledger rows of one opportunity, by Seq.
	Ledger(ctx context.Context, tenant string, id uuid.UUID) ([]LedgerRow, error)
	// StoredDocuments returns those of the ids that are documents of the tenant, of
	// whatever opportunity, whose content is stored by us; in any order.
	StoredDocuments(ctx context.Context, tenant string, ids []uuid.UUID) ([]uuid.UUID, error)
}
