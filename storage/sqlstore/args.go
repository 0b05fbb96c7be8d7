package sqlstore

import (
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
	d   *Dialect
	v   []any
	err error
}

func (a *args) add(v any) *args {
	a.v = append(a.v, v)
	return a
}

func (a *args) text(s ...string) *args {
	for _, x := range s {
		a.v = append(a.v, x)
	}
	return a
}

// textOrNull stores ” as NULL.
func (a *args) textOrNull(s string) *args {
	if s == "" {
		return a.add(nil)
	}
	return a.add(s)
}

func (a *args) num(n int64) *args { return a.add(n) }
func (a *args) int(n int) *args   { return a.add(int64(n)) }

func (a *args) intOrNull(n *int) *args {
	if n == nil {
		return a.add(nil)
	}
	return a.add(int64(*n))
}

func (a *args) flag(b bool) *args {
	if b {
		return a.add(int64(1))
	}
	return a.add(int64(0))
}

func (a *args) time(t time.Time) *args { return a.add(t.UnixMicro()) }

// timeOrNull stores the zero time as NULL.
func (a *args) timeOrNull(t time.Time) *args {
	if t.IsZero() {
		return a.add(nil)
	}
	return a.add(t.UnixMicro())
}

func (a *args) end(t time.Time) *args {
	if t.IsZero() {
		return a.add(int64(openEnd))
	}
	return a.add(t.UnixMicro())
}

func (a *args) id(u uuid.UUID) *args { return a.add(a.d.id(u)) }

// idOrNull stores uuid.Nil as NULL.
func (a *args) idOrNull(u uuid.UUID) *args {
	if u == uuid.Nil {
		return a.add(nil)
	}
	return a.id(u)
}

func (a *args) hash(h journal.Hash) *args { return a.add(h[:]) }
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
	return a.add(string(b))
}

func (a *args) date(d calendar.Date) *args { return a.add(d.String()) }

func (a *args) decimal(d decimal.Decimal) *args { return a.add(money.Text(d)) }

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
