package storagetest_test

import (
	"context"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/opportunity/pipeline"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/stage"
	"github.com/pursuit-crm/pursuit/storage"
	"github.com/pursuit-crm/pursuit/storage/memory"
	"github.com/pursuit-crm/pursuit/storage/storagetest"
)

type body = func(context.Context, storage.Tx) error

// broken is a memory store with a seeded bug: each field that is set replaces a
// method, and is given the right one to call.
type broken struct {
	*memory.Store

	update, view func(ctx context.Context, fn body) error
	bound        func(b storage.Bound) storage.Bound
	keeps        bool // what the host rolls back
	swap         func(tx storage.Tx) storage.Tx

	get         func(ctx context.Context, r opportunity.Repository, tenant string, id uuid.UUID, l opportunity.Load) (opportunity.Record, error)
	byNumber    func(ctx context.Context, r opportunity.Repository, tenant, number string) (uuid.UUID, error)
	save        func(ctx context.Context, r opportunity.Repository, c opportunity.Change) error
	list        func(ctx context.Context, r opportunity.Repository, tenant string, q opportunity.Query) ([]opportunity.Root, error)
	count       func(ctx context.Context, r opportunity.Repository, tenant string, q opportunity.Query) (int64, error)
	sum         func(ctx context.Context, r pipeline.Repository, tenant string, q pipeline.Query) ([]pipeline.Bucket, error)
	customerGet func(ctx context.Context, r customer.Repository, tenant string, id uuid.UUID, contacts bool) (customer.Record, error)
	byCode      func(ctx context.Context, r customer.Repository, tenant, code string) (customer.Record, error)
	usedEntry   func(ctx context.Context, r archive.Repository, tenant string, id uuid.UUID) (bool, error)
	archives    func(ctx context.Context, r archive.Repository, tenant string, q archive.Query) ([]archive.Entry, error)
	inUse       func(ctx context.Context, r stage.Repository, tenant string, version uuid.UUID) (map[string]int64, error)
	saveProcess func(ctx context.Context, r stage.Repository, c stage.Change) error
	orderGet    func(ctx context.Context, r order.Repository, tenant string, id uuid.UUID, events bool, viewer string) (order.Snapshot, access.Relation, error)
	settings    func(ctx context.Context, r order.Repository, c order.SettingsChange) error
	unrelayed   func(ctx context.Context, r journal.Repository, tenant string, limit int) ([]journal.Entry, error)
	entries     func(ctx context.Context, r journal.Repository, tenant string, kind journal.Kind, id uuid.UUID, after int64, limit int) ([]journal.Entry, error)
	mark        func(ctx context.Context, r journal.Repository, tenant string, ids []uuid.UUID) error
	find        func(ctx context.Context, r storage.Requests, tenant, key string) (storage.Request, error)
	claim       func(ctx context.Context, r storage.Requests, q storage.Request) (bool, error)
	take        func(ctx context.Context, r storage.Numbers, tenant, series string, n int64) (int64, error)
	back        func(ctx context.Context, r storage.Numbers, tenant, series string, first, n int64) error
}

func (b *broken) wrap(fn body) body {
	return func(ctx context.Context, tx storage.Tx) error {
		if b.swap != nil {
			tx = b.swap(tx)
		}
		return fn(ctx, brokenTx{tx, b})
	}
}

func (b *broken) Update(ctx context.Context, fn body) error {
	if b.update != nil {
		return b.update(ctx, b.wrap(fn))
	}
	return b.Store.Update(ctx, b.wrap(fn))
}

func (b *broken) View(ctx context.Context, fn body) error {
	if b.view != nil {
		return b.view(ctx, b.wrap(fn))
	}
	return b.Store.View(ctx, b.wrap(fn))
}

// harnessOf makes a harness of stores with a bug.
func harnessOf(bug func(m *memory.Store) *broken) storagetest.Harness {
	h := harness()
	h.Open = func(storagetest.T) storage.Store {
		m := memory.New()
		b := bug(m)
		b.Store = m
		return b
	}
	h.Begin = func(_ storagetest.T, s storage.Store) storagetest.HostTx {
		b := s.(*broken)
		tx := b.Store.Begin()
		bound := b.Bind(tx)
		if b.bound != nil {
			bound = b.bound(bound)
		}
		rollback := func() error {
			if b.keeps {
				_ = tx.Commit()
			}
			tx.Rollback()
			return nil
		}
		return storagetest.HostTx{Bound: bound, Commit: tx.Commit, Rollback: rollback}
	}
	return h
}

