package intercept

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/quote"
	"github.com/pursuit-crm/pursuit/stage"
	"github.com/pursuit-crm/pursuit/storage"
)

type hookedCustomers struct {
	r customer.Repository
	h *Store
}

func (o hookedCustomers) Get(ctx context.Context, tenant string, id uuid.UUID, contacts bool) (customer.Record, error) {
	return call(ctx, o.h, "customers.get", func() (customer.Record, error) { return o.r.Get(ctx, tenant, id, contacts) })
}

func (o hookedCustomers) ByCode(ctx context.Context, tenant, code string) (customer.Record, error) {
	return call(ctx, o.h, "customers.by_code", func() (customer.Record, error) { return o.r.ByCode(ctx, tenant, code) })
}

func (o hookedCustomers) Named(ctx context.Context, tenant string, ids []uuid.UUID) ([]customer.Customer, error) {
	return call(ctx, o.h, "customers.named", func() ([]customer.Customer, error) { return o.r.Named(ctx, tenant, ids) })
}

func (o hookedCustomers) ContactsNamed(ctx context.Context, tenant string, ids []uuid.UUID) ([]customer.Contact, error) {
	return call(ctx, o.h, "customers.contacts_named", func() ([]customer.Contact, error) { return o.r.ContactsNamed(ctx, tenant, ids) })
}

func (o hookedCustomers) List(ctx context.Context, tenant string, q customer.Query) ([]customer.Customer, error) {
	return call(ctx, o.h, "customers.list", func() ([]customer.Customer, error) { return o.r.List(ctx, tenant, q) })
}

func (o hookedCustomers) Alike(ctx context.Context, tenant string, q customer.AlikeQuery) ([]customer.Hit, error) {
	return call(ctx, o.h, "customers.alike", func() ([]customer.Hit, error) { return o.r.Alike(ctx, tenant, q) })
}

func (o hookedCustomers) Dependents(ctx context.Context, tenant string, id uuid.UUID, limit int) (customer.Dependents, error) {
	return call(ctx, o.h, "customers.dependents", func() (customer.Dependents, error) { return o.r.Dependents(ctx, tenant, id, limit) })
}

func (o hookedCustomers) Save(ctx context.Context, c customer.Change) error {
	o.h.saved("customers.save", func(ctx context.Context, tx storage.Tx) error { return tx.Customers().Save(ctx, c) })
	return do(ctx, o.h, "customers.save", func() error { return o.r.Save(ctx, c) })
}

func (o hookedCustomers) Used(ctx context.Context, tenant string, id, contact uuid.UUID) (bool, error) {
	return call(ctx, o.h, "customers.used", func() (bool, error) { return o.r.Used(ctx, tenant, id, contact) })
}

type hookedArchives struct {
	r archive.Repository
	h *Store
}

func (o hookedArchives) Get(ctx context.Context, tenant string, id uuid.UUID) (archive.Record, error) {
	return call(ctx, o.h, "archives.get", func() (archive.Record, error) { return o.r.Get(ctx, tenant, id) })
}

func (o hookedArchives) Named(ctx context.Context, tenant string, ids []uuid.UUID) ([]archive.Entry, error) {
	return call(ctx, o.h, "archives.named", func() ([]archive.Entry, error) { return o.r.Named(ctx, tenant, ids) })
}

func (o hookedArchives) Coded(ctx context.Context, tenant string, kind archive.Kind, codes []string) ([]archive.Entry, error) {
	return call(ctx, o.h, "archives.coded", func() ([]archive.Entry, error) { return o.r.Coded(ctx, tenant, kind, codes) })
}

func (o hookedArchives) List(ctx context.Context, tenant string, q archive.Query) ([]archive.Entry, error) {
	return call(ctx, o.h, "archives.list", func() ([]archive.Entry, error) { return o.r.List(ctx, tenant, q) })
}

func (o hookedArchives) Save(ctx context.Context, c archive.Change) error {
	o.h.saved("archives.save", func(ctx context.Context, tx storage.Tx) error { return tx.Archives().Save(ctx, c) })
	return do(ctx, o.h, "archives.save", func() error { return o.r.Save(ctx, c) })
}

