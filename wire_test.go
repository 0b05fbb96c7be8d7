package pursuit_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/fault"
)

// inputTypes are the types of what the handles' methods take.
func inputTypes() map[reflect.Type]bool {
	out := map[reflect.Type]bool{}
	s := reflect.TypeFor[*pursuit.Session]()
	for i := range s.NumMethod() {
		m := s.Method(i).Type
		if m.NumIn() != 1 || m.NumOut() != 1 || m.Out(0).Kind() != reflect.Struct {
			continue
		}
		h := m.Out(0)
		for j := range h.NumMethod() {
			f := h.Method(j).Type
			for k := 1; k < f.NumIn(); k++ {
				t := f.In(k)
				for t.Kind() == reflect.Slice || t.Kind() == reflect.Pointer {
					t = t.Elem()
				}
				if t.Kind() == reflect.Struct && t.PkgPath() != "" {
					out[t] = true
				}
			}
		}
	}
	return out
}

// leaves calls f for each decodable thing in a type, with the JSON around it.
func leaves(t reflect.Type, open, end string, path string, seen []reflect.Type, f func(leaf reflect.Type, open, end, path string)) {
	switch t.Kind() {
	case reflect.Pointer:
		leaves(t.Elem(), open, end, path, seen, f)
		return
	case reflect.Slice:
		leaves(t.Elem(), open+"[", "]"+end, path, seen, f)
		return
	case reflect.Map:
		leaves(t.Elem(), open+`{"k":`, "}"+end, path, seen, f)
		return
	}
	custom := reflect.PointerTo(t).Implements(reflect.TypeFor[json.Unmarshaler]())
	plain := t.Kind() == reflect.Struct && t.NumField() > 0 && t.Field(0).IsExported()
	if custom && !plain || t == reflect.TypeFor[decimal.Decimal]() {
		f(t, open, end, path)
		return
	}
	if t.Kind() != reflect.Struct {
		return
	}
	for _, x := range seen {
		if x == t {
			return
		}
	}
	for i := range t.NumField() {
		x := t.Field(i)
		name, _, _ := strings.Cut(x.Tag.Get("json"), ",")
		if !x.IsExported() || name == "-" {
			continue
		}
		if x.Anonymous && name == "" {
			leaves(x.Type, open, end, path, append(seen, t), f)
			continue
		}
		if name == "" {
			name = x.Name
		}
		leaves(x.Type, open+`{"`+name+`":`, "}"+end, path+"/"+name, append(seen, t), f)
	}
}

// costly says what is wrong with how hostile JSON is decoded: it must be refused
// with at most so many bytes of memory.
func costly(into any, text string, most uint64) error {
	b := []byte(text)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	err := json.Unmarshal(b, into)
	runtime.ReadMemStats(&after)
	switch used := after.TotalAlloc - before.TotalAlloc; {
	case err == nil:
		return errors.New("was taken")
	case used > most:
		return errors.New("took too much memory")
	}
	return nil
}

// TestB14_HostileJSONOfEveryInput puts a million digits in the place of every decimal,
// amount, date and id that an input has.
func TestB14_HostileJSONOfEveryInput(t *testing.T) {
	digits := strings.Repeat("9", 1_000_000)
	decimals, others := 0, 0
	for in := range inputTypes() {
		leaves(in, "", "", "", nil, func(leaf reflect.Type, open, end, path string) {
			for _, hostile := range []string{digits, `"` + digits + `"`, "0." + digits, "1e" + digits, "1e999999999", `"1e-999999999"`} {
				into := reflect.New(in)
				most := uint64(1 << 20)
				if leaf == reflect.TypeFor[time.Time]() { // whose error quotes the text
					most = 16 << 20
				}
				require.NoError(t, costly(into.Interface(), open+hostile+end, most), "%s%s %.20s", in, path, hostile)
				if leaf == reflect.TypeFor[decimal.Decimal]() {
					err := json.Unmarshal([]byte(open+hostile+end), into.Interface())
					require.ErrorIs(t, err, fault.ErrInvalid, "%s%s", in, path)
					require.True(t, strings.HasSuffix(path, fault.FieldsOf(err)[0].Path) && fault.FieldsOf(err)[0].Path != "", "%s%s: %v", in, path, fault.FieldsOf(err))
				}
			}
			if leaf == reflect.TypeFor[decimal.Decimal]() {
				decimals++
				for _, fine := range []string{"1.5", `"1.5"`, "1e1", "null", "15"} {
					require.NoError(t, json.Unmarshal([]byte(open+fine+end), reflect.New(in).Interface()), "%s%s", in, path)
				}
			} else {
				others++
			}
		})
	}
	require.GreaterOrEqual(t, decimals, 15)
	require.Greater(t, others, 20)
	t.Run("the twin", func(t *testing.T) {
		require.Error(t, costly(new(struct{ Quantity decimal.Decimal }), `{"Quantity":`+digits[:200_000]+`}`, 1<<20))
	})
}
