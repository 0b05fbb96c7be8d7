package storagetest_test

import (
	"bytes"
	"context"
	"slices"
	"strings"

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
)

func customerBugs() []bug {
	stale := func(ctx context.Context, r customer.Repository, c *customer.Change) {
		if rec, err := r.Get(ctx, c.Customer.Tenant, c.Customer.ID, false); err == nil {
			c.Expected = rec.Customer.Version
		}
	}
	list := func(edit func(q *customer.Query)) func(*memory.Store) *broken {
		return swapping(func(tx storage.Tx) swapped { return swapped{customers: &customerLister{tx.Customers(), edit}} })
	}
	return []bug{
		{"doesn't check a customer's version", "customer/save/O11_version-guard", savingCustomers(stale)},
		{"drops a taken code", "customer/save/C01_code-taken", savingCustomers(func(ctx context.Context, r customer.Repository, c *customer.Change) {
			if rec, err := r.ByCode(ctx, c.Customer.Tenant, c.Customer.Code); err == nil && rec.Customer.ID != c.Customer.ID {
				c.Customer.Code = ""
			}
		})},
		{"keeps a deleted customer", "customer/delete/C05", savingCustomers(func(_ context.Context, _ customer.Repository, c *customer.Change) { c.Delete = false })},
		{"finds one customer only", "customer/named", swapping(func(tx storage.Tx) swapped { return swapped{customers: &firstCustomer{tx.Customers()}} })},
		{"pages customers by key without id", "customer/list/pages", list(func(q *customer.Query) {
			if q.AfterID != uuid.Nil {
				q.AfterID = uuid.UUID(bytes.Repeat([]byte{0xff}, 16))
			}
		})},
		{"ignores the scope of customers", "customer/list/J02_filters-and-scope", list(func(q *customer.Query) { q.Scope = access.Scope{All: true} })},
		{"finds no use of a contact", "customer/used/C05", swapping(func(tx storage.Tx) swapped { return swapped{customers: &unusedContacts{tx.Customers()}} })},
		{"searches no addresses", "customer/alike/C07", swapping(func(tx storage.Tx) swapped { return swapped{customers: &deafToContacts{tx.Customers()}} })},
		{"forgets what aliases were known by", "customer/alike/C07", swapping(func(tx storage.Tx) swapped { return swapped{customers: &deafToAliases{tx.Customers()}} })},
		{"shows duplicates to all", "customer/alike/C07", swapping(func(tx storage.Tx) swapped { return swapped{customers: &unscopedAlike{tx.Customers()}} })},
		{"leaves a merged customer's contacts", "customer/merge/C08_contacts-move", savingCustomers(func(_ context.Context, _ customer.Repository, c *customer.Change) { c.Moved = nil })},
		{"overlooks orders of a merged customer", "customer/dependents/C08", swapping(func(tx storage.Tx) swapped { return swapped{customers: &blindToOrders{tx.Customers()}} })},
		{"shows one role of a contact in a deal", "opportunity/of-contact/R04", swapping(func(tx storage.Tx) swapped { return swapped{deals: &oneRole{tx.Opportunities()}} })},
		{"hides aliases", "opportunity/references/C08_aliases", swapping(func(tx storage.Tx) swapped { return swapped{deals: &noAliases{tx.Opportunities()}} })},
		{"knows no default process", "opportunity/references/O01", swapping(func(tx storage.Tx) swapped { return swapped{deals: &noDefault{tx.Opportunities()}} })},
		{"folds tenants", "text/J03_tenants-by-byte", func(*memory.Store) *broken {
			return &broken{list: func(ctx context.Context, r opportunity.Repository, tenant string, q opportunity.Query) ([]opportunity.Root, error) {
				return r.List(ctx, strings.ToLower(tenant), q)
			}}
		}},
		{"takes competitors of other deals for its own", "opportunity/get/O07_archive-entries", func(*memory.Store) *broken {
			return &broken{get: func(ctx context.Context, r opportunity.Repository, tenant string, id uuid.UUID, l opportunity.Load) (opportunity.Record, error) {
				rec, err := r.Get(ctx, tenant, id, l)
				for i := range rec.Archive {
					rec.Archive[i].OnDeal = rec.Archive[i].Entry.Kind == archive.Competitor
				}
				return rec, err
			}}
		}},
		{"doesn't group days", "pipeline/cycle-days", swapping(func(tx storage.Tx) swapped { return swapped{pipeline: &ungroupedDays{tx.Pipeline()}} })},
		{"sums nothing to a row", "pipeline/empty", func(*memory.Store) *broken {
			return &broken{sum: func(ctx context.Context, r pipeline.Repository, tenant string, q pipeline.Query) ([]pipeline.Bucket, error) {
				list, err := r.Sums(ctx, tenant, q)
				if len(list) == 0 && err == nil {
					list = []pipeline.Bucket{{}}
				}
				return list, err
			}}
		}},
	}
}

