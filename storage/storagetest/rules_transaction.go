package storagetest

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/quote"
	"github.com/pursuit-crm/pursuit/storage"
)

func transactionRules() []Rule {
	return []Rule{
		{"transaction/J08_commits-all", "commits only some of what a transaction wrote would leave half commands behind", func(e *env) {
			b, d, o := e.stocked("t")
			probes := b.probes(d, o)
			e.do("writing through every port in one transaction", func(ctx context.Context, tx storage.Tx) error {
				for _, p := range probes {
					if p.writes {
						if err := p.call(ctx, tx); err != nil {
							return err
						}
					}
				}
				return nil
			})
			b.probed("after the commit", true)
		}},
		{"transaction/J08_error-rolls-back", "keeps what was written before an error would leave half commands behind", func(e *env) {
			b, d, o := e.stocked("t")
			for _, p := range b.probes(d, o) {
				if !p.writes {
					continue
				}
				err := e.update(func(ctx context.Context, tx storage.Tx) error {
					if err := p.call(ctx, tx); err != nil {
						return err
					}
					return errRule
				})
				if !errors.Is(err, errRule) {
					e.errorf("%s: Update returned %v, want the closure's own error", p.name, err)
				}
			}
			b.probed("after errors", false)
		}},
		{"transaction/J08_panic-rolls-back", "commits, or hangs, when a host's code panics would leave half commands or a dead store behind", func(e *env) {
			b, d, o := e.stocked("t")
			for _, p := range b.probes(d, o) {
				if !p.writes {
					continue
				}
				got := func() (v any) {
					defer func() { v = recover() }()
					_ = e.store.Update(e.ctx, func(ctx context.Context, tx storage.Tx) error {
						if err := p.call(ctx, tx); err != nil {
							return err
						}
						panic("the rule's own panic")
					})
					return nil
				}()
				if got != "the rule's own panic" {
					e.errorf("%s: the panic went on as %v, want its own value", p.name, got)
				}
			}
			b.probed("after panics", false)
		}},
		{"transaction/J08_swallowed-error-aborts", "commits after a failed write whose error was swallowed would commit half a command", func(e *env) {
			b, d, o := e.stocked("t")
			for name, fail := range b.failures(d, o) {
				probes := b.probes(d, o)
				err := e.update(func(ctx context.Context, tx storage.Tx) error {
					for _, p := range probes {
						if p.writes {
							if err := p.call(ctx, tx); err != nil {
								return err
							}
						}
					}
					if err := fail(ctx, tx); err == nil {
						e.errorf("%s: succeeded, want a refusal", name)
					}
					return nil
				})
				e.kind(name+", swallowed", err, fault.ErrTxAborted, "")
				b.probed("after the swallowed "+name, false)
			}
		}},
		{"transaction/aborted-refuses-everything", "lets an aborted transaction go on would run statements outside of it, as SQLite and MariaDB do", func(e *env) {
			b, d, o := e.stocked("t")
			for name, fail := range b.failures(d, o) {
				probes := b.probes(d, o)
				_ = e.update(func(ctx context.Context, tx storage.Tx) error {
					_ = fail(ctx, tx)
					for _, p := range probes {
						e.kind(p.name+" after "+name, p.call(ctx, tx), fault.ErrTxAborted, "")
					}
					return errRule
				})
				b.probed("after "+name, false)
			}
		}},
		{"transaction/not-found-goes-on", "aborts on an expected refusal would make every lookup before a write a trap", func(e *env) {
			b, d, o := e.stocked("t")
			probes := b.probes(d, o)
			e.do("writing after lookups that found nothing", func(ctx context.Context, tx storage.Tx) error {
				for name, err := range b.missing(ctx, tx, "t", b.e.id(), "nothing") {
					e.kind(name, err, fault.ErrNotFound, "")
				}
				for _, p := range probes {
					if p.writes {
						if err := p.call(ctx, tx); err != nil {
							return err
						}
					}
				}
				return nil
			})
			b.probed("after lookups that found nothing", true)
		}},
		{"transaction/own-writes-are-seen", "doesn't show a transaction its own writes would break batches of commands", func(e *env) {
			b := e.open("t")
			s := b.draft()
			c := b.insert(&s)
			e.do("reading one's own writes", func(ctx context.Context, tx storage.Tx) error {
				if err := tx.Opportunities().Save(ctx, c); err != nil {
					return err
				}
				rec, err := tx.Opportunities().Get(ctx, "t", s.ID, opportunity.Load{Parts: opportunity.AllParts})
				if err != nil {
					return err
				}
				e.equal("what the transaction sees", rec.Snapshot, s)
				id, err := tx.Opportunities().ByNumber(ctx, "t", s.Number)
				same(e, "ByNumber", []uuid.UUID{id}, []uuid.UUID{s.ID})
				return err
			})
		}},
		{"transaction/view-refuses-writes", "lets a View write would write without a commit's checks, or on a reading replica", func(e *env) {
			b, d, o := e.stocked("t")
			for _, p := range b.probes(d, o) {
				err := e.store.View(e.ctx, func(ctx context.Context, tx storage.Tx) error { return p.call(ctx, tx) })
				if p.writes {
					e.kind(p.name+" in a View", err, fault.ErrNotAllowed, "storage.read_only")
				} else if err != nil {
					e.errorf("%s in a View: %v", p.name, err)
				}
			}
			b.probed("after Views", false)
		}},
		{"transaction/view-returns-own-error", "hides the closure's error would report success for a failed query", func(e *env) {
			if err := e.store.View(e.ctx, func(context.Context, storage.Tx) error { return errRule }); !errors.Is(err, errRule) {
				e.errorf("View returned %v, want the closure's own error", err)
			}
		}},
		{"transaction/ends-with-closure", "keeps a transaction open beyond its closure would let stray writes commit by themselves", func(e *env) {
			b, d, o := e.stocked("t")
			var stray []storage.Tx
			keep := func(_ context.Context, tx storage.Tx) error { stray = append(stray, tx); return nil }
			e.do("an empty transaction", keep)
			e.look("an empty View", keep)
			for _, tx := range stray {
				for _, p := range b.probes(d, o) {
					if err := p.call(e.ctx, tx); err == nil {
						e.errorf("%s works after the transaction's end", p.name)
					}
				}
			}
			b.probed("after stray calls", false)
		}},
		{"transaction/uncommitted-is-unseen", "shows uncommitted writes to others would let them act on what is then rolled back", uncommitted},
		{"transaction/never-repeats-the-closure", "repeats the closure by itself would double the effects that the engine guards against", func(e *env) {
			runs := 0
			_ = e.store.Update(e.ctx, func(context.Context, storage.Tx) error { runs++; return fault.New(fault.ErrRetry, "rule.retry", "") })
			if runs != 1 {
				e.errorf("the closure ran %d times, want 1", runs)
			}
		}},
	}
}

