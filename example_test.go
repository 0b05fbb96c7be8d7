package pursuit_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/opportunity/pipeline"
	"github.com/pursuit-crm/pursuit/stage"
	"github.com/pursuit-crm/pursuit/storage/memory"
)

// shop is a tenant with a process, a customer and reasons, for the examples.
type shop struct {
	*pursuit.Session
	store                *memory.Store
	blobs                *memory.Blobs
	eng                  *pursuit.Engine
	clock                func() time.Time
	customer, won, lost_ uuid.UUID
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func open() shop {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	store, blobs := memory.New(), memory.NewBlobs()
	clock := func() time.Time { now = now.Add(time.Minute); return now }
	eng := must(pursuit.New(store, &pursuit.Options{Clock: clock, Blobs: blobs}))
	s := eng.As(pursuit.Actor{Tenant: "acme", User: "ann", Department: "east", Roles: []access.Role{access.Administrator}})
	ctx := context.Background()
	must(s.Processes().Publish(ctx, stage.Process{Code: "crm", Names: stage.Names{"en": "CRM"}, Stages: []stage.Stage{
		{ID: "prospecting", Names: stage.Names{"en": "Prospecting"}, Probability: 1000, Category: stage.Pipeline},
		{ID: "engaging", Names: stage.Names{"en": "Engaging"}, Probability: 5000, Category: stage.BestCase,
			Entry: []stage.Gate{{Kind: stage.GateLines, Params: map[string]string{"n": "1"}}, {Kind: stage.GateExpectedClose}}},
	}}))
	reason := func(k archive.Kind) uuid.UUID {
		return must(s.Archives().Create(ctx, archive.CreateInput{Kind: k, Code: "price", Names: map[string]string{"en": "Price", "zh": "价格"}})).ID
	}
	c := must(s.Customers().Create(ctx, customer.CreateInput{Name: "Northwind", Code: "NW"}))
	return shop{s, store, blobs, eng, clock, c.ID, reason(archive.WinReason), reason(archive.LossReason)}
}

func (s shop) record(name string, opts ...pursuit.CallOption) pursuit.Result {
	return must(s.Opportunities().Record(context.Background(), opportunity.RecordInput{
		Name: name, Customer: s.customer, Currency: money.CNY, ExpectedClose: must(calendar.Parse("2026-06-30")),
		Lines: []opportunity.LineInput{{Product: "WS-1", Quantity: decimal.NewFromInt(20), Price: decimal.RequireFromString("8999.50")}},
	}, opts...))
}

func ExampleOpportunities_Record() {
	s, ctx := open(), context.Background()
	r, err := s.Opportunities().Record(ctx, opportunity.RecordInput{
		Name: "20 workstations", Customer: s.customer, Currency: money.CNY,
		Lines: []opportunity.LineInput{{Product: "WS-1", Quantity: decimal.NewFromInt(20), Price: decimal.RequireFromString("8999.50")}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	o, err := s.Opportunities().Get(ctx, r.ID, opportunity.PartLines)
	fmt.Println(r.Number, o.Status, o.Stage, o.Amount(), err)
	// Output: OPP-2026-000001 open prospecting 179990.00 CNY <nil>
}

func ExampleOpportunities_RecordForNewCustomer() {
	s, ctx := open(), context.Background()
	r, err := s.Opportunities().RecordForNewCustomer(ctx,
		pursuit.RecordForNewCustomerInput{
			Customer:    customer.CreateInput{Name: "Fabrikam", Contacts: []customer.ContactInput{{Name: "Li Wei", Email: "li.wei@fabrikam.example", Primary: true}}},
			Roles:       []opportunity.ContactRole{opportunity.DecisionMaker},
			Opportunity: opportunity.RecordInput{Name: "A first talk", Currency: money.CNY, Estimated: money.FromMinor(1_000_000, money.CNY)},
		})
	if err != nil {
		fmt.Println(err)
		return
	}
	c, err := s.Customers().Get(ctx, r.Customer)
	fmt.Println(r.Number, c.Name, c.Status, c.Contacts[0].Name, err)
	// Output: OPP-2026-000001 Fabrikam prospect Li Wei <nil>
}

// A refusal names everything that isn't as it must be, not just the first.
func ExampleOpportunities_Advance() {
	s, ctx := open(), context.Background()
	r := must(s.Opportunities().Record(ctx, opportunity.RecordInput{Name: "Bare", Customer: s.customer, Currency: money.CNY}))
	_, err := s.Opportunities().Advance(ctx, r.ID, opportunity.AdvanceInput{To: "engaging", Summary: "They called back"})
	fmt.Println(errors.Is(err, fault.ErrNotAllowed), fault.CodeOf(err))
	for _, f := range fault.FieldsOf(err) {
		fmt.Println(f.Path, f.Code)
	}
	full := s.record("20 workstations")
	done, err := s.Opportunities().Advance(ctx, full.ID, opportunity.AdvanceInput{To: "engaging", Summary: "They called back"})
	fmt.Println(done.Version, err)
	// Output:
	// true opportunity.gates
	// gate/lines_min unmet
	// gate/expected_close_set unmet
	// 2 <nil>
}

func ExampleOpportunities_Win() {
	s, ctx := open(), context.Background()
	r := s.record("20 workstations")
	_, err := s.Opportunities().Win(ctx, r.ID, opportunity.WinInput{
		Reasons: []opportunity.Choice{{Reason: s.won}}, Summary: "Signed", Analysis: "Our delivery date decided it",
	})
	o := must(s.Opportunities().Get(ctx, r.ID, 0))
	fmt.Println(o.Status, o.Outcome.Amount, o.Probability, o.Category, err)
	// Output: won 179990.00 CNY 10000 closed <nil>
}

func ExampleOpportunities_Lose() {
	s, ctx := open(), context.Background()
	rival := must(s.Archives().Create(ctx, archive.CreateInput{Kind: archive.Competitor, Code: "contoso", Names: map[string]string{"en": "Contoso"}}))
	r := s.record("20 workstations")
	_, err := s.Opportunities().Lose(ctx, r.ID, opportunity.LoseInput{
		Reasons: []opportunity.Choice{{Reason: s.lost_}}, Summary: "They chose Contoso", Competitor: rival.ID,
	})
	o := must(s.Opportunities().Get(ctx, r.ID, opportunity.PartCompetitors))
	fmt.Println(o.Status, o.Outcome.Stage, len(o.Competitors), err)
	// Output: lost prospecting 1 <nil>
}

func ExampleOpportunities_Close() {
	s, ctx := open(), context.Background()
	r := s.record("20 workstations")
	_, err := s.Opportunities().Close(ctx, r.ID, opportunity.CloseInput{})
	fmt.Println(fault.CodeOf(err))
	must(s.Opportunities().Win(ctx, r.ID, opportunity.WinInput{Reasons: []opportunity.Choice{{Reason: s.won}}, Summary: "Signed"}))
	_, err = s.Opportunities().Close(ctx, r.ID, opportunity.CloseInput{Summary: "All done"})
	fmt.Println(must(s.Opportunities().Get(ctx, r.ID, 0)).Status, err)
	// Output:
	// opportunity.close.status
	// closed <nil>
}

func ExampleOpportunities_Reopen() {
	s, ctx := open(), context.Background()
	r := s.record("20 workstations")
	must(s.Opportunities().Lose(ctx, r.ID, opportunity.LoseInput{Reasons: []opportunity.Choice{{Reason: s.lost_}}, Summary: "No budget"}))
	_, err := s.Opportunities().Reopen(ctx, r.ID, opportunity.ReopenInput{Reason: "The budget came after all"})
	o := must(s.Opportunities().Get(ctx, r.ID, opportunity.PartCycles))
	fmt.Println(o.Status, o.Cycle, o.Cycles[0].Outcome.Status, err)
	// Output: open 2 lost <nil>
}

func ExampleTeam_Transfer() {
	s, ctx := open(), context.Background()
	r := s.record("20 workstations")
	_, err := s.Team().Transfer(ctx, r.ID, opportunity.TransferInput{To: "bob", Reason: "ann moves on"})
	o := must(s.Opportunities().Get(ctx, r.ID, opportunity.PartMembers))
	for _, m := range o.Members {
		fmt.Println(m.User, m.Role)
	}
	fmt.Println(err)
	// Output:
	// ann sales
	// bob owner
	// <nil>
}

// The same key again gives the first result, and does nothing.
func ExampleRequestID() {
	s := open()
	first := s.record("20 workstations", pursuit.RequestID("import-7"))
	again := s.record("20 workstations", pursuit.RequestID("import-7"))
	fmt.Println(first.ID == again.ID, first.Repeated, again.Repeated)
	// Output: true false true
}

func ExampleIfVersion() {
	s, ctx := open(), context.Background()
	r := s.record("20 workstations")
	must(s.Opportunities().Hold(ctx, r.ID, opportunity.HoldInput{Reason: "Budget freeze", ResumeOn: calendar.Date{}}))
	_, err := s.Opportunities().Resume(ctx, r.ID, pursuit.IfVersion(r.Version))
	fmt.Println(errors.Is(err, fault.ErrConflict))
	// Output: true
}

func ExampleSession_Batch() {
	s, ctx := open(), context.Background()
	err := s.Batch(ctx, func(ctx context.Context, b *pursuit.Session) error {
		for _, name := range []string{"First", "Second", ""} {
			if _, err := b.Opportunities().Record(ctx, opportunity.RecordInput{Name: name, Customer: s.customer, Currency: money.CNY}); err != nil {
				return err // none of the three is recorded
			}
		}
		return nil
	})
	n := must(s.Opportunities().Count(ctx, opportunity.Filter{}))
	fmt.Println(fault.CodeOf(err), n)
	// Output: opportunity.invalid 0
}

// A host's transaction holds its own rows and the library's: both or none.
func ExampleEngine_In() {
	s, ctx := open(), context.Background()
	r := s.record("20 workstations")
	tx := s.store.Begin() // with SQL: db.BeginTx, and sqlstore.Std(tx)
	_, err := s.eng.In(s.store.Bind(tx)).As(s.Actor()).Opportunities().Win(ctx, r.ID, opportunity.WinInput{
		Reasons: []opportunity.Choice{{Reason: s.won}}, Summary: "Signed",
	})
	tx.Rollback()
	fmt.Println(err, must(s.Opportunities().Get(ctx, r.ID, 0)).Status)
	// Output: <nil> open
}

// The pipeline can be asked for as it was at any moment.
func ExampleReports_Pipeline() {
	s, ctx := open(), context.Background()
	s.record("20 workstations")
	r := s.record("Another 20")
	before := must(s.Opportunities().Get(ctx, r.ID, 0)).Updated
	must(s.Opportunities().Win(ctx, r.ID, opportunity.WinInput{Reasons: []opportunity.Choice{{Reason: s.won}}, Summary: "Signed"}))
	now := must(s.Reports().Pipeline(ctx, pursuit.PipelineQuery{By: pipeline.ByOwner}))
	then := must(s.Reports().Pipeline(ctx, pursuit.PipelineQuery{By: pipeline.ByOwner, AsOf: before}))
	fmt.Println(now[0].Key, now[0].Open, now[0].Won, now[0].Amounts[money.CNY].Open)
	fmt.Println(then[0].Key, then[0].Open, then[0].Won, then[0].Amounts[money.CNY].Weighted)
	// Output:
	// ann 1 1 179990.00 CNY
	// ann 2 0 35998.00 CNY
}

func ExampleOpportunities_All() {
	s, ctx := open(), context.Background()
	s.record("Workstations")
	s.record("Monitors")
	for o, err := range s.Opportunities().All(ctx, pursuit.OpportunityQuery{Sort: opportunity.ByName}) {
		fmt.Println(o.Number, o.Name, err)
	}
	// Output:
	// OPP-2026-000002 Monitors <nil>
	// OPP-2026-000001 Workstations <nil>
}

func ExampleOpportunities_Journal() {
	s, ctx := open(), context.Background()
	r := s.record("20 workstations")
	must(s.Opportunities().Advance(ctx, r.ID, opportunity.AdvanceInput{To: "engaging", Summary: "They called back"}))
	entries, err := s.Opportunities().Journal(ctx, r.ID) // verifies the chain
	for _, e := range entries {
		fmt.Println(e.Seq, e.Type, e.Moment.By)
	}
	replayed, _, _, err2 := opportunity.Replay(entries)
	fmt.Println(replayed.Stage, err, err2)
	// Output:
	// 1 opportunity.recorded.v1 ann
	// 2 opportunity.moved.v1 ann
	// engaging <nil> <nil>
}

// A customer that was recorded twice is found, and the two become one.
func ExampleCustomers_Merge() {
	s, ctx := open(), context.Background()
	twin := must(s.Customers().Create(ctx, customer.CreateInput{Name: "NORTHWIND", Contacts: []customer.ContactInput{{Name: "Li Wei", Email: "li@northwind.example"}}}))
	found, err := s.Customers().Duplicates(ctx, customer.Probe{Name: "Northwind", Except: s.customer})
	for _, h := range found.Hits {
		fmt.Println(h.Customer.Name, h.By, err)
	}
	must(s.Customers().Merge(ctx, s.customer, customer.MergeInput{Loser: twin.ID, Reason: "recorded twice"}))
	c, err := s.Customers().Get(ctx, twin.ID) // an alias now
	fmt.Println(c.Code, c.Contacts[0].Name, err)
	// Output:
	// NORTHWIND [name] <nil>
	// NW Li Wei <nil>
}

// A plan says what would move where; the migration then does it, all or none.
func ExampleProcesses_Migrate() {
	s, ctx := open(), context.Background()
	s.record("20 workstations")
	p, err := s.Processes().ByCode(ctx, "crm")
	old := must(s.Processes().Version(ctx, p.Current))
	next := old.Clone()
	next.Stages[0].ID = "qualifying"
	must(s.Processes().Publish(ctx, next))
	in := pursuit.MigrateInput{Version: old.VersionID, Process: p.ID, Stages: map[string]string{"prospecting": "qualifying"}}
	plan := must(s.Processes().PlanMigration(ctx, in))
	for _, m := range plan.Moves {
		fmt.Println(m.From, "to", m.To, m.Count, err)
	}
	done, err := s.Processes().Migrate(ctx, in)
	fmt.Println(len(done.Opportunities), "moved", err)
	// Output:
	// prospecting to qualifying 1 <nil>
	// 1 moved <nil>
}

// A relay hands the journal to the host, here a list, at least once and in order.
func ExampleEngine_Relay() {
	s, ctx := open(), context.Background()
	s.record("20 workstations")
	relay, err := s.eng.Relay("acme", pursuit.PublisherFunc(func(_ context.Context, e journal.Entry) error {
		if e.Kind == journal.KindOpportunity {
			fmt.Println(e.Seq, e.Type)
		}
		return nil
	}), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	n, err := relay.Once(ctx) // Run does so until its context ends
	fmt.Println(n, "entries", err)
	// Output:
	// 1 opportunity.recorded.v1
	// 5 entries <nil>
}
