package storagetest

import (
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/quote"
	"github.com/pursuit-crm/pursuit/stage"
	"github.com/pursuit-crm/pursuit/storage"
	"github.com/pursuit-crm/pursuit/storage/memory"
)

func newTestEnv(t *testing.T) *env {
	t.Helper()
	return newEnv(t, Harness{Open: func(T) storage.Store { return memory.New() }}, "is tested")
}

// The field rules store values in which no field is zero, whatever fields are
// added to the types.
func TestFillerLeavesNothingOut(t *testing.T) {
	f := &filler{}
	for _, v := range []any{
		filled[opportunity.Snapshot](f), filled[opportunity.LedgerRow](f), filled[customer.Record](f), filled[archive.Record](f),
		filled[stage.Record](f), filled[stage.Process](f), filled[order.Snapshot](f), filled[order.Settings](f), filled[quote.Snapshot](f), filled[journal.Entry](f), filled[storage.Request](f),
	} {
		require.Empty(t, zeroes(reflect.TypeOf(v).String(), reflect.ValueOf(v)))
	}
	require.Equal(t, []string{"x.B"}, zeroes("x", reflect.ValueOf(struct{ A, B int }{A: 1})))
}

// What the field rules set by hand leaves nothing out either, but for the ends
// of an open ledger row and the cycles, which a later change brings.
func TestFullValuesLeaveNothingOut(t *testing.T) {
	e := newTestEnv(t)
	b, f := e.open("t"), &filler{}
	s := b.fullDeal(f)
	require.Equal(t, []string{"s.Cycles"}, zeroes("s", reflect.ValueOf(s)))
	require.Empty(t, zeroes("c", reflect.ValueOf(past(f, &s))))
	require.Equal(t, []string{"r.EffectiveTo", "r.RecordedTo"}, zeroes("r", reflect.ValueOf(b.fullRow(f, &s, 1))))
	require.Empty(t, zeroes("o", reflect.ValueOf(e.fullOrder(f, b, &s))))
	require.Equal(t, []string{"q.Past"}, zeroes("q", reflect.ValueOf(e.fullQuote(f, b, &s))))
	require.Empty(t, zeroes("p", reflect.ValueOf(fullProcess(f, e))))
}

// Every method of every port is probed.
func TestProbesCoverEveryPort(t *testing.T) {
	e := newTestEnv(t)
	b, d, o := e.stocked("t")
	probed := map[string]bool{}
	for _, p := range b.probes(d, o) {
		require.False(t, probed[p.name], p.name)
		probed[p.name] = true
	}
	tx := reflect.TypeFor[storage.Tx]()
	n := 0
	for i := range tx.NumMethod() {
		port := tx.Method(i)
		for j := range port.Type.Out(0).NumMethod() {
			name := port.Name + "." + port.Type.Out(0).Method(j).Name
			require.True(t, probed[name], "%s has no probe", name)
			n++
		}
	}
	require.Len(t, probed, n)
}

// Every field of a filter has a case.
func TestFilterCasesCoverEveryField(t *testing.T) {
	e := newTestEnv(t)
	_, cases := e.open("t").filterCases()
	covered := map[string]bool{}
	for _, c := range cases {
		covered[c.field] = true
	}
	filter := reflect.TypeFor[opportunity.Filter]()
	for i := range filter.NumField() {
		require.True(t, covered[filter.Field(i).Name], filter.Field(i).Name)
	}
}

// Every field of the filters of follow-up has a case, too.
func TestFollowUpCasesCoverEveryField(t *testing.T) {
	_, activities, expenses := newTestEnv(t).open("t").followUpCases()
	covered := map[string]bool{}
	for _, c := range activities {
		covered["activity "+c.field] = true
	}
	for _, c := range expenses {
		covered["expense "+c.field] = true
	}
	for name, filter := range map[string]reflect.Type{"activity ": reflect.TypeFor[opportunity.ActivityFilter](), "expense ": reflect.TypeFor[opportunity.ExpenseFilter]()} {
		for i := range filter.NumField() {
			require.True(t, covered[name+filter.Field(i).Name], name+filter.Field(i).Name)
		}
	}
}

// The comparison sees what it must see.
func TestDiff(t *testing.T) {
	f := &filler{}
	whole := filled[opportunity.Snapshot](f)
	require.Empty(t, diff(whole, whole))
	for _, x := range []struct {
		got, want any
		path      string
	}{
		{struct{ A []int }{}, struct{ A []int }{[]int{}}, ""},
		{struct{ A []int }{[]int{}}, struct{ A []int }{}, "A"},
		{struct{ A *int }{}, struct{ A *int }{new(int)}, "A"},
		{struct{ A map[string]int }{map[string]int{"a": 1}}, struct{ A map[string]int }{map[string]int{"b": 1}}, "A"},
		{struct{ A []string }{[]string{"a", "b"}}, struct{ A []string }{[]string{"a", "c"}}, "A[1]"},
		{day.Local(), day, "time.Time"},
		{day.Add(1000), day, "time.Time"},
		{yuan(1), usd(1), "money.Money"},
		{1, int64(1), "int64"},
	} {
		d := diff(x.got, x.want)
		if x.path == "" {
			require.Empty(t, d)
			continue
		}
		require.Len(t, d, 1, x.path)
		require.Contains(t, d[0], x.path)
	}
}

// Impatient shortens the wait for a View that never answers, until the test ends.
func Impatient(t *testing.T) {
	before := answers
	answers = time.Second
	t.Cleanup(func() { answers = before })
}
