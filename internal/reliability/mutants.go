package reliability

import (
	"cmp"
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pursuit-crm/pursuit/storage/memory"
)

// Mutants tries mutants on one kind of store.
type Mutants struct {
	p       *Place
	m       *mutator
	apart   bool
	scenes  []scene
	scripts []*script
	by      map[string][]int // which scenes run a statement
	tell    func(Mutant)     // hears of each survivor
	some    bool             // All are some of them
	// All are the mutants there are.
	All []Mutant
	// Survivors are those of a run that weren't caught.
	Survivors []Mutant
}

// Playing says how scenes are played.
type Playing struct {
	// Apart is a bug of the check: tenants that don't share ids.
	Apart bool
	// Twice plays every scene once more, to be sure that it gives the same.
	Twice bool
	// Of, if not empty, is what the names of those begin with that are played.
	Of string
}

// NewMutants plays the scenes with the library's own statements, and finds the
// mutants there are.
func NewMutants(ctx context.Context, site *Site, dir string, how Playing) (*Mutants, error) {
	fresh, err := site.Fresh(ctx, dir)
	if err != nil {
		return nil, err
	}
	if err := fresh.Close(); err != nil {
		return nil, err
	}
	x := &Mutants{m: &mutator{}, apart: how.Apart, scenes: scenes(), by: map[string][]int{}}
	x.scenes = slices.DeleteFunc(x.scenes, func(s scene) bool { return !strings.HasPrefix(s.name, how.Of) })
	source := strings.Replace(fresh.Source, "synchronous(FULL)", "synchronous(OFF)", 1)
	if site.server == postgresServer {
		source = site.With(source, "synchronous_commit", "off")
	}
	if site == Pgx {
		x.p, err = site.overPgx(ctx, source, x.m)
	} else {
		x.p, err = site.Open(source, func(c driver.Connector) driver.Connector {
			return &tapped{Connector: c, rewrite: x.m.rewrite, answered: x.m.answered, ran: x.m.ran}
		})
	}
	if err != nil {
		return nil, err
	}
	for i := range x.scenes {
		sc := &script{}
		x.m.begin(nil, true)
		err := x.play(ctx, i, sc)
		seen := x.m.seen
		if err == nil && how.Twice { // what differs by itself says nothing
			x.m.begin(nil, false)
			sc.compare = true
			err = x.play(ctx, i, sc)
		}
		if err != nil {
			return nil, errors.Join(fmt.Errorf("%s: %w %s", x.scenes[i].name, err, sc.found), x.Close())
		}
		sc.compare = true
		x.scripts = append(x.scripts, sc)
		for key := range seen {
			if x.by[key] == nil {
				if unknownForm.MatchString(key) {
					return nil, errors.Join(fmt.Errorf("a comparison of a tenant that can't be dropped: %s", key), x.Close())
				}
				for j := range predicates(key) {
					x.All = append(x.All, Mutant{key, j})
				}
			}
			x.by[key] = append(x.by[key], i)
		}
	}
	slices.SortFunc(x.All, func(a, b Mutant) int {
		return cmp.Or(cmp.Compare(a.Statement, b.Statement), cmp.Compare(a.Predicate, b.Predicate))
	})
	return x, nil
}

// Close lets go of the database.
func (x *Mutants) Close() error { return x.p.Close() }

// Statements are those that were run.
func (x *Mutants) Statements() []string {
	var out []string
	for key := range x.by {
		out = append(out, key)
	}
	slices.Sort(out)
	return out
}

// errPlay is of a scene that couldn't be played: that says nothing about a mutant.
var errPlay = errors.New("it couldn't be played")

// patience is far above what a scene takes.
const patience = 10 * time.Minute

func (x *Mutants) play(ctx context.Context, i int, sc *script) error {
	if err := x.p.clear(ctx); err != nil {
		return fmt.Errorf("%w: clearing: %w", errPlay, err)
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	sc.at, sc.found = 0, ""
	t := &theatre{Context: ctx, p: x.p, store: x.p.Store, script: sc, apart: x.apart, blobs: memory.NewBlobs(), mutator: x.m}
	if err := x.scenes[i].play(t); ctx.Err() == nil {
		return err
	}
	return fmt.Errorf("%w: %w", errPlay, ctx.Err())
}

// Try plays the scenes that run a mutant, until one gives something else than
// before. It says what, or "" if the mutant survived.
func (x *Mutants) Try(ctx context.Context, m Mutant) (caught string, err error) {
	which := slices.Clone(x.by[m.Statement])
	slices.SortStableFunc(which, func(a, b int) int { return cmp.Compare(len(x.scripts[a].lines), len(x.scripts[b].lines)) })
	defer x.m.begin(nil, false)
	if err := x.p.forget(); err != nil { // they are those from before
		return "", err
	}
	x.m.begin(&m, false)
	for _, i := range which {
		err := x.play(ctx, i, x.scripts[i])
		if broken := x.m.broken; broken != nil {
			return "", broken
		}
		if errors.Is(err, errPlay) {
			return "", err
		}
		if errors.Is(err, errCaught) {
			return x.scenes[i].name + ": " + x.scripts[i].found, nil
		}
		if err != nil {
			return x.scenes[i].name + ": " + err.Error(), nil
		}
		if x.scripts[i].at < len(x.scripts[i].lines) {
			return x.scenes[i].name + ": it ended too soon", nil
		}
	}
	return "", nil
}
