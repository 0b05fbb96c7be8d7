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

// cell is one column of one row, taken from the driver without reflection. What
// it holds is good until the next row.
type cell struct {
	kind kind
	n    int64
	s    string
	b    []byte
}

type kind uint8

const (
	null kind = iota
	number
	words
	raw
)

// Scan takes what the driver gives.
func (c *cell) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		c.kind = null
	case int64:
		c.kind, c.n = number, v
	case string:
		c.kind, c.s = words, v
	case []byte:
		c.kind, c.b = raw, v
	case bool:
		c.kind, c.n = number, 0
		if v {
			c.n = 1
		}
	default:
		return fmt.Errorf("a column of type %T", src)
	}
	return nil
}

func (c *cell) text() string {
	switch c.kind {
	case words:
		return c.s
	case raw:
		return string(c.b)
	case number:
		return strconv.FormatInt(c.n, 10)
	}
	return ""
}

func (c *cell) bytes() []byte {
	if c.kind == words {
		return []byte(c.s)
	}
	if c.kind == raw {
		return c.b
	}
	return nil
}

// row reads the columns of a row from left to right. The first thing that can't
// be read sticks in err.
type row struct {
	cells []cell
	dest  []any
	at    int
	err   error
}

func newRow(n int) *row {
	r := &row{cells: make([]cell, n), dest: make([]any, n)}
	for i := range r.cells {
		r.dest[i] = &r.cells[i]
	}
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
	case words, raw:
		n, err := strconv.ParseInt(c.text(), 10, 64)
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
	switch b := c.bytes(); len(b) {
	case 16:
		copy(u[:], b)
	default:
		v, err := uuid.ParseBytes(b)
		r.bad(err)
		u = v
	}
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
	if b := r.next().bytes(); len(b) == len(h) {
		copy(h[:], b)
	} else {
		r.bad(errType)
	}
	return h
}

func (r *row) head() journal.Head { return journal.Head{Seq: r.num(), Hash: r.hash()} }

// json reads a document into v; NULL leaves it alone.
func (r *row) json(v any) {
	if c := r.next(); c.kind != null {
		r.bad(json.Unmarshal(c.bytes(), v))
	}
}

func (r *row) date() (d calendar.Date) {
	c := r.next()
	if c.kind == words && c.s == "" {
		return d
	}
	r.bad(d.UnmarshalText(c.bytes()))
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
