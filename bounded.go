package pursuit

import (
	"reflect"
	"slices"
	"sync"

	"github.com/pursuit-crm/pursuit/fault"
)

// MaxList is the most elements of any list or map in an input. Most have a lower
// limit, documented in their package.
const MaxList = 1000

// bounded refuses an input with a list longer than any command accepts. It checks
// lengths only, before anything that takes time with the list's length: a copy, a
// fingerprint, a call of the policy, the domain's rules. path is the input's
// place among the method's parameters, "" for all of it. Errors: ErrInvalid, with
// the path of each list.
func (s *Session) bounded(path string, input any) error {
	b := bounder{types: &s.eng.shared.listed}
	v := reflect.ValueOf(input)
	if b.fits(v) {
		return nil
	}
	b.total = 0
	b.walk(path, v)
	return b.f.Invalid("request.input")
}

// bounder adds up the elements of all lists, and stops at maxInputValues.
type bounder struct {
	types *sync.Map // what of is known
	f     fault.Fields
	total int
}

// fits is walk without paths, which cost memory: it reports whether no list is too
// long.
func (b *bounder) fits(v reflect.Value) bool {
	if !v.IsValid() || !b.listed(v.Type()) {
		return true
	}
	count := func(n int) bool {
		b.total += n
		return n <= MaxList && b.total <= maxInputValues
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		return b.fits(v.Elem())
	case reflect.Map:
		if !count(v.Len()) {
			return false
		}
		if !b.listed(v.Type().Elem()) {
			return true
		}
		for it := v.MapRange(); it.Next(); {
			if !b.fits(it.Value()) {
				return false
			}
		}
	case reflect.Slice, reflect.Array:
		if v.Kind() == reflect.Slice && !count(v.Len()) {
			return false
		}
		if !b.listed(v.Type().Elem()) {
			return true
		}
		for i := range v.Len() {
			if !b.fits(v.Index(i)) {
				return false
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Field(i); f.CanInterface() && !b.fits(f) {
				return false
			}
		}
	}
	return true
}

// walk names each list that is too long.
func (b *bounder) walk(path string, v reflect.Value) {
	if !v.IsValid() || b.total > maxInputValues || !b.listed(v.Type()) {
		return
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		b.walk(path, v.Elem())
	case reflect.Map:
		if !b.take(path, v.Len()) || !b.listed(v.Type().Elem()) {
			return
		}
		for it := v.MapRange(); it.Next(); {
			b.walk(path, it.Value()) // a key of the input isn't shown
		}
	case reflect.Slice, reflect.Array:
		if v.Kind() == reflect.Slice && !b.take(path, v.Len()) || !b.listed(v.Type().Elem()) {
			return
		}
		for i := range v.Len() {
			b.walk(fault.Index(path, i), v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() {
				b.walk(path+inputPath(f), v.Field(i))
			}
		}
	}
}

// take counts a list, and reports whether to visit its elements.
func (b *bounder) take(path string, n int) bool {
	b.total += n
	switch {
	case n > MaxList:
		b.f.Add(path, "too_many", "has too many elements")
		return false
	case b.total > maxInputValues:
		b.f.Add(path, "too_many", "has too many elements, with the lists before it")
		return false
	}
	return true
}

// inputPath is where a field is in the input as its method takes it: a field of what
// a RequestID remembers says it by a tag, others go by their name in JSON.
func inputPath(f reflect.StructField) string {
	if at, ok := f.Tag.Lookup("at"); ok {
		return at
	}
	if f.Anonymous {
		return ""
	}
	return "/" + wireName(f)
}

// listed reports whether a value of a type can hold a list.
func (b *bounder) listed(t reflect.Type) bool {
	if v, ok := b.types.Load(t); ok {
		return v.(bool)
	}
	is := listed(t, nil)
	b.types.Store(t, is)
	return is
}

func listed(t reflect.Type, seen []reflect.Type) bool {
	switch t.Kind() {
	case reflect.Interface, reflect.Map:
		return true
	case reflect.Slice:
		return t.Elem().Kind() != reflect.Uint8
	case reflect.Pointer, reflect.Array:
		return listed(t.Elem(), seen)
	case reflect.Struct:
		if slices.Contains(seen, t) {
			return false
		}
		for i := range t.NumField() {
			if f := t.Field(i); f.IsExported() && listed(f.Type, append(seen, t)) {
				return true
			}
		}
	}
	return false
}
