package reliability

import (
	"context"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/journal"
)

// Call is one of the library's exported methods, found by reflection, with what it
// takes to call it.
type Call struct {
	// Name is handle and method: "Lines.Add".
	Name string
	// Command says that it is one, and so takes call options.
	Command bool
	// On brings about what it works on, and gives the id.
	On func(ctx context.Context, w *World) (uuid.UUID, error)
	// In are the types of what it takes, context and options aside.
	In []reflect.Type
	// do calls it, for what isn't a handle's method.
	do func(ctx context.Context, w *World, id uuid.UUID, args []reflect.Value) error
}

// exempt are exported methods that aren't calls, with the reason.
var exempt = map[string]string{
	"Session.Actor": "gives what As was given",
	"Engine.In":     "binds an engine to a host's transaction; what is called then is the same",
}

// Calls gives all methods of all handles, and those of Session, Engine and Relay.
var Calls = sync.OnceValue(func() []*Call {
	on := map[string]func(context.Context, *World) (uuid.UUID, error){}
	for _, c := range Commands {
		on[c.Name] = c.On
	}
	list := slices.Clone(specialCalls)
	eachMethod(func(handle string, m reflect.Method) {
		c := &Call{Name: handle + "." + m.Name, Command: m.Type.IsVariadic()}
		for i := 2; i < m.Type.NumIn(); i++ {
			if i < m.Type.NumIn()-1 || !c.Command {
				c.In = append(c.In, m.Type.In(i))
			}
		}
		if c.On = on[c.Name]; c.On == nil {
			c.On = asked(c.Name)
		}
		list = append(list, c)
	})
	return list
})

// eachMethod gives the methods of the handles that a session has.
func eachMethod(fn func(handle string, m reflect.Method)) {
	session := reflect.TypeFor[*pursuit.Session]()
	for i := range session.NumMethod() {
		m := session.Method(i)
		if m.Type.NumIn() != 1 || m.Type.NumOut() != 1 || m.Name == "Actor" {
			continue
		}
		for j := range m.Type.Out(0).NumMethod() {
			fn(m.Name, m.Type.Out(0).Method(j))
		}
	}
}

// specialCalls are the methods that no handle has.
var specialCalls = []*Call{
	{Name: "Engine.As", On: none, In: []reflect.Type{reflect.TypeFor[access.Actor]()}, do: func(ctx context.Context, w *World, _ uuid.UUID, args []reflect.Value) error {
		_, err := w.Engine.As(args[0].Interface().(access.Actor)).Opportunities().Record(ctx, w.Deal(1))
		return err
	}},
	{Name: "Engine.Relay", On: deal, In: []reflect.Type{reflect.TypeFor[string]()}, do: func(ctx context.Context, w *World, _ uuid.UUID, args []reflect.Value) error {
		r, err := w.Engine.Relay(args[0].String(), w.publisher(), nil)
		if err == nil {
			_, err = r.Once(ctx)
		}
		return err
	}},
	{Name: "Relay.Once", On: deal, do: func(ctx context.Context, w *World, _ uuid.UUID, _ []reflect.Value) error {
		_, err := w.relayed(ctx)
		return err
	}},
	{Name: "Relay.Run", On: deal, do: func(ctx context.Context, w *World, _ uuid.UUID, _ []reflect.Value) error { return w.relayRuns(ctx) }},
	{Name: "Relay.Release", On: deal, do: func(ctx context.Context, w *World, _ uuid.UUID, _ []reflect.Value) error {
		r, err := w.Engine.Relay(w.Tenant, w.publisher(), nil)
		if err == nil {
			_, err = r.Once(ctx)
		}
		if err == nil {
			err = r.Release(ctx)
		}
		return err
	}},
	{Name: "Engine.ReleaseNumbers", On: deal, do: func(ctx context.Context, w *World, _ uuid.UUID, _ []reflect.Value) error {
		return w.Engine.ReleaseNumbers(ctx)
	}},
	{Name: "Session.Batch", On: deal, do: func(ctx context.Context, w *World, id uuid.UUID, _ []reflect.Value) error { return batch(ctx, w, id) }},
}