func archiveBugs() []bug {
	return []bug{
		{"doesn't check an entry's version", "archive/save/O11_version-guard", savingArchives(func(ctx context.Context, r archive.Repository, c *archive.Change) {
			if rec, err := r.Get(ctx, c.Entry.Tenant, c.Entry.ID); err == nil {
				c.Expected = rec.Entry.Version
			}
		})},
		{"lets an entry's code be taken twice", "archive/save/A01_code-taken", savingArchives(func(ctx context.Context, r archive.Repository, c *archive.Change) {
			list, _ := r.List(ctx, c.Entry.Tenant, archive.Query{Kind: c.Entry.Kind, Limit: 100})
			if slices.ContainsFunc(list, func(x archive.Entry) bool { return x.Code == c.Entry.Code && x.ID != c.Entry.ID }) {
				c.Entry.Code += "'"
			}
		})},
		{"keeps a deleted entry", "archive/delete/A04", savingArchives(func(_ context.Context, _ archive.Repository, c *archive.Change) { c.Delete = false })},
		{"finds one entry only", "archive/named", swapping(func(tx storage.Tx) swapped { return swapped{archives: &firstEntry{tx.Archives()}} })},
		{"finds entries of other kinds by their code", "archive/coded", swapping(func(tx storage.Tx) swapped { return swapped{archives: &anyKind{tx.Archives()}} })},
		{"finds codes that differ in case", "archive/coded", swapping(func(tx storage.Tx) swapped { return swapped{archives: &anyCase{tx.Archives()}} })},
		{"drops an entry's field", "fields/archive", swapping(func(tx storage.Tx) swapped { return swapped{archives: &forgetfulArchive{tx.Archives()}} })},
	}
}

func processBugs() []bug {
	read := func(r processReader) func(*memory.Store) *broken {
		return swapping(func(tx storage.Tx) swapped {
			r := r
			r.Repository = tx.Processes()
			return swapped{processes: &r}
		})
	}
	return []bug{
		{"doesn't check a process's version", "process/save/O11_version-guard", savingProcesses(func(ctx context.Context, r stage.Repository, c *stage.Change) {
			if rec, err := r.Get(ctx, c.Record.Tenant, c.Record.ID); err == nil {
				c.Expected = rec.Version
			}
		})},
		{"lets a process's code be taken twice", "process/save/P01_code-taken", savingProcesses(func(ctx context.Context, r stage.Repository, c *stage.Change) {
			if rec, err := r.ByCode(ctx, c.Record.Tenant, c.Record.Code); err == nil && rec.ID != c.Record.ID {
				c.Record.Code += "'"
			}
		})},
		{"keeps a deleted process", "process/delete/P06", savingProcesses(func(_ context.Context, _ stage.Repository, c *stage.Change) { c.Delete = false })},
		{"drops a process's field", "fields/process", read(processReader{get: func(r *stage.Record) { r.Latest = 0 }})},
		{"lists versions by text", "process/versions/P02", read(processReader{versions: func(list []stage.Process) { slices.Reverse(list) }})},
		{"lists processes by the database's collation", "process/list", read(processReader{list: func(list []stage.Record) {
			slices.SortFunc(list, func(a, b stage.Record) int { return strings.Compare(strings.ToLower(a.Code), strings.ToLower(b.Code)) })
		}})},
		{"finds no use of a process", "process/used/P06_closed-counts", read(processReader{unused: true})},
	}
}

