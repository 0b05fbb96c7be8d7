package storagetest

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/quote"
	"github.com/pursuit-crm/pursuit/stage"
	"github.com/pursuit-crm/pursuit/storage"
)

// books are the records that a tenant's opportunities refer to.
type books struct {
	e      *env
	tenant string
	// Two customers with a contact each, a source, a competitor, two reasons.
	customer, second         customer.Customer
	contact, stranger        customer.Contact
	source, rival, why, lost archive.Entry
	process                  stage.Record
	version                  stage.Process
	// The changes that stored the customers, the source and the process.
	first, other customer.Change
	from         archive.Change
	mode         stage.Change
	seq          int
}

func (e *env) entry(tenant string, kind journal.Kind, aggregate uuid.UUID, version int64, head *journal.Head) journal.Entry {
	e.t.Helper()
	ev := journal.Event{Type: string(kind) + ".tested.v1", Payload: map[string]any{"b": version, "a": "<&> ü \U0001F600 \\ ' \" %"}}
	at := day.Add(time.Duration(e.ids) * time.Second)
	j, err := head.Append(tenant, kind, aggregate, e.id(), version, ev, journal.Moment{Effective: at, Recorded: at.Add(7 * time.Microsecond), By: "ann"})
	if err != nil {
		e.fatalf("making a journal entry: %v", err)
	}
	return j
}

// newCustomer returns the change that inserts a customer.
func (e *env) newCustomer(tenant, name string, contacts ...customer.Contact) customer.Change {
	c := customer.Customer{ID: e.id(), Tenant: tenant, Name: name, Kind: customer.Organisation, Status: customer.Active, Version: 1, Created: day, Updated: day}
	ch := customer.Change{Customer: c}
	for _, x := range contacts {
		x.Customer = c.ID
		ch.Contacts = append(ch.Contacts, x)
	}
	ch.Entries = []journal.Entry{e.entry(tenant, journal.KindCustomer, c.ID, 1, &ch.Head)}
	return ch
}

// nextCustomer returns the next change of a stored customer.
func (e *env) nextCustomer(old customer.Change) customer.Change {
	ch := customer.Change{Customer: old.Customer.Clone(), Expected: old.Customer.Version, Head: old.Head}
	ch.Customer.Version++
	ch.Entries = []journal.Entry{e.entry(ch.Customer.Tenant, journal.KindCustomer, ch.Customer.ID, ch.Customer.Version, &ch.Head)}
	return ch
}

func (e *env) newContact(name string) customer.Contact {
	return customer.Contact{ID: e.id(), Name: name, Active: true, Created: day, Updated: day}
}

func (e *env) newArchive(tenant string, kind archive.Kind, code string) archive.Change {
	a := archive.Entry{ID: e.id(), Tenant: tenant, Kind: kind, Code: code, Names: map[string]string{"en": code}, Status: archive.Active, Version: 1, Created: day, Updated: day}
	ch := archive.Change{Entry: a}
	ch.Entries = []journal.Entry{e.entry(tenant, journal.KindArchive, a.ID, 1, &ch.Head)}
	return ch
}

func (e *env) nextArchive(old archive.Change) archive.Change {
	ch := archive.Change{Entry: old.Entry.Clone(), Expected: old.Entry.Version, Head: old.Head}
	ch.Entry.Version++
	ch.Entries = []journal.Entry{e.entry(ch.Entry.Tenant, journal.KindArchive, ch.Entry.ID, ch.Entry.Version, &ch.Head)}
	return ch
}

func (e *env) newProcess(tenant, code string) stage.Change {
	p := stage.Process{
		ID: e.id(), VersionID: e.id(), Version: 1, Code: code, Names: stage.Names{"en": code},
		Stages: []stage.Stage{
			{ID: "s1", Names: stage.Names{"en": "One"}, Probability: 1000, Category: stage.Pipeline},
			{ID: "s2", Names: stage.Names{"en": "Two"}, Probability: 5000, Category: stage.Commit},
		},
	}
	ch := stage.Change{Publish: &p, Record: stage.Record{
		ID: p.ID, Tenant: tenant, Code: code, State: stage.ActiveProcess, Current: p.VersionID, Latest: 1, Version: 1, Created: day, Updated: day,
	}}
	ch.Entries = []journal.Entry{e.entry(tenant, journal.KindProcess, p.ID, 1, &ch.Record.Head)}
	return ch
}

func (e *env) nextProcess(old stage.Change) stage.Change {
	ch := stage.Change{Record: old.Record, Expected: old.Record.Version}
	ch.Record.Version++
	ch.Entries = []journal.Entry{e.entry(ch.Record.Tenant, journal.KindProcess, ch.Record.ID, ch.Record.Version, &ch.Record.Head)}
	return ch
}

