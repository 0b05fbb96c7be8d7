package intercept

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/opportunity/pipeline"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/quote"
	"github.com/pursuit-crm/pursuit/stage"
	"github.com/pursuit-crm/pursuit/storage"
)

// Store is a store whose every call asks first.
type Store struct {
	storage.Store
	// Before is asked before each call of a repository, with its name; an error is
	// the call's answer, and the call isn't made.
	Before func(ctx context.Context, name string) error
	// After is asked after each call that went well.
	After func(ctx context.Context, name string) error
	// Swallow is a bug: a transaction that failed is committed all the same.
	Swallow bool
	// Saved, if set, is told of what saves an aggregate, and how to do it again.
	Saved func(name string, again func(ctx context.Context, tx storage.Tx) error)
	// Within is the transaction that Update runs, for Saved.
	Within storage.Tx
	// Torn is a bug: a list that can't be read is empty.
	Torn bool
	// Save, if set, is what saves opportunities.
	Save func(ctx context.Context, tx storage.Tx, c opportunity.Change) error
}

// Update hands fn a transaction whose calls ask.
func (h *Store) Update(ctx context.Context, fn func(context.Context, storage.Tx) error) error {
	if err := h.ask(ctx, "update"); err != nil {
		return err
	}
	var inner error
	err := h.Store.Update(ctx, func(ctx context.Context, tx storage.Tx) error {
		if h.Saved != nil {
			h.Within = tx
		}
		inner = fn(ctx, hookedTx{tx, h})
		if inner == nil {
			inner = h.ask(ctx, "commit")
		}
		if h.Swallow {
			return nil
		}
		return inner
	})
	if err == nil {
		err = inner
	}
	return err
}

// View does as Update does.
func (h *Store) View(ctx context.Context, fn func(context.Context, storage.Tx) error) error {
	if err := h.ask(ctx, "view"); err != nil {
		return err
	}
	return h.Store.View(ctx, func(ctx context.Context, tx storage.Tx) error { return fn(ctx, hookedTx{tx, h}) })
}

func (h *Store) ask(ctx context.Context, name string) error {
	if h.Before == nil {
		return nil
	}
	return h.Before(ctx, name)
}

func (h *Store) saved(name string, again func(ctx context.Context, tx storage.Tx) error) {
	if h.Saved != nil {
		h.Saved(name, again)
	}
}

func (h *Store) asked(ctx context.Context, name string) error {
	if h.After == nil {
		return nil
	}
	return h.After(ctx, name)
}

func call[T any](ctx context.Context, h *Store, name string, f func() (T, error)) (T, error) {
	var zero T
	if err := h.ask(ctx, name); err != nil {
		if h.Torn && strings.HasSuffix(name, ".list") {
			err = nil
		}
		return zero, err
	}
	v, err := f()
	if err == nil {
		if err = h.asked(ctx, name); err != nil {
			v = zero
		}
	}
	return v, err
}

func do(ctx context.Context, h *Store, name string, f func() error) error {
	_, err := call(ctx, h, name, func() (struct{}, error) { return struct{}{}, f() })
	return err
}

type hookedTx struct {
	tx storage.Tx
	h  *Store
}

func (t hookedTx) Opportunities() opportunity.Repository {
	return hookedOpportunities{t.tx.Opportunities(), t}
}
func (t hookedTx) FollowUps() opportunity.FollowUps {
	return hookedFollowUps{t.tx.FollowUps(), t.h}
}
func (t hookedTx) Pipeline() pipeline.Repository  { return hookedPipeline{t.tx.Pipeline(), t.h} }
func (t hookedTx) Customers() customer.Repository { return hookedCustomers{t.tx.Customers(), t.h} }
func (t hookedTx) Archives() archive.Repository   { return hookedArchives{t.tx.Archives(), t.h} }
func (t hookedTx) Processes() stage.Repository    { return hookedProcesses{t.tx.Processes(), t.h} }
func (t hookedTx) Orders() order.Repository       { return hookedOrders{t.tx.Orders(), t.h} }
func (t hookedTx) Quotes() quote.Repository       { return hookedQuotes{t.tx.Quotes(), t.h} }
func (t hookedTx) Journal() journal.Repository    { return hookedJournal{t.tx.Journal(), t.h} }
func (t hookedTx) Requests() storage.Requests     { return hookedRequests{t.tx.Requests(), t.h} }
func (t hookedTx) Numbers() storage.Numbers       { return hookedNumbers{t.tx.Numbers(), t.h} }
func (t hookedTx) Leases() storage.Leases         { return hookedLeases{t.tx.Leases(), t.h} }

