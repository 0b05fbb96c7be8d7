package reliability

import (
	"reflect"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
)

// TestB11_EveryCommandIsTried finds the commands by their results.
func TestB11_EveryCommandIsTried(t *testing.T) {
	var tried, found []string
	for _, c := range Commands {
		tried = append(tried, c.Name)
	}
	session := reflect.TypeOf(&pursuit.Session{})
	for i := range session.NumMethod() {
		m := session.Method(i)
		if m.Type.NumIn() != 1 || m.Type.NumOut() != 1 {
			continue
		}
		handle := m.Type.Out(0)
		for j := range handle.NumMethod() {
			if f := handle.Method(j); f.Type.NumOut() == 2 && f.Type.Out(0) == reflect.TypeOf(pursuit.Result{}) {
				found = append(found, m.Name+"."+f.Name)
			}
		}
	}
	slices.Sort(tried)
	slices.Sort(found)
	require.Equal(t, found, tried)
}
