package pursuit_test

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/pursuittest"
	"github.com/pursuit-crm/pursuit/quote"
)

// master is a host's master data.
type master struct {
	known pursuit.Keys
	asked []pursuit.Keys
}

func (m *master) validate(_ context.Context, in pursuit.KeysInput) (pursuit.Keys, error) {
	m.asked = append(m.asked, in.Keys)
	out := func(given, known []string) []string {
		return slices.DeleteFunc(slices.Clone(given), func(k string) bool { return slices.Contains(known, k) })
	}
	return pursuit.Keys{Users: out(in.Keys.Users, m.known.Users), Departments: out(in.Keys.Departments, m.known.Departments),
		Products: out(in.Keys.Products, m.known.Products), Units: out(in.Keys.Units, m.known.Units)}, nil
}

func paths(err error) []string {
	var out []string
	for _, f := range fault.FieldsOf(err) {
		out = append(out, f.Path+" "+f.Code)
	}
	return out
}

// TestValidate_EveryKeyGoesThroughTheHost at its own place, each once, by every command
// that gives one; nothing is written.
func TestValidate_EveryKeyGoesThroughTheHost(t *testing.T) {
	m := &master{known: pursuit.Keys{Users: []string{"ann", "bob"}, Departments: []string{"east"}, Products: []string{"P-1", "P-2"}, Units: []string{"pcs"}}}
	w := pursuittest.New(t, pursuittest.With(pursuit.Options{Validate: m.validate}))
	deal, _ := w.Deal().Lines(2).Quote()
	m.asked = nil
	in := w.Deal().Lines(2).Member("bob", opportunity.Write).Input()
	w.Do(w.Admin.Opportunities().Record(w.Ctx, in))
	keys := pursuit.Keys{Users: []string{"ann", "bob"}, Departments: []string{"east"}, Products: []string{"P-1", "P-2"}, Units: []string{"pcs"}}
	for _, asked := range m.asked {
		require.Equal(t, keys, asked)
	}
	require.NotEmpty(t, m.asked)

	before := len(w.Events(deal))
	bad, o := "nobody", w.Admin.Opportunities()
	line := opportunity.LineInput{Product: bad, Unit: bad, Quantity: in.Lines[0].Quantity, Price: in.Lines[0].Price}
	wrong := in
	wrong.Owner, wrong.Department, wrong.Lines = bad, bad, []opportunity.LineInput{in.Lines[0], line}
	wrong.Members = []opportunity.MemberInput{{User: bad, Role: opportunity.RoleSales, Access: opportunity.Read}}
	activity := w.Do(w.As("ann").Activities().Plan(w.Ctx, deal, opportunity.PlanActivityInput{Kind: opportunity.Call, Subject: "x", Due: w.Clock.Now().Add(time.Hour)})).Activity
	spent := opportunity.AddExpenseInput{CategoryCode: "travel", Amount: money.FromMinor(1, money.CNY), Date: calendar.Of(w.Clock.Now(), nil)}
	expense := w.Do(w.As("ann").Expenses().Add(w.Ctx, deal, spent)).Expense
	before += 2
	spent.User = bad
	for name, x := range map[string]struct {
		give func() (pursuit.Result, error)
		want []string
	}{
		"record": {func() (pursuit.Result, error) { return o.Record(w.Ctx, wrong) },
			[]string{"/owner not_found", "/department not_found", "/lines/1/product not_found", "/lines/1/unit not_found", "/members/0/user not_found"}},
		"record for a new customer": {func() (pursuit.Result, error) {
			return o.RecordForNewCustomer(w.Ctx, pursuit.RecordForNewCustomerInput{Customer: customer.CreateInput{Name: "x", Owner: bad}, Opportunity: wrong})
		}, []string{"/customer/owner not_found", "/opportunity/owner not_found", "/opportunity/department not_found", "/opportunity/lines/1/product not_found",
			"/opportunity/lines/1/unit not_found", "/opportunity/members/0/user not_found"}},
		"update": {func() (pursuit.Result, error) {
			return o.Update(w.Ctx, deal, opportunity.UpdateInput{Department: &bad})
		}, []string{"/department not_found"}},
		"transfer": {func() (pursuit.Result, error) {
			return w.Admin.Team().Transfer(w.Ctx, deal, opportunity.TransferInput{To: bad})
		}, []string{"/to not_found"}},
		"member": {func() (pursuit.Result, error) {
			return w.Admin.Team().Set(w.Ctx, deal, opportunity.MemberInput{User: bad, Role: opportunity.RoleSales, Access: opportunity.Read})
		}, []string{"/user not_found"}},
		"lines": {func() (pursuit.Result, error) {
			return w.Admin.Lines().Add(w.Ctx, deal, []opportunity.LineInput{in.Lines[0], line})
		},
			[]string{"/lines/1/product not_found", "/lines/1/unit not_found"}},
		"line": {func() (pursuit.Result, error) {
			return w.Admin.Lines().Update(w.Ctx, deal, 1, opportunity.UpdateLineInput{Product: &bad})
		}, []string{"/product not_found"}},
		"plan": {func() (pursuit.Result, error) {
			return w.Admin.Activities().Plan(w.Ctx, deal, opportunity.PlanActivityInput{Assignee: bad})
		}, []string{"/assignee not_found"}},
		"log": {func() (pursuit.Result, error) {
			return w.Admin.Activities().Log(w.Ctx, deal, opportunity.LogActivityInput{Assignee: bad})
		}, []string{"/assignee not_found"}},
		"activity": {func() (pursuit.Result, error) {
			return w.Admin.Activities().Update(w.Ctx, deal, activity, opportunity.UpdateActivityInput{Assignee: &bad})
		}, []string{"/assignee not_found"}},
		"expense": {func() (pursuit.Result, error) { return w.Admin.Expenses().Add(w.Ctx, deal, spent) }, []string{"/user not_found"}},
		"an expense": {func() (pursuit.Result, error) {
			return w.Admin.Expenses().Update(w.Ctx, deal, expense, opportunity.UpdateExpenseInput{User: &bad})
		}, []string{"/user not_found"}},
		"quote": {func() (pursuit.Result, error) {
			return w.Admin.Quotes().Create(w.Ctx, deal, quote.CreateInput{Lines: []opportunity.LineInput{line}})
		},
			[]string{"/lines/0/product not_found", "/lines/0/unit not_found"}},
		"customer": {func() (pursuit.Result, error) {
			return w.Admin.Customers().Create(w.Ctx, customer.CreateInput{Name: "x", Department: bad})
		}, []string{"/department not_found"}},
		"a customer": {func() (pursuit.Result, error) {
			return w.Admin.Customers().Update(w.Ctx, w.Customer, customer.UpdateInput{Owner: &bad, Department: &bad})
		}, []string{"/owner not_found", "/department not_found"}},
	} {
		_, err := x.give()
		require.Equal(t, fault.HostKeys, fault.CodeOf(err), "%s: %v", name, err)
		require.ElementsMatch(t, x.want, paths(err), name)
	}
	require.Len(t, w.Events(deal), before)

	m.asked = nil
	w.Do(o.Hold(w.Ctx, deal, opportunity.HoldInput{Reason: "holidays"}))
	require.Empty(t, m.asked, "a command without keys asks nothing")
	strict := w.With(pursuit.Options{Validate: func(context.Context, pursuit.KeysInput) (pursuit.Keys, error) {
		return pursuit.Keys{}, errors.New("secret")
	}})
	_, err := strict.Admin.Opportunities().Record(w.Ctx, in)
	require.Equal(t, fault.HostValidate, fault.CodeOf(err))
	require.NotContains(t, err.Error(), "secret")
}