// answers limits an unobstructed View, far above the time on a quiet machine.
// Tests of the suite shorten it.
var answers = time.Minute

// uncommitted reads while a writing transaction is open, and proves the adapter's
// claim about ReadsDuringWrites.
func uncommitted(e *env) {
	b := e.open("t")
	s := b.draft()
	c := b.insert(&s)
	type answer struct{ err error }
	asked := make(chan answer, 1)
	lacks := e.lacks(ReadsDuringWrites)
	err := e.update(func(ctx context.Context, tx storage.Tx) error {
		if err := tx.Opportunities().Save(ctx, c); err != nil {
			return err
		}
		go func() {
			asked <- answer{e.store.View(e.ctx, func(ctx context.Context, tx storage.Tx) error {
				_, err := tx.Opportunities().Get(ctx, "t", s.ID, opportunity.Load{})
				return err
			})}
		}()
		wait := answers
		if lacks {
			wait = 30 * time.Millisecond
		}
		select {
		case a := <-asked:
			asked <- a
			if lacks {
				e.errorf("View answers during an Update, though the adapter is declared to lack %s", ReadsDuringWrites)
			}
		case <-time.After(wait):
			if !lacks {
				e.errorf("View doesn't answer during an Update; declare that the adapter lacks %s", ReadsDuringWrites)
			}
		}
		return errRule
	})
	if !errors.Is(err, errRule) {
		e.errorf("Update returned %v, want the closure's own error", err)
	}
	e.kind("reading what wasn't committed", (<-asked).err, fault.ErrNotFound, "")
}

func (e *env) lacks(c Capability) bool {
	for _, x := range e.h.Lacks {
		if x == c {
			return true
		}
	}
	return false
}

