package storagetest

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/stage"
	"github.com/pursuit-crm/pursuit/storage"
)

func processRules() []Rule {
	return []Rule{
		{"process/save/O11_version-guard", "doesn't compare the stored version would lose one of two concurrent changes", func(e *env) {
			c := e.newProcess("t", "a")
			e.do("inserting", saveProcess(c))
			next := e.nextProcess(c)
			next.Record.State = stage.RetiredProcess
			e.do("changing", saveProcess(next))
			late := e.nextProcess(c)
			e.refused("a change of an old version", fault.ErrConflict, "", saveProcess(late))
			late.Delete = true
			e.refused("deleting an old version", fault.ErrConflict, "", saveProcess(late))
			twice := e.newProcess("t", "other")
			twice.Record.ID, twice.Publish.ID = c.Record.ID, c.Record.ID
			e.refused("inserting what exists", fault.ErrConflict, "", saveProcess(twice))
			e.refused("changing what isn't there", fault.ErrConflict, "", saveProcess(e.nextProcess(e.newProcess("t", "b"))))
			e.look("reading", func(ctx context.Context, tx storage.Tx) error {
				r, err := tx.Processes().Get(ctx, "t", c.Record.ID)
				e.equal("the process", r, next.Record)
				return err
			})
			e.entriesAre("t", journal.KindProcess, c.Record.ID, 2)
		}},
		{"process/save/P01_code-taken", "lets two processes have one code would start deals on either", func(e *env) {
			a := e.newProcess("t", "a")
			e.do("a code", saveProcess(a))
			e.refused("a code that is taken", fault.ErrDuplicate, "process.code.taken", saveProcess(e.newProcess("t", "a")))
			del := e.nextProcess(a)
			del.Delete = true
			e.do("deleting", saveProcess(del))
			e.do("the code, free again", saveProcess(e.newProcess("t", "a")))
		}},
		{"process/save/P01_default-mark-moves", "lets two processes be the default, or refuses to move the mark, would start deals on either", func(e *env) {
			a, b := e.newProcess("t", "a"), e.newProcess("t", "b")
			a.Record.Default = true
			far := e.newProcess("u", "far")
			far.Record.Default = true
			for _, c := range []stage.Change{a, b, far} {
				e.do("inserting", saveProcess(c))
			}
			defaults := func(want ...string) {
				e.t.Helper()
				var got []string
				e.look("listing", func(ctx context.Context, tx storage.Tx) error {
					for _, tenant := range []string{"t", "u"} {
						list, err := tx.Processes().List(ctx, tenant)
						if err != nil {
							return err
						}
						for _, r := range list {
							if r.Default {
								got = append(got, r.Code)
							}
						}
					}
					f, err := tx.Opportunities().References(ctx, "t", opportunity.Refs{})
					if f.Process == nil || f.Process.Code != want[0] {
						e.errorf("new deals start on %+v, want %s", f.Process, want[0])
					}
					return err
				})
				same(e, "default processes", got, want)
			}
			defaults("a", "far")
			next := e.nextProcess(b)
			next.Record.Default = true
			e.do("moving the mark", saveProcess(next))
			defaults("b", "far")
			c := e.newProcess("t", "c")
			c.Record.Default = true
			e.do("inserting a new default", saveProcess(c))
			defaults("c", "far")
			e.refused("a stale change of the default", fault.ErrConflict, "", saveProcess(next))
			defaults("c", "far")
		}},
		{"process/versions/P02", "changes or reorders published versions would change the rules of running deals", func(e *env) {
			c := e.newProcess("t", "a")
			want := []stage.Process{*c.Publish}
			e.do("inserting", saveProcess(c))
			for n := 2; n <= 11; n++ {
				p := want[0].Clone()
				p.Version, p.VersionID = n, e.id()
				p.Stages[0].ID = fmt.Sprint("s", n)
				c = e.nextProcess(c)
				c.Publish, c.Record.Current, c.Record.Latest = &p, p.VersionID, n
				e.do("publishing", saveProcess(c))
				want = append(want, p)
			}
			e.look("reading", func(ctx context.Context, tx storage.Tx) error {
				got, err := tx.Processes().Versions(ctx, "t", c.Record.ID)
				e.equal("versions", got, want)
				if err != nil {
					return err
				}
				for _, p := range want {
					got, err := tx.Processes().Version(ctx, "t", p.VersionID)
					if err != nil {
						return err
					}
					e.equal("a version", got, p)
				}
				got, err = tx.Processes().Versions(ctx, "t", e.id())
				same(e, "versions of nothing", []int{len(got)}, []int{0})
				return err
			})
		}},
		{"process/list", "lists processes by other than the bytes of their codes would change with the database's collation", func(e *env) {
			for _, code := range []string{"b", "B", "é", "a ", "a"} {
				c := e.newProcess("t", code)
				if code == "b" {
					c.Record.State = stage.RetiredProcess
				}
				e.do("inserting", saveProcess(c))
			}
			e.look("listing", func(ctx context.Context, tx storage.Tx) error {
				list, err := tx.Processes().List(ctx, "t")
				same(e, "codes", mapped(list, func(r stage.Record) string { return r.Code }), []string{"B", "a", "a ", "b", "é"})
				return err
			})
		}},
		{"process/delete/P06", "leaves versions of a deleted process behind would start deals on them", func(e *env) {
			c, other := e.newProcess("t", "a"), e.newProcess("t", "b")
			e.do("inserting", saveProcess(c))
			e.do("inserting", saveProcess(other))
			del := e.nextProcess(c)
			del.Delete = true
			e.do("deleting", saveProcess(del))
			e.look("looking for it", func(ctx context.Context, tx storage.Tx) error {
				_, err := tx.Processes().Get(ctx, "t", c.Record.ID)
				e.kind("Get", err, fault.ErrNotFound, "")
				_, err = tx.Processes().ByCode(ctx, "t", "a")
				e.kind("ByCode", err, fault.ErrNotFound, "")
				_, err = tx.Processes().Version(ctx, "t", c.Publish.VersionID)
				e.kind("Version", err, fault.ErrNotFound, "")
				_, err = tx.Processes().Version(ctx, "t", other.Publish.VersionID)
				return err
			})
			e.entriesAre("t", journal.KindProcess, c.Record.ID, 2)
		}},
		{"process/in-use/P05", "miscounts the deals of a stage would let a stage vanish under running deals", func(e *env) {
			b := e.open("t")
			other := e.newProcess("t", "other")
			e.do("inserting", saveProcess(other))
			for i, status := range append(opportunity.Statuses(), opportunity.Open) {
				b.record(func(s *opportunity.Snapshot) {
					s.Status, s.Stage = status, []string{"s1", "s2", "s1", "S1"}[i%4]
				})
			}
			b.record(func(s *opportunity.Snapshot) {
				s.Process, s.ProcessVersion = other.Record.ID, other.Publish.VersionID
			})
			unused := e.newProcess("t", "unused")
			e.do("inserting", saveProcess(unused))
			e.look("asking", func(ctx context.Context, tx storage.Tx) error {
				for version, want := range map[uuid.UUID]map[string]int64{
					// open s1, on hold s2, won s1, lost S1; void and closed don't count; open s1.
					b.version.VersionID: {"s1": 3, "s2": 1, "S1": 1}, other.Publish.VersionID: {"s1": 1}, unused.Publish.VersionID: {}, e.id(): {},
				} {
					got, err := tx.Processes().InUse(ctx, "t", version)
					if fmt.Sprint(got) != fmt.Sprint(want) {
						e.errorf("in use: %v, want %v", got, want)
					}
					if err != nil {
						return err
					}
				}
				for id, want := range map[uuid.UUID]bool{b.process.ID: true, other.Record.ID: true, unused.Record.ID: false} {
					used, err := tx.Processes().Used(ctx, "t", id)
					same(e, "used", []bool{used}, []bool{want})
					if err != nil {
						return err
					}
				}
				return nil
			})
		}},
		{"process/used/P06_closed-counts", "overlooks closed deals would delete a process whose stages reports still name", func(e *env) {
			b := e.open("t")
			b.record(func(s *opportunity.Snapshot) { s.Status = opportunity.Closed })
			e.look("asking", func(ctx context.Context, tx storage.Tx) error {
				used, err := tx.Processes().Used(ctx, "t", b.process.ID)
				same(e, "used by a closed deal", []bool{used}, []bool{true})
				return err
			})
		}},
	}
}
