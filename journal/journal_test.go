package journal_test

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
)

func id(n uint64) (u uuid.UUID) {
	binary.BigEndian.PutUint64(u[8:], n)
	return u
}

func at(n int) journal.Moment {
	t := time.Date(2026, 3, 1, 9, 0, n, 123456000, time.UTC)
	return journal.Moment{Effective: t.Add(-time.Hour), Recorded: t, By: "ann"}
}

// chain makes a chain of n entries.
func chain(t testing.TB, n int) ([]journal.Entry, journal.Head) {
	t.Helper()
	var head journal.Head
	var list []journal.Entry
	for i := range n {
		e, err := head.Append("acme", journal.KindOpportunity, id(7), id(uint64(100+i)), int64(i+1), journal.Event{Type: "opportunity.noted.v1", Payload: map[string]int{"n": i}}, at(i))
		require.NoError(t, err)
		list = append(list, e)
	}
	return list, head
}

func broken(t *testing.T, err error, entry int, code string) {
	t.Helper()
	require.ErrorIs(t, err, fault.ErrCorrupt)
	require.Equal(t, "journal.broken", fault.CodeOf(err))
	f := fault.FieldsOf(err)
	require.Len(t, f, 1)
	require.Equal(t, fmt.Sprintf("/entries/%d", entry), f[0].Path)
	require.Equal(t, code, f[0].Code)
}

func TestJ06_TheChainVerifies(t *testing.T) {
	list, head := chain(t, 5)
	require.NoError(t, journal.Verify(list, head))
	require.NoError(t, journal.Verify(nil, journal.Head{}))
	require.EqualValues(t, 5, head.Seq)
	require.Equal(t, list[4].Hash, head.Hash)
	require.Equal(t, journal.Hash{}, list[0].Prev)
	for i, e := range list {
		require.EqualValues(t, i+1, e.Seq)
		require.JSONEq(t, fmt.Sprintf(`{"n":%d}`, i), string(e.Payload))
	}
}

// Each field of each entry, altered in any way, is found where it stands.
func TestJ06_AlteringAnyFieldIsFound(t *testing.T) {
	edits := map[string]func(e *journal.Entry){
		"tenant": func(e *journal.Entry) { e.Tenant = "acmf" }, "kind": func(e *journal.Entry) { e.Kind = journal.KindOrder },
		"aggregate": func(e *journal.Entry) { e.Aggregate = id(8) }, "id": func(e *journal.Entry) { e.ID = id(999) },
		"version": func(e *journal.Entry) { e.Version++ }, "type": func(e *journal.Entry) { e.Type += "2" },
		"payload": func(e *journal.Entry) { e.Payload = []byte(strings.Replace(string(e.Payload), ":", ": ", 1)) }, "no payload": func(e *journal.Entry) { e.Payload = nil },
		"effective": func(e *journal.Entry) { e.Moment.Effective = e.Moment.Effective.Add(time.Microsecond) },
		"recorded":  func(e *journal.Entry) { e.Moment.Recorded = e.Moment.Recorded.Add(-time.Microsecond) },
		"by":        func(e *journal.Entry) { e.Moment.By = "bob" }, "hash": func(e *journal.Entry) { e.Hash[31] ^= 1 },
		// The same bytes, cut in another place.
		"tenant into kind": func(e *journal.Entry) { e.Tenant, e.Kind = "acm", "e"+e.Kind },
		"type into by":     func(e *journal.Entry) { e.Type, e.Moment.By = e.Type+"a", "nn" },
	}
	original, head := chain(t, 4)
	for name, edit := range edits {
		for i := range original {
			list := slices.Clone(original)
			edit(&list[i])
			broken(t, journal.Verify(list, head), i, "hash")
			require.NotEqual(t, original[i], list[i], name)
		}
	}
	for i := range original {
		list := slices.Clone(original)
		list[i].Seq++
		broken(t, journal.Verify(list, head), i, "sequence")
		list = slices.Clone(original)
		list[i].Prev[0] ^= 1
		broken(t, journal.Verify(list, head), i, "prev")
	}
}

func TestJ06_RemovingAndReorderingIsFound(t *testing.T) {
	original, head := chain(t, 5)
	for i := range original {
		list := slices.Delete(slices.Clone(original), i, i+1)
		if i == len(original)-1 {
			broken(t, journal.Verify(list, head), i, "head")
		} else {
			broken(t, journal.Verify(list, head), i, "sequence")
		}
		for k := range original[:i] {
			list := slices.Clone(original)
			list[i], list[k] = list[k], list[i]
			broken(t, journal.Verify(list, head), k, "sequence")
		}
		twice := slices.Insert(slices.Clone(original), i, original[i])
		broken(t, journal.Verify(twice, head), i+1, "sequence")
	}
	broken(t, journal.Verify(nil, head), 0, "head")
	broken(t, journal.Verify(original, journal.Head{Seq: 4, Hash: head.Hash}), 5, "head")
	broken(t, journal.Verify(original, journal.Head{Seq: 5}), 5, "head")
}

