package storagetest

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/storage"
)

func archiveRules() []Rule {
	return []Rule{
		{"archive/save/O11_version-guard", "doesn't compare the stored version would lose one of two concurrent changes", func(e *env) {
			c := e.newArchive("t", archive.Source, "a")
			e.do("inserting", saveArchive(c))
			next := e.nextArchive(c)
			next.Entry.Description = "B"
			e.do("changing", saveArchive(next))
			late := e.nextArchive(c)
			late.Entry.Description = "C"
			e.refused("a change of an old version", fault.ErrConflict, "", saveArchive(late))
			late.Delete = true
			e.refused("deleting an old version", fault.ErrConflict, "", saveArchive(late))
			c.Entry.Code = "other"
			e.refused("inserting what exists", fault.ErrConflict, "", saveArchive(c))
			e.refused("changing what isn't there", fault.ErrConflict, "", saveArchive(e.nextArchive(e.newArchive("t", archive.Source, "b"))))
			e.look("reading", func(ctx context.Context, tx storage.Tx) error {
				r, err := tx.Archives().Get(ctx, "t", c.Entry.ID)
				same(e, "the description", []string{r.Entry.Description}, []string{"B"})
				return err
			})
			e.entriesAre("t", journal.KindArchive, c.Entry.ID, 2)
		}},
		{"archive/save/A01_code-taken", "lets two entries of a kind have one code, or refuses one code in two kinds, would mix up sources and reasons", func(e *env) {
			a := e.newArchive("t", archive.WinReason, "price")
			e.do("a code", saveArchive(a))
			e.do("the code in another kind", saveArchive(e.newArchive("t", archive.LossReason, "price")))
			e.refused("the code in the same kind", fault.ErrDuplicate, "archive.code.taken", saveArchive(e.newArchive("t", archive.WinReason, "price")))
			del := e.nextArchive(a)
			del.Delete = true
			e.do("deleting", saveArchive(del))
			e.do("the code, free again", saveArchive(e.newArchive("t", archive.WinReason, "price")))
		}},
		{"archive/delete/A04", "loses the journal with the entry would hide who deleted it", func(e *env) {
			c := e.newArchive("t", archive.Source, "a")
			e.do("inserting", saveArchive(c))
			del := e.nextArchive(c)
			del.Delete = true
			e.do("deleting", saveArchive(del))
			e.look("looking for it", func(ctx context.Context, tx storage.Tx) error {
				_, err := tx.Archives().Get(ctx, "t", c.Entry.ID)
				e.kind("Get", err, fault.ErrNotFound, "")
				return nil
			})
			e.entriesAre("t", journal.KindArchive, c.Entry.ID, 2)
		}},
		{"archive/named", "finds other than what was named would give a deal a reason that nobody chose", func(e *env) {
			b := e.open("t")
			e.look("finding", func(ctx context.Context, tx storage.Tx) error {
				list, err := tx.Archives().Named(ctx, "t", []uuid.UUID{b.rival.ID, e.id(), b.why.ID})
				anyOrder(e, "entries", mapped(list, entryID), []uuid.UUID{b.rival.ID, b.why.ID})
				return err
			})
		}},
		{"archive/coded", "finds an entry by another kind's code would win a deal for a reason to lose", func(e *env) {
			var ids []uuid.UUID
			for _, x := range []struct {
				tenant string
				kind   archive.Kind
				code   string
			}{{"t", archive.Source, "web"}, {"t", archive.Source, "Web"}, {"t", archive.WinReason, "web"}, {"u", archive.Source, "web"}, {"t", archive.Source, "fair"}} {
				c := e.newArchive(x.tenant, x.kind, x.code)
				e.do("inserting", saveArchive(c))
				ids = append(ids, c.Entry.ID)
			}
			e.look("finding", func(ctx context.Context, tx storage.Tx) error {
				list, err := tx.Archives().Coded(ctx, "t", archive.Source, []string{"fair", "web", "nobody", "web "})
				anyOrder(e, "entries", mapped(list, entryID), []uuid.UUID{ids[0], ids[4]})
				if err != nil {
					return err
				}
				list, err = tx.Archives().Coded(ctx, "t", archive.Source, nil)
				anyOrder(e, "none", mapped(list, entryID), nil)
				return err
			})
		}},
		{"archive/list", "lists by other than kind and code would skip entries between pages", func(e *env) {
			for _, x := range []struct {
				kind archive.Kind
				code string
			}{{archive.WinReason, "b"}, {archive.Source, "b"}, {archive.Source, "B"}, {archive.Source, "é"}, {archive.Source, "a "}, {archive.Source, "a"}, {archive.Competitor, "z"}} {
				c := e.newArchive("t", x.kind, x.code)
				if x.code == "b" {
					c.Entry.Status = archive.Retired
				}
				e.do("inserting", saveArchive(c))
			}
			name := func(a archive.Entry) string { return string(a.Kind) + "/" + a.Code }
			all := []string{"competitor/z", "source/B", "source/a", "source/a ", "source/b", "source/é", "win_reason/b"}
			for _, limit := range []int{1, 3, 50} {
				var got []string
				q := archive.Query{Limit: limit}
				for range 20 {
					var page []archive.Entry
					e.look("a page", func(ctx context.Context, tx storage.Tx) (err error) {
						page, err = tx.Archives().List(ctx, "t", q)
						return err
					})
					if len(page) == 0 {
						break
					}
					if len(page) > limit {
						e.errorf("a page of %d has %d", limit, len(page))
					}
					got = append(got, mapped(page, name)...)
					q.AfterKind, q.AfterCode = page[len(page)-1].Kind, page[len(page)-1].Code
				}
				same(e, fmt.Sprintf("pages of %d", limit), got, all)
			}
			for _, x := range []struct {
				q    archive.Query
				want []string
			}{
				{archive.Query{Kind: archive.Source}, all[1:6]}, {archive.Query{Status: archive.Retired}, []string{"source/b", "win_reason/b"}},
				{archive.Query{Kind: archive.Source, Status: archive.Active}, []string{"source/B", "source/a", "source/a ", "source/é"}},
				{archive.Query{Kind: archive.Scorecard}, nil},
			} {
				x.q.Limit = 50
				e.look("listing", func(ctx context.Context, tx storage.Tx) error {
					list, err := tx.Archives().List(ctx, "t", x.q)
					same(e, fmt.Sprintf("query %+v", x.q), mapped(list, name), x.want)
					return err
				})
			}
		}},
		{"archive/scorecard/E01_versions", "loses or mixes up versions of scorecards would judge deals by what nobody published", func(e *env) {
			c, other := e.newArchive("t", archive.Scorecard, "a"), e.newArchive("t", archive.Scorecard, "b")
			publish := func(c *archive.Change, number, scale int) {
				c.Scorecard = &archive.ScorecardVersion{Scorecard: c.Entry.ID, Number: number, Scale: scale, Published: day, By: "ann",
					Criteria: []archive.Criterion{{Code: "need", Names: map[string]string{"en": "Need"}, Weight: 1}}}
				e.do("publishing", saveArchive(*c))
			}
			publish(&c, 1, 5)
			publish(&other, 1, 7)
			for n := 2; n <= 11; n++ {
				c = e.nextArchive(c)
				publish(&c, n, n)
			}
			ask := func(tenant string, of uuid.UUID, number, scale int) {
				e.look("asking", func(ctx context.Context, tx storage.Tx) error {
					v, err := tx.Archives().ScorecardVersion(ctx, tenant, of, number)
					if scale == 0 {
						e.kind("a version that isn't there", err, fault.ErrNotFound, "scorecard.not_found")
						return nil
					}
					same(e, "the scale", []int{v.Scale}, []int{scale})
					return err
				})
			}
			ask("t", c.Entry.ID, 0, 11)
			ask("t", c.Entry.ID, 1, 5)
			ask("t", c.Entry.ID, 10, 10)
			ask("t", other.Entry.ID, 0, 7)
			ask("t", c.Entry.ID, 12, 0)
			ask("t", e.id(), 0, 0)
			ask("u", c.Entry.ID, 0, 0)
			late := e.nextArchive(c)
			late.Expected--
			late.Scorecard = &archive.ScorecardVersion{Scorecard: c.Entry.ID, Number: 12, Scale: 12, Published: day, By: "ann"}
			e.refused("publishing on an old version", fault.ErrConflict, "", saveArchive(late))
			ask("t", c.Entry.ID, 0, 11)
			del := e.nextArchive(c)
			del.Delete = true
			e.do("deleting", saveArchive(del))
			ask("t", c.Entry.ID, 0, 0)
			ask("t", other.Entry.ID, 0, 7)
		}},
		{"archive/used/A04", "overlooks a reference would let a reason be deleted from under a won deal", func(e *env) {
			won := func(o opportunity.Outcome) opportunity.Outcome {
				o.Status, o.Amount, o.At, o.By = opportunity.Won, yuan(1), day, "ann"
				return o
			}
			for role, refer := range map[string]func(b *books, id uuid.UUID){
				"kind of a document": func(b *books, id uuid.UUID) {
					b.record(func(s *opportunity.Snapshot) {
						s.Documents = []opportunity.Document{{ID: b.e.id(), Name: "n", Kind: id, Added: day}}
					})
				},
				"scorecard": func(b *books, id uuid.UUID) {
					b.record(func(s *opportunity.Snapshot) {
						s.Evaluations = []opportunity.Evaluation{{ID: b.e.id(), Scorecard: id, Status: opportunity.EvaluationDraft, Started: day}}
					})
				},
				"source": func(b *books, id uuid.UUID) { b.record(func(s *opportunity.Snapshot) { s.Source = id }) },
				"competitor": func(b *books, id uuid.UUID) {
					b.record(func(s *opportunity.Snapshot) {
						s.Competitors = []opportunity.DealCompetitor{{Competitor: id, Added: day}}
					})
				},
				"expense's category": func(b *books, id uuid.UUID) {
					b.record(func(s *opportunity.Snapshot) { s.Expenses = []opportunity.Expense{b.spent(day, "ann", id)} })
				},
				"reason": func(b *books, id uuid.UUID) {
					b.record(func(s *opportunity.Snapshot) {
						o := won(opportunity.Outcome{Reasons: []opportunity.Choice{{Reason: b.why.ID}, {Reason: id}}})
						s.Outcome = &o
					})
				},
				"winning competitor": func(b *books, id uuid.UUID) {
					b.record(func(s *opportunity.Snapshot) { o := won(opportunity.Outcome{Competitor: id}); s.Outcome = &o })
				},
				"reason of a past cycle": func(b *books, id uuid.UUID) {
					s := b.record(func(s *opportunity.Snapshot) {
						o := won(opportunity.Outcome{Reasons: []opportunity.Choice{{Reason: id}}})
						s.Outcome = &o
					})
					cycle := opportunity.Cycle{Number: 1, Outcome: *s.Outcome, Reason: "r", ReopenedAt: day, ReopenedBy: "ann"}
					c := b.change(s, func(s *opportunity.Snapshot) { s.Outcome, s.Cycle = nil, 2 })
					c.Cycle = &cycle
					b.save("reopening", c)
				},
			} {
				b := e.open(role)
				x := e.newArchive(role, archive.DocumentKind, "x")
				e.do("inserting", saveArchive(x))
				used := func() (out bool) {
					e.look("asking", func(ctx context.Context, tx storage.Tx) (err error) {
						out, err = tx.Archives().Used(ctx, role, x.Entry.ID)
						return err
					})
					return out
				}
				b.record()
				if used() {
					e.errorf("%s: in use before anything refers to it", role)
				}
				refer(b, x.Entry.ID)
				if !used() {
					e.errorf("%s: the entry isn't in use", role)
				}
			}
		}},
	}
}
