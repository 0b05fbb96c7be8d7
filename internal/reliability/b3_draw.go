package reliability

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/calendar"
)

// drawn is a step of a run.
type drawn struct {
	name string
	give func(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error)
	// on brings about what it works on; nil: what is there already.
	on func(context.Context, *World) (uuid.UUID, error)
	// pick chooses out of what is there, at how the moment, skip the days that pass
	// before, and key the RequestID.
	pick, skip int
	at         moment
	key        string
	again      bool // the same as the step before it that had this key
	taken      bool // the key is that of another command
	of         int  // the step that had the key
}

func (d drawn) String() string {
	return fmt.Sprintf("%s (on anew: %t, at %d, key %q)", d.name, d.on != nil, d.at, d.key)
}

// moment is the time that a command is dated with.
type moment int

const (
	atNone moment = iota
	atNow
	atAgo // a while ago, which may be before what was recorded last
	atFuture
	atNever // long before anything was
)

// tally draws steps, and counts what came of them.
type tally struct {
	pool            []drawn // all that can be drawn
	left            []int   // of the pool, still to be drawn before any is drawn again
	keyed           []drawn // of this run, the steps with a RequestID
	drawn, done     map[string]int
	steps, accepted int
	ats             [atNever + 1][2]int // refused and accepted
	again, taken    [2]int
}

// newTally finds the commands in the catalogue, by reflection: one that can't be
// drawn is an error.
func newTally(commands []Command) (*tally, error) {
	t := &tally{drawn: map[string]int{}, done: map[string]int{}}
	for _, c := range commands {
		t.pool = append(t.pool, drawn{name: c.Name, give: c.Give, on: c.On})
	}
	t.pool = append(t.pool,
		drawn{name: "Session.Batch", on: deal, give: func(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
			return result{}, batch(ctx, w, id, o...)
		}},
		drawn{name: "Quotes.ExpireQuotes", on: none, give: func(ctx context.Context, w *World, _ uuid.UUID, _ ...pursuit.CallOption) (result, error) {
			n, err := w.S.Quotes().ExpireQuotes(ctx, calendar.Date{})
			return result{Version: int64(n)}, err
		}})
	for _, c := range Calls() { // Session.Batch and what gives no Result were added above
		if c.Command && !slices.ContainsFunc(t.pool, func(d drawn) bool { return d.name == c.Name }) {
			return nil, fmt.Errorf("%s is never drawn", c.Name)
		}
	}
	return t, nil
}

// draw gives the k-th step of a run: every command in turn, in an order of chance,
// and in between some of a mix that vary more.
func (t *tally) draw(rnd *rand.Rand, run, k int) drawn {
	if k == 0 {
		t.keyed = nil
	}
	repeat := rnd.IntN(8)
	if repeat == 0 && len(t.keyed) > 0 {
		d := t.keyed[rnd.IntN(len(t.keyed))]
		d.again = true
		return d
	}
	d := drawn{name: "a mix"}
	if rnd.IntN(4) == 0 {
		seed := rnd.Uint64()
		d.give = func(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
			return w.act(ctx, rand.New(rand.NewPCG(seed, 0)), id, o...)
		}
	} else {
		if len(t.left) == 0 {
			t.left = rnd.Perm(len(t.pool))
		}
		d = t.pool[t.left[0]]
		t.left = t.left[1:]
		if rnd.IntN(3) == 0 {
			d.on = nil
		}
	}
	d.pick, d.of = rnd.IntN(1<<20), k
	if rnd.IntN(6) == 0 {
		d.skip = 1 + rnd.IntN(15)
	}
	if rnd.IntN(4) == 0 {
		d.at = moment(1 + rnd.IntN(int(atNever)))
	}
	switch {
	case d.name == "Quotes.ExpireQuotes": // takes no RequestID
	case repeat == 1 && len(t.keyed) > 0:
		if other := t.keyed[rnd.IntN(len(t.keyed))]; other.name != d.name {
			d.key, d.taken = other.key, true
		}
	case repeat < 5:
		d.key = fmt.Sprint("key", k)
		t.keyed = append(t.keyed, d)
	}
	return d
}

// count notes what came of a step.
func (t *tally) count(d drawn, err error) {
	ok := 0
	if err == nil {
		ok = 1
		t.done[d.name]++
	}
	t.steps++
	t.accepted += ok
	t.drawn[d.name]++
	t.ats[d.at][ok]++
	if d.again {
		t.again[ok]++
	}
	if d.taken {
		t.taken[1-ok]++
	}
}

// often is how many times a command is drawn until it must have been accepted.
const often = 10

// enough says whether all that the check is for was done.
func (t *tally) enough() error {
	var errs []error
	for _, d := range t.pool {
		if t.drawn[d.name] == 0 {
			errs = append(errs, fmt.Errorf("%s was never drawn", d.name))
		} else if t.done[d.name] == 0 && t.drawn[d.name] >= often {
			errs = append(errs, fmt.Errorf("%s was refused all %d times", d.name, t.drawn[d.name]))
		}
	}
	for m, n := range t.ats {
		if n[0] == 0 || n[1] == 0 && moment(m) < atFuture {
			errs = append(errs, fmt.Errorf("commands at moments of sort %d: %v refused and accepted", m, n))
		}
	}
	if t.again[1] == 0 || t.taken[1] == 0 {
		errs = append(errs, fmt.Errorf("repeated with the RequestID %v, with that of another %v", t.again, t.taken))
	}
	if t.accepted*3 < t.steps {
		errs = append(errs, fmt.Errorf("only %d of %d commands were accepted", t.accepted, t.steps))
	}
	return errors.Join(errs...)
}

// worksOn says what a command is on, by what the journals call it; empty: nothing.
func worksOn(name string) string {
	handle, method, _ := strings.Cut(name, ".")
	switch {
	case name == "Quotes.Create" || name == "Orders.Create":
		return "opportunity"
	case method == "Create" || method == "Publish" || method == "ExpireQuotes" || method == "Record" || method == "RecordForNewCustomer":
		return ""
	}
	switch handle {
	case "SalesSystem":
		return ""
	case "Customers", "Archives", "Processes", "Quotes", "Orders":
		return map[string]string{"Customers": "customer", "Archives": "archive", "Processes": "process", "Quotes": "quote", "Orders": "order"}[handle]
	}
	return "opportunity"
}
