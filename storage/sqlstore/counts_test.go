package sqlstore

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/opportunity"
)

// TestCounts holds that counts are written and read as encoding/json does it,
// whoever wrote them.
func TestCounts(t *testing.T) {
	for _, step := range []int{0, 1, -7, 1 << 40} {
		var want opportunity.Counts
		v := reflect.ValueOf(&want).Elem()
		for i := range v.NumField() {
			if v.Field(i).CanInt() && v.Type().Field(i).Name != "Submitted" {
				v.Field(i).SetInt(int64(step * (i + 1)))
			}
		}
		doc, err := json.Marshal(want)
		require.NoError(t, err)
		a := &args{boxes: &boxes{}}
		require.Equal(t, []any{string(doc)}, a.counts(&want).v)
		same := &args{boxes: &boxes{}, old: []cell{{kind: words, s: string(doc)}}}
		require.Empty(t, same.counts(&want).v, "what is stored already is left out")

		var got opportunity.Counts
		require.True(t, readCounts(string(doc), &got))
		require.Equal(t, want, got)
		for _, other := range []string{
			strings.ReplaceAll(string(doc), ":", ": "), // as another tool would write it
			strings.Replace(string(doc), `"members"`, `"unknown":3,"members"`, 1),
			string(doc) + " ",
		} {
			require.False(t, readCounts(other, &opportunity.Counts{}), other)
			var got opportunity.Counts
			r := &row{cells: []cell{{kind: words, s: other}}}
			r.counts(&got)
			require.NoError(t, r.err)
			require.Equal(t, want, got, other)
		}
	}
	// What isn't a number is written and read as well.
	more := opportunity.Counts{Members: 3, DoneActivities: opportunity.ActivityCounts{Call: 2}}
	doc, err := json.Marshal(more)
	require.NoError(t, err)
	a := &args{boxes: &boxes{}}
	require.Equal(t, []any{string(doc)}, a.counts(&more).v)
	var got opportunity.Counts
	r := &row{cells: []cell{{kind: words, s: string(doc)}}}
	r.counts(&got)
	require.NoError(t, r.err)
	require.Equal(t, more, got)
	// No field is forgotten: each is one of the numbers, or keeps the short way from
	// being taken.
	for i := range reflect.TypeFor[opportunity.Counts]().NumField() {
		name, _, _ := strings.Cut(reflect.TypeFor[opportunity.Counts]().Field(i).Tag.Get("json"), ",")
		var c opportunity.Counts
		switch f := reflect.ValueOf(&c).Elem().Field(i); f.Kind() {
		case reflect.Int:
			f.SetInt(1)
		case reflect.Map:
			f.Set(reflect.ValueOf(map[string]int{"a": 1}))
		case reflect.Struct:
			f.Field(0).SetInt(1)
		}
		require.Equal(t, slices.Contains(countNames[:], name), onlyNumbers(&c), name)
	}
	for _, bad := range []string{"", "{}x", "[", `{"members":1.5}`, `{"members":99999999999999999999}`, `{"members":"1"}`} {
		r := &row{cells: []cell{{kind: words, s: bad}}}
		r.counts(&opportunity.Counts{})
		require.Error(t, r.err, bad)
	}
}