// batch gives two commands together.
func batch(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) error {
	return w.S.Batch(ctx, func(ctx context.Context, s *pursuit.Session) error {
		x := *w
		x.S = s
		if _, err := plan(ctx, &x, id, o...); err != nil {
			return err
		}
		_, err := hold(ctx, &x, id)
		return err
	})
}

// publisher remembers what it was told.
func (w *World) publisher() pursuit.Publisher {
	return pursuit.PublisherFunc(func(_ context.Context, e journal.Entry) error {
		w.told = append(w.told, e)
		return nil
	})
}

// relayed hands over all that waits.
func (w *World) relayed(ctx context.Context) (n int, err error) {
	r, err := w.Engine.Relay(w.Tenant, w.publisher(), &pursuit.RelayOptions{Batch: 4, Lease: time.Minute})
	for err == nil {
		var m int
		if m, err = r.Once(ctx); m == 0 {
			break
		}
		n += m
	}
	if r != nil { // the next relay is to begin at once
		if gone := r.Release(ctx); err == nil {
			err = gone
		}
	}
	return n, err
}

// relayRuns lets a relay run until all is told, and stops it.
func (w *World) relayRuns(ctx context.Context) error {
	ctx, stop := context.WithTimeout(ctx, 10*time.Second)
	defer stop()
	seen := 0
	var failed error
	r, err := w.Engine.Relay(w.Tenant, pursuit.PublisherFunc(func(_ context.Context, e journal.Entry) error {
		w.told = append(w.told, e)
		if seen++; seen >= 3 {
			stop()
		}
		return nil
	}), &pursuit.RelayOptions{OnError: func(err error) { failed = err; stop() }})
	if err != nil {
		return err
	}
	_ = r.Run(ctx)
	return failed
}

// Do calls the method.
func (c *Call) Do(ctx context.Context, w *World, id uuid.UUID, args []reflect.Value, o ...pursuit.CallOption) error {
	if c.do != nil {
		return c.do(ctx, w, id, args)
	}
	return failure(c.call(ctx, w, args, o...))
}

// call calls a handle's method.
func (c *Call) call(ctx context.Context, w *World, args []reflect.Value, o ...pursuit.CallOption) []reflect.Value {
	handle, method, _ := strings.Cut(c.Name, ".")
	in := append([]reflect.Value{reflect.ValueOf(ctx)}, args...)
	if c.Command {
		for _, option := range o {
			in = append(in, reflect.ValueOf(option))
		}
	}
	return reflect.ValueOf(w.S).MethodByName(handle).Call(nil)[0].MethodByName(method).Call(in)
}

// failure gives the error of an answer; a sequence is walked to its end.
func failure(out []reflect.Value) error {
	for _, v := range out {
		if c, ok := v.Interface().(io.ReadCloser); ok && c != nil {
			_, err1 := io.Copy(io.Discard, c)
			if err2 := c.Close(); err1 == nil {
				err1 = err2
			}
			if err1 != nil {
				return err1
			}
		}
	}
	last := out[len(out)-1]
	if last.Kind() != reflect.Func {
		err, _ := last.Interface().(error)
		return err
	}
	for _, e := range last.Seq2() {
		if err, _ := e.Interface().(error); err != nil {
			return err
		}
	}
	return nil
}

// Args gives good input.
func (c *Call) Args(ctx context.Context, w *World, id uuid.UUID) ([]reflect.Value, error) {
	var args []reflect.Value
	ids := 0
	for i, t := range c.In {
		v := reflect.New(t).Elem()
		if t == reflect.TypeFor[uuid.UUID]() {
			if ids++; ids == 1 {
				v.Set(reflect.ValueOf(id))
			} else {
				v.Set(reflect.ValueOf(w.second(c.Name)))
			}
		} else if f, err := formOf(ctx, w, c.Name, i, t); err != nil {
			return nil, fmt.Errorf("%s: %w", c.Name, err)
		} else if f != nil {
			v.Set(reflect.ValueOf(f))
		}
		args = append(args, v)
	}
	return args, nil
}

// second gives the second id that a method takes.
func (w *World) second(name string) uuid.UUID {
	switch {
	case strings.HasPrefix(name, "Customers."):
		return w.Contact
	case strings.HasPrefix(name, "DealCompetitors."):
		return w.Rival
	case name == "Processes.CheckMigration":
		return w.Process
	}
	return w.Part
}
