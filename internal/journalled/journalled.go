package journalled

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"

	"github.com/pursuit-crm/pursuit/journal"
)

// Journal is all that one aggregate journalled, and what it was in the end.
type Journal struct {
	Name    string          `json:"name"`
	Head    journal.Head    `json:"head"`
	Entries []journal.Entry `json:"entries"`
	// State is what the version that wrote the file made of the entries.
	State json.RawMessage `json:"state"`
}

// Read returns the journals of a file.
func Read(path string) (list []Journal, err error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return list, json.Unmarshal(b, &list)
}

// Write makes a file, with each entry on a line of its own and payloads byte for
// byte, since hashes hang on them.
func Write(path string, list []Journal) error {
	var b bytes.Buffer
	line := func(before string, v any, after string) error {
		text, err := json.Marshal(v)
		b.WriteString(before)
		b.Write(text)
		b.WriteString(after)
		return err
	}
	for i, j := range list {
		if err := line(map[bool]string{true: "[\n", false: ",\n"}[i == 0]+`{"name":`, j.Name, ","); err != nil {
			return err
		}
		if err := line(`"head":`, j.Head, `,"entries":[`); err != nil {
			return err
		}
		for k := range j.Entries {
			if err := line(map[bool]string{true: "\n", false: ",\n"}[k == 0], j.Entries[k], ""); err != nil {
				return err
			}
		}
		if err := line("],\n\"state\":", j.State, "}"); err != nil {
			return err
		}
	}
	b.WriteString("\n]\n")
	return os.WriteFile(path, b.Bytes(), 0o644)
}

// Types returns the types of event that journals have, sorted.
func Types(list []Journal) (types []string) {
	for i := range list {
		for k := range list[i].Entries {
			types = append(types, list[i].Entries[k].Type)
		}
	}
	slices.Sort(types)
	return slices.Compact(types)
}

// Check verifies the chain and wants replay to return every value of the state of
// then. Fields that were added since may be there as well.
func (j *Journal) Check(replay func(entries []journal.Entry) (any, error)) error {
	if err := journal.Verify(j.Entries, j.Head); err != nil {
		return err
	}
	return j.Replays(replay)
}

// Replays is Check without the chain, for entries that a test altered.
func (j *Journal) Replays(replay func(entries []journal.Entry) (any, error)) error {
	now, err := replay(j.Entries)
	if err != nil {
		return err
	}
	text, err := json.Marshal(now)
	if err != nil {
		return err
	}
	was, is, err := decoded(j.State, text)
	if err != nil {
		return err
	}
	return differ("", was, is)
}

func decoded(a, b []byte) (x, y any, err error) {
	if err := json.Unmarshal(a, &x); err != nil {
		return nil, nil, err
	}
	return x, y, json.Unmarshal(b, &y)
}

// differ returns the first place where is doesn't have what was has. An empty value
// may be left out. What is effective now was called updated.
func differ(path string, was, is any) error {
	if is == nil && empty(was) {
		return nil
	}
	switch w := was.(type) {
	case map[string]any:
		m, ok := is.(map[string]any)
		if !ok {
			break
		}
		if m["effective"] != nil && w["updated"] != nil && w["effective"] == nil { // it stood in updated before
			w = maps.Clone(w)
			w["effective"] = w["updated"]
			delete(w, "updated")
		}
		for key := range w {
			if err := differ(path+"/"+key, w[key], m[key]); err != nil {
				return err
			}
		}
		return nil
	case []any:
		l, ok := is.([]any)
		if !ok || len(l) != len(w) {
			break
		}
		for i := range w {
			if err := differ(fmt.Sprint(path, "/", i), w[i], l[i]); err != nil {
				return err
			}
		}
		return nil
	default:
		if reflect.DeepEqual(was, is) {
			return nil
		}
	}
	return fmt.Errorf("%s: was %v, is %v", path, was, is)
}

func empty(was any) bool {
	switch w := was.(type) {
	case map[string]any:
		for _, v := range w {
			if !empty(v) {
				return false
			}
		}
		return true
	case []any:
		return len(w) == 0
	case string:
		return strings.Trim(w, "0-") == "" || w == "0001-01-01T00:00:00Z"
	}
	return was == nil || was == false || was == 0.0
}

// Renamed returns a copy of which the payload at a place has a field by another
// name: what an incompatible change of its type would read.
func (j *Journal) Renamed(at int, field string) Journal {
	c := *j
	c.Entries = slices.Clone(j.Entries)
	e := &c.Entries[at]
	e.Payload = bytes.Replace(e.Payload, []byte(`"`+field+`":`), []byte(`"x`+field+`":`), 1)
	return c
}
