package storagetest

import (
	"context"
	"errors"
	"reflect"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/storage"
)

// hosted returns a rule on transactions of the host, or proves that there are
// none.
func hosted(name, why string, check func(e *env)) Rule {
	return Rule{"host/" + name, why, func(e *env) {
		if e.lacks(HostTransactions) {
			if _, found := reflect.TypeOf(e.store).MethodByName("Bind"); found || e.h.Begin != nil {
				e.errorf("the store can bind, though the adapter is declared to lack %s", HostTransactions)
			}
			return
		}
		if e.h.Begin == nil {
			e.fatalf("the harness has no Begin; give one, or declare that the adapter lacks %s", HostTransactions)
		}
		check(e)
	}}
}

func (e *env) begin() HostTx {
	h := e.h.Begin(e.t, e.store)
	e.t.Cleanup(func() { _ = h.Rollback() })
	return h
}

func (b *books) exists(number string) bool {
	found := false
	b.e.look("looking for an opportunity", func(ctx context.Context, tx storage.Tx) error {
		_, err := tx.Opportunities().ByNumber(ctx, b.tenant, number)
		found = err == nil
		return unlessMissing(err)
	})
	return found
}

func hostRules() []Rule {
	return []Rule{
		hosted("commit-is-the-hosts", "loses what was written in the host's transaction would part the ERP's row from ours", func(e *env) {
			b := e.open("t")
			s := b.draft()
			c := b.insert(&s)
			h := e.begin()
			if err := h.Bound.Update(e.ctx, saveDeal(c)); err != nil {
				e.errorf("Update in the host's transaction: %v", err)
			}
			if err := h.Commit(); err != nil {
				e.errorf("the host's commit: %v", err)
			}
			e.equal("what the host committed", b.get(s.ID), s)
		}),
		hosted("rollback-is-the-hosts", "commits by itself inside the host's transaction would keep what the host takes back", func(e *env) {
			b, d, o := e.stocked("t")
			h := e.begin()
			for _, p := range b.probes(d, o) {
				if p.writes {
					if err := h.Bound.Update(e.ctx, p.call); err != nil {
						e.errorf("%s in the host's transaction: %v", p.name, err)
					}
				}
			}
			if err := h.Rollback(); err != nil {
				e.errorf("the host's rollback: %v", err)
			}
			b.probed("after the host's rollback", false)
		}),
		hosted("several-commands", "isolates the commands of one host transaction from each other would break every second one", func(e *env) {
			b := e.open("t")
			s := b.draft()
			h := e.begin()
			if err := h.Bound.Update(e.ctx, saveDeal(b.insert(&s))); err != nil {
				e.errorf("first Update: %v", err)
			}
			err := h.Bound.View(e.ctx, func(ctx context.Context, tx storage.Tx) error {
				_, err := tx.Opportunities().Get(ctx, "t", s.ID, opportunity.Load{})
				return err
			})
			if err != nil {
				e.errorf("View after Update: %v", err)
			}
			if err := h.Bound.Update(e.ctx, saveDeal(b.change(&s, func(s *opportunity.Snapshot) { s.Name = "Twice" }))); err != nil {
				e.errorf("second Update: %v", err)
			}
			if err := h.Commit(); err != nil {
				e.errorf("the host's commit: %v", err)
			}
			e.equal("what both commands wrote", b.get(s.ID), s)
		}),
		hosted("J08_half-written-aborts", "lets the host commit after a command failed half-way would commit half a command", func(e *env) {
			b := e.open("t")
			endings := map[string]func() error{"error": func() error { return errRule }, "panic": func() error { panic("the rule's own panic") }}
			for name, end := range endings {
				s := b.draft()
				c := b.insert(&s)
				h := e.begin()
				if err := h.Bound.Err(); err != nil {
					e.errorf("Err before anything was done: %v", err)
				}
				func() {
					defer func() { _ = recover() }()
					err := h.Bound.Update(e.ctx, func(ctx context.Context, tx storage.Tx) error {
						if err := tx.Opportunities().Save(ctx, c); err != nil {
							return err
						}
						return end()
					})
					if !errors.Is(err, errRule) {
						e.errorf("Update: %v, want the closure's own error", err)
					}
				}()
				e.kind("Update after an "+name+" half-way", h.Bound.Update(e.ctx, func(context.Context, storage.Tx) error { return nil }), fault.ErrTxAborted, "")
				e.kind("Err after an "+name+" half-way", h.Bound.Err(), fault.ErrTxAborted, "")
				e.kind("View after an "+name+" half-way", h.Bound.View(e.ctx, func(context.Context, storage.Tx) error { return nil }), fault.ErrTxAborted, "")
				if err := h.Rollback(); err != nil {
					e.errorf("the host's rollback: %v", err)
				}
				if b.exists(s.Number) {
					e.errorf("half a command survived the host's rollback after an %s", name)
				}
			}
		}),
		hosted("failed-write-aborts", "goes on after a failed write in the host's transaction would write outside of what the host takes back", func(e *env) {
			b, d, o := e.stocked("t")
			for name, fail := range b.failures(d, o) {
				h := e.begin()
				if err := h.Bound.Update(e.ctx, func(ctx context.Context, tx storage.Tx) error { _ = fail(ctx, tx); return nil }); err == nil {
					e.errorf("%s, swallowed: Update succeeded", name)
				}
				e.kind("Update after "+name, h.Bound.Update(e.ctx, func(context.Context, storage.Tx) error { return nil }), fault.ErrTxAborted, "")
				if err := h.Rollback(); err != nil {
					e.errorf("the host's rollback: %v", err)
				}
			}
		}),
		hosted("refusal-goes-on", "aborts the host's transaction on a refusal that wrote nothing would undo the host's own work for a typing mistake", func(e *env) {
			b := e.open("t")
			h := e.begin()
			err := h.Bound.Update(e.ctx, func(ctx context.Context, tx storage.Tx) error {
				_, err := tx.Opportunities().Get(ctx, "t", e.id(), opportunity.Load{})
				return err
			})
			e.kind("a command that finds nothing", err, fault.ErrNotFound, "")
			s := b.draft()
			if err := h.Bound.Update(e.ctx, saveDeal(b.insert(&s))); err != nil {
				e.errorf("the command after a refusal: %v", err)
			}
			if err := h.Commit(); err != nil {
				e.errorf("the host's commit: %v", err)
			}
			if !b.exists(s.Number) {
				e.errorf("the command after a refusal wasn't committed")
			}
		}),
		hosted("view-refuses-writes", "lets a View write in the host's transaction would write without a command", func(e *env) {
			b := e.open("t")
			s := b.draft()
			h := e.begin()
			e.kind("writing in a View", h.Bound.View(e.ctx, saveDeal(b.insert(&s))), fault.ErrNotAllowed, "storage.read_only")
			_ = h.Rollback()
		}),
	}
}
