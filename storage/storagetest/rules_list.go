package storagetest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/opportunity/pipeline"
	"github.com/pursuit-crm/pursuit/stage"
	"github.com/pursuit-crm/pursuit/storage"
)

func date(y int, m time.Month, d int) calendar.Date {
	out, err := calendar.New(y, m, d)
	if err != nil {
		panic(err)
	}
	return out
}

// pages walks a list page by page.
func (e *env) pages(tenant string, q opportunity.Query) []uuid.UUID {
	e.t.Helper()
	var out []uuid.UUID
	for range 100 {
		var page []opportunity.Root
		e.look("a page", func(ctx context.Context, tx storage.Tx) (err error) {
			page, err = tx.Opportunities().List(ctx, tenant, q)
			return err
		})
		if len(page) > q.Limit {
			e.errorf("a page of %d has %d", q.Limit, len(page))
		}
		if len(page) == 0 {
			return out
		}
		out = append(out, mapped(page, rootID)...)
		last := &page[len(page)-1]
		q.After, q.AfterID = opportunity.KeyOf(q.Sort, last), last.ID
	}
	e.errorf("the pages never end")
	return out
}

// filterCase is a filter with the names of the selected opportunities.
type filterCase struct {
	field string
	f     opportunity.Filter
	want  []string
	// current marks a filter that the ledger doesn't support.
	current bool
}