type brokenTx struct {
	storage.Tx
	b *broken
}

func (t brokenTx) Opportunities() opportunity.Repository {
	return brokenDeals{t.Tx.Opportunities(), t.b}
}
func (t brokenTx) Pipeline() pipeline.Repository  { return brokenSums{t.Tx.Pipeline(), t.b} }
func (t brokenTx) Customers() customer.Repository { return brokenCustomers{t.Tx.Customers(), t.b} }
func (t brokenTx) Archives() archive.Repository   { return brokenArchives{t.Tx.Archives(), t.b} }
func (t brokenTx) Processes() stage.Repository    { return brokenProcesses{t.Tx.Processes(), t.b} }
func (t brokenTx) Orders() order.Repository       { return brokenOrders{t.Tx.Orders(), t.b} }
func (t brokenTx) Journal() journal.Repository    { return brokenJournal{t.Tx.Journal(), t.b} }
func (t brokenTx) Requests() storage.Requests     { return brokenRequests{t.Tx.Requests(), t.b} }
func (t brokenTx) Numbers() storage.Numbers       { return brokenNumbers{t.Tx.Numbers(), t.b} }

type brokenDeals struct {
	opportunity.Repository
	b *broken
}

func (r brokenDeals) Get(ctx context.Context, tenant string, id uuid.UUID, l opportunity.Load) (opportunity.Record, error) {
	if r.b.get != nil {
		return r.b.get(ctx, r.Repository, tenant, id, l)
	}
	return r.Repository.Get(ctx, tenant, id, l)
}

func (r brokenDeals) ByNumber(ctx context.Context, tenant, number string) (uuid.UUID, error) {
	if r.b.byNumber != nil {
		return r.b.byNumber(ctx, r.Repository, tenant, number)
	}
	return r.Repository.ByNumber(ctx, tenant, number)
}

func (r brokenDeals) Save(ctx context.Context, c opportunity.Change) error {
	if r.b.save != nil {
		return r.b.save(ctx, r.Repository, c)
	}
	return r.Repository.Save(ctx, c)
}

func (r brokenDeals) List(ctx context.Context, tenant string, q opportunity.Query) ([]opportunity.Root, error) {
	if r.b.list != nil {
		return r.b.list(ctx, r.Repository, tenant, q)
	}
	return r.Repository.List(ctx, tenant, q)
}

func (r brokenDeals) Count(ctx context.Context, tenant string, q opportunity.Query) (int64, error) {
	if r.b.count != nil {
		return r.b.count(ctx, r.Repository, tenant, q)
	}
	return r.Repository.Count(ctx, tenant, q)
}

type brokenSums struct {
	pipeline.Repository
	b *broken
}

func (r brokenSums) Sums(ctx context.Context, tenant string, q pipeline.Query) ([]pipeline.Bucket, error) {
	if r.b.sum != nil {
		return r.b.sum(ctx, r.Repository, tenant, q)
	}
	return r.Repository.Sums(ctx, tenant, q)
}

type brokenCustomers struct {
	customer.Repository
	b *broken
}

func (r brokenCustomers) Get(ctx context.Context, tenant string, id uuid.UUID, contacts bool) (customer.Record, error) {
	if r.b.customerGet != nil {
		return r.b.customerGet(ctx, r.Repository, tenant, id, contacts)
	}
	return r.Repository.Get(ctx, tenant, id, contacts)
}

func (r brokenCustomers) ByCode(ctx context.Context, tenant, code string) (customer.Record, error) {
	if r.b.byCode != nil {
		return r.b.byCode(ctx, r.Repository, tenant, code)
	}
	return r.Repository.ByCode(ctx, tenant, code)
}

type brokenArchives struct {
	archive.Repository
	b *broken
}

