package storagetest

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/storage"
)

func (e *env) customer(tenant string, id uuid.UUID) customer.Record {
	e.t.Helper()
	var out customer.Record
	e.look("reading a customer", func(ctx context.Context, tx storage.Tx) (err error) {
		out, err = tx.Customers().Get(ctx, tenant, id, true)
		return err
	})
	return out
}

func customerRules() []Rule {
	return []Rule{
		{"customer/save/O11_version-guard", "doesn't compare the stored version would lose one of two concurrent changes", func(e *env) {
			c := e.newCustomer("t", "A", e.newContact("x"))
			e.do("inserting", saveCustomer(c))
			next := e.nextCustomer(c)
			next.Customer.Name = "B"
			e.do("changing", saveCustomer(next))
			late := e.nextCustomer(c)
			late.Customer.Name = "C"
			e.refused("a change of an old version", fault.ErrConflict, "", saveCustomer(late))
			late.Delete = true
			e.refused("deleting an old version", fault.ErrConflict, "", saveCustomer(late))
			e.refused("inserting what exists", fault.ErrConflict, "", saveCustomer(c))
			e.refused("changing what isn't there", fault.ErrConflict, "", saveCustomer(e.nextCustomer(e.newCustomer("t", "D"))))
			same(e, "the name", []string{e.customer("t", c.Customer.ID).Customer.Name}, []string{"B"})
			e.entriesAre("t", journal.KindCustomer, c.Customer.ID, 2)
		}},
		{"customer/save/C01_code-taken", "lets two customers have one code would book on either", func(e *env) {
			a, b, none, none2 := e.newCustomer("t", "A"), e.newCustomer("t", "B"), e.newCustomer("t", "C"), e.newCustomer("t", "D")
			a.Customer.Code, b.Customer.Code = "K", "K"
			e.do("a code", saveCustomer(a))
			e.do("no code", saveCustomer(none))
			e.do("no code, twice", saveCustomer(none2))
			e.refused("a code that is taken", fault.ErrDuplicate, "customer.code.taken", saveCustomer(b))
			steal := e.nextCustomer(none)
			steal.Customer.Code = "K"
			e.refused("changing to a code that is taken", fault.ErrDuplicate, "customer.code.taken", saveCustomer(steal))
			keep := e.nextCustomer(a)
			e.do("keeping the code", saveCustomer(keep))
			free := e.nextCustomer(keep)
			free.Customer.Code = "L"
			e.do("changing the code", saveCustomer(free))
			e.do("a code that became free", saveCustomer(b))
			e.look("an empty code", func(ctx context.Context, tx storage.Tx) error {
				_, err := tx.Customers().ByCode(ctx, "t", "")
				e.kind("ByCode of no code", err, fault.ErrNotFound, "")
				return nil
			})
		}},
		{"customer/save/C02_primary-moves", "enforces one primary contact in the wrong order would refuse to move the mark", func(e *env) {
			x, y, z := e.newContact("x"), e.newContact("y"), e.newContact("z")
			x.Primary = true
			c := e.newCustomer("t", "A", x, y, z)
			x, y, z = c.Contacts[0], c.Contacts[1], c.Contacts[2]
			e.do("inserting", saveCustomer(c))
			move := e.nextCustomer(c)
			x.Primary, y.Primary = false, true
			move.Contacts = []customer.Contact{x, y}
			e.do("moving the mark", saveCustomer(move))
			e.equal("contacts", e.customer("t", c.Customer.ID).Contacts, []customer.Contact{x, y, z})
			pass := e.nextCustomer(move)
			z.Primary = true
			pass.Removed, pass.Contacts = []uuid.UUID{y.ID}, []customer.Contact{z}
			e.do("passing the mark from a removed contact", saveCustomer(pass))
			e.equal("contacts", e.customer("t", c.Customer.ID).Contacts, []customer.Contact{x, z})
		}},
		{"customer/contacts/C02_in-order-of-ids", "returns contacts in any order would make replays differ from what is stored", func(e *env) {
			var list []customer.Contact
			for _, n := range []string{"a", "b", "c", "d"} {
				list = append(list, e.newContact(n))
			}
			c := e.newCustomer("t", "A", list[2], list[0], list[3], list[1])
			e.do("inserting", saveCustomer(c))
			got := e.customer("t", c.Customer.ID).Contacts
			same(e, "contacts", mapped(got, func(c customer.Contact) string { return c.Name }), []string{"a", "b", "c", "d"})
		}},
		{"customer/delete/C05", "leaves contacts of a deleted customer behind would offer them to new deals", func(e *env) {
			c := e.newCustomer("t", "A", e.newContact("x"))
			c.Customer.Code = "K"
			e.do("inserting", saveCustomer(c))
			del := e.nextCustomer(c)
			del.Delete = true
			e.do("deleting", saveCustomer(del))
			e.look("looking for it", func(ctx context.Context, tx storage.Tx) error {
				_, err := tx.Customers().Get(ctx, "t", c.Customer.ID, true)
				e.kind("Get", err, fault.ErrNotFound, "")
				_, err = tx.Customers().ByCode(ctx, "t", "K")
				e.kind("ByCode", err, fault.ErrNotFound, "")
				list, err := tx.Customers().ContactsNamed(ctx, "t", []uuid.UUID{c.Contacts[0].ID})
				same(e, "contacts", []int{len(list)}, []int{0})
				return err
			})
			e.entriesAre("t", journal.KindCustomer, c.Customer.ID, 2)
			again := e.newCustomer("t", "B")
			again.Customer.Code = "K"
			e.do("using the code again", saveCustomer(again))
		}},
		{"customer/named", "finds other than what was named would attach deals to strangers", func(e *env) {
			b := e.open("t")
			e.look("finding", func(ctx context.Context, tx storage.Tx) error {
				list, err := tx.Customers().Named(ctx, "t", []uuid.UUID{b.second.ID, e.id(), b.customer.ID})
				anyOrder(e, "customers", mapped(list, customerID), []uuid.UUID{b.customer.ID, b.second.ID})
				if err != nil {
					return err
				}
				contacts, err := tx.Customers().ContactsNamed(ctx, "t", []uuid.UUID{e.id(), b.stranger.ID})
				e.equal("contacts", contacts, []customer.Contact{b.stranger})
				if err != nil {
					return err
				}
				list, err = tx.Customers().Named(ctx, "t", nil)
				same(e, "none", []int{len(list)}, []int{0})
				return err
			})
		}},
		{"customer/list/pages", "breaks ties in another way than by id would skip customers between pages", func(e *env) {
			var all []customer.Customer
			for _, n := range []string{"beta", "Beta", "alpha", "ÉLAN", "elan", "Straße", "STRASSE", "商机", "beta", " z"} {
				c := e.newCustomer("t", n)
				e.do("inserting", saveCustomer(c))
				all = append(all, c.Customer)
			}
			slices.SortFunc(all, func(x, y customer.Customer) int {
				if c := strings.Compare(customer.KeysOf(x).Name, customer.KeysOf(y).Name); c != 0 {
					return c
				}
				return compareIDs(x.ID, y.ID)
			})
			for _, limit := range []int{1, 3, 50} {
				var got []uuid.UUID
				q := customer.Query{Scope: access.Scope{All: true}, Limit: limit}
				for range 20 {
					var page []customer.Customer
					e.look("a page", func(ctx context.Context, tx storage.Tx) (err error) {
						page, err = tx.Customers().List(ctx, "t", q)
						return err
					})
					if len(page) == 0 {
						break
					}
					if len(page) > limit {
						e.errorf("a page of %d has %d", limit, len(page))
					}
					got = append(got, mapped(page, customerID)...)
					last := page[len(page)-1]
					q.AfterKey, q.AfterID = customer.KeysOf(last).Name, last.ID
				}
				same(e, fmt.Sprintf("pages of %d", limit), got, mapped(all, customerID))
			}
		}},
		{"customer/list/J02_filters-and-scope", "ignores a filter or the scope would show customers to people who may not see them", func(e *env) {
			parent := e.newCustomer("t", "parent")
			e.do("inserting", saveCustomer(parent))
			add := func(name string, edit func(c *customer.Customer)) {
				c := e.newCustomer("t", name)
				edit(&c.Customer)
				e.do("inserting", saveCustomer(c))
			}
			add("a 100%", func(c *customer.Customer) { c.Owner, c.Department = "ann", "north" })
			add("b_x", func(c *customer.Customer) { c.Owner, c.Department, c.Kind = "bob", "south", customer.Person })
			add("c byx", func(c *customer.Customer) { c.Owner, c.Status, c.Parent = "Ann", customer.Inactive, parent.Customer.ID })
			all := access.Scope{All: true}
			for _, x := range []struct {
				q    customer.Query
				want []string
			}{
				{customer.Query{Scope: all}, []string{"a 100%", "b_x", "c byx", "parent"}},
				{customer.Query{Scope: all, Status: customer.Inactive}, []string{"c byx"}},
				{customer.Query{Scope: all, Kind: customer.Person}, []string{"b_x"}},
				{customer.Query{Scope: all, Owner: "ann"}, []string{"a 100%"}},
				{customer.Query{Scope: all, Parent: parent.Customer.ID}, []string{"c byx"}},
				{customer.Query{Scope: all, Search: "B_X"}, []string{"b_x"}},
				{customer.Query{Scope: all, Search: "%"}, []string{"a 100%"}},
				{customer.Query{Scope: all, Search: `\`}, nil},
				{customer.Query{}, nil},
				{customer.Query{Scope: access.Scope{User: "ann"}}, []string{"a 100%"}},
				{customer.Query{Scope: access.Scope{Departments: []string{"south", "west"}}}, []string{"b_x"}},
				{customer.Query{Scope: access.Scope{Departments: []string{""}}}, nil},
				{customer.Query{Scope: access.Scope{Departments: []string{"south"}, User: "Ann"}}, []string{"b_x", "c byx"}},
			} {
				x.q.Limit = 50
				e.look("listing", func(ctx context.Context, tx storage.Tx) error {
					list, err := tx.Customers().List(ctx, "t", x.q)
					same(e, fmt.Sprintf("query %+v", x.q), mapped(list, func(c customer.Customer) string { return c.Name }), x.want)
					return err
				})
			}
		}},
		{"customer/used/C05", "overlooks a reference would let a customer be deleted under its deals", func(e *env) {
			for role, refer := range map[string]func(b *books){
				"customer":  func(b *books) { b.record(func(s *opportunity.Snapshot) { s.Customer = b.second.ID }) },
				"bill-to":   func(b *books) { b.record(func(s *opportunity.Snapshot) { s.BillTo = b.second.ID }) },
				"end user":  func(b *books) { b.record(func(s *opportunity.Snapshot) { s.EndUser = b.second.ID }) },
				"a contact": func(b *books) { b.record(b.withStranger) },
				"parent": func(b *books) {
					c := e.newCustomer(b.tenant, "child")
					c.Customer.Parent = b.second.ID
					e.do("inserting", saveCustomer(c))
				},
				"a quote": func(b *books) {
					q := b.quote("Q", b.record())
					q.Root.Customer = b.second.ID
					e.do("quoting", saveQuote(q))
				},
				"an order": func(b *books) {
					o := b.order("O", b.record())
					o.Root.Customer = b.second.ID
					e.do("ordering", saveOrder(o))
				},
				"an order's bill-to": func(b *books) {
					o := b.order("O", b.record())
					o.Root.BillTo = b.second.ID
					e.do("ordering", saveOrder(o))
				},
				"an order's end user": func(b *books) {
					o := b.order("O", b.record())
					o.Root.EndUser = b.second.ID
					e.do("ordering", saveOrder(o))
				},
			} {
				b := e.open(role)
				used := func(contact uuid.UUID) (out bool) {
					e.look("asking", func(ctx context.Context, tx storage.Tx) (err error) {
						out, err = tx.Customers().Used(ctx, b.tenant, b.second.ID, contact)
						return err
					})
					return out
				}
				if used(uuid.Nil) || used(b.stranger.ID) {
					e.errorf("%s: in use before anything refers to it", role)
				}
				refer(b)
				if !used(uuid.Nil) {
					e.errorf("%s: the customer isn't in use", role)
				}
				if got, want := used(b.stranger.ID), role == "a contact"; got != want {
					e.errorf("%s: its contact is in use: %v, want %v", role, got, want)
				}
			}
		}},
	}
}

func (b *books) withStranger(s *opportunity.Snapshot) {
	s.Contacts = []opportunity.DealContact{{ContactKey: opportunity.ContactKey{Contact: b.stranger.ID, Role: opportunity.Influencer}, External: true, Added: day}}
}
