package pursuit_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/quote"
)

// door is an exported method of a handle that takes input.
type door struct {
	name   string // "Opportunities.Win"
	handle int    // the session's method that returns the handle
	method int
	inputs []reflect.Type // those that come as JSON
}

var (
	contextType = reflect.TypeFor[context.Context]()
	optionType  = reflect.TypeFor[pursuit.CallOption]()
	decimals    = reflect.TypeFor[decimal.Decimal]()
)

// isInput reports whether a parameter is decoded from JSON: what callers fill in,
// not an id or a word.
func isInput(t reflect.Type) bool {
	if t == reflect.TypeFor[calendar.Date]() {
		return true
	}
	switch t.Kind() {
	case reflect.Struct, reflect.Map:
		return true
	case reflect.Slice:
		return t.Elem() != optionType && t.Elem().Kind() != reflect.Uint8
	}
	return false
}

// doors lists them all, in the order of their names.
func doors() []door {
	var list []door
	session := reflect.TypeFor[*pursuit.Session]()
	for i := range session.NumMethod() {
		m := session.Method(i)
		if m.Type.NumIn() != 1 || m.Type.NumOut() != 1 || m.Type.Out(0).Kind() != reflect.Struct || m.Name == "Actor" {
			continue
		}
		handle := m.Type.Out(0)
		for j := range handle.NumMethod() {
			d := door{name: m.Name + "." + handle.Method(j).Name, handle: i, method: j}
			f := handle.Method(j).Type
			for k := 1; k < f.NumIn(); k++ {
				if isInput(f.In(k)) {
					d.inputs = append(d.inputs, f.In(k))
				}
			}
			if len(d.inputs) > 0 {
				list = append(list, d)
			}
		}
	}
	return list
}

// house is a tenant in which something of each kind is there.
type house struct {
	shop
	deal, quote, order, activity uuid.UUID
}

func furnished() house {
	ctx := context.Background()
	h := house{shop: open()}
	must(h.SalesSystem().Enable(ctx))
	must(h.SalesSystem().Initialise(ctx, order.InitialiseInput{BaseCurrency: money.CNY}))
	h.deal = h.record("20 workstations").ID
	h.activity = must(h.Activities().Plan(ctx, h.deal, opportunity.PlanActivityInput{Kind: opportunity.Call, Subject: "Call", Due: time.Date(2026, 3, 6, 9, 0, 0, 0, time.UTC)})).Activity
	h.quote = must(h.Quotes().Create(ctx, h.deal, quote.CreateInput{})).ID
	sold := h.record("sold").ID
	must(h.Opportunities().Win(ctx, sold, opportunity.WinInput{Reasons: []opportunity.Choice{{Reason: h.won}}, Summary: "Signed"}))
	h.order = must(h.Orders().Create(ctx, sold, order.CreateInput{Promote: true})).ID
	return h
}

// target is the id that a method of a handle is called with.
func (h house) target(d door) uuid.UUID {
	switch name, _, _ := strings.Cut(d.name, "."); name {
	case "Customers":
		return h.customer
	case "Archives":
		return h.won
	case "Orders":
		if d.name == "Orders.Create" {
			return h.deal
		}
		return h.order
	case "Quotes":
		if d.name == "Quotes.Create" {
			return h.deal
		}
		return h.quote
	}
	return h.deal
}

// call decodes the inputs and calls the method; false if they don't decode.
func (h house) call(t testing.TB, d door, inputs []json.RawMessage) (err error, ok bool) {
	handle := reflect.ValueOf(h.Session).Method(d.handle).Call(nil)[0]
	f := handle.Method(d.method)
	var in []reflect.Value
	ids := []uuid.UUID{h.target(d), h.activity}
	for k := range f.Type().NumIn() {
		p := f.Type().In(k)
		if f.Type().IsVariadic() && k == f.Type().NumIn()-1 {
			break
		}
		v := reflect.New(p)
		switch {
		case p == contextType:
			v.Elem().Set(reflect.ValueOf(context.Background()))
		case p == reflect.TypeFor[uuid.UUID]():
			v.Elem().Set(reflect.ValueOf(ids[0]))
			ids = ids[1:]
		case p == reflect.TypeFor[io.Reader]():
			v.Elem().Set(reflect.ValueOf(strings.NewReader("content")))
		case isInput(p):
			if len(inputs) == 0 {
				return nil, false
			}
			if json.Unmarshal(inputs[0], v.Interface()) != nil {
				return nil, false
			}
			inputs = inputs[1:]
			stable(t, d.name, v)
		case p.Kind() == reflect.String:
			v.Elem().SetString("x")
		case p.Kind() == reflect.Int, p.Kind() == reflect.Int64, p.Kind() == reflect.Uint32:
		case p.Kind() == reflect.Bool:
		default:
			require.Failf(t, "no value", "%s takes %s", d.name, p)
		}
		in = append(in, v.Elem())
	}
	out := f.Call(in)
	last := out[len(out)-1]
	if last.Kind() == reflect.Func { // a sequence
		for _, e := range last.Seq2() {
			if err, _ := e.Interface().(error); err != nil {
				return err, true
			}
			break
		}
		return nil, true
	}
	err, _ = last.Interface().(error)
	return err, true
}

