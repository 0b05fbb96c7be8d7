package sqlstore

import (
	"context"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
)

// Statement is one of several that are sent together.
type Statement struct {
	Query string
	Args  []any
}

// Batcher is a Conn that sends several statements in one round trip. The store
// writes an aggregate that way where it can: its guarded row first, so that what
// follows it is moot after a conflict.
type Batcher interface {
	Conn
	// Batch runs statements in their order, and says how many rows each touched, or
	// gave. If one fails those after it aren't run; the numbers of those before it
	// come with the error.
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
	// then looks at how many rows were touched; may be nil.
	then func(n int64) error
	// taken is the code of a key that is taken, if it has one of its own.
	taken string
}

// Defer lets writes wait until something is read, or until the closure's end; see
// storage.Deferring.
func (t *tx) Defer() { t.queue.late = true }

// together runs what saves an aggregate, and sends what it writes at once where
// that is possible.
func (t *tx) together(ctx context.Context, save func() error) error {
	if err := t.can(ctx, true); err != nil {
		return err
	}
	if _, ok := t.c.(Batcher); !ok || t.s.d.nothing == "" {
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
	touched, err := t.c.(Batcher).Batch(ctx, statements)
	for i, n := range touched {
		if then := list[i].then; then != nil {
			if err := then(n); err != nil {
				return t.fail(err)
			}
		}
	}
	if err != nil {
		err = t.s.fault(ctx, err)
		if at := len(touched); at < len(list) && list[at].taken != "" {
			err = taken(err, list[at].taken)
		}
		return t.fail(err)
	}
	return nil
}

// execThen runs a statement, now or with others, and looks at how many rows it
// touched.
func (t *tx) execThen(ctx context.Context, text, takenCode string, a *args, then func(n int64) error) error {
	if t.queue.on {
		return t.enqueue(text, takenCode, a, then)
	}
	n, err := t.run(ctx, text, a)
	if err != nil && takenCode != "" {
		return taken(err, takenCode)
	}
	if err == nil && then != nil {
		err = then(n)
	}
	return err
}

func (t *tx) enqueue(text, takenCode string, a *args, then func(n int64) error) error {
	if a.err != nil {
		return t.fail(fault.Wrap(fault.ErrInternal, "storage.encode", "a value doesn't encode", a.err))
	}
	t.queue.list = append(t.queue.list, queued{Statement{text, a.v}, then, takenCode})
	return nil
}

// later is exec, now or with others.
func (t *tx) later(ctx context.Context, query string, a *args) error {
	return t.execThen(ctx, t.s.text(query), "", a, nil)
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
	// Nothing can be asked afterwards: parts without their row end the transaction.
	there := false
	_ = t.enqueue(t.s.text("SELECT 1 FROM "+tb.name+" WHERE tenant = ? AND id = ?"), "", t.args(2).text(tenant).id(id), func(n int64) error {
		there = n != 0
		return nil
	})
	a := t.args(len(tb.cols))
	fill(a, 0)
	if err := t.fits(tb, a, 1); err != nil {
		return err
	}
	return t.enqueue(t.s.insert(tb, 1, nothing), takenCode, a, func(n int64) error {
		switch {
		case n == 1:
			return nil
		case there:
			return conflict(changed)
		}
		return duplicate(takenCode)
	})
}

// guarded runs an aggregate's UPDATE or DELETE, which names a version.
func (t *tx) guarded(ctx context.Context, text, changed, takenCode string, a *args) error {
	return t.execThen(ctx, text, takenCode, a, func(n int64) error { return t.rooted(n, nil, changed, takenCode) })
}

// putThen is put, now or with others.
func (t *tx) putThen(ctx context.Context, tb *table, m mode, n int, fill func(a *args, i int), then func(n int64) error) error {
	if !t.queue.on {
		touched, err := t.put(ctx, tb, m, n, fill)
		if err == nil && then != nil {
			err = then(touched)
		}
		return err
	}
	var touched int64
	for from := 0; from < n; {
		size := min(n-from, maxRows, maxVariables/len(tb.cols))
		a := t.args(size * len(tb.cols))
		for i := range size {
			fill(a, from+i)
		}
		if err := t.fits(tb, a, size); err != nil {
			return err
		}
		from += size
		last := from == n
		err := t.enqueue(t.s.insert(tb, size, m), "", a, func(k int64) error {
			touched += k
			if last && then != nil {
				return then(touched)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
