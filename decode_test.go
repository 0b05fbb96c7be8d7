package pursuit_test

import (
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
)

// broken is JSON that a type doesn't take, with the path below it that is at fault,
// and the code. Without a code any one will do.
type broken struct{ json, path, code string }

// breaks are the ways to break a value of a type.
func breaks(t reflect.Type) []broken {
	switch t {
	case reflect.TypeFor[decimal.Decimal]():
		return []broken{{`"1,5"`, "", "bad_decimal"}, {`true`, "", "bad_decimal"}}
	case reflect.TypeFor[money.Money]():
		return []broken{{`{"amount":"1.234","currency":"CNY"}`, "/amount", "too_precise"}, {`{"amount":"1","currency":"XYZ"}`, "/currency", "unknown"},
			{`{"currency":"CNY","amount":"x"}`, "/amount", "bad_decimal"}, {`5`, "", "money.json"}}
	case reflect.TypeFor[calendar.Date]():
		return []broken{{`"2026-02-30"`, "", "bad_date"}, {`5`, "", "wrong_type"}}
	case reflect.TypeFor[time.Time]():
		return []broken{{`"yesterday"`, "", "bad_time"}}
	case reflect.TypeFor[uuid.UUID]():
		return []broken{{`"x"`, "", "bad_id"}, {`5`, "", "bad_id"}}
	case reflect.TypeFor[json.RawMessage]():
		return nil
	}
	if reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]()) {
		return []broken{{`"no such"`, "", ""}, {`5`, "", "wrong_type"}}
	}
	switch k := t.Kind(); {
	case k == reflect.Interface:
		return nil
	case k >= reflect.Int && k <= reflect.Uint64:
		return []broken{{`"x"`, "", "wrong_type"}, {`1.5`, "", "wrong_type"}, {`99999999999999999999`, "", "out_of_range"}}
	}
	return []broken{{`5`, "", "wrong_type"}}
}

// parts calls f for each part of a type, with the JSON around it and its path.
func parts(t reflect.Type, open, end, path string, seen []reflect.Type, f func(t reflect.Type, open, end, path string)) {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	f(t, open, end, path)
	if t == reflect.TypeFor[uuid.UUID]() || t == reflect.TypeFor[json.RawMessage]() {
		return
	}
	switch t.Kind() {
	case reflect.Slice, reflect.Array:
		if t.Elem().Kind() != reflect.Uint8 {
			parts(t.Elem(), open+"[null,", "]"+end, path+"/1", seen, f)
		}
	case reflect.Map:
		parts(t.Elem(), open+`{"k":`, "}"+end, path, seen, f)
	case reflect.Struct:
		for _, x := range seen {
			if x == t {
				return
			}
		}
		for i := range t.NumField() {
			x := t.Field(i)
			name, _, _ := strings.Cut(x.Tag.Get("json"), ",")
			switch {
			case !x.IsExported() || name == "-":
			case x.Anonymous && name == "":
				embedded := x.Type
				for embedded.Kind() == reflect.Pointer {
					embedded = embedded.Elem()
				}
				for j := range embedded.NumField() {
					y := embedded.Field(j)
					inner, _, _ := strings.Cut(y.Tag.Get("json"), ",")
					if inner == "" {
						inner = y.Name
					}
					if y.IsExported() && inner != "-" {
						parts(y.Type, open+`{"`+inner+`":`, "}"+end, path+"/"+inner, append(seen, t), f)
					}
				}
			default:
				if name == "" {
					name = x.Name
				}
				parts(x.Type, open+`{"`+name+`":`, "}"+end, path+"/"+name, append(seen, t), f)
			}
		}
	}
}

// misplaced says what is wrong with how one broken part of an input is told.
func misplaced(decode func([]byte, any) error, in reflect.Type, doc, path, code string) error {
	into := reflect.New(in)
	err := decode([]byte(doc), into.Interface())
	fields := fault.FieldsOf(err)
	switch {
	case fault.CodeOf(err) != fault.InputJSON:
		return fmt.Errorf("%s %s: %v", in, doc, err)
	case len(fields) != 1 || fields[0].Path != path || code != "" && fields[0].Code != code || fields[0].Code == "":
		return fmt.Errorf("%s %s: %+v, not %s %s", in, doc, fields, path, code)
	case fields[0].Label("zh") == fields[0].Label("en"):
		return fmt.Errorf("%s has no label", fields[0].Code)
	case !into.Elem().IsZero():
		return fmt.Errorf("%s %s: the input was changed", in, doc)
	}
	return nil
}

