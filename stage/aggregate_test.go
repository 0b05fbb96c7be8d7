package stage_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/journalled"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/stage"
)

// stored runs commands on a process as the engine does, and wants replaying to give
// what is stored.
type stored struct {
	t       *testing.T
	rec     stage.Record
	entries []journal.Entry
	n       byte
}

func (s *stored) run(f func(a *stage.Aggregate, at journal.Moment) error) error {
	s.t.Helper()
	s.n++
	now := time.Date(2026, 3, 2, 9, int(s.n), 0, 0, time.UTC)
	a := stage.Open(s.rec)
	if err := f(a, journal.Moment{Effective: now.Add(-time.Hour), Recorded: now, By: "ann"}); err != nil {
		require.Equal(s.t, s.rec, a.Record, "a refused command changes nothing")
		return err
	}
	c, err := a.Change(func() uuid.UUID { return uuid.UUID{0: 9, 15: s.n} })
	require.NoError(s.t, err)
	require.Equal(s.t, s.rec.Version, c.Expected)
	require.Equal(s.t, c.Expected+1, c.Record.Version)
	require.Equal(s.t, now, c.Record.Updated)
	s.rec, s.entries = c.Record, append(s.entries, c.Entries...)
	require.NoError(s.t, journal.Verify(s.entries, s.rec.Head))
	got, err := stage.Replay(s.entries)
	require.NoError(s.t, err)
	if c.Delete {
		require.Zero(s.t, got)
	} else {
		require.Equal(s.t, s.rec, got)
	}
	return nil
}

// TestJ05_P01_P02_P06_ProcessesReplay lives a process through all its commands.
func TestJ05_P01_P02_P06_ProcessesReplay(t *testing.T) {
	id, other := uuid.UUID{15: 1}, uuid.UUID{15: 2}
	s := &stored{t: t, rec: stage.Record{Tenant: "acme"}}
	publish := func(version byte, p stage.Process) func(a *stage.Aggregate, at journal.Moment) error {
		return func(a *stage.Aggregate, at journal.Moment) error {
			return a.Publish(id, uuid.UUID{14: version}, p, true, nil, at)
		}
	}
	retire := func(a *stage.Aggregate, at journal.Moment) error { return a.Retire(at) }
	activate := func(a *stage.Aggregate, at journal.Moment) error { return a.Activate(at) }
	prefer := func(a *stage.Aggregate, at journal.Moment) error { return a.MakeDefault(at) }
	remove := func(used bool) func(a *stage.Aggregate, at journal.Moment) error {
		return func(a *stage.Aggregate, at journal.Moment) error { return a.Delete(used, at) }
	}
	code := func(err error) string { return fault.CodeOf(err) }

	require.ErrorIs(t, s.run(publish(1, stage.Process{})), fault.ErrInvalid)
	require.NoError(t, s.run(publish(1, stage.Simple())))
	require.True(t, s.rec.Default)
	require.Equal(t, stage.ActiveProcess, s.rec.State)
	next := stage.Simple()
	next.ID, next.Code = other, ""
	require.NoError(t, s.run(publish(2, next)))
	require.Equal(t, 2, s.rec.Latest)
	require.Equal(t, id, s.rec.ID)
	require.Equal(t, uuid.UUID{14: 2}, s.rec.Current)
	next.Code = "another"
	require.ErrorIs(t, s.run(publish(3, next)), fault.ErrInvalid)
	require.Equal(t, "process.default", code(s.run(retire)))
	require.Equal(t, "process.default", code(s.run(prefer)))
	require.Equal(t, "process.default", code(s.run(remove(false))))
	require.Equal(t, "process.active", code(s.run(activate)))
	require.NoError(t, s.run(func(a *stage.Aggregate, at journal.Moment) error { a.Unmark(at); return nil }))
	require.NoError(t, s.run(retire))
	require.Equal(t, "process.retired", code(s.run(retire)))
	require.Equal(t, "process.retired", code(s.run(prefer)))
	require.NoError(t, s.run(activate))
	require.NoError(t, s.run(prefer))
	require.NoError(t, s.run(func(a *stage.Aggregate, at journal.Moment) error { a.Unmark(at); return nil }))
	require.Equal(t, "process.in_use", code(s.run(remove(true))))
	require.NoError(t, s.run(remove(false)))

	first, err := stage.Decode(s.entries[0])
	require.NoError(t, err)
	require.True(t, first.(*stage.PublishedPayload).Default)
	second, err := stage.Decode(s.entries[1])
	require.NoError(t, err)
	require.Equal(t, uuid.UUID{14: 1}, second.(*stage.PublishedPayload).Before)
	_, err = stage.Replay(s.entries[1:])
	require.ErrorIs(t, err, fault.ErrCorrupt)
	journalled.Forms(t, "testdata/events.golden", stage.Events(), s.entries, *update)
}
