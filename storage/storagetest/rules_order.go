package storagetest

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/storage"
)

func event(external string, line int, at time.Time) order.ExecutionEvent {
	return order.ExecutionEvent{External: external, Kind: order.Delivery, Line: line, Amount: yuan(1), On: date(2026, 3, 2), Recorded: at, By: "erp"}
}

func orderRules() []Rule {
	return []Rule{
		{"order/save/O11_version-guard", "doesn't compare the stored version would lose one of two concurrent changes", func(e *env) {
			b := e.open("t")
			c := b.order("A", b.record())
			e.do("inserting", saveOrder(c))
			next := b.nextOrder(c)
			next.Root.Reference = "first"
			e.do("changing", saveOrder(next))
			late := b.nextOrder(c)
			e.refused("a change of an old version", fault.ErrConflict, "order.changed", saveOrder(late))
			c.Root.Number = "other"
			e.refused("inserting what exists", fault.ErrConflict, "order.changed", saveOrder(c))
			e.readBack("the order", func(ctx context.Context, tx storage.Tx) (any, any, error) {
				s, _, err := tx.Orders().Get(ctx, "t", c.Root.ID, true, "")
				return s.Root, next.Root, err
			})
			e.entriesAre("t", journal.KindOrder, c.Root.ID, 2)
		}},
		{"order/save/Q04_number-taken", "lets two orders have one number would deliver either", func(e *env) {
			b := e.open("t")
			d := b.record(func(s *opportunity.Snapshot) { s.Number = "A" }) // an opportunity's number doesn't conflict
			e.do("inserting", saveOrder(b.order("A", d)))
			e.refused("a number that is taken", fault.ErrDuplicate, "order.number.taken", saveOrder(b.order("A", d)))
			e.do("another case", saveOrder(b.order("a", d)))
		}},
		{"order/save/Q06_event-exists", "takes a repeated execution event would deliver twice", func(e *env) {
			b := e.open("t")
			c := b.order("A", b.record())
			c.Events = []order.ExecutionEvent{event("x", 1, day), event("x", 2, day), event("X", 1, day)}
			e.do("events that differ in line or case", saveOrder(c))
			again := b.nextOrder(c)
			again.Events = []order.ExecutionEvent{event("y", 1, day), event("x", 2, day)}
			e.refused("a repeated event", fault.ErrDuplicate, "order.event.exists", saveOrder(again))
			other := b.order("B", b.record())
			other.Events = []order.ExecutionEvent{event("x", 1, day)}
			e.do("the event of another order", saveOrder(other))
			e.look("reading", func(ctx context.Context, tx storage.Tx) error {
				s, _, err := tx.Orders().Get(ctx, "t", c.Root.ID, true, "")
				same(e, "events", []int{len(s.Events)}, []int{3})
				return err
			})
		}},
		{"order/get/parts", "returns lines or events in another order, or unasked, would make replays differ from what is stored", func(e *env) {
			b := e.open("t")
			c := b.order("A", b.record())
			later := day.Add(time.Microsecond)
			c.Lines = []order.Line{{Number: 10, Product: "c", Amount: yuan(1)}, {Number: 2, Product: "b", Amount: yuan(1)}, {Number: 1, Product: "a", Amount: yuan(1)}}
			c.Events = []order.ExecutionEvent{event("a", 1, later), event("b", 2, day), event("b", 1, day), event("B", 9, day)}
			e.do("inserting", saveOrder(c))
			line := func(l order.Line) string { return fmt.Sprint(l.Number, l.Product) }
			read := func(events bool) (out order.Snapshot) {
				e.look("reading", func(ctx context.Context, tx storage.Tx) (err error) {
					out, _, err = tx.Orders().Get(ctx, "t", c.Root.ID, events, "")
					return err
				})
				return out
			}
			s := read(true)
			same(e, "lines", mapped(s.Items, line), []string{"1a", "2b", "10c"})
			same(e, "events", mapped(s.Events, func(x order.ExecutionEvent) string { return fmt.Sprint(x.External, x.Line) }), []string{"B9", "b1", "b2", "a1"})
			if s = read(false); s.EventsLoaded || len(s.Events) > 0 {
				e.errorf("events that weren't asked for: loaded %v, %d", s.EventsLoaded, len(s.Events))
			}
			next := b.nextOrder(c)
			next.Lines, next.RemovedLines = []order.Line{{Number: 2, Product: "B", Amount: yuan(2)}, {Number: 3, Product: "d", Amount: yuan(1)}}, []int{10}
			e.do("changing lines", saveOrder(next))
			same(e, "lines", mapped(read(true).Items, line), []string{"1a", "2B", "3d"})
		}},
		{"order/get/relation", "answers wrongly who the viewer is to an order's deal would let the policy allow or deny the wrong people", func(e *env) {
			b := e.open("t")
			d := b.record(func(s *opportunity.Snapshot) {
				s.Members = []opportunity.Member{
					{User: "ann", Role: opportunity.RoleOwner, Access: opportunity.Write, Joined: day},
					{User: "bob", Role: opportunity.RoleSales, Access: opportunity.Write, Joined: day},
					{User: "cat", Role: opportunity.RoleSupport, Access: opportunity.Read, Joined: day},
				}
			})
			c := b.order("A", d)
			e.do("inserting", saveOrder(c))
			e.look("reading", func(ctx context.Context, tx storage.Tx) error {
				for user, want := range map[string]access.Relation{"ann": access.Owner, "bob": access.Writer, "cat": access.Reader, "dan": access.Stranger, "": access.Stranger, "Ann": access.Stranger} {
					_, got, err := tx.Orders().Get(ctx, "t", c.Root.ID, false, user)
					same(e, "the relation of "+user, []access.Relation{got}, []access.Relation{want})
					if err != nil {
						return err
					}
				}
				return nil
			})
		}},
		{"order/basis/Q04_Q07", "says otherwise what an order is made of than what is stored would make orders of other lines, for other people", orderBasis},
		{"order/list/J02", "ignores a filter, the page or the scope of the deal would show orders to people who may not see them", func(e *env) {
			b := e.open("t")
			north := b.record(func(s *opportunity.Snapshot) { s.Department = "north" })
			south := b.record(func(s *opportunity.Snapshot) {
				s.Department, s.Owner, s.Customer = "south", "bob", b.second.ID
				s.Members = []opportunity.Member{{User: "bob", Role: opportunity.RoleOwner, Access: opportunity.Write, Joined: day}, {User: "zoe", Role: opportunity.RoleSales, Access: opportunity.Read, Joined: day}}
			})
			for _, x := range []struct {
				number string
				of     *opportunity.Snapshot
				status order.Status
			}{{"b", north, order.Draft}, {"B", south, order.Confirmed}, {"a", south, order.Draft}, {"é", north, order.Cancelled}, {"a ", north, order.Executing}} {
				c := b.order(x.number, x.of)
				c.Root.Status = x.status
				e.do("inserting", saveOrder(c))
			}
			all := access.Scope{All: true}
			for _, x := range []struct {
				q    order.Query
				want []string
			}{
				{order.Query{Scope: all}, []string{"B", "a", "a ", "b", "é"}},
				{order.Query{Scope: all, Limit: 2}, []string{"B", "a"}},
				{order.Query{Scope: all, Limit: 2, AfterNumber: "a"}, []string{"a ", "b"}},
				{order.Query{Scope: all, AfterNumber: "b"}, []string{"é"}},
				{order.Query{Scope: all, Statuses: []order.Status{order.Draft, order.Cancelled}}, []string{"a", "b", "é"}},
				{order.Query{Scope: all, Opportunity: south.ID}, []string{"B", "a"}},
				{order.Query{Scope: all, Customer: b.customer.ID}, []string{"a ", "b", "é"}},
				{order.Query{Scope: all, Number: "a"}, []string{"a"}},
				{order.Query{}, nil},
				{order.Query{Scope: access.Scope{Departments: []string{"north"}}}, []string{"a ", "b", "é"}},
				{order.Query{Scope: access.Scope{User: "zoe"}}, []string{"B", "a"}},
				{order.Query{Scope: access.Scope{User: "ann"}}, []string{"a ", "b", "é"}},
				{order.Query{Scope: access.Scope{User: "nobody", Departments: []string{""}}}, nil},
			} {
				if x.q.Limit == 0 {
					x.q.Limit = 50
				}
				e.look("listing", func(ctx context.Context, tx storage.Tx) error {
					list, err := tx.Orders().List(ctx, "t", x.q)
					same(e, fmt.Sprintf("query %+v", x.q), mapped(list, func(r order.Root) string { return r.Number }), x.want)
					return err
				})
			}
		}},
		{"order/snapshots/J02", "mixes up lines and events of several orders, or shows those that the query doesn't select, would report goods of one customer to another", func(e *env) {
			b := e.open("t")
			north := b.record(func(s *opportunity.Snapshot) { s.Department = "north" })
			south := b.record(func(s *opportunity.Snapshot) { s.Department, s.Owner, s.Members = "south", "bob", nil })
			for i, number := range []string{"b", "B", "a", "c"} {
				c := b.order(number, []*opportunity.Snapshot{north, south}[i%2])
				for n := range i { // b has neither lines nor events
					c.Lines = append(c.Lines, order.Line{Number: n + 1, Product: number, Amount: yuan(1)})
					c.Events = append(c.Events, event(number, n+1, day), event(number, 3-n, day.Add(-time.Hour)))
				}
				if i == 2 {
					c.Events = c.Events[:3] // lines 1, 3, 2
				}
				if i == 3 {
					c.Events = nil
				}
				e.do("inserting", saveOrder(c))
			}
			text := func(s order.Snapshot) string {
				out := s.Number + ":"
				for _, l := range s.Items {
					out += fmt.Sprint(" ", l.Product, l.Number)
				}
				for _, x := range s.Events {
					out += fmt.Sprint(" ", x.External, "@", x.Line)
				}
				return fmt.Sprint(out, " ", s.EventsLoaded)
			}
			all := access.Scope{All: true}
			for _, x := range []struct {
				q    order.Query
				want []string
			}{
				{order.Query{Scope: all, Limit: 50}, []string{"B: B1 B@3 B@1 true", "a: a1 a2 a@3 a@1 a@2 true", "b: true", "c: c1 c2 c3 true"}},
				{order.Query{Scope: all, Limit: 2, AfterNumber: "B"}, []string{"a: a1 a2 a@3 a@1 a@2 true", "b: true"}},
				{order.Query{Scope: access.Scope{Departments: []string{"south"}}, Limit: 50}, []string{"B: B1 B@3 B@1 true", "c: c1 c2 c3 true"}},
				{order.Query{Scope: all, Opportunity: north.ID, Limit: 1}, []string{"a: a1 a2 a@3 a@1 a@2 true"}},
				{order.Query{Limit: 50}, nil},
			} {
				e.look("reading", func(ctx context.Context, tx storage.Tx) error {
					list, err := tx.Orders().Snapshots(ctx, "t", x.q)
					same(e, fmt.Sprintf("query %+v", x.q), mapped(list, text), x.want)
					return err
				})
			}
		}},
		{"order/settings/Q01", "invents settings, or loses one of two changes, would run a sales system that nobody set up", func(e *env) {
			e.readBack("settings of a tenant without", func(ctx context.Context, tx storage.Tx) (any, any, error) {
				s, err := tx.Orders().Settings(ctx, "t")
				return s, order.Settings{Tenant: "t"}, err
			})
			save := func(expected int64, prefix string) func(context.Context, storage.Tx) error {
				return func(ctx context.Context, tx storage.Tx) error {
					return tx.Orders().SaveSettings(ctx, order.SettingsChange{Settings: order.Settings{Tenant: "t", NumberPrefix: prefix, Version: expected + 1, Updated: day}, Expected: expected})
				}
			}
			e.refused("changing what isn't there", fault.ErrConflict, "", save(1, "X"))
			e.do("the first settings", save(0, "A"))
			e.do("the second", save(1, "B"))
			e.refused("a change of an old version", fault.ErrConflict, "", save(1, "C"))
			e.refused("inserting what exists", fault.ErrConflict, "", save(0, "D"))
			e.look("reading", func(ctx context.Context, tx storage.Tx) error {
				s, err := tx.Orders().Settings(ctx, "t")
				same(e, "the prefix", []string{s.NumberPrefix}, []string{"B"})
				return err
			})
		}},
	}
}

