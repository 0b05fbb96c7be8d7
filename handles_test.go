package pursuit_test

import (
	"context"
	"io"
	"reflect"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/storage/memory"
)

// answers calls every method of a handle, or of a session, and returns by name what
// each answers: its error, or what it panicked with.
func answers(of reflect.Value) map[string]any {
	out := map[string]any{}
	for i := range of.NumMethod() {
		f, name := of.Method(i), of.Type().Name()+"."+of.Type().Method(i).Name
		if n := f.Type().NumOut(); n == 0 || f.Type().NumIn() == 0 || f.Type().In(0) != contextType {
			continue // gives a handle, or the actor
		}
		out[name] = answer(f)
	}
	return out
}

func answer(f reflect.Value) (got any) {
	defer func() {
		if p := recover(); p != nil {
			got = p
		}
	}()
	var in []reflect.Value
	for k := range f.Type().NumIn() {
		p := f.Type().In(k)
		if f.Type().IsVariadic() && k == f.Type().NumIn()-1 {
			break
		}
		switch p {
		case contextType:
			in = append(in, reflect.ValueOf(context.Background()))
		case reflect.TypeFor[uuid.UUID]():
			in = append(in, reflect.ValueOf(uuid.New()))
		case reflect.TypeFor[io.Reader]():
			in = append(in, reflect.ValueOf(strings.NewReader("content")))
		default:
			in = append(in, reflect.Zero(p))
		}
	}
	out := f.Call(in)
	last := out[len(out)-1]
	if last.Kind() == reflect.Func {
		for _, e := range last.Seq2() {
			return e.Interface()
		}
		return nil
	}
	return last.Interface()
}

// TestB17_AZeroHandleAnswersWithAnError: no method of a handle, a session or an engine
// that was made in a wrong way panics or does anything.
func TestB17_AZeroHandleAnswersWithAnError(t *testing.T) {
	actor := pursuit.Actor{Tenant: "acme", User: "ann", Roles: []access.Role{access.Administrator}}
	good := open().Session
	for name, s := range map[string]*pursuit.Session{
		"nil session": nil, "zero session": {}, "zero engine": new(pursuit.Engine).As(actor), "nil engine": (*pursuit.Engine)(nil).As(actor),
		"no transaction": must(pursuit.New(memory.New(), nil)).In(nil).As(actor),
	} {
		methods := 0
		all := reflect.ValueOf(s)
		handles := []reflect.Value{all}
		for i := range all.NumMethod() {
			if all.Method(i).Type().NumIn() == 0 && all.Type().Method(i).Name != "Actor" {
				handles = append(handles, all.Method(i).Call(nil)[0])
				handles = append(handles, reflect.Zero(handles[len(handles)-1].Type()))
			}
		}
		require.Equal(t, pursuit.Actor{}, s.Actor())
		for _, h := range handles {
			for method, got := range answers(h) {
				methods++
				err, _ := got.(error)
				require.ErrorIs(t, err, fault.ErrInvalid, "%s: %s answers %v", name, method, got)
			}
		}
		require.Greater(t, methods, 250, name)
	}
	for _, e := range []*pursuit.Engine{nil, new(pursuit.Engine), new(pursuit.Engine).In(nil), must(pursuit.New(memory.New(), nil)).In(nil)} {
		require.ErrorIs(t, e.ReleaseNumbers(t.Context()), fault.ErrInvalid)
		_, err := e.Relay("acme", pursuit.PublisherFunc(nil), nil)
		require.ErrorIs(t, err, fault.ErrInvalid)
	}
	_, err := new(pursuit.Relay).Once(t.Context())
	require.Error(t, err)
	require.Error(t, new(pursuit.Relay).Run(t.Context()))
	require.Error(t, new(pursuit.Relay).Release(t.Context()))
	// The twin: methods of a good session aren't all refused so.
	done := 0
	for _, got := range answers(reflect.ValueOf(good.Archives())) {
		if err, _ := got.(error); err == nil {
			done++
		}
	}
	require.NotZero(t, done)
}
