package pursuit_test

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/fault"
)

// places lists where the texts of a filled input are, as JSON pointers.
func places(v any, path string, out *[]string) {
	switch v := v.(type) {
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(v)) {
			places(v[k], path+"/"+k, out)
		}
	case []any:
		for i, x := range v {
			places(x, path+"/"+strconv.Itoa(i), out)
		}
	case string:
		if v == "price" { // what fill gives to a text
			*out = append(*out, path)
		}
	}
}

// spoilt is an input with a control character in the texts at some places.
func spoilt(v any, path string, at []string) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for k, x := range v {
			out[k] = spoilt(x, path+"/"+k, at)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = spoilt(x, path+"/"+strconv.Itoa(i), at)
		}
		return out
	}
	if slices.Contains(at, path) {
		return "pri\x01ce"
	}
	return v
}

// refusal is the paths of the faults that a method lists for an input.
func (h house) refusal(t *testing.T, d door, input any) []string {
	b, err := json.Marshal(input)
	require.NoError(t, err)
	var inputs []json.RawMessage
	require.NoError(t, json.Unmarshal(h.seed(d, false), &inputs))
	inputs[0] = b
	err, ok := h.call(t, d, inputs)
	if !ok || !errors.Is(err, fault.ErrInvalid) {
		return nil
	}
	var out []string
	for _, f := range fault.FieldsOf(err) {
		out = append(out, f.Path)
	}
	return out
}

// unlisted are the places that a method refuses by themselves, and doesn't list
// when all of them are spoilt; alone is how many it refuses.
func unlisted(places []string, refusal func(at []string) []string) (alone int, missing []string) {
	var each []string
	for _, p := range places {
		if slices.Contains(refusal([]string{p}), p) {
			each = append(each, p)
		}
	}
	together := refusal(each)
	for _, p := range each {
		if !slices.Contains(together, p) {
			missing = append(missing, p)
		}
	}
	return len(each), missing
}

// TestEveryFaultIsListedAtOnce spoils each text of each input in turn, and then
// all of them: what is refused alone is listed among the others.
func TestEveryFaultIsListedAtOnce(t *testing.T) {
	total := 0
	for _, d := range doors() {
		h := furnished()
		var seed []any
		require.NoError(t, json.Unmarshal(h.seed(d, true), &seed))
		if len(seed) == 0 {
			continue
		}
		var texts []string
		places(seed[0], "", &texts)
		alone, missing := unlisted(texts, func(at []string) []string { return h.refusal(t, d, spoilt(seed[0], "", at)) })
		total += alone
		for _, p := range missing {
			t.Errorf("%s: %s isn't listed beside the others", d.name, p)
		}
	}
	require.Greater(t, total, 100)
	t.Run("the twin: only the first is listed", func(t *testing.T) {
		alone, missing := unlisted([]string{"/a", "/b", "/c"}, func(at []string) []string { return at[:1] })
		require.Equal(t, 3, alone)
		require.Equal(t, []string{"/b", "/c"}, missing)
	})
}
