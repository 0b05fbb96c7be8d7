package reliability

import (
	"errors"
	"iter"
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestB11_EveryMethodIsTried holds that B11 and B21, which draw from the same list,
// try every method of the catalogue, and that the list names no other.
func TestB11_EveryMethodIsTried(t *testing.T) {
	in, tried := map[string]bool{}, map[string]bool{}
	for _, c := range Calls() {
		in[c.Name] = true
	}
	for _, x := range shuffledTrials((&Run{}).Rand(0), len(trials())) {
		require.False(t, tried[x.Name], "%s is tried twice", x.Name)
		tried[x.Name] = true
	}
	require.Equal(t, in, tried)
	for name := range kinds {
		require.True(t, in[name], "%s isn't a method", name)
	}
}

// TestB11_PartsOfAnswersAreSeen has methods that give something with their error.
func TestB11_PartsOfAnswersAreSeen(t *testing.T) {
	gone := errors.New("gone")
	sequence := func(yields ...any) iter.Seq2[string, error] {
		return func(yield func(string, error) bool) {
			for _, y := range yields {
				s, _ := y.(string)
				err, _ := y.(error)
				if !yield(s, err) {
					return
				}
			}
		}
	}
	half := func(yield func(string, error) bool) { yield("half", gone) }
	call := func(f any) reply { return answerOf(reflect.ValueOf(f).Call(nil)) }
	for name, f := range map[string]any{
		"a value":              func() (int, error) { return 1, gone },
		"a list":               func() ([]int, error) { return []int{1}, gone },
		"two values":           func() (int, string, error) { return 0, "x", gone },
		"a value of a series":  func() iter.Seq2[string, error] { return half },
		"more after the error": func() iter.Seq2[string, error] { return sequence("a", gone, "b") },
	} {
		a := call(f)
		require.NotEmpty(t, a.part, name)
		require.ErrorIs(t, a.err, gone, name)
	}
	for name, f := range map[string]any{
		"a value":  func() (int, error) { return 0, gone },
		"a list":   func() ([]int, error) { return []int{}, gone },
		"a series": func() iter.Seq2[string, error] { return sequence("a", gone) },
	} {
		a := call(f)
		require.Empty(t, a.part, name)
		require.ErrorIs(t, a.err, gone, name)
	}
	require.Equal(t, reply{text: `["a","b"]`}, call(func() iter.Seq2[string, error] { return sequence("a", "b") }))
}
