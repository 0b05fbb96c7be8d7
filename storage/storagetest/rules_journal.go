package storagetest

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/storage"
)

func journalID(j journal.Entry) uuid.UUID { return j.ID }

func (e *env) todo(tenant string, limit int) []uuid.UUID {
	e.t.Helper()
	var out []uuid.UUID
	e.look("asking what to relay", func(ctx context.Context, tx storage.Tx) error {
		list, err := tx.Journal().Unrelayed(ctx, tenant, limit)
		out = mapped(list, journalID)
		return err
	})
	return out
}

func (e *env) mark(tenant string, ids ...uuid.UUID) {
	e.t.Helper()
	e.do("marking as relayed", func(ctx context.Context, tx storage.Tx) error { return tx.Journal().MarkRelayed(ctx, tenant, ids) })
}

func journalRules() []Rule {
	return []Rule{
		{"journal/J06_chain-verifies", "changes a byte of an entry would make the journal look tampered with", func(e *env) {
			b := e.open("t")
			s := b.record()
			for range 12 {
				b.save("changing", b.change(s))
			}
			e.look("verifying", func(ctx context.Context, tx storage.Tx) error {
				list, err := tx.Journal().Entries(ctx, "t", journal.KindOpportunity, s.ID, 0, 100)
				if err != nil {
					return err
				}
				if err := journal.Verify(list, s.Head); err != nil {
					e.errorf("the chain is broken: %v", err)
				}
				return nil
			})
		}},
		{"journal/J05_entries", "skips, repeats or reorders entries would replay to another state", func(e *env) {
			b := e.open("t")
			s, other := b.record(), b.record()
			var want []uuid.UUID
			for i := range 11 {
				c := b.change(s)
				if i%3 == 0 { // several entries of one command
					c.Entries = append(c.Entries, e.entry("t", journal.KindOpportunity, s.ID, s.Version, &s.Head))
					c.Root = s.Root
				}
				b.save("changing", c)
				b.save("changing the other one", b.change(other))
				want = append(want, mapped(c.Entries, journalID)...)
			}
			e.look("reading", func(ctx context.Context, tx storage.Tx) error {
				for _, x := range []struct {
					after int64
					limit int
					want  []uuid.UUID
				}{{1, 100, want}, {1, 3, want[:3]}, {4, 2, want[3:5]}, {9, 100, want[8:]}, {int64(len(want) + 1), 10, nil}, {1000, 10, nil}} {
					list, err := tx.Journal().Entries(ctx, "t", journal.KindOpportunity, s.ID, x.after, x.limit)
					same(e, fmt.Sprintf("%d entries after %d", x.limit, x.after), mapped(list, journalID), x.want)
					if err != nil {
						return err
					}
				}
				for what, x := range map[string]struct {
					kind journal.Kind
					id   uuid.UUID
				}{"an unknown aggregate": {journal.KindOpportunity, e.id()}, "another kind": {journal.KindOrder, s.ID}} {
					list, err := tx.Journal().Entries(ctx, "t", x.kind, x.id, 0, 10)
					same(e, "entries of "+what, mapped(list, journalID), nil)
					if err != nil {
						return err
					}
				}
				return nil
			})
		}},
		{"journal/J09_in-order-of-ids", "relays in another order would publish a win before the deal was recorded", func(e *env) {
			b := e.open("t")
			want := e.todo("t", 1000)
			same(e, "entries of the books", []int{len(want)}, []int{7})
			if !slices.IsSortedFunc(want, compareIDs) {
				e.errorf("not in order of ids: %v", want)
			}
			s, other := b.draft(), b.draft()
			first, second := b.insert(&s), b.insert(&other)
			third := b.change(&s)
			// Committed in a different order from their ids.
			b.save("storing", second)
			b.save("storing", first, third)
			want = append(want, first.Entries[0].ID, second.Entries[0].ID, third.Entries[0].ID)
			same(e, "what to relay", e.todo("t", 1000), want)
			same(e, "what to relay first", e.todo("t", 4), want[:4])
		}},
		{"journal/J09_late-commits-are-not-skipped", "remembers how far it has relayed would skip an entry that commits late under an earlier id", func(e *env) {
			b := e.open("t")
			late := b.draft()
			slow := b.insert(&late)
			b.record()
			e.mark("t", e.todo("t", 1000)...)
			same(e, "what to relay", e.todo("t", 10), nil)
			b.save("a late commit", slow)
			same(e, "what to relay", e.todo("t", 10), mapped(slow.Entries, journalID))
		}},
		{"journal/J09_marks", "forgets a mark, or marks what wasn't named, would publish twice, or never", func(e *env) {
			b := e.open("t")
			b.record()
			all := e.todo("t", 1000)
			e.mark("t", all[1], all[4], e.id())
			want := slices.Concat(all[:1], all[2:4], all[5:])
			same(e, "what to relay", e.todo("t", 1000), want)
			same(e, "what to relay first", e.todo("t", 2), want[:2])
			e.mark("t", all[1], all[0])
			e.mark("t", all[0])
			e.mark("t")
			same(e, "what to relay", e.todo("t", 1000), want[1:])
			_ = e.update(func(ctx context.Context, tx storage.Tx) error {
				if err := tx.Journal().MarkRelayed(ctx, "t", want); err != nil {
					return err
				}
				if err := tx.Archives().Save(ctx, e.newArchive("t", archive.Source, "rolled back")); err != nil {
					return err
				}
				return errRule
			})
			same(e, "what to relay after a rollback", e.todo("t", 1000), want[1:])
			e.entriesAre("t", journal.KindCustomer, b.customer.ID, 1)
		}},
		{"journal/J09_per-tenant", "hands one tenant's entries to another one's relay would publish them in the wrong place", func(e *env) {
			e.open("t")
			b := e.open("u")
			s := b.record(func(*opportunity.Snapshot) {})
			e.mark("u", e.todo("u", 7)...)
			e.look("reading", func(ctx context.Context, tx storage.Tx) error {
				list, err := tx.Journal().Unrelayed(ctx, "u", 100)
				same(e, "what to relay", mapped(list, func(j journal.Entry) uuid.UUID { return j.Aggregate }), []uuid.UUID{s.ID})
				return err
			})
			same(e, "the other tenant's", []int{len(e.todo("t", 100))}, []int{7})
		}},
	}
}
