package memory

import (
	"context"

	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/opportunity/pipeline"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/quote"
	"github.com/pursuit-crm/pursuit/stage"
	"github.com/pursuit-crm/pursuit/storage"
)

// work is a transaction: it writes in place, and remembers how to undo.
type work struct {
	s        *Store
	undo     []func()
	poisoned bool
	ended    bool
}

// tx is a transaction as one closure sees it.
type tx struct {
	*work
	write bool
	over  bool
}

// rollback undoes all, the last change first: each undo finds the state that
// its change left.
func (w *work) rollback() {
	for i := len(w.undo) - 1; i >= 0; i-- {
		w.undo[i]()
	}
	w.undo = nil
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
		return fault.Wrap(fault.ErrCancelled, "storage.cancelled", "the context ended", err)
	}
	return nil
}

func aborted() error {
	return fault.New(fault.ErrTxAborted, "storage.aborted", "an earlier error ended the transaction")
}

func conflict(code string) error {
	return fault.New(fault.ErrConflict, code, "was changed by someone else")
}

func duplicate(code string) error { return fault.Duplicate(code) }

// can reports whether the transaction may go on, and may write.
func (t *tx) can(ctx context.Context, write bool) error {
	switch {
	case t.over || t.ended || t.poisoned:
		return aborted()
	case write && !t.write:
		return fault.NotAllowed("storage.read_only", "the transaction is read-only")
	}
	if err := cancelled(ctx); err != nil {
		t.poisoned = true
		return err
	}
	return nil
}

// read returns a tenant's books to read from.
func (t *tx) read(ctx context.Context, tenant string) (*books, error) {
	if err := t.can(ctx, false); err != nil {
		return nil, err
	}
	if b := t.s.tenants[tenant]; b != nil {
		return b, nil
	}
	return &books{}, nil
}

// change returns a tenant's books to write to.
func (t *tx) change(ctx context.Context, tenant string) (*books, error) {
	if err := t.can(ctx, true); err != nil {
		return nil, err
	}
	b := t.s.tenants[tenant]
	if b == nil {
		b = open()
		set(t, t.s.tenants, tenant, b)
	}
	return b, nil
}

// fail poisons the transaction.
func (t *tx) fail(err error) error {
	t.poisoned = true
	return err
}

func (t *tx) Opportunities() opportunity.Repository { return opportunities{t} }
func (t *tx) FollowUps() opportunity.FollowUps      { return followUps{t} }
func (t *tx) Pipeline() pipeline.Repository         { return sums{t} }
func (t *tx) Customers() customer.Repository        { return customers{t} }
func (t *tx) Archives() archive.Repository          { return archives{t} }
func (t *tx) Processes() stage.Repository           { return processes{t} }
func (t *tx) Orders() order.Repository              { return orders{t} }
func (t *tx) Quotes() quote.Repository              { return quotes{t} }
func (t *tx) Journal() journal.Repository           { return journals{t} }
func (t *tx) Requests() storage.Requests            { return requests{t} }
func (t *tx) Numbers() storage.Numbers              { return series{t} }
func (t *tx) Leases() storage.Leases                { return leases{t} }
