package reliability

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
)

// B16 is this check: each comparison of a tenant, a version or a scope in the SQL that really runs is
// dropped in turn, and something must be noticed. Tenants share every id, number,
// code and request id, and differ in contents and in how far they are; every command
// is also given up and written after somebody else was faster.
var B16 = Check{
	ID: "B16", Name: "each predicate of a tenant, a version or a scope is dropped from the SQL", Sites: []*Site{SQLite, Postgres}, Unit: "mutants, a full run all", Full: size(mutantsFull),
	Run:    (*Run).mutants,
	Twin:   mutantsApart,
	TwinOf: "tenants that don't share ids",
}

// Mutated are the stores that mutants are tried on; the bar leaves the last one out.
var Mutated = []*Site{SQLite, Postgres, Pgx}

// mutantsFull is fewer than there are on any store: a run of so many tries them all.
const mutantsFull = 700

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
	r := &Run{Context: ctx, Site: site, Seed: size.Seed, Dir: dir}
	x, err := NewMutants(r, site, dir, Playing{Twice: true})
	if err != nil {
		return nil, "", err
	}
	x.tell = tell
	if x.some = only != nil; x.some {
		x.All = slices.DeleteFunc(x.All, func(m Mutant) bool { return !only(m.Text()) })
	}
	err = errors.Join(x.try(r, int(math.Ceil(size.Share*float64(len(x.All))))), x.whole())
	figure = strings.Join(r.figures, ", ")
	if err == nil && len(r.breaches) > 0 && len(x.Survivors) == 0 {
		err = errors.New(strings.Join(r.breaches, "\n"))
	}
	return x.Survivors, figure, errors.Join(err, x.Close())
}

// mutants tries some or, if so many are asked for that it is a full run, all.
func (r *Run) mutants() error {
	full := r.N >= mutantsFull
	x, err := NewMutants(r, r.Site, r.Dir, Playing{Twice: full})
	if err != nil {
		return err
	}
	n := r.N
	if full {
		n = len(x.All)
	}
	return errors.Join(x.try(r, n), x.whole(), x.Close())
}

// mutantsApart tries those of a few scenes until one survives that tenants with the
// same ids catch.
func mutantsApart(r *Run) error {
	of := Playing{Of: "Customers."}
	x, err := NewMutants(r, r.Site, r.Dir, of)
	if err != nil {
		return err
	}
	defer x.Close()
	of.Apart = true
	apart, err := NewMutants(r, r.Site, r.Dir, of)
	if err != nil {
		return err
	}
	defer apart.Close()
	for _, m := range apart.chosen(r, 40) {
		why, err := apart.Try(r, m)
		if err == nil && why == "" {
			if why, err = x.Try(r, m); why != "" {
				r.Breach("survived among tenants that don't share ids: %s", m.Text())
				return nil
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// chosen are n mutants, by chance, or all.
func (x *Mutants) chosen(r *Run, n int) []Mutant {
	all := slices.Clone(x.All)
	if n < len(all) {
		r.Rand(0).Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		all = all[:n]
	}
	return all
}

// whole looks whether the scenes run everything.
func (x *Mutants) whole() error {
	if missing := x.Unseen(); len(missing) > 0 {
		return fmt.Errorf("the scenes never run: %s", strings.Join(missing, "; "))
	}
	return nil
}

// try tries n: each must be caught, unless it is listed.
func (x *Mutants) try(r *Run, n int) error {
	all := x.chosen(r, n)
	equivalent := listed(equivalentText)
	caught, same := 0, 0
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
			r.Breach("survived: %s", text)
			x.Survivors = append(x.Survivors, m)
			if x.tell != nil {
				x.tell(m)
			}
		}
	}
	if len(all) == len(x.All) && !x.some && r.Site == SQLite {
		there := map[string]bool{}
		for _, m := range x.All {
			there[m.Text()] = true
		}
		for text := range equivalent {
			if !there[text] {
				r.Breach("listed, and not there any more: %s", text)
			}
		}
	}
	r.Figure("%d statements with %d predicates, %d tried, %d caught, %d change nothing", len(x.by), len(x.All), len(all), caught, same)
	if left := len(x.Survivors); left > 0 {
		r.Figure("%d SURVIVED", left)
	}
	return nil
}
