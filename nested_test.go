package pursuit_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
)

// calling is a policy that asks the library.
type calling struct {
	access.Default
	ask func(ctx context.Context) error
	err error
}

func (c *calling) Allow(ctx context.Context, a access.Actor, act access.Action, on access.Subject) error {
	if c.ask != nil {
		c.err = c.ask(ctx)
	}
	return c.Default.Allow(ctx, a, act, on)
}

// TestB17_TheLibraryInsideItself: a policy that calls the library, and another
// session in a batch, are refused at once instead of waiting for themselves.
func TestB17_TheLibraryInsideItself(t *testing.T) {
	w := newTenant(t)
	id := w.record().ID
	c := &calling{}
	eng := w.engine(c)
	own := eng.As(w.s.Actor())
	for name, ask := range map[string]func(ctx context.Context) error{
		"a question":     func(ctx context.Context) error { _, err := w.s.Opportunities().Get(ctx, id, 0); return err },
		"a command":      func(ctx context.Context) error { _, err := w.s.Opportunities().Record(ctx, w.input()); return err },
		"its own engine": func(ctx context.Context) error { _, err := own.Opportunities().Record(ctx, w.input()); return err },
		"a list": func(ctx context.Context) error {
			_, err := w.s.Opportunities().Count(ctx, opportunity.Filter{})
			return err
		},
		"a batch": func(ctx context.Context) error {
			return w.s.Batch(ctx, func(context.Context, *pursuit.Session) error { return nil })
		},
		"a context made of the it": func(ctx context.Context) error {
			_, err := w.s.Archives().Retire(context.WithoutCancel(ctx), w.win)
			return err
		},
	} {
		c.ask, c.err = ask, nil
		_, err := own.Opportunities().Get(w.ctx, id, 0)
		require.NoError(t, err)
		require.ErrorIs(t, c.err, fault.ErrNotAllowed, name)
		require.Equal(t, "session.nested", fault.CodeOf(c.err), name)
	}
	c.ask = nil
	require.NoError(t, own.Batch(w.ctx, func(ctx context.Context, b *pursuit.Session) error {
		for _, s := range []*pursuit.Session{own, w.s} {
			_, err := s.Opportunities().Record(ctx, w.input())
			require.Equal(t, "session.nested", fault.CodeOf(err))
			_, err = s.Opportunities().Get(ctx, id, 0)
			require.Equal(t, "session.nested", fault.CodeOf(err))
		}
		_, err := b.Opportunities().Record(ctx, w.input())
		require.NoError(t, err)
		return b.Batch(ctx, func(ctx context.Context, b *pursuit.Session) error {
			_, err := b.Opportunities().Record(ctx, w.input())
			return err
		})
	}))
	// Another store is another matter.
	other := newTenant(t)
	c.ask = func(ctx context.Context) error {
		_, err := other.s.Opportunities().Record(ctx, other.input())
		return err
	}
	_, err := own.Opportunities().Get(w.ctx, id, 0)
	require.NoError(t, err)
	require.NoError(t, c.err)
}
