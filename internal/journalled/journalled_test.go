package journalled

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/journal"
)

// sample is a journal of two events whose state is the sum of their numbers.
func sample(t *testing.T) Journal {
	j := Journal{Name: "sample", State: json.RawMessage(`{"sum":3,"each":[1,2]}`)}
	for i := range 2 {
		ev := journal.Event{Type: "thing.added.v1", Payload: map[string]any{"n": i + 1, "note": "<&>"}}
		e, err := j.Head.Append("acme", journal.KindOrder, uuid.UUID{15: 1}, uuid.UUID{15: byte(2 + i)}, int64(i+1), ev, journal.Moment{By: "ann"})
		require.NoError(t, err)
		j.Entries = append(j.Entries, e)
	}
	return j
}

func replay(entries []journal.Entry) (any, error) {
	var s struct {
		Sum  int   `json:"sum"`
		Each []int `json:"each"`
		More bool  `json:"more"`
	}
	for _, e := range entries {
		var p struct {
			N int `json:"n"`
		}
		if err := json.Unmarshal(e.Payload, &p); err != nil {
			return nil, err
		}
		s.Sum, s.Each = s.Sum+p.N, append(s.Each, p.N)
	}
	return s, nil
}

func TestJ05_J06_FilesKeepJournalsByteForByte(t *testing.T) {
	want := []Journal{sample(t), sample(t)}
	path := filepath.Join(t.TempDir(), "journalled.json")
	require.NoError(t, Write(path, want))
	got, err := Read(path)
	require.NoError(t, err)
	require.Equal(t, want, got)
	require.Equal(t, []string{"thing.added.v1"}, Types(got))
	require.NoError(t, got[0].Check(replay))
}

// TestJ05_J06_TheTwin: a renamed field, an altered entry, another state and a replay
// that fails are found.
func TestJ05_J06_TheTwin(t *testing.T) {
	j := sample(t)
	renamed := j.Renamed(1, "n")
	require.ErrorContains(t, renamed.Replays(replay), "was")
	require.Error(t, renamed.Check(replay), "the chain")
	require.NoError(t, j.Check(replay), "the original is as it was")
	other := sample(t)
	other.State = json.RawMessage(`{"sum":3,"each":[1,2,3]}`)
	require.ErrorContains(t, other.Check(replay), "/each")
	other.State = json.RawMessage(`{"lost":{"a":1}}`)
	require.ErrorContains(t, other.Check(replay), "/lost")
	require.ErrorContains(t, j.Check(func([]journal.Entry) (any, error) { return nil, errors.New("broken") }), "broken")
	require.Empty(t, unnoticed([]Journal{j}, replay))
	require.Equal(t, []string{"thing.added.v1"}, unnoticed([]Journal{j}, func([]journal.Entry) (any, error) { return 1, nil }))
}

// TestO12_TheTwin_UpdatedIsWhenItWasRecorded: an aggregate that shows another time is
// found, wherever it has it.
func TestO12_TheTwin_UpdatedIsWhenItWasRecorded(t *testing.T) {
	j := sample(t)
	for i := range j.Entries {
		j.Entries[i].Moment.Recorded = time.Date(2026, 3, 2, 9, i, 0, 0, time.UTC)
	}
	for text, ok := range map[string]bool{
		`{}`: true, `{"updated":"2026-03-02T09:01:00Z"}`: true, `{"updated":"2026-03-02T09:00:00Z"}`: false,
		`{"customer":{"updated":"2026-03-02T09:00:00Z"}}`: false, `{"snapshot":{"updated":"2026-03-02T08:01:00Z"}}`: false,
	} {
		err := j.recorded(func([]journal.Entry) (any, error) { return json.RawMessage(text), nil })
		require.Equal(t, ok, err == nil, text)
	}
}

func TestDeclared(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "a.go"), []byte("`x` \"thing.b_c.v2\" \"thing.a.v1\" \"other.a.v1\""), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "a_test.go"), []byte("\"thing.z.v1\""), 0o600))
	got, err := Declared(dir, "thing")
	require.NoError(t, err)
	require.Equal(t, []string{"thing.a.v1", "thing.b_c.v2"}, got)
}
