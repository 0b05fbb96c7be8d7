package integration

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/stage"
)

// stepsBack lets the clock of an engine that knows the tenant step back to 1970, and
// by two days: nothing new is recorded then (O12). One that steps back by an hour, or
// by less than the host allows, is fine.
func (w *tenant) stepsBack(t *testing.T) {
	now := w.now
	session := func(lag time.Duration) *pursuit.Session {
		eng, err := pursuit.New(w.store, &pursuit.Options{Clock: func() time.Time { return now }, MaxClockLag: lag})
		require.NoError(t, err)
		return eng.As(w.s.Actor())
	}
	s := session(0)
	simple := stage.Simple()
	simple.Code = "back"
	news := map[string]func(s *pursuit.Session) error{
		"record": func(s *pursuit.Session) error { _, err := s.Opportunities().Record(w.ctx, w.input()); return err },
		"customer": func(s *pursuit.Session) error {
			_, err := s.Customers().Create(w.ctx, customer.CreateInput{Name: "Back"})
			return err
		},
		"archive": func(s *pursuit.Session) error {
			_, err := s.Archives().Create(w.ctx, archive.CreateInput{Kind: archive.Source, Code: "back", Names: map[string]string{"en": "Back"}})
			return err
		},
		"process": func(s *pursuit.Session) error { _, err := s.Processes().Publish(w.ctx, simple); return err },
	}
	now = now.Add(time.Minute)
	require.NoError(t, news["record"](s)) // the engine knows the tenant
	before := w.written()
	for name, do := range news {
		for _, back := range []time.Time{time.Unix(0, 0), w.now.AddDate(0, 0, -2)} {
			now = back
			err := do(s)
			require.ErrorIs(t, err, fault.ErrHost, name)
			require.Equal(t, "host.clock.behind", fault.CodeOf(err), name)
		}
	}
	require.Equal(t, before, w.written())
	now = w.now.Add(-time.Hour)
	require.NoError(t, news["record"](s))
	// The twin: an engine whose host allows it records what the others refuse.
	now = w.now
	lax := session(100 * 365 * 24 * time.Hour)
	require.NoError(t, news["record"](lax))
	now = time.Unix(0, 0)
	require.NoError(t, news["customer"](lax))
	require.NotEqual(t, before, w.written())
}
