package intercept_test

import (
	"context"
	"errors"
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/internal/intercept"
	"github.com/pursuit-crm/pursuit/storage"
	"github.com/pursuit-crm/pursuit/storage/memory"
)

// TestB11_EveryMethodOfEveryPortIsIntercepted: the error that Before gives is the
// answer of each.
func TestB11_EveryMethodOfEveryPortIsIntercepted(t *testing.T) {
	seeded := errors.New("seeded")
	names := map[string]int{}
	ready := false
	s := &intercept.Store{Store: memory.New(), Before: func(_ context.Context, name string) error {
		if !ready {
			return nil
		}
		names[name]++
		return seeded
	}}
	methods := 0
	err := s.Update(t.Context(), func(ctx context.Context, tx storage.Tx) error {
		ready = true
		ports := reflect.TypeFor[storage.Tx]()
		for i := range ports.NumMethod() {
			port := reflect.ValueOf(tx).MethodByName(ports.Method(i).Name).Call(nil)[0]
			of := ports.Method(i).Type.Out(0)
			for j := range of.NumMethod() {
				f := port.MethodByName(of.Method(j).Name)
				in := []reflect.Value{reflect.ValueOf(ctx)}
				for k := 1; k < f.Type().NumIn(); k++ {
					if f.Type().IsVariadic() && k == f.Type().NumIn()-1 {
						break
					}
					in = append(in, reflect.Zero(f.Type().In(k)))
				}
				out := f.Call(in)
				require.Equal(t, seeded, out[len(out)-1].Interface(), "%s.%s", ports.Method(i).Name, of.Method(j).Name)
				methods++
			}
		}
		ready = false
		return nil
	})
	require.NoError(t, err)
	require.Len(t, names, methods, "each has a name of its own")
	require.Greater(t, methods, 50)
}