// filterCases returns each field of the filter at least once, which a test of the
// suite checks.
func (b *books) filterCases() ([]opportunity.Snapshot, []filterCase) {
	deal := func(name string, edit func(s *opportunity.Snapshot)) opportunity.Snapshot {
		return b.draft(func(s *opportunity.Snapshot) { s.Name = name; edit(s) })
	}
	other := b.e.newProcess(b.tenant, "other")
	b.e.do("storing a process", saveProcess(other))
	p, v := other.Record.ID, other.Publish.VersionID
	at := func(days int) time.Time { return day.AddDate(0, 0, days) }
	over := yuan(-500)
	deals := []opportunity.Snapshot{
		deal("a", func(s *opportunity.Snapshot) {
			s.Status, s.Stage, s.Owner, s.Department, s.Source = opportunity.Won, "s2", "bob", "north", b.source.ID
			s.Lines = []opportunity.Line{{Number: 1, Product: "P1", Amount: yuan(10)}, {Number: 2, Product: "P2", Amount: yuan(20)}}
			s.Counts.Lines, s.LineTotal, s.ExpectedClose, s.Created = 2, yuan(30), date(2026, 5, 1), at(1)
			s.WonAt, s.Updated, s.StageEntered, s.LastActivity, s.Rating = at(21), at(11), at(1), at(30), 5
			s.Probability, s.Category, s.OrderCancelled, s.BillTo = 10000, stage.Closed, true, b.second.ID
			s.Outcome = &opportunity.Outcome{Status: opportunity.Won, Reasons: []opportunity.Choice{{Reason: b.why.ID}}, Amount: yuan(30), Stage: "s2", At: at(21), By: "bob"}
			s.Contacts = []opportunity.DealContact{{ContactKey: opportunity.ContactKey{Contact: b.contact.ID, Role: opportunity.Champion}, Added: day}}
		}),
		deal("b", func(s *opportunity.Snapshot) {
			s.Status, s.Customer, s.Estimated, s.Currency = opportunity.Lost, b.second.ID, yuan(100), cny
			s.ExpectedClose, s.Created, s.Department = date(2026, 5, 2), at(2), "south"
			s.LostAt, s.ClosedAt, s.Updated, s.StageEntered, s.NextActivity, s.Probability = at(22), at(25), at(12), at(2), at(32), 0
			s.Competitors = []opportunity.DealCompetitor{{Competitor: b.rival.ID, Added: day}}
			s.Outcome = &opportunity.Outcome{Status: opportunity.Lost, Reasons: []opportunity.Choice{{Reason: b.lost.ID}}, Amount: yuan(100), Stage: "s1", At: at(22), By: "ann"}
			s.Members = []opportunity.Member{{User: "ann", Role: opportunity.RoleOwner, Access: opportunity.Write, Joined: day}, {User: "zoe", Role: opportunity.RoleSales, Access: opportunity.Read, Joined: day}}
		}),
		deal("c", func(s *opportunity.Snapshot) {
			s.Process, s.ProcessVersion, s.Estimated, s.Created = p, v, yuan(101), at(3)
			s.Updated, s.StageEntered, s.NextActivity, s.LastActivity, s.Rating, s.Category = at(13), at(3), at(33), at(29), 3, stage.Commit
			s.Lines = []opportunity.Line{{Number: 1, Product: "P2", Amount: yuan(7)}}
		}),
		deal("d", func(s *opportunity.Snapshot) {
			s.Status, s.Currency, s.Created, s.ExpectedClose = opportunity.OnHold, "USD", at(4), date(2026, 6, 1)
			s.Estimated, s.LineTotal, s.Quoted, s.Ordered = usd(1_000_000), usd(0), usd(0), usd(0)
			s.Updated, s.StageEntered, s.ResumeOn, s.HeldAt = at(14), at(4), date(2026, 6, 10), at(4)
		}),
		deal("e", func(s *opportunity.Snapshot) {
			s.Override, s.Created, s.Status = &over, at(5), opportunity.Void
			s.Updated, s.StageEntered = at(15), at(5)
		}),
	}
	n := func(v int64) *int64 { return &v }
	small := func(v int) *int { return &v }
	return deals, []filterCase{
		{"", opportunity.Filter{}, []string{"a", "b", "c", "d", "e"}, false},
		{"Statuses", opportunity.Filter{Statuses: []opportunity.Status{opportunity.Won}}, []string{"a"}, false},
		{"Statuses", opportunity.Filter{Statuses: []opportunity.Status{opportunity.Lost, opportunity.Open, opportunity.Void}}, []string{"b", "c", "e"}, false},
		{"Process", opportunity.Filter{Process: p}, []string{"c"}, false},
		{"Version", opportunity.Filter{Version: v}, []string{"c"}, true},
		{"Stages", opportunity.Filter{Stages: []string{"s2", "nowhere"}}, []string{"a"}, false},
		{"Owner", opportunity.Filter{Owner: "bob"}, []string{"a"}, false},
		{"Owners", opportunity.Filter{Owners: []string{"zoe", "bob"}}, []string{"a"}, false},
		{"Departments", opportunity.Filter{Departments: []string{"north", "south"}}, []string{"a", "b"}, false},
		{"Party", opportunity.Filter{Party: b.second.ID}, []string{"a", "b"}, true},
		{"Contact", opportunity.Filter{Contact: b.contact.ID}, []string{"a"}, true},
		{"Competitor", opportunity.Filter{Competitor: b.rival.ID}, []string{"b"}, true},
		{"Competitor", opportunity.Filter{Competitor: b.why.ID}, nil, true},
		{"Reason", opportunity.Filter{Reason: b.lost.ID}, []string{"b"}, true},
		{"Reason", opportunity.Filter{Reason: b.rival.ID}, nil, true},
		{"Categories", opportunity.Filter{Categories: []stage.Category{stage.Commit, stage.Closed}}, []string{"a", "c"}, false},
		{"ProbabilityFrom", opportunity.Filter{ProbabilityFrom: small(10000)}, []string{"a"}, false},
		{"ProbabilityTo", opportunity.Filter{ProbabilityTo: small(0)}, []string{"b"}, false},
		{"Ratings", opportunity.Filter{Ratings: []int{5, 3}}, []string{"a", "c"}, true},
		{"Ratings", opportunity.Filter{Ratings: []int{0}}, []string{"b", "d", "e"}, true},
		{"UpdatedFrom", opportunity.Filter{UpdatedFrom: at(14)}, []string{"d", "e"}, true},
		{"UpdatedTo", opportunity.Filter{UpdatedTo: at(12)}, []string{"a"}, true},
		{"DecidedFrom", opportunity.Filter{DecidedFrom: at(22)}, []string{"b"}, true},
		{"DecidedTo", opportunity.Filter{DecidedTo: at(22)}, []string{"a"}, true},
		{"ClosedFrom", opportunity.Filter{ClosedFrom: at(25)}, []string{"b"}, true},
		{"ClosedTo", opportunity.Filter{ClosedTo: at(25)}, nil, true},
		{"StageEnteredTo", opportunity.Filter{StageEnteredTo: at(3)}, []string{"a", "b"}, true},
		{"StageEnteredTo", opportunity.Filter{StageEnteredTo: at(6)}, []string{"a", "b", "c", "e"}, true}, // d is on hold
		{"IdleSince", opportunity.Filter{IdleSince: at(30)}, []string{"b", "c", "e"}, true},
		{"IdleSince", opportunity.Filter{IdleSince: at(5)}, []string{"b"}, true}, // e is made then
		{"NextFrom", opportunity.Filter{NextFrom: at(33)}, []string{"c"}, true},
		{"NextTo", opportunity.Filter{NextTo: at(33)}, []string{"b"}, true},
		{"NoNext", opportunity.Filter{NoNext: true}, []string{"a", "d", "e"}, true},
		{"ResumeTo", opportunity.Filter{ResumeTo: date(2026, 6, 10)}, []string{"d"}, true},
		{"ResumeTo", opportunity.Filter{ResumeTo: date(2026, 6, 9)}, nil, true},
		{"OrderCancelled", opportunity.Filter{OrderCancelled: true}, []string{"a"}, true},
		{"Member", opportunity.Filter{Member: "zoe"}, []string{"b"}, true},
		{"Department", opportunity.Filter{Department: "north"}, []string{"a"}, false},
		{"Customer", opportunity.Filter{Customer: b.second.ID}, []string{"b"}, false},
		{"Source", opportunity.Filter{Source: b.source.ID}, []string{"a"}, false},
		{"Product", opportunity.Filter{Product: "P2"}, []string{"a", "c"}, true},
		{"Currency", opportunity.Filter{Currency: "USD"}, []string{"d"}, false},
		{"AmountFrom", opportunity.Filter{AmountFrom: n(100)}, []string{"b", "c", "d"}, false},
		{"AmountTo", opportunity.Filter{AmountTo: n(100)}, []string{"a", "b", "e"}, false},
		{"AmountTo", opportunity.Filter{AmountFrom: n(0), AmountTo: n(0)}, nil, false},
		{"AmountFrom", opportunity.Filter{AmountFrom: n(-500), AmountTo: n(0)}, []string{"e"}, false},
		{"CreatedFrom", opportunity.Filter{CreatedFrom: at(3)}, []string{"c", "d", "e"}, true},
		{"CreatedFrom", opportunity.Filter{CreatedFrom: at(3).Add(time.Microsecond)}, []string{"d", "e"}, true},
		{"CreatedTo", opportunity.Filter{CreatedTo: at(3)}, []string{"a", "b"}, true},
		{"CreatedTo", opportunity.Filter{CreatedTo: at(3).Add(time.Microsecond)}, []string{"a", "b", "c"}, true},
		{"ExpectedFrom", opportunity.Filter{ExpectedFrom: date(2026, 5, 2)}, []string{"b", "d"}, false},
		{"ExpectedTo", opportunity.Filter{ExpectedTo: date(2026, 5, 2)}, []string{"a", "b"}, false},
		{"Search", opportunity.Filter{Search: "OL"}, []string{"b"}, true},
		{"Search", opportunity.Filter{Search: strings.ToLower(deals[2].Number[1:])}, []string{"c"}, true},
		{"Search", opportunity.Filter{Search: "_"}, nil, true},
		{"Prefix", opportunity.Filter{Prefix: "bO"}, []string{"b"}, true},
		{"Prefix", opportunity.Filter{Prefix: "OL"}, nil, true},
		{"Prefix", opportunity.Filter{Prefix: "C"}, []string{"c"}, true},
		{"Prefix", opportunity.Filter{Prefix: strings.ToLower(deals[3].Number)}, []string{"d"}, true},
		{"Number", opportunity.Filter{Number: deals[2].Number}, []string{"c"}, true},
		{"", opportunity.Filter{Owner: "ann", Department: "south", AmountFrom: n(50)}, []string{"b"}, false},
		{"", opportunity.Filter{Owner: "bob", Department: "south"}, nil, false},
	}
}

