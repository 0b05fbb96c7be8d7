package archive_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
)

// Replaying the journal gives the stored state exactly (J05, for archives).
func TestJ05_Replay(t *testing.T) {
	for seed := range uint64(50) {
		pick := rand.New(rand.NewPCG(seed, 5))
		newID := ids(1000)
		rec := archive.Record{}
		var all []journal.Entry
		save := func(a *archive.Aggregate) bool {
			c, err := a.Change(newID)
			require.NoError(t, err)
			require.Equal(t, c.Expected+1, c.Entry.Version)
			all = append(all, c.Entries...)
			rec = archive.Record{Entry: c.Entry, Head: c.Head}
			return c.Delete
		}
		a, err := archive.New(id(1), "acme", input(archive.LossReason), at(0))
		require.NoError(t, err)
		gone := save(a)
		for step := 1; step < 30 && !gone; step++ {
			a := archive.Open(rec)
			done := 0
			for range 1 + pick.IntN(3) {
				var err error
				switch pick.IntN(8) {
				case 0:
					err = a.Retire(at(step))
				case 1:
					err = a.Activate(at(step))
				case 2:
					err = a.Delete(pick.IntN(4) > 0, at(step))
				default:
					err = a.Update(archive.CreateInput{
						Names:            map[string]string{"en": fmt.Sprint("n<", pick.IntN(5))},
						NeedsExplanation: pick.IntN(2) == 0, NeedsCompetitor: pick.IntN(2) == 0,
						Description: strings.Repeat("\u2028d\n&", pick.IntN(3)) + "x",
						Attributes:  map[string]string{"k": fmt.Sprint(pick.IntN(3))},
					}.Update(), at(step))
				}
				if err == nil {
					done++
				}
			}
			if done > 0 {
				gone = save(a)
			}
		}
		require.NoError(t, journal.Verify(all, rec.Head))
		got, err := archive.Replay(all)
		require.NoError(t, err)
		if gone {
			require.Equal(t, archive.Entry{}, got)
		} else {
			require.Equal(t, rec.Entry, got)
		}
	}
}

func TestReplayRefusesWhatDoesNotFit(t *testing.T) {
	a := archive.Open(stored(t, input(archive.Source)))
	require.NoError(t, a.Update(input("").Update(), at(1)))
	first, err := archive.New(id(1), "acme", input(archive.Source), at(0))
	require.NoError(t, err)
	c1, err := first.Change(ids(1))
	require.NoError(t, err)
	c2, err := a.Change(ids(2))
	require.NoError(t, err)
	for code, spoil := range map[string]func(e *journal.Entry){
		"journal.order 1": func(e *journal.Entry) { e.Kind = journal.KindCustomer },
		"journal.order 2": func(e *journal.Entry) { e.Aggregate = id(9) },
		"journal.type":    func(e *journal.Entry) { e.Type = "archive.painted.v1" },
		"journal.payload": func(e *journal.Entry) { e.Payload = []byte("{") },
		"journal.order 3": func(e *journal.Entry) { e.Payload = []byte("{}") },
	} {
		entries := []journal.Entry{c1.Entries[0], c2.Entries[0]}
		spoil(&entries[1])
		_, err := archive.Replay(entries)
		require.ErrorIs(t, err, fault.ErrCorrupt)
		require.True(t, strings.HasPrefix(code, fault.CodeOf(err)), "%s: %v", code, err)
	}
	none, err := archive.Replay(nil)
	require.Equal(t, "journal.empty", fault.CodeOf(err))
	require.Equal(t, archive.Entry{}, none)
	_, err = archive.Replay(c2.Entries)
	require.Equal(t, []string{"/entries/0 order"}, wrong(err))
}
