package reliability

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/quote"
)

// quotable records a deal for which quotes can be made.
func quotable(ctx context.Context, w *World) (uuid.UUID, error) {
	_, err1 := selling(ctx, w)
	id, err2 := deal(ctx, w)
	return id, errors.Join(err1, err2)
}

// offered gives the quote of a deal: valid until the world's day.
func offered(ctx context.Context, w *World) (uuid.UUID, error) {
	id, err := quotable(ctx, w)
	if err != nil {
		return id, err
	}
	return made(w.S.Quotes().Create(ctx, id, quote.CreateInput{Title: "Offer", ValidUntil: w.Day.AddDays(30)}))
}

func send(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
	return w.S.Quotes().Send(ctx, id, o...)
}

// quoteCommands are those of the handle of quotes.
var quoteCommands = []Command{
	{"Quotes.Create", quotable, func(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
		return w.S.Quotes().Create(ctx, id, quote.CreateInput{Title: "Offer", Lines: Lines(4)}, o...)
	}},
	{"Quotes.Copy", offered, func(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
		return w.S.Quotes().Copy(ctx, id, pursuit.CopyQuoteInput{}, o...)
	}},
	{"Quotes.Update", offered, func(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
		return w.S.Quotes().Update(ctx, id, quote.UpdateInput{Lines: Lines(2)}, o...)
	}},
	{"Quotes.Send", offered, send},
	{"Quotes.Accept", func(ctx context.Context, w *World) (uuid.UUID, error) { // and another one is superseded
		id, err := chain(offered, send)(ctx, w)
		if err != nil {
			return id, err
		}
		other, err := made(w.S.Quotes().Copy(ctx, id, pursuit.CopyQuoteInput{}))
		if err == nil {
			_, err = send(ctx, w, other)
		}
		return id, err
	}, func(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
		return w.S.Quotes().Accept(ctx, id, quote.AcceptInput{Note: "by mail"}, o...)
	}},
	{"Quotes.Reject", chain(offered, send), func(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
		return w.S.Quotes().Reject(ctx, id, quote.EndInput{Reason: "too dear"}, o...)
	}},
	{"Quotes.Withdraw", offered, func(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
		return w.S.Quotes().Withdraw(ctx, id, quote.EndInput{Reason: "a mistake"}, o...)
	}},
	{"Quotes.Extend", chain(offered, send), func(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
		return w.S.Quotes().Extend(ctx, id, quote.ExtendInput{Until: w.Day.AddDays(60)}, o...)
	}},
	{"Quotes.Revise", chain(offered, send), func(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
		return w.S.Quotes().Revise(ctx, id, quote.ReviseInput{Reason: "another price"}, o...)
	}},
}