// failures returns writes that must each fail.
func (b *books) failures(d *opportunity.Snapshot, o order.Change) map[string]func(context.Context, storage.Tx) error {
	stale := *d
	stale.Version = 7
	old := b.change(&stale)
	again := b.draft(func(s *opportunity.Snapshot) { s.Number = d.Number })
	taken := b.insert(&again)
	staleOrder := b.nextOrder(o)
	staleOrder.Expected = 7
	staleQuote := b.quote("STALE", d)
	staleQuote.Expected, staleQuote.Root.Version = 7, 8
	cust, arch, proc := b.e.newCustomer(b.tenant, "Stale"), b.e.newArchive(b.tenant, b.source.Kind, b.source.Code), b.e.newProcess(b.tenant, b.process.Code)
	cust.Expected = 7
	set := order.SettingsChange{Settings: order.Settings{Tenant: b.tenant, Version: 8, Updated: day}, Expected: 7}
	return map[string]func(context.Context, storage.Tx) error{
		"conflict of an opportunity":  saveDeal(old),
		"duplicate of an opportunity": saveDeal(taken),
		"conflict of an order":        saveOrder(staleOrder),
		"conflict of a quote":         saveQuote(staleQuote),
		"conflict of a customer":      saveCustomer(cust),
		"duplicate of an archive":     saveArchive(arch),
		"duplicate of a process":      saveProcess(proc),
		"conflict of settings":        func(ctx context.Context, tx storage.Tx) error { return tx.Orders().SaveSettings(ctx, set) },
	}
}

// missing looks for a missing record in every way that returns ErrNotFound.
func (b *books) missing(ctx context.Context, tx storage.Tx, tenant string, id uuid.UUID, code string) map[string]error {
	out := map[string]error{}
	_, out["Opportunities.Get"] = tx.Opportunities().Get(ctx, tenant, id, opportunity.Load{Parts: opportunity.AllParts})
	_, out["Opportunities.ByNumber"] = tx.Opportunities().ByNumber(ctx, tenant, code)
	_, out["Customers.Get"] = tx.Customers().Get(ctx, tenant, id, true)
	_, out["Customers.ByCode"] = tx.Customers().ByCode(ctx, tenant, code)
	_, out["Archives.Get"] = tx.Archives().Get(ctx, tenant, id)
	_, out["Processes.Get"] = tx.Processes().Get(ctx, tenant, id)
	_, out["Processes.ByCode"] = tx.Processes().ByCode(ctx, tenant, code)
	_, out["Processes.Version"] = tx.Processes().Version(ctx, tenant, id)
	_, _, out["Orders.Get"] = tx.Orders().Get(ctx, tenant, id, true, "ann")
	_, _, out["Quotes.Get"] = tx.Quotes().Get(ctx, tenant, id, quote.Load{Items: true, Past: true, Viewer: "ann"})
	_, out["Requests.Find"] = tx.Requests().Find(ctx, tenant, code)
	return out
}

// probed checks that either all or none of the writing probes' rows exist.
func (b *books) probed(when string, want bool) {
	e := b.e
	e.t.Helper()
	e.look("looking for what was written", func(ctx context.Context, tx storage.Tx) error {
		found := map[string]bool{}
		_, err := tx.Opportunities().ByNumber(ctx, b.tenant, "PROBE")
		found["the opportunity"] = err == nil
		customers, err := tx.Customers().List(ctx, b.tenant, everyCustomer())
		if err != nil {
			return err
		}
		for _, c := range customers {
			found["the customer"] = found["the customer"] || c.Name == "Probe"
		}
		if _, ok := found["the customer"]; !ok {
			found["the customer"] = false
		}
		entries, err := tx.Archives().List(ctx, b.tenant, everyEntry())
		if err != nil {
			return err
		}
		found["the archive entry"] = false
		for _, x := range entries {
			found["the archive entry"] = found["the archive entry"] || x.Code == "probe"
		}
		_, err = tx.Processes().ByCode(ctx, b.tenant, "probe")
		found["the process"] = err == nil
		list, err := tx.Orders().List(ctx, b.tenant, everyOrder())
		if err != nil {
			return err
		}
		found["the order"] = len(list) > 1
		offers, err := tx.Quotes().List(ctx, b.tenant, everyQuote())
		if err != nil {
			return err
		}
		found["the quote"] = len(offers) > 0
		set, err := tx.Orders().Settings(ctx, b.tenant)
		if err != nil {
			return err
		}
		found["the settings"] = set.Version > 0
		_, err = tx.Requests().Find(ctx, b.tenant, "probe")
		found["the request"] = err == nil
		todo, err := tx.Journal().Unrelayed(ctx, b.tenant, 1000)
		if err != nil {
			return err
		}
		entry := false
		for _, j := range todo {
			entry = entry || j.Type == "sales_system.tested.v1"
		}
		found["the journal entry"] = entry
		for what, there := range found {
			if there != want {
				e.errorf("%s: %s is there: %v, want %v", when, what, there, want)
			}
		}
		return nil
	})
}
