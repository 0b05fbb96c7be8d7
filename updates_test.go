package pursuit_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
)

// jsonNames gives the fields of a type by their names in JSON.
func jsonNames(t reflect.Type) map[string]reflect.StructField {
	out := map[string]reflect.StructField{}
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		out[name] = t.Field(i)
	}
	return out
}

// lacking gives the fields of an input that its update can't change.
func lacking(input, update reflect.Type, fixed ...string) (list []string) {
	has := jsonNames(update)
	for name, x := range jsonNames(input) {
		u, ok := has[name]
		pointer := ok && u.Type.Kind() == reflect.Pointer && (u.Type.Elem() == x.Type || u.Type == x.Type)
		if !pointer && !(slices.Contains(fixed, name) && (!ok || u.Type == x.Type)) {
			list = append(list, name)
		}
	}
	return list
}

// TestC01_C02_A01_L01_R05_UpdatesHaveEveryField: whatever an input can set, its
// update can change, leave, and show or not in JSON.
func TestC01_C02_A01_L01_R05_UpdatesHaveEveryField(t *testing.T) {
	for _, x := range []struct {
		input, update any
		whole         any
		fixed         []string
	}{
		{customer.CreateInput{}, customer.UpdateInput{}, customer.CreateInput{Kind: customer.Person, Status: customer.Active}.Update(), []string{"contacts"}},
		{customer.ContactInput{}, customer.UpdateContactInput{}, customer.ContactInput{}.Update(), nil},
		{archive.CreateInput{}, archive.UpdateInput{}, archive.CreateInput{Kind: archive.Source, Code: "web"}.Update(), []string{"kind", "code"}},
		{opportunity.LineInput{}, opportunity.UpdateLineInput{}, opportunity.LineInput{Tax: new(decimal.Decimal)}.Update(), nil},
		{opportunity.CompetitorInput{}, opportunity.UpdateCompetitorInput{}, opportunity.CompetitorInput{}.Update(), []string{"competitor", "competitor_code"}},
	} {
		update := reflect.TypeOf(x.update)
		require.Empty(t, lacking(reflect.TypeOf(x.input), update, x.fixed...), "%s", update)
		empty, err := json.Marshal(x.update)
		require.NoError(t, err)
		require.Contains(t, []string{`{}`, `{"competitor":"00000000-0000-0000-0000-000000000000"}`}, string(empty), "%s", update)
		whole := reflect.ValueOf(x.whole)
		for i := range update.NumField() {
			switch name := update.Field(i).Name; name {
			case "Price":
				if update == reflect.TypeFor[opportunity.UpdateCompetitorInput]() { // cleared instead
					require.True(t, whole.FieldByName("ClearPrice").Bool())
					continue
				}
				fallthrough
			default:
				if update.Field(i).Type.Kind() == reflect.Pointer {
					require.False(t, whole.Field(i).IsNil(), "%s.%s: an input replaces everything", update, name)
				}
			}
		}
	}
	t.Run("the twin", func(t *testing.T) {
		type update struct {
			Name  *string `json:"name"`
			Title string  `json:"title"`
		}
		require.Subset(t, lacking(reflect.TypeFor[customer.ContactInput](), reflect.TypeFor[update]()), []string{"title", "email"})
	})
}

// TestL01_AbsentNumbersInJSON: absent and null leave a number alone.
func TestL01_AbsentNumbersInJSON(t *testing.T) {
	var u opportunity.UpdateLineInput
	require.NoError(t, json.Unmarshal([]byte(`{"price":"9.50","discount":0,"quantity":null,"unit":""}`), &u))
	require.Nil(t, u.Quantity)
	require.Nil(t, u.Tax)
	require.Nil(t, u.Product)
	require.Equal(t, "9.5", u.Price.String())
	require.True(t, u.Discount.IsZero())
	require.Empty(t, *u.Unit)
	require.ErrorIs(t, json.Unmarshal([]byte(`{"quantity":`+strings.Repeat("9", 100)+`}`), &u), fault.ErrInvalid)
	text, err := json.Marshal(u)
	require.NoError(t, err)
	require.JSONEq(t, `{"price":"9.5","discount":"0","unit":""}`, string(text))
}
