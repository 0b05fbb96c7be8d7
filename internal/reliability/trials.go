package reliability

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"reflect"
	"sync"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit"
)

// trial is a method that is tried while what it calls fails, or its caller gives up.
type trial struct {
	Name string
	// On brings about what it works on, and gives the id.
	On func(ctx context.Context, w *World) (uuid.UUID, error)
	// give calls it.
	give func(ctx context.Context, w *World, id uuid.UUID) reply
	kind trialKind
	// ready, if set, readies the engine that it is called on, before anything fails.
	ready func(ctx context.Context, x *World) error
}

// reply is what a method said.
type reply struct {
	// text is all of it, where it can be compared.
	text string
	// part says what came although there was an error; it must be empty.
	part string
	err  error
}

// trialKind says what must be so after a failure.
type trialKind int

const (
	// commanding: all or nothing is stored.
	commanding trialKind = iota
	// questioning: nothing is stored, and the answer is whole or an error.
	questioning
	// relaying: an entry is marked only after it was told, and none is lost.
	relaying
	// cleaning: only what no document names is removed.
	cleaning
)

// kinds are those of the methods that are neither a handle's commands nor questions.
var kinds = map[string]trialKind{
	"Engine.Relay": relaying, "Relay.Once": relaying, "Relay.Run": relaying, "Relay.Release": relaying,
	"Engine.As": commanding, "Session.Batch": commanding, "Engine.ReleaseNumbers": commanding, "Quotes.ExpireQuotes": commanding,
	"Documents.CleanUp": cleaning,
}

// trials are all methods of the catalogue.
var trials = sync.OnceValue(func() []*trial {
	var list []*trial
	commands := map[string]bool{}
	for _, c := range Commands {
		commands[c.Name] = true
		list = append(list, &trial{c.Name, c.On, func(ctx context.Context, w *World, id uuid.UUID) reply {
			_, err := c.Give(ctx, w, id, pursuit.RequestID(requestKey))
			return reply{err: err}
		}, commanding, nil})
	}
	for _, c := range Calls() {
		if commands[c.Name] {
			continue
		}
		kind, ok := kinds[c.Name]
		if !ok {
			kind = questioning
		}
		t := &trial{c.Name, c.On, c.answer, kind, nil}
		switch {
		case kind == cleaning:
			t.On = littered
		case c.Name == "Engine.ReleaseNumbers":
			t.ready = func(ctx context.Context, x *World) error {
				_, err := x.Record(ctx, 1) // the rest of a block of numbers is held now
				return err
			}
		}
		list = append(list, t)
	}
	return list
})

// shuffledTrials gives n trials by chance: commands and others in turn, while there are both.
func shuffledTrials(chance *rand.Rand, n int) []*trial {
	var commands, others []*trial
	all := trials()
	for _, k := range chance.Perm(len(all)) {
		if k < len(Commands) {
			commands = append(commands, all[k])
		} else {
			others = append(others, all[k])
		}
	}
	var out []*trial
	for len(commands)+len(others) > 0 {
		if len(commands) > 0 {
			out, commands = append(out, commands[0]), commands[1:]
		}
		if len(others) > 0 {
			out, others = append(out, others[0]), others[1:]
		}
	}
	return out[:n]
}

// trialNamed gives the trial of a method.
func trialNamed(name string) *trial {
	for _, t := range trials() {
		if t.Name == name {
			return t
		}
	}
	panic("no method " + name)
}

// answer calls the method with good input.
func (c *Call) answer(ctx context.Context, w *World, id uuid.UUID) reply {
	plain, err := w.Inside(w.base, nil) // what the input takes must not fail
	if err != nil {
		return reply{err: err}
	}
	args, err := c.Args(context.WithoutCancel(ctx), plain, id)
	if err != nil {
		return reply{err: fmt.Errorf("preparing: %w", err)}
	}
	if c.do != nil {
		return reply{err: c.do(ctx, w, id, args)}
	}
	return answerOf(c.call(ctx, w, args))
}

// answerOf takes an answer apart; a sequence is walked to its end, contents are
// read.
func answerOf(out []reflect.Value) (a reply) {
	var all []any
	last := out[len(out)-1]
	switch {
	case last.Kind() == reflect.Func:
		for v, e := range last.Seq2() {
			if a.err != nil {
				a.part = "it went on after the error"
				break
			}
			if a.err, _ = e.Interface().(error); a.err == nil {
				all = append(all, v.Interface())
			} else if !nothing(v) {
				a.part = fmt.Sprintf("%.80v with the error", v)
			}
		}
	default:
		a.err, _ = last.Interface().(error)
		for _, v := range out[:len(out)-1] {
			if a.err != nil && !nothing(v) {
				a.part = fmt.Sprintf("%.80v with the error", v)
			}
			if c, ok := v.Interface().(io.ReadCloser); ok && c != nil {
				content, err1 := io.ReadAll(c)
				a.err = errors.Join(err1, c.Close())
				all = append(all, string(content))
				continue
			}
			all = append(all, v.Interface())
		}
	}
	text, err := json.Marshal(all)
	if a.err == nil {
		a.err = err
	}
	a.text = string(text)
	return a
}

func nothing(v reflect.Value) bool {
	return v.IsZero() || v.Kind() == reflect.Slice && v.Len() == 0
}
