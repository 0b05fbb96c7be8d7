package storagetest

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/money"
)

// diff lists up to 12 places where got differs from want, by the rules for
// returned values in the package comment.
func diff(got, want any) []string {
	var out []string
	compare(&out, reflect.TypeOf(want).String(), reflect.ValueOf(got), reflect.ValueOf(want))
	return out[:min(len(out), 12)]
}

func join(list []string) string { return strings.Join(list, "\n\t") }

func compare(out *[]string, path string, got, want reflect.Value) {
	bad := func(format string, args ...any) { *out = append(*out, path+": "+fmt.Sprintf(format, args...)) }
	if got.Type() != want.Type() {
		bad("is a %v, want a %v", got.Type(), want.Type())
		return
	}
	switch w := want.Interface().(type) {
	case time.Time:
		g := got.Interface().(time.Time)
		if !g.Equal(w) {
			bad("%v, want %v", g.Format(time.RFC3339Nano), w.Format(time.RFC3339Nano))
		} else if _, offset := g.Zone(); offset != 0 || g.Location() == time.Local {
			bad("%v isn't in UTC", g)
		}
		return
	case decimal.Decimal:
		if g := got.Interface().(decimal.Decimal); !g.Equal(w) {
			bad("%v, want %v", g, w)
		}
		return
	case money.Money, uuid.UUID, calendar.Date:
		if got.Interface() != want.Interface() {
			bad("%v, want %v", got.Interface(), w)
		}
		return
	}
	switch want.Kind() {
	case reflect.Struct:
		for i := range want.NumField() {
			if f := want.Type().Field(i); f.IsExported() {
				compare(out, path+"."+f.Name, got.Field(i), want.Field(i))
			}
		}
	case reflect.Pointer:
		if got.IsNil() || want.IsNil() {
			if got.IsNil() != want.IsNil() {
				bad("nil is %v, want %v", got.IsNil(), want.IsNil())
			}
			return
		}
		compare(out, path, got.Elem(), want.Elem())
	case reflect.Slice:
		switch {
		case want.IsNil() && !got.IsNil():
			bad("%v, want nil", got.Interface())
		case got.Len() != want.Len():
			bad("has length %d, want %d", got.Len(), want.Len())
		case want.Type().Elem().Kind() == reflect.Uint8:
			if !bytes.Equal(got.Bytes(), want.Bytes()) {
				bad("%q, want %q", got.Bytes(), want.Bytes())
			}
		default:
			for i := range want.Len() {
				compare(out, fmt.Sprintf("%s[%d]", path, i), got.Index(i), want.Index(i))
			}
		}
	case reflect.Array:
		if got.Interface() != want.Interface() {
			bad("%x, want %x", got.Interface(), want.Interface())
		}
	case reflect.Map:
		if want.IsNil() && !got.IsNil() {
			bad("%v, want nil", got.Interface())
			return
		}
		if got.Len() != want.Len() {
			bad("has length %d, want %d", got.Len(), want.Len())
			return
		}
		for it := want.MapRange(); it.Next(); {
			v := got.MapIndex(it.Key())
			if !v.IsValid() {
				bad("lacks %q", it.Key())
				continue
			}
			compare(out, fmt.Sprintf("%s[%q]", path, it.Key()), v, it.Value())
		}
	default:
		if got.Interface() != want.Interface() {
			bad("%#v, want %#v", got.Interface(), want.Interface())
		}
	}
}
