package reliability

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/storage/memory"
)

// listsOf are the places of all lists and maps in a method's input, those in others'
// elements too; bytes aren't a list.
func (c *Call) listsOf() (out []place) {
	for i, t := range c.In {
		list := func(path string, typ reflect.Type) { out = append(out, place{c, i, path, typ}) }
		var walk func(t reflect.Type, path string, depth int)
		walk = func(t reflect.Type, path string, depth int) {
			is := func(t reflect.Type) bool {
				return t.Kind() == reflect.Map || t.Kind() == reflect.Slice && t.Elem().Kind() != reflect.Uint8
			}
			eachPlace(t, path, depth, is, func(path string, typ reflect.Type) {
				list(path, typ)
				if typ.Kind() == reflect.Slice {
					walk(typ.Elem(), path+"[]", depth+1)
				} else {
					walk(typ.Elem(), path+"{}", depth+1)
				}
			})
		}
		walk(t, t.String(), 0)
	}
	return out
}

// longList makes a value a list of n elements, or a map of as many keys, which are
// all different; elements are the zero value.
func longList(v reflect.Value, n int) {
	if v.Kind() == reflect.Slice {
		v.Set(reflect.MakeSlice(v.Type(), n, n))
		return
	}
	m := reflect.MakeMapWithSize(v.Type(), n)
	for i := range n {
		key := reflect.New(v.Type().Key()).Elem()
		switch {
		case key.Kind() == reflect.String:
			key.SetString("k" + strconv.Itoa(i))
		case key.CanInt():
			key.SetInt(int64(i))
		case key.Type() == reflect.TypeFor[uuid.UUID]():
			key.Set(reflect.ValueOf(uuid.UUID{15: byte(i), 14: byte(i >> 8), 13: byte(i >> 16)}))
		default:
			panic("no keys of " + key.Type().String())
		}
		m.SetMapIndex(key, reflect.Zero(v.Type().Elem()))
	}
	v.Set(m)
}

// counted is the default policy, and counts what it is asked.
type counted struct {
	access.Default
	asked int
}

func (p *counted) Allow(ctx context.Context, a access.Actor, action access.Action, on access.Subject) error {
	p.asked++
	return p.Default.Allow(ctx, a, action, on)
}

func (p *counted) Scope(ctx context.Context, a access.Actor, of access.Resource) (access.Scope, error) {
	p.asked++
	return p.Default.Scope(ctx, a, of)
}

// lightly reports what is wrong with how a list that is too long is refused: by one
// fault with its path, before the policy is asked, and without a copy of the list.
func lightly(p place, ask *counted, call func() error) error {
	before := ask.asked
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	from := m.TotalAlloc
	err := call()
	runtime.ReadMemStats(&m)
	if used := m.TotalAlloc - from; used > 256<<10 {
		return fmt.Errorf("it allocates %d kB", used>>10)
	}
	switch fields := fault.FieldsOf(err); {
	case !errors.Is(err, fault.ErrInvalid) && !errors.Is(err, fault.ErrLimit):
		return fmt.Errorf("it gives %.200v", err)
	case ask.asked != before:
		return errors.New("the policy was asked")
	case len(fields) != 1 || len(err.Error()) > 300:
		return fmt.Errorf("there are %d faults, %d bytes", len(fields), len(err.Error()))
	case !p.leadsTo(fields[0].Path):
		return fmt.Errorf("the path is %q", fields[0].Path)
	case !strings.HasPrefix(fields[0].Code, "too_") && fields[0].Code != "out_of_range":
		return fmt.Errorf("the code is %q", fields[0].Code)
	}
	return nil
}

var camel = regexp.MustCompile(`([a-z])([A-Z])`)

// parameters are the pointers of lists that are a method's parameter.
var parameters = map[string]string{"Lines.Add": "/lines", "Lines.Remove": "/numbers", "Orders.Execute": "/events", "Processes.CheckMigration": "/stages"}

// leadsTo reports whether a pointer ends where the place is.
func (p place) leadsTo(pointer string) bool {
	if p.typ == p.call.In[p.arg] {
		return pointer == parameters[p.call.Name]
	}
	steps := strings.Split(p.path, ".")
	last := strings.TrimRight(steps[len(steps)-1], "[]*{}")
	return strings.HasSuffix(strings.TrimRight(pointer, "/0123456789"), "/"+strings.ToLower(camel.ReplaceAllString(last, "${1}_$2")))
}

// TestB14_ListsAreBoundedBeforeTheyAreWalked puts 100,001 elements in the place of
// every list and map that a method takes, found by reflection: there is one fault,
// with the list's path, before the policy is asked, and nothing has been copied. A
// list of 1,001 makes an error that is no larger.
func TestB14_ListsAreBoundedBeforeTheyAreWalked(t *testing.T) {
	lists := 0
	for _, c := range Calls() {
		places := c.listsOf()
		if len(places) == 0 {
			continue
		}
		ask := &counted{}
		w, err := NewWorld(t.Context(), memory.New(), "acme", &pursuit.Options{Policy: ask, Blobs: memory.NewBlobs()})
		require.NoError(t, err)
		id, err := c.On(t.Context(), w)
		require.NoError(t, err, c.Name)
		for _, p := range places {
			lists++
			for _, n := range []int{100_001, pursuit.MaxList + 1} {
				args, err := c.Args(t.Context(), w, id)
				require.NoError(t, err)
				p.set(w, args, func(v reflect.Value) { longList(v, n) })
				for _, o := range [][]pursuit.CallOption{nil, {pursuit.RequestID("long")}} {
					if err := lightly(p, ask, func() error { return c.Do(t.Context(), w, id, args, o...) }); err != nil {
						t.Errorf("%s, %d: %v", p, n, err)
					}
				}
			}
		}
	}
	require.Greater(t, lists, 60)
	t.Run("the twin", func(t *testing.T) {
		c := callsNamed("Lines.Add")[0]
		p, ask := c.listsOf()[0], &counted{}
		list := make([]opportunity.LineInput, 100_001)
		good := fault.Invalid("x", fault.Field{Path: "/lines", Code: "too_many"})
		require.NoError(t, lightly(p, ask, func() error { return good }))
		for name, bug := range map[string]func() error{
			"taken":           func() error { return nil },
			"copied":          func() error { list = slices.Clone(list); return good },
			"asked before":    func() error { ask.asked++; return good },
			"walked":          func() error { return fault.Invalid("x", good.Fields[0], good.Fields[0]) },
			"another's path":  func() error { return fault.Invalid("x", fault.Field{Path: "/members", Code: "too_many"}) },
			"another's fault": func() error { return fault.Invalid("x", fault.Field{Path: "/lines", Code: "required"}) },
		} {
			require.Error(t, lightly(p, ask, bug), name)
		}
	})
}
