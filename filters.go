package pursuit

import (
	"encoding/json"
	"net/url"
	"reflect"
	"slices"
	"strings"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
)

// ParseFilter parses a filter from query parameters, as in a browser or a saved
// link:
// "statuses=open&statuses=on_hold&owner=ann&created_from=2026-01-01T00:00:00Z".
// Parameters have the names of the filter's JSON; a list is a repeated parameter,
// or values separated by commas. Empty parameters are ignored. Unknown ones are
// refused, so remove those of the page and the order first. FilterValues is the
// inverse. Errors: ErrInvalid ("input.json", "filter.parameters"), with the path
// of each value; the query checks whether the values fit together.
func ParseFilter(values url.Values) (opportunity.Filter, error) {
	var f fault.Fields
	doc := map[string]json.RawMessage{}
	t := reflect.TypeFor[opportunity.Filter]()
	known := map[string]reflect.Type{}
	for i := range t.NumField() {
		known[wireName(t.Field(i))] = t.Field(i).Type
	}
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		typ, ok := known[name]
		given := slices.DeleteFunc(slices.Clone(values[name]), func(s string) bool { return s == "" })
		switch {
		case !ok:
			f.Add("/", "unknown", "has a parameter that a filter doesn't have") // its name is the caller's text
		case len(given) == 0:
		case typ.Kind() == reflect.Slice:
			doc[name] = listOf(typ.Elem(), given)
		case len(given) > 1:
			f.Add("/"+name, "too_many", "is given more than once")
		default:
			doc[name] = scalar(typ, given[0])
		}
	}
	if err := f.Invalid("filter.parameters"); err != nil {
		return opportunity.Filter{}, err
	}
	b, err := json.Marshal(doc)
	if err != nil {
		return opportunity.Filter{}, fault.Wrap(fault.ErrInvalid, "filter.parameters", "can't be read", err)
	}
	var out opportunity.Filter
	if err := Decode(b, &out); err != nil {
		return opportunity.Filter{}, err
	}
	return out, nil
}

// listOf returns parameters, each of which may hold several values, as a JSON
// list.
func listOf(elem reflect.Type, given []string) json.RawMessage {
	var parts []string
	for _, s := range given {
		for v := range strings.SplitSeq(s, ",") {
			if v != "" {
				parts = append(parts, string(scalar(elem, v)))
			}
		}
	}
	return json.RawMessage("[" + strings.Join(parts, ",") + "]")
}

// scalar returns a parameter as JSON. A value of the wrong type stays a string,
// which is then refused with its path.
func scalar(t reflect.Type, s string) json.RawMessage {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	plain := !reflect.PointerTo(t).Implements(reflect.TypeFor[interface{ UnmarshalText([]byte) error }]())
	if plain && (t.Kind() == reflect.Bool || t.Kind() == reflect.Int || t.Kind() == reflect.Int64) && json.Valid([]byte(s)) {
		return json.RawMessage(s)
	}
	b, _ := json.Marshal(s) // a text encodes
	return b
}

// FilterValues returns a filter as query parameters for ParseFilter; it omits
// unset fields. Encode returns the same text for the same filter.
func FilterValues(filter opportunity.Filter) url.Values {
	out := url.Values{}
	b, err := json.Marshal(filter)
	if err != nil {
		return out // no field of it fails to encode
	}
	var doc map[string]json.RawMessage
	_ = json.Unmarshal(b, &doc)
	for name, raw := range doc {
		var list []json.RawMessage
		if json.Unmarshal(raw, &list) != nil {
			list = []json.RawMessage{raw}
		}
		for _, v := range list {
			var s string
			if json.Unmarshal(v, &s) != nil {
				s = string(v)
			}
			out.Add(name, s)
		}
	}
	return out
}
