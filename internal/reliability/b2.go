package reliability

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"time"

	"github.com/anishathalye/porcupine"
	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
)

// B2 is this check: eight clients work on one opportunity. What they saw fits one after the
// other, in an order that agrees with the clock.
var B2 = Check{
	ID: "B2", Name: "histories of 8 clients on one opportunity are linearisable", Sites: AllSites, Unit: "histories",
	Full: bySite(map[string]int{"memory": 400}, 200),
	Run:  func(r *Run) error { return histories(r, r.N, false) },
	Twin: func(r *Run) error { return histories(r, max(5, r.N/4), true) },
	// A history may by chance not run into the bug.
	TwinOf: "no version in WHERE", Least: 0.99,
}

const clients, operations = 8, 25

// seen is what a client can see of the opportunity, and the model's state.
type seen struct {
	Version     int64
	Status      opportunity.Status
	Stage       string
	Owner       string
	Lines       int
	LineSeq     int
	Total       int64
	Probability int
}

// ask is an operation: what is to be done, and with what.
type ask struct {
	verb    string
	text    string
	n       int64
	version int64 // with IfVersion, unless 0
}

// answer is what came back.
type answer struct {
	seen    seen // of "get"
	version int64
	line    int
	refused bool // by a rule
	changed bool // by its version
}

// model says what an opportunity does, apart from the library.
var model = porcupine.Model{
	Init: func() any {
		return seen{Version: 1, Status: opportunity.Open, Stage: "lead", Owner: "ann", Probability: 1000}
	},
	Step: func(state, input, output any) (bool, any) {
		s, in, out := state.(seen), input.(ask), output.(answer)
		if in.verb == "get" {
			return out.seen == s, s
		}
		if in.version != 0 && in.version != s.Version {
			return out.changed, s
		}
		next, allowed := s.after(in)
		if !allowed {
			return out.refused, s
		}
		next.Version++
		if in.verb == "line" && out.line != next.LineSeq {
			return false, s
		}
		return !out.refused && !out.changed && out.version == next.Version, next
	},
}

var probabilities = map[string]int{"lead": 1000, "offer": 2000, "talks": 3000}

func (s seen) after(in ask) (seen, bool) {
	open := s.Status == opportunity.Open
	switch in.verb {
	case "line":
		s.Lines, s.LineSeq, s.Total = s.Lines+1, s.LineSeq+1, s.Total+in.n
	case "advance":
		if !open || in.text == s.Stage {
			return s, false
		}
		s.Stage, s.Probability = in.text, probabilities[in.text]
	case "hold":
		s.Status = opportunity.OnHold
		return s, open
	case "resume":
		if s.Status != opportunity.OnHold {
			return s, false
		}
		s.Status = opportunity.Open
	case "transfer":
		if s.Owner == in.text {
			return s, false
		}
		s.Owner = in.text
	case "probability":
		s.Probability = int(in.n)
	}
	return s, true
}

func drawAsk(rnd *rand.Rand, last int64) ask {
	var a ask
	switch rnd.IntN(10) {
	case 0, 1, 2:
		return ask{verb: "get"}
	case 3, 4:
		a = ask{verb: "line", n: 1 + rnd.Int64N(1000)}
	case 5:
		a = ask{verb: "advance", text: []string{"lead", "offer", "talks"}[rnd.IntN(3)]}
	case 6:
		a = ask{verb: "hold"}
	case 7:
		a = ask{verb: "resume"}
	case 8:
		a = ask{verb: "transfer", text: []string{"ann", "bob", "carl"}[rnd.IntN(3)]}
	case 9:
		a = ask{verb: "probability", n: int64(rnd.IntN(99) * 100)}
	}
	if rnd.IntN(5) == 0 {
		a.version = last
	}
	return a
}

