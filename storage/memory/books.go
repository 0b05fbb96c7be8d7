package memory

import (
	"bytes"
	"slices"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/quote"
	"github.com/pursuit-crm/pursuit/stage"
	"github.com/pursuit-crm/pursuit/storage"
)

// books are all that one tenant has, so that nothing ever looks at another's.
// What maps point to is replaced, never changed.
type books struct {
	deals     map[uuid.UUID]*deal
	numbers   map[string]uuid.UUID
	ledger    map[uuid.UUID][]opportunity.LedgerRow // by Seq
	customers map[uuid.UUID]*account
	contacts  map[uuid.UUID]uuid.UUID // contact to customer
	codes     map[string]uuid.UUID    // of customers
	archives  map[uuid.UUID]*archive.Record
	entries   map[entryCode]uuid.UUID
	cards     map[uuid.UUID][]archive.ScorecardVersion // by Number
	processes map[uuid.UUID]*stage.Record
	modes     map[string]uuid.UUID // codes of processes
	versions  map[uuid.UUID]*stage.Process
	orders    map[uuid.UUID]*order.Snapshot
	orderNos  map[string]uuid.UUID
	quotes    map[uuid.UUID]*quote.Snapshot
	quoteNos  map[string]uuid.UUID
	settings  map[string]order.Settings // one, under ""
	journal   map[chain][]journal.Entry // by Seq
	leases    map[string]storage.Lease
	// waiting are the places of entries that aren't relayed yet, by id.
	waiting  []place
	requests map[string]storage.Request
	series   map[string]int64
}

// deal is an opportunity with all parts, and its folded name.
type deal struct {
	opportunity.Snapshot
	folded string
}

// account is a customer with its contacts, and its name key.
type account struct {
	customer.Record
	key string
}

type entryCode struct {
	kind archive.Kind
	code string
}

// chain names the journal of one aggregate.
type chain struct {
	kind journal.Kind
	id   uuid.UUID
}

// place is that of a journal entry.
type place struct {
	id    uuid.UUID
	chain chain
	at    int
}

func open() *books {
	return &books{
		deals: map[uuid.UUID]*deal{}, numbers: map[string]uuid.UUID{}, ledger: map[uuid.UUID][]opportunity.LedgerRow{},
		customers: map[uuid.UUID]*account{}, contacts: map[uuid.UUID]uuid.UUID{}, codes: map[string]uuid.UUID{},
		archives: map[uuid.UUID]*archive.Record{}, entries: map[entryCode]uuid.UUID{},
		cards:     map[uuid.UUID][]archive.ScorecardVersion{},
		processes: map[uuid.UUID]*stage.Record{}, modes: map[string]uuid.UUID{}, versions: map[uuid.UUID]*stage.Process{},
		orders: map[uuid.UUID]*order.Snapshot{}, orderNos: map[string]uuid.UUID{},
		quotes: map[uuid.UUID]*quote.Snapshot{}, quoteNos: map[string]uuid.UUID{}, settings: map[string]order.Settings{},
		journal: map[chain][]journal.Entry{}, requests: map[string]storage.Request{}, leases: map[string]storage.Lease{}, series: map[string]int64{},
	}
}

func compareIDs(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) }

// merge returns a new sorted list with parts replaced, added and removed; the old
// list itself if there are none. Of put, copies are kept.
func merge[T any, K comparable](list, put []T, clone func(T) T, of func(T) K, compare func(a, b K) int, gone []K) []T {
	if len(put) == 0 && len(gone) == 0 {
		return list
	}
	out := make([]T, 0, len(list)+len(put))
	replaced := make(map[K]bool, len(put)+len(gone))
	for _, x := range put {
		replaced[of(x)] = true
	}
	for _, x := range gone {
		replaced[x] = true
	}
	for _, x := range list {
		if !replaced[of(x)] {
			out = append(out, x)
		}
	}
	for _, x := range put {
		out = append(out, clone(x))
	}
	slices.SortFunc(out, func(a, b T) int { return compare(of(a), of(b)) })
	if len(out) == 0 {
		return nil
	}
	return out
}

func same[T any](v T) T { return v }
