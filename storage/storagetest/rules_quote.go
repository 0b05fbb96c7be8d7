package storagetest

import (
	"context"
	"fmt"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/quote"
	"github.com/pursuit-crm/pursuit/storage"
)

func offer(number int, product string) quote.Line {
	return quote.Line{Number: number, Product: product, Amount: yuan(1), Share: yuan(0), Net: yuan(1), TaxAmount: yuan(0)}
}

func offers(lines []quote.Line) []string {
	return mapped(lines, func(l quote.Line) string { return fmt.Sprint(l.Number, l.Product) })
}

func quoteRules() []Rule {
	return []Rule{
		{"quote/save/O11_version-guard", "doesn't compare the stored version would lose one of two concurrent changes", func(e *env) {
			b := e.open("t")
			c := b.quote("A", b.record())
			e.do("inserting", saveQuote(c))
			next := b.nextQuote(c)
			next.Root.Title = "first"
			e.do("changing", saveQuote(next))
			late := b.nextQuote(c)
			e.refused("a change of an old version", fault.ErrConflict, "quote.changed", saveQuote(late))
			c.Root.Number = "other"
			e.refused("inserting what exists", fault.ErrConflict, "quote.changed", saveQuote(c))
			e.readBack("the quote", func(ctx context.Context, tx storage.Tx) (any, any, error) {
				s, _, err := tx.Quotes().Get(ctx, "t", c.Root.ID, quote.Load{})
				return s.Root, next.Root, err
			})
			e.entriesAre("t", journal.KindQuote, c.Root.ID, 2)
		}},
		{"quote/save/Q02_number-taken", "lets two quotes have one number would let the customer accept either", func(e *env) {
			b := e.open("t")
			d := b.record(func(s *opportunity.Snapshot) { s.Number = "A" }) // an opportunity's or an order's number doesn't conflict
			e.do("ordering", saveOrder(b.order("A", d)))
			e.do("inserting", saveQuote(b.quote("A", d)))
			e.refused("a number that is taken", fault.ErrDuplicate, "quote.number.taken", saveQuote(b.quote("A", d)))
			e.do("another case", saveQuote(b.quote("a", d)))
		}},
		{"quote/save/Q02_revisions", "changes what a past revision offered would change what was sent", func(e *env) {
			b := e.open("t")
			c := b.quote("A", b.record())
			c.Lines = []quote.Line{offer(3, "c"), offer(1, "a"), offer(2, "b")}
			other := b.quote("B", b.record())
			other.Lines = []quote.Line{offer(1, "other")}
			e.do("inserting", saveQuote(c))
			e.do("inserting another one", saveQuote(other))
			second := b.nextQuote(c)
			second.Root.Revision = 2
			second.Past = &quote.Revision{Number: 1, Status: quote.Sent, Content: c.Root.Content, Superseded: day}
			second.Lines = []quote.Line{offer(1, "A"), offer(2, "b"), offer(3, "c")}
			e.do("revising", saveQuote(second))
			change := b.nextQuote(second)
			change.Lines, change.RemovedLines = []quote.Line{offer(4, "d"), offer(2, "B")}, []int{3}
			e.do("changing lines", saveQuote(change))
			e.look("reading", func(ctx context.Context, tx storage.Tx) error {
				s, _, err := tx.Quotes().Get(ctx, "t", c.Root.ID, quote.Load{Items: true, Past: true})
				same(e, "lines", offers(s.Items), []string{"1A", "2B", "4d"})
				if len(s.Past) != 1 || s.Past[0].Number != 1 {
					e.errorf("past revisions: %+v, want the first", s.Past)
					return err
				}
				same(e, "past lines", offers(s.Past[0].Items), []string{"1a", "2b", "3c"})
				return err
			})
		}},
		{"quote/get/parts", "loads what isn't asked for would make replays differ from what is stored", func(e *env) {
			b := e.open("t")
			c := b.quote("A", b.record())
			c.Lines = []quote.Line{offer(1, "a")}
			e.do("inserting", saveQuote(c))
			next := b.nextQuote(c)
			next.Root.Revision, next.Lines = 2, []quote.Line{offer(1, "b")}
			next.Past = &quote.Revision{Number: 1, Status: quote.Sent, Content: c.Root.Content, Superseded: day}
			e.do("revising", saveQuote(next))
			for _, load := range []quote.Load{{}, {Items: true}, {Past: true}, {Items: true, Past: true}} {
				e.look("reading", func(ctx context.Context, tx storage.Tx) error {
					s, _, err := tx.Quotes().Get(ctx, "t", c.Root.ID, load)
					same(e, fmt.Sprintf("what %+v loads", load), []bool{s.ItemsLoaded, len(s.Items) == 1, s.PastLoaded, len(s.Past) == 1 && len(s.Past[0].Items) == 1},
						[]bool{load.Items, load.Items, load.Past, load.Past})
					return err
				})
			}
		}},
		{"quote/get/relation", "answers wrongly who the viewer is to a quote's deal would let the policy allow or deny the wrong people", func(e *env) {
			b := e.open("t")
			d := b.record(func(s *opportunity.Snapshot) {
				s.Members = []opportunity.Member{
					{User: "ann", Role: opportunity.RoleOwner, Access: opportunity.Write, Joined: day},
					{User: "bob", Role: opportunity.RoleSales, Access: opportunity.Write, Joined: day},
					{User: "cat", Role: opportunity.RoleSupport, Access: opportunity.Read, Joined: day},
				}
			})
			c := b.quote("A", d)
			e.do("inserting", saveQuote(c))
			e.look("reading", func(ctx context.Context, tx storage.Tx) error {
				for user, want := range map[string]access.Relation{"ann": access.Owner, "bob": access.Writer, "cat": access.Reader, "dan": access.Stranger, "": access.Stranger, "Ann": access.Stranger} {
					_, got, err := tx.Quotes().Get(ctx, "t", c.Root.ID, quote.Load{Viewer: user})
					same(e, "the relation of "+user, []access.Relation{got}, []access.Relation{want})
					if err != nil {
						return err
					}
				}
				return nil
			})
		}},
		{"quote/list/J02", "ignores a filter, the page or the scope of the deal would show quotes to people who may not see them", func(e *env) {
			b := e.open("t")
			north := b.record(func(s *opportunity.Snapshot) { s.Department = "north" })
			south := b.record(func(s *opportunity.Snapshot) {
				s.Department, s.Owner, s.Customer = "south", "bob", b.second.ID
				s.Members = []opportunity.Member{{User: "bob", Role: opportunity.RoleOwner, Access: opportunity.Write, Joined: day}, {User: "zoe", Role: opportunity.RoleSales, Access: opportunity.Read, Joined: day}}
			})
			for _, x := range []struct {
				number string
				of     *opportunity.Snapshot
				status quote.Status
			}{{"b", north, quote.Draft}, {"B", south, quote.Sent}, {"a", south, quote.Draft}, {"é", north, quote.Expired}, {"a ", north, quote.Accepted}} {
				c := b.quote(x.number, x.of)
				c.Root.Status = x.status
				e.do("inserting", saveQuote(c))
			}
			all := access.Scope{All: true}
			e.quotesAre(map[string]quotesWanted{
				"all":           {quote.Query{Scope: all}, []string{"B", "a", "a ", "b", "é"}},
				"two":           {quote.Query{Scope: all, Limit: 2}, []string{"B", "a"}},
				"the next two":  {quote.Query{Scope: all, Limit: 2, AfterNumber: "a"}, []string{"a ", "b"}},
				"the last":      {quote.Query{Scope: all, AfterNumber: "b"}, []string{"é"}},
				"by status":     {quote.Query{Scope: all, Statuses: []quote.Status{quote.Draft, quote.Expired}}, []string{"a", "b", "é"}},
				"of a deal":     {quote.Query{Scope: all, Opportunity: south.ID}, []string{"B", "a"}},
				"of a customer": {quote.Query{Scope: all, Customer: b.customer.ID}, []string{"a ", "b", "é"}},
				"by number":     {quote.Query{Scope: all, Number: "a"}, []string{"a"}},
				"for nobody":    {quote.Query{}, nil},
				"a department":  {quote.Query{Scope: access.Scope{Departments: []string{"north"}}}, []string{"a ", "b", "é"}},
				"a member":      {quote.Query{Scope: access.Scope{User: "zoe"}}, []string{"B", "a"}},
				"an owner":      {quote.Query{Scope: access.Scope{User: "ann"}}, []string{"a ", "b", "é"}},
				"a stranger":    {quote.Query{Scope: access.Scope{User: "nobody", Departments: []string{""}}}, nil},
			})
		}},
		{"quote/list/Q03_validity", "finds the wrong quotes past their validity would expire what is valid, or let live what isn't", func(e *env) {
			b := e.open("t")
			d := b.record()
			for number, until := range map[string]calendar.Date{"never": {}, "yesterday": date(2026, 3, 1), "today": date(2026, 3, 2), "old": date(2025, 12, 31)} {
				c := b.quote(number, d)
				c.Root.ValidUntil, c.Root.Status = until, quote.Sent
				e.do("inserting", saveQuote(c))
			}
			all := access.Scope{All: true}
			e.quotesAre(map[string]quotesWanted{
				"before today":    {quote.Query{Scope: all, ValidBefore: date(2026, 3, 2)}, []string{"old", "yesterday"}},
				"before tomorrow": {quote.Query{Scope: all, ValidBefore: date(2026, 3, 3)}, []string{"old", "today", "yesterday"}},
				"one":             {quote.Query{Scope: all, ValidBefore: date(2026, 3, 3), Limit: 1}, []string{"old"}},
				"long ago":        {quote.Query{Scope: all, ValidBefore: date(2025, 12, 31)}, nil},
			})
		}},
	}
}

