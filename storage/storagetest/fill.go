package storagetest

import (
	"fmt"
	"reflect"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/quote"
	"github.com/pursuit-crm/pursuit/stage"
)

// cny is the currency of filled values.
const cny money.Currency = "CNY"

// filler sets every exported field of a value to something nonzero that differs
// from field to field, so that a field that an adapter forgets or confuses is
// detected. It also fills fields added to a type later.
type filler struct {
	n int
	// short gives lists one element instead of two.
	short bool
}

// words are values of types with a fixed vocabulary.
func words() []any {
	return []any{
		opportunity.Won, stage.Commit, opportunity.RoleSales, opportunity.Write, opportunity.Champion,
		opportunity.Advanced, opportunity.AllParts, customer.Person, customer.Inactive, archive.WinReason,
		archive.Retired, order.Executing, quote.Sent, order.Delivery, money.TaxInclusive, stage.RetiredProcess, cny,
	}
}

func filled[V any](f *filler) V {
	var v V
	f.fill(reflect.ValueOf(&v).Elem())
	return v
}

func (f *filler) fill(v reflect.Value) {
	f.n++
	switch v.Interface().(type) {
	case time.Time:
		v.Set(reflect.ValueOf(day.Add(time.Duration(f.n)*time.Hour + time.Duration(f.n)*time.Microsecond)))
		return
	case uuid.UUID:
		v.Set(reflect.ValueOf(uuid.UUID{0x01, 0x9c, 0xff, byte(f.n >> 8), byte(f.n), 0, 0x70, 0, 0x80, 15: 0x7f}))
		return
	case calendar.Date:
		d, err := calendar.New(2026+f.n%5, time.Month(1+f.n%12), 1+f.n%28)
		if err != nil {
			panic(err)
		}
		v.Set(reflect.ValueOf(d))
		return
	case money.Money:
		v.Set(reflect.ValueOf(money.FromMinor(int64(100_000+f.n), cny)))
		return
	case decimal.Decimal:
		v.Set(reflect.ValueOf(decimal.New(int64(10_000+f.n), -3)))
		return
	}
	for _, w := range words() {
		if reflect.TypeOf(w) == v.Type() {
			v.Set(reflect.ValueOf(w))
			return
		}
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(fmt.Sprintf("text %d é", f.n))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64, reflect.Int32:
		v.SetInt(int64(f.n))
	case reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(uint64(1 + f.n%250))
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				f.fill(v.Field(i))
			}
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		f.fill(v.Elem())
	case reflect.Slice:
		n := 2
		if f.short {
			n = 1
		}
		v.Set(reflect.MakeSlice(v.Type(), n, n))
		for i := range n {
			f.fill(v.Index(i))
		}
	case reflect.Array:
		for i := range v.Len() {
			f.fill(v.Index(i))
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range 2 {
			k, e := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			f.fill(k)
			f.fill(e)
			v.SetMapIndex(k, e)
		}
	default:
		panic("storagetest: no filling for a " + v.Type().String())
	}
}

// zeroes lists exported fields with their zero value.
func zeroes(path string, v reflect.Value) []string {
	if v.Kind() == reflect.Pointer && !v.IsNil() {
		return zeroes(path, v.Elem())
	}
	if v.IsZero() {
		return []string{path}
	}
	var out []string
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() {
				out = append(out, zeroes(path+"."+f.Name, v.Field(i))...)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			out = append(out, zeroes(fmt.Sprintf("%s[%d]", path, i), v.Index(i))...)
		}
	}
	return out
}

// scribble changes everything that *p shares: the elements of its lists, the
// entries of its maps, the targets of its pointers.
func scribble(p any) { spoil(reflect.ValueOf(p).Elem(), false) }

func spoil(v reflect.Value, shared bool) {
	switch v.Interface().(type) {
	case time.Time, decimal.Decimal, money.Money, calendar.Date:
		if shared {
			v.SetZero()
		}
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				spoil(v.Field(i), shared)
			}
		}
	case reflect.Pointer:
		if !v.IsNil() {
			spoil(v.Elem(), true)
		}
	case reflect.Slice:
		for i := range v.Len() {
			spoil(v.Index(i), true)
		}
	case reflect.Map:
		for _, k := range v.MapKeys() {
			v.SetMapIndex(k, reflect.Zero(v.Type().Elem()))
		}
	default:
		if shared && v.CanSet() {
			v.SetZero()
		}
	}
}
