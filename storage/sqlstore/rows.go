package sqlstore

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
)

// cell is one column of one row, taken from the driver without reflection.
type cell struct {
	kind kind
	n    int64
	s    string
}

type kind uint8

const (
	null kind = iota
	number
	words // text or bytes
)

// Scan takes what the driver gives, which takes its bytes back.
func (c *cell) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*c = cell{}
	case int64:
		*c = cell{kind: number, n: v}
	case string:
		*c = cell{kind: words, s: v}
	case []byte:
		*c = cell{kind: words, s: string(v)}
	case bool:
		*c = cell{kind: number}
		if v {
			c.n = 1
		}
	default:
		return fmt.Errorf("a column of type %T", src)
	}
	return nil
}

func (c *cell) text() string {
	if c.kind == number {
		return strconv.FormatInt(c.n, 10)
	}
	return c.s
}

// row reads the columns of a row from left to right. The first thing that can't
// be read sticks in err.
type row struct {
	cells []cell
	dest  []any
	at    int
	err   error
}

// sized gives a row of n columns, from one that isn't used any more.
func (r *row) sized(n int) *row {
	if cap(r.cells) < n {
		*r = row{cells: make([]cell, n), dest: make([]any, n)}
		for i := range r.cells {
			r.dest[i] = &r.cells[i]
		}
	}
	r.cells, r.dest = r.cells[:n], r.dest[:n]
	return r
}

func (r *row) next() *cell {
	c := &r.cells[r.at]
	r.at++
	return c
}

func (r *row) bad(err error) {
	if r.err == nil && err != nil {
		r.err = fmt.Errorf("column %d: %w", r.at, err)
	}
}

var errType = errors.New("has another type")

// skip passes columns over.
func (r *row) skip(n int) { r.at += n }

// isNull looks at the next column.
func (r *row) isNull() bool { return r.cells[r.at].kind == null }

func (r *row) text() string { return r.next().text() }

func (r *row) num() int64 {
	c := r.next()
	switch c.kind {
	case number:
		return c.n
	case words:
		n, err := strconv.ParseInt(c.s, 10, 64)
		r.bad(err)
		return n
	}
	r.bad(errType)
	return 0
}

func (r *row) int() int   { return int(r.num()) }
func (r *row) flag() bool { return r.num() != 0 }

// numOr0 takes NULL for 0.
func (r *row) numOr0() int64 {
	if r.isNull() {
		r.skip(1)
		return 0
	}
	return r.num()
}

func (r *row) intOrNil() *int {
	if r.isNull() {
		r.skip(1)
		return nil
	}
	n := r.int()
	return &n
}

func (r *row) time() time.Time { return time.UnixMicro(r.num()).UTC() }

// timeOr0 takes NULL for the zero time.
func (r *row) timeOr0() time.Time {
	if r.isNull() {
		r.skip(1)
		return time.Time{}
	}
	return r.time()
}

// end takes an open end for the zero time.
func (r *row) end() time.Time {
	n := r.num()
	if n == openEnd {
		return time.Time{}
	}
	return time.UnixMicro(n).UTC()
}

func (r *row) id() uuid.UUID {
	c := r.next()
	var u uuid.UUID
	if len(c.s) == len(u) {
		copy(u[:], c.s)
		return u
	}
	u, err := uuid.Parse(c.s)
	r.bad(err)
	return u
}

// idOrNil takes NULL for uuid.Nil.
func (r *row) idOrNil() uuid.UUID {
	if r.isNull() {
		r.skip(1)
		return uuid.Nil
	}
	return r.id()
}

func (r *row) hash() (h journal.Hash) {
	if c := r.next(); len(c.s) == len(h) {
		copy(h[:], c.s)
	} else {
		r.bad(errType)
	}
	return h
}

func (r *row) head() journal.Head { return journal.Head{Seq: r.num(), Hash: r.hash()} }

// json reads a document into v; NULL leaves it alone.
func (r *row) json(v any) {
	if c := r.next(); c.kind != null {
		r.bad(json.Unmarshal([]byte(c.s), v))
	}
}

func (r *row) date() (d calendar.Date) {
	if c := r.next(); c.s != "" {
		var err error
		d, err = calendar.Parse(c.s)
		r.bad(err)
	}
	return d
}

func (r *row) decimal() decimal.Decimal {
	d, err := decimal.NewFromString(r.text())
	r.bad(err)
	return d
}

func (r *row) decimalOrNil() *decimal.Decimal {
	if r.isNull() {
		r.skip(1)
		return nil
	}
	d := r.decimal()
	return &d
}

func (r *row) currency() money.Currency { return money.Currency(r.text()) }
