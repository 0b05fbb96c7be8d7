package reliability

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit"
)

// scene is one play of tenants that share ids.
type scene struct {
	name string
	play func(t *theatre) error
}

// scenes are all that is played: every command, those that look whether something
// is in use with another tenant in which it is, and every question.
func scenes() []scene {
	var out []scene
	for i := range Commands {
		out = append(out, given(&Commands[i], nil))
	}
	for i := range variants {
		out = append(out, given(&variants[i], nil))
	}
	for _, u := range uses {
		i := slices.IndexFunc(Commands, func(c Command) bool { return c.Name == u.command })
		out = append(out, given(&Commands[i], u.ahead))
	}
	for kind, use := range usesOfEntries {
		out = append(out, useOf(kind, use))
	}
	slices.SortStableFunc(out, func(a, b scene) int { return cmp.Compare(a.name, b.name) })
	return append(out, askings()...)
}

// given plays a command: two tenants give it one after the other, and one who has
// nothing tries before and after.
func given(c *Command, ahead func(ctx context.Context, w *World, id uuid.UUID) error) scene {
	name := c.Name
	if ahead != nil {
		name += ", with the other tenant ahead"
	}
	return scene{name, func(t *theatre) error {
		a, b, stranger, err := t.pair()
		if err != nil {
			return err
		}
		var id, own uuid.UUID
		err = t.together(a, b, func(x *World) (err error) {
			if x.Tenant == a.Tenant {
				id, err = c.On(t, x)
			} else {
				own, err = c.On(t, x)
			}
			return err
		})
		if err != nil {
			return err
		}
		stranger.Part = a.Part
		if ahead != nil {
			if err := ahead(t, b, own); err != nil {
				return err
			}
		}
		give := func(w *World, id uuid.UUID, o ...pursuit.CallOption) error {
			r, err := safely(func() (result, error) { return c.Give(t, w, id, o...) })
			return t.script.note(w.Tenant, []any{r, r.Repeated}, err)
		}
		key := pursuit.RequestID(requestKey)
		hooked, err := a.Inside(t.noting(nil), a.opts)
		if err != nil {
			return err
		}
		hooked2, err := b.Inside(t.noting(nil), b.opts)
		if err != nil {
			return err
		}
		for _, step := range []func() error{
			func() error { return give(stranger, id) },
			func() error { return t.overtaken(a, c, id) },
			func() error { return t.stale(a, c, id) },
			func() error { t.again = nil; return give(hooked, id, key) },
			func() error { return t.replay("a") },
			func() error { return t.moved(a) },
			func() error { return give(a, id, key) },       // a repetition
			t.rows,                                         // before the other one does the same
			func() error { return t.overtaken(b, c, own) }, // also so that its next ids are what a's were
			func() error { return t.stale(b, c, own) },
			func() error { t.again = nil; return give(hooked2, own, key) },
			func() error { return t.replay("b") },
			func() error { return t.moved(b) },
			func() error { return give(b, own, key) },
			func() error { return give(b, own) }, // on what has moved on
			t.rows,
		} {
			if err := step(); err != nil {
				return err
			}
		}
		return nil
	}}
}

// safely makes an error of a panic: commands index what they list.
func safely(f func() (result, error)) (r result, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return f()
}

func asking(name string, ask func(t *theatre, x rich, w ...*World) error) scene {
	return scene{name, func(t *theatre) error {
		a, b, stranger, err := t.pair()
		if err != nil {
			return err
		}
		var x, y rich
		err = t.together(a, b, func(w *World) (err error) {
			if w.Tenant == a.Tenant {
				x, err = w.enrich(t)
			} else {
				y, err = w.enrich(t)
			}
			return err
		})
		if err != nil {
			return fmt.Errorf("enriching: %w", err)
		}
		if !t.apart && x != y {
			return fmt.Errorf("the tenants' ids differ: %v %v", x, y)
		}
		if err := errors.Join(a.part(t, x), b.part(t, y), t.decided(), b.lead(t, y)); err != nil {
			return fmt.Errorf("the lead: %w", err)
		}
		a.pass(10)
		b.pass(5) // and five went by already
		stranger.pass(40)
		t.mutator.asked()
		return ask(t, x, a, b, stranger)
	}}
}

// askings play questions on two tenants that have something of everything, one of
// them more. Each part is a scene, so that few are played for one statement.
func askings() []scene {
	return []scene{
		asking("questions: lists", func(t *theatre, x rich, w ...*World) error { return t.each(w, x, t.askLists) }),
		asking("questions: pages", func(t *theatre, x rich, w ...*World) error { return t.each(w, x, t.askPages) }),
		asking("questions: reports by dimension", func(t *theatre, x rich, w ...*World) error { return t.each(w, x, t.askDimensions) }),
		asking("questions: reports of the past", func(t *theatre, x rich, w ...*World) error { return t.each(w, x, t.askPast) }),
		asking("questions: reports", func(t *theatre, x rich, w ...*World) error { return t.each(w, x, t.askReports) }),
		asking("questions: deals", func(t *theatre, x rich, w ...*World) error { return t.each(w, x, t.askDeals) }),
		asking("questions: others", func(t *theatre, x rich, w ...*World) error { return t.each(w, x, t.askOthers) }),
		asking("questions: archives", func(t *theatre, x rich, w ...*World) error { return t.each(w, x, t.askArchives) }),
		// What writes ends with all that is stored: it also speaks for what was played
		// before the questions.
		asking("questions: ports", func(t *theatre, x rich, w ...*World) error {
			t.mutator.wholly()
			if err := t.each(w, x, t.askPorts); err != nil {
				return err
			}
			if err := t.relayed(w[0], w[1]); err != nil {
				return err
			}
			for _, w := range w[:2] { // what upkeep does
				n, err := w.S.Documents().CleanUp(t, time.Hour)
				if err := t.script.note("clean up", n, err); err != nil {
					return err
				}
			}
			return t.rows()
		}),
	}
}

// each lets every world ask.
func (t *theatre) each(worlds []*World, x rich, ask func(w *World, x rich, note noteFunc)) error {
	var failed error
	for _, w := range worlds {
		ask(w, x, func(what string, v any, err error) {
			if failed == nil {
				failed = t.script.note(w.Tenant+" "+what, v, err)
			}
		})
		if failed != nil {
			return failed
		}
	}
	return nil
}

// relayed hands both journals on, in part and then to the end.
func (t *theatre) relayed(a, b *World) error {
	for _, w := range []*World{a, b, a, b} {
		var got []string
		r, err := w.Engine.Relay(w.Tenant, publisher(&got), &pursuit.RelayOptions{Batch: 7})
		if err != nil {
			return err
		}
		n, err := r.Once(t)
		if err := t.script.note("relayed", []any{n, got}, err); err != nil {
			return err
		}
		if w == a { // the other one leaves its lease
			err := r.Release(t)
			if err := t.script.note("released", nil, err); err != nil {
				return err
			}
		}
	}
	return nil
}
