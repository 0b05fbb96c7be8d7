package opportunity_test

import (
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/sharing"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/opportunity/pipeline"
)

var humps = regexp.MustCompile(`([a-z])([A-Z])`)

// pathOf is how refusals name a field of the filter.
func pathOf(field string) string {
	return "/" + strings.ToLower(humps.ReplaceAllString(field, "${1}_$2"))
}

// badValue sets a field to what no filter may hold; it says whether there is such a
// value.
func badValue(v reflect.Value) bool {
	switch v.Interface().(type) {
	case string, money.Currency:
		v.SetString("\x00")
	case time.Time:
		v.Set(reflect.ValueOf(time.Date(12000, 1, 1, 0, 0, 0, 0, time.UTC)))
	case uuid.UUID, calendar.Date, bool, *int, *int64:
		return false
	default: // a list
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		if e := v.Index(1); e.CanInt() {
			e.SetInt(99)
		} else if e.CanUint() {
			e.SetUint(99)
		} else {
			e.SetString("\x00")
		}
	}
	return true
}

// Every refusal about a filter names the field that it is about.
func TestFilters_RefusalsNameTheirField(t *testing.T) {
	filter := reflect.TypeFor[opportunity.Filter]()
	refused := 0
	for i := range filter.NumField() {
		name := filter.Field(i).Name
		var f opportunity.Filter
		v := reflect.ValueOf(&f).Elem().Field(i)
		if badValue(v) {
			err := f.Validate()
			require.ErrorIs(t, err, fault.ErrInvalid, name)
			for _, x := range fault.FieldsOf(err) {
				require.Equal(t, pathOf(name), regexp.MustCompile(`/\d+$`).ReplaceAllString(x.Path, ""), name)
			}
			refused++
		}
		if v.Kind() == reflect.Slice { // too long a list is one fault, whatever it holds
			for _, n := range []int{opportunity.MaxFilterValues + 1, 1_000_000} {
				v.Set(reflect.MakeSlice(v.Type(), n, n))
				require.Equal(t, []string{pathOf(name) + " too_many"}, fields(f.Validate()), name)
			}
		}
		sharing.Fill(v.Addr().Interface())
		if name == "Currency" {
			f.Currency = money.USD
		}
		for _, path := range f.Historic() {
			require.Equal(t, pathOf(name), path)
		}
		f.Currency = money.USD
		q := pipeline.Query{Filter: f, AsOf: &pipeline.AsOf{Effective: start, Known: start}}
		for _, x := range fault.FieldsOf(q.Validate()) {
			require.True(t, strings.HasPrefix(x.Path, "/filter"+pathOf(name)), "%s: %s", name, x.Path)
		}
	}
	require.Greater(t, refused, 20)
	// All at once are all named.
	var f opportunity.Filter
	for i := range filter.NumField() {
		badValue(reflect.ValueOf(&f).Elem().Field(i))
	}
	require.GreaterOrEqual(t, len(fault.FieldsOf(f.Validate())), refused)
}

func TestSortsByAmountNeedACurrency(t *testing.T) {
	for _, o := range append(opportunity.Sorts(), "") {
		err := o.Check(&opportunity.Filter{})
		if o != opportunity.ByAmount {
			require.NoError(t, err, o)
			continue
		}
		require.Equal(t, []string{"/currency required"}, fields(err))
		require.NoError(t, o.Check(&opportunity.Filter{Currency: money.EUR}))
	}
	require.Equal(t, []string{"/sort unknown"}, fields(opportunity.Sort("random").Check(&opportunity.Filter{})))
}
