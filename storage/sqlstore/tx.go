package sqlstore

import (
	"cmp"
	"context"
	"fmt"

	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/opportunity/pipeline"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/quote"
	"github.com/pursuit-crm/pursuit/stage"
	"github.com/pursuit-crm/pursuit/storage"
)

// state is what all closures in one transaction share.
type state struct{ poisoned bool }

// tx is what a closure works with.
type tx struct {
	s     *Store
	c     Conn
	state *state
	write bool
	ended bool
	wrote bool
	last  stored
	boxes boxes
	queue queue
	// guests are rows of the host's own statements that aren't closed yet.
	guests []*guestRows
	// What a statement needed, for the next one; nil while it is in use.
	spare *args
	row   *row
}

func (t *tx) Opportunities() opportunity.Repository { return opportunities{t} }
func (t *tx) FollowUps() opportunity.FollowUps      { return followUps{t} }
func (t *tx) Pipeline() pipeline.Repository         { return sums{t} }
func (t *tx) Customers() customer.Repository        { return customers{t} }
func (t *tx) Archives() archive.Repository          { return archives{t} }
func (t *tx) Processes() stage.Repository           { return processes{t} }
func (t *tx) Orders() order.Repository              { return orders{t} }
func (t *tx) Quotes() quote.Repository              { return quotes{t} }
func (t *tx) Journal() journal.Repository           { return journals{t} }
func (t *tx) Requests() storage.Requests            { return requests{t} }
func (t *tx) Numbers() storage.Numbers              { return series{t} }
func (t *tx) Leases() storage.Leases                { return leases{t} }

// end is called when the closure has ended, however it did.
func (t *tx) end() {
	t.ended = true
	for _, r := range t.guests {
		r.closed = true
		_ = r.Rows.Close()
	}
	t.guests = nil
}

// can says whether the transaction may go on, and may write.
func (t *tx) can(ctx context.Context, write bool) error {
	switch {
	case t.ended || t.state.poisoned:
		return aborted()
	case write && !t.write:
		return readOnly()
	}
	if err := cancelled(ctx); err != nil {
		t.state.poisoned = true
		return err
	}
	return nil
}

// fail poisons the transaction.
func (t *tx) fail(err error) error {
	t.state.poisoned = true
	return err
}

// minArgs is room enough for most statements.
const minArgs = 32

func (t *tx) args(n int) *args {
	a := t.spare
	if a == nil || cap(a.v) < n {
		a = &args{v: make([]any, 0, max(n, minArgs))}
	}
	t.spare = nil
	*a = args{d: &t.s.d, v: a.v, boxes: &t.boxes}
	return a
}

// done takes the arguments of a statement back that was run, or is run and has
// them already.
func (t *tx) done(a *args) {
	clear(a.v)
	a.v = a.v[:0]
	t.spare = a
}

// text gives a statement as it is run. Only statements of which there are few
// come here.
func (s *Store) text(query string) string {
	if v, ok := s.texts.Load(query); ok {
		return v.(string)
	}
	text := rendered(query, s.names, &s.d)
	s.texts.Store(query, text)
	return text
}

// exec runs a statement that writes, and says how many rows it touched.
func (t *tx) exec(ctx context.Context, query string, a *args) (int64, error) {
	return t.run(ctx, t.s.text(query), a)
}

func (t *tx) run(ctx context.Context, text string, a *args) (int64, error) {
	return t.runOr(ctx, text, a, false)
}

// runOr is run for an INSERT; with rest, a key that is taken counts as no row, and
// leaves the transaction as it is. It may be set where a database ends only the
// statement then.
func (t *tx) runOr(ctx context.Context, text string, a *args, rest bool) (int64, error) {
	if err := t.can(ctx, true); err != nil {
		return 0, err
	}
	if err := t.flush(ctx); err != nil {
		return 0, err
	}
	if a.err != nil {
		return 0, t.fail(fault.Wrap(fault.ErrInternal, "storage.encode", "a value doesn't encode", a.err))
	}
	n, err := t.c.Exec(ctx, text, a.v...)
	t.done(a)
	if err != nil && rest && t.s.class(err) == classUnique {
		return 0, nil
	}
	if err != nil {
		return 0, t.fail(t.s.fault(ctx, err))
	}
	t.wrote = true
	return n, nil
}

// query runs a statement that reads, with n columns, and gives each row to fn.
func (t *tx) query(ctx context.Context, query string, n int, a *args, fn func(r *row)) error {
	return t.rows(ctx, t.s.text(query), n, a, fn)
}

// search is query for statements of which there are many.
func (t *tx) search(ctx context.Context, query string, n int, a *args, fn func(r *row)) error {
	return t.rows(ctx, rendered(query, t.s.names, &t.s.d), n, a, fn)
}

func (t *tx) rows(ctx context.Context, text string, n int, a *args, fn func(r *row)) (err error) {
	if err := t.can(ctx, false); err != nil {
		return err
	}
	if err := t.flush(ctx); err != nil {
		return err
	}
	rows, err := t.c.Query(ctx, text, a.v...)
	t.done(a)
	if err != nil {
		return t.fail(t.s.fault(ctx, err))
	}
	defer func() {
		if e := rows.Close(); e != nil && err == nil {
			err = t.fail(t.s.fault(ctx, e))
		}
	}()
	r := cmp.Or(t.row, &row{}).sized(n)
	t.row = nil
	defer func() { t.row = r }()
	for rows.Next() {
		r.at, r.err = 0, nil
		if err := rows.Scan(r.dest...); err != nil {
			return t.fail(t.s.fault(ctx, err))
		}
		if fn(r); r.err != nil {
			return t.fail(corrupt(r.err))
		}
	}
	if err := rows.Err(); err != nil {
		return t.fail(t.s.fault(ctx, err))
	}
	return nil
}

// Bounds of one INSERT.
const (
	maxVariables = 30_000
	maxRows      = 500
	keptRows     = 16 // up to so many, statements are kept
)

// put inserts n rows of a table, in as few statements as the bounds allow, and
// says how many it touched.
func (t *tx) put(ctx context.Context, tb *table, m mode, n int, fill func(a *args, i int)) (int64, error) {
	var touched int64
	for from := 0; from < n; {
		size := min(n-from, maxRows, maxVariables/len(tb.cols))
		a := t.args(size * len(tb.cols))
		for i := range size {
			fill(a, from+i)
		}
		if err := t.fits(tb, a, size); err != nil {
			return 0, err
		}
		k, err := t.runOr(ctx, t.s.insert(tb, size, m), a, m == nothing && t.s.d.nothing == "")
		if err != nil {
			return 0, err
		}
		touched += k
		from += size
	}
	return touched, nil
}

// fits says whether there is a value for each column of so many rows.
func (t *tx) fits(tb *table, a *args, rows int) error {
	if len(a.v) == rows*len(tb.cols) {
		return nil
	}
	return t.fail(fault.New(fault.ErrInternal, "storage.columns", fmt.Sprintf("%d values for %d columns of %s", len(a.v)/rows, len(tb.cols), tb.name)))
}

func (s *Store) insert(tb *table, rows int, m mode) string {
	k := shape{tb.name, rows, m}
	if v, ok := s.shapes.Load(k); ok {
		return v.(string)
	}
	text := rendered(tb.insert(&s.d, rows, m), s.names, &s.d)
	if rows <= keptRows {
		s.shapes.Store(k, text)
	}
	return text
}
