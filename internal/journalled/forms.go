package journalled

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"

	"github.com/pursuit-crm/pursuit/journal"
)

// Forms holds the wire form of events: the file has the first of each type, and each
// type is among the entries. If update is set it is written anew.
func Forms(t *testing.T, path string, types []journal.EventType, entries []journal.Entry, update bool) {
	t.Helper()
	seen := map[string]bool{}
	var b bytes.Buffer
	for i := range entries {
		if e := &entries[i]; !seen[e.Type] {
			seen[e.Type] = true
			b.WriteString(e.Type + "\n")
			if err := json.Indent(&b, e.Payload, "", "  "); err != nil {
				t.Fatal(err)
			}
			b.WriteByte('\n')
		}
	}
	for _, typ := range types {
		if !seen[typ.Name] {
			t.Errorf("%s isn't among the entries", typ.Name)
		}
	}
	if update {
		if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if want, err := os.ReadFile(path); err != nil || !bytes.Equal(want, b.Bytes()) {
		t.Errorf("%s isn't current (%v); the events are\n%s", path, err, b.Bytes())
	}
}
