package pursuit_test

import (
	"fmt"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/stage"
)

// wholeFilter sets every field of a filter.
func wholeFilter(t *testing.T) opportunity.Filter {
	var f opportunity.Filter
	v := reflect.ValueOf(&f).Elem()
	date, err := calendar.Parse("2026-03-02")
	require.NoError(t, err)
	for i := range v.NumField() {
		x := v.Field(i)
		switch p := x.Addr().Interface().(type) {
		case *[]opportunity.Status:
			*p = []opportunity.Status{opportunity.Open, opportunity.OnHold}
		case *[]stage.Category:
			*p = []stage.Category{stage.Commit}
		case *[]string:
			*p = []string{"a", "b c"}
		case *[]int:
			*p = []int{0, 5}
		case *uuid.UUID:
			*p = uuid.UUID{15: byte(i)}
		case *time.Time:
			*p = time.Date(2026, 3, i+1, 9, 0, 0, 1000, time.UTC)
		case *calendar.Date:
			*p = date
		case **int:
			*p = new(int)
		case **int64:
			n := int64(7)
			*p = &n
		case *bool:
			*p = true
		default:
			require.Equal(t, reflect.String, x.Kind(), "%s", v.Type().Field(i).Name)
			x.SetString(fmt.Sprintf("text & %d", i))
		}
		require.False(t, x.IsZero(), v.Type().Field(i).Name)
	}
	return f
}

// TestFilters_GoThroughQueries and come back as they were, field by field.
func TestFilters_GoThroughQueries(t *testing.T) {
	want := wholeFilter(t)
	values, err := url.ParseQuery(pursuit.FilterValues(want).Encode())
	require.NoError(t, err)
	require.Len(t, values, reflect.TypeOf(want).NumField())
	got, err := pursuit.ParseFilter(values)
	require.NoError(t, err)
	require.Equal(t, want, got)
	require.Empty(t, pursuit.FilterValues(opportunity.Filter{}))
	got, err = pursuit.ParseFilter(url.Values{"statuses": {"open,on_hold", "won"}, "owner": {""}, "stages": {"", ","}})
	require.NoError(t, err)
	require.Equal(t, opportunity.Filter{Statuses: []opportunity.Status{opportunity.Open, opportunity.OnHold, opportunity.Won}}.Statuses, got.Statuses)
	require.Empty(t, got.Owner)
}

// TestFilters_BadParametersAreNamed: each by its path, all at once where they can be.
func TestFilters_BadParametersAreNamed(t *testing.T) {
	for query, want := range map[string][]string{
		"owner=ann&owner=bob": {"/owner too_many"},
		"Owner=ann&size=3":    {"/ unknown", "/ unknown"},
		"statuses=gone":       {"/statuses/0"},
		"process=x&created_from=yesterday&no_next=may": {"/created_from", "/no_next", "/process"},
		"probability_from=1.5":                         {"/probability_from"},
		"amount_to=99999999999999999999":               {"/amount_to"},
		"ratings=1,two":                                {"/ratings/1"},
	} {
		values, err := url.ParseQuery(query)
		require.NoError(t, err)
		_, err = pursuit.ParseFilter(values)
		require.ErrorIs(t, err, fault.ErrInvalid, query)
		var got []string
		for _, f := range fault.FieldsOf(err) {
			if strings.Contains(want[0], " ") {
				got = append(got, f.Path+" "+f.Code)
			} else {
				got = append(got, f.Path)
			}
		}
		require.ElementsMatch(t, want, got, "%s: %v", query, err)
	}
}

func ExampleParseFilter() {
	values, _ := url.ParseQuery("statuses=open&statuses=on_hold&owner=ann")
	f, err := pursuit.ParseFilter(values)
	fmt.Println(f.Statuses, f.Owner, err)
	fmt.Println(pursuit.FilterValues(f).Encode())
	// Output:
	// [open on_hold] ann <nil>
	// owner=ann&statuses=open&statuses=on_hold
}
