package pursuit_test

import (
	"encoding/json"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/opportunity"
)

// crossing are the library's structs that methods of handles take or return, with
// what those hold.
func crossing() map[reflect.Type]bool {
	seen := map[reflect.Type]bool{}
	var walk func(reflect.Type)
	walk = func(x reflect.Type) {
		switch x.Kind() {
		case reflect.Pointer, reflect.Slice, reflect.Array:
			walk(x.Elem())
		case reflect.Map:
			walk(x.Key())
			walk(x.Elem())
		case reflect.Func:
			for i := range x.NumIn() {
				walk(x.In(i))
			}
			for i := range x.NumOut() {
				walk(x.Out(i))
			}
		case reflect.Struct:
			if seen[x] || !strings.HasPrefix(x.PkgPath(), module) {
				return
			}
			seen[x] = true
			for i := range x.NumField() {
				if f := x.Field(i); f.IsExported() {
					walk(f.Type)
				}
			}
		}
	}
	session := reflect.TypeFor[*pursuit.Session]()
	for i := range session.NumMethod() {
		m := session.Method(i)
		walk(m.Type)
		if m.Type.NumOut() == 1 {
			for j := range m.Type.Out(0).NumMethod() {
				walk(m.Type.Out(0).Method(j).Type)
			}
		}
	}
	return seen
}

var snake = regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`)

// badTags lists the fields of a struct whose name in JSON is left to chance.
func badTags(x reflect.Type) (bad []string) {
	for i := range x.NumField() {
		f := x.Field(i)
		if !f.IsExported() || f.Anonymous || f.Tag.Get("json") == "-" {
			continue
		}
		if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); !snake.MatchString(name) {
			bad = append(bad, x.String()+"."+f.Name)
		}
	}
	return bad
}

// TestHouse_EveryFieldHasItsNameInJSON: what crosses the API has names in
// snake_case.
func TestHouse_EveryFieldHasItsNameInJSON(t *testing.T) {
	all := crossing()
	require.Greater(t, len(all), 100)
	for x := range all {
		require.Empty(t, badTags(x))
	}
	type twin struct {
		Good   int `json:"good_one,omitzero"`
		Absent int
		Camel  int `json:"isCamel"`
	}
	require.Len(t, badTags(reflect.TypeFor[twin]()), 2)
}

// TestHouse_ListsAndJournalsAsJSON: an empty list is [], a payload stays JSON, and
// what was encoded still verifies.
func TestHouse_ListsAndJournalsAsJSON(t *testing.T) {
	s := open()
	empty, err := s.Opportunities().List(t.Context(), pursuit.OpportunityQuery{Filter: opportunity.Filter{Owner: "nobody"}}, pursuit.Page{})
	require.NoError(t, err)
	b, err := json.Marshal(empty)
	require.NoError(t, err)
	require.JSONEq(t, `{"items":[]}`, string(b))

	deal := s.record("<20> workstations & more")
	entries, err := s.Opportunities().Journal(t.Context(), deal.ID)
	require.NoError(t, err)
	b, err = json.Marshal(entries)
	require.NoError(t, err)
	require.Contains(t, string(b), `"payload":{"`)
	var back []journal.Entry
	require.NoError(t, json.Unmarshal(b, &back))
	require.Equal(t, entries, back)
	last := entries[len(entries)-1]
	require.NoError(t, journal.Verify(back, journal.Head{Seq: last.Seq, Hash: last.Hash}))
}
