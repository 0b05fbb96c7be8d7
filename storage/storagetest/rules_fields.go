package storagetest

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/stage"
	"github.com/pursuit-crm/pursuit/storage"
)

func (e *env) readBack(what string, fn func(ctx context.Context, tx storage.Tx) (got, want any, err error)) {
	e.t.Helper()
	e.look("reading "+what, func(ctx context.Context, tx storage.Tx) error {
		got, want, err := fn(ctx, tx)
		if err == nil {
			e.equal(what, got, want)
		}
		return err
	})
}

func fieldRules() []Rule {
	const why = "drops or confuses a field would lose what somebody typed, without an error"
	return []Rule{
		{"fields/opportunity", why, func(e *env) {
			b, f := e.open("t"), &filler{}
			s := b.fullDeal(f)
			c := b.insert(&s)
			c.Root.Ledger = opportunity.LedgerMark{Seq: 1, Effective: day, Recorded: day.Add(time.Microsecond)}
			s.Root = c.Root
			b.save("storing an opportunity", c)
			check := func(what string) {
				e.equal(what, b.get(s.ID), s)
				e.readBack(what+" in a list", func(ctx context.Context, tx storage.Tx) (any, any, error) {
					list, err := tx.Opportunities().List(ctx, "t", opportunity.Query{Scope: access.Scope{All: true}, Limit: 10})
					return list, []opportunity.Root{s.Root}, err
				})
			}
			check("a new opportunity")
			// Every field again, with other values; the number stays (O01).
			was := s
			s = b.fullDeal(f)
			s.ID, s.Number, s.Head, s.Version, s.Created, s.Cycle = was.ID, was.Number, was.Head, 1, was.Created, was.Cycle+1
			cycle := past(f, &was)
			s.Cycles = []opportunity.Cycle{cycle}
			c = b.change(&s)
			c.Members, c.Lines, c.Contacts, c.Competitors, c.Cycle = s.Members, s.Lines, s.Contacts, s.Competitors, &cycle
			for _, m := range was.Members {
				c.RemovedMembers = append(c.RemovedMembers, m.User)
			}
			for _, l := range was.Lines {
				c.RemovedLines = append(c.RemovedLines, l.Number)
			}
			c.Activities, c.Expenses = s.Activities, s.Expenses
			c.RemovedActivities, c.RemovedExpenses = mapped(was.Activities, activityID), mapped(was.Expenses, expenseID)
			c.Documents, c.Evaluations = s.Documents, s.Evaluations
			for i := range was.Documents {
				c.RemovedDocuments = append(c.RemovedDocuments, was.Documents[i].ID)
				c.RemovedEvaluations = append(c.RemovedEvaluations, was.Evaluations[i].ID)
			}
			b.save("changing every field", c)
			check("a changed opportunity")
		}},
		{"fields/opportunity-absent", "turns what is absent into zero, or zero into what is absent, would change amounts, days and answers", func(e *env) {
			b := e.open("t")
			s := b.record()
			e.equal("an opportunity with nothing optional", b.get(s.ID), *s)
			zero, none := yuan(0), 0
			t := b.draft(func(s *opportunity.Snapshot) {
				s.Override, s.CycleDays = &zero, &none
				s.Outcome = &opportunity.Outcome{Status: opportunity.Won, Amount: yuan(0), At: day, By: "ann"}
				s.Attributes, s.Ticks, s.Approvals = map[string]string{}, []opportunity.Tick{}, []opportunity.Approval{}
				s.Competitors = []opportunity.DealCompetitor{{Competitor: b.rival.ID, Price: &zero, Added: day}}
				s.Lines = []opportunity.Line{{Number: 1, Product: "p", Amount: yuan(0)}}
			})
			b.save("storing zeroes", b.insert(&t))
			e.equal("an opportunity with zeroes", b.get(t.ID), t)
			c := b.change(&t, func(s *opportunity.Snapshot) {
				s.Override, s.CycleDays, s.Outcome = nil, nil, nil
				s.Attributes, s.Ticks, s.Approvals = nil, nil, nil
			})
			b.save("taking it away again", c)
			e.equal("an opportunity whose options were taken away", b.get(t.ID), t)
		}},
		{"fields/ledger", why, func(e *env) {
			b, f := e.open("t"), &filler{}
			s := b.fullDeal(f)
			c := b.insert(&s)
			first := b.fullRow(f, &s, 1)
			s.Ledger = opportunity.LedgerMark{Seq: 1, Effective: first.EffectiveFrom, Recorded: first.RecordedFrom}
			c.Root, c.Next = s.Root, &first
			b.save("storing a ledger row", c)
			read := func(want ...opportunity.LedgerRow) {
				e.readBack("the ledger", func(ctx context.Context, tx storage.Tx) (any, any, error) {
					rows, err := tx.Opportunities().Ledger(ctx, "t", s.ID)
					return rows, want, err
				})
			}
			read(first)
			second := b.fullRow(f, &s, 2)
			second.CycleDays, second.Source, second.Progress = nil, uuid.Nil, ""
			c = b.booked(&s, second.EffectiveFrom, second.RecordedFrom)
			c.Next = &second
			b.save("closing a ledger row", c)
			first.EffectiveTo, first.RecordedTo = second.EffectiveFrom, second.RecordedFrom
			read(first, second)
		}},
		{"fields/customer", why, func(e *env) {
			b, f := e.open("t"), &filler{}
			fill := func(id uuid.UUID, version int64) customer.Change {
				c := filled[customer.Customer](f)
				c.ID, c.Tenant, c.Parent, c.Version, c.MergedInto = id, "t", b.second.ID, version, uuid.Nil
				ch := customer.Change{Customer: c, Expected: version - 1, Head: filled[journal.Head](f)}
				ch.Head.Seq = version
				return ch
			}
			c := fill(e.id(), 1)
			x, y := filled[customer.Contact](f), filled[customer.Contact](f)
			x.ID, y.ID, x.Customer, y.Customer, y.Primary = e.id(), e.id(), c.Customer.ID, c.Customer.ID, false
			y.Attributes, y.Active = nil, false
			c.Contacts = []customer.Contact{x, y}
			check := func(what string) {
				e.readBack(what, func(ctx context.Context, tx storage.Tx) (any, any, error) {
					got, err := tx.Customers().Get(ctx, "t", c.Customer.ID, true)
					return got, customer.Record{Customer: c.Customer, Contacts: []customer.Contact{x, y}, Head: c.Head}, err
				})
				e.readBack(what+" by code", func(ctx context.Context, tx storage.Tx) (any, any, error) {
					got, err := tx.Customers().ByCode(ctx, "t", c.Customer.Code)
					return got, customer.Record{Customer: c.Customer, Head: c.Head}, err
				})
				e.readBack(what+" by id", func(ctx context.Context, tx storage.Tx) (any, any, error) {
					got, err := tx.Customers().Named(ctx, "t", []uuid.UUID{c.Customer.ID})
					return got, []customer.Customer{c.Customer}, err
				})
				e.readBack(what+" in a list", func(ctx context.Context, tx storage.Tx) (any, any, error) {
					got, err := tx.Customers().List(ctx, "t", customer.Query{Scope: access.Scope{All: true}, Parent: b.second.ID, Limit: 5})
					return got, []customer.Customer{c.Customer}, err
				})
				e.readBack(what+"'s contact by id", func(ctx context.Context, tx storage.Tx) (any, any, error) {
					got, err := tx.Customers().ContactsNamed(ctx, "t", []uuid.UUID{x.ID})
					return got, []customer.Contact{x}, err
				})
			}
			e.do("storing a customer", saveCustomer(c))
			check("a new customer")
			c = fill(c.Customer.ID, 2)
			id := x.ID
			x = filled[customer.Contact](f)
			x.ID, x.Customer = id, c.Customer.ID
			c.Contacts = []customer.Contact{x}
			e.do("changing every field of a customer", saveCustomer(c))
			check("a changed customer")
			alias := fill(c.Customer.ID, 3)
			alias.Customer.MergedInto = b.customer.ID
			e.do("storing an alias", saveCustomer(alias))
			e.readBack("an alias", func(ctx context.Context, tx storage.Tx) (any, any, error) {
				got, err := tx.Customers().Named(ctx, "t", []uuid.UUID{c.Customer.ID})
				return got, []customer.Customer{alias.Customer}, err
			})
			plain := e.newCustomer("t", "Plain")
			e.do("storing a plain customer", saveCustomer(plain))
			e.readBack("a customer with nothing optional", func(ctx context.Context, tx storage.Tx) (any, any, error) {
				got, err := tx.Customers().Get(ctx, "t", plain.Customer.ID, true)
				return got, customer.Record{Customer: plain.Customer, Head: plain.Head}, err
			})
		}},
		{"fields/archive", why, func(e *env) {
			f, id := &filler{}, e.id()
			for version := int64(1); version <= 2; version++ {
				a := filled[archive.Entry](f)
				a.ID, a.Tenant, a.Version, a.Code = id, "t", version, "code"
				c := archive.Change{Entry: a, Expected: version - 1, Head: filled[journal.Head](f)}
				e.do("storing an archive entry", saveArchive(c))
				e.readBack("an archive entry", func(ctx context.Context, tx storage.Tx) (any, any, error) {
					got, err := tx.Archives().Get(ctx, "t", id)
					return got, archive.Record{Entry: a, Head: c.Head}, err
				})
				e.readBack("an archive entry by id", func(ctx context.Context, tx storage.Tx) (any, any, error) {
					got, err := tx.Archives().Named(ctx, "t", []uuid.UUID{id})
					return got, []archive.Entry{a}, err
				})
				e.readBack("an archive entry in a list", func(ctx context.Context, tx storage.Tx) (any, any, error) {
					got, err := tx.Archives().List(ctx, "t", archive.Query{Limit: 5})
					return got, []archive.Entry{a}, err
				})
			}
		}},
		{"fields/scorecard", why, func(e *env) {
			f := &filler{}
			c := e.newArchive("t", archive.Scorecard, "card")
			v := filled[archive.ScorecardVersion](f)
			v.Scorecard, v.Number = c.Entry.ID, 1
			c.Scorecard = &v
			e.do("publishing a scorecard", saveArchive(c))
			next := e.nextArchive(c)
			w := filled[archive.ScorecardVersion](f)
			w.Scorecard, w.Number = c.Entry.ID, 2
			next.Scorecard = &w
			e.do("publishing another version", saveArchive(next))
			for number, want := range map[int]archive.ScorecardVersion{0: w, 1: v, 2: w} {
				e.readBack("a scorecard's version", func(ctx context.Context, tx storage.Tx) (any, any, error) {
					got, err := tx.Archives().ScorecardVersion(ctx, "t", c.Entry.ID, number)
					return got, want, err
				})
			}
		}},
		{"fields/process", why, func(e *env) {
			f := &filler{}
			p := fullProcess(f, e)
			r := filled[stage.Record](f)
			r.ID, r.Tenant, r.Code, r.Current, r.Latest, r.Version = p.ID, "t", p.Code, p.VersionID, 1, 1
			e.do("storing a process", saveProcess(stage.Change{Record: r, Publish: &p}))
			q := fullProcess(f, e)
			q.ID, q.Code, q.Version = p.ID, p.Code, 2
			for i, want := range [][]stage.Process{{p}, {p, q}} {
				if i == 1 {
					code := r.Code
					r = filled[stage.Record](f)
					r.ID, r.Tenant, r.Code, r.Current, r.Latest, r.Version, r.State = p.ID, "t", code, q.VersionID, 2, 2, stage.ActiveProcess
					e.do("publishing a version", saveProcess(stage.Change{Record: r, Expected: 1, Publish: &q}))
				}
				e.readBack("a process", func(ctx context.Context, tx storage.Tx) (any, any, error) {
					got, err := tx.Processes().Get(ctx, "t", p.ID)
					return got, r, err
				})
				e.readBack("a process by code", func(ctx context.Context, tx storage.Tx) (any, any, error) {
					got, err := tx.Processes().ByCode(ctx, "t", r.Code)
					return got, r, err
				})
				e.readBack("a process in the list", func(ctx context.Context, tx storage.Tx) (any, any, error) {
					got, err := tx.Processes().List(ctx, "t")
					return got, []stage.Record{r}, err
				})
				e.readBack("the versions of a process", func(ctx context.Context, tx storage.Tx) (any, any, error) {
					got, err := tx.Processes().Versions(ctx, "t", p.ID)
					return got, want, err
				})
				e.readBack("a version by id", func(ctx context.Context, tx storage.Tx) (any, any, error) {
					got, err := tx.Processes().Version(ctx, "t", p.VersionID)
					return got, p, err
				})
			}
		}},
		{"fields/order", why, func(e *env) {
			b, f := e.open("t"), &filler{}
			d := b.record()
			s := e.fullOrder(f, b, d)
			check := func(what string) {
				e.readBack(what, func(ctx context.Context, tx storage.Tx) (any, any, error) {
					got, _, err := tx.Orders().Get(ctx, "t", s.ID, true, "")
					return got, s, err
				})
				e.readBack(what+" in a list", func(ctx context.Context, tx storage.Tx) (any, any, error) {
					got, err := tx.Orders().List(ctx, "t", order.Query{Scope: access.Scope{All: true}, Limit: 5})
					return got, []order.Root{s.Root}, err
				})
			}
			e.do("storing an order", saveOrder(order.Change{Root: s.Root, Lines: s.Items, Events: s.Events}))
			check("a new order")
			was := s
			s = e.fullOrder(f, b, d)
			s.ID, s.Number, s.Version, s.Created = was.ID, was.Number, 2, was.Created
			for i := range s.Items {
				s.Items[i].Number = was.Items[i].Number
			}
			c := order.Change{Root: s.Root, Expected: 1, Lines: s.Items, Events: s.Events}
			s.Events = append(append([]order.ExecutionEvent{}, was.Events...), s.Events...)
			e.do("changing every field of an order", saveOrder(c))
			check("a changed order")
			o := b.order("PLAIN", d)
			e.do("storing a plain order", saveOrder(o))
			e.readBack("an order with nothing optional", func(ctx context.Context, tx storage.Tx) (any, any, error) {
				got, _, err := tx.Orders().Get(ctx, "t", o.Root.ID, false, "")
				return got.Root, o.Root, err
			})
		}},
		{"fields/quote", why, quoteFields},
		{"fields/settings", why, func(e *env) {
			f := &filler{}
			for version := int64(1); version <= 2; version++ {
				s := filled[order.Settings](f)
				s.Tenant, s.Version, s.Head.Seq = "t", version, version
				e.do("storing settings", func(ctx context.Context, tx storage.Tx) error {
					return tx.Orders().SaveSettings(ctx, order.SettingsChange{Settings: s, Expected: version - 1})
				})
				e.readBack("settings", func(ctx context.Context, tx storage.Tx) (any, any, error) {
					got, err := tx.Orders().Settings(ctx, "t")
					return got, s, err
				})
			}
		}},
		{"fields/journal", why, func(e *env) {
			f := &filler{}
			var want []journal.Entry
			c := e.newArchive("t", archive.Source, "a")
			c.Entries = nil
			for seq := int64(1); seq <= 3; seq++ {
				j := filled[journal.Entry](f)
				j.Tenant, j.Kind, j.Aggregate, j.Seq, j.ID = "t", journal.KindArchive, c.Entry.ID, seq, e.id()
				j.Payload = []byte(`{"b":1,"a":"\u003c \\ é","n":12345678901234567890.10,"x":[null,{}]}`)
				want = append(want, j)
			}
			c.Entries = want
			e.do("storing entries", saveArchive(c))
			e.readBack("the entries", func(ctx context.Context, tx storage.Tx) (any, any, error) {
				got, err := tx.Journal().Entries(ctx, "t", journal.KindArchive, c.Entry.ID, 0, 10)
				return got, want, err
			})
			e.readBack("the entries to relay", func(ctx context.Context, tx storage.Tx) (any, any, error) {
				got, err := tx.Journal().Unrelayed(ctx, "t", 10)
				return got, want, err
			})
		}},
		{"fields/request", why, func(e *env) {
			r := filled[storage.Request](&filler{})
			r.Tenant, r.Result = "t", []byte(`{"id":"x","lines":[1,2]}`)
			e.do("claiming a key", func(ctx context.Context, tx storage.Tx) error {
				ok, err := tx.Requests().Claim(ctx, r)
				if !ok {
					e.errorf("a fresh key is taken")
				}
				return err
			})
			e.readBack("a request", func(ctx context.Context, tx storage.Tx) (any, any, error) {
				got, err := tx.Requests().Find(ctx, "t", r.Key)
				return got, r, err
			})
		}},
		{"fields/microseconds", "cuts or rounds microseconds would reorder commands and break the journal's hashes", func(e *env) {
			b := e.open("t")
			for _, us := range []int{0, 1, 999, 1000, 499_999, 500_000, 999_999} {
				at := day.Truncate(time.Second).Add(time.Duration(us) * time.Microsecond)
				s := b.record(func(s *opportunity.Snapshot) { s.Created, s.Updated, s.StageEntered, s.WonAt = at, at, at, at })
				e.equal("times", b.get(s.ID), *s)
			}
			for _, at := range []time.Time{time.Date(1969, 12, 31, 23, 59, 59, 999_999_000, time.UTC), time.Date(2999, 1, 1, 0, 0, 0, 1000, time.UTC)} {
				s := b.record(func(s *opportunity.Snapshot) { s.LostAt, s.NextActivity = at, at })
				e.equal("times far away", b.get(s.ID), *s)
			}
		}},
		{"fields/shares-nothing", "shares memory with its caller would let code outside change what is stored, without a version or a journal entry", sharesNothing},
	}
}
