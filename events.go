package pursuit

import (
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/quote"
	"github.com/pursuit-crm/pursuit/stage"
)

//go:generate go test . -run TestDocs_Events -update-events

// DecodeEvent returns the payload of an entry of any kind: a pointer to the
// struct named in docs/events.md, such as an *[opportunity.WonPayload]. A
// consumer switches on its type. Errors: ErrCorrupt for a type that this version
// doesn't know, and for an unreadable payload.
func DecodeEvent(e journal.Entry) (any, error) {
	switch e.Kind {
	case journal.KindOpportunity:
		return opportunity.Decode(e)
	case journal.KindQuote:
		return quote.Decode(e)
	case journal.KindOrder, journal.KindSales:
		return order.Decode(e)
	case journal.KindCustomer:
		return customer.Decode(e)
	case journal.KindArchive:
		return archive.Decode(e)
	case journal.KindProcess:
		return stage.Decode(e)
	}
	return nil, fault.New(fault.ErrCorrupt, "journal.type", "an event's type is unknown: "+e.Type)
}