type quotesWanted struct {
	q    quote.Query
	want []string
}

// quotesAre lists quotes by number.
func (e *env) quotesAre(cases map[string]quotesWanted) {
	e.t.Helper()
	for what, x := range cases {
		if x.q.Limit == 0 {
			x.q.Limit = 50
		}
		e.look("listing", func(ctx context.Context, tx storage.Tx) error {
			list, err := tx.Quotes().List(ctx, "t", x.q)
			same(e, what, mapped(list, func(r quote.Root) string { return r.Number }), x.want)
			return err
		})
	}
}

// fullQuote fills every field of a quote of one revision.
func (e *env) fullQuote(f *filler, b *books, d *opportunity.Snapshot) quote.Snapshot {
	s := filled[quote.Snapshot](f)
	s.Tenant, s.ID, s.Version, s.Revision, s.Currency, s.Past = b.tenant, e.id(), 1, 1, cny, nil
	s.Opportunity, s.Customer = d.ID, d.Customer
	return s
}

// quoteFields stores quotes without a zero field.
func quoteFields(e *env) {
	b, f := e.open("t"), &filler{}
	d := b.record()
	s := e.fullQuote(f, b, d)
	check := func(what string) {
		e.readBack(what, func(ctx context.Context, tx storage.Tx) (any, any, error) {
			got, _, err := tx.Quotes().Get(ctx, "t", s.ID, quote.Load{Items: true, Past: true})
			return got, s, err
		})
		e.readBack(what+" in a list", func(ctx context.Context, tx storage.Tx) (any, any, error) {
			got, err := tx.Quotes().List(ctx, "t", quote.Query{Scope: access.Scope{All: true}, Limit: 5})
			return got, []quote.Root{s.Root}, err
		})
	}
	e.do("storing a quote", saveQuote(quote.Change{Root: s.Root, Lines: s.Items}))
	check("a new quote")
	was := s
	s = e.fullQuote(f, b, d)
	s.ID, s.Number, s.Version, s.Created, s.Customer = was.ID, was.Number, 2, was.Created, b.second.ID
	for i := range s.Items {
		s.Items[i].Number = was.Items[i].Number
	}
	e.do("changing every field of a quote", saveQuote(quote.Change{Root: s.Root, Expected: 1, Lines: s.Items}))
	check("a changed quote")
	past := filled[quote.Revision](f)
	past.Number, past.Items = 1, s.Items
	s.Past, s.Items, s.Revision, s.Version = []quote.Revision{past}, filled[[]quote.Line](f), 2, 3
	e.do("revising a quote", saveQuote(quote.Change{Root: s.Root, Expected: 2, Past: &past, Lines: s.Items}))
	check("a revised quote")
	q := b.quote("PLAIN", d)
	e.do("storing a plain quote", saveQuote(q))
	e.readBack("a quote with nothing optional", func(ctx context.Context, tx storage.Tx) (any, any, error) {
		got, _, err := tx.Quotes().Get(ctx, "t", q.Root.ID, quote.Load{})
		return got, quote.Snapshot{Root: q.Root}, err
	})
}