func (r brokenArchives) Used(ctx context.Context, tenant string, id uuid.UUID) (bool, error) {
	if r.b.usedEntry != nil {
		return r.b.usedEntry(ctx, r.Repository, tenant, id)
	}
	return r.Repository.Used(ctx, tenant, id)
}

func (r brokenArchives) List(ctx context.Context, tenant string, q archive.Query) ([]archive.Entry, error) {
	if r.b.archives != nil {
		return r.b.archives(ctx, r.Repository, tenant, q)
	}
	return r.Repository.List(ctx, tenant, q)
}

type brokenProcesses struct {
	stage.Repository
	b *broken
}

func (r brokenProcesses) InUse(ctx context.Context, tenant string, version uuid.UUID) (map[string]int64, error) {
	if r.b.inUse != nil {
		return r.b.inUse(ctx, r.Repository, tenant, version)
	}
	return r.Repository.InUse(ctx, tenant, version)
}

func (r brokenProcesses) Save(ctx context.Context, c stage.Change) error {
	if r.b.saveProcess != nil {
		return r.b.saveProcess(ctx, r.Repository, c)
	}
	return r.Repository.Save(ctx, c)
}

type brokenOrders struct {
	order.Repository
	b *broken
}

func (r brokenOrders) Get(ctx context.Context, tenant string, id uuid.UUID, events bool, viewer string) (order.Snapshot, access.Relation, error) {
	if r.b.orderGet != nil {
		return r.b.orderGet(ctx, r.Repository, tenant, id, events, viewer)
	}
	return r.Repository.Get(ctx, tenant, id, events, viewer)
}

func (r brokenOrders) SaveSettings(ctx context.Context, c order.SettingsChange) error {
	if r.b.settings != nil {
		return r.b.settings(ctx, r.Repository, c)
	}
	return r.Repository.SaveSettings(ctx, c)
}

type brokenJournal struct {
	journal.Repository
	b *broken
}

func (r brokenJournal) Unrelayed(ctx context.Context, tenant string, limit int) ([]journal.Entry, error) {
	if r.b.unrelayed != nil {
		return r.b.unrelayed(ctx, r.Repository, tenant, limit)
	}
	return r.Repository.Unrelayed(ctx, tenant, limit)
}

func (r brokenJournal) Entries(ctx context.Context, tenant string, kind journal.Kind, id uuid.UUID, after int64, limit int) ([]journal.Entry, error) {
	if r.b.entries != nil {
		return r.b.entries(ctx, r.Repository, tenant, kind, id, after, limit)
	}
	return r.Repository.Entries(ctx, tenant, kind, id, after, limit)
}

func (r brokenJournal) MarkRelayed(ctx context.Context, tenant string, ids []uuid.UUID) error {
	if r.b.mark != nil {
		return r.b.mark(ctx, r.Repository, tenant, ids)
	}
	return r.Repository.MarkRelayed(ctx, tenant, ids)
}

type brokenRequests struct {
	storage.Requests
	b *broken
}

func (r brokenRequests) Find(ctx context.Context, tenant, key string, others ...string) (storage.Request, error) {
	if r.b.find != nil {
		return r.b.find(ctx, r.Requests, tenant, key)
	}
	return r.Requests.Find(ctx, tenant, key, others...)
}

func (r brokenRequests) Claim(ctx context.Context, q storage.Request) (bool, error) {
	if r.b.claim != nil {
		return r.b.claim(ctx, r.Requests, q)
	}
	return r.Requests.Claim(ctx, q)
}

type brokenNumbers struct {
	storage.Numbers
	b *broken
}

func (r brokenNumbers) Take(ctx context.Context, tenant, series string, n int64) (int64, error) {
	if r.b.take != nil {
		return r.b.take(ctx, r.Numbers, tenant, series, n)
	}
	return r.Numbers.Take(ctx, tenant, series, n)
}

func (r brokenNumbers) Back(ctx context.Context, tenant, series string, first, n int64) error {
	if r.b.back != nil {
		return r.b.back(ctx, r.Numbers, tenant, series, first, n)
	}
	return r.Numbers.Back(ctx, tenant, series, first, n)
}