// TestValidate_NoKeyIsMissed: every field of an input that is called as the host's keys
// are has the tag that sends it to the host.
func TestValidate_NoKeyIsMissed(t *testing.T) {
	sorts := map[string]string{"Owner": "user", "User": "user", "Assignee": "user", "Department": "department", "Product": "product", "Unit": "unit"}
	found := 0
	seen := map[reflect.Type]bool{}
	var walk func(x reflect.Type)
	walk = func(x reflect.Type) {
		for x.Kind() == reflect.Pointer || x.Kind() == reflect.Slice || x.Kind() == reflect.Map {
			x = x.Elem()
		}
		if x.Kind() != reflect.Struct || seen[x] || !strings.Contains(x.PkgPath(), "pursuit-crm") {
			return
		}
		seen[x] = true
		for i := range x.NumField() {
			f := x.Field(i)
			if want := sorts[f.Name]; want != "" {
				found++
				require.Equal(t, want, f.Tag.Get("host"), "%s.%s", x, f.Name)
			}
			walk(f.Type)
		}
	}
	session := reflect.TypeFor[*pursuit.Session]()
	for i := range session.NumMethod() {
		handle := session.Method(i).Type
		if handle.NumOut() != 1 || handle.Out(0).Kind() != reflect.Struct {
			continue
		}
		for j := range handle.Out(0).NumMethod() {
			m := handle.Out(0).Method(j).Type
			if m.NumOut() == 2 && m.Out(0) == reflect.TypeFor[pursuit.Result]() {
				for k := 1; k < m.NumIn(); k++ {
					walk(m.In(k))
				}
			}
		}
	}
	require.Greater(t, found, 12)
}