type hookedOpportunities struct {
	r opportunity.Repository
	t hookedTx
}

func (o hookedOpportunities) Get(ctx context.Context, tenant string, id uuid.UUID, load opportunity.Load) (opportunity.Record, error) {
	return call(ctx, o.t.h, "opportunities.get", func() (opportunity.Record, error) { return o.r.Get(ctx, tenant, id, load) })
}

func (o hookedOpportunities) ByNumber(ctx context.Context, tenant, number string) (uuid.UUID, error) {
	return call(ctx, o.t.h, "opportunities.by_number", func() (uuid.UUID, error) { return o.r.ByNumber(ctx, tenant, number) })
}

func (o hookedOpportunities) References(ctx context.Context, tenant string, refs opportunity.Refs) (opportunity.Found, error) {
	return call(ctx, o.t.h, "opportunities.references", func() (opportunity.Found, error) { return o.r.References(ctx, tenant, refs) })
}

func (o hookedOpportunities) Save(ctx context.Context, c opportunity.Change) error {
	o.t.h.saved("opportunities.save", func(ctx context.Context, tx storage.Tx) error { return tx.Opportunities().Save(ctx, c) })
	return do(ctx, o.t.h, "opportunities.save", func() error {
		if o.t.h.Save != nil {
			return o.t.h.Save(ctx, o.t.tx, c)
		}
		return o.r.Save(ctx, c)
	})
}

func (o hookedOpportunities) List(ctx context.Context, tenant string, q opportunity.Query) ([]opportunity.Root, error) {
	return call(ctx, o.t.h, "opportunities.list", func() ([]opportunity.Root, error) { return o.r.List(ctx, tenant, q) })
}

func (o hookedOpportunities) Count(ctx context.Context, tenant string, q opportunity.Query) (int64, error) {
	return call(ctx, o.t.h, "opportunities.count", func() (int64, error) { return o.r.Count(ctx, tenant, q) })
}

func (o hookedOpportunities) OfContact(ctx context.Context, tenant string, q opportunity.ContactQuery) ([]opportunity.ContactDeal, error) {
	return call(ctx, o.t.h, "opportunities.of_contact", func() ([]opportunity.ContactDeal, error) { return o.r.OfContact(ctx, tenant, q) })
}

func (o hookedOpportunities) Ledger(ctx context.Context, tenant string, id uuid.UUID) ([]opportunity.LedgerRow, error) {
	return call(ctx, o.t.h, "opportunities.ledger", func() ([]opportunity.LedgerRow, error) { return o.r.Ledger(ctx, tenant, id) })
}

type hookedFollowUps struct {
	r opportunity.FollowUps
	h *Store
}

func (o hookedFollowUps) Activities(ctx context.Context, tenant string, q opportunity.ActivityQuery) ([]opportunity.ListedActivity, error) {
	return call(ctx, o.h, "follow_ups.activities", func() ([]opportunity.ListedActivity, error) { return o.r.Activities(ctx, tenant, q) })
}

func (o hookedFollowUps) Expenses(ctx context.Context, tenant string, q opportunity.ExpenseQuery) ([]opportunity.ListedExpense, error) {
	return call(ctx, o.h, "follow_ups.expenses", func() ([]opportunity.ListedExpense, error) { return o.r.Expenses(ctx, tenant, q) })
}

func (o hookedFollowUps) Timeline(ctx context.Context, tenant string, q opportunity.TimelineQuery) ([]opportunity.TimelineItem, error) {
	return call(ctx, o.h, "follow_ups.timeline", func() ([]opportunity.TimelineItem, error) { return o.r.Timeline(ctx, tenant, q) })
}

func (o hookedOpportunities) StoredDocuments(ctx context.Context, tenant string, ids []uuid.UUID) ([]uuid.UUID, error) {
	return call(ctx, o.t.h, "opportunities.stored_documents", func() ([]uuid.UUID, error) { return o.r.StoredDocuments(ctx, tenant, ids) })
}

type hookedPipeline struct {
	r pipeline.Repository
	h *Store
}

func (o hookedPipeline) Sums(ctx context.Context, tenant string, q pipeline.Query) ([]pipeline.Bucket, error) {
	return call(ctx, o.h, "pipeline.sums", func() ([]pipeline.Bucket, error) { return o.r.Sums(ctx, tenant, q) })
}

func (o hookedPipeline) CycleDays(ctx context.Context, tenant string, q pipeline.Query) ([]pipeline.Days, error) {
	return call(ctx, o.h, "pipeline.cycle_days", func() ([]pipeline.Days, error) { return o.r.CycleDays(ctx, tenant, q) })
}
