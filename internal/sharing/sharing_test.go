package sharing_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/internal/sharing"
)

type inner struct{ P *int }

type outer struct {
	List []inner
	Map  map[string]string
	P    *inner
}

func TestBetweenFindsWhatIsShared(t *testing.T) {
	var a outer
	sharing.Fill(&a)
	require.Equal(t, []string{"outer.List is shared", "outer.Map is shared", "outer.P is shared"}, sharing.Between(a, a))
	b := outer{List: []inner{a.List[0]}, Map: map[string]string{"": "x"}, P: &inner{P: a.P.P}}
	require.Equal(t, []string{"outer.List[0].P is shared", "outer.P.P is shared"}, sharing.Between(a, b))
	var c outer
	sharing.Fill(&c)
	require.Empty(t, sharing.Between(a, c))
	require.Equal(t, []string{"outer.List is nil", "outer.Map is nil", "outer.P is nil"}, sharing.Between(a, outer{}))
}