// orderBasis compares the basis of an order with each repository's own result.
func orderBasis(e *env) {
	b, f := e.open("t"), &filler{}
	full := b.fullDeal(f)
	buyer := e.newCustomer("t", "Whole", e.newContact("One"))
	at := buyer.Customer
	buyer.Customer = filled[customer.Customer](f)
	buyer.Customer.ID, buyer.Customer.Tenant, buyer.Customer.Parent, buyer.Customer.Version = at.ID, "t", b.second.ID, 1
	full.Customer = at.ID
	full.Members = []opportunity.Member{
		{User: "ann", Role: opportunity.RoleOwner, Access: opportunity.Write, Joined: day},
		{User: "bob", Role: opportunity.RoleSupport, Access: opportunity.Read, Joined: day},
	}
	lines := full.Lines
	lines[0].Number, lines[1].Number = 10, 2
	lines = append(lines, opportunity.Line{Number: 1, Product: "a", Amount: yuan(1)})
	full.Lines = lines
	e.do("storing a customer", saveCustomer(buyer))
	e.do("recording an opportunity", saveDeal(b.insert(&full)))
	plain := b.record()
	check := func(when string) {
		e.look("reading "+when, func(ctx context.Context, tx storage.Tx) error {
			for _, x := range []struct {
				id     uuid.UUID
				viewer string
			}{{full.ID, "ann"}, {full.ID, "bob"}, {full.ID, "Ann"}, {full.ID, ""}, {plain.ID, "ann"}, {plain.ID, "bob"}} {
				var want order.Basis
				got, err := tx.Orders().Basis(ctx, "t", x.id, x.viewer)
				if err == nil {
					want.Opportunity, err = tx.Opportunities().Get(ctx, "t", x.id, opportunity.Load{Parts: opportunity.PartLines, Viewer: x.viewer})
				}
				if err == nil {
					want.Customer, err = tx.Customers().Get(ctx, "t", want.Opportunity.Snapshot.Customer, false)
				}
				if err == nil {
					want.Settings, err = tx.Orders().Settings(ctx, "t")
				}
				if err != nil {
					return err
				}
				e.equal(fmt.Sprintf("%s: what %q sees", when, x.viewer), got, want)
			}
			_, err := tx.Orders().Basis(ctx, "t", b.customer.ID, "ann")
			e.kind("an opportunity that isn't there", err, fault.ErrNotFound, "opportunity.not_found")
			return nil
		})
	}
	check("without settings")
	set := filled[order.Settings](f)
	set.Tenant, set.Version = "t", 1
	e.do("storing settings", func(ctx context.Context, tx storage.Tx) error {
		return tx.Orders().SaveSettings(ctx, order.SettingsChange{Settings: set})
	})
	check("with settings")
	e.do("changing what was read", func(ctx context.Context, tx storage.Tx) error {
		got, err := tx.Orders().Basis(ctx, "t", full.ID, "bob")
		if err != nil {
			return err
		}
		s := got.Opportunity.Snapshot
		c := b.change(&s, func(s *opportunity.Snapshot) { s.OrderCancelled, s.Counts.LiveOrders = !s.OrderCancelled, 9 })
		return tx.Opportunities().Save(ctx, c)
	})
	if now := b.get(full.ID); now.OrderCancelled == full.OrderCancelled || now.Counts.LiveOrders != 9 || now.Version != 2 {
		e.errorf("the change isn't stored: %v, %+v, version %d", now.OrderCancelled, now.Counts, now.Version)
	}
}
