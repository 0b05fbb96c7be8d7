// Quickstart walks an opportunity through the process on the in-memory store:
// recorded, advanced, refused, won, closed.
package main

import (
	"context"
	"fmt"
	"log"

	"github.com/shopspring/decimal"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/stage"
	"github.com/pursuit-crm/pursuit/storage/memory"
)

func main() {
	if err := run(context.Background()); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context) error {
	eng, err := pursuit.New(memory.New(), nil)
	if err != nil {
		return err
	}
	s := eng.As(pursuit.Actor{Tenant: "acme", User: "ann", Department: "sales", Roles: []access.Role{access.Administrator}})
	if _, err := s.Processes().Publish(ctx, stage.Process{Code: "simple", Names: stage.Names{"en": "Simple sale"}, Stages: []stage.Stage{
		{ID: "prospecting", Names: stage.Names{"en": "Prospecting", "zh": "初步接洽"}, Probability: 1000, Category: stage.Pipeline},
		{ID: "engaging", Names: stage.Names{"en": "Engaging", "zh": "方案洽谈"}, Probability: 5000, Category: stage.BestCase,
			Entry: []stage.Gate{{Kind: stage.GateLines, Params: map[string]string{"n": "1"}}}},
	}}); err != nil {
		return err
	}
	reason, err := s.Archives().Create(ctx, archive.Input{Kind: archive.WinReason, Code: "price", Names: map[string]string{"en": "Price", "zh": "价格"}})
	if err != nil {
		return err
	}
	o := s.Opportunities()
	r, err := o.RecordForNewCustomer(ctx, pursuit.NewCustomer{Customer: customer.Input{Name: "Northwind"}},
		opportunity.RecordInput{Name: "20 workstations", Currency: money.CNY})
	if err != nil {
		return err
	}
	fmt.Println("S1 recorded:", r.Number)
	_, err = o.Advance(ctx, r.ID, opportunity.Advance{To: "engaging", Summary: "They called back"})
	fmt.Println("S4 refused:", err)
	if _, err = s.Lines().Add(ctx, r.ID, []opportunity.LineInput{{Product: "WS-1", Quantity: decimal.NewFromInt(20), Price: decimal.RequireFromString("8999.50")}}); err != nil {
		return err
	}
	fmt.Println("S3 enriched with a line")
	if _, err = o.Advance(ctx, r.ID, opportunity.Advance{To: "engaging", Summary: "They called back"}); err != nil {
		return err
	}
	fmt.Println("S5 advanced to engaging")
	if _, err = o.Win(ctx, r.ID, opportunity.Win{Reasons: []opportunity.Choice{{Reason: reason.ID}}, Summary: "Signed"}); err != nil {
		return err
	}
	snap, err := o.Get(ctx, r.ID, 0)
	if err != nil {
		return err
	}
	fmt.Println("S6 won:", snap.Outcome.Amount)
	if _, err = o.Close(ctx, r.ID, opportunity.Close{}); err != nil {
		return err
	}
	fmt.Println("S9 closed; the journal proves it:")
	entries, err := o.Journal(ctx, r.ID)
	if err != nil {
		return err
	}
	for _, e := range entries {
		fmt.Printf("   %d %s %x…\n", e.Seq, e.Type, e.Hash[:4])
	}
	fmt.Println(opportunity.Lifecycle().Mermaid())
	return nil
}
