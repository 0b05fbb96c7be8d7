package pursuit

import (
	"reflect"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/money"
)

// Decimals of an input, at most so many digits before and after the point.
const (
	maxInputDigits   = 20
	maxInputDecimals = 10
)

// encodable refuses an input whose decimals would take long to print: a
// fingerprint prints them before the domain has looked at them. Errors:
// ErrInvalid.
func encodable(input any) error {
	var f fault.Fields
	walk(&f, "", reflect.ValueOf(input))
	return f.Invalid("request.input")
}

var decimalType = reflect.TypeFor[decimal.Decimal]()

// wireName is a field's name as JSON has it.
func wireName(x reflect.StructField) string {
	name, _, _ := strings.Cut(x.Tag.Get("json"), ",")
	if name == "" {
		return x.Name
	}
	return name
}

func walk(f *fault.Fields, path string, v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			walk(f, path, v.Elem())
		}
	case reflect.Slice, reflect.Array:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return
		}
		for i := range v.Len() {
			walk(f, fault.Index(path, i), v.Index(i))
		}
	case reflect.Struct:
		if v.Type() == decimalType {
			if v.CanInterface() {
				f.Merge(path, money.CheckDecimal(v.Interface().(decimal.Decimal), maxInputDigits, maxInputDecimals))
			}
			return
		}
		for i := range v.NumField() {
			walk(f, path+"/"+wireName(v.Type().Field(i)), v.Field(i))
		}
	}
}
