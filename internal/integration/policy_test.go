package integration

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/fault"
)

// spy is a policy that counts, and can be told to deny, to fail and to panic.
type spy struct {
	access.Default
	asked, scoped int
	answer        error
	boom          bool
	blind         bool // sees no rows
}

func (s *spy) Allow(ctx context.Context, a access.Actor, act access.Action, on access.Subject) error {
	s.asked++
	if s.boom {
		panic("boom")
	}
	if s.answer != nil {
		return s.answer
	}
	return s.Default.Allow(ctx, a, act, on)
}

func (s *spy) Scope(ctx context.Context, a access.Actor, of access.Resource) (access.Scope, error) {
	s.scoped++
	switch {
	case s.boom:
		panic("boom")
	case s.answer != nil:
		return access.Scope{}, s.answer
	case s.blind:
		return access.Scope{}, nil
	}
	return s.Default.Scope(ctx, a, of)
}

// sort says what a method does, and so what is expected of it.
type sort int

const (
	creates  sort = iota + 1 // makes something new
	changes                  // a command on one thing
	reads                    // a question on one thing
	searches                 // a question on many, inside the scope
	asks                     // a question that the policy answers as a whole
)

type probe struct {
	sort sort
	// prepare brings about what the method needs and gives the id that it is about.
	prepare func(w *tenant) uuid.UUID
	// call calls it; for searches it says how many rows were seen.
	call func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error)
}

// subjects are how many things a command is on, where that isn't one.
var subjects = map[string]int{"Customers.Merge": 2, "Opportunities.RecordForNewCustomer": 2}

// handles are all types that a session gives, by the method that gives them.
func handles() map[string]reflect.Type {
	out := map[string]reflect.Type{}
	s := reflect.TypeOf(&pursuit.Session{})
	for i := range s.NumMethod() {
		m := s.Method(i)
		if m.Type.NumIn() == 1 && m.Type.NumOut() == 1 && isHandle(m.Type.Out(0)) {
			out[m.Name] = m.Type.Out(0)
		}
	}
	return out
}

// isHandle says whether a type is a struct of nothing but a session.
func isHandle(t reflect.Type) bool {
	return t.Kind() == reflect.Struct && t.NumField() == 1 && t.Field(0).Type == reflect.TypeFor[pursuit.Opportunities]().Field(0).Type
}

// TestB17_EveryMethodHasAProbe fails for a method that nobody tries.
func TestB17_EveryMethodHasAProbe(t *testing.T) {
	found := handles()
	require.GreaterOrEqual(t, len(found), 9)
	var methods []string
	for name, h := range found {
		for i := range h.NumMethod() {
			methods = append(methods, name+"."+h.Method(i).Name)
		}
	}
	for _, m := range methods {
		_, tried := probes[m]
		require.True(t, tried, "%s has no probe", m)
	}
	for name := range probes {
		require.True(t, slices.Contains(methods, method(name)), "%s doesn't exist", name)
	}
}

func (w *tenant) with(p *spy) *pursuit.Session {
	return w.engine(p).As(w.s.Actor())
}

func TestJ01_J04_ThePolicyIsAskedOnceBeforeAnyWrite(t *testing.T) {
	onEach(t, func(t *testing.T) {
		fresh := tenants(t)
		for name, p := range probes {
			t.Run(name, func(t *testing.T) {
				w := fresh(t)
				var id uuid.UUID
				if p.prepare != nil {
					id = p.prepare(w)
				}
				before := w.written()
				policy := &spy{answer: fault.New(fault.ErrForbidden, "no", "no")}
				s := w.with(policy)
				_, err := p.call(w, s, id)
				require.ErrorIs(t, err, fault.ErrForbidden, "a denial is passed on")
				policy.answer = errors.New("the directory is down")
				_, err = p.call(w, s, id)
				require.ErrorIs(t, err, fault.ErrHost, "a policy that fails denies")
				policy.answer, policy.boom = nil, true
				_, err = p.call(w, s, id)
				require.ErrorIs(t, err, fault.ErrHost, "a policy that panics denies")
				require.Equal(t, before, w.written(), "nothing is written")

				*policy = spy{}
				_, err = p.call(w, s, id)
				require.NoError(t, err)
				switch p.sort {
				case creates, changes:
					require.Equal(t, max(1, subjects[name]), policy.asked, "J01: once about each subject")
					require.Greater(t, w.written(), before, "J04: at least one entry")
				case reads, asks:
					require.Equal(t, 1, policy.asked)
					require.Equal(t, before, w.written())
				case searches:
					require.Equal(t, 1, policy.scoped)
					require.Equal(t, before, w.written())
				}
			})
		}
	})
}

// TestJ03_AnotherTenantsThingsAreNotThere tries every method with another
// tenant's ids (B15), and wants the very answer that an unknown id gets.
func TestJ03_AnotherTenantsThingsAreNotThere(t *testing.T) {
	onEach(t, func(t *testing.T) {
		fresh := tenants(t)
		for name, p := range probes {
			if p.sort == creates {
				continue
			}
			t.Run(name, func(t *testing.T) {
				w := fresh(t)
				var id uuid.UUID
				if p.prepare != nil {
					id = p.prepare(w)
				}
				evil := w.evil()
				before := w.written()
				n, err := p.call(w, evil, id)
				switch p.sort {
				case changes, reads:
					require.ErrorIs(t, err, fault.ErrNotFound)
					_, unknown := p.call(w, evil, uuid.MustParse("01936a5e-0000-7000-8000-000000000000"))
					require.Equal(t, unknown, err, "J03: the answer gives nothing away")
				case searches, asks:
					require.NoError(t, err)
					require.Zero(t, n)
				}
				require.Equal(t, before, w.written())
			})
		}
	})
}

// TestJ02_SearchesStayInsideTheScope wants nothing where the actor sees nothing.
func TestJ02_SearchesStayInsideTheScope(t *testing.T) {
	onEach(t, func(t *testing.T) {
		fresh := tenants(t)
		for name, p := range probes {
			if p.sort != searches {
				continue
			}
			t.Run(name, func(t *testing.T) {
				w := fresh(t)
				var id uuid.UUID
				if p.prepare != nil {
					id = p.prepare(w)
				}
				n, err := p.call(w, w.s, id)
				require.NoError(t, err)
				require.Positive(t, n)
				n, err = p.call(w, w.with(&spy{blind: true}), id)
				require.NoError(t, err)
				require.Zero(t, n)
			})
		}
	})
}
