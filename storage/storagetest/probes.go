package storagetest

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/opportunity/pipeline"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/quote"
	"github.com/pursuit-crm/pursuit/storage"

	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/customer"
)

// probe calls one method of a port with valid arguments.
type probe struct {
	name   string // "Opportunities.Get"
	writes bool
	call   func(ctx context.Context, tx storage.Tx) error
}

// probes calls every method of every port; a test of the suite checks that none
// is missing. The opportunity and the order must be stored; each writing probe
// writes something new.
func (b *books) probes(d *opportunity.Snapshot, o order.Change) []probe {
	e, t := b.e, b.tenant
	all := access.Scope{All: true}
	read := func(name string, f func(ctx context.Context, tx storage.Tx) error) probe {
		return probe{name, false, f}
	}
	write := func(name string, f func(ctx context.Context, tx storage.Tx) error) probe { return probe{name, true, f} }
	fresh := b.draft(func(s *opportunity.Snapshot) { s.Number = "PROBE" })
	deal := b.insert(&fresh)
	cust, arch, proc, ord := e.newCustomer(t, "Probe"), e.newArchive(t, archive.Source, "probe"), e.newProcess(t, "probe"), b.order("PROBE", d)
	set := order.SettingsChange{Settings: order.Settings{Tenant: t, Enabled: true, Version: 1, Updated: day}}
	set.Entries = []journal.Entry{e.entry(t, journal.KindSales, uuid.UUID{1}, 1, &set.Settings.Head)}
	return []probe{
		read("Opportunities.Get", func(ctx context.Context, tx storage.Tx) error {
			_, err := tx.Opportunities().Get(ctx, t, d.ID, opportunity.Load{Parts: opportunity.AllParts})
			return err
		}),
		read("Opportunities.ByNumber", func(ctx context.Context, tx storage.Tx) error {
			_, err := tx.Opportunities().ByNumber(ctx, t, d.Number)
			return err
		}),
		read("Opportunities.References", func(ctx context.Context, tx storage.Tx) error {
			_, err := tx.Opportunities().References(ctx, t, opportunity.Refs{Customers: []uuid.UUID{b.customer.ID}})
			return err
		}),
		write("Opportunities.Save", saveDeal(deal)),
		read("Opportunities.List", func(ctx context.Context, tx storage.Tx) error {
			_, err := tx.Opportunities().List(ctx, t, opportunity.Query{Scope: all, Limit: 10})
			return err
		}),
		read("Opportunities.Count", func(ctx context.Context, tx storage.Tx) error {
			_, err := tx.Opportunities().Count(ctx, t, opportunity.Query{Scope: all, Limit: 10})
			return err
		}),
		read("Opportunities.OfContact", func(ctx context.Context, tx storage.Tx) error {
			_, err := tx.Opportunities().OfContact(ctx, t, opportunity.ContactQuery{Scope: all, Contact: b.contact.ID, Limit: 10})
			return err
		}),
		read("Opportunities.Ledger", func(ctx context.Context, tx storage.Tx) error {
			_, err := tx.Opportunities().Ledger(ctx, t, d.ID)
			return err
		}),
		read("FollowUps.Activities", func(ctx context.Context, tx storage.Tx) error {
			_, err := tx.FollowUps().Activities(ctx, t, everyActivity())
			return err
		}),
		read("FollowUps.Expenses", func(ctx context.Context, tx storage.Tx) error {
			_, err := tx.FollowUps().Expenses(ctx, t, everyExpense())
			return err
		}),
		read("FollowUps.Timeline", func(ctx context.Context, tx storage.Tx) error {
			_, err := tx.FollowUps().Timeline(ctx, t, opportunity.TimelineQuery{Opportunity: d.ID, Limit: 10})
			return err
		}),
		read("Opportunities.StoredDocuments", func(ctx context.Context, tx storage.Tx) error {
			_, err := tx.Opportunities().StoredDocuments(ctx, t, []uuid.UUID{d.ID})
			return err
		}),
		read("Pipeline.Sums", func(ctx context.Context, tx storage.Tx) error {
			_, err := tx.Pipeline().Sums(ctx, t, pipeline.Query{Scope: all})
			return err
		}),
		read("Pipeline.CycleDays", func(ctx context.Context, tx storage.Tx) error {
			_, err := tx.Pipeline().CycleDays(ctx, t, pipeline.Query{Scope: all})
			return err
		}),
		read("Customers.Get", func(ctx context.Context, tx storage.Tx) error {
			_, err := tx.Customers().Get(ctx, t, b.customer.ID, true)
			return err
		}),
		read("Customers.ByCode", func(ctx context.Context, tx storage.Tx) error {
			_, err := tx.Customers().ByCode(ctx, t, "no such code")
			return unlessMissing(err)
		}),
		read("Customers.Named", func(ctx context.Context, tx storage.Tx) error {
			_, err := tx.Customers().Named(ctx, t, []uuid.UUID{b.customer.ID})
			return err
		}),
		read("Customers.ContactsNamed", func(ctx context.Context, tx storage.Tx) error {
			_, err := tx.Customers().ContactsNamed(ctx, t, []uuid.UUID{b.contact.ID})
			return err
		}),
		read("Customers.List", func(ctx context.Context, tx storage.Tx) error {
			_, err := tx.Customers().List(ctx, t, customer.Query{Scope: all, Limit: 10})
			return err
		}),
		read("Customers.Alike", func(ctx context.Context, tx storage.Tx) error {
			_, err := tx.Customers().Alike(ctx, t, customer.AlikeQuery{Scope: all, Name: "acme", Limit: 10})
			return err
		}),
		read("Customers.Dependents", func(ctx context.Context, tx storage.Tx) error {
			_, err := tx.Customers().Dependents(ctx, t, b.customer.ID, 10)
			return err
		}),
		write("Customers.Save", saveCustomer(cust)),
		read("Customers.Used", func(ctx context.Context, tx storage.Tx) error {
			_, err := tx.Customers().Used(ctx, t, b.customer.ID, uuid.Nil)
			return err
		}),
		read("Archives.Get", func(ctx context.Context, tx storage.Tx) error {
			_, err := tx.Archives().Get(ctx, t, b.source.ID)
			return err
		}),
		read("Archives.Named", func(ctx context.Context, tx storage.Tx) error {
			_, err := tx.Archives().Named(ctx, t, []uuid.UUID{b.source.ID})
			return err
		}),
		read("Archives.Coded", func(ctx context.Context, tx storage.Tx) error {
			_, err := tx.Archives().Coded(ctx, t, b.source.Kind, []string{b.source.Code})
			return err
		}),
		read("Archives.List", func(ctx context.Context, tx storage.Tx) error {
			_, err := tx.Archives().List(ctx, t, archive.Query{Limit: 10})
			return err
		}),
		write("Archives.Save", saveArchive(arch)),
		read("Archives.ScorecardVersion", func(ctx context.Context, tx storage.Tx) error {
			_, err := tx.Archives().ScorecardVersion(ctx, t, b.source.ID, 0)
			return unlessMissing(err)
		}),
		read("Archives.Used", func(ctx context.Context, tx storage.Tx) error {
			_, err := tx.Archives().Used(ctx, t, b.source.ID)
			return err
		}),
		read("Processes.Get", func(ctx context.Context, tx storage.Tx) error {
			_, err := tx.Processes().Get(ctx, t, b.process.ID)
			return err
		}),
		read("Processes.ByCode", func(ctx context.Context, tx storage.Tx) error {
			_, err := tx.Processes().ByCode(ctx, t, "no such code")
			return unlessMissing(err)
		}),
		read("Processes.List", func(ctx context.Context, tx storage.Tx) error {
			_, err := tx.Processes().List(ctx, t)
			return err
		}),
		read("Processes.Version", func(ctx context.Context, tx storage.Tx) error {
			_, err := tx.Processes().Version(ctx, t, b.version.VersionID)
			return err
		}),
		read("Processes.Versions", func(ctx context.Context, tx storage.Tx) error {
			_, err := tx.Processes().Versions(ctx, t, b.process.ID)
			return err
		}),
		write("Processes.Save", saveProcess(proc)),
		read("Processes.InUse", func(ctx context.Context, tx storage.Tx) error {
			_, err := tx.Processes().InUse(ctx, t, b.version.VersionID)
			return err
		}),
		read("Processes.Used", func(ctx context.Context, tx storage.Tx) error {
			_, err := tx.Processes().Used(ctx, t, b.process.ID)
			return err
		}),
		read("Orders.Get", func(ctx context.Context, tx storage.Tx) error {
			_, _, err := tx.Orders().Get(ctx, t, o.Root.ID, true, "ann")
			return err
		}),
		read("Orders.Basis", func(ctx context.Context, tx storage.Tx) error {
			_, err := tx.Orders().Basis(ctx, t, d.ID, "ann")
			return err
		}),
		read("Orders.List", func(ctx context.Context, tx storage.Tx) error {
			_, err := tx.Orders().List(ctx, t, order.Query{Scope: all, Limit: 10})
			return err
		}),
		read("Orders.Snapshots", func(ctx context.Context, tx storage.Tx) error {
			_, err := tx.Orders().Snapshots(ctx, t, order.Query{Scope: all, Limit: 10})
			return err
		}),
		write("Orders.Save", saveOrder(ord)),
		read("Orders.Settings", func(ctx context.Context, tx storage.Tx) error {
			_, err := tx.Orders().Settings(ctx, t)
			return err
		}),
		write("Orders.SaveSettings", func(ctx context.Context, tx storage.Tx) error { return tx.Orders().SaveSettings(ctx, set) }),
		read("Quotes.Get", func(ctx context.Context, tx storage.Tx) error {
			_, _, err := tx.Quotes().Get(ctx, t, uuid.UUID{1}, quote.Load{Items: true, Past: true, Viewer: "ann"})
			return unlessMissing(err)
		}),
		read("Quotes.List", func(ctx context.Context, tx storage.Tx) error {
			_, err := tx.Quotes().List(ctx, t, quote.Query{Scope: all, Limit: 10})
			return err
		}),
		write("Quotes.Save", saveQuote(b.quote("PROBE", d))),
		read("Journal.Entries", func(ctx context.Context, tx storage.Tx) error {
			_, err := tx.Journal().Entries(ctx, t, journal.KindOpportunity, d.ID, 0, 10)
			return err
		}),
		write("Leases.Take", func(ctx context.Context, tx storage.Tx) error {
			_, err := tx.Leases().Take(ctx, storage.Lease{Tenant: t, Name: "probe", Holder: "p", Until: day}, day)
			return err
		}),
		write("Leases.Release", func(ctx context.Context, tx storage.Tx) error { return tx.Leases().Release(ctx, t, "probe", "p") }),
		read("Journal.Unrelayed", func(ctx context.Context, tx storage.Tx) error {
			_, err := tx.Journal().Unrelayed(ctx, t, 10)
			return err
		}),
		write("Journal.MarkRelayed", func(ctx context.Context, tx storage.Tx) error {
			return tx.Journal().MarkRelayed(ctx, t, []uuid.UUID{deal.Entries[0].ID})
		}),
		read("Requests.Find", func(ctx context.Context, tx storage.Tx) error {
			_, err := tx.Requests().Find(ctx, t, "no such key")
			return unlessMissing(err)
		}),
		write("Requests.Claim", func(ctx context.Context, tx storage.Tx) error {
			_, err := tx.Requests().Claim(ctx, storage.Request{Tenant: t, Key: "probe", Command: "probe", Result: []byte("{}"), Recorded: day})
			return err
		}),
		write("Numbers.Take", func(ctx context.Context, tx storage.Tx) error {
			_, err := tx.Numbers().Take(ctx, t, "probe", 1)
			return err
		}),
		write("Numbers.Back", func(ctx context.Context, tx storage.Tx) error { return tx.Numbers().Back(ctx, t, "probe", 1, 1) }),
	}
}

func unlessMissing(err error) error {
	if errors.Is(err, fault.ErrNotFound) {
		return nil
	}
	return err
}

// stocked opens a tenant's books with one opportunity and one order.
func (e *env) stocked(tenant string) (*books, *opportunity.Snapshot, order.Change) {
	e.t.Helper()
	b := e.open(tenant)
	d := b.record()
	o := b.order("ORD-0001", d)
	e.do("storing an order", saveOrder(o))
	return b, d, o
}