func listRules() []Rule {
	return []Rule{
		{"opportunity/list/pages", "breaks ties in another way than by id, or begins a list with what lacks the value, would skip deals between pages, or show them where nobody looks", func(e *env) {
			b := e.open("t")
			var all []opportunity.Root
			for i := range 13 {
				s := b.record(func(s *opportunity.Snapshot) {
					s.Number = []string{"N-2", "N-10", "n-1", "É", "N", "zz", "ab", "A", "N-1", "N-3", "É1", "0", "9"}[i]
					s.Name = []string{"Beta", "beta", "ALPHA", "alpha ", "Straße", "STRASSE", "Élan", "elan", "z", "Z", "商机", "\U0001F600", "beta"}[i]
					s.Estimated = yuan([]int64{5, 5, -7, 0, 1 << 62, -1 << 62, 5, 10, 9, 9, 0, 0, 5}[i])
					s.Created = day.Add(time.Duration(i/3) * time.Microsecond)
					s.Updated = time.Date([]int{1960, 2026, 2026}[i%3], 1, 1, 0, 0, 0, (i/6)*1000, time.UTC)
					s.StageEntered, s.Probability = day.Add(time.Duration(i%4)*time.Microsecond), i%5*100
					if i%4 > 0 {
						s.NextActivity, s.LastActivity = time.Date([]int{0, 1970, 2026, 9999}[i%4], 1, 1, 0, 0, 0, (i/8)*1000, time.UTC), day.Add(time.Duration(i/5)*time.Microsecond)
					}
					if i%3 > 0 {
						s.ExpectedClose = date(2026, time.Month(1+i%2), 1)
					}
				})
				all = append(all, s.Root)
			}
			for _, o := range append(opportunity.Sorts(), "") {
				for _, desc := range []bool{false, true} {
					want := slices.Clone(all)
					slices.SortFunc(want, func(x, y opportunity.Root) int {
						kx, ky := opportunity.KeyOf(o, &x), opportunity.KeyOf(o, &y)
						c := strings.Compare(kx, ky)
						if lacks := (kx == "") != (ky == ""); lacks || desc { // a row without the value comes last both ways
							c = -c
						}
						if c == 0 {
							c = compareIDs(x.ID, y.ID)
						}
						return c
					})
					for _, limit := range []int{1, 4, 100} {
						q := opportunity.Query{Scope: access.Scope{All: true}, Sort: o, Desc: desc, Limit: limit}
						same(e, fmt.Sprintf("order %q, desc %v, in pages of %d", o, desc, limit), e.pages("t", q), mapped(want, rootID))
					}
				}
			}
		}},
		{"opportunity/list/J02_filters", "ignores a filter, or applies it in the list and not in counts and sums, would report what wasn't asked for", func(e *env) {
			b := e.open("t")
			deals, cases := b.filterCases()
			for i := range deals {
				b.save("recording", b.insert(&deals[i]))
			}
			for _, c := range cases {
				what := fmt.Sprintf("filter %s %+v", c.field, c.f)
				e.finds(c.f, c.want...)
				if c.current {
					continue
				}
				e.look(what, func(ctx context.Context, tx storage.Tx) error {
					sums, err := tx.Pipeline().Sums(ctx, "t", pipeline.Query{Scope: everyDeal().Scope, Filter: c.f, AsOf: &pipeline.AsOf{Effective: day.AddDate(1, 0, 0), Known: day.AddDate(1, 0, 0)}})
					same(e, what+", summed from the ledger", []int64{total(sums)}, []int64{int64(len(c.want))})
					return err
				})
			}
		}},
		{"opportunity/list/J02_scope", "ignores the scope anywhere would show deals to people who may not see them", func(e *env) {
			b := e.open("t")
			ten := 10
			deal := func(name, department, owner string, team ...string) {
				b.record(func(s *opportunity.Snapshot) {
					s.Name, s.Department, s.Owner, s.Status, s.CycleDays, s.Customer = name, department, owner, opportunity.Won, &ten, b.customer.ID
					for _, u := range append([]string{owner}, team...) {
						s.Members = append(s.Members, opportunity.Member{User: u, Role: opportunity.RoleSales, Access: opportunity.Read, Joined: day})
					}
				})
			}
			deal("a", "north", "ann")
			deal("b", "south", "bob", "ann")
			deal("c", "south", "cat")
			deal("d", "", "dan", "cat")
			deal("e", "North", "eve")
			for _, c := range []struct {
				scope access.Scope
				want  []string
			}{
				{access.Scope{All: true}, []string{"a", "b", "c", "d", "e"}},
				{access.Scope{}, nil},
				{access.Scope{Departments: []string{"north"}}, []string{"a"}},
				{access.Scope{Departments: []string{"north", "south"}}, []string{"a", "b", "c"}},
				{access.Scope{Departments: []string{"nowhere"}}, nil},
				{access.Scope{Departments: []string{""}}, nil},
				{access.Scope{User: "ann"}, []string{"a", "b"}},
				{access.Scope{User: "cat"}, []string{"c", "d"}},
				{access.Scope{User: "Ann"}, nil},
				{access.Scope{User: "ann", Departments: []string{"south"}}, []string{"a", "b", "c"}},
			} {
				what := fmt.Sprintf("scope %+v", c.scope)
				q := opportunity.Query{Scope: c.scope, Limit: 100}
				e.look(what, func(ctx context.Context, tx storage.Tx) error {
					list, err := tx.Opportunities().List(ctx, "t", q)
					same(e, what, mapped(list, rootName), c.want)
					if err != nil {
						return err
					}
					n, err := tx.Opportunities().Count(ctx, "t", q)
					same(e, what+", counted", []int64{n}, []int64{int64(len(c.want))})
					if err != nil {
						return err
					}
					for _, at := range []*pipeline.AsOf{nil, {Effective: day.AddDate(1, 0, 0), Known: day.AddDate(1, 0, 0)}} {
						sums, err := tx.Pipeline().Sums(ctx, "t", pipeline.Query{Scope: c.scope, AsOf: at})
						same(e, fmt.Sprintf("%s, summed as of %v", what, at), []int64{total(sums)}, []int64{int64(len(c.want))})
						if err != nil {
							return err
						}
						days, err := tx.Pipeline().CycleDays(ctx, "t", pipeline.Query{Scope: c.scope, AsOf: at})
						n := int64(0)
						for _, d := range days {
							n += d.Count
						}
						same(e, fmt.Sprintf("%s, days as of %v", what, at), []int64{n}, []int64{int64(len(c.want))})
						if err != nil {
							return err
						}
					}
					return nil
				})
			}
		}},
		{"opportunity/list/count-ignores-the-page", "counts only a page would report totals that change with the page size", func(e *env) {
			b := e.open("t")
			for range 5 {
				b.record()
			}
			e.look("counting", func(ctx context.Context, tx storage.Tx) error {
				page, err := tx.Opportunities().List(ctx, "t", opportunity.Query{Scope: access.Scope{All: true}, Limit: 2})
				if err != nil {
					return err
				}
				n, err := tx.Opportunities().Count(ctx, "t", opportunity.Query{Scope: access.Scope{All: true}, Limit: 2,
					After: opportunity.KeyOf("", &page[1]), AfterID: page[1].ID})
				same(e, "Count", []int64{n}, []int64{5})
				return err
			})
		}},
		{"opportunity/list/search-is-literal", "takes % and _ for wildcards would find what nobody searched, and be slow to find it", func(e *env) {
			b := e.open("t")
			names := []string{"100% sure", "100x sure", "a_b", "axb", `back\slash`, "backslash", "Straße 5", "ÉLAN", "élan vital", "it's", "[x]", "x*"}
			for _, n := range names {
				b.record(func(s *opportunity.Snapshot) { s.Name = n })
			}
			for search, want := range map[string][]string{
				"100%": {"100% sure"}, "a_b": {"a_b"}, `back\s`: {`back\slash`}, `\`: {`back\slash`}, "%": {"100% sure"}, "_": {"a_b"}, "STRASSE": {"Straße 5"},
				"élan": {"ÉLAN", "élan vital"}, "e\u0301LAN v": {"élan vital"}, "elan": nil, "'": {"it's"}, "[x]": {"[x]"}, "*": {"x*"}, "SURE": {"100% sure", "100x sure"}, "?": nil,
			} {
				q := everyDeal()
				q.Filter.Search = search
				e.look("searching", func(ctx context.Context, tx storage.Tx) error {
					list, err := tx.Opportunities().List(ctx, "t", q)
					same(e, fmt.Sprintf("search %q", search), mapped(list, rootName), want)
					if err != nil {
						return err
					}
					n, err := tx.Opportunities().Count(ctx, "t", q)
					same(e, fmt.Sprintf("search %q, counted", search), []int64{n}, []int64{int64(len(want))})
					return err
				})
			}
		}},
	}
}

func total(buckets []pipeline.Bucket) (n int64) {
	for _, b := range buckets {
		n += b.Count
	}
	return n
}