// open stores a tenant's books.
func (e *env) open(tenant string) *books {
	e.t.Helper()
	b := &books{e: e, tenant: tenant}
	a, c := e.newCustomer(tenant, "Acme", e.newContact("Ada")), e.newCustomer(tenant, "Bolt", e.newContact("Bob"))
	b.customer, b.contact, b.second, b.stranger = a.Customer, a.Contacts[0], c.Customer, c.Contacts[0]
	list := []archive.Change{
		e.newArchive(tenant, archive.Source, "fair"), e.newArchive(tenant, archive.Competitor, "rival"),
		e.newArchive(tenant, archive.WinReason, "price"), e.newArchive(tenant, archive.LossReason, "price"),
	}
	b.source, b.rival, b.why, b.lost = list[0].Entry, list[1].Entry, list[2].Entry, list[3].Entry
	p := e.newProcess(tenant, "simple")
	p.Record.Default = true
	b.process, b.version = p.Record, *p.Publish
	b.first, b.other, b.from, b.mode = a, c, list[0], p
	e.do("storing the books of a tenant", func(ctx context.Context, tx storage.Tx) error {
		for _, x := range []customer.Change{a, c} {
			if err := tx.Customers().Save(ctx, x); err != nil {
				return err
			}
		}
		for _, x := range list {
			if err := tx.Archives().Save(ctx, x); err != nil {
				return err
			}
		}
		return tx.Processes().Save(ctx, p)
	})
	return b
}

// yuan returns an amount of minor units.
func yuan(minor int64) money.Money { return money.FromMinor(minor, cny) }

// draft returns the state of a new opportunity, not yet stored. edit may change
// it.
func (b *books) draft(edit ...func(s *opportunity.Snapshot)) opportunity.Snapshot {
	b.seq++
	at := day.Add(time.Duration(b.seq) * time.Minute)
	s := opportunity.Snapshot{Loaded: opportunity.AllParts, Root: opportunity.Root{
		ID: b.e.id(), Tenant: b.tenant, Number: fmt.Sprintf("OPP-%04d", b.seq), Name: fmt.Sprintf("Deal %d", b.seq),
		Customer: b.customer.ID, Owner: "ann", Process: b.process.ID, ProcessVersion: b.version.VersionID, Stage: "s1",
		Status: opportunity.Open, Cycle: 1, Currency: cny, Estimated: yuan(1000), LineTotal: yuan(0), Quoted: yuan(0), Ordered: yuan(0),
		Probability: 1000, Category: stage.Pipeline, Created: at, Updated: at, StageEntered: at, Version: 1,
	}}
	for _, f := range edit {
		f(&s)
	}
	if s.Members == nil {
		s.Members = []opportunity.Member{{User: s.Owner, Role: opportunity.RoleOwner, Access: opportunity.Write, Joined: at}}
		s.Counts.Members = 1
	}
	return s
}

// row returns the ledger row that a root begins.
func row(r *opportunity.Root, seq int64, effective, recorded time.Time) opportunity.LedgerRow {
	return opportunity.LedgerRow{
		Opportunity: r.ID, Seq: seq, EffectiveFrom: effective, RecordedFrom: recorded, Status: r.Status, Stage: r.Stage, Owner: r.Owner,
		Department: r.Department, Customer: r.Customer, Source: r.Source, Process: r.Process, Amount: r.Amount(), Probability: r.Probability,
		Category: r.Category, ExpectedClose: r.ExpectedClose, CycleDays: r.CycleDays, Cycle: r.Cycle, Event: "tested", Entry: r.Head.Seq, By: "ann",
	}
}

// insert returns the change that records a state.
func (b *books) insert(s *opportunity.Snapshot) opportunity.Change {
	c := opportunity.Change{Members: s.Members, Lines: s.Lines, AddedContacts: s.Contacts, AddedCompetitors: s.Competitors,
		Activities: s.Activities, Expenses: s.Expenses, Documents: s.Documents, Evaluations: s.Evaluations}
	c.Entries = []journal.Entry{b.e.entry(b.tenant, journal.KindOpportunity, s.ID, s.Version, &s.Head)}
	next := row(&s.Root, 1, s.Created, s.Created)
	s.Ledger = opportunity.LedgerMark{Seq: 1, Effective: s.Created, Recorded: s.Created}
	c.Root, c.Next = s.Root, &next
	return c
}

// change returns the next change of a state, and updates the state.
func (b *books) change(s *opportunity.Snapshot, edit ...func(s *opportunity.Snapshot)) opportunity.Change {
	for _, f := range edit {
		f(s)
	}
	c := opportunity.Change{Expected: s.Version}
	s.Version++
	c.Entries = []journal.Entry{b.e.entry(b.tenant, journal.KindOpportunity, s.ID, s.Version, &s.Head)}
	c.Root = s.Root
	return c
}