// TestDecode_SaysWhereInEveryInput breaks each part of each input in turn.
func TestDecode_SaysWhereInEveryInput(t *testing.T) {
	broke := map[string]int{}
	plain := 0
	for in := range inputTypes() {
		parts(in, "", "", "", nil, func(part reflect.Type, open, end, path string) {
			for _, b := range breaks(part) {
				if err := misplaced(pursuit.Decode, in, open+b.json+end, path+b.path, b.code); err != nil {
					t.Error(err)
				}
				broke[b.code]++
				if misplaced(json.Unmarshal, in, open+b.json+end, path+b.path, b.code) != nil {
					plain++
				}
			}
		})
	}
	for code, n := range broke {
		require.Greater(t, n, 5, code)
	}
	require.Greater(t, plain, 500, "json.Unmarshal alone doesn't say it: the twin")
}

func TestDecode_ListsAllAndChangesNothing(t *testing.T) {
	in := opportunity.RecordInput{Name: "Pumps"}
	doc := ` {"name":"Valves","Customer":"x","estimated":{"amount":"1.234","currency":"CNY"},"expected_close":"2026-02-30","lines":[{},{"quantity":"1e"}]}`
	err := pursuit.Decode([]byte(doc), &in)
	require.ErrorIs(t, err, fault.ErrInvalid)
	var got []string
	for _, f := range fault.FieldsOf(err) {
		got = append(got, f.Path+" "+f.Code)
	}
	require.ElementsMatch(t, []string{"/customer bad_id", "/estimated/amount too_precise", "/expected_close bad_date", "/lines/1/quantity bad_decimal"}, got)
	require.Equal(t, opportunity.RecordInput{Name: "Pumps"}, in)
	require.NoError(t, pursuit.Decode([]byte(`{"name":"Valves"}`), &in))
	require.Equal(t, "Valves", in.Name)

	for _, bad := range []string{"", "{", "{}{}", `{"name":"\x"}`} {
		err := pursuit.Decode([]byte(bad), &in)
		require.Equal(t, []fault.Field{{Code: "bad_json", Message: "isn't JSON"}}, fault.FieldsOf(err), bad)
	}
	require.ErrorIs(t, pursuit.Decode([]byte("{}"), in), fault.ErrInternal)
	require.ErrorIs(t, pursuit.Decode([]byte("{}"), (*opportunity.RecordInput)(nil)), fault.ErrInternal)
	require.ErrorIs(t, pursuit.Decode([]byte("{}"), nil), fault.ErrInternal)

	err = pursuit.Decode([]byte(`{"name":5,"name":"Valves"}`), &in)
	require.Equal(t, "input.json", fault.CodeOf(err), "a key that is there twice: the last one is fine")
	long := "[" + strings.Repeat(`"x",`, 5000) + `"x"]`
	var ids []uuid.UUID
	require.Len(t, fault.FieldsOf(pursuit.Decode([]byte(long), &ids)), 100)
}

func ExampleDecode() {
	body := []byte(`{"name":"Pumps","estimated":{"amount":"1.234","currency":"CNY"},"expected_close":"30 June"}`)

	var in opportunity.RecordInput
	err := pursuit.Decode(body, &in)
	for _, f := range fault.FieldsOf(err) {
		fmt.Println(f.Path, f.Code, f.Label("zh"))
	}
	// Output:
	// /estimated/amount too_precise 小数位过多
	// /expected_close bad_date 日期有误
}

// TestR06_DecodeRefusesWhatIsntUTF8, which encoding/json would change in silence.
func TestR06_DecodeRefusesWhatIsntUTF8(t *testing.T) {
	var in opportunity.RecordInput
	err := pursuit.Decode([]byte("{\"name\":\"a\xff\"}"), &in)
	require.ErrorIs(t, err, fault.ErrInvalid)
	require.Equal(t, "bad_utf8", fault.FieldsOf(err)[0].Code)
	require.Empty(t, in.Name)
	require.NoError(t, pursuit.Decode([]byte("{\"name\":\"商机\"}"), &in))
	require.Equal(t, "商机", in.Name)
}
