package reliability

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"reflect"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/storage"
	"github.com/pursuit-crm/pursuit/storage/memory"
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

// kept is the content that CleanUp must leave alone.
const kept = "kept"

// littered leaves contents that no document names, and one that a document does.
func littered(ctx context.Context, w *World) (uuid.UUID, error) {
	w.blobs = memory.NewBlobs()
	if err := w.reenter(); err != nil {
		return uuid.Nil, err
	}
	id, err := deal(ctx, w)
	if err == nil {
		_, err = w.S.Documents().Add(ctx, id, opportunity.DocumentInput{Name: "a.txt", MediaType: "text/plain"}, strings.NewReader(kept))
	}
	if err == nil {
		err = w.blobs.List(ctx, w.Tenant, w.now().Add(time.Hour), func(s storage.Stored) error {
			w.Part = s.ID
			return nil
		})
	}
	for range 2 {
		if err == nil {
			_, err = w.blobs.Put(ctx, storage.BlobKey{Tenant: w.Tenant, ID: uuid.New()}, w.now(), strings.NewReader("litter"))
		}
	}
	if err != nil {
		return id, err
	}
	w.later = 72 * time.Hour
	return id, w.reenter()
}

// tidy looks whether what a document names is there, and, if done, nothing else.
func (w *World) tidy(ctx context.Context, done bool) error {
	n := 0
	err := w.blobs.List(ctx, w.Tenant, w.now().Add(100*time.Hour), func(storage.Stored) error {
		n++
		return nil
	})
	if err != nil {
		return err
	}
	content, err := w.blobs.Open(ctx, storage.BlobKey{Tenant: w.Tenant, ID: w.Part}, storage.Blob{Size: int64(len(kept)), Hash: sha256.Sum256([]byte(kept))})
	if err != nil {
		return fmt.Errorf("what a document names: %w", err)
	}
	defer content.Close()
	if _, err = io.Copy(io.Discard, content); err == nil && done && n != 1 {
		err = fmt.Errorf("%d contents are left, not 1", n)
	}
	return err
}

// setting is a tenant that a method is tried on.
type setting struct {
	t  *trial
	p  *Place
	w  *World
	id uuid.UUID
	// dump and waits are what there was, said what the method answers.
	dump  string
	waits []journal.Entry
	said  string
}

// setting prepares a tenant.
func (t *trial) setting(ctx context.Context, p *Place, tenant string) (s *setting, err error) {
	s = &setting{t: t, p: p}
	if s.w, s.id, err = prepared(ctx, p, &Command{On: t.On}, tenant); err != nil {
		return nil, err
	}
	if t.kind == questioning {
		a := t.give(ctx, s.w, s.id)
		if s.said = a.text; a.err != nil {
			return nil, fmt.Errorf("untouched: %w", a.err)
		}
	}
	if t.kind == relaying {
		s.waits, err = waiting(ctx, p, tenant)
	} else {
		s.dump, err = Dump(ctx, p, tenant)
	}
	return s, err
}

// enter readies the world that the method is called on.
func (s *setting) enter(ctx context.Context, x *World) (err error) {
	if s.t.ready == nil {
		return nil
	}
	if err = s.t.ready(ctx, x); err == nil {
		s.dump, err = Dump(ctx, s.p, s.w.Tenant)
	}
	return err
}

// failed says what is wrong after a call that failed; spent says that the setting is
// no more what it was.
func (s *setting) failed(ctx context.Context, x *World, a reply) (wrong string, spent bool, err error) {
	if a.part != "" && s.t.kind != cleaning { // which says how much it had removed
		return a.part, false, nil
	}
	switch s.t.kind {
	case relaying:
		if err := relayedWell(ctx, s.p, x, s.waits, false); err != nil {
			return err.Error(), true, nil
		}
		return "", true, nil
	case cleaning:
		if err := s.w.tidy(ctx, false); err != nil {
			return err.Error(), true, nil
		}
	}
	after, err := Dump(ctx, s.p, s.w.Tenant)
	if err == nil && after != s.dump {
		return "something stayed: " + firstDifference(s.dump, after), true, nil
	}
	return "", false, err
}

// done says what is wrong after a call that went well.
func (s *setting) done(ctx context.Context, x *World, a reply) error {
	switch s.t.kind {
	case relaying:
		return relayedWell(ctx, s.p, x, s.waits, s.t.Name != "Engine.Relay") // which leaves its lease
	case questioning:
		if a.text != s.said {
			return fmt.Errorf("the answer was another: %s", firstDifference(s.said, a.text))
		}
		if after, err := Dump(ctx, s.p, s.w.Tenant); err != nil || after != s.dump {
			return errors.Join(err, errors.New("a question left something"))
		}
		return nil
	case cleaning:
		if err := s.w.tidy(ctx, true); err != nil {
			return err
		}
	}
	_, err := Whole(ctx, s.p.Store, s.w.Tenant)
	return err
}
