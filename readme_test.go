package pursuit_test

import (
	"os"
	"reflect"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/opportunity"
)

// The diagram in the README is drawn from the table that runs.
func TestReadmeShowsTheLifecycle(t *testing.T) {
	b, err := os.ReadFile("README.md")
	require.NoError(t, err)
	require.Contains(t, string(b), "```mermaid\n"+opportunity.Lifecycle().Mermaid()+"```\n")
}

// Both READMEs have the same example, and their steps name what is there.
func TestReadmesAreTrue(t *testing.T) {
	english, err := os.ReadFile("README.md")
	require.NoError(t, err)
	chinese, err := os.ReadFile("README.zh.md")
	require.NoError(t, err)
	example := regexp.MustCompile("(?s)```go\n.*?```\n").Find(english)
	require.NotEmpty(t, example)
	require.Contains(t, string(chinese), string(example))
	// The host's test is one that runs.
	test := regexp.MustCompile("(?s)```go\n(func TestHost.*?)```\n").FindSubmatch(english)
	require.NotEmpty(t, test)
	require.Contains(t, string(chinese), string(test[1]))
	kit, err := os.ReadFile("pursuittest/kit_test.go")
	require.NoError(t, err)
	require.Contains(t, string(kit), string(test[1]))

	for _, text := range [][]byte{english, chinese} {
		steps := regexp.MustCompile("`([A-Z]\\w+)\\.([A-Z]\\w+)`").FindAllSubmatch(text, -1)
		require.Greater(t, len(steps), 15)
		for _, m := range steps {
			handle, ok := reflect.TypeFor[*pursuit.Session]().MethodByName(string(m[1]))
			if string(m[1]) == "Options" {
				continue // not a handle
			}
			require.True(t, ok, "%s", m[0])
			_, ok = handle.Type.Out(0).MethodByName(string(m[2]))
			require.True(t, ok, "%s", m[0])
		}
	}
	for _, s := range opportunity.Statuses() {
		require.Contains(t, string(chinese), s.Label("zh"))
	}
}