func (o hookedArchives) Used(ctx context.Context, tenant string, id uuid.UUID) (bool, error) {
	return call(ctx, o.h, "archives.used", func() (bool, error) { return o.r.Used(ctx, tenant, id) })
}

func (o hookedArchives) ScorecardVersion(ctx context.Context, tenant string, id uuid.UUID, number int) (archive.ScorecardVersion, error) {
	return call(ctx, o.h, "archives.scorecard_version", func() (archive.ScorecardVersion, error) {
		return o.r.ScorecardVersion(ctx, tenant, id, number)
	})
}

type hookedProcesses struct {
	r stage.Repository
	h *Store
}

func (o hookedProcesses) Get(ctx context.Context, tenant string, id uuid.UUID) (stage.Record, error) {
	return call(ctx, o.h, "processes.get", func() (stage.Record, error) { return o.r.Get(ctx, tenant, id) })
}

func (o hookedProcesses) ByCode(ctx context.Context, tenant, code string) (stage.Record, error) {
	return call(ctx, o.h, "processes.by_code", func() (stage.Record, error) { return o.r.ByCode(ctx, tenant, code) })
}

func (o hookedProcesses) List(ctx context.Context, tenant string) ([]stage.Record, error) {
	return call(ctx, o.h, "processes.list", func() ([]stage.Record, error) { return o.r.List(ctx, tenant) })
}

func (o hookedProcesses) Version(ctx context.Context, tenant string, id uuid.UUID) (stage.Process, error) {
	return call(ctx, o.h, "processes.version", func() (stage.Process, error) { return o.r.Version(ctx, tenant, id) })
}

func (o hookedProcesses) Versions(ctx context.Context, tenant string, id uuid.UUID) ([]stage.Process, error) {
	return call(ctx, o.h, "processes.versions", func() ([]stage.Process, error) { return o.r.Versions(ctx, tenant, id) })
}

func (o hookedProcesses) Save(ctx context.Context, c stage.Change) error {
	o.h.saved("processes.save", func(ctx context.Context, tx storage.Tx) error { return tx.Processes().Save(ctx, c) })
	return do(ctx, o.h, "processes.save", func() error { return o.r.Save(ctx, c) })
}

func (o hookedProcesses) InUse(ctx context.Context, tenant string, id uuid.UUID) (map[string]int64, error) {
	return call(ctx, o.h, "processes.in_use", func() (map[string]int64, error) { return o.r.InUse(ctx, tenant, id) })
}

func (o hookedProcesses) Used(ctx context.Context, tenant string, id uuid.UUID) (bool, error) {
	return call(ctx, o.h, "processes.used", func() (bool, error) { return o.r.Used(ctx, tenant, id) })
}

type hookedOrders struct {
	r order.Repository
	h *Store
}

func (o hookedOrders) Get(ctx context.Context, tenant string, id uuid.UUID, events bool, viewer string) (s order.Snapshot, rel access.Relation, err error) {
	s, err = call(ctx, o.h, "orders.get", func() (order.Snapshot, error) {
		var err error
		s, rel, err = o.r.Get(ctx, tenant, id, events, viewer)
		return s, err
	})
	return s, rel, err
}

func (o hookedOrders) Basis(ctx context.Context, tenant string, id uuid.UUID, viewer string) (order.Basis, error) {
	return call(ctx, o.h, "orders.basis", func() (order.Basis, error) { return o.r.Basis(ctx, tenant, id, viewer) })
}

func (o hookedOrders) List(ctx context.Context, tenant string, q order.Query) ([]order.Root, error) {
	return call(ctx, o.h, "orders.list", func() ([]order.Root, error) { return o.r.List(ctx, tenant, q) })
}

func (o hookedOrders) Snapshots(ctx context.Context, tenant string, q order.Query) ([]order.Snapshot, error) {
	return call(ctx, o.h, "orders.snapshots", func() ([]order.Snapshot, error) { return o.r.Snapshots(ctx, tenant, q) })
}

func (o hookedOrders) Save(ctx context.Context, c order.Change) error {
	o.h.saved("orders.save", func(ctx context.Context, tx storage.Tx) error { return tx.Orders().Save(ctx, c) })
	return do(ctx, o.h, "orders.save", func() error { return o.r.Save(ctx, c) })
}

