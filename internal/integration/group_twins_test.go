package integration

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// twins are bugs that the tests of groups must find: each replaces code of the
// store while PURSUIT_TWIN has its name.
var twins = []struct{ name, file, code, twin, finder string }{
	{"keeps what a failed member wrote", "group_batch.go", `case b.exec(rollbackTo) != nil`, `case TWIN && b.exec(rollbackTo) != nil`, "TestGroupMembersDontHarmEachOther"},
	{"answers before COMMIT", "group_batch.go", "func (b *batch) wait(watch bool) error {\n", "func (b *batch) wait(watch bool) error {\n\tif !TWIN { return nil }\n", "TestGroupAnswersAfterCommit"},
	{"drops the error of COMMIT", "group_batch.go", "b.end(err)\n\treturn err\n", "if !TWIN { err = nil }\n\tb.end(err)\n\treturn err\n", "TestGroupWhoseCommitFails"},
	{"believes a transaction that the database ended", "group_batch.go", "\tb.end(busy())\n", "\tif TWIN { b.end(busy()) } else { b.end(nil) }\n", "TestGroupWhenTheDiskIsFull"},
	{"lets a context interrupt a shared transaction", "group.go", "b.o.base = b.base", "if TWIN { b.o.base = b.base }", "TestGroupStatementsArentInterrupted"},
	{"loses the turn when a queued caller leaves", "group.go", "return <-w.turn, nil // it came at the same moment", "if !TWIN { return nil, cancelled(ctx) }; return <-w.turn, nil", "TestGroupTurnComesTooLate"},
	{"forgets the savepoint", "group_batch.go", "if m != nil {\n\t\terr", "if m != nil && TWIN {\n\t\terr", "TestGroupMembersDontHarmEachOther"},
	{"shares with one who failed alone", "group_batch.go", "case alone && clean &&", "case alone && (clean || !TWIN) &&", "TestGroupMembersDontHarmEachOther"},
}

// TestTwinsOfGroupsAreFound builds the tests once more, with all twins in them,
// and runs them with each.
func TestTwinsOfGroupsAreFound(t *testing.T) {
	dir := t.TempDir()
	folder, err := filepath.Abs("../../storage/sqlstore")
	require.NoError(t, err)
	sources := map[string]string{}
	for _, x := range twins {
		if sources[x.file] == "" {
			b, err := os.ReadFile(filepath.Join(folder, x.file))
			require.NoError(t, err)
			sources[x.file] = strings.Replace(string(b), "import (", "import (\n\t\"os\"", 1)
		}
		require.Equal(t, 1, strings.Count(sources[x.file], x.code), "%s: the code has changed", x.name)
		twin := strings.ReplaceAll(x.twin, "TWIN", fmt.Sprintf("(os.Getenv(\"PURSUIT_TWIN\") != %q)", x.name))
		sources[x.file] = strings.Replace(sources[x.file], x.code, twin, 1)
	}
	overlay := map[string]map[string]string{"Replace": {}}
	for file, text := range sources {
		path := filepath.Join(dir, file)
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		overlay["Replace"][filepath.Join(folder, file)] = path
	}
	b, err := json.Marshal(overlay)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "overlay.json"), b, 0o600))
	binary := filepath.Join(dir, "twins.test")
	out, err := exec.Command("go", "test", "-c", "-o", binary, "-overlay", filepath.Join(dir, "overlay.json"), ".").CombinedOutput()
	require.NoError(t, err, "%s", out)
	run := func(twin, tests string) (string, error) {
		cmd := exec.Command(binary, "-test.run=^("+tests+")$", "-test.timeout=10m")
		cmd.Env = append(os.Environ(), "PURSUIT_TWIN="+twin)
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	finders := map[string]bool{}
	for _, x := range twins {
		finders[x.finder] = true
		t.Run(x.name, func(t *testing.T) {
			said, err := run(x.name, x.finder)
			require.Error(t, err, "not found")
			require.Contains(t, said, "--- FAIL: "+x.finder)
		})
	}
	var all []string
	for f := range finders {
		all = append(all, f)
	}
	said, err := run("", strings.Join(all, "|"))
	require.NoError(t, err, "without a bug they pass: %s", said)
}
