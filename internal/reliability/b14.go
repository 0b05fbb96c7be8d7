package reliability

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"runtime"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
)

// B14 is this check: numbers that would take minutes, or gigabytes, to print or to compare are
// refused at once: as text, in the functions of money, and in every decimal of every
// method's input, as JSON and as a value that a host made.
var B14 = Check{
	ID: "B14", Name: "decimal bombs are refused within 10 ms of CPU and 1 MB", Sites: AllSites, Unit: "bombs", Full: size(50), Alone: true, Least: 1,
	Run: func(r *Run) error { return bombs(r, false) },
	Twin: func(r *Run) error {
		r.N = 5
		return bombs(r, true)
	},
	TwinOf: "printing it before looking, an input that isn't looked at",
}

// bomber tries decimals.
type bomber struct {
	*Run
	place  *Place
	chance *rand.Rand
	// bug prints what is tried.
	bug bool

	tries, places int
	slowest       time.Duration
	largest       uint64
}

func bombs(r *Run, bug bool) error {
	p, err := r.Site.Fresh(r, r.Dir)
	if err != nil {
		return err
	}
	defer p.Close()
	b := &bomber{Run: r, place: p, chance: r.Rand(0), bug: bug}
	for i := range r.N {
		b.functions(i)
		if bug && r.Breaches() > 0 {
			break
		}
		r.Did(1)
	}
	if bug {
		r.Tried(r.Breaches() > 0)
		before := r.Breaches()
		b.bug = false
		if err := b.fields([]*Call{careless}, 0); err != nil {
			return err
		}
		r.Tried(r.Breaches() > before)
		return nil
	}
	if err := b.fields(Calls(), r.N/10); err != nil {
		return err
	}
	if b.places < 25 {
		return fmt.Errorf("only %d decimals", b.places)
	}
	r.Figure("%d decimals of inputs, %d calls, at most %.1f ms of CPU, %d kB", b.places, b.tries, float64(b.slowest.Microseconds())/1000, b.largest>>10)
	return nil
}

// careless takes what it is given: a bug.
var careless = &Call{Name: "Lines.Add", On: none, In: []reflect.Type{reflect.TypeFor[[]opportunity.LineInput]()}, do: func(context.Context, *World, uuid.UUID, []reflect.Value) error { return nil }}

// drawn is a decimal by chance.
func (b *bomber) drawn() decimal.Decimal {
	exp := int32(20_000 + b.chance.IntN(math.MaxInt32-20_000))
	if b.chance.IntN(3) == 0 {
		exp = -exp
	}
	if b.bug {
		exp = 400_000
	}
	return decimal.New((1-2*b.chance.Int64N(2))*(1+b.chance.Int64N(1e9)), exp)
}

// functions gives bombs to the functions of money.
func (b *bomber) functions(i int) {
	d := b.drawn()
	text := fmt.Sprint(d.Sign(), "e", d.Exponent())
	if i%5 == 4 {
		text = strings.Repeat("9", 100_000+b.chance.IntN(300_000))
	}
	wire := []byte(`{"amount":"` + text + `","currency":"USD"}`)
	for name, f := range map[string]func() error{
		"text":   func() error { _, err := money.ParseDecimal(text, 20, 10); return err },
		"amount": func() error { _, err := money.Parse(text, money.USD); return err },
		"json": func() error {
			var m money.Money
			return json.Unmarshal(wire, &m)
		},
		"value":   func() error { return money.CheckDecimal(d, 20, 10) },
		"convert": func() error { _, err := money.FromDecimal(d, money.USD, money.HalfUp); return err },
		"times":   func() error { _, err := money.FromMinor(5, money.USD).Mul(d, money.HalfUp); return err },
		"divided": func() error { _, err := money.FromMinor(5, money.USD).Div(d, money.HalfUp); return err },
		"rate":    func() error { _, err := money.FromMinor(5, money.USD).Convert(d, money.CNY, money.HalfUp); return err },
		"line":    func() error { _, err := money.LineAmount(d, d, d, money.USD, money.HalfUp); return err },
	} {
		if err := b.light(fmt.Sprintf("%s of %.20s", name, text), f, d); err == nil {
			b.Breach("%s takes %.20s", name, text)
		}
	}
}

// light calls f and notes when it takes too much. What else runs in the process
// counts, too, so it must be too much each time.
func (b *bomber) light(what string, f func() error, d decimal.Decimal) error {
	if b.bug {
		g := f
		f = func() error { _ = d.String(); return g() }
	}
	took, used, err := cost(f)
	for again := 0; again < 10 && (took >= 10*time.Millisecond || used >= 1<<20); again++ {
		time.Sleep(time.Duration(again) * time.Millisecond)
		t, u, _ := cost(f)
		took, used = min(took, t), min(used, u)
	}
	b.tries++
	b.slowest, b.largest = max(b.slowest, took), max(b.largest, used)
	if took >= 10*time.Millisecond || used >= 1<<20 {
		b.Breach("%s: %v, %d bytes", what, took, used)
	}
	return err
}

func cost(f func() error) (time.Duration, uint64, error) {
	var a, b runtime.MemStats
	runtime.ReadMemStats(&a)
	start := cpu()
	err := f()
	took := cpu() - start
	runtime.ReadMemStats(&b)
	return took, b.TotalAlloc - a.TotalAlloc, err
}