func (o hookedOrders) Settings(ctx context.Context, tenant string) (order.Settings, error) {
	return call(ctx, o.h, "orders.settings", func() (order.Settings, error) { return o.r.Settings(ctx, tenant) })
}

func (o hookedOrders) SaveSettings(ctx context.Context, c order.SettingsChange) error {
	o.h.saved("orders.save_settings", func(ctx context.Context, tx storage.Tx) error { return tx.Orders().SaveSettings(ctx, c) })
	return do(ctx, o.h, "orders.save_settings", func() error { return o.r.SaveSettings(ctx, c) })
}

type hookedQuotes struct {
	r quote.Repository
	h *Store
}

func (o hookedQuotes) Get(ctx context.Context, tenant string, id uuid.UUID, load quote.Load) (s quote.Snapshot, rel access.Relation, err error) {
	s, err = call(ctx, o.h, "quotes.get", func() (quote.Snapshot, error) {
		var err error
		s, rel, err = o.r.Get(ctx, tenant, id, load)
		return s, err
	})
	return s, rel, err
}

func (o hookedQuotes) List(ctx context.Context, tenant string, q quote.Query) ([]quote.Root, error) {
	return call(ctx, o.h, "quotes.list", func() ([]quote.Root, error) { return o.r.List(ctx, tenant, q) })
}

func (o hookedQuotes) Save(ctx context.Context, c quote.Change) error {
	o.h.saved("quotes.save", func(ctx context.Context, tx storage.Tx) error { return tx.Quotes().Save(ctx, c) })
	return do(ctx, o.h, "quotes.save", func() error { return o.r.Save(ctx, c) })
}

type hookedJournal struct {
	r journal.Repository
	h *Store
}

func (o hookedJournal) Entries(ctx context.Context, tenant string, kind journal.Kind, id uuid.UUID, after int64, limit int) ([]journal.Entry, error) {
	return call(ctx, o.h, "journal.entries", func() ([]journal.Entry, error) { return o.r.Entries(ctx, tenant, kind, id, after, limit) })
}

func (o hookedJournal) Unrelayed(ctx context.Context, tenant string, limit int) ([]journal.Entry, error) {
	return call(ctx, o.h, "journal.unrelayed", func() ([]journal.Entry, error) { return o.r.Unrelayed(ctx, tenant, limit) })
}

func (o hookedJournal) MarkRelayed(ctx context.Context, tenant string, ids []uuid.UUID) error {
	return do(ctx, o.h, "journal.mark", func() error { return o.r.MarkRelayed(ctx, tenant, ids) })
}

type hookedRequests struct {
	r storage.Requests
	h *Store
}

func (o hookedRequests) Find(ctx context.Context, tenant, key string, others ...string) (storage.Request, error) {
	return call(ctx, o.h, "requests.find", func() (storage.Request, error) { return o.r.Find(ctx, tenant, key, others...) })
}

func (o hookedRequests) Claim(ctx context.Context, r storage.Request) (bool, error) {
	return call(ctx, o.h, "requests.claim", func() (bool, error) { return o.r.Claim(ctx, r) })
}

type hookedNumbers struct {
	r storage.Numbers
	h *Store
}

func (o hookedNumbers) Take(ctx context.Context, tenant, series string, n int64) (int64, error) {
	return call(ctx, o.h, "numbers.take", func() (int64, error) { return o.r.Take(ctx, tenant, series, n) })
}

func (o hookedNumbers) Back(ctx context.Context, tenant, series string, first, n int64) error {
	_, err := call(ctx, o.h, "numbers.back", func() (struct{}, error) { return struct{}{}, o.r.Back(ctx, tenant, series, first, n) })
	return err
}

type hookedLeases struct {
	r storage.Leases
	h *Store
}

func (o hookedLeases) Take(ctx context.Context, l storage.Lease, now time.Time) (bool, error) {
	return call(ctx, o.h, "leases.take", func() (bool, error) { return o.r.Take(ctx, l, now) })
}

func (o hookedLeases) Release(ctx context.Context, tenant, name, holder string) error {
	return do(ctx, o.h, "leases.release", func() error { return o.r.Release(ctx, tenant, name, holder) })
}
