package sharing

import (
	"fmt"
	"reflect"
	"time"

	"github.com/shopspring/decimal"
)

// Fill gives every exported field, at every depth, a value with memory of its
// own: pointers that aren't nil, lists and maps with an element.
func Fill(p any) { fill(reflect.ValueOf(p).Elem()) }

func opaque(v reflect.Value) bool {
	switch v.Interface().(type) {
	case time.Time, decimal.Decimal: // immutable
		return true
	}
	return false
}

func fill(v reflect.Value) {
	if opaque(v) {
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				fill(v.Field(i))
			}
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0))
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		e := reflect.New(v.Type().Elem()).Elem()
		fill(e)
		v.SetMapIndex(reflect.Zero(v.Type().Key()), e)
	case reflect.String:
		v.SetString("x")
	}
}

// Between lists the places where a and b, of one type, share memory, and those
// where one of them has nothing that could be shared.
func Between(a, b any) []string {
	var out []string
	between(&out, reflect.TypeOf(a).Name(), reflect.ValueOf(a), reflect.ValueOf(b))
	return out
}

func between(out *[]string, path string, a, b reflect.Value) {
	if opaque(a) {
		return
	}
	switch a.Kind() {
	case reflect.Struct:
		for i := range a.NumField() {
			if f := a.Type().Field(i); f.IsExported() {
				between(out, path+"."+f.Name, a.Field(i), b.Field(i))
			}
		}
	case reflect.Pointer, reflect.Slice, reflect.Map:
		switch {
		case a.IsNil() || b.IsNil():
			*out = append(*out, path+" is nil")
			return
		case a.Pointer() == b.Pointer():
			*out = append(*out, path+" is shared")
			return
		}
		switch a.Kind() {
		case reflect.Pointer:
			between(out, path, a.Elem(), b.Elem())
		case reflect.Slice:
			for i := range min(a.Len(), b.Len()) {
				between(out, fmt.Sprintf("%s[%d]", path, i), a.Index(i), b.Index(i))
			}
		default:
			for _, k := range a.MapKeys() {
				if x := b.MapIndex(k); x.IsValid() {
					between(out, fmt.Sprintf("%s[%v]", path, k), a.MapIndex(k), x)
				}
			}
		}
	}
}
