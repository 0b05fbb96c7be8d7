package journal_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
)

// tally is a small aggregate: a sum.
type tally struct {
	ID                 uuid.UUID
	Sum                int
	Version            int64
	Updated, Effective time.Time
	Head               journal.Head
}

type (
	begun struct {
		ID uuid.UUID `json:"id"`
	}
	added struct {
		N int `json:"n"`
	}
	ended struct {
		Bad any `json:"bad,omitempty"`
	}
)

var tallies = journal.NewRegistry(journal.KindOrder,
	func(s *tally) journal.Marks {
		return journal.Marks{ID: &s.ID, Version: &s.Version, Updated: &s.Updated, Effective: &s.Effective, Head: &s.Head}
	},
	journal.On("tally.begun.v1", func(p *begun, s *tally, _ journal.Moment) { s.ID = p.ID }).First(),
	journal.On("tally.added.v1", func(p *added, s *tally, _ journal.Moment) { s.Sum += p.N }),
	journal.On("tally.ended.v1", func(*ended, *tally, journal.Moment) {}).Last(),
)

func counter(from uint64) func() uuid.UUID { return func() uuid.UUID { from++; return id(from) } }

// lived is a tally of three versions, the second of two events.
func lived(t *testing.T) (tally, []journal.Entry) {
	var s tally
	var all []journal.Entry
	newID := counter(100)
	for n, payloads := range [][]any{{&begun{id(7)}}, {&added{2}, &added{3}}, {&ended{}}} {
		p := tallies.Pending(s.Version)
		require.True(t, p.Empty())
		require.EqualValues(t, n, p.Loaded())
		for _, x := range payloads {
			p.Do(&s, x, at(10-n)) // recorded ever earlier: the engine's clock is its own matter
		}
		require.False(t, p.Empty())
		entries, err := p.Take(&s, "acme", s.ID, newID)
		require.NoError(t, err)
		require.Len(t, entries, len(payloads))
		require.True(t, p.Empty())
		require.EqualValues(t, n+1, p.Loaded())
		all = append(all, entries...)
	}
	return s, all
}

// TestJ05_J06_O11_CommandsAndReplayingShareOneLineOfARegistry: what commands did is
// what replaying does.
func TestJ05_J06_O11_CommandsAndReplayingShareOneLineOfARegistry(t *testing.T) {
	s, all := lived(t)
	require.Equal(t, 5, s.Sum)
	require.Equal(t, at(8).Recorded, s.Updated, "when it was recorded last")
	require.Equal(t, at(10).Effective, s.Effective, "never backwards")
	require.Equal(t, []int64{1, 2, 2, 3}, []int64{all[0].Version, all[1].Version, all[2].Version, all[3].Version})
	require.NoError(t, journal.Verify(all, s.Head))
	places := 0
	got, deleted, err := tallies.Replay(all, func(_ *tally, i int, payload any) {
		require.Equal(t, places, i)
		places++
		if i == 1 {
			require.Equal(t, &added{2}, payload)
		}
	})
	require.NoError(t, err)
	require.True(t, deleted)
	require.Equal(t, s, got)
	require.Equal(t, 4, places)
	require.Len(t, tallies.Types(), 3)
	require.Equal(t, "tally.added.v1", tallies.Types()[1].Name)
	require.Equal(t, "added", tallies.Types()[1].Payload.Name())
}

func TestJ05_WhatIsNoWholeJournalIsRefused(t *testing.T) {
	for name, x := range map[string]struct {
		code  string
		spoil func(e []journal.Entry) []journal.Entry
	}{
		"none":         {fault.JournalEmpty, func([]journal.Entry) []journal.Entry { return nil }},
		"no beginning": {fault.JournalOrder, func(e []journal.Entry) []journal.Entry { return e[1:] }},
		"twice begun":  {fault.JournalOrder, func(e []journal.Entry) []journal.Entry { e[1].Type = e[0].Type; return e }},
		"a gap":        {fault.JournalOrder, func(e []journal.Entry) []journal.Entry { return append(e[:1], e[2]) }},
		"after its end": {fault.JournalOrder, func(e []journal.Entry) []journal.Entry {
			x := e[1]
			x.Seq = 5
			return append(e, x)
		}},
		"a kind":    {fault.JournalOrder, func(e []journal.Entry) []journal.Entry { e[1].Kind = journal.KindQuote; return e }},
		"a tenant":  {fault.JournalOrder, func(e []journal.Entry) []journal.Entry { e[1].Tenant = "other"; return e }},
		"an id":     {fault.JournalOrder, func(e []journal.Entry) []journal.Entry { e[1].Aggregate = id(8); return e }},
		"another":   {fault.JournalOrder, func(e []journal.Entry) []journal.Entry { e[0].Payload = []byte("{}"); return e }},
		"a type":    {fault.JournalType, func(e []journal.Entry) []journal.Entry { e[1].Type = "tally.eaten.v1"; return e }},
		"a payload": {fault.JournalPayload, func(e []journal.Entry) []journal.Entry { e[1].Payload = []byte(`{"n":""}`); return e }},
	} {
		t.Run(name, func(t *testing.T) {
			_, all := lived(t)
			got, deleted, err := tallies.Replay(x.spoil(all), nil)
			require.ErrorIs(t, err, fault.ErrCorrupt)
			require.Equal(t, x.code, fault.CodeOf(err))
			require.Zero(t, got)
			require.False(t, deleted)
		})
	}
}

func TestJ06_APayloadThatDoesNotEncodeChangesNoHead(t *testing.T) {
	s := tally{ID: id(7)}
	p := tallies.Pending(s.Version)
	p.Do(&s, &ended{Bad: func() {}}, at(1))
	_, err := p.Take(&s, "acme", s.ID, counter(1))
	require.ErrorIs(t, err, fault.ErrInternal)
	require.Equal(t, journal.Head{}, s.Head)
}

func TestO12_O11_MomentsAreRefused(t *testing.T) {
	last := at(5).Effective
	code := func(taken bool, m journal.Moment) string {
		return fault.CodeOf(m.Begin(taken, last, "pending", "future", "backwards"))
	}
	require.Equal(t, "", code(true, at(5)))
	require.Equal(t, "pending", code(false, at(5)))
	require.Equal(t, "backwards", code(true, at(4)))
	future := at(6)
	future.Effective = future.Recorded.Add(time.Microsecond)
	require.Equal(t, "future", code(true, future))
}

func TestFromToIsOfWhatDiffers(t *testing.T) {
	var x journal.FromTo[string]
	x.Set("a", "a")
	require.Zero(t, x)
	x.Set("", "b")
	require.Equal(t, journal.FromTo[string]{To: "b"}, x)
}

// The twin: a handler that does something else while replaying than the command did
// is seen by comparing.
func TestJ05_TheTwin_ReplayingByAnotherRegistryDiffers(t *testing.T) {
	s, all := lived(t)
	other := journal.NewRegistry(journal.KindOrder,
		func(s *tally) journal.Marks { return journal.Marks{ID: &s.ID, Version: &s.Version, Head: &s.Head} },
		journal.On("tally.begun.v1", func(p *begun, s *tally, _ journal.Moment) { s.ID = p.ID }),
		journal.On("tally.added.v1", func(p *added, s *tally, _ journal.Moment) { s.Sum = p.N }),
		journal.On("tally.ended.v1", func(*ended, *tally, journal.Moment) {}),
	)
	got, deleted, err := other.Replay(all, nil)
	require.NoError(t, err)
	require.False(t, deleted)
	require.NotEqual(t, s.Sum, got.Sum)
}
