package reliability

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
)

// TestB11_EveryMethodIsInTheCatalogue finds the methods of the session, the engine
// and the relay: each handle's are in it by how it is made.
func TestB11_EveryMethodIsInTheCatalogue(t *testing.T) {
	in := map[string]bool{}
	for _, c := range Calls() {
		in[c.Name] = true
	}
	for _, of := range []reflect.Type{reflect.TypeFor[*pursuit.Session](), reflect.TypeFor[*pursuit.Engine](), reflect.TypeFor[*pursuit.Relay]()} {
		for i := range of.NumMethod() {
			m := of.Method(i)
			name := of.Elem().Name() + "." + m.Name
			if m.Type.NumIn() == 1 && m.Type.NumOut() == 1 && exempt[name] == "" {
				continue // a handle
			}
			require.True(t, in[name] != (exempt[name] != ""), "%s is not tried", name)
		}
	}
}

// TestB11_TheCatalogueIsGood calls every method with its good input.
func TestB11_TheCatalogueIsGood(t *testing.T) {
	p, err := SQLite.Fresh(t.Context(), t.TempDir())
	require.NoError(t, err)
	defer p.Close()
	for _, c := range Calls() {
		w, err := NewWorld(t.Context(), p.Store, c.Name, nil)
		require.NoError(t, err)
		id, err := c.On(t.Context(), w)
		require.NoError(t, err, "preparing %s", c.Name)
		args, err := c.Args(t.Context(), w, id)
		require.NoError(t, err)
		require.NoError(t, c.Do(t.Context(), w, id, args), c.Name)
	}
}
