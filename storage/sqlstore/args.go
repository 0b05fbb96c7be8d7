package sqlstore

import (
	"bytes"
	"encoding/json"
	"math"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
)

// openEnd stands for an end that isn't there yet, so that ends compare as
// numbers.
const openEnd = math.MaxInt64

// args gathers a statement's arguments, in the types that drivers take as they
// are. What doesn't encode sticks in err.
type args struct {
	d     *Dialect
	v     []any
	boxes *boxes
	err   error
	// old, if not nil, holds the columns as they are stored: what is the same is
	// left out of v, and set says what isn't.
	old []cell
	at  int
	set columns
}

// stored gives the next column as it is stored, or nil.
func (a *args) stored() *cell {
	if a.old == nil {
		return nil
	}
	c := &a.old[a.at]
	a.at++
	return c
}

func (a *args) put(v any) *args {
	if a.old != nil {
		a.set |= 1 << (a.at - 1)
	}
	a.v = append(a.v, v)
	return a
}

func (a *args) add(v any) *args {
	if c := a.stored(); c != nil && c.holds(v) {
		return a
	}
	return a.put(v)
}

func (a *args) text(s ...string) *args {
	for _, x := range s {
		if c := a.stored(); c == nil || !c.holdsText(x) {
			a.put(a.boxes.text(x))
		}
	}
	return a
}

// textOrNull stores ” as NULL.
func (a *args) textOrNull(s string) *args {
	if s == "" {
		return a.add(nil)
	}
	return a.text(s)
}

func (a *args) num(n int64) *args {
	if c := a.stored(); c != nil && c.kind == number && c.n == n {
		return a
	}
	return a.put(a.boxes.num(n))
}

func (a *args) int(n int) *args { return a.num(int64(n)) }

func (a *args) intOrNull(n *int) *args {
	if n == nil {
		return a.add(nil)
	}
	return a.num(int64(*n))
}

func (a *args) flag(b bool) *args {
	if b {
		return a.num(1)
	}
	return a.num(0)
}

func (a *args) time(t time.Time) *args { return a.num(t.UnixMicro()) }

// timeOrNull stores the zero time as NULL.
func (a *args) timeOrNull(t time.Time) *args {
	if t.IsZero() {
		return a.add(nil)
	}
	return a.num(t.UnixMicro())
}

func (a *args) end(t time.Time) *args {
	if t.IsZero() {
		return a.num(openEnd)
	}
	return a.num(t.UnixMicro())
}

func (a *args) id(u uuid.UUID) *args {
	c := a.stored()
	if c != nil && c.kind == words && c.s == string(u[:]) {
		return a
	}
	v := a.boxes.id(u, a.d)
	if c != nil && c.holds(v) {
		return a
	}
	return a.put(v)
}

// idOrNull stores uuid.Nil as NULL.
func (a *args) idOrNull(u uuid.UUID) *args {
	if u == uuid.Nil {
		return a.add(nil)
	}
	return a.id(u)
}

func (a *args) hash(h journal.Hash) *args {
	if c := a.stored(); c != nil && c.kind == words && c.s == string(h[:]) {
		return a
	}
	return a.put(bytes.Clone(h[:]))
}

func (a *args) head(h journal.Head) *args { return a.num(h.Seq).hash(h.Hash) }

// json stores a document; something empty as NULL.
func (a *args) json(v any, empty bool) *args {
	if empty {
		return a.add(nil)
	}
	b, err := json.Marshal(v)
	if err != nil && a.err == nil {
		a.err = err
	}
	if c := a.stored(); c != nil && c.holdsText(string(b)) {
		return a
	}
	return a.put(string(b))
}

func (a *args) date(d calendar.Date) *args { return a.text(d.String()) }

func (a *args) decimal(d decimal.Decimal) *args { return a.text(money.Text(d)) }

func (a *args) decimalOrNull(d *decimal.Decimal) *args {
	if d == nil {
		return a.add(nil)
	}
	return a.decimal(*d)
}

// ids adds a padded list of ids; see padded.
func (a *args) ids(list []uuid.UUID) *args {
	for i := range padded(len(list)) {
		a.id(list[min(i, len(list)-1)])
	}
	return a
}

// padded is how many places a list gets in a statement: the next power of two, so
// that there are few different statements. The last element fills the rest up.
func padded(n int) int {
	p := 1
	for p < n {
		p *= 2
	}
	if n == 0 {
		return 0
	}
	return p
}
