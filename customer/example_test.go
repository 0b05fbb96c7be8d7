package customer_test

import (
	"fmt"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/customer"
)

func ExampleNew() {
	a, err := customer.New(id(1), "acme", customer.CreateInput{Name: "Bücher GmbH", Email: "info@bücher.example", Country: "DE", Contacts: []customer.ContactInput{{Name: "Ann", Primary: true}}}, []uuid.UUID{id(2)}, at(0))
	if err != nil {
		fmt.Println(err)
		return
	}
	change, _ := a.Change(ids(100))
	fmt.Println(change.Customer.Name, change.Customer.Status, change.Customer.Version)
	for _, e := range change.Entries {
		fmt.Println(e.Seq, e.Type)
	}
	// Output:
	// Bücher GmbH prospect 1
	// 1 customer.created.v1
	// 2 customer.contact_added.v1
}

func ExampleNew_invalid() {
	_, err := customer.New(id(1), "acme", customer.CreateInput{Email: "nobody", Country: "Germany"}, nil, at(0))
	fmt.Println(err)
	// Output:
	// customer.invalid: invalid input (/name: is required; /email: must look like name@example.com; /country: must be two upper-case letters)
}

func ExampleAggregate_SetPrimary() {
	a, _ := customer.New(id(1), "acme", customer.CreateInput{Name: "Acme", Contacts: []customer.ContactInput{{Name: "Ann", Primary: true}, {Name: "Bob"}}}, []uuid.UUID{id(2), id(3)}, at(0))
	stored, _ := a.Change(ids(100))

	a = customer.Open(customer.Record{Customer: stored.Customer, Contacts: a.Contacts, Head: stored.Head})
	if err := a.SetPrimary(id(3), at(1)); err != nil {
		fmt.Println(err)
		return
	}
	change, _ := a.Change(ids(200))
	for _, c := range change.Contacts {
		fmt.Println(c.Name, c.Primary)
	}
	// Output:
	// Ann false
	// Bob true
}

func ExampleKeysOf() {
	k := customer.KeysOf(customer.Customer{
		Name: "Bücher  GMBH", Email: "Info@Bücher.example", Phone: "0049 (0)30 12-34", URL: "https://www.bücher.example/",
	})
	fmt.Println(k.Name)
	fmt.Println(k.Email)
	fmt.Println(k.Phone)
	fmt.Println(k.URL)
	fmt.Println(customer.PublicMailDomain(k.EmailDomain))
	// Output:
	// bücher gmbh
	// info@xn--bcher-kva.example
	// +49301234
	// xn--bcher-kva.example
	// false
}
