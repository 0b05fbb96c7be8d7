package storagetest

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/storage"
)

// hitsOf formats hits in one line each.
func hitsOf(list []customer.Hit) []string {
	return mapped(list, func(h customer.Hit) string { return fmt.Sprint(h.Customer.Name, " ", h.By) })
}

func mergeRules() []Rule {
	return []Rule{
		{"customer/alike/C07", "overlooks a key, or finds what isn't alike, would record a customer twice, or hide it among strangers", func(e *env) {
			add := func(name string, edit func(c *customer.Customer), contacts ...customer.Contact) customer.Change {
				c := e.newCustomer("t", name, contacts...)
				if edit != nil {
					edit(&c.Customer)
				}
				e.do("inserting", saveCustomer(c))
				return c
			}
			ann := e.newContact("Ann")
			ann.Email, ann.Phone = "ann@acme.example", "+49 30 12345"
			bob := e.newContact("Bob")
			bob.Email = "bob@acme.example"
			one := add("Acme", func(c *customer.Customer) { c.TaxID, c.Owner, c.Department = "DE 123", "ann", "north" }, ann, bob)
			add("ACME", func(c *customer.Customer) { c.Owner = "bob" })
			add("Bolt", func(c *customer.Customer) { c.Email, c.TaxID = "info@bolt.example", "DE-123" })
			add("Core", func(c *customer.Customer) { c.Phone = "+49 (0)30 12345" })
			add("Zero", nil)
			add("Acme", func(c *customer.Customer) { c.Status, c.MergedInto = customer.Inactive, one.Customer.ID })
			mid := add("Mid", func(c *customer.Customer) {
				c.Owner, c.Status, c.MergedInto = "bob", customer.Inactive, one.Customer.ID
			})
			add("Old", func(c *customer.Customer) {
				c.TaxID, c.Owner, c.Status, c.MergedInto = "FR 9", "bob", customer.Inactive, mid.Customer.ID
			})
			stranger := e.newCustomer("u", "Acme")
			e.do("inserting", saveCustomer(stranger))
			all := access.Scope{All: true}
			for _, x := range []struct {
				q    customer.AlikeQuery
				want []string
			}{
				{customer.AlikeQuery{Scope: all}, nil},
				{customer.AlikeQuery{Scope: all, Name: "acme"}, []string{"Acme [name]", "ACME [name]"}},
				{customer.AlikeQuery{Scope: all, Name: "acm"}, nil},
				{customer.AlikeQuery{Scope: all, Name: "acme", Except: one.Customer.ID}, []string{"ACME [name]"}},
				{customer.AlikeQuery{Scope: all, TaxID: "DE123"}, []string{"Acme [tax_id]", "Bolt [tax_id]"}},
				{customer.AlikeQuery{Scope: all, Emails: []string{"x@y.example", "info@bolt.example"}}, []string{"Bolt [email]"}},
				{customer.AlikeQuery{Scope: all, Emails: []string{"ann@acme.example"}, Domains: []string{"acme.example"}}, []string{"Acme [email email_domain]"}},
				{customer.AlikeQuery{Scope: all, Domains: []string{"bolt.example", "acme.example"}}, []string{"Acme [email_domain]", "Bolt [email_domain]"}},
				{customer.AlikeQuery{Scope: all, Phones: []string{"+493012345"}}, []string{"Acme [phone]", "Core [phone]"}},
				{customer.AlikeQuery{Scope: all, Name: "acme", TaxID: "DE123", Phones: []string{"+493012345"}},
					[]string{"Acme [name phone tax_id]", "ACME [name]", "Bolt [tax_id]", "Core [phone]"}},
				{customer.AlikeQuery{Scope: all, Name: "mid"}, []string{"Acme [name]"}},
				{customer.AlikeQuery{Scope: all, Name: "old", TaxID: "FR9"}, []string{"Acme [name tax_id]"}},
				{customer.AlikeQuery{Scope: all, Name: "old", TaxID: "DE123"}, []string{"Acme [name tax_id]", "Bolt [tax_id]"}},
				{customer.AlikeQuery{Scope: all, Name: "old", Except: one.Customer.ID}, nil},
				{customer.AlikeQuery{Scope: access.Scope{User: "bob"}, Name: "old"}, nil},
				{customer.AlikeQuery{Name: "acme"}, nil},
				{customer.AlikeQuery{Scope: access.Scope{User: "bob"}, Name: "acme"}, []string{"ACME [name]"}},
				{customer.AlikeQuery{Scope: access.Scope{Departments: []string{"north"}}, Name: "acme", TaxID: "DE123"}, []string{"Acme [name tax_id]"}},
			} {
				x.q.Limit = 21
				e.look("searching", func(ctx context.Context, tx storage.Tx) error {
					hits, err := tx.Customers().Alike(ctx, "t", x.q)
					same(e, fmt.Sprintf("query %+v", x.q), hitsOf(hits), x.want)
					return err
				})
			}
			e.look("a whole customer", func(ctx context.Context, tx storage.Tx) error {
				hits, err := tx.Customers().Alike(ctx, "t", customer.AlikeQuery{Scope: access.Scope{User: "ann"}, Name: "acme", Limit: 5})
				e.equal("the hit", hits, []customer.Hit{{Customer: one.Customer, By: []customer.Match{customer.SameName}}})
				return err
			})
			e.look("a page", func(ctx context.Context, tx storage.Tx) error {
				hits, err := tx.Customers().Alike(ctx, "t", customer.AlikeQuery{Scope: all, Name: "acme", TaxID: "DE123", Phones: []string{"+493012345"}, Limit: 3})
				same(e, "how many", []int{len(hits)}, []int{3})
				return err
			})
		}},
		{"customer/merge/C08_contacts-move", "loses a contact that moves, or keeps it with the alias, would lose a person of the customer", func(e *env) {
			x, y := e.newContact("x"), e.newContact("y")
			x.Primary = true
			into, from := e.newCustomer("t", "A", y), e.newCustomer("t", "B", x)
			from.Customer.Code = "K"
			x, y = from.Contacts[0], into.Contacts[0]
			e.do("inserting", saveCustomer(into))
			e.do("inserting", saveCustomer(from))
			away, to := e.nextCustomer(from), e.nextCustomer(into)
			away.Customer.Status, away.Customer.MergedInto, away.Moved = customer.Inactive, into.Customer.ID, []uuid.UUID{x.ID}
			moved := x
			moved.Customer = into.Customer.ID
			to.Contacts = []customer.Contact{moved}
			e.do("merging", func(ctx context.Context, tx storage.Tx) error {
				if err := tx.Customers().Save(ctx, away); err != nil {
					return err
				}
				return tx.Customers().Save(ctx, to)
			})
			e.equal("the survivor's contacts", e.customer("t", into.Customer.ID).Contacts, []customer.Contact{moved, y})
			alias := e.customer("t", from.Customer.ID)
			e.equal("the alias", alias.Customer, away.Customer)
			same(e, "its contacts", []int{len(alias.Contacts)}, []int{0})
			e.look("reading", func(ctx context.Context, tx storage.Tx) error {
				list, err := tx.Customers().ContactsNamed(ctx, "t", []uuid.UUID{x.ID})
				e.equal("the contact by its id", list, []customer.Contact{moved})
				if err != nil {
					return err
				}
				rec, err := tx.Customers().ByCode(ctx, "t", "K")
				same(e, "the alias by its code", []uuid.UUID{rec.Customer.ID}, []uuid.UUID{from.Customer.ID})
				if err != nil {
					return err
				}
				page, err := tx.Customers().List(ctx, "t", customer.Query{Scope: access.Scope{All: true}, Limit: 10})
				same(e, "a list without aliases", mapped(page, customerID), []uuid.UUID{into.Customer.ID})
				if err != nil {
					return err
				}
				used, err := tx.Customers().Used(ctx, "t", into.Customer.ID, uuid.Nil)
				same(e, "the survivor's use", []bool{used}, []bool{true})
				return err
			})
		}},
		{"opportunity/of-contact/R04", "loses a role, or shows deals that an actor may not see, would tell a wrong story of a person", func(e *env) {
			b := e.open("t")
			with := func(owner string, roles ...opportunity.ContactRole) opportunity.Snapshot {
				return *b.record(func(s *opportunity.Snapshot) {
					s.Owner = owner
					s.Members = []opportunity.Member{{User: owner, Role: opportunity.RoleOwner, Access: opportunity.Write, Joined: day}}
					for _, r := range roles {
						s.Contacts = append(s.Contacts, opportunity.DealContact{ContactKey: opportunity.ContactKey{Contact: b.contact.ID, Role: r}, Note: string(r), Added: day})
					}
				})
			}
			one := with("ann", opportunity.Champion, opportunity.Influencer)
			with("ann")
			two := with("bob", opportunity.Champion)
			b.record(b.withStranger)
			line := func(x opportunity.ContactDeal) string { return x.Deal.Number + " " + x.Contact.Note }
			first, second, third := two.Number+" champion", one.Number+" influencer", one.Number+" champion"
			for _, x := range []struct {
				scope access.Scope
				limit int
				want  []string
			}{
				{access.Scope{All: true}, 10, []string{first, second, third}},
				{access.Scope{All: true}, 1, []string{first, second, third}},
				{access.Scope{All: true}, 2, []string{first, second, third}},
				{access.Scope{User: "ann"}, 10, []string{second, third}},
				{access.Scope{}, 10, nil},
			} {
				var got []string
				q := opportunity.ContactQuery{Scope: x.scope, Contact: b.contact.ID, Limit: x.limit}
				for range 5 {
					var page []opportunity.ContactDeal
					e.look("a page", func(ctx context.Context, tx storage.Tx) (err error) {
						page, err = tx.Opportunities().OfContact(ctx, "t", q)
						return err
					})
					if len(page) == 0 {
						break
					}
					got = append(got, mapped(page, line)...)
					last := page[len(page)-1]
					q.AfterID, q.AfterRole = last.Deal.ID, last.Contact.Role
				}
				same(e, fmt.Sprintf("scope %+v, pages of %d", x.scope, x.limit), got, x.want)
			}
			e.look("whole", func(ctx context.Context, tx storage.Tx) error {
				page, err := tx.Opportunities().OfContact(ctx, "t", opportunity.ContactQuery{Scope: access.Scope{All: true}, Contact: b.contact.ID, Limit: 1})
				e.equal("a deal and its contact", page, []opportunity.ContactDeal{{Deal: two.Root, Contact: two.Contacts[0]}})
				return err
			})
		}},
		{"opportunity/references/C08_aliases", "hides that a customer is an alias would record deals of customers that are gone", func(e *env) {
			b := e.open("t")
			c := e.newCustomer("t", "Gone")
			c.Customer.Status, c.Customer.MergedInto = customer.Inactive, b.customer.ID
			e.do("inserting", saveCustomer(c))
			e.look("looking up", func(ctx context.Context, tx storage.Tx) error {
				f, err := tx.Opportunities().References(ctx, "t", opportunity.Refs{Customers: []uuid.UUID{c.Customer.ID, b.second.ID}})
				into := map[uuid.UUID]uuid.UUID{}
				for _, x := range f.Customers {
					into[x.ID] = x.MergedInto
				}
				e.equal("aliases", into, map[uuid.UUID]uuid.UUID{c.Customer.ID: b.customer.ID, b.second.ID: uuid.Nil})
				return err
			})
		}},
		{"customer/dependents/C08", "overlooks a dependent would leave a deal with an alias", func(e *env) {
			b := e.open("t")
			at := func(d *opportunity.Snapshot) uuid.UUID { return d.ID }
			plain := b.record()
			bill := b.record(func(s *opportunity.Snapshot) { s.BillTo = b.second.ID })
			end := b.record(func(s *opportunity.Snapshot) { s.EndUser = b.second.ID })
			both := b.record(func(s *opportunity.Snapshot) { s.Customer, s.BillTo = b.second.ID, b.second.ID })
			o, p := b.order("O", plain), b.order("P", plain)
			o.Root.Customer, p.Root.EndUser = b.second.ID, b.second.ID
			e.do("ordering", saveOrder(o))
			e.do("ordering", saveOrder(p))
			e.do("ordering", saveOrder(b.order("Q", plain)))
			quote := b.quote("QUO", plain)
			quote.Root.Customer = b.second.ID
			e.do("quoting", saveQuote(quote))
			child := e.newCustomer("t", "child")
			child.Customer.Parent = b.second.ID
			e.do("inserting", saveCustomer(child))
			ask := func(id uuid.UUID, limit int) (d customer.Dependents) {
				e.look("asking", func(ctx context.Context, tx storage.Tx) (err error) {
					d, err = tx.Customers().Dependents(ctx, "t", id, limit)
					return err
				})
				return d
			}
			e.equal("all", ask(b.second.ID, 100), customer.Dependents{
				Opportunities: []uuid.UUID{at(bill), at(end), at(both)}, Quotes: []uuid.UUID{quote.Root.ID},
				Orders: []uuid.UUID{o.Root.ID, p.Root.ID}, Children: []uuid.UUID{child.Customer.ID},
			})
			e.equal("some", ask(b.second.ID, 5), customer.Dependents{Opportunities: []uuid.UUID{at(bill), at(end), at(both)}, Quotes: []uuid.UUID{quote.Root.ID}, Orders: []uuid.UUID{o.Root.ID}})
			e.equal("none", ask(child.Customer.ID, 100), customer.Dependents{})
			e.look("another tenant's", func(ctx context.Context, tx storage.Tx) error {
				d, err := tx.Customers().Dependents(ctx, "u", b.second.ID, 100)
				e.equal("another tenant's", d, customer.Dependents{})
				return err
			})
		}},
	}
}
