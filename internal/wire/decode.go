package wire

import (
	"bytes"
	"encoding"
	"encoding/json"
	"errors"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/pursuit-crm/pursuit/fault"
)

// maxFaults bounds how many faults of one document are listed.
const maxFaults = 100

// Decode decodes JSON into what a pointer points to, as json.Unmarshal does. If
// that fails, the target stays as it was, and all that doesn't decode is listed by
// its JSON pointer. Errors: ErrInvalid ("input.json"); ErrInternal
// ("input.target") if the target is no pointer.
func Decode(b []byte, into any) error {
	to := reflect.ValueOf(into)
	if to.Kind() != reflect.Pointer || to.IsNil() {
		return fault.New(fault.ErrInternal, "input.target", "what to decode into must be a pointer")
	}
	var f fault.Fields
	if !utf8.Valid(b) { // encoding/json would put other characters in its place (R06)
		f.Add("", "bad_utf8", "isn't UTF-8")
		return f.Invalid("input.json")
	}
	v := reflect.New(to.Type().Elem())
	v.Elem().Set(to.Elem())
	err := json.Unmarshal(b, v.Interface())
	if err == nil {
		to.Elem().Set(v.Elem())
		return nil
	}
	b = bytes.TrimSpace(b)
	if !json.Valid(b) {
		f.Add("", "bad_json", "isn't JSON")
		return f.Invalid("input.json")
	}
	find(&f, to.Type().Elem(), "", b)
	if f.Empty() { // as of a key that is there twice
		blame(&f, to.Type().Elem(), "", b, err)
	}
	return f.Invalid("input.json")
}

var (
	decimalType = reflect.TypeFor[decimal.Decimal]()
	timeType    = reflect.TypeFor[time.Time]()
	idType      = reflect.TypeFor[uuid.UUID]()
	readsJSON   = reflect.TypeFor[json.Unmarshaler]()
	readsText   = reflect.TypeFor[encoding.TextUnmarshaler]()
)

// find looks for the smallest parts of a document that don't decode.
func find(f *fault.Fields, t reflect.Type, path string, b []byte) {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if len(f.List()) >= maxFaults || string(b) == "null" {
		return
	}
	before := len(f.List())
	own := reflect.PointerTo(t).Implements(readsJSON) || reflect.PointerTo(t).Implements(readsText)
	switch {
	case t == decimalType:
		if _, err := parse(b); err != nil {
			f.Merge(path, err)
		}
		return
	case t.Kind() == reflect.Struct && b[0] == '{':
		findFields(f, t, path, b)
	case t.Kind() == reflect.Slice && b[0] == '[' && !own, t.Kind() == reflect.Array && b[0] == '[' && !own:
		var list []json.RawMessage
		if json.Unmarshal(b, &list) == nil {
			for i, x := range list {
				find(f, t.Elem(), fault.Index(path, i), x)
			}
		}
	case t.Kind() == reflect.Map && b[0] == '{' && !own:
		// Keys are the caller's own words: a path ends at the map.
		var values map[string]json.RawMessage
		if json.Unmarshal(b, &values) == nil {
			for _, key := range slices.Sorted(maps.Keys(values)) {
				if len(f.List()) == before {
					find(f, t.Elem(), path, values[key])
				}
			}
		}
	}
	if len(f.List()) > before {
		return
	}
	if err := json.Unmarshal(b, reflect.New(t).Interface()); err != nil {
		blame(f, t, path, b, err)
	}
}

func findFields(f *fault.Fields, t reflect.Type, path string, b []byte) {
	var values map[string]json.RawMessage
	if json.Unmarshal(b, &values) != nil {
		return
	}
	for _, x := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(x.Tag.Get("json"), ",")
		if !x.IsExported() || name == "-" || x.Anonymous && name == "" || hidden(t, x.Index) {
			continue
		}
		if name == "" {
			name = x.Name
		}
		for key, value := range values {
			if key == name || values[name] == nil && strings.EqualFold(key, name) {
				find(f, x.Type, path+"/"+name, value)
			}
		}
	}
}

// hidden reports whether a field is inside a struct that stands under a name of its
// own.
func hidden(t reflect.Type, index []int) bool {
	for _, i := range index[:len(index)-1] {
		x := t.Field(i)
		if name, _, _ := strings.Cut(x.Tag.Get("json"), ","); name != "" {
			return true
		}
		if t = x.Type; t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
	}
	return false
}

// blame notes why a value doesn't decode.
func blame(f *fault.Fields, t reflect.Type, path string, b []byte, err error) {
	var ours *fault.Error
	if errors.As(err, &ours) {
		if b[0] == '{' || b[0] == '[' {
			f.Merge(path, err)
			return
		}
		for _, x := range ours.Fields { // whose own path is a guess
			f.Add(path, x.Code, x.Message)
		}
		if len(ours.Fields) == 0 {
			f.Merge(path, err)
		}
		return
	}
	switch {
	case t == timeType:
		f.Add(path, "bad_time", "must be a time such as 2026-03-01T09:30:00Z")
	case t == idType:
		f.Add(path, "bad_id", "must be an id of 36 characters")
	case whole(t) && !bytes.ContainsAny(b, `"{[tf`) && !bytes.ContainsAny(b, ".eE"):
		f.Add(path, "out_of_range", "is out of range")
	default:
		f.Add(path, "wrong_type", "must be "+wanted(t))
	}
}

func whole(t reflect.Type) bool {
	return t.Kind() >= reflect.Int && t.Kind() <= reflect.Uint64
}

func wanted(t reflect.Type) string {
	own := reflect.PointerTo(t).Implements(readsText)
	switch {
	case own || t.Kind() == reflect.String:
		return "a text"
	case whole(t):
		return "a whole number"
	case t.Kind() == reflect.Bool:
		return "true or false"
	case t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Uint8:
		return "a text in base64"
	case t.Kind() == reflect.Slice || t.Kind() == reflect.Array:
		return "a list"
	case t.Kind() == reflect.Struct || t.Kind() == reflect.Map:
		return "an object"
	}
	return "of another type"
}