// stable holds that what decodes encodes, and to a text that decodes to the same.
func stable(t testing.TB, name string, v reflect.Value) {
	b, err := json.Marshal(v.Interface())
	require.NoError(t, err, name)
	again := reflect.New(v.Type().Elem())
	require.NoError(t, json.Unmarshal(b, again.Interface()), "%s: %s", name, b)
	c, err := json.Marshal(again.Interface())
	require.NoError(t, err, name)
	require.Equal(t, string(b), string(c), name)
}

// fill gives every field of an input a value that fits its type.
func (h house) fill(v reflect.Value, depth int) {
	switch v.Type() {
	case reflect.TypeFor[uuid.UUID]():
		v.Set(reflect.ValueOf(h.customer))
		return
	case decimals:
		v.Set(reflect.ValueOf(decimal.RequireFromString("2.5")))
		return
	case reflect.TypeFor[time.Time]():
		v.Set(reflect.ValueOf(time.Date(2026, 3, 6, 9, 0, 0, 0, time.UTC)))
		return
	case reflect.TypeFor[calendar.Date]():
		v.Set(reflect.ValueOf(must(calendar.Parse("2026-06-30"))))
		return
	case reflect.TypeFor[money.Money]():
		v.Set(reflect.ValueOf(money.FromMinor(12345, money.CNY)))
		return
	case reflect.TypeFor[money.Currency]():
		v.Set(reflect.ValueOf(money.CNY))
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		h.fill(v.Elem(), depth+1)
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() && depth < 6 {
				h.fill(v.Field(i), depth+1)
			}
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		h.fill(v.Index(0), depth+1)
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		h.fill(key, depth+1)
		h.fill(value, depth+1)
		v.SetMapIndex(key, value)
	case reflect.String:
		v.SetString("price")
	case reflect.Int, reflect.Int64, reflect.Int32, reflect.Int16, reflect.Int8:
		v.SetInt(1)
	case reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(1)
	case reflect.Bool:
		v.SetBool(true)
	}
}

// seed is a door's inputs, empty or with every field set, as JSON.
func (h house) seed(d door, full bool) []byte {
	list := make([]any, len(d.inputs))
	for i, x := range d.inputs {
		v := reflect.New(x)
		if full {
			h.fill(v.Elem(), 0)
		}
		list[i] = v.Interface()
	}
	b, err := json.Marshal(list)
	if err != nil { // an enum that has no such value
		return []byte("[{},{}]")
	}
	return b
}

// sound fails if an error says that the library, not its caller, did wrong.
func sound(t testing.TB, d door, err error) {
	for _, kind := range []error{fault.ErrInternal, fault.ErrCorrupt, fault.ErrHost, fault.ErrTxAborted} {
		if errors.Is(err, kind) {
			require.Failf(t, "not a refusal", "%s: %+v", d.name, err)
		}
	}
}

// Every input of every method comes from outside as JSON (B12): whatever it holds,
// the method does what it says or refuses, and what decodes encodes the same.
func FuzzInputs(f *testing.F) {
	all := doors()
	require.Greater(f, len(all), 70)
	first := furnished()
	for i, d := range all {
		f.Add(uint16(i), first.seed(d, false))
		f.Add(uint16(i), first.seed(d, true))
	}
	h, used := first, 0
	f.Fuzz(func(t *testing.T, n uint16, body []byte) {
		if used++; used%256 == 0 { // what was done to it must not decide what is done next for ever
			h = furnished()
		}
		d := all[int(n)%len(all)]
		var inputs []json.RawMessage
		if len(body) > 64<<10 || json.Unmarshal(body, &inputs) != nil {
			return
		}
		err, ok := h.call(t, d, inputs)
		if ok {
			sound(t, d, err)
		}
	})
}

// The seeds reach every method: each decodes, and is done or refused.
func TestB12_EveryInputHasASeed(t *testing.T) {
	for _, d := range doors() {
		h, decoded := furnished(), 0
		for _, full := range []bool{false, true} {
			var inputs []json.RawMessage
			require.NoError(t, json.Unmarshal(h.seed(d, full), &inputs))
			err, ok := h.call(t, d, inputs)
			if ok {
				decoded++
				sound(t, d, err)
			}
		}
		require.Positive(t, decoded, d.name)
	}
}