func orderBugs() []bug {
	read := func(r orderReader) func(*memory.Store) *broken {
		return swapping(func(tx storage.Tx) swapped {
			r := r
			r.Repository = tx.Orders()
			return swapped{orders: &r}
		})
	}
	stored := func(ctx context.Context, r order.Repository, c *order.Change) (order.Snapshot, error) {
		s, _, err := r.Get(ctx, c.Root.Tenant, c.Root.ID, true, "")
		return s, err
	}
	return []bug{
		{"doesn't check an order's version", "order/save/O11_version-guard", savingOrders(func(ctx context.Context, r order.Repository, c *order.Change) {
			if s, err := stored(ctx, r, c); err == nil {
				c.Expected = s.Version
			}
		})},
		{"lets an order's number be taken twice", "order/save/Q04_number-taken", savingOrders(func(ctx context.Context, r order.Repository, c *order.Change) {
			list, _ := r.List(ctx, c.Root.Tenant, order.Query{Scope: access.Scope{All: true}, Limit: 100})
			if slices.ContainsFunc(list, func(x order.Root) bool { return x.Number == c.Root.Number && x.ID != c.Root.ID }) {
				c.Root.Number += "'"
			}
		})},
		{"takes repeated events in silence", "order/save/Q06_event-exists", savingOrders(func(ctx context.Context, r order.Repository, c *order.Change) {
			if s, err := stored(ctx, r, c); err == nil {
				c.Events = slices.DeleteFunc(slices.Clone(c.Events), func(x order.ExecutionEvent) bool {
					return slices.ContainsFunc(s.Events, func(y order.ExecutionEvent) bool { return x.External == y.External && x.Line == y.Line })
				})
			}
		})},
		{"drops an order's field", "fields/order", savingOrders(func(_ context.Context, _ order.Repository, c *order.Change) { c.Root.Reference = "" })},
		{"ignores the scope of orders", "order/list/J02", read(orderReader{list: func(q *order.Query) { q.Scope = access.Scope{All: true} }})},
		{"makes orders of lines in another order", "order/basis/Q04_Q07", read(orderReader{basis: func(b *order.Basis) { slices.Reverse(b.Opportunity.Snapshot.Lines) }})},
		{"takes no viewer for a member when an order is made", "order/basis/Q04_Q07", read(orderReader{basis: func(b *order.Basis) { b.Opportunity.Viewer = nil }})},
		{"forgets whether several orders are allowed", "order/basis/Q04_Q07", read(orderReader{basis: func(b *order.Basis) { b.Settings.SeveralOrders = false }})},
		{"drops a customer's field when an order is made", "order/basis/Q04_Q07", read(orderReader{basis: func(b *order.Basis) { b.Customer.Customer.Phone = "" }})},
		{"ignores the scope of whole orders", "order/snapshots/J02", read(orderReader{list: func(q *order.Query) { q.Scope = access.Scope{All: true} }})},
		{"gives one order's events to another", "order/snapshots/J02", read(orderReader{whole: func(list []order.Snapshot) {
			for i := 1; i < len(list); i++ {
				list[0].Events, list[i].Events = list[i].Events, list[0].Events
			}
		}})},
		{"drops a setting", "fields/settings", read(orderReader{settings: func(s *order.Settings) { s.SeveralOrders = false }})},
		{"invents settings", "order/settings/Q01", read(orderReader{settings: func(s *order.Settings) { s.Enabled = true }})},
		{"drops a request's fingerprint", "fields/request", func(*memory.Store) *broken {
			return &broken{find: func(ctx context.Context, r storage.Requests, tenant, key string) (storage.Request, error) {
				q, err := r.Find(ctx, tenant, key)
				q.Fingerprint = [32]byte{}
				return q, err
			}}
		}},
		{"gives a lease to all", "lease/J09_one-holder", swapping(func(tx storage.Tx) swapped { return swapped{leases: &generousLeases{tx.Leases()}} })},
		{"gives a lease to all at once", "lease/J09_concurrent", swapping(func(tx storage.Tx) swapped { return swapped{leases: &generousLeases{tx.Leases()}} })},
		{"frees others' leases", "lease/J09_release", swapping(func(tx storage.Tx) swapped { return swapped{leases: &carelessLeases{tx.Leases()}} })},
		{"relays in another order", "journal/J09_in-order-of-ids", func(*memory.Store) *broken {
			return &broken{unrelayed: func(ctx context.Context, r journal.Repository, tenant string, limit int) ([]journal.Entry, error) {
				list, err := r.Unrelayed(ctx, tenant, limit)
				slices.Reverse(list)
				return list, err
			}}
		}},
	}
}