// booked is change with a new row in the ledger, at the given times.
func (b *books) booked(s *opportunity.Snapshot, effective, recorded time.Time, edit ...func(s *opportunity.Snapshot)) opportunity.Change {
	prior := opportunity.LedgerRow{
		Opportunity: s.ID, Seq: s.Ledger.Seq, EffectiveFrom: s.Ledger.Effective, RecordedFrom: s.Ledger.Recorded,
		EffectiveTo: effective, RecordedTo: recorded,
	}
	c := b.change(s, edit...)
	next := row(&s.Root, prior.Seq+1, effective, recorded)
	s.Ledger = opportunity.LedgerMark{Seq: next.Seq, Effective: effective, Recorded: recorded}
	c.Root, c.Prior, c.Next = s.Root, &prior, &next
	return c
}

// record stores a new opportunity and returns its state.
func (b *books) record(edit ...func(s *opportunity.Snapshot)) *opportunity.Snapshot {
	b.e.t.Helper()
	s := b.draft(edit...)
	b.save("recording an opportunity", b.insert(&s))
	return &s
}

func (b *books) save(what string, changes ...opportunity.Change) {
	b.e.t.Helper()
	b.e.do(what, func(ctx context.Context, tx storage.Tx) error {
		for _, c := range changes {
			if err := tx.Opportunities().Save(ctx, c); err != nil {
				return err
			}
		}
		return nil
	})
}

// get reads an opportunity with all parts.
func (b *books) get(id uuid.UUID) opportunity.Snapshot {
	b.e.t.Helper()
	var out opportunity.Snapshot
	b.e.look("reading an opportunity", func(ctx context.Context, tx storage.Tx) error {
		rec, err := tx.Opportunities().Get(ctx, b.tenant, id, opportunity.Load{Parts: opportunity.AllParts})
		out = rec.Snapshot
		return err
	})
	return out
}

// order returns the change that inserts an order of an opportunity.
func (b *books) order(number string, of *opportunity.Snapshot) order.Change {
	r := order.Root{
		ID: b.e.id(), Tenant: b.tenant, Number: number, Opportunity: of.ID, Customer: of.Customer, Owner: of.Owner, Department: of.Department,
		Currency: cny, Status: order.Draft, Total: yuan(100), Gross: yuan(113), Delivered: yuan(0), Invoiced: yuan(0), Received: yuan(0), Created: day, Updated: day, Version: 1,
	}
	c := order.Change{}
	c.Entries = []journal.Entry{b.e.entry(b.tenant, journal.KindOrder, r.ID, 1, &r.Head)}
	c.Root = r
	return c
}

func (b *books) nextOrder(old order.Change) order.Change {
	c := order.Change{Root: old.Root, Expected: old.Root.Version}
	c.Root.Version++
	c.Entries = []journal.Entry{b.e.entry(b.tenant, journal.KindOrder, c.Root.ID, c.Root.Version, &c.Root.Head)}
	return c
}

// quote returns the change that inserts a quote of an opportunity.
func (b *books) quote(number string, of *opportunity.Snapshot) quote.Change {
	r := quote.Root{
		ID: b.e.id(), Tenant: b.tenant, Number: number, Revision: 1, Opportunity: of.ID, Customer: of.Customer, Currency: cny,
		TaxTreatment: money.TaxExclusive, Status: quote.Draft, Created: day, Updated: day, Version: 1,
		Content: quote.Content{DiscountAmount: yuan(0), Subtotal: yuan(0), Discounted: yuan(0), Net: yuan(0), Tax: yuan(0), Gross: yuan(0)},
	}
	c := quote.Change{}
	c.Entries = []journal.Entry{b.e.entry(b.tenant, journal.KindQuote, r.ID, 1, &r.Head)}
	c.Root = r
	return c
}

func (b *books) nextQuote(old quote.Change) quote.Change {
	c := quote.Change{Root: old.Root, Expected: old.Root.Version}
	c.Root.Version++
	c.Entries = []journal.Entry{b.e.entry(b.tenant, journal.KindQuote, c.Root.ID, c.Root.Version, &c.Root.Head)}
	return c
}

func saveQuote(c quote.Change) func(context.Context, storage.Tx) error {
	return func(ctx context.Context, tx storage.Tx) error { return tx.Quotes().Save(ctx, c) }
}

func saveCustomer(c customer.Change) func(context.Context, storage.Tx) error {
	return func(ctx context.Context, tx storage.Tx) error { return tx.Customers().Save(ctx, c) }
}

func saveArchive(c archive.Change) func(context.Context, storage.Tx) error {
	return func(ctx context.Context, tx storage.Tx) error { return tx.Archives().Save(ctx, c) }
}

func saveProcess(c stage.Change) func(context.Context, storage.Tx) error {
	return func(ctx context.Context, tx storage.Tx) error { return tx.Processes().Save(ctx, c) }
}

func saveDeal(c opportunity.Change) func(context.Context, storage.Tx) error {
	return func(ctx context.Context, tx storage.Tx) error { return tx.Opportunities().Save(ctx, c) }
}

func saveOrder(c order.Change) func(context.Context, storage.Tx) error {
	return func(ctx context.Context, tx storage.Tx) error { return tx.Orders().Save(ctx, c) }
}
