package reliability

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/storage"
)

// sweep tries hostile texts in every text of the input of every method.
type sweep struct {
	*Run
	place *Place
	all   []string
	per   int // texts a field
	used  map[string]bool

	methods, places, unkept, trips, refusals, selected int
}

// fields tries all of them; with the bug, those of one method.
func (t *sweep) fields(bug bool) error {
	calls, store := Calls(), t.place.Store
	if bug {
		calls = callsNamed("Opportunities.Update")
		store = &Hooked{Store: store, Save: func(ctx context.Context, tx storage.Tx, c opportunity.Change) error {
			c.Root.Description, _, _ = strings.Cut(c.Root.Description, "'")
			return tx.Opportunities().Save(ctx, c)
		}}
	}
	for i, c := range calls {
		places := c.places()
		if len(places) == 0 && !c.Command {
			continue
		}
		w, id, err := preparedCall(t, t.place, c, fmt.Sprint("field", i))
		if err != nil {
			return err
		}
		t.methods++
		for j, p := range places {
			x, at := w, id
			if on := p.on(); on != nil { // needs something else to be there
				if x, at, err = prepared(t, t.place, &Command{On: on}, fmt.Sprint("field", i, "-", j)); err != nil {
					return fmt.Errorf("%s: %w", p, err)
				}
			}
			if err := t.field(store, x, at, p, t.sample(i<<16|j)); err != nil {
				t.Breach("%s: %v", p, err)
			}
		}
		if c.Command {
			if err := t.requestIDs(store, w, id, c, t.sample(i<<16|0xffff)); err != nil {
				return fmt.Errorf("%s: %w", c.Name, err)
			}
		}
		if _, err := Whole(t, t.place.Store, w.Tenant); err != nil && !bug {
			t.Breach("after %s: %v", c.Name, err)
		}
	}
	return nil
}

func preparedCall(ctx context.Context, p *Place, c *Call, tenant string) (*World, uuid.UUID, error) {
	return prepared(ctx, p, &Command{Name: c.Name, On: c.On}, tenant)
}

// sample draws texts for a field; all fields of a short run together try all texts.
func (t *sweep) sample(field int) []string {
	if t.per >= len(t.all) {
		return t.all
	}
	chance := t.Rand(1 + field)
	out := make([]string, t.per)
	for i := range out {
		out[i] = t.all[chance.IntN(len(t.all))]
	}
	return out
}

// field tries texts in one place.
func (t *sweep) field(store storage.Store, w *World, id uuid.UUID, p place, list []string) error {
	t.places++
	want := p.expected()
	var kept []string // patterns where a good text is found
	switch want.kind {
	case free, tag:
		stored, err := t.try(store, w, id, p, want.sample)
		if err != nil {
			return fmt.Errorf("a good text is refused, so that nothing is tried here: %w", err)
		}
		for pattern, list := range stored {
			if slices.Contains(list, want.sample) {
				kept = append(kept, pattern)
			}
		}
		if len(kept) == 0 {
			return errors.New("a good text is found nowhere")
		}
	case unkept:
		t.unkept++
	}
	for _, s := range list {
		t.used[s] = true
		stored, err := t.try(store, w, id, p, s)
		switch {
		case err != nil && typed(err):
			t.refusals++
		case err != nil:
			t.Breach("%s: %.60q: %v", p, s, err)
		case want.kind == free || want.kind == tag:
			t.trips++
			if strings.TrimSpace(s) == "" {
				continue // nothing was given, and nothing may be kept
			}
			for _, pattern := range kept {
				same := func(got string) bool {
					return got == s || got == cleaned(s) || want.kind == tag && strings.EqualFold(got, cleaned(s))
				}
				if got := stored[pattern]; !slices.ContainsFunc(got, same) {
					t.Breach("%s: %.60q is %.60q in %s", p, s, got, pattern)
				}
			}
		case want.kind == named && strings.TrimSpace(s) != "":
			t.Breach("%s: %.60q is taken, which is none of what there is", p, s)
		default:
			t.selected++
		}
	}
	return nil
}

// try gives a text, and what was written then.
func (t *sweep) try(store storage.Store, w *World, id uuid.UUID, p place, s string) (stored map[string][]string, failed error) {
	err := rehearse(t, store, w, func(ctx context.Context, tx storage.Tx, x *World) error {
		args, err := p.call.Args(ctx, x, id)
		if err != nil {
			return err
		}
		p.plant(x, args, s)
		var before map[uuid.UUID]bool
		if p.call.Command || p.call.do != nil {
			if before, err = known(ctx, tx, x.Tenant); err != nil {
				return err
			}
		}
		if failed = p.call.Do(ctx, x, id, args); failed != nil || before == nil {
			return nil
		}
		stored, err = written(ctx, tx, x.Tenant, before)
		return err
	})
	if failed == nil {
		failed = err
	}
	return stored, failed
}

// requestIDs tries texts as keys of a command: a repetition under one that is
// taken is answered, and does nothing. What was deleted can't be looked at then.
func (t *sweep) requestIDs(store storage.Store, w *World, id uuid.UUID, c *Call, list []string) error {
	t.places++
	for _, s := range list {
		t.used[s] = true
		var failed error
		err := rehearse(t, store, w, func(ctx context.Context, tx storage.Tx, x *World) error {
			args, err := c.Args(ctx, x, id)
			if err != nil {
				return err
			}
			if failed = c.Do(ctx, x, id, args, pursuit.RequestID(s)); failed != nil || s == "" {
				return nil
			}
			done, err := known(ctx, tx, x.Tenant)
			if err != nil {
				return err
			}
			again := c.Do(ctx, x, id, args, pursuit.RequestID(s))
			if now, err := known(ctx, tx, x.Tenant); err != nil || len(now) != len(done) || again != nil && !errors.Is(again, fault.ErrNotFound) {
				t.Breach("%s: repeated with the request id %.60q it gives %v, and %d entries become %d, %v", c.Name, s, again, len(done), len(now), err)
			}
			return nil
		})
		switch {
		case err != nil:
			return err
		case failed == nil:
			t.trips++
		case typed(failed):
			t.refusals++
		default:
			t.Breach("%s with the request id %.60q: %v", c.Name, s, failed)
		}
	}
	return nil
}

// typed says that an error is a refusal with a code.
func typed(err error) bool {
	return fault.CodeOf(err) != "" && (refused(err) || errors.Is(err, fault.ErrRequestReused) || errors.Is(err, fault.ErrForbidden) || errors.Is(err, fault.ErrSalesSystemDisabled))
}

// enough says whether a sweep did what it is for, and notes how much that was.
func (t *sweep) enough(bug bool) error {
	if !bug && (t.places < 400 || 2*t.trips < t.places || 2*t.refusals < t.places) {
		return fmt.Errorf("only %d fields, %d round trips and %d refusals", t.places, t.trips, t.refusals)
	}
	t.Figure("%d fields of %d methods, %d questions, %d round trips, %d refusals, %d selections", t.places, t.methods, len(questions), t.trips, t.refusals, t.selected)
	return nil
}
