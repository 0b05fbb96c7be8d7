package ordertest

import (
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
)

func reading() []Rule {
	return []Rule{
		{"J02/scope", "ignores the scope, or goes by the owner of old, would show orders to people who may not see them", func(w *world) {
			deal, id := w.confirmed()
			sees := func(user string) []int {
				s := w.as("acme", user, access.Sales)
				list := must(s.Orders().List(w.ctx, pursuit.OrderQuery{}, pursuit.Page{}))
				views := must(s.Orders().Executions(w.ctx, pursuit.OrderQuery{}, pursuit.Page{}))
				of := must(s.Orders().ExecutionOfCustomer(w.ctx, w.customer))
				return []int{len(list.Items), len(views.Items), len(of.Orders)}
			}
			same("a stranger sees", sees("bob"), []int{0, 0, 0})
			must(w.s.Team().Set(w.ctx, deal, opportunity.MemberInput{User: "bob", Role: opportunity.RoleSupport, Access: opportunity.Read}))
			same("a member sees", sees("bob"), []int{1, 1, 1})
			must(w.s.Team().Transfer(w.ctx, deal, opportunity.TransferInput{To: "cat", Remove: true}))
			same("the new owner sees", sees("cat"), []int{1, 1, 1})
			same("the old owner sees", sees("ann"), []int{0, 0, 0})
			if _, err := w.as("acme", "dan", access.Sales).Orders().Get(w.ctx, id); err == nil {
				fail("a stranger gets an order")
			}
		}},
		{"J02/filters", "ignores a filter or the page would miss orders, or show others", func(w *world) {
			w.sell(order.InitialiseInput{SeveralOrders: true})
			deal, first := w.confirmed()
			ids := []uuid.UUID{first}
			for range 3 {
				ids = append(ids, must(w.s.Orders().Create(w.ctx, deal, order.CreateInput{})).ID)
			}
			other, last := w.ordered()
			ids = append(ids, last)
			must(w.s.Orders().Cancel(w.ctx, ids[1], order.CancelInput{Reason: "gone"}))
			for _, x := range []struct {
				q    pursuit.OrderQuery
				want []uuid.UUID
			}{
				{pursuit.OrderQuery{}, ids},
				{pursuit.OrderQuery{Opportunity: deal}, ids[:4]},
				{pursuit.OrderQuery{Opportunity: other}, ids[4:]},
				{pursuit.OrderQuery{Customer: w.customer}, ids},
				{pursuit.OrderQuery{Customer: deal}, nil},
				{pursuit.OrderQuery{Statuses: []order.Status{order.Confirmed, order.Cancelled}}, ids[:2]},
			} {
				for _, size := range []int{1, 2, 100} {
					var got, views []uuid.UUID
					for cursor, viewed := "", ""; ; { // each list has cursors of its own
						p := must(w.s.Orders().List(w.ctx, x.q, pursuit.Page{Size: size, Cursor: cursor}))
						e := must(w.s.Orders().Executions(w.ctx, x.q, pursuit.Page{Size: size, Cursor: viewed}))
						for _, r := range p.Items {
							got = append(got, r.ID)
						}
						for _, v := range e.Items {
							views = append(views, v.Order)
						}
						if cursor, viewed = p.Next, e.Next; cursor == "" || len(got) > len(ids) {
							break
						}
					}
					same(fmt.Sprintf("the list of %+v", x.q), got, x.want)
					same(fmt.Sprintf("the views of %+v", x.q), views, x.want)
				}
			}
		}},
		{"J02/whole", "gives other lines or events in a list than alone would report goods of another order", func(w *world) {
			var want []order.Execution
			for i := range 3 {
				_, id := w.confirmed()
				must(0, w.execute(id, everything()[:1+i*2]...))
				want = append(want, w.view(id))
			}
			got := must(w.s.Orders().Executions(w.ctx, pursuit.OrderQuery{}, pursuit.Page{}))
			same("the views", text(got.Items), text(want))
			roots := must(w.s.Orders().List(w.ctx, pursuit.OrderQuery{}, pursuit.Page{}))
			for i, r := range roots.Items {
				same("the root", text(r), text(w.get(want[i].Order).Root))
			}
		}},
		{"J03/tenants", "finds another tenant's order would betray it", func(w *world) {
			_, id := w.confirmed()
			evil := w.as("other", "ann", access.Administrator).Orders()
			_, err := evil.Get(w.ctx, id)
			_, none := evil.Get(w.ctx, uuid.Max)
			if !errors.Is(err, fault.ErrNotFound) || fmt.Sprint(err) != fmt.Sprint(none) {
				fail("another tenant's order: %v; one that doesn't exist: %v", err, none)
			}
			_, err = evil.Cancel(w.ctx, id, order.CancelInput{Reason: "x"})
			if !errors.Is(err, fault.ErrNotFound) {
				fail("cancelling another tenant's order: %v", err)
			}
			same("the other tenant's list", len(must(evil.List(w.ctx, pursuit.OrderQuery{}, pursuit.Page{})).Items), 0)
			same("its views", len(must(evil.Executions(w.ctx, pursuit.OrderQuery{}, pursuit.Page{})).Items), 0)
		}},
		{"Q06/kept", "loses or mangles what was reported couldn't be trusted later", func(w *world) {
			_, id := w.confirmed()
			e := goods(`D'1"; DROP TABLE x --`, order.Delivery, 2, "0.000001")
			e.Note = "第一批\n50 % \\ 'quoted'"
			a := paper("A", order.Receipt, 1, 1)
			a.Advance = true
			i := paper("I", order.Invoice, 1, 1<<52)
			i.Quantity = dec("999999999999.999999")
			must(0, w.execute(id, e, a, i))
			s := w.get(id)
			same("the number of events", len(s.Events), 3)
			for _, want := range []order.EventInput{e, a, i} {
				found := false
				for _, x := range s.Events {
					if x.External != want.External {
						continue
					}
					found = true
					same("event "+want.External, text([]any{x.Kind, x.Line, x.Quantity, x.Amount.Minor(), x.On, x.Advance, x.Note, x.By, x.Recorded.IsZero()}),
						text([]any{want.Kind, want.Line, want.Quantity, want.Amount.Minor(), want.On, want.Advance, want.Note, "ann", false}))
				}
				if !found {
					fail("event %q is lost", want.External)
				}
			}
			page := must(w.s.Orders().Events(w.ctx, id, pursuit.Page{Size: 2}))
			rest := must(w.s.Orders().Events(w.ctx, id, pursuit.Page{Size: 2, Cursor: page.Next}))
			same("events page by page", text(append(page.Items, rest.Items...)), text(s.Events))
		}},
	}
}
