package storagetest_test

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/opportunity/pipeline"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/quote"
	"github.com/pursuit-crm/pursuit/stage"
	"github.com/pursuit-crm/pursuit/storage"
	"github.com/pursuit-crm/pursuit/storage/memory"
)

// swapped is a transaction with another repository in one place.
type swapped struct {
	storage.Tx
	deals     opportunity.Repository
	followUps opportunity.FollowUps
	pipeline  pipeline.Repository
	customers customer.Repository
	archives  archive.Repository
	processes stage.Repository
	orders    order.Repository
	leases    storage.Leases
	quotes    quote.Repository
}

func or[T comparable](a, b T) T {
	var none T
	if a != none {
		return a
	}
	return b
}

func (s swapped) Opportunities() opportunity.Repository { return or(s.deals, s.Tx.Opportunities()) }
func (s swapped) FollowUps() opportunity.FollowUps      { return or(s.followUps, s.Tx.FollowUps()) }
func (s swapped) Pipeline() pipeline.Repository         { return or(s.pipeline, s.Tx.Pipeline()) }
func (s swapped) Customers() customer.Repository        { return or(s.customers, s.Tx.Customers()) }
func (s swapped) Archives() archive.Repository          { return or(s.archives, s.Tx.Archives()) }
func (s swapped) Processes() stage.Repository           { return or(s.processes, s.Tx.Processes()) }
func (s swapped) Orders() order.Repository              { return or(s.orders, s.Tx.Orders()) }

func (s swapped) Leases() storage.Leases   { return or(s.leases, s.Tx.Leases()) }
func (s swapped) Quotes() quote.Repository { return or(s.quotes, s.Tx.Quotes()) }

func swapping(swap func(tx storage.Tx) swapped) func(*memory.Store) *broken {
	return func(*memory.Store) *broken {
		return &broken{swap: func(tx storage.Tx) storage.Tx {
			s := swap(tx)
			s.Tx = tx
			return s
		}}
	}
}

// Bugs in saving: edit changes what is saved.

type customerSaver struct {
	customer.Repository
	edit func(ctx context.Context, r customer.Repository, c *customer.Change)
}

func (s *customerSaver) Save(ctx context.Context, c customer.Change) error {
	s.edit(ctx, s.Repository, &c)
	return s.Repository.Save(ctx, c)
}

func savingCustomers(edit func(ctx context.Context, r customer.Repository, c *customer.Change)) func(*memory.Store) *broken {
	return swapping(func(tx storage.Tx) swapped { return swapped{customers: &customerSaver{tx.Customers(), edit}} })
}

type archiveSaver struct {
	archive.Repository
	edit func(ctx context.Context, r archive.Repository, c *archive.Change)
}

func (s *archiveSaver) Save(ctx context.Context, c archive.Change) error {
	s.edit(ctx, s.Repository, &c)
	return s.Repository.Save(ctx, c)
}

func savingArchives(edit func(ctx context.Context, r archive.Repository, c *archive.Change)) func(*memory.Store) *broken {
	return swapping(func(tx storage.Tx) swapped { return swapped{archives: &archiveSaver{tx.Archives(), edit}} })
}

type processSaver struct {
	stage.Repository
	edit func(ctx context.Context, r stage.Repository, c *stage.Change)
}

func (s *processSaver) Save(ctx context.Context, c stage.Change) error {
	s.edit(ctx, s.Repository, &c)
	return s.Repository.Save(ctx, c)
}

func savingProcesses(edit func(ctx context.Context, r stage.Repository, c *stage.Change)) func(*memory.Store) *broken {
	return swapping(func(tx storage.Tx) swapped { return swapped{processes: &processSaver{tx.Processes(), edit}} })
}

type orderSaver struct {
	order.Repository
	edit func(ctx context.Context, r order.Repository, c *order.Change)
}

func (s *orderSaver) Save(ctx context.Context, c order.Change) error {
	s.edit(ctx, s.Repository, &c)
	return s.Repository.Save(ctx, c)
}

func savingOrders(edit func(ctx context.Context, r order.Repository, c *order.Change)) func(*memory.Store) *broken {
	return swapping(func(tx storage.Tx) swapped { return swapped{orders: &orderSaver{tx.Orders(), edit}} })
}

// Repositories with one method of another kind.

type firstCustomer struct{ customer.Repository }

func (r *firstCustomer) Named(ctx context.Context, tenant string, ids []uuid.UUID) ([]customer.Customer, error) {
	list, err := r.Repository.Named(ctx, tenant, ids)
	return list[:min(len(list), 1)], err
}

type customerLister struct {
	customer.Repository
	edit func(q *customer.Query)
}

func (r *customerLister) List(ctx context.Context, tenant string, q customer.Query) ([]customer.Customer, error) {
	r.edit(&q)
	return r.Repository.List(ctx, tenant, q)
}

type unusedContacts struct{ customer.Repository }

func (r *unusedContacts) Used(ctx context.Context, tenant string, id, contact uuid.UUID) (bool, error) {
	used, err := r.Repository.Used(ctx, tenant, id, contact)
	return used && contact == uuid.Nil, err
}

type oneRole struct{ opportunity.Repository }

func (r *oneRole) OfContact(ctx context.Context, tenant string, q opportunity.ContactQuery) ([]opportunity.ContactDeal, error) {
	if q.AfterID != uuid.Nil {
		q.AfterRole = ""
	}
	return r.Repository.OfContact(ctx, tenant, q)
}

type noAliases struct{ opportunity.Repository }

