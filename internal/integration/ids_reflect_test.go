package integration

import (
	"context"
	"reflect"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit"
)

// idPaths are the places of ids in a value of a type: fields, elements, and what
// pointers lead to.
func idPaths(t reflect.Type, path string, depth int) (out []string) {
	if t == reflect.TypeFor[uuid.UUID]() {
		return []string{path}
	}
	if depth > 8 {
		return nil
	}
	switch t.Kind() {
	case reflect.Pointer:
		return idPaths(t.Elem(), path, depth+1)
	case reflect.Slice, reflect.Array:
		return idPaths(t.Elem(), path+"[]", depth+1)
	case reflect.Map:
		out = idPaths(t.Elem(), path+"{}", depth+1)
		return append(out, idPaths(t.Key(), path+"{key}", depth+1)...)
	case reflect.Struct:
		for i := range t.NumField() {
			if f := t.Field(i); f.IsExported() {
				out = append(out, idPaths(f.Type, path+"."+f.Name, depth+1)...)
			}
		}
	}
	return out
}

// params are what a method takes beside the context and the options.
func params(m reflect.Method) (out []reflect.Type) {
	for i := 2; i < m.Type.NumIn(); i++ {
		if !m.Type.IsVariadic() || i < m.Type.NumIn()-1 {
			out = append(out, m.Type.In(i))
		}
	}
	return out
}

// placesOf are the places of ids in what a method takes: "0" is the first of them,
// "1.Reasons[].Reason" one inside.
func placesOf(m reflect.Method) (out []string) {
	for i, t := range params(m) {
		out = append(out, idPaths(t, strconv.Itoa(i), 0)...)
	}
	return out
}

// put returns a copy of v with an id at a place.
func put(v reflect.Value, path string, id uuid.UUID) reflect.Value {
	out := reflect.New(v.Type()).Elem()
	out.Set(v)
	switch {
	case v.Type() == reflect.TypeFor[uuid.UUID]():
		out.Set(reflect.ValueOf(id))
	case v.Kind() == reflect.Pointer:
		to := reflect.New(v.Type().Elem())
		if !v.IsNil() {
			to.Elem().Set(v.Elem())
		}
		to.Elem().Set(put(to.Elem(), path, id))
		out.Set(to)
	case v.Kind() == reflect.Slice:
		list := reflect.MakeSlice(v.Type(), max(1, v.Len()), max(1, v.Len()))
		reflect.Copy(list, v)
		list.Index(0).Set(put(list.Index(0), strings.TrimPrefix(path, "[]"), id))
		out.Set(list)
	case v.Kind() == reflect.Struct:
		name, rest := strings.TrimPrefix(path, "."), ""
		if i := strings.IndexAny(name, ".["); i >= 0 {
			name, rest = name[:i], name[i:]
		}
		out.FieldByName(name).Set(put(out.FieldByName(name), rest, id))
	default:
		panic(v.Type().String() + " at " + path)
	}
	return out
}

// answer is all that a call gives: an iterator's values too.
type answer struct {
	values []any
	err    error
	rows   int
}

// callBy calls a method of a session's handle by its name.
func callBy(ctx context.Context, s *pursuit.Session, name string, args []reflect.Value, opts ...pursuit.CallOption) (out answer) {
	handle, method, _ := strings.Cut(name, ".")
	f := reflect.ValueOf(s).MethodByName(handle).Call(nil)[0].MethodByName(method)
	in := append([]reflect.Value{reflect.ValueOf(ctx)}, args...)
	for _, o := range opts {
		in = append(in, reflect.ValueOf(o))
	}
	for _, v := range f.Call(in) {
		switch x := v; {
		case x.Type() == reflect.TypeFor[error]():
			out.err, _ = x.Interface().(error)
		case x.Kind() == reflect.Func: // an iterator
			for a, b := range x.Seq2() {
				if err, ok := b.Interface().(error); ok && err != nil {
					out.err = err
					break
				}
				out.values, out.rows = append(out.values, a.Interface()), out.rows+1
			}
		default:
			out.values, out.rows = append(out.values, x.Interface()), out.rows+rowsOf(x)
		}
	}
	return out
}

// rowsOf counts the rows of an answer, of whatever kind.
func rowsOf(v reflect.Value) int {
	switch v.Kind() {
	case reflect.Slice:
		return v.Len()
	case reflect.Int, reflect.Int64:
		return int(v.Int())
	case reflect.Struct:
		for _, name := range []string{"Items", "Hits", "Deals"} {
			if f := v.FieldByName(name); f.IsValid() {
				return f.Len()
			}
		}
	}
	return 0
}
