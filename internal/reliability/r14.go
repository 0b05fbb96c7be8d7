package reliability

import (
	"encoding/json"
	"fmt"
	"math"
	"runtime"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
)

// R14: numbers that would take minutes, or gigabytes, to print or to compare are
// refused at once, as text, in JSON of amounts, and as values that a host made.
var R14 = Check{
	ID: "R14", Name: "decimal bombs are refused within 10 ms and 1 MB", Sites: AllSites, Unit: "bombs", Full: size(50), Alone: true,
	Run: func(r *Run) error { return bombs(r, r.N, false) },
	Twin: func(r *Run) error {
		return bombs(r, 5, true)
	},
	TwinOf: "printing it before looking",
}

func bombs(r *Run, n int, bug bool) error {
	p, err := r.Site.Fresh(r, r.Dir)
	if err != nil {
		return err
	}
	defer p.Close()
	w, err := NewWorld(r, p.Store, "acme", nil)
	if err != nil {
		return err
	}
	id, err := w.Record(r, 1)
	if err != nil {
		return err
	}
	won, err := draft(r, w)
	if err != nil {
		return err
	}
	if _, err := confirm(r, w, won); err != nil {
		return err
	}
	before, err := Dump(r, p, w.Tenant)
	if err != nil {
		return err
	}
	chance := r.Rand(0)
	var slowest time.Duration
	var largest uint64
	for i := range n {
		sign := 1 - 2*int64(i%2)
		exp := int32(20_000 + chance.IntN(math.MaxInt32-20_000))
		if i%3 == 0 {
			exp = -exp
		}
		if bug {
			exp = 400_000
		}
		d := decimal.New(sign*(1+chance.Int64N(1e9)), exp)
		text := fmt.Sprint(sign, "e", exp)
		if i%5 == 4 {
			text = strings.Repeat("9", 100_000+chance.IntN(300_000))
		}
		wire := []byte(`{"amount":"` + text + `","currency":"USD"}`)
		tries := map[string]func() error{
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
		}
		line := opportunity.LineInput{Description: "bomb", Quantity: d, Price: d, Discount: d, Tax: &d}
		o := []pursuit.CallOption{pursuit.RequestID(fmt.Sprint("bomb", i))}
		for name, f := range map[string]func(id uuid.UUID) error{
			"add line": func(uuid.UUID) error {
				_, err := w.S.Lines().Add(r, id, []opportunity.LineInput{line}, o...)
				return err
			},
			"update line": func(uuid.UUID) error { _, err := w.S.Lines().Update(r, id, 1, line, o...); return err },
			"record": func(uuid.UUID) error {
				in := w.Deal(0)
				in.Lines = []opportunity.LineInput{line}
				_, err := w.S.Opportunities().Record(r, in, o...)
				return err
			},
			"execute": func(uuid.UUID) error {
				_, err := w.S.Orders().Execute(r, won, []order.EventInput{{External: "x", Kind: order.Delivery, Line: 1, Quantity: d, On: calendar.Of(time.Now(), nil)}}, o...)
				return err
			},
			"initialise": func(uuid.UUID) error {
				_, err := w.S.SalesSystem().Initialise(r, order.InitialiseInput{OverDelivery: d}, o...)
				return err
			},
		} {
			tries[name] = func() error { return f(id) }
		}
		for name, f := range tries {
			if bug {
				g := f
				f = func() error { _ = d.String(); return g() }
			}
			took, used, err := cost(f)
			for again := 0; again < 10 && (took >= 10*time.Millisecond || used >= 1<<20); again++ { // a busy machine
				time.Sleep(time.Duration(again) * time.Millisecond)
				t, u, _ := cost(f)
				took, used = min(took, t), min(used, u)
			}
			slowest, largest = max(slowest, took), max(largest, used)
			if took >= 10*time.Millisecond || used >= 1<<20 {
				r.Breach("%s of %.20s: %v, %d bytes", name, text, took, used)
			}
			if err == nil && name != "text" {
				r.Breach("%s takes %.20s", name, text)
			}
			if bug && r.Breaches() > 0 {
				return nil
			}
		}
		r.Did(1)
	}
	after, err := Dump(r, p, w.Tenant)
	if err != nil {
		return err
	}
	if before != after {
		r.Breach("something stayed")
	}
	r.Figure("14 entries, at most %.1f ms, %d kB", float64(slowest.Microseconds())/1000, largest>>10)
	return nil
}

func cost(f func() error) (time.Duration, uint64, error) {
	var a, b runtime.MemStats
	runtime.ReadMemStats(&a)
	start := time.Now()
	err := f()
	took := time.Since(start)
	runtime.ReadMemStats(&b)
	return took, b.TotalAlloc - a.TotalAlloc, err
}
