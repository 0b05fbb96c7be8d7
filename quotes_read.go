package pursuit

import (
	"context"
	"iter"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/text"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/quote"
	"github.com/pursuit-crm/pursuit/storage"
)

// Get returns a quote with the lines of its active revision, and with all past
// revisions and their lines. quote.RateTotals returns the totals per tax rate.
// Errors: ErrNotFound, also if the actor may not see it.
func (h Quotes) Get(ctx context.Context, id uuid.UUID) (quote.Snapshot, error) {
	var out quote.Snapshot
	err := h.s().view(ctx, "quotes.get", func(ctx context.Context, tx storage.Tx) (err error) {
		out, _, err = h.s().loadQuote(ctx, tx, id, quote.Load{Items: true, Past: true}, access.QuoteRead)
		return err
	})
	if err != nil {
		return quote.Snapshot{}, err
	}
	return out, nil
}

// ByNumber returns a quote by its number. Errors as for Get; ErrInvalid.
func (h Quotes) ByNumber(ctx context.Context, number string) (quote.Snapshot, error) {
	if err := numberOf(number, "quote.number.invalid"); err != nil {
		return quote.Snapshot{}, err
	}
	var out quote.Snapshot
	err := h.s().view(ctx, "quotes.by_number", func(ctx context.Context, tx storage.Tx) error {
		list, err := tx.Quotes().List(ctx, h.s().actor.Tenant, quote.Query{Scope: access.Scope{All: true}, Number: number, Limit: 1})
		if err != nil {
			return err
		}
		if len(list) == 0 {
			return fault.NotFound("quote.not_found")
		}
		out, _, err = h.s().loadQuote(ctx, tx, list[0].ID, quote.Load{Items: true, Past: true}, access.QuoteRead)
		return err
	})
	if err != nil {
		return quote.Snapshot{}, err
	}
	return out, nil
}

// numberOf refuses a text that can't be a number.
func numberOf(number, code string) error {
	var f fault.Fields
	text.AnyKey(&f, "/number", number, 1, text.MaxCode)
	return f.Invalid(code)
}

// QuoteQuery selects quotes; zero fields select all.
type QuoteQuery struct {
	Statuses    []quote.Status `json:"statuses,omitzero"`
	Opportunity uuid.UUID      `json:"opportunity,omitzero"`
	Customer    uuid.UUID      `json:"customer,omitzero"`
	// ValidBefore, if not zero, selects quotes whose last valid day is before it.
	ValidBefore calendar.Date `json:"valid_before,omitzero"`
}

func (q QuoteQuery) validate() error {
	var f fault.Fields
	checkStatuses(&f, q.Statuses, len(quote.Statuses()))
	return f.Invalid("query.invalid")
}

// List returns a page of the quotes that the actor may see, by number (J02).
// Errors: ErrInvalid.
func (h Quotes) List(ctx context.Context, q QuoteQuery, page Page) (List[quote.Root], error) {
	if err := q.validate(); err != nil {
		return List[quote.Root]{}, err
	}
	sc, err := h.s().scope(ctx, access.Quotes)
	if err != nil {
		return List[quote.Root]{}, err
	}
	return list(ctx, h.s(), "quotes.list", page, q, byText, func(ctx context.Context, tx storage.Tx, from position, limit int) ([]quote.Root, error) {
		if _, err := h.s().sales(ctx, tx); err != nil {
			return nil, err
		}
		qq := quote.Query{Scope: sc, Statuses: q.Statuses, Opportunity: q.Opportunity,
			Customer: q.Customer, ValidBefore: q.ValidBefore, AfterNumber: from.Key, Limit: limit}
		return rowsOf(ctx, h.s(), tx, func() ([]quote.Root, error) { return tx.Quotes().List(ctx, h.s().actor.Tenant, qq) }, &qq.Customer)
	}, func(r quote.Root) position { return position{r.Number, r.ID} })
}

// All iterates over all quotes that a query selects, page by page. Errors as for
// List.
func (h Quotes) All(ctx context.Context, q QuoteQuery) iter.Seq2[quote.Root, error] {
	return all(ctx, func(ctx context.Context, p Page) (List[quote.Root], error) { return h.List(ctx, q, p) })
}

// ByOpportunity iterates over the quotes of an opportunity, by number: none if
// the actor sees none. Errors as for List.
func (h Quotes) ByOpportunity(ctx context.Context, id uuid.UUID) iter.Seq2[quote.Root, error] {
	if id == uuid.Nil { // it would select all
		id = uuid.Max
	}
	return h.All(ctx, QuoteQuery{Opportunity: id})
}

// Journal returns the verified journal of a quote (J06). Errors as for Get;
// ErrForbidden; ErrCorrupt if the journal was tampered with.
func (h Quotes) Journal(ctx context.Context, id uuid.UUID) ([]journal.Entry, error) {
	var out []journal.Entry
	err := h.s().view(ctx, "quotes.journal", func(ctx context.Context, tx storage.Tx) error {
		snap, _, err := h.s().loadQuote(ctx, tx, id, quote.Load{}, access.JournalRead)
		if err != nil {
			return err
		}
		out, err = h.s().chain(ctx, tx, journal.KindQuote, id, snap.Head)
		return err
	})
	return out, err
}
