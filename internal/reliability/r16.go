package reliability

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// R16: each comparison of a tenant or a version in the SQL that really runs is
// dropped in turn, and something must be noticed. Tenants share every id, number,
// code and request id, and differ in contents and in how far they are; every command
// is also given up and written after somebody else was faster.
var R16 = Check{
	ID: "R16", Name: "each tenant and version predicate of the SQL is dropped", Sites: []*Site{SQLite, Postgres}, Unit: "mutants", Full: size(mutantsFull),
	Run: func(r *Run) error {
		_, err := r.mutants(false)
		return err
	},
	Twin:   mutantsApart,
	TwinOf: "tenants that don't share ids",
}

// Mutated are the stores that mutants are tried on; the bar leaves the last one out.
var Mutated = []*Site{SQLite, Postgres, Pgx}

// leastCaught is the share that the row demands. The bar is 1; what is missing is
// printed by make mutants, which demands it.
const leastCaught = 0.8

// least is the share that so many must reach: of a few, chance decides.
func least(tried int) float64 {
	if tried < 50 {
		return leastCaught - 0.2
	}
	return leastCaught
}

// mutantsFull is somewhat fewer than there are on either store.
const mutantsFull = 900

//go:embed mutants_equivalent.txt
var equivalentText string

// listed reads a list of mutants with reasons.
func listed(text string) map[string]string {
	out := map[string]string{}
	for line := range strings.Lines(text) {
		if mutant, why, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok && !strings.HasPrefix(line, "#") {
			out[mutant] = why
		}
	}
	return out
}

// TryMutants tries a share of the mutants, of those alone whose text only takes, if it
// isn't nil; tells which survive, and gives them.
func TryMutants(ctx context.Context, site *Site, size Size, dir string, only func(text string) bool, tell func(Mutant)) (survivors []Mutant, figure string, err error) {
	r := &Run{Context: ctx, Site: site, Seed: size.Seed, N: max(1, int(size.Share*mutantsFull)), Dir: dir}
	x, err := NewMutants(r, site, dir, false, true)
	if err != nil {
		return nil, "", err
	}
	x.tell = tell
	if x.some = only != nil; x.some {
		x.All = slices.DeleteFunc(x.All, func(m Mutant) bool { return !only(m.Text()) })
	}
	err = x.try(r, false)
	figure = strings.Join(r.figures, ", ")
	if err == nil && len(r.breaches) > 0 && len(x.Survivors) == 0 {
		err = errors.New(strings.Join(r.breaches, "\n"))
	}
	return x.Survivors, figure, errors.Join(err, x.Close())
}

// mutants tries some or, if there are no more than that, all.
func (r *Run) mutants(apart bool) (survivors []Mutant, err error) {
	x, err := NewMutants(r, r.Site, r.Dir, apart, r.N >= mutantsFull)
	if err != nil {
		return nil, err
	}
	err = x.try(r, apart)
	return x.Survivors, errors.Join(err, x.Close())
}

// mutantsApart tries until one survives that tenants with the same ids catch.
func mutantsApart(r *Run) error {
	r.N = min(r.N, 40)
	survivors, err := r.mutants(true)
	if err != nil || len(survivors) == 0 {
		return err
	}
	x, err := NewMutants(r, r.Site, r.Dir, false, false)
	if err != nil {
		return err
	}
	for _, m := range survivors {
		why, e := x.Try(r, m)
		if err = e; err != nil {
			break
		}
		if why != "" {
			r.Breach("survived among tenants that don't share ids: %s", m.Text())
			break
		}
	}
	return errors.Join(err, x.Close())
}

func (x *Mutants) try(r *Run, apart bool) error {
	all := slices.Clone(x.All)
	if whole := r.N >= mutantsFull; !whole {
		rnd := r.Rand(0)
		rnd.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		all = all[:min(r.N, len(all))]
	}
	equivalent := listed(equivalentText)
	caught, same := 0, 0
	var left []Mutant
	for _, m := range all {
		r.Did(1)
		why, err := x.Try(r, m)
		if err != nil {
			return err
		}
		switch text := m.Text(); {
		case equivalent[text] != "" && why != "":
			r.Breach("listed as one that changes nothing, and caught: %s", text)
		case equivalent[text] != "":
			same++
		case why != "":
			caught++
		default:
			left = append(left, m)
			if x.tell != nil {
				x.tell(m)
			}
		}
	}
	if len(all) == len(x.All) && !x.some {
		there := map[string]bool{}
		for _, m := range x.All {
			there[m.Text()] = true
		}
		for text := range equivalent {
			if !there[text] && r.Site == SQLite {
				r.Breach("listed, and not there any more: %s", text)
			}
		}
	}
	r.Figure("%d statements with %d predicates, %d tried, %d caught, %d change nothing", len(x.by), len(x.All), len(all), caught, same)
	x.Survivors = left
	if apart {
		return nil
	}
	if share := float64(caught+same) / float64(len(all)); share < least(len(all)) {
		r.Breach("%d of %d survived, the first: %s", len(left), len(all), left[0].Text())
	} else if len(left) > 0 {
		r.Figure("%d SURVIVED", len(left))
	}
	if missing := x.Unseen(); len(missing) > 0 {
		return fmt.Errorf("the scenes never run: %s", strings.Join(missing, "; "))
	}
	return nil
}
