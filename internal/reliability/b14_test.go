package reliability

import (
	"reflect"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
)

// TestB14_EveryDecimalIsFound has decimals in all shapes that an input may have.
func TestB14_EveryDecimalIsFound(t *testing.T) {
	type part struct {
		D decimal.Decimal
		P *decimal.Decimal
	}
	type input struct {
		Parts []part
		List  []*decimal.Decimal
		Map   map[string]decimal.Decimal
		Deep  *map[int]part
		Name  string
	}
	c := &Call{Name: "X", In: []reflect.Type{reflect.TypeFor[string](), reflect.TypeFor[input]()}}
	var got []string
	for _, p := range c.decimals() {
		got = append(got, p.path)
		args := []reflect.Value{reflect.New(c.In[0]).Elem(), reflect.New(c.In[1]).Elem()}
		p.set(nil, args, func(v reflect.Value) { v.Set(reflect.ValueOf(Dec(sentinel))) })
		require.True(t, holds(args[1]), p.path)
	}
	const in = "reliability.input"
	require.Equal(t, []string{in + ".Parts[].D", in + ".Parts[].P*", in + ".List[]*", in + ".Map{}", in + ".Deep*{}.D", in + ".Deep*{}.P*"}, got)
}

// holds says that a value has the sentinel somewhere.
func holds(v reflect.Value) bool {
	if v.Type() == decimalType {
		return v.Interface().(decimal.Decimal).Equal(Dec(sentinel))
	}
	switch v.Kind() {
	case reflect.Pointer:
		return !v.IsNil() && holds(v.Elem())
	case reflect.Slice:
		return v.Len() > 0 && holds(v.Index(0))
	case reflect.Map:
		for _, x := range v.Seq2() {
			if holds(x) {
				return true
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() && holds(v.Field(i)) {
				return true
			}
		}
	}
	return false
}
