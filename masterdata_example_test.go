package pursuit_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
)

// A retired source stays on its deals, and can't be chosen for new ones.
func ExampleArchives_Retire() {
	s, ctx := open(), context.Background()
	fair := must(s.Archives().Create(ctx, archive.CreateInput{Kind: archive.Source, Code: "fair-2026", Names: map[string]string{"en": "Trade fair"}})).ID
	in := opportunity.RecordInput{Name: "Stand 12", Customer: s.customer, Currency: "USD", Source: fair}
	must(s.Opportunities().Record(ctx, in))
	must(s.Archives().Retire(ctx, fair))
	_, err := s.Opportunities().Record(ctx, in)
	fmt.Println(fault.FieldsOf(err)[0].Path, fault.FieldsOf(err)[0].Code)
	_, err = s.Archives().Delete(ctx, fair)
	fmt.Println("in use:", errors.Is(err, fault.ErrInUse))
	must(s.Archives().Activate(ctx, fair))
	must(s.Opportunities().Record(ctx, in))
	entry := must(s.Archives().ByCode(ctx, archive.Source, "fair-2026"))
	fmt.Println(entry.Names["en"], entry.Status)
	_, err = s.Archives().ByCode(ctx, archive.Source, "fair-2027")
	fmt.Println(fault.CodeOf(err))
	// Output:
	// /source retired
	// in use: true
	// Trade fair active
	// archive.not_found
}

// A person who left stays on the deals that name them, as long as there are any.
func ExampleCustomers_SetContactActive() {
	s, ctx := open(), context.Background()
	h := s.Customers()
	kim := must(h.AddContact(ctx, s.customer, customer.ContactInput{Name: "Kim", Primary: true})).Contact
	li := must(h.AddContact(ctx, s.customer, customer.ContactInput{Name: "Li Wei"})).Contact
	deal := must(s.Opportunities().Record(ctx, opportunity.RecordInput{Name: "Workstations", Customer: s.customer, Currency: "USD"})).ID
	must(s.DealContacts().Add(ctx, deal, opportunity.ContactInput{Contact: kim, Role: opportunity.Champion}))

	_, err := h.RemoveContact(ctx, s.customer, kim)
	fmt.Println("in use:", errors.Is(err, fault.ErrInUse))
	must(h.SetPrimaryContact(ctx, s.customer, li))
	must(h.SetContactActive(ctx, s.customer, kim, false))
	must(h.SetStatus(ctx, s.customer, customer.Inactive))
	c, err := h.Get(ctx, s.customer)
	fmt.Println(c.Status, err)
	for _, x := range c.Contacts {
		fmt.Println(x.Name, "active:", x.Active, "primary:", x.Primary)
	}
	// Output:
	// in use: true
	// inactive <nil>
	// Kim active: false primary: false
	// Li Wei active: true primary: true
}
