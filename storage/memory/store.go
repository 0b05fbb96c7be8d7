package memory

import (
	"context"
	"sync"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/opportunity/pipeline"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/stage"
	"github.com/pursuit-crm/pursuit/storage"
)

// key is an id within a tenant.
type key struct {
	tenant string
	id     uuid.UUID
}

// name is a text within a tenant.
type name struct{ tenant, text string }

// Store keeps everything in memory. It is safe for concurrent use.
type Store struct {
	mu            sync.RWMutex
	opportunities map[key]*opportunity.Snapshot
	ledger        map[key][]opportunity.LedgerRow
	numbers       map[name]uuid.UUID
	customers     map[key]*customer.Record
	contacts      map[key]uuid.UUID // contact to customer
	codes         map[name]uuid.UUID
	archives      map[key]*archive.Record
	processes     map[key]*stage.Record
	versions      map[key]*stage.Process
	orders        map[key]*order.Snapshot
	settings      map[string]*order.Settings
	journal       map[chain][]journal.Entry
	relayed       map[key]bool
	requests      map[name]storage.Request
	series        map[name]int64
}

type chain struct {
	tenant string
	kind   journal.Kind
	id     uuid.UUID
}

// New makes an empty store.
func New() *Store {
	return &Store{
		opportunities: map[key]*opportunity.Snapshot{}, ledger: map[key][]opportunity.LedgerRow{}, numbers: map[name]uuid.UUID{},
		customers: map[key]*customer.Record{}, contacts: map[key]uuid.UUID{}, codes: map[name]uuid.UUID{},
		archives: map[key]*archive.Record{}, processes: map[key]*stage.Record{}, versions: map[key]*stage.Process{},
		orders: map[key]*order.Snapshot{}, settings: map[string]*order.Settings{}, journal: map[chain][]journal.Entry{},
		relayed: map[key]bool{}, requests: map[name]storage.Request{}, series: map[name]int64{},
	}
}

// Update runs fn with the store to itself; see storage.Store.
func (s *Store) Update(ctx context.Context, fn func(context.Context, storage.Tx) error) error {
	if err := cancelled(ctx); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t := &tx{s: s, write: true}
	done := false
	defer func() {
		t.ended = true
		if !done {
			t.rollback()
		}
	}()
	err := fn(ctx, t)
	if err == nil && t.poisoned {
		err = aborted()
	}
	if err == nil {
		err = cancelled(ctx)
	}
	done = err == nil
	return err
}

// View runs fn while nothing writes; see storage.Store.
func (s *Store) View(ctx context.Context, fn func(context.Context, storage.Tx) error) error {
	if err := cancelled(ctx); err != nil {
		return err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	t := &tx{s: s}
	defer func() { t.ended = true }()
	return fn(ctx, t)
}

// HostTx stands for a transaction of a host, as tests of one need it. It has
// the store to itself until Commit or Rollback, one of which must be called. It
// isn't safe for concurrent use.
type HostTx struct{ t *tx }

// Begin starts a host's transaction.
func (s *Store) Begin() *HostTx {
	s.mu.Lock()
	return &HostTx{&tx{s: s, write: true}}
}

// Commit keeps what was written. Errors: ErrTxAborted after a failed write (it
// then rolled back), and once ended.
func (h *HostTx) Commit() error {
	if h.t.ended {
		return aborted()
	}
	defer h.end()
	if h.t.poisoned {
		h.t.rollback()
		return aborted()
	}
	return nil
}

// Rollback takes back what was written; once ended it does nothing.
func (h *HostTx) Rollback() {
	if !h.t.ended {
		h.t.rollback()
		h.end()
	}
}

func (h *HostTx) end() {
	h.t.ended = true
	h.t.s.mu.Unlock()
}

// Bind gives a store that works inside a host's transaction.
func (s *Store) Bind(h *HostTx) storage.Bound { return bound{h.t} }

type bound struct{ t *tx }

func (bound) Bound() {}

func (b bound) Update(ctx context.Context, fn func(context.Context, storage.Tx) error) error {
	if err := b.t.can(ctx, false); err != nil {
		return err
	}
	return fn(ctx, b.t)
}

func (b bound) View(ctx context.Context, fn func(context.Context, storage.Tx) error) error {
	return b.Update(ctx, fn)
}

// tx is a transaction: it writes in place, and remembers how to undo.
type tx struct {
	s        *Store
	write    bool
	ended    bool
	poisoned bool
	undo     []func()
}

func (t *tx) rollback() {
	for i := len(t.undo) - 1; i >= 0; i-- {
		t.undo[i]()
	}
	t.undo = nil
}

// set writes to a map so that it can be undone.
func set[K comparable, V any](t *tx, m map[K]V, k K, v V) {
	old, had := m[k]
	t.undo = append(t.undo, func() {
		if had {
			m[k] = old
		} else {
			delete(m, k)
		}
	})
	m[k] = v
}

func del[K comparable, V any](t *tx, m map[K]V, k K) {
	if old, had := m[k]; had {
		t.undo = append(t.undo, func() { m[k] = old })
		delete(m, k)
	}
}

func cancelled(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return fault.Wrap(fault.ErrInternal, "storage.cancelled", "the context ended", err)
	}
	return nil
}

func aborted() error {
	return fault.New(fault.ErrTxAborted, "storage.aborted", "an earlier error ended the transaction")
}

// can says whether the transaction may go on, and may write.
func (t *tx) can(ctx context.Context, write bool) error {
	switch {
	case t.ended || t.poisoned:
		return aborted()
	case write && !t.write:
		return fault.NotAllowed("storage.read_only", "the transaction only reads")
	}
	if err := cancelled(ctx); err != nil {
		t.poisoned = t.write
		return err
	}
	return nil
}

// fail poisons the transaction.
func (t *tx) fail(err error) error {
	t.poisoned = true
	return err
}

func (t *tx) log(entries []journal.Entry) {
	for _, e := range entries {
		c := chain{e.Tenant, e.Kind, e.Aggregate}
		set(t, t.s.journal, c, append(t.s.journal[c][:len(t.s.journal[c]):len(t.s.journal[c])], e))
	}
}

func (t *tx) Opportunities() opportunity.Repository { return opportunities{t} }
func (t *tx) Pipeline() pipeline.Repository         { return sums{t} }
func (t *tx) Customers() customer.Repository        { return customers{t} }
func (t *tx) Archives() archive.Repository          { return archives{t} }
func (t *tx) Processes() stage.Repository           { return processes{t} }
func (t *tx) Orders() order.Repository              { return orders{t} }
func (t *tx) Journal() journal.Repository           { return journals{t} }
func (t *tx) Requests() storage.Requests            { return requests{t} }
func (t *tx) Numbers() storage.Numbers              { return series{t} }