// A forger who makes an entry anew, hash and all, is found by the next one, or by
// the head.
func TestJ06_ForgedEntriesAreFound(t *testing.T) {
	original, head := chain(t, 3)
	for i := range original {
		before := journal.Head{}
		if i > 0 {
			before = journal.Head{Seq: original[i-1].Seq, Hash: original[i-1].Hash}
		}
		e := original[i]
		forged, err := before.Append(e.Tenant, e.Kind, e.Aggregate, e.ID, e.Version, journal.Event{Type: e.Type, Payload: "forged"}, e.Moment)
		require.NoError(t, err)
		list := slices.Clone(original)
		list[i] = forged
		if i == len(original)-1 {
			broken(t, journal.Verify(list, head), i+1, "head")
		} else {
			broken(t, journal.Verify(list, head), i+1, "prev")
		}
	}
	// Nor can a whole chain be continued by another aggregate's.
	other, err := head.Append("acme", journal.KindOpportunity, id(8), id(500), 4, journal.Event{Type: "x", Payload: nil}, at(4))
	require.NoError(t, err)
	broken(t, journal.Verify(append(original, other), head), 3, "aggregate")
}

// The hash's input never changes: what was chained years ago must verify.
func TestJ06_GoldenHash(t *testing.T) {
	list, head := chain(t, 2)
	require.Equal(t, golden[0], list[0].Hash.String())
	require.Equal(t, golden[1], head.Hash.String())
	b, err := json.Marshal(head)
	require.NoError(t, err)
	require.Equal(t, `{"seq":2,"hash":"`+golden[1]+`"}`, string(b))
	var back journal.Head
	require.NoError(t, json.Unmarshal(b, &back))
	require.Equal(t, head, back)
	// Times are kept to the microsecond, in any zone.
	e := list[0]
	e.Moment.Recorded = e.Moment.Recorded.Add(999 * time.Nanosecond).In(time.FixedZone("x", 3600))
	require.NoError(t, journal.Verify([]journal.Entry{e}, journal.Head{Seq: 1, Hash: e.Hash}))
}

func TestHashText(t *testing.T) {
	var h journal.Hash
	for _, bad := range []string{"", "ab", "a", strings.Repeat("A", 64), strings.Repeat("g", 64), strings.Repeat("a", 63), strings.Repeat("a", 65), strings.Repeat("a", 66), strings.Repeat("a", 128)} {
		require.ErrorIs(t, h.UnmarshalText([]byte(bad)), fault.ErrInvalid, bad)
		require.Zero(t, h)
	}
	require.NoError(t, h.UnmarshalText([]byte(strings.Repeat("0f", 32))))
	require.Equal(t, strings.Repeat("0f", 32), h.String())
}

func TestAppendRefusesWhatDoesNotEncode(t *testing.T) {
	head := journal.Head{Seq: 3}
	_, err := head.Append("acme", journal.KindOrder, id(1), id(2), 1, journal.Event{Type: "x", Payload: func() {}}, at(0))
	require.ErrorIs(t, err, fault.ErrInternal)
	require.Equal(t, journal.Head{Seq: 3}, head, "the head stays")
}

func TestJ06_RandomDamageIsFound(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	original, head := chain(t, 8)
	for range 2_000 {
		list := slices.Clone(original)
		i := rnd.IntN(len(list))
		list[i].Payload = slices.Clone(list[i].Payload)
		list[i].Payload[rnd.IntN(len(list[i].Payload))] ^= byte(1 + rnd.IntN(255))
		broken(t, journal.Verify(list, head), i, "hash")
	}
}

func BenchmarkAppend(b *testing.B) {
	var head journal.Head
	b.ReportAllocs()
	for b.Loop() {
		if _, err := head.Append("acme", journal.KindOpportunity, id(7), id(1), 1, journal.Event{Type: "opportunity.noted.v1", Payload: 1}, journal.Moment{By: "ann"}); err != nil {
			b.Fatal(err)
		}
	}
}

func ExampleVerify() {
	var head journal.Head
	var list []journal.Entry
	for i, name := range []string{"opportunity.recorded.v1", "opportunity.won.v1"} {
		e, err := head.Append("acme", journal.KindOpportunity, id(1), id(uint64(2+i)), int64(i+1), journal.Event{Type: name, Payload: i}, journal.Moment{By: "ann"})
		if err != nil {
			fmt.Println(err)
			return
		}
		list = append(list, e)
	}
	fmt.Println(journal.Verify(list, head))
	list[0].Moment.By = "bob"
	fmt.Println(journal.Verify(list, head))
	// Output:
	// <nil>
	// journal.broken: the journal's chain is broken (/entries/0: was altered)
}

// Entries that chain to each other don't make one chain of two aggregates: a
// difference in any one part of what they belong to is found.
func TestJ06_OneChainIsOfOneAggregate(t *testing.T) {
	for name, other := range map[string]struct {
		tenant string
		kind   journal.Kind
		of     uuid.UUID
	}{
		"tenant":    {"acmf", journal.KindOpportunity, id(7)},
		"kind":      {"acme", journal.KindOrder, id(7)},
		"aggregate": {"acme", journal.KindOpportunity, id(8)},
	} {
		list, head := chain(t, 2)
		e, err := head.Append(other.tenant, other.kind, other.of, id(200), 3, journal.Event{Type: "opportunity.noted.v1", Payload: map[string]int{"n": 2}}, at(2))
		require.NoError(t, err)
		t.Run(name, func(t *testing.T) { broken(t, journal.Verify(append(list, e), head), 2, "aggregate") })
	}
}
