package pursuit_test

import (
	"context"
	"fmt"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/opportunity"
)

// A consumer of events decodes their payloads; docs/events.md says what each holds.
func ExampleDecodeEvent() {
	s, ctx := open(), context.Background()
	deal := s.record("20 workstations")
	if _, err := s.Opportunities().Hold(ctx, deal.ID, opportunity.HoldInput{Reason: "the budget is frozen"}); err != nil {
		fmt.Println(err)
		return
	}
	relay, err := s.eng.Relay("acme", pursuit.PublisherFunc(func(_ context.Context, e journal.Entry) error {
		payload, err := pursuit.DecodeEvent(e)
		if err != nil {
			return err // it stays in the journal, and is handed over again
		}
		switch p := payload.(type) {
		case *opportunity.RecordedPayload:
			fmt.Println(p.Root.Number, p.Root.Name, "of", p.Root.Owner)
		case *opportunity.HeldPayload:
			fmt.Println(p.Changes.Status.From, "to", p.Changes.Status.To, "because", p.Reason)
		}
		return nil
	}), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = relay.Once(ctx)
	fmt.Println(err)
	// Output:
	// OPP-2026-000001 20 workstations of ann
	// open to on_hold because the budget is frozen
	// <nil>
}