func (r *noAliases) References(ctx context.Context, tenant string, refs opportunity.Refs) (opportunity.Found, error) {
	f, err := r.Repository.References(ctx, tenant, refs)
	for i := range f.Customers {
		f.Customers[i].MergedInto = uuid.Nil
	}
	return f, err
}

type generousLeases struct{ storage.Leases }

func (l *generousLeases) Take(ctx context.Context, x storage.Lease, now time.Time) (bool, error) {
	_, err := l.Leases.Take(ctx, x, now)
	return true, err
}

type carelessLeases struct{ storage.Leases }

func (l *carelessLeases) Release(ctx context.Context, tenant, name, holder string) error {
	return cmp.Or(l.Leases.Release(ctx, tenant, name, "a"), l.Leases.Release(ctx, tenant, name, "b"))
}

type deafToContacts struct{ customer.Repository }

func (r *deafToContacts) Alike(ctx context.Context, tenant string, q customer.AlikeQuery) ([]customer.Hit, error) {
	q.Emails = nil
	return r.Repository.Alike(ctx, tenant, q)
}

type deafToAliases struct{ customer.Repository }

func (r *deafToAliases) Alike(ctx context.Context, tenant string, q customer.AlikeQuery) ([]customer.Hit, error) {
	hits, err := r.Repository.Alike(ctx, tenant, q)
	return slices.DeleteFunc(hits, func(h customer.Hit) bool {
		return slices.Equal(h.By, []customer.Match{customer.SameName}) && customer.KeysOf(h.Customer).Name != q.Name
	}), err
}

type unscopedAlike struct{ customer.Repository }

func (r *unscopedAlike) Alike(ctx context.Context, tenant string, q customer.AlikeQuery) ([]customer.Hit, error) {
	q.Scope = access.Scope{All: true}
	return r.Repository.Alike(ctx, tenant, q)
}

type blindToOrders struct{ customer.Repository }

func (r *blindToOrders) Dependents(ctx context.Context, tenant string, id uuid.UUID, limit int) (customer.Dependents, error) {
	d, err := r.Repository.Dependents(ctx, tenant, id, limit)
	d.Orders = nil
	return d, err
}

type forgetfulArchive struct{ archive.Repository }

func (r *forgetfulArchive) Get(ctx context.Context, tenant string, id uuid.UUID) (archive.Record, error) {
	rec, err := r.Repository.Get(ctx, tenant, id)
	rec.Entry.NeedsCompetitor = false
	return rec, err
}

type firstEntry struct{ archive.Repository }

func (r *firstEntry) Named(ctx context.Context, tenant string, ids []uuid.UUID) ([]archive.Entry, error) {
	list, err := r.Repository.Named(ctx, tenant, ids)
	return list[:min(len(list), 1)], err
}

type processReader struct {
	stage.Repository
	get      func(r *stage.Record)
	list     func(list []stage.Record)
	versions func(list []stage.Process)
	unused   bool
}

func (r *processReader) Get(ctx context.Context, tenant string, id uuid.UUID) (stage.Record, error) {
	rec, err := r.Repository.Get(ctx, tenant, id)
	if r.get != nil {
		r.get(&rec)
	}
	return rec, err
}

func (r *processReader) List(ctx context.Context, tenant string) ([]stage.Record, error) {
	list, err := r.Repository.List(ctx, tenant)
	if r.list != nil {
		r.list(list)
	}
	return list, err
}

func (r *processReader) Versions(ctx context.Context, tenant string, id uuid.UUID) ([]stage.Process, error) {
	list, err := r.Repository.Versions(ctx, tenant, id)
	if r.versions != nil {
		r.versions(list)
	}
	return list, err
}

func (r *processReader) Used(ctx context.Context, tenant string, id uuid.UUID) (bool, error) {
	used, err := r.Repository.Used(ctx, tenant, id)
	return used && !r.unused, err
}

type orderReader struct {
	order.Repository
	list     func(q *order.Query)
	whole    func(list []order.Snapshot)
	settings func(s *order.Settings)
	basis    func(b *order.Basis)
}

func (r *orderReader) Basis(ctx context.Context, tenant string, id uuid.UUID, viewer string) (order.Basis, error) {
	b, err := r.Repository.Basis(ctx, tenant, id, viewer)
	if r.basis != nil {
		r.basis(&b)
	}
	return b, err
}

func (r *orderReader) List(ctx context.Context, tenant string, q order.Query) ([]order.Root, error) {
	if r.list != nil {
		r.list(&q)
	}
	return r.Repository.List(ctx, tenant, q)
}

func (r *orderReader) Snapshots(ctx context.Context, tenant string, q order.Query) ([]order.Snapshot, error) {
	if r.list != nil {
		r.list(&q)
	}
	list, err := r.Repository.Snapshots(ctx, tenant, q)
	if r.whole != nil {
		r.whole(list)
	}
	return list, err
}

func (r *orderReader) Settings(ctx context.Context, tenant string) (order.Settings, error) {
	s, err := r.Repository.Settings(ctx, tenant)
	if r.settings != nil {
		r.settings(&s)
	}
	return s, err
}

type ungroupedDays struct{ pipeline.Repository }

func (r *ungroupedDays) CycleDays(ctx context.Context, tenant string, q pipeline.Query) ([]pipeline.Days, error) {
	q.By = pipeline.None
	return r.Repository.CycleDays(ctx, tenant, q)
}

type noDefault struct{ opportunity.Repository }

func (r *noDefault) References(ctx context.Context, tenant string, refs opportunity.Refs) (opportunity.Found, error) {
	f, err := r.Repository.References(ctx, tenant, refs)
	if refs.Process == uuid.Nil {
		f.Process = nil
	}
	return f, err
}