func (a ask) give(r *Run, s *pursuit.Session, w *World, id uuid.UUID) (answer, error) {
	var o []pursuit.CallOption
	if a.version != 0 {
		o = append(o, pursuit.IfVersion(a.version))
	}
	var res result
	var err error
	x := *w
	x.S = s
	switch a.verb {
	case "get":
		var g opportunity.Snapshot
		g, err = s.Opportunities().Get(r, id, opportunity.PartLines)
		var sum int64
		for _, l := range g.Lines {
			sum += l.Amount.Minor()
		}
		if err == nil && (sum != g.LineTotal.Minor() || len(g.Lines) != g.Counts.Lines) {
			r.Breach("a root with lines of another version: %d lines of %d", len(g.Lines), g.Counts.Lines)
		}
		return answer{seen: seen{g.Version, g.Status, g.Stage, g.Owner, g.Counts.Lines, g.Counts.LineSeq, g.LineTotal.Minor(), g.Probability}}, err
	case "line":
		res, err = s.Lines().Add(r, id, []opportunity.LineInput{{Product: "GTX", Quantity: Dec("1"), Price: decimal.New(a.n, -2)}}, o...)
	case "advance":
		res, err = s.Opportunities().Advance(r, id, opportunity.AdvanceInput{To: a.text, Summary: "done"}, o...)
	case "hold":
		res, err = hold(r, &x, id, o...)
	case "resume":
		res, err = s.Opportunities().Resume(r, id, o...)
	case "transfer":
		res, err = s.Team().Transfer(r, id, opportunity.TransferInput{To: a.text}, o...)
	case "probability":
		p := int(a.n)
		res, err = s.Opportunities().Update(r, id, opportunity.UpdateInput{Probability: &p}, o...)
	}
	out := answer{version: res.Version}
	if len(res.Lines) == 1 {
		out.line = res.Lines[0]
	}
	switch {
	case err == nil:
	case errors.Is(err, fault.ErrConflict) && a.version != 0:
		out.changed = true
	case errors.Is(err, fault.ErrNotAllowed), errors.Is(err, fault.ErrInvalid):
		out.refused = true
	default:
		return out, err
	}
	return out, nil
}

func histories(r *Run, n int, bug bool) error {
	p, err := r.Site.Fresh(r, r.Dir)
	if err != nil {
		return err
	}
	defer p.Close()
	good, err := NewWorld(r, p.Store, "acme", Patient())
	if err != nil {
		return err
	}
	w := good
	if bug {
		if w, err = good.Inside(Blind{p.Store}, Patient()); err != nil {
			return err
		}
	}
	total := 0
	for h := range n {
		ops, err := history(r, good, w, h, bug)
		if err != nil {
			return err
		}
		total += len(ops)
		verdict := porcupine.CheckOperationsTimeout(model, ops, 20*time.Second)
		switch {
		case bug:
			r.Tried(verdict == porcupine.Illegal)
		case verdict == porcupine.Illegal:
			var b strings.Builder
			for _, o := range ops {
				fmt.Fprintf(&b, "%d %+v %+v\n", o.ClientId, o.Input, o.Output)
			}
			r.Breach("history %d isn't linearisable:\n%s", h, b.String())
		case verdict == porcupine.Unknown:
			return fmt.Errorf("history %d: no verdict in time", h)
		}
		r.Did(1)
	}
	r.Figure("%d operations", total)
	return nil
}

func history(r *Run, good, w *World, h int, bug bool) ([]porcupine.Operation, error) {
	in := good.Deal(0)
	in.Members, in.Estimated = nil, money.FromMinor(1, money.USD)
	made, err := good.S.Opportunities().Record(r, in)
	if err != nil {
		return nil, err
	}
	begin := time.Now()
	var mu sync.Mutex
	var ops []porcupine.Operation
	var failed error
	var wg sync.WaitGroup
	start := make(chan struct{})
	for c := range clients {
		wg.Go(func() {
			<-start
			rnd, s := r.Rand(h*clients+c), w.As("ann")
			last := int64(1)
			for range operations {
				a := drawAsk(rnd, last)
				call := time.Since(begin).Nanoseconds()
				out, err := a.give(r, s, w, made.ID)
				back := time.Since(begin).Nanoseconds()
				mu.Lock()
				switch {
				case err == nil:
					ops = append(ops, porcupine.Operation{ClientId: c, Input: a, Output: out, Call: call, Return: back})
				case !bug:
					failed = err
				}
				mu.Unlock()
				last = max(last, out.version, out.seen.Version)
			}
		})
	}
	close(start)
	wg.Wait()
	return ops, failed
}
