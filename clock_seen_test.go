package pursuit_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/stage"
)

// A clock that is far ahead is refused by whatever a fresh engine does first, and what
// was refused or rolled back doesn't pass for recorded (O12).
func TestO12_WhatWasRefusedIsNotRecorded(t *testing.T) {
	ctx := context.Background()
	h := open()
	admin := pursuit.Actor{Tenant: "acme", User: "ann", Department: "east", Roles: []access.Role{access.Administrator}}
	at := func(year int) *pursuit.Engine {
		return must(pursuit.New(h.store, &pursuit.Options{Clock: func() time.Time { return time.Date(year, 6, 1, 9, 0, 0, 0, time.UTC) }}))
	}
	in := opportunity.RecordInput{Name: "deal", Customer: h.customer, Currency: money.CNY}
	record := func(s *pursuit.Session) error {
		_, err := s.Opportunities().Record(ctx, in)
		return err
	}
	ahead := func(err error) {
		t.Helper()
		require.ErrorIs(t, err, fault.ErrHost)
		require.Equal(t, "host.clock.ahead", fault.CodeOf(err))
	}
	simple := stage.Simple()
	simple.Code = "another"
	for name, first := range map[string]func(s *pursuit.Session) error{
		"publish":       func(s *pursuit.Session) error { _, err := s.Processes().Publish(ctx, simple); return err },
		"a bad publish": func(s *pursuit.Session) error { _, err := s.Processes().Publish(ctx, stage.Process{}); return err },
		"enable":        func(s *pursuit.Session) error { _, err := s.SalesSystem().Enable(ctx); return err },
		"record":        record,
		"a refused batch": func(s *pursuit.Session) error {
			return s.Batch(ctx, func(_ context.Context, b *pursuit.Session) error { return record(b) })
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := at(2200).As(admin)
			ahead(first(s))
			ahead(record(s)) // the engine learnt nothing of it
			require.NoError(t, record(at(2026).As(admin)))
		})
	}
	// What the host rolled back isn't recorded either: had 2035 been taken for recorded,
	// 2037 would be within ten years of it.
	year := 2035
	eng := must(pursuit.New(h.store, &pursuit.Options{Clock: func() time.Time { return time.Date(year, 6, 1, 9, 0, 0, 0, time.UTC) }}))
	tx := h.store.Begin()
	require.NoError(t, record(eng.In(h.store.Bind(tx)).As(admin)))
	tx.Rollback()
	year = 2037
	ahead(record(eng.As(admin)))
}

// policyCalling asks the library from inside the policy.
type policyCalling struct {
	access.Default
	eng *pursuit.Engine
	err error
}

func (p *policyCalling) Allow(ctx context.Context, a access.Actor, act access.Action, on access.Subject) error {
	if p.eng != nil {
		_, p.err = p.eng.As(a).Opportunities().Count(ctx, opportunity.Filter{})
	}
	return p.Default.Allow(ctx, a, act, on)
}

// The library is refused inside itself also where the outer engine is bound to the
// host's transaction, and the inner one isn't.
func TestB17_TheLibraryInsideABoundEngine(t *testing.T) {
	ctx := context.Background()
	h := open()
	policy := &policyCalling{}
	eng := must(pursuit.New(h.store, &pursuit.Options{Policy: policy}))
	policy.eng = eng
	host := h.store.Begin()
	bound := eng.In(h.store.Bind(host)).As(h.Actor())
	_, err := bound.Opportunities().Record(ctx, opportunity.RecordInput{Name: "deal", Customer: h.customer, Currency: money.CNY})
	require.NoError(t, err)
	require.Equal(t, "session.nested", fault.CodeOf(policy.err))
	policy.eng = nil
	err = bound.Batch(ctx, func(ctx context.Context, _ *pursuit.Session) error {
		_, err := eng.As(h.Actor()).Opportunities().Count(ctx, opportunity.Filter{})
		return err
	})
	require.Equal(t, "session.nested", fault.CodeOf(err))
	host.Rollback()
}
