package sqlstore

import (
	"context"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
)

// Statement is one of several statements sent together.
type Statement struct {
	Query string
	Args  []any
}

// Batcher is an optional interface of a Conn that sends several statements in one
// round trip. On PostgreSQL the store writes an aggregate that way. A statement
// that must affect a row, such as the UPDATE that names a version, raises a
// database error if it doesn't, so that no later statement runs or can be
// committed.
type Batcher interface {
	Conn
	// Batch runs statements in order, and returns the number of rows that each
	// affected or returned. If one fails, later ones don't run; the numbers of
	// earlier ones come with the error.
	Batch(ctx context.Context, list []Statement) (touched []int64, err error)
}

// queue holds back what a command writes, to be sent together.
type queue struct {
	on   bool // what is written now is queued
	late bool // it stays queued until something is read, or the end
	list []queued
}

type queued struct {
	Statement
	// miss, if not nil, says what it means that the statement raised its error.
	miss func() error
	// note, if not nil, is told how many rows there were.
	note func(n int64)
	// taken is the code of a key that is taken, if it has one of its own.
	taken string
}

// Defer lets writes wait until something is read, or until the closure's end; see
// storage.Deferring.
func (t *tx) Defer() { t.queue.late = true }

func (t *tx) batches() bool {
	_, ok := t.c.(Batcher)
	return ok && t.s.d.guard != nil
}

// together runs what saves an aggregate, and sends what it writes at once where
// that is possible.
func (t *tx) together(ctx context.Context, save func() error) error {
	if err := t.can(ctx, true); err != nil {
		return err
	}
	if !t.batches() {
		return save()
	}
	t.queue.on = true
	err := save()
	t.queue.on = false
	if err != nil {
		return t.fail(err)
	}
	if t.queue.late {
		return nil
	}
	return t.flush(ctx)
}

// flush sends what is queued.
func (t *tx) flush(ctx context.Context) error {
	return t.send(ctx, func(list []Statement) ([]int64, error) { return t.c.(Batcher).Batch(ctx, list) })
}

func (t *tx) send(ctx context.Context, f func(list []Statement) ([]int64, error)) error {
	list := t.queue.list
	if len(list) == 0 {
		return nil
	}
	t.queue.list = nil
	if err := t.can(ctx, true); err != nil {
		return err
	}
	t.wrote = true
	statements := make([]Statement, len(list))
	for i := range list {
		statements[i] = list[i].Statement
	}
	touched, err := f(statements)
	for i, n := range touched {
		if i < len(list) && list[i].note != nil {
			list[i].note(n)
		}
	}
	if err == nil {
		return nil
	}
	var q queued // that failed
	if at := len(touched); at < len(list) {
		q = list[at]
	}
	if q.miss != nil && t.s.d.guarded(err) {
		return t.fail(q.miss())
	}
	if err = t.s.fault(ctx, err); q.taken != "" {
		err = taken(err, q.taken)
	}
	return t.fail(err)
}

// execThen runs a statement, now or with others. It must touch so many rows, or
// else it is a miss; which may be nil if any number will do.
func (t *tx) execThen(ctx context.Context, text, takenCode string, a *args, want int, miss func() error) error {
	if t.queue.on {
		return t.enqueue(text, takenCode, a, want, miss)
	}
	n, err := t.run(ctx, text, a)
	switch {
	case err != nil && takenCode != "":
		return taken(err, takenCode)
	case err == nil && miss != nil && n != int64(want):
		return t.fail(miss())
	}
	return err
}

func (t *tx) enqueue(text, takenCode string, a *args, want int, miss func() error) error {
	if a.err != nil {
		return t.fail(fault.Wrap(fault.ErrInternal, "storage.encode", "a value doesn't encode", a.err))
	}
	if miss != nil {
		text = t.s.d.guard(text, want)
	}
	t.queue.list = append(t.queue.list, queued{Statement: Statement{text, a.v}, miss: miss, taken: takenCode})
	return nil
}

// later is exec, now or with others.
func (t *tx) later(ctx context.Context, query string, a *args) error {
	return t.execThen(ctx, t.s.text(query), "", a, 0, nil)
}

// create inserts an aggregate's row.
func (t *tx) create(ctx context.Context, tb *table, tenant string, id uuid.UUID, changed, takenCode string, fill func(a *args, i int)) error {
	if !t.queue.on {
		n, err := t.put(ctx, tb, nothing, 1, fill)
		if err == nil && n == 0 {
			return t.clash(ctx, tb, tenant, id, changed, takenCode)
		}
		return t.rooted(n, err, changed, takenCode)
	}
	there := false // nothing can be asked afterwards
	t.queue.list = append(t.queue.list, queued{
		Statement: Statement{t.s.text("SELECT 1 FROM " + tb.name + " WHERE tenant = ? AND id = ?"), t.args(2).text(tenant).id(id).v},
		note:      func(n int64) { there = n != 0 },
	})
	a := t.args(len(tb.cols))
	fill(a, 0)
	if err := t.fits(tb, a, 1); err != nil {
		return err
	}
	return t.enqueue(t.s.insert(tb, 1, nothing), takenCode, a, 1, func() error {
		if there {
			return conflict(changed)
		}
		return duplicate(takenCode)
	})
}

// guarded runs an aggregate's UPDATE or DELETE, which names a version.
func (t *tx) guarded(ctx context.Context, text, changed, takenCode string, a *args) error {
	return t.execThen(ctx, text, takenCode, a, 1, func() error { return conflict(changed) })
}

// putThen is put, now or with others. Unless miss is nil, it says what it means
// that not all rows were inserted.
func (t *tx) putThen(ctx context.Context, tb *table, m mode, n int, fill func(a *args, i int), miss func() error) error {
	if !t.queue.on {
		touched, err := t.put(ctx, tb, m, n, fill)
		if err == nil && miss != nil && touched != int64(n) {
			err = t.fail(miss())
		}
		return err
	}
	for from := 0; from < n; {
		size := min(n-from, maxRows, maxVariables/len(tb.cols))
		a := t.args(size * len(tb.cols))
		for i := range size {
			fill(a, from+i)
		}
		if err := t.fits(tb, a, size); err != nil {
			return err
		}
		if err := t.enqueue(t.s.insert(tb, size, m), "", a, size, miss); err != nil {
			return err
		}
		from += size
	}
	return nil
}

// every is a miss for a key that is taken.
func every(code string) func() error {
	return func() error { return duplicate(code) }
}
