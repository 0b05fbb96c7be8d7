package storagetest

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/storage"
)

func opportunityRules() []Rule {
	return []Rule{
		{"opportunity/save/O11_version-guard", "doesn't compare the stored version would lose one of two concurrent changes", func(e *env) {
			b := e.open("t")
			s := b.record()
			stale := *s
			b.save("the first change", b.change(s, func(s *opportunity.Snapshot) { s.Name = "first" }))
			late := b.change(&stale, func(s *opportunity.Snapshot) { s.Name = "late" })
			e.refused("a change of an old version", fault.ErrConflict, "opportunity.changed", saveDeal(late))
			ahead := *s
			ahead.Version += 5
			e.refused("a change of a version to come", fault.ErrConflict, "opportunity.changed", saveDeal(b.change(&ahead)))
			gone := late
			gone.Delete = true
			e.refused("deleting an old version", fault.ErrConflict, "opportunity.changed", saveDeal(gone))
			e.equal("the opportunity", b.get(s.ID), *s)
			e.entriesAre("t", journal.KindOpportunity, s.ID, 2)
		}},
		{"opportunity/save/O11_insert-of-existing", "overwrites on insert would replace a deal by another", func(e *env) {
			b := e.open("t")
			s := b.record()
			again := b.draft(func(x *opportunity.Snapshot) { x.ID = s.ID })
			e.refused("inserting an id that exists", fault.ErrConflict, "opportunity.changed", saveDeal(b.insert(&again)))
			e.equal("the opportunity", b.get(s.ID), *s)
		}},
		{"opportunity/save/O11_gone", "inserts on update would bring deleted deals back", func(e *env) {
			b := e.open("t")
			s := b.draft()
			b.insert(&s)
			e.refused("changing what isn't there", fault.ErrConflict, "opportunity.changed", saveDeal(b.change(&s)))
			if b.exists(s.Number) {
				e.errorf("the change inserted it")
			}
		}},
		{"opportunity/save/O01_number-taken", "lets two deals have one number would answer ByNumber with either", func(e *env) {
			b := e.open("t")
			s := b.record()
			again := b.draft(func(x *opportunity.Snapshot) { x.Number = s.Number })
			e.refused("a number that is taken", fault.ErrDuplicate, "opportunity.number.taken", saveDeal(b.insert(&again)))
			e.look("reading", func(ctx context.Context, tx storage.Tx) error {
				list, err := tx.Opportunities().List(ctx, "t", everyDeal())
				same(e, "deals", mapped(list, rootID), []uuid.UUID{s.ID})
				return err
			})
		}},
		{"opportunity/save/R04_contact-exists", "overwrites a contact that is said to be new would lose a note without a word", func(e *env) {
			b := e.open("t")
			x := opportunity.DealContact{ContactKey: opportunity.ContactKey{Contact: b.contact.ID, Role: opportunity.Champion}, Note: "first", Added: day}
			s := b.record(func(s *opportunity.Snapshot) { s.Contacts = []opportunity.DealContact{x} })
			stored := *s
			c := b.change(s)
			x.Note = "second"
			c.AddedContacts = []opportunity.DealContact{x}
			e.refused("a contact in a role that it has", fault.ErrDuplicate, "opportunity.contact.exists", saveDeal(c))
			e.equal("the opportunity", b.get(s.ID), stored)
			// In another role it is another contact.
			x.Role = opportunity.Influencer
			other := b.change(&stored, func(s *opportunity.Snapshot) { s.Contacts = append(s.Contacts, x) })
			other.AddedContacts = []opportunity.DealContact{x}
			b.save("the contact in another role", other)
			e.equal("the opportunity", b.get(s.ID), stored)
		}},
		{"opportunity/save/R05_competitor-exists", "overwrites a competitor that is said to be new would lose its price without a word", func(e *env) {
			b := e.open("t")
			x := opportunity.DealCompetitor{Competitor: b.rival.ID, Strengths: "first", Added: day}
			s := b.record(func(s *opportunity.Snapshot) { s.Competitors = []opportunity.DealCompetitor{x} })
			stored := *s
			c := b.change(s)
			x.Strengths = "second"
			c.AddedCompetitors = []opportunity.DealCompetitor{x}
			e.refused("a competitor that is on the deal", fault.ErrDuplicate, "opportunity.competitor.exists", saveDeal(c))
			e.equal("the opportunity", b.get(s.ID), stored)
		}},
		{"opportunity/save/J04_refused-leaves-no-entry", "journals what it refuses would tell a history that never was", func(e *env) {
			b := e.open("t")
			s := b.record()
			stale := *s
			b.save("a change", b.change(s))
			for range 3 {
				x := stale
				err := e.update(saveDeal(b.change(&x)))
				if !errors.Is(err, fault.ErrConflict) {
					e.errorf("a change of an old version: %v", err)
				}
			}
			e.entriesAre("t", journal.KindOpportunity, s.ID, 2)
			e.look("the ledger", func(ctx context.Context, tx storage.Tx) error {
				rows, err := tx.Opportunities().Ledger(ctx, "t", s.ID)
				same(e, "ledger rows", []int{len(rows)}, []int{1})
				return err
			})
		}},
		{"opportunity/delete/O14_root-and-parts", "leaves parts of a deleted deal behind would show them again, or keep customers in use", func(e *env) {
			b := e.open("t")
			s := b.record(func(s *opportunity.Snapshot) {
				s.Source = b.source.ID
				s.Lines = []opportunity.Line{{Number: 1, Product: "p", Amount: yuan(5)}}
				s.Contacts = []opportunity.DealContact{{ContactKey: opportunity.ContactKey{Contact: b.contact.ID, Role: opportunity.Champion}, Added: day}}
				s.Competitors = []opportunity.DealCompetitor{{Competitor: b.rival.ID, Added: day}}
				s.Activities = []opportunity.Activity{b.planned(day, "ann")}
				s.Expenses = []opportunity.Expense{b.spent(day, "ann", b.why.ID)}
			})
			c := b.change(s)
			end := s.Created.AddDate(0, 0, 1)
			c.Delete = true
			c.Prior = &opportunity.LedgerRow{Opportunity: s.ID, Seq: 1, EffectiveFrom: s.Created, RecordedFrom: s.Created, EffectiveTo: end, RecordedTo: end}
			b.save("deleting", c)
			e.look("looking for a deleted deal", func(ctx context.Context, tx storage.Tx) error {
				_, err := tx.Opportunities().Get(ctx, "t", s.ID, opportunity.Load{Parts: opportunity.AllParts})
				e.kind("Get", err, fault.ErrNotFound, "")
				_, err = tx.Opportunities().ByNumber(ctx, "t", s.Number)
				e.kind("ByNumber", err, fault.ErrNotFound, "")
				n, err := tx.Opportunities().Count(ctx, "t", everyDeal())
				if n != 0 || err != nil {
					e.errorf("Count: %d, %v", n, err)
				}
				for what, ask := range map[string]func() (bool, error){
					"the customer": func() (bool, error) { return tx.Customers().Used(ctx, "t", b.customer.ID, uuid.Nil) },
					"the contact":  func() (bool, error) { return tx.Customers().Used(ctx, "t", b.customer.ID, b.contact.ID) },
					"the source":   func() (bool, error) { return tx.Archives().Used(ctx, "t", b.source.ID) },
					"the rival":    func() (bool, error) { return tx.Archives().Used(ctx, "t", b.rival.ID) },
					"the category": func() (bool, error) { return tx.Archives().Used(ctx, "t", b.why.ID) },
					"the process":  func() (bool, error) { return tx.Processes().Used(ctx, "t", b.process.ID) },
				} {
					if used, err := ask(); used || err != nil {
						e.errorf("%s of a deleted deal is in use: %v, %v", what, used, err)
					}
				}
				rows, err := tx.Opportunities().Ledger(ctx, "t", s.ID)
				if len(rows) != 1 || !rows[0].EffectiveTo.Equal(end) || !rows[0].RecordedTo.Equal(end) {
					e.errorf("the ledger of a deleted deal is %v, want one row that ends", rows)
				}
				return err
			})
			e.entriesAre("t", journal.KindOpportunity, s.ID, 2)
			e.refused("changing a deleted deal", fault.ErrConflict, "opportunity.changed", saveDeal(b.change(s)))
		}},
		{"opportunity/references/O01", "finds what isn't there, or not what is, would record deals for nobody", func(e *env) {
			b := e.open("t")
			second := e.nextCustomer(b.other)
			second.Customer.Status, second.Customer.Owner, second.Customer.Department = customer.Inactive, "bob", "north"
			e.do("changing a customer", saveCustomer(second))
			retired := e.newArchive("t", b.lost.Kind, "old")
			retired.Entry.Status, retired.Entry.NeedsExplanation, retired.Entry.NeedsCompetitor = "retired", true, true
			e.do("storing an entry", saveArchive(retired))
			other := e.newProcess("t", "other")
			e.do("storing a process", saveProcess(other))
			none := e.id()
			e.look("looking up references", func(ctx context.Context, tx storage.Tx) error {
				f, err := tx.Opportunities().References(ctx, "t", opportunity.Refs{
					Customers: []uuid.UUID{b.second.ID, none, b.customer.ID}, Contacts: []uuid.UUID{none, b.contact.ID},
					Archive: []uuid.UUID{b.source.ID, none, retired.Entry.ID}, Process: other.Record.ID,
				})
				if err != nil {
					return err
				}
				anyOrder(e, "customers", mapped(f.Customers, customerID), []uuid.UUID{b.customer.ID, b.second.ID})
				anyOrder(e, "contacts", mapped(f.Contacts, func(c customer.Contact) uuid.UUID { return c.ID }), []uuid.UUID{b.contact.ID})
				anyOrder(e, "archive entries", mapped(f.Archive, entryID), []uuid.UUID{b.source.ID, retired.Entry.ID})
				for _, c := range f.Customers {
					if c.ID == b.second.ID && (c.Status != customer.Inactive || c.Kind != customer.Organisation || c.Owner != "bob" || c.Department != "north") {
						e.errorf("a customer lacks status, kind, owner or department: %+v", c)
					}
				}
				for _, c := range f.Contacts {
					if c.Customer != b.customer.ID || !c.Active {
						e.errorf("a contact lacks customer or active: %+v", c)
					}
				}
				for _, a := range f.Archive {
					if a.ID == retired.Entry.ID && (a.Kind != b.lost.Kind || a.Code != "old" || a.Status != "retired" || !a.NeedsExplanation || !a.NeedsCompetitor) {
						e.errorf("an archive entry lacks kind, code, status or demands: %+v", a)
					}
				}
				if f.Process == nil {
					e.errorf("the process wasn't found")
				} else {
					e.equal("the process", *f.Process, other.Record)
				}
				f, err = tx.Opportunities().References(ctx, "t", opportunity.Refs{})
				if f.Process == nil || f.Process.ID != b.process.ID || len(f.Customers)+len(f.Contacts)+len(f.Archive) > 0 {
					e.errorf("no references give %+v, want the default process alone", f)
				}
				if err != nil {
					return err
				}
				f, err = tx.Opportunities().References(ctx, "t", opportunity.Refs{Process: none})
				if f.Process != nil {
					e.errorf("an unknown process is found: %+v", f.Process)
				}
				if err != nil {
					return err
				}
				f, err = tx.Opportunities().References(ctx, "nobody", opportunity.Refs{})
				if f.Process != nil {
					e.errorf("a tenant without processes has a default one: %+v", f.Process)
				}
				return err
			})
		}},
	}
}

// entriesAre checks that an aggregate has n entries with growing Seq.
func (e *env) entriesAre(tenant string, kind journal.Kind, id uuid.UUID, n int) {
	e.t.Helper()
	e.look("reading the journal", func(ctx context.Context, tx storage.Tx) error {
		list, err := tx.Journal().Entries(ctx, tenant, kind, id, 0, 1000)
		if len(list) != n {
			e.errorf("the journal has %d entries, want %d", len(list), n)
		}
		for i, j := range list {
			if j.Seq != int64(i+1) {
				e.errorf("entry %d has number %d", i, j.Seq)
			}
		}
		return err
	})
}
