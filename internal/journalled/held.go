package journalled

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pursuit-crm/pursuit/journal"
)

// Holds wants every journal of a file to verify and to replay to its state, and
// every type of event that begins with prefix and that the sources in the current
// directory name to be in it. Its twin renames the fields of payloads: only types
// in blind may hide that, since their payloads are for readers only or empty.
func Holds(t *testing.T, path, prefix string, replay func(entries []journal.Entry) (any, error), blind ...string) {
	list, err := Read(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := range list {
		if err := list[i].Check(replay); err != nil {
			t.Errorf("%s: %v", list[i].Name, err)
		}
		if err := list[i].recorded(replay); err != nil {
			t.Errorf("%s: %v", list[i].Name, err)
		}
	}
	declared, err := Declared(".", prefix)
	if err != nil {
		t.Fatal(err)
	}
	if have := Types(list); !slices.Equal(declared, have) {
		t.Errorf("the sources declare %v, the file has %v", declared, have)
	}
	slices.Sort(blind)
	if got := unnoticed(list, replay); !slices.Equal(got, blind) {
		t.Errorf("renamed fields go unnoticed in all journals of %v, want %v", got, blind)
	}
}

// recorded wants updated to be when the last change was recorded, in whatever has it.
func (j *Journal) recorded(replay func(entries []journal.Entry) (any, error)) error {
	state, err := replay(j.Entries)
	if err != nil {
		return err
	}
	text, err := json.Marshal(state)
	if err != nil {
		return err
	}
	var top map[string]any
	if err := json.Unmarshal(text, &top); err != nil {
		return err
	}
	last := j.Entries[len(j.Entries)-1].Moment.Recorded.Format(time.RFC3339Nano)
	for _, x := range []any{top, top["snapshot"], top["customer"]} {
		if m, ok := x.(map[string]any); ok && !empty(m["updated"]) && m["updated"] != last {
			return fmt.Errorf("updated is %v, recorded %v", m["updated"], last)
		}
	}
	return nil
}

// Declared returns the types of event that the sources of a folder name, sorted.
func Declared(dir, prefix string) (types []string, err error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	name := regexp.MustCompile(`"` + regexp.QuoteMeta(prefix) + `\.[a-z_]+\.v[0-9]+"`)
	for _, f := range files {
		if strings.HasSuffix(f, "_test.go") {
			continue
		}
		b, err := os.ReadFile(f)
		if err != nil {
			return nil, err
		}
		for _, m := range name.FindAll(b, -1) {
			types = append(types, strings.Trim(string(m), `"`))
		}
	}
	slices.Sort(types)
	return slices.Compact(types), nil
}

// unnoticed returns the types of which no field can be renamed so that what the
// journal replays to just after the event is another state, or an error.
func unnoticed(list []Journal, replay func(entries []journal.Entry) (any, error)) []string {
	noticed := map[string]bool{}
	for i := range list {
		for k := range list[i].Entries {
			e := &list[i].Entries[k]
			var fields map[string]json.RawMessage
			if noticed[e.Type] || json.Unmarshal(e.Payload, &fields) != nil {
				continue
			}
			now := Journal{Entries: list[i].Entries[:k+1]}
			state, err := replay(now.Entries)
			if err != nil {
				continue
			}
			now.State, _ = json.Marshal(state)
			for f := range fields {
				renamed := now.Renamed(k, f)
				noticed[e.Type] = noticed[e.Type] || renamed.Replays(replay) != nil
			}
		}
	}
	return slices.DeleteFunc(Types(list), func(typ string) bool { return noticed[typ] })
}
