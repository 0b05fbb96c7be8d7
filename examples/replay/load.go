package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
)

// batchSize is how many rows share a transaction.
const batchSize = 400

// loader gives the commands that make opportunities of rows. Each command has a
// RequestID made of the opportunity's id: a second run finds everything there, a
// run that broke off goes on where it stopped, and a later state of the same file
// adds what has been decided since.
type loader struct {
	s     *pursuit.Session
	base  base
	count [3]int // rows by result
	// mended are of rows that were used; rejected are those that weren't.
	mended   []mending
	rejected []rejection
}

// result says what a row did.
type result int

const (
	there result = iota // nothing: all of it was there
	moved               // its end was new
	fresh               // it was new
)

// load imports everything, and tells progress how far it is. Errors: those of
// the store, and refusals of what all rows need.
func load(ctx context.Context, s *pursuit.Session, d *data, progress func(done, of int)) (*loader, error) {
	l := &loader{s: s, rejected: slices.Clone(d.rejected)}
	var err error
	if l.base, err = setUp(ctx, s, d.accounts); err != nil {
		return nil, err
	}
	done := 0
	for rows := range slices.Chunk(d.rows, batchSize) {
		if err := l.rows(ctx, rows); err != nil {
			return nil, err
		}
		done += len(rows)
		progress(done, len(d.rows))
	}
	return l, nil
}

// rows imports some rows in one transaction. If one of them is refused nothing of
// it is written; then each gets a transaction of its own, so that a bad row
// costs only itself.
func (l *loader) rows(ctx context.Context, rows []row) error {
	var count [3]int
	err := l.s.Batch(ctx, func(ctx context.Context, b *pursuit.Session) error {
		count = [3]int{} // a batch may run again
		for i := range rows {
			did, err := l.row(ctx, b, &rows[i])
			if err != nil {
				return err
			}
			count[did]++
		}
		return nil
	})
	switch {
	case err == nil:
		for i, n := range count {
			l.count[i] += n
		}
		for i := range rows {
			l.mended = append(l.mended, rows[i].mendings...)
		}
		return nil
	case !refusal(err):
		return fmt.Errorf("lines %d to %d: %w", rows[0].line, rows[len(rows)-1].line, err)
	case len(rows) == 1:
		l.rejected = append(l.rejected, rejection{pipelineFile, rows[0].line, fault.CodeOf(err), fault.FieldsOf(err)})
		return nil
	}
	for i := range rows {
		if err := l.rows(ctx, rows[i:i+1]); err != nil {
			return err
		}
	}
	return nil
}

// refusal says whether the engine found fault with the row, and not the store
// with itself.
func refusal(err error) bool {
	for _, kind := range []error{fault.ErrInvalid, fault.ErrNotAllowed, fault.ErrRequestReused, fault.ErrLimit} {
		if errors.Is(err, kind) {
			return true
		}
	}
	return false
}

// beginning is when deals without an engage_date are recorded.
var beginning = time.Date(2017, time.December, 31, 9, 0, 0, 0, time.UTC)

// row records one deal, and its end if it has one, each at its own time.
func (l *loader) row(ctx context.Context, s *pursuit.Session, r *row) (result, error) {
	at, in := beginning, prospectingID
	if !r.engaged.IsZero() {
		at, in = hour(r.engaged, 9), engagingID
	}
	deal, err := s.Opportunities().Record(ctx, opportunity.RecordInput{
		Name:       r.product + " for " + r.account,
		Customer:   l.base.customers[r.account],
		Owner:      r.agent,
		Department: r.office,
		Process:    l.base.process,
		Stage:      in,
		Currency:   money.USD,
		Lines:      []opportunity.LineInput{piece(r.product, r.list)},
		Attributes: map[string]string{"opportunity_id": r.id},
	}, pursuit.At(at), request(r, "record"))
	if err != nil {
		return there, err
	}
	var end pursuit.Result
	switch r.stage {
	case won:
		// The list price becomes what the customer paid; then the win freezes it.
		if _, err := s.Lines().Update(ctx, deal.ID, 1, opportunity.UpdateLineInput{Price: &r.value}, pursuit.At(hour(r.closed, 17)), request(r, "price")); err != nil {
			return there, err
		}
		end, err = s.Opportunities().Win(ctx, deal.ID, opportunity.WinInput{Summary: "Won", Reasons: l.base.won}, pursuit.At(hour(r.closed, 17)), request(r, "win"))
	case lost:
		end, err = s.Opportunities().Lose(ctx, deal.ID, opportunity.LoseInput{Summary: "Lost", Reasons: l.base.lost}, pursuit.At(hour(r.closed, 17)), request(r, "lose"))
	default:
		end.Repeated = true
	}
	switch {
	case err == nil && !deal.Repeated:
		return fresh, nil
	case err == nil && !end.Repeated:
		return moved, nil
	}
	return there, err
}

func piece(product string, price decimal.Decimal) opportunity.LineInput {
	return opportunity.LineInput{Product: product, Quantity: decimal.NewFromInt(1), Price: price}
}

func request(r *row, command string) pursuit.CallOption {
	return pursuit.RequestID(r.id + "/" + command)
}

// hour gives a full hour of a day, UTC.
func hour(d calendar.Date, h int) time.Time {
	return d.Start(time.UTC).Add(time.Duration(h) * time.Hour)
}