func hostBugs() []bug {
	return []bug{
		{"hides a View's error", "transaction/view-returns-own-error", func(m *memory.Store) *broken {
			return &broken{view: func(ctx context.Context, fn body) error { _ = m.View(ctx, fn); return ctx.Err() }}
		}},
		{"hides the caller's context", "context/closure-gets-the-callers", func(m *memory.Store) *broken {
			return &broken{update: func(ctx context.Context, fn body) error {
				return m.Update(ctx, func(_ context.Context, tx storage.Tx) error { return fn(context.Background(), tx) })
			}}
		}},
		{"keeps what the host rolls back", "host/rollback-is-the-hosts", func(*memory.Store) *broken { return &broken{keeps: true} }},
		{"goes on in the host's transaction", "host/failed-write-aborts", func(*memory.Store) *broken {
			return &broken{bound: func(b storage.Bound) storage.Bound { return deaf{boundStore: b} }}
		}},
		{"writes in the host's View", "host/view-refuses-writes", func(*memory.Store) *broken {
			return &broken{bound: func(b storage.Bound) storage.Bound { return writable{boundStore: b} }}
		}},
	}
}

// deaf doesn't hear that the transaction was aborted.
type deaf struct{ boundStore }

func (d deaf) Update(ctx context.Context, fn body) error {
	ran := false
	err := d.boundStore.Update(ctx, func(ctx context.Context, tx storage.Tx) error { ran = true; return fn(ctx, tx) })
	if !ran {
		return nil
	}
	return err
}

// writable takes a View for an Update.
type writable struct{ boundStore }

func (w writable) View(ctx context.Context, fn body) error { return w.boundStore.Update(ctx, fn) }

// anyKind looks for a code in all kinds.
type anyKind struct{ archive.Repository }

func (r *anyKind) Coded(ctx context.Context, tenant string, kind archive.Kind, codes []string) ([]archive.Entry, error) {
	list, err := r.List(ctx, tenant, archive.Query{Limit: 1000})
	return slices.DeleteFunc(list, func(e archive.Entry) bool { return !slices.Contains(codes, e.Code) }), err
}

// anyCase looks for a code as some databases compare it.
type anyCase struct{ archive.Repository }

func (r *anyCase) Coded(ctx context.Context, tenant string, kind archive.Kind, codes []string) ([]archive.Entry, error) {
	list, err := r.List(ctx, tenant, archive.Query{Kind: kind, Limit: 1000})
	return slices.DeleteFunc(list, func(e archive.Entry) bool {
		return !slices.ContainsFunc(codes, func(c string) bool { return strings.EqualFold(c, e.Code) })
	}), err
}
