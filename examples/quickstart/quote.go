package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/quote"
)

// quote is what the negotiation is about: an offer, a better one, a yes. Quotes
// and orders need the sales system: until it is enabled and initialised they are
// refused, and all else works (C5).
func (st *story) quote(ctx context.Context) error {
	st.title("S5 Two offers, and a yes")
	in := quote.CreateInput{Title: "20 workstations, set up", ValidUntil: calendar.Of(time.Now(), time.UTC).AddDays(30)}
	_, err := st.ann.Quotes().Create(ctx, st.deal.ID, in)
	if !errors.Is(err, fault.ErrSalesSystemDisabled) {
		return fmt.Errorf("the quote was not refused: %w", err)
	}
	st.say("refused: %v", err)
	if _, err := st.admin.SalesSystem().Enable(ctx); err != nil {
		return err
	}
	if _, err := st.admin.SalesSystem().Initialise(ctx, order.InitialiseInput{BaseCurrency: money.CNY, TaxTreatment: money.TaxExclusive}); err != nil {
		return err
	}
	st.say("the sales system is enabled and initialised")
	r, err := st.ann.Quotes().Create(ctx, st.deal.ID, in)
	if err != nil {
		return err
	}
	if _, err := st.ann.Quotes().Send(ctx, r.ID); err != nil {
		return err
	}
	if err := st.showQuote(ctx, r.ID); err != nil {
		return err
	}
	// What was sent never changes: a better offer is the next revision (Q02).
	if _, err := st.ann.Quotes().Revise(ctx, r.ID, quote.ReviseInput{Reason: "Globex is cheaper"}); err != nil {
		return err
	}
	off := decimal.NewFromInt(2)
	if _, err := st.ann.Quotes().Update(ctx, r.ID, quote.UpdateInput{Discount: &off}); err != nil {
		return err
	}
	if _, err := st.ann.Quotes().Send(ctx, r.ID); err != nil {
		return err
	}
	if _, err := st.ann.Quotes().Accept(ctx, r.ID, quote.AcceptInput{Note: "by mail"}); err != nil {
		return err
	}
	return st.showQuote(ctx, r.ID)
}

func (st *story) showQuote(ctx context.Context, id uuid.UUID) error {
	q, err := st.ann.Quotes().Get(ctx, id)
	if err != nil {
		return err
	}
	st.say("%s, revision %d, is %s: %s net, %s tax, %s to pay", q.Number, q.Revision, q.Status, q.Net, q.Tax, q.Gross)
	return nil
}
