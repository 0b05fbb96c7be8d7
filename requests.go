package pursuit

import (
	"reflect"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/money"
)

// Limits of an input that is encoded before the domain has checked it: far above
// what any command accepts.
const (
	// The most digits of a decimal before and after the point.
	maxInputDigits   = 20
	maxInputDecimals = 10
	// maxInputValues is the most values, maxInputText the most bytes of text.
	maxInputValues = 100_000
	maxInputText   = 8 << 20
)

// encodable refuses an input that would take long to print, because a fingerprint
// prints it before the domain has checked it. Errors: ErrInvalid.
func encodable(input any) error {
	w := walker{}
	w.walk("", reflect.ValueOf(input))
	return w.f.Invalid("request.input")
}

var decimalType = reflect.TypeFor[decimal.Decimal]()

// wireName returns a field's name in JSON.
func wireName(x reflect.StructField) string {
	name, _, _ := strings.Cut(x.Tag.Get("json"), ",")
	if name == "" {
		return x.Name
	}
	return name
}

// walker visits all values of an input, until there are too many.
type walker struct {
	f            fault.Fields
	values, text int
	full         bool
}

// more counts, and reports whether to continue.
func (w *walker) more(path string, values, text int) bool {
	if w.full {
		return false
	}
	if w.values += values; w.values > maxInputValues {
		w.f.Add(path, "too_many", "has too many values")
		w.full = true
	}
	if w.text += text; w.text > maxInputText && !w.full {
		w.f.Add(path, "too_long", "has too much text")
		w.full = true
	}
	return !w.full
}

func (w *walker) walk(path string, v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			w.walk(path, v.Elem())
		}
	case reflect.String:
		w.more(path, 1, v.Len())
	case reflect.Map:
		if !w.more(path, v.Len(), 0) {
			return
		}
		for it := v.MapRange(); !w.full && it.Next(); {
			w.walk(path, it.Key())
			w.walk(path, it.Value())
		}
	case reflect.Slice, reflect.Array:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			w.more(path, 1, v.Len())
			return
		}
		if !w.more(path, v.Len(), 0) {
			return
		}
		for i := 0; i < v.Len() && !w.full; i++ {
			w.walk(fault.Index(path, i), v.Index(i))
		}
	case reflect.Struct:
		if v.Type() == decimalType {
			if v.CanInterface() {
				w.f.Merge(path, money.CheckDecimal(v.Interface().(decimal.Decimal), maxInputDigits, maxInputDecimals))
			}
			return
		}
		for i := 0; i < v.NumField() && !w.full; i++ {
			w.walk(path+"/"+wireName(v.Type().Field(i)), v.Field(i))
		}
	default:
		w.more(path, 1, 0)
	}
}
