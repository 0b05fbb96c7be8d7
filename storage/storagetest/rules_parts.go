package storagetest

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/storage"
)

func partRules() []Rule {
	return []Rule{
		{"opportunity/parts/only-those-asked-for", "loads other parts than Loaded says would make commands forget parts, or guards believe in them", func(e *env) {
			b, f := e.open("t"), &filler{}
			s := b.fullDeal(f)
			b.save("storing", b.insert(&s))
			cycle := past(f, &s)
			c := b.change(&s, func(s *opportunity.Snapshot) { s.Cycle++; s.Outcome = nil; s.Cycles = []opportunity.Cycle{cycle} })
			c.Cycle = &cycle
			b.save("reopening", c)
			for parts := opportunity.Parts(0); parts <= opportunity.AllParts; parts++ {
				want := s
				want.Loaded = parts
				if parts&opportunity.PartMembers == 0 {
					want.Members = nil
				}
				if parts&opportunity.PartLines == 0 {
					want.Lines = nil
				}
				if parts&opportunity.PartContacts == 0 {
					want.Contacts = nil
				}
				if parts&opportunity.PartCompetitors == 0 {
					want.Competitors = nil
				}
				if parts&opportunity.PartCycles == 0 {
					want.Cycles = nil
				}
				if parts&opportunity.PartActivities == 0 {
					want.Activities = nil
				}
				if parts&opportunity.PartExpenses == 0 {
					want.Expenses = nil
				}
				if parts&opportunity.PartDocuments == 0 {
					want.Documents = nil
				}
				if parts&opportunity.PartEvaluations == 0 {
					want.Evaluations = nil
				}
				e.readBack("an opportunity with some parts", func(ctx context.Context, tx storage.Tx) (any, any, error) {
					rec, err := tx.Opportunities().Get(ctx, "t", s.ID, opportunity.Load{Parts: parts})
					return rec, opportunity.Record{Snapshot: want}, err
				})
			}
		}},
		{"opportunity/parts/sorted", "returns parts in another order would make replays differ from what is stored (J05)", func(e *env) {
			b := e.open("t")
			second := b.stranger.ID
			s := b.record(func(s *opportunity.Snapshot) {
				for _, u := range []string{"ann", "zoe", "Bob", "élan", "bob"} {
					s.Members = append(s.Members, opportunity.Member{User: u, Role: opportunity.RoleSales, Access: opportunity.Read, Joined: day})
				}
				for _, n := range []int{10, 2, 33, 1} {
					s.Lines = append(s.Lines, opportunity.Line{Number: n, Product: "p", Amount: yuan(int64(n))})
				}
				for _, k := range []opportunity.ContactKey{{Contact: second, Role: opportunity.Champion}, {Contact: b.contact.ID, Role: opportunity.OtherContact}, {Contact: b.contact.ID, Role: opportunity.Champion}} {
					s.Contacts = append(s.Contacts, opportunity.DealContact{ContactKey: k, Added: day})
				}
				for _, id := range []uuid.UUID{b.rival.ID, b.source.ID} {
					s.Competitors = append(s.Competitors, opportunity.DealCompetitor{Competitor: id, Added: day})
				}
			})
			for range 11 {
				cycle := opportunity.Cycle{Number: s.Cycle, Outcome: opportunity.Outcome{Status: opportunity.Void, Amount: yuan(1), At: day, By: "ann"}, Reason: "r", ReopenedAt: day, ReopenedBy: "ann"}
				c := b.change(s, func(s *opportunity.Snapshot) { s.Cycle++; s.Cycles = append(s.Cycles, cycle) })
				c.Cycle = &cycle
				b.save("reopening", c)
			}
			sortMembers(s)
			slices.SortFunc(s.Lines, func(x, y opportunity.Line) int { return x.Number - y.Number })
			slices.Reverse(s.Contacts)
			slices.Reverse(s.Competitors)
			e.equal("the parts", b.get(s.ID), *s)
		}},
		{"opportunity/parts/replaced-by-key", "writes parts without regard to their keys would double or lose lines", func(e *env) {
			b := e.open("t")
			s := b.record(func(s *opportunity.Snapshot) {
				for _, n := range []int{1, 2, 3} {
					s.Lines = append(s.Lines, opportunity.Line{Number: n, Product: "p", Unit: "old", Amount: yuan(1)})
				}
				s.Members = []opportunity.Member{{User: "ann", Role: opportunity.RoleOwner, Access: opportunity.Write, Joined: day}, {User: "bob", Role: opportunity.RoleSales, Access: opportunity.Read, Joined: day}}
				s.Contacts = []opportunity.DealContact{{ContactKey: opportunity.ContactKey{Contact: b.contact.ID, Role: opportunity.Champion}, Added: day}}
				s.Competitors = []opportunity.DealCompetitor{{Competitor: b.rival.ID, Added: day}}
			})
			c := b.change(s, func(s *opportunity.Snapshot) {
				s.Lines = []opportunity.Line{s.Lines[0], {Number: 2, Product: "q", Amount: yuan(9)}, {Number: 4, Product: "r", Amount: yuan(4)}}
				s.Members = []opportunity.Member{s.Members[0], {User: "bob", Role: opportunity.RoleManager, Access: opportunity.Write, Split: 5000, Joined: day}}
				s.Contacts[0].Note, s.Competitors[0].Weaknesses = "new", "new"
			})
			c.Lines, c.RemovedLines, c.Members = s.Lines[1:], []int{3}, s.Members[1:]
			c.Contacts, c.Competitors = s.Contacts, s.Competitors
			b.save("replacing parts", c)
			e.equal("the parts", b.get(s.ID), *s)
			c = b.change(s, func(s *opportunity.Snapshot) { s.Members, s.Contacts, s.Competitors = s.Members[:1], nil, nil })
			c.RemovedMembers, c.RemovedCompetitors = []string{"bob"}, []uuid.UUID{b.rival.ID}
			c.RemovedContacts = []opportunity.ContactKey{{Contact: b.contact.ID, Role: opportunity.Champion}}
			b.save("removing parts", c)
			e.equal("the parts", b.get(s.ID), *s)
		}},
		{"opportunity/parts/of-one-deal-only", "removes or replaces parts without the deal's id would change every deal at once", func(e *env) {
			b := e.open("t")
			line := func(s *opportunity.Snapshot) {
				s.Lines = []opportunity.Line{{Number: 1, Product: "p", Amount: yuan(1)}}
				s.Competitors = []opportunity.DealCompetitor{{Competitor: b.rival.ID, Added: day}}
				s.Contacts = []opportunity.DealContact{{ContactKey: opportunity.ContactKey{Contact: b.contact.ID, Role: opportunity.Champion}, Added: day}}
				s.Members = []opportunity.Member{{User: "ann", Role: opportunity.RoleOwner, Access: opportunity.Write, Joined: day}, {User: "bob", Role: opportunity.RoleSales, Access: opportunity.Read, Joined: day}}
			}
			s, other := b.record(line), b.record(line)
			c := b.change(s, func(s *opportunity.Snapshot) {
				s.Lines, s.Contacts, s.Competitors, s.Members = nil, nil, nil, s.Members[:1]
			})
			c.RemovedLines, c.RemovedCompetitors, c.RemovedMembers = []int{1}, []uuid.UUID{b.rival.ID}, []string{"bob"}
			c.RemovedContacts = []opportunity.ContactKey{{Contact: b.contact.ID, Role: opportunity.Champion}}
			b.save("removing parts", c)
			e.equal("the other deal", b.get(other.ID), *other)
			e.equal("the deal", b.get(s.ID), *s)
		}},
		{"opportunity/parts/R03_E03_follow-up", "confuses the documents or evaluations of deals would lose them, or show one deal's judgement as another's", func(e *env) {
			b := e.open("t")
			x := func(s *opportunity.Snapshot) { // sorted by id, whatever else
				for i := range 3 {
					id := e.id()
					s.Documents = append(s.Documents, opportunity.Document{ID: id, Name: string(rune('c' - i)), Kind: b.source.ID, Stored: i > 0, Added: day})
					s.Evaluations = append(s.Evaluations, opportunity.Evaluation{ID: id, Scorecard: b.rival.ID, Status: opportunity.EvaluationDraft, Started: day})
				}
			}
			s, other := b.record(x), b.record(x)
			plain, first := b.record(), *s
			c := b.change(s, func(s *opportunity.Snapshot) {
				c := s.Evaluations[2].ID
				s.Evaluations = []opportunity.Evaluation{s.Evaluations[0], {ID: c, Scorecard: b.rival.ID, Status: opportunity.EvaluationSubmitted, Score: 1, Number: 1, Started: day, Submitted: day,
					Values: []opportunity.Value{{Criterion: "need", Value: 1}}}}
				s.Documents = s.Documents[2:]
			})
			c.Evaluations = s.Evaluations[1:]
			c.RemovedEvaluations, c.RemovedDocuments = mapped(other.Evaluations, func(x opportunity.Evaluation) uuid.UUID { return x.ID }), mapped(other.Documents, func(x opportunity.Document) uuid.UUID { return x.ID })
			c.RemovedEvaluations = append(c.RemovedEvaluations, first.Evaluations[1].ID) // the other opportunity's aren't affected
			c.RemovedDocuments = append(c.RemovedDocuments, first.Documents[0].ID, first.Documents[1].ID)
			b.save("changing documents and evaluations", c)
			e.equal("the deal", b.get(s.ID), *s)
			e.equal("the other deal", b.get(other.ID), *other)
			e.equal("a deal without any", b.get(plain.ID), *plain)
		}},
		{"opportunity/stored-documents/R03", "doesn't know which contents are named would have them removed from under their documents", func(e *env) {
			b := e.open("t")
			s := b.record(func(s *opportunity.Snapshot) {
				for i := range 600 {
					s.Documents = append(s.Documents, opportunity.Document{ID: e.id(), Name: "n", Stored: i != 1, Added: day})
				}
			})
			ids := append(mapped(s.Documents, func(x opportunity.Document) uuid.UUID { return x.ID }), e.id(), s.ID)
			want := append([]uuid.UUID{ids[0]}, ids[2:600]...)
			ask := func(tenant string, ids, want []uuid.UUID) {
				e.look("asking", func(ctx context.Context, tx storage.Tx) error {
					got, err := tx.Opportunities().StoredDocuments(ctx, tenant, ids)
					anyOrder(e, "stored documents", got, want)
					return err
				})
			}
			ask("t", ids, want)
			ask("t", nil, nil)
			ask("u", ids, nil)
			c := b.change(s, func(s *opportunity.Snapshot) { s.Documents = s.Documents[1:] })
			c.RemovedDocuments = ids[:1]
			b.save("removing a document", c)
			ask("t", ids, want[1:])
			c = b.change(s)
			c.Delete = true
			b.save("deleting the deal", c)
			ask("t", ids, nil)
		}},
		{"opportunity/get/viewer", "answers wrongly who the viewer is to a deal would let the policy allow or deny the wrong people", func(e *env) {
			b := e.open("t")
			bob := opportunity.Member{User: "bob", Role: opportunity.RoleSupport, Access: opportunity.Read, Split: 10, Overlay: 20, Joined: day}
			s := b.record(func(s *opportunity.Snapshot) {
				s.Members = []opportunity.Member{{User: "ann", Role: opportunity.RoleOwner, Access: opportunity.Write, Joined: day}, bob}
			})
			other := b.record()
			for user, want := range map[string]*opportunity.Member{"bob": &bob, "Bob": nil, "nobody": nil, "": nil, "ann": &s.Members[0]} {
				for _, parts := range []opportunity.Parts{0, opportunity.AllParts} {
					e.readBack("the viewer "+user, func(ctx context.Context, tx storage.Tx) (any, any, error) {
						rec, err := tx.Opportunities().Get(ctx, "t", s.ID, opportunity.Load{Viewer: user, Parts: parts})
						return rec.Viewer, want, err
					})
				}
			}
			e.readBack("a viewer of another deal", func(ctx context.Context, tx storage.Tx) (any, any, error) {
				rec, err := tx.Opportunities().Get(ctx, "t", other.ID, opportunity.Load{Viewer: "bob"})
				return rec.Viewer, (*opportunity.Member)(nil), err
			})
		}},
		{"opportunity/get/O07_archive-entries", "misreports which competitors are on a deal would let a loss name one that isn't", func(e *env) {
			b := e.open("t")
			s := b.record(func(s *opportunity.Snapshot) {
				s.Competitors = []opportunity.DealCompetitor{{Competitor: b.rival.ID, Added: day}}
			})
			other := b.record()
			e.look("reading", func(ctx context.Context, tx storage.Tx) error {
				load := opportunity.Load{Archive: []uuid.UUID{b.lost.ID, e.id(), b.rival.ID}}
				for deal, on := range map[uuid.UUID]bool{s.ID: true, other.ID: false} {
					rec, err := tx.Opportunities().Get(ctx, "t", deal, load)
					if err != nil {
						return err
					}
					anyOrder(e, "entries", mapped(rec.Archive, func(n opportunity.Named) uuid.UUID { return n.Entry.ID }), []uuid.UUID{b.lost.ID, b.rival.ID})
					for _, n := range rec.Archive {
						if n.OnDeal != (on && n.Entry.ID == b.rival.ID) {
							e.errorf("entry %s is on the deal: %v", n.Entry.Code, n.OnDeal)
						}
						if n.Entry.ID == b.lost.ID {
							e.equal("the entry", n.Entry, b.lost)
						}
					}
				}
				return nil
			})
		}},
	}
}
